//! Faults: when they are served, and what they look like.

use serde_json::json;

use super::{Client, element, error_of};
use crate::faults::{Fault, FaultKind, PolicyKind};
use crate::reply::Effect;
use crate::world::User;

fn fault(kind: FaultKind) -> Fault {
    Fault {
        account: None,
        action: "*:*".into(),
        after: None,
        times: None,
        kind,
    }
}

fn with(faults: Vec<Fault>) -> Client {
    let client = Client::in_member("");
    client.state.update(|world| world.faults = faults);
    client
}

#[test]
fn a_fault_is_served_when_and_where_it_is_due() {
    let client = with(vec![Fault {
        account: Some(super::MEMBER.into()),
        action: "iam:listusers".into(),
        after: Some(1),
        times: Some(2),
        kind: FaultKind::Throttle {
            code: "Throttling".into(),
        },
    }]);
    let mut statuses = Vec::new();
    for _ in 0..4 {
        assert_eq!(client.iam("GetAccountSummary", "").status, 200);
        statuses.push(client.iam("ListUsers", "").status);
        // A change of the world elsewhere does not start the count anew.
        client
            .state
            .update(|world| world.accounts[0].name.push('x'));
    }
    assert_eq!(statuses, [200, 400, 400, 200]);
}

#[test]
fn a_fault_of_entry_belongs_to_the_account_that_is_entered() {
    let client = Client::of_toml("");
    let deny = FaultKind::Deny {
        message: None,
        policy: PolicyKind::Identity,
    };
    client.state.update(|world| {
        world.faults.push(Fault {
            account: Some(super::MEMBER.into()),
            ..fault(deny)
        });
    });
    let (status, _, message) = error_of(&client.sts(
        "AssumeRole",
        "RoleArn=arn:aws:iam::222222222222:role/audit&RoleSessionName=mfaudit",
    ));
    assert_eq!(status, 403);
    assert!(
        message
            .contains("sts:AssumeRole on resource: arn:aws:iam::222222222222:role/audit because"),
        "{message}"
    );
    assert_eq!(client.iam("ListUsers", "").status, 200);
    let entry = client.state.journal.entries()[0].clone();
    assert_eq!(
        (entry.account.as_str(), entry.outcome.as_str()),
        (super::MEMBER, "AccessDenied")
    );
}

#[test]
fn errors_have_the_code_and_status_of_their_protocol() {
    let limit = with(vec![fault(FaultKind::Throttle {
        code: "LimitExceeded".into(),
    })]);
    assert_eq!(
        error_of(&limit.iam("GenerateCredentialReport", "")),
        (409, "LimitExceeded".into(), "Rate exceeded".into())
    );
    let down = with(vec![fault(FaultKind::Status(503))]);
    assert_eq!(error_of(&down.iam("ListUsers", "")).0, 503);
    let (status, error) = down.organizations("DescribeOrganization", &json!({}));
    assert_eq!(
        (status, error["__type"].as_str()),
        (503, Some("ServiceUnavailable"))
    );
    let expired = with(vec![fault(FaultKind::ExpiredToken)]);
    assert_eq!(error_of(&expired.iam("ListUsers", "")).1, "ExpiredToken");
}

#[test]
fn answers_can_be_spoiled() {
    let ask = |kind| {
        let client = with(vec![fault(kind)]);
        let body = b"Action=ListUsers&Version=2010-05-08".to_vec();
        let reply = client.state.answer(&crate::request::Request {
            body,
            ..client.signed("iam")
        });
        let outcome = client
            .state
            .journal
            .entries()
            .last()
            .unwrap()
            .outcome
            .clone();
        (reply, outcome)
    };
    let (malformed, outcome) = ask(FaultKind::Malformed);
    assert!(!malformed.body.contains("</ListUsersResponse>"));
    assert_eq!(outcome, "Malformed");
    assert_eq!(ask(FaultKind::HtmlBody).0.content_type, "text/html");
    assert_eq!(ask(FaultKind::Disconnect).0.effect, Effect::Disconnect);
    assert_eq!(ask(FaultKind::Truncated).0.effect, Effect::Truncate);
    assert_eq!(ask(FaultKind::Reset).0.effect, Effect::Reset);
    assert_eq!(ask(FaultKind::HalfClosed).0.effect, Effect::Stall);
    let slow = FaultKind::Slow {
        bytes_per_second: 7,
    };
    assert_eq!(ask(slow).0.effect, Effect::Slow(7));
    let (strange, outcome) = ask(FaultKind::WrongContentType);
    assert_eq!(
        (strange.content_type, outcome.as_str()),
        ("application/octet-stream", "WrongContentType")
    );
    assert!(strange.body.ends_with("</ListUsersResponse>"));
    assert_eq!(ask(FaultKind::Hang { seconds: 60 }).0.wait.as_secs(), 60);
    assert_eq!(ask(FaultKind::Delay { ms: 20 }).0.wait.as_millis(), 20);
    assert_eq!(ask(FaultKind::Delay { ms: 20 }).1, "200");
}

#[test]
fn a_delay_adds_to_another_fault() {
    let client = with(vec![
        fault(FaultKind::Delay { ms: 20 }),
        fault(FaultKind::Status(500)),
        fault(FaultKind::Malformed),
    ]);
    let reply = client.iam("ListUsers", "");
    assert_eq!((reply.status, reply.wait.as_millis()), (500, 20));
}

#[test]
fn pages_can_repeat_and_be_empty() {
    let users = |client: &Client| {
        let user = |it: &str| User {
            name: it.into(),
            ..User::default()
        };
        client
            .state
            .update(|world| world.accounts[1].users = vec![user("a"), user("b"), user("c")]);
    };
    let page = |client: &Client, marker: Option<String>| {
        let more = marker.map_or(String::new(), |it| {
            format!("&Marker={}", it.replace('=', "%3D"))
        });
        let body = client.iam("ListUsers", &format!("MaxItems=2{more}")).body;
        (
            super::elements(&body, "UserName").join(""),
            element(&body, "Marker"),
        )
    };
    let client = with(vec![fault(FaultKind::RepeatToken)]);
    users(&client);
    let (first, marker) = page(&client, None);
    let (second, again) = page(&client, marker.clone());
    assert_eq!(
        (first.as_str(), second.as_str(), &marker),
        ("ab", "ab", &again)
    );

    let client = with(vec![Fault {
        times: Some(1),
        ..fault(FaultKind::EmptyPage)
    }]);
    users(&client);
    let (first, marker) = page(&client, None);
    let (second, marker) = page(&client, marker);
    let (third, end) = page(&client, marker);
    assert_eq!(
        (first.as_str(), second.as_str(), third.as_str(), end),
        ("", "ab", "c", None)
    );
}

#[test]
fn a_refusal_on_demand_has_the_words_of_its_policy() {
    for (policy, words) in [
        (
            PolicyKind::Identity,
            "because no identity-based policy allows the iam:ListUsers action",
        ),
        (
            PolicyKind::IdentityDeny,
            "with an explicit deny in an identity-based policy",
        ),
        (
            PolicyKind::ServiceControl,
            "with an explicit deny in a service control policy: arn:aws:organizations::1",
        ),
        (
            PolicyKind::Boundary,
            "because no permissions boundary allows the iam:ListUsers action",
        ),
        (
            PolicyKind::Session,
            "because no session policy allows the iam:ListUsers action",
        ),
    ] {
        let client = with(vec![fault(FaultKind::Deny {
            message: None,
            policy,
        })]);
        let (_, _, message) = error_of(&client.iam("ListUsers", ""));
        let expected =
            format!("iam:ListUsers on resource: arn:aws:iam::222222222222:user/ {words}");
        assert!(message.contains(&expected), "{message}");
    }
    let message = Some("No entry.".to_owned());
    let client = with(vec![fault(FaultKind::Deny {
        message,
        policy: PolicyKind::Identity,
    })]);
    assert_eq!(
        error_of(&client.iam("ListUsers", "")),
        (403, "AccessDenied".into(), "No entry.".into())
    );
}

#[test]
fn a_new_fault_counts_from_the_start() {
    let once = |kind| Fault {
        times: Some(1),
        ..fault(kind)
    };
    let client = with(vec![once(FaultKind::Status(500))]);
    assert_eq!(client.iam("ListUsers", "").status, 500);
    client
        .state
        .update(|world| world.faults = vec![once(FaultKind::Status(503))]);
    assert_eq!(client.iam("ListUsers", "").status, 503);
    assert_eq!(client.iam("ListUsers", "").status, 200);
}
