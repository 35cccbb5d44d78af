//! `GetSessionToken`: for whom, how long, and what its sessions may do.

use super::{Desk, clock, element, error_of, refusal};
use crate::world::Timestamp;

#[test]
fn a_session_is_the_users_own() {
    let mut desk = Desk::of("");
    let serial = desk.enrol("bob", "phone");
    desk.show(&serial, 0);
    assert!(desk.client.access_key.starts_with("ASIA"));
    let identity = desk.client.sts("GetCallerIdentity", "").body;
    assert_eq!(
        element(&identity, "Arn").unwrap(),
        "arn:aws:iam::222222222222:user/team/bob"
    );
    assert!(element(&identity, "UserId").unwrap().starts_with("AIDA"));
    assert_eq!(element(&identity, "Account").unwrap(), super::super::MEMBER);
    assert_eq!(desk.devices("bob"), [serial]);
}

#[test]
fn without_a_device_a_session_is_not_taken_by_iam() {
    let mut desk = Desk::of("");
    let answer = desk.client.sts("GetSessionToken", "");
    desk.client.go_on_with(&answer);
    let message = "The security token included in the request is invalid.";
    assert_eq!(
        desk.iam("ListUsers", ""),
        refusal(403, "InvalidClientTokenId", message)
    );
    assert_eq!(desk.client.sts("GetCallerIdentity", "").status, 200);
}

#[test]
fn a_session_asks_for_no_session() {
    let mut desk = Desk::of("");
    let serial = desk.enrol("bob", "phone");
    desk.show(&serial, 0);
    let denied = refusal(
        403,
        "AccessDenied",
        "Cannot call GetSessionToken with session credentials",
    );
    assert_eq!(error_of(&desk.client.sts("GetSessionToken", "")), denied);
    let role = super::Client::in_member("");
    assert_eq!(error_of(&role.sts("GetSessionToken", "")), denied);
}

#[test]
fn a_session_lasts_as_long_as_asked_for() {
    let desk = Desk::of("");
    let ask = |seconds: &str| {
        let more = format!("DurationSeconds={seconds}");
        desk.client.sts("GetSessionToken", &more)
    };
    for (asked, lasts) in [("900", 900), ("129600", 129_600)] {
        let expiration = element(&ask(asked).body, "Expiration").unwrap();
        let expiration: Timestamp = expiration.parse().unwrap();
        let over = expiration.as_second() - desk.now - lasts;
        assert!((0..25).contains(&over), "{asked}: {over}");
    }
    for asked in ["899", "129601", "x"] {
        assert_eq!(ask(asked).status, 400, "{asked}");
    }
}

#[test]
fn a_session_ends() {
    let mut desk = Desk::of("");
    let serial = desk.enrol("bob", "phone");
    desk.show(&serial, 0);
    desk.wait(43_100);
    assert_eq!(desk.status("ListUsers", ""), 200);
    desk.wait(130);
    assert_eq!(desk.iam("ListUsers", "").1, "ExpiredToken");
}

#[test]
fn serial_number_and_code_come_together_and_in_form() {
    let desk = Desk::of("");
    let serial = desk.enrol("bob", "phone");
    let answer = |more: &str| error_of(&desk.client.sts("GetSessionToken", more));
    for more in [format!("SerialNumber={serial}"), "TokenCode=123456".into()] {
        let (status, code, message) = answer(&more);
        assert_eq!((status, code.as_str()), (403, "AccessDenied"));
        assert!(message.contains("must provide both"), "{message}");
    }
    for more in [
        format!("SerialNumber={serial}&TokenCode=12345"),
        format!("SerialNumber={serial}&TokenCode=12345x"),
        "SerialNumber=short&TokenCode=123456".into(),
    ] {
        let (status, code, _) = answer(&more);
        assert_eq!((status, code.as_str()), (400, "ValidationError"), "{more}");
    }
}

#[test]
fn a_session_needs_no_permission_but_can_be_denied() {
    let ask = |policy: &str| {
        let desk = Desk::with_policy(policy, "");
        error_of(&desk.client.sts("GetSessionToken", ""))
    };
    let silent = r#"{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#;
    assert_eq!(ask(silent).0, 200);
    let deny = r#"{"Statement":{"Effect":"Deny","Action":"sts:*","Resource":"*"}}"#;
    let (status, _, message) = ask(deny);
    assert_eq!(status, 403);
    assert!(
        message.ends_with("with an explicit deny in an identity-based policy"),
        "{message}"
    );
}

#[test]
fn the_worlds_caller_gets_sessions_too() {
    let mut client = super::Client::of_toml("");
    let skew = super::START - clock::real();
    client.state.update(|it| it.clock_skew_seconds = skew);
    let answer = client.sts("GetSessionToken", "");
    client.go_on_with(&answer);
    let identity = client.sts("GetCallerIdentity", "").body;
    assert_eq!(
        element(&identity, "Arn").unwrap(),
        "arn:aws:iam::111111111111:user/mfaudit"
    );
}
