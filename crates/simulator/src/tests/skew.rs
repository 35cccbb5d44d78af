//! A clock of AWS's that differs from the client's.

use serde_json::{Value, json};

use super::{Client, ORGANIZATION, element, error_of};
use crate::clock;
use crate::request::Request;
use crate::world::{Timestamp, World};

fn client(skew: i64) -> Client {
    let text = format!("clock-skew-seconds = {skew}\n{ORGANIZATION}");
    Client::of(World::from_toml(&text).unwrap())
}

/// Asks with a signature of so many seconds from the real time.
fn ask(client: &Client, offset: i64) -> crate::reply::Reply {
    client.state.answer(&Request {
        body: b"Action=GetAccountSummary&Version=2010-05-08".to_vec(),
        date: Some(clock::basic(clock::real() + offset)),
        ..client.signed("iam")
    })
}

#[test]
fn a_signature_may_be_five_minutes_off() {
    let exact = client(0);
    assert_eq!(ask(&exact, 0).status, 200);
    assert_eq!(ask(&exact, 290).status, 200);
    assert_eq!(ask(&exact, -290).status, 200);
    let (status, code, message) = error_of(&ask(&exact, -310));
    assert_eq!((status, code.as_str()), (403, "SignatureDoesNotMatch"));
    assert!(
        message.starts_with("Signature expired: 2") && message.ends_with("Z - 5 min.)"),
        "{message}"
    );
    assert!(message.contains("Z is now earlier than 2"), "{message}");
    let (_, _, message) = error_of(&ask(&exact, 310));
    assert!(
        message.starts_with("Signature not yet current: 2") && message.ends_with("Z + 5 min.)"),
        "{message}"
    );
}

#[test]
fn the_servers_clock_decides() {
    assert_eq!(ask(&client(200), 0).status, 200);
    assert!(error_of(&ask(&client(400), 0)).2.contains("expired"));
    assert!(
        error_of(&ask(&client(-400), 0))
            .2
            .contains("not yet current")
    );
    assert_eq!(ask(&client(-4000), -4000).status, 200);
    let organizations = client(400);
    let reply = organizations.state.answer(&Request {
        target: Some("AWSOrganizationsV20161128.ListRoots".into()),
        body: json!({}).to_string().into_bytes(),
        date: Some(clock::basic(clock::real())),
        ..organizations.signed("organizations")
    });
    let error: Value = serde_json::from_str(&reply.body).unwrap();
    assert_eq!(
        (reply.status, error["__type"].as_str()),
        (400, Some("InvalidSignatureException"))
    );
}

#[test]
fn dates_and_expirations_are_the_servers() {
    assert_eq!(ask(&client(0), 0).date, None);
    let client = client(7200);
    let ahead = ask(&client, 7200).date.unwrap() - clock::real();
    assert!((7195..=7205).contains(&ahead));
    let role = "RoleArn=arn:aws:iam::222222222222:role/audit&RoleSessionName=mfaudit";
    let answer = client.sts("AssumeRole", role).body;
    let expiration: Timestamp = element(&answer, "Expiration").unwrap().parse().unwrap();
    let lasts = expiration.as_second() - clock::real();
    assert!((7200 + 3595..=7200 + 3605).contains(&lasts), "{lasts}");
}

#[test]
fn times_are_written_as_headers_have_them() {
    assert_eq!(clock::basic(super::NOW), "20261124T090000Z");
    assert_eq!(clock::read_basic("20261124T090000Z"), Some(super::NOW));
    assert_eq!(
        clock::http_date(super::NOW),
        "Tue, 24 Nov 2026 09:00:00 GMT"
    );
    assert_eq!(clock::read_basic("2026-11-24"), None);
    let reply = client(0);
    let reply = reply.state.answer(&Request {
        body: b"Action=GetAccountSummary&Version=2010-05-08".to_vec(),
        date: Some("yesterday".into()),
        ..reply.signed("iam")
    });
    assert_eq!(error_of(&reply).1, "IncompleteSignature");
}
