//! Where other tools are known to differ, they are said to, and nowhere else.

use model::{
    ConsolePassword, Dataset, Fact, Gap, GapReason, IamUser, LastUse, Listing, MfaDevice,
    ObservationId, Presence, Record,
};

use super::{PeerAnswer, Tool, peers, table};
use crate::{
    Status, Subject, SubjectKind,
    example::{RootFacts, UserFacts, iam_user, root_user},
};

const SEEN: ObservationId = ObservationId(0);

fn root(record: &Record) -> Subject {
    Subject {
        kind: SubjectKind::RootUser,
        arn: record.root_user_arn(),
    }
}

fn user(record: &Record) -> Subject {
    Subject {
        kind: SubjectKind::IamUser,
        arn: record.iam_users.items[0].arn.clone(),
    }
}

fn with_user(facts: UserFacts, change: impl FnOnce(&mut IamUser)) -> Record {
    let mut record = iam_user(facts);
    change(&mut record.iam_users.items[0]);
    record
}

/// Returns what a tool says, by its own word; `None` if no difference is known.
fn says(
    rule: &str,
    record: &Record,
    subject: &Subject,
    status: Status,
    tool: Tool,
) -> Option<&'static str> {
    let all = peers(rule, record, subject, status);
    let said = all.iter().find(|it| it.tool == tool);
    match said?.answer {
        PeerAnswer::Differs(word, _) => Some(word),
        PeerAnswer::NoDifferenceKnown | PeerAnswer::NoCheck | PeerAnswer::NotKnown => None,
    }
}

#[test]
fn a_root_user_without_credentials_is_judged_in_four_ways() {
    let record = root_user(RootFacts::default());
    let of = |tool| {
        says(
            "root-user-mfa",
            &record,
            &root(&record),
            Status::NotApplicable,
            tool,
        )
    };
    assert_eq!(of(Tool::SecurityHub), Some("PASSED"));
    assert_eq!(of(Tool::AwsConfig), Some("NOT_APPLICABLE"));
    assert_eq!(of(Tool::ScoutSuite), Some("FAIL"));
    assert_eq!(of(Tool::Cloudsploit), Some("FAIL"));
    let record = root_user(RootFacts {
        password: true,
        ..RootFacts::default()
    });
    for tool in [
        Tool::SecurityHub,
        Tool::AwsConfig,
        Tool::ScoutSuite,
        Tool::Cloudsploit,
    ] {
        assert_eq!(
            says("root-user-mfa", &record, &root(&record), Status::Fail, tool),
            None
        );
    }
}

#[test]
fn a_denied_login_profile_is_a_pass_in_prowler_and_another_denial_is_not_known() {
    for (operation, expected) in [
        ("GetLoginProfile", Some("PASS")),
        ("GetCredentialReport", None),
    ] {
        let mut record = iam_user(UserFacts::default());
        let gap = record.missing(Gap {
            operation: operation.to_owned(),
            ..Gap::new(Dataset::LoginProfiles, GapReason::AccessDenied)
        });
        record.iam_users.items[0].password = Fact::Unknown(gap);
        let subject = user(&record);
        let told = says(
            "iam-user-console-mfa",
            &record,
            &subject,
            Status::Indeterminate,
            Tool::Prowler,
        );
        assert_eq!(told, expected);
        let all = peers(
            "iam-user-console-mfa",
            &record,
            &subject,
            Status::Indeterminate,
        );
        assert_eq!(all[1].answer, PeerAnswer::NotKnown, "{:?}", all[1]);
    }
}

#[test]
fn what_was_never_used_is_passed_or_skipped_by_prowler() {
    let never = || Fact::Known(LastUse::NeverRecorded, SEEN);
    let with = UserFacts {
        password: true,
        active_key: true,
        ..UserFacts::default()
    };
    let record = with_user(with, |user| {
        user.password_last_used = never();
        if let Fact::Known(keys, _) = &mut user.access_keys {
            keys[0].last_used = never();
        }
    });
    let of = |rule, status| says(rule, &record, &user(&record), status, Tool::Prowler);
    assert_eq!(of("iam-user-unused-password", Status::Fail), Some("PASS"));
    assert_eq!(of("iam-user-unused-password", Status::Pass), None);
    assert_eq!(
        of("iam-user-unused-access-key", Status::Fail),
        Some("no failure")
    );
}

#[test]
fn a_user_with_both_kinds_of_device_fails_in_prowler() {
    let with = UserFacts {
        password: true,
        mfa: true,
        ..UserFacts::default()
    };
    let record = with_user(with, |user| {
        let serials = ["GAHT12345678", "arn:aws:iam::111122223333:mfa/alice"];
        let devices = serials.map(|it| MfaDevice::new(it, None)).to_vec();
        user.mfa_devices = Listing::whole(devices, SEEN);
    });
    let told = says(
        "iam-user-hardware-mfa",
        &record,
        &user(&record),
        Status::Pass,
        Tool::Prowler,
    );
    assert_eq!(told, Some("FAIL"));
}

#[test]
fn a_user_with_root_in_the_name_is_prowler_s_root_user() {
    for (name, expected) in [("groot", Some("FAIL")), ("alice", None)] {
        let mut record = with_user(
            UserFacts {
                password: true,
                mfa: true,
                ..UserFacts::default()
            },
            |user| {
                user.arn = format!("arn:aws:iam::111122223333:user/{name}")
                    .parse()
                    .unwrap();
                let serial = format!("arn:aws:iam::111122223333:mfa/{name}");
                user.mfa_devices = Listing::whole(vec![MfaDevice::new(&serial, None)], SEEN);
            },
        );
        record.root_user.password = Fact::Known(ConsolePassword::Set, SEEN);
        record.root_user.virtual_mfa_device = Fact::Known(Presence::Absent, SEEN);
        let told = says(
            "root-user-hardware-mfa",
            &record,
            &root(&record),
            Status::Pass,
            Tool::Prowler,
        );
        assert_eq!(told, expected, "{name}");
    }
}

#[test]
fn four_tools_are_told_of_for_every_rule_there_is_or_may_be() {
    let record = iam_user(UserFacts::default());
    for rule in crate::CATALOG.iter().map(|it| it.id).chain(["own-rule"]) {
        for status in Status::ALL {
            let all = peers(rule, &record, &user(&record), status);
            let tools: Vec<_> = all.iter().map(|it| it.tool).take(4).collect();
            assert_eq!(tools, super::TOOLS);
            if rule == "own-rule" {
                assert!(all.iter().all(|it| it.answer == PeerAnswer::NotKnown));
            }
        }
    }
}

#[test]
fn no_tool_is_told_of_twice_for_a_rule() {
    let mut rows: Vec<_> = table::PEERS.iter().map(|it| (it.rule, it.tool)).collect();
    let all = rows.len();
    rows.sort_unstable();
    rows.dedup();
    assert_eq!(rows.len(), all);
}

/// The controls of the catalog are from the same sources.
#[test]
fn the_checks_of_aws_are_controls_of_the_rule() {
    for peer in table::PEERS {
        let rule = crate::CATALOG.iter().find(|it| it.id == peer.rule);
        let framework = match peer.tool {
            Tool::SecurityHub => "aws-security-hub",
            Tool::AwsConfig => "aws-config",
            Tool::Prowler | Tool::Steampipe | Tool::ScoutSuite | Tool::Cloudsploit => continue,
        };
        for check in peer.checks {
            let has = |rule: &crate::Rule| {
                let mut controls = rule.controls.iter();
                controls.any(|it| it.framework == framework && it.id == *check)
            };
            assert!(rule.is_none_or(|it| has(it)), "{}: {check}", peer.rule);
        }
    }
}
