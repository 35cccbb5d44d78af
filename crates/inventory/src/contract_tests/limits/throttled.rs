//! An account that AWS throttles.

use super::*;
use crate::{
    Freshness,
    contract_tests::{
        relay::{Relay, Seen},
        stage::{collector, connect, throttling},
    },
};

#[tokio::test]
async fn an_account_that_is_throttled_slows_no_other() {
    let kind = FaultKind::Sometimes {
        rate: 0.5,
        kind: Box::new(throttling()),
    };
    let user = "[[account.user]]\nname = \"bob\"\npassword = {}";
    let quiet = Stage::start(members(6, user)).await;
    records(&quiet.collector(MANAGEMENT), accounts(&quiet).await).await;
    let stage = Stage::with(members(6, user), vec![of(3, "iam:*", kind)]).await;
    let records = records(&stage.collector(MANAGEMENT), accounts(&stage).await).await;
    assert_eq!(
        records.last().unwrap().account.id.as_str(),
        id(3),
        "{:?}",
        ids(&records)
    );
    assert!(records.iter().all(is_whole), "retries make up for it");
    let asked = |stage: &Stage, number| {
        let journal = stage.simulator.journal().into_iter();
        let about = journal.filter(|it| it.account == id(number) && it.service == "iam");
        about.map(|it| it.outcome).collect::<Vec<_>>()
    };
    for number in [1, 2, 4, 5, 6] {
        assert_eq!(
            asked(&stage, number).len(),
            asked(&quiet, number).len(),
            "{number}"
        );
        assert!(
            !asked(&stage, number).contains(&"Throttling".to_owned()),
            "{number}"
        );
    }
    assert!(asked(&stage, 3).contains(&"Throttling".to_owned()));
}

/// Returns how many of the first requests about single users went on at once, at most.
async fn at_once(faults: Vec<Fault>) -> usize {
    let user = |number| format!("[[account.user]]\nname = \"user{number}\"\n");
    let users: String = (0..16).map(user).collect();
    let stage = Stage::with(members(1, &users), faults).await;
    let relay = Relay::start(&stage.simulator.endpoint(), |_, body| body).await;
    let connection = connect(&stage.simulator, &relay.endpoint).await;
    let mut collector = collector(&connection, MANAGEMENT);
    collector.plan.freshness = Freshness::Live;
    let mut all = accounts(&stage).await;
    all.retain(|it| it.id.as_str() == id(1));
    let records = records(&collector, all).await;
    assert!(is_whole(&records[0]), "{:?}", records[0].gaps);
    let of_one_user = |it: &Seen| {
        let operations = ["GetLoginProfile", "ListMFADevices", "ListAccessKeys"];
        operations.iter().any(|operation| it.asks(operation))
    };
    let seen = relay.seen().into_iter().filter(of_one_user);
    seen.take(4).map(|it| it.at_once).max().unwrap()
}

#[tokio::test]
async fn a_throttled_account_is_asked_fewer_things_at_once() {
    let slow = of(1, "iam:*", FaultKind::Delay { ms: 200 });
    let throttled = Fault {
        times: Some(3),
        ..of(1, "iam:ListUsers", throttling())
    };
    let usual = Box::pin(at_once(vec![slow.clone()])).await;
    let after = Box::pin(at_once(vec![slow, throttled])).await;
    assert!(usual >= 4, "{usual}");
    assert!(
        after < usual,
        "{after} after it was throttled, {usual} else"
    );
}
