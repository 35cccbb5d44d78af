//! Request limits, as far as they can be seen without waiting.

use serde_json::json;

use super::{Client, error_of};
use crate::limits::{Limits, Rate};

#[test]
fn each_account_has_its_own_bucket() {
    let mut client = Client::of_toml("");
    let iam = Some(Rate {
        per_second: 0.0,
        burst: 2.0,
    });
    client.state.update(|world| {
        world.limits = Limits {
            documented: true,
            iam,
        }
    });
    let ask = |client: &Client| client.iam("ListUsers", "");
    assert_eq!([ask(&client).status, ask(&client).status], [200, 200]);
    assert_eq!(
        error_of(&ask(&client)),
        (400, "Throttling".into(), "Rate exceeded".into())
    );
    client.enter("arn:aws:iam::222222222222:role/audit", "");
    assert_eq!(ask(&client).status, 200);
}

#[test]
fn a_burst_of_listings_is_throttled() {
    let client = Client::of_toml("");
    client.state.update(|world| world.limits.documented = true);
    let answers: Vec<_> = (0..60)
        .map(|_| client.organizations("ListRoots", &json!({})))
        .collect();
    assert!(answers[..2].iter().all(|it| it.0 == 200));
    let (status, error) = answers.iter().find(|it| it.0 != 200).unwrap();
    assert_eq!(
        (*status, error["__type"].as_str()),
        (400, Some("TooManyRequestsException"))
    );
}
