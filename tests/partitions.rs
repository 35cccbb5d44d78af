//! Every partition of AWS is audited, with its own ARNs and its own root users.

use simulator::{
    AccessKey, Account, Device, DeviceKind, Organization, Partition, Password, Report, Role, Root,
    User, World,
};

use crate::{
    harness::{Findings, Stage, THREE_RULES},
    permissions::{all_rules, is_hidden, printed, verdicts},
};

const PARTITIONS: [Partition; 4] = [
    Partition::Aws,
    Partition::AwsUsGov,
    Partition::AwsCn,
    Partition::AwsEusc,
];

const MANAGEMENT: &str = "111111111111";
const PASSWORD_ALONE: &str = "222222222222";
const KEY_ALONE: &str = "333333333333";
const KEY_AND_MFA: &str = "444444444444";
const NOTHING: &str = "555555555555";

/// An organization in which root users have every kind of credential, and each account a user with and without MFA.
fn world(partition: Partition) -> World {
    let password = || Some(Password::default());
    let device = |kind| Device {
        kind,
        ..Device::default()
    };
    let account = |id: &str, root| Account {
        id: id.to_owned(),
        name: format!("account-{id}"),
        roles: vec![Role {
            name: "mfaudit-audit".to_owned(),
            ..Role::default()
        }],
        root,
        // A report that is there is not waited for.
        report: Report {
            age_seconds: Some(600),
            stuck: false,
        },
        users: vec![
            User {
                name: "with".to_owned(),
                password: password(),
                mfa: vec![device(DeviceKind::Fido)],
                ..User::default()
            },
            User {
                name: "without".to_owned(),
                path: "/team/".to_owned(),
                password: password(),
                ..User::default()
            },
        ],
        ..Account::default()
    };
    let keys = vec![AccessKey::default()];
    World {
        partition,
        organization: Some(Organization {
            management_account: MANAGEMENT.to_owned(),
            trusted_services: vec!["iam.amazonaws.com".to_owned()],
            features: vec!["RootCredentialsManagement".to_owned()],
            ..Organization::default()
        }),
        accounts: vec![
            account(
                MANAGEMENT,
                Root {
                    password: password(),
                    mfa: vec![device(DeviceKind::Virtual)],
                    ..Root::default()
                },
            ),
            account(
                PASSWORD_ALONE,
                Root {
                    password: password(),
                    ..Root::default()
                },
            ),
            account(
                KEY_ALONE,
                Root {
                    access_keys: keys.clone(),
                    ..Root::default()
                },
            ),
            account(
                KEY_AND_MFA,
                Root {
                    access_keys: keys,
                    mfa: vec![device(DeviceKind::Fido)],
                    ..Root::default()
                },
            ),
            account(NOTHING, Root::default()),
        ],
        ..World::default()
    }
}

/// Returns the status of a rule for the root user of each account, in order.
fn of_root(findings: &Findings, partition: Partition, rule: &str) -> [String; 5] {
    let accounts = [MANAGEMENT, PASSWORD_ALONE, KEY_ALONE, KEY_AND_MFA, NOTHING];
    accounts.map(|it| {
        let arn = format!("arn:{}:iam::{it}:root", partition.name());
        findings.status(rule, &arn).to_owned()
    })
}

/// Tells whether credential reports of a partition have a row of the root user.
fn has_root_row(partition: Partition) -> bool {
    matches!(partition, Partition::Aws | Partition::AwsEusc)
}

const HOW: [&[&str]; 3] = [&[], &["--live"], &["--assume-root", "auto"]];

#[test]
fn every_account_of_every_partition_is_seen_whole() {
    for partition in PARTITIONS {
        for how in HOW {
            let what = format!("{} {how:?}", partition.name());
            let stage = Stage::new(world(partition));
            let (run, findings) = stage.audit(&[&all_rules()[..], how].concat());
            assert_eq!(run.status, 3, "{what}: {}", run.stderr);
            assert_eq!(run.notes(), [""; 0], "{what}");
            // Two rules about the organization; two about accounts, eight about root users, twenty-one about two users and
            // one about a role, in five accounts.
            let expected = 2 + 5 * (2 + 8 + 21 * 2 + 1);
            assert_eq!(findings.all().count(), expected, "{what}");
            let prefix = format!("arn:{}:iam::", partition.name());
            for finding in findings.all() {
                let seen = finding["status"] != "indeterminate";
                // When passwords and the root user were last used is in the credential report alone.
                let is_in_report = match finding["rule"].as_str().unwrap() {
                    "iam-user-unused-password" => !how.contains(&"--live"),
                    "root-user-recent-use" => !how.contains(&"--live") && has_root_row(partition),
                    _ => true,
                };
                assert!(
                    seen || is_hidden(finding) || !is_in_report,
                    "{what}: {finding}"
                );
                let arn = finding["principal_arn"].as_str().unwrap();
                assert!(arn.starts_with(&prefix), "{what}: {arn}");
            }
            let users = "iam-user-console-mfa";
            assert_eq!(findings.names(users, "fail"), ["without".to_owned()].into());
            assert_eq!(findings.names(users, "pass"), ["with".to_owned()].into());
        }
    }
}

#[test]
fn root_users_that_cannot_sign_in_need_mfa_for_a_key_alone() {
    for partition in PARTITIONS {
        let expected = match partition {
            Partition::Aws | Partition::AwsEusc => {
                ["pass", "fail", "fail", "pass", "not-applicable"]
            }
            Partition::AwsUsGov | Partition::AwsCn => [
                "not-applicable",
                "not-applicable",
                "fail",
                "pass",
                "not-applicable",
            ],
        };
        for how in HOW {
            let what = format!("{} {how:?}", partition.name());
            let (_, findings) = Stage::new(world(partition)).audit(how);
            let mfa = of_root(&findings, partition, "root-user-mfa");
            assert_eq!(mfa, expected, "{what}");
            let keys = of_root(&findings, partition, "root-user-access-key");
            assert_eq!(keys, ["pass", "pass", "fail", "fail", "pass"], "{what}");
        }
    }
}

#[test]
fn a_report_without_a_row_for_the_root_user_is_no_gap_where_the_account_summary_tells() {
    let stage = Stage::new(world(Partition::AwsCn));
    let run = stage.run(&["audit"]);
    assert!(!run.stdout.contains("GAP"), "{}", run.stdout);
    assert!(run.stdout.contains("all 5 accounts"), "{}", run.stdout);
    // Where nothing tells, nobody passes.
    let mut world = world(Partition::AwsCn);
    world.faults = vec![simulator::Fault {
        account: None,
        action: "iam:GetAccountSummary".to_owned(),
        after: None,
        times: None,
        kind: simulator::FaultKind::Deny {
            message: None,
            policy: simulator::PolicyKind::Identity,
        },
    }];
    let (_, findings) = Stage::new(world).audit(&[]);
    let keys = of_root(&findings, Partition::AwsCn, "root-user-access-key");
    assert_eq!(keys, ["indeterminate"; 5]);
}

#[test]
fn no_report_names_another_partition() {
    for partition in PARTITIONS {
        if partition == Partition::Aws {
            continue;
        }
        let stage = Stage::new(world(partition));
        let formats = ["table", "csv", "json", "ndjson", "coverage"];
        let files = formats.map(|it| format!("{it}=report.{it}"));
        let files = files.iter().flat_map(|it| ["--format", it]);
        let args: Vec<_> = ["audit", "--verbose"].into_iter().chain(files).collect();
        let run = stage.run(&args);
        assert_eq!(run.status, 3, "{}", run.stderr);
        for format in formats {
            let report = stage.read(&format!("report.{format}"));
            assert!(!report.is_empty());
            assert!(!report.contains("arn:aws:"), "{format}: {report}");
        }
    }
}

#[test]
fn the_policies_of_a_partition_are_enough_there_and_name_no_other() {
    let assume_root = ["--assume-root", "auto"];
    for partition in PARTITIONS {
        let name = partition.name();
        let of_partition = [&["--partition", name][..], &assume_root].concat();
        let management = printed("management", &of_partition).to_string();
        let member = printed("member", &of_partition).to_string();
        let prefix = format!("\"arn:{name}:iam::");
        for expected in [
            "*:role/mfaudit-audit\"",
            "*:root\"",
            "aws:policy/root-task/",
        ] {
            let arn = format!("{prefix}{expected}");
            assert!(management.contains(&arn), "no {arn} in {management}");
        }
        let arns = management.matches("\"arn:").count();
        assert_eq!(management.matches(&prefix).count(), arns, "{management}");
        assert_eq!(arns, 3, "{management}");
        assert!(!member.contains("arn:"), "{member}");

        let mut allowed = world(partition);
        allowed.caller.policy = Some(management);
        for account in &mut allowed.accounts {
            account.roles[0].policy = Some(member.clone());
        }
        let arguments = [&all_rules()[..], &assume_root].concat();
        let stage = Stage::new(allowed);
        let (_, findings) = stage.audit(&arguments);
        let (_, whole) = Stage::new(world(partition)).audit(&arguments);
        assert_eq!(verdicts(&findings), verdicts(&whole), "{name}");
        let asked = stage.asked_after(0);
        let sessions = asked.iter().filter(|it| it.action == "AssumeRoot");
        let outcomes: Vec<_> = sessions.map(|it| it.outcome.as_str()).collect();
        assert_eq!(outcomes, ["200"; 4], "{name}");
    }
}

#[test]
fn a_partition_that_a_policy_is_not_for_gives_nothing_away() {
    let mut world = world(Partition::AwsUsGov);
    world.caller.policy = Some(printed("management", &[]).to_string());
    let (run, findings) = Stage::new(world).audit(&THREE_RULES);
    assert_eq!(run.status, 3, "{}", run.stderr);
    let denied = findings
        .all()
        .filter(|it| it["gap_reason"] == "entry-denied");
    assert_eq!(denied.count(), 4 * 3, "four members, three rules");
}

#[test]
fn the_doctor_finds_nothing_missing_in_any_partition() {
    for partition in PARTITIONS {
        let run = Stage::new(world(partition)).run(&["doctor", "--all"]);
        assert_eq!(run.status, 0, "{}", run.stdout);
        let expected = "5 to audit: 5 can be entered, 5 answer every call";
        assert!(run.stdout.contains(expected), "{}", run.stdout);
        let root = format!("arn:{}:", partition.name());
        assert!(run.stdout.contains(&root), "{}", run.stdout);
    }
}
