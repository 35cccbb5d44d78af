//! With `--assume-root`, the derived policies are sufficient, and minimal but for what is documented.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use simulator::World;

use crate::{
    harness::{Findings, Run, Stage, THREE_RULES},
    permissions::{
        actions, all_rules, assert_documented, is_hidden, printed, undecided_beside, verdicts,
        without, world,
    },
};

const ASSUME_ROOT: [&str; 2] = ["--assume-root", "auto"];

/// The policies of an audit that looks at root users by sessions of their own.
fn policies() -> (Value, Value) {
    let member = printed("member", &ASSUME_ROOT);
    assert_eq!(member, printed("member", &[]), "members need not know");
    (printed("management", &ASSUME_ROOT), member)
}

/// An organization that manages the root credentials of its members, and allows what the policies allow.
fn managed(management: &Value, member: &Value) -> World {
    let mut world = world(management, member);
    let organization = world.organization.as_mut().unwrap();
    organization.features = vec!["RootCredentialsManagement".to_owned()];
    world
}

fn audit(world: World) -> (Stage, Run, Findings) {
    let stage = Stage::new(world);
    let (run, findings) = stage.audit(&[&all_rules()[..], &ASSUME_ROOT].concat());
    (stage, run, findings)
}

/// Returns how often each account was asked for a session of its root user, with how that ended.
fn root_sessions(stage: &Stage) -> BTreeMap<String, Vec<String>> {
    let mut sessions = BTreeMap::<String, Vec<String>>::new();
    for entry in stage.asked_after(0) {
        if entry.action == "AssumeRoot" {
            sessions
                .entry(entry.account)
                .or_default()
                .push(entry.outcome);
        }
    }
    sessions
}

/// Returns what `root_sessions` is if each active member was asked once, with this outcome.
fn once_each(world: &World, outcome: &str) -> BTreeMap<String, Vec<String>> {
    let management = &world.organization.as_ref().unwrap().management_account;
    let members = world.accounts.iter().filter(|it| it.id != *management);
    let active = members.filter(|it| it.state == "ACTIVE");
    let once = active.map(|it| (it.id.clone(), vec![outcome.to_owned()]));
    once.collect()
}

/// The rules that a session of a member's root user alone has an answer for, where one has a passkey.
const BY_SESSION: [&str; 2] = ["root-user-backup-mfa", "root-user-phishing-resistant-mfa"];

/// The rules that the organization's features decide.
const BY_FEATURES: [&str; 3] = [
    "organization-root-credentials-management",
    "organization-root-sessions",
    "root-user-credentials-removed",
];

/// The rules that service control policies decide.
const BY_POLICIES: [&str; 2] = ["iam-user-mfa-enforced", "iam-user-mfa-enforcement-bypass"];

fn names(rules: &[&str]) -> BTreeSet<String> {
    rules.iter().map(|it| (*it).to_owned()).collect()
}

#[test]
fn the_printed_policies_are_enough_for_an_audit_with_root_sessions() {
    let (management, member) = policies();
    let world = managed(&management, &member);
    let expected = once_each(&world, "200");
    assert!(expected.len() >= 3, "{expected:?}");
    let (stage, run, findings) = audit(world);
    assert!(matches!(run.status, 0 | 3), "{}", run.stderr);
    assert_eq!(run.notes(), [""; 0]);
    assert_eq!(root_sessions(&stage), expected);
    for finding in findings.all() {
        let seen = finding["status"] != "indeterminate";
        let of_member = expected.contains_key(finding["account_id"].as_str().unwrap());
        assert!(seen || !of_member && is_hidden(finding), "{finding}");
    }
    let refused = stage.asked_after(0).into_iter();
    let refused: Vec<_> = refused.filter(|it| it.outcome == "AccessDenied").collect();
    assert!(refused.is_empty(), "{refused:?}");
}

#[test]
fn a_root_session_is_what_root_users_of_members_are_judged_by() {
    let (management, member) = policies();
    let world = managed(&management, &member);
    let members = once_each(&world, "200");
    let (_, _, findings) = audit(world);
    let keys = findings
        .all()
        .filter(|it| it["rule"] == "root-user-access-key");
    for finding in keys {
        let account = finding["account_id"].as_str().unwrap();
        let own_word = members.contains_key(account);
        let source = if own_word {
            "ListAccessKeys"
        } else {
            "GetAccountSummary"
        };
        assert_eq!(finding["evidence_source"], json!([source]), "{finding}");
    }
}

#[test]
fn without_any_one_action_of_an_account_a_gap_opens_or_the_documented_fallback_is_taken() {
    let (management, member) = policies();
    let (_, _, whole) = audit(managed(&management, &member));
    for action in actions(&member) {
        let world = managed(&without(&management, &action), &without(&member, &action));
        let sessions = once_each(&world, "200");
        let (stage, run, findings) = audit(world);
        assert_documented(&action, &undecided_beside(&action, &findings, &whole));
        // What the audit role may not do keeps nobody from having a session of the root user.
        assert_eq!(root_sessions(&stage), sessions, "{action}");
        assert!(matches!(run.status, 3 | 4), "{action}: {}", run.status);
        let denied = stage.asked_after(0).into_iter();
        let denied = denied.filter(|it| it.outcome == "AccessDenied");
        let operation = action.trim_start_matches("iam:");
        assert!(
            denied.map(|it| it.action).all(|it| it == operation),
            "{action}"
        );
    }
}

#[test]
fn without_any_one_action_of_the_caller_it_is_said_or_the_documented_fallback_is_taken() {
    let (management, member) = policies();
    let (_, _, whole) = audit(managed(&management, &member));
    let of_caller = actions(&management).into_iter();
    let of_caller = of_caller.filter(|it| !actions(&member).contains(it));
    for action in of_caller {
        let world = managed(&without(&management, &action), &member);
        let denied_sessions = once_each(&world, "AccessDenied");
        let sessions = once_each(&world, "200");
        let (stage, run, findings) = audit(world);
        let undecided = undecided_beside(&action, &findings, &whole);
        let same = verdicts(&findings) == verdicts(&whole);
        match action.as_str() {
            "organizations:ListAccounts" => {
                assert_eq!(run.status, 1, "{action}: {}", run.stderr);
                assert!(
                    run.stderr.contains("organizations:ListAccounts"),
                    "{}",
                    run.stderr
                );
            }
            "organizations:ListRoots" | "organizations:ListOrganizationalUnitsForParent" => {
                // The root also tells whether there are service control policies.
                if action == "organizations:ListRoots" {
                    assert_eq!(undecided, names(&BY_POLICIES), "{action}");
                } else {
                    assert!(same, "{action}");
                }
                let note = "note: not all organizational units were seen";
                assert!(run.stderr.contains(note), "{action}: {}", run.stderr);
            }
            "iam:ListOrganizationsFeatures" => {
                let expected = [&BY_SESSION[..], &BY_FEATURES].concat();
                assert_eq!(undecided, names(&expected), "{action}");
                let note = "note: AssumeRoot is not used";
                assert!(run.stderr.contains(note), "{action}: {}", run.stderr);
                assert!(root_sessions(&stage).is_empty(), "{action}");
            }
            // Root users are judged by what the audit role sees.
            "sts:AssumeRoot" => {
                assert_eq!(undecided, names(&BY_SESSION), "{action}");
                assert_eq!(root_sessions(&stage), denied_sessions, "{action}");
            }
            "sts:AssumeRole" => {
                assert!(matches!(run.status, 3 | 4), "{action}: {}", run.status);
                let entry = findings
                    .all()
                    .filter(|it| it["gap_reason"] == "entry-denied");
                assert!(entry.count() > 0, "{action}");
                assert_eq!(root_sessions(&stage), sessions, "{action}");
            }
            // Identity Center is not seen.
            "organizations:ListAWSServiceAccessForOrganization" => {
                let expected = ["iam-user-in-federated-organization"];
                assert_eq!(undecided, names(&expected), "{action}");
                assert_eq!(root_sessions(&stage), sessions, "{action}");
            }
            // The service control policies are not seen, or not whole.
            "organizations:ListPolicies"
            | "organizations:DescribePolicy"
            | "organizations:ListTargetsForPolicy" => {
                assert_eq!(undecided, names(&BY_POLICIES), "{action}");
                assert_eq!(root_sessions(&stage), sessions, "{action}");
            }
            // The organization is told by the ARNs of its accounts; only accounts whose unit the list does not tell are
            // asked for unit by unit.
            "organizations:DescribeOrganization" | "organizations:ListAccountsForParent" => {
                assert!(same, "{action}");
                assert_eq!(root_sessions(&stage), sessions, "{action}");
            }
            _ => panic!("nothing is documented of {action}"),
        }
    }
}

#[test]
fn the_policy_lets_no_session_be_had_for_another_task() {
    let (management, member) = policies();
    let audit_task = "policy/root-task/IAMAuditRootUserCredentials";
    let text = management.to_string();
    assert_eq!(text.matches(audit_task).count(), 1, "{text}");
    let (_, _, whole) = audit(managed(&management, &member));
    for task in ["IAMDeleteRootUserCredentials", "S3UnlockBucketPolicy"] {
        let other = text.replace("IAMAuditRootUserCredentials", task);
        let world = managed(&serde_json::from_str(&other).unwrap(), &member);
        let refused = once_each(&world, "AccessDenied");
        let (stage, _, findings) = audit(world);
        assert_eq!(root_sessions(&stage), refused, "{task}");
        let undecided = undecided_beside(task, &findings, &whole);
        assert_eq!(undecided, names(&BY_SESSION), "{task}");
    }
}

#[test]
fn without_root_sessions_the_policy_does_not_permit_them() {
    let both = ["iam:ListOrganizationsFeatures", "sts:AssumeRoot"];
    // Rules that need the organization's features permit to ask for them anyway.
    for (rules, expected) in [(&[][..], &both[1..]), (&THREE_RULES, &both)] {
        let actions = |more: &[&str]| actions(&printed("management", &[rules, more].concat()));
        let (never, auto) = (actions(&[]), actions(&ASSUME_ROOT));
        let more: Vec<_> = auto.iter().filter(|it| !never.contains(it)).collect();
        assert_eq!(more, expected);
        assert!(never.iter().all(|it| auto.contains(it)));
        assert_eq!(actions(&["--assume-root", "always"]), auto);
    }
    let member = actions(&printed("member", &["--assume-root", "always"]));
    assert!(
        !member.iter().any(|it| both.contains(&it.as_str())),
        "{member:?}"
    );
}
