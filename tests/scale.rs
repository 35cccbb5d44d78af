//! What holds up a run: an account that never answers, a list that takes too long, and what is said meanwhile.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use simulator::{Fault, FaultKind, World};

use crate::harness::{Findings, Run, Stage, THREE_RULES, without_root_credentials};

fn fault(account: Option<&str>, action: &str, kind: FaultKind) -> Fault {
    Fault {
        account: account.map(str::to_owned),
        action: action.to_owned(),
        after: None,
        times: None,
        kind,
    }
}

/// An organization of which every account can be entered and is active.
pub(crate) fn open(accounts: usize, users: usize) -> World {
    let mut world = World::generate(accounts, users, 3);
    for account in &mut world.accounts {
        "ACTIVE".clone_into(&mut account.state);
        account.roles = vec![simulator::Role {
            name: "mfaudit-audit".to_owned(),
            ..simulator::Role::default()
        }];
    }
    world
}

/// Returns the statuses of every finding about other accounts than one.
fn beside(findings: &Findings, account: &str) -> Vec<Value> {
    let others = findings.all().filter(|it| it["account_id"] != account);
    let seen = |it: &Value| json!([it["rule"], it["principal_arn"], it["status"]]);
    others.map(seen).collect()
}

#[test]
fn an_account_that_never_answers_ends_as_a_gap_and_holds_up_no_other() {
    let undisturbed = Stage::new(open(8, 3)).audit(&THREE_RULES).1;
    for action in ["sts:AssumeRole", "iam:*"] {
        let mut world = open(8, 3);
        let silent = world.accounts[4].id.clone();
        let hang = FaultKind::Hang { seconds: 600 };
        world.faults = vec![fault(Some(&silent), action, hang)];
        let stage = Stage::new(world);
        let began = Instant::now();
        let (run, findings) =
            stage.audit(&[&THREE_RULES[..], &["--account-deadline", "5s"]].concat());
        let took = began.elapsed();
        assert!(took < Duration::from_secs(20), "{action}: {took:?}");
        assert_eq!(
            beside(&findings, &silent),
            beside(&undisturbed, &silent),
            "{action}"
        );
        let gaps: Vec<_> = findings
            .all()
            .filter(|it| it["account_id"] == *silent)
            .collect();
        assert_eq!(gaps.len(), 3, "{action}: one for each rule");
        for gap in gaps {
            assert_eq!(gap["status"], "indeterminate", "{action}: {gap}");
            assert_eq!(gap["gap_reason"], "deadline", "{action}: {gap}");
            let reason = gap["reason"].as_str().unwrap();
            assert!(reason.contains("the account may take 5 s"), "{reason}");
        }
        // There are failures elsewhere, which come before gaps.
        assert_eq!(run.status, 3, "{action}: {}", run.stderr);
        let run = stage.run(&["audit", "--account", &silent, "--account-deadline", "1s"]);
        assert_eq!(run.status, 4, "{action}: {}", run.stderr);
    }
}

#[test]
fn when_the_run_s_time_is_up_before_all_accounts_are_listed_it_says_so() {
    let mut world = without_root_credentials(open(70, 0));
    let late = FaultKind::Delay { ms: 700 };
    world.faults = vec![fault(None, "organizations:ListAccounts", late)];
    let stage = Stage::new(world);
    let began = Instant::now();
    let run = stage.run(&["audit", "--deadline", "1s"]);
    let took = began.elapsed();
    assert!(took < Duration::from_secs(20), "{took:?}");
    assert_eq!(run.status, 4, "{}{}", run.stdout, run.stderr);
    for text in [
        "the time allowed ran out",
        "the list of accounts was not read to its end",
    ] {
        assert!(run.stdout.contains(text), "{text}: {}", run.stdout);
    }
    let undisturbed = stage.run(&["audit"]);
    assert_eq!(undisturbed.status, 0, "{}", undisturbed.stdout);
    assert!(undisturbed.stdout.contains("all 70 accounts seen in full"));
}

#[test]
fn a_run_s_deadline_holds_whatever_listing_never_answers() {
    for (action, status, expected) in [
        (
            "organizations:List*",
            4,
            "no account in scope, so no one was judged",
        ),
        (
            "organizations:ListAccounts",
            4,
            "the list of accounts was not",
        ),
        // What the verdicts do not depend on costs no verdict.
        (
            "organizations:ListRoots",
            0,
            "units were seen: the run may take 4 s",
        ),
        (
            "organizations:ListOrganizationalUnitsForParent",
            0,
            "units were seen: the run may take 4 s",
        ),
        (
            "organizations:ListAWSServiceAccessForOrganization",
            0,
            "whether it is in use was not seen",
        ),
    ] {
        let mut world = without_root_credentials(open(3, 0));
        let hang = FaultKind::Hang { seconds: 600 };
        world.faults = vec![fault(None, action, hang)];
        let stage = Stage::new(world);
        let began = Instant::now();
        let run = stage.run(&["audit", "--deadline", "4s"]);
        let took = began.elapsed();
        assert!(took < Duration::from_secs(20), "{action}: {took:?}");
        assert_eq!(run.status, status, "{action}: {}", run.stdout);
        assert!(run.stdout.contains(expected), "{action}: {}", run.stdout);
    }
}

#[test]
fn a_long_run_says_how_far_it_is_unless_it_is_to_be_quiet() {
    let mut world = open(6, 1);
    let silent = world.accounts[2].id.clone();
    let hang = FaultKind::Hang { seconds: 600 };
    world.faults = vec![fault(Some(&silent), "iam:ListUsers", hang)];
    let stage = Stage::new(world);
    let args = ["audit", "--format", "csv", "--account-deadline", "7s"];
    // Both at once, since a line is written every five seconds.
    let told = stage.start(&args);
    let quiet = stage.start(&[&args[..], &["--quiet"]].concat());
    let told = Run::of(told.wait_with_output().unwrap());
    let quiet = Run::of(quiet.wait_with_output().unwrap());
    let lines: Vec<_> = told.stderr.lines().collect();
    let [line] = lines[..] else {
        panic!("no single line: {}", told.stderr);
    };
    assert!(line.starts_with("5 of 6 accounts, "), "{line}");
    for text in [" calls/s", ", 0 throttled, 0 with gaps"] {
        assert!(line.contains(text), "{line}");
    }
    assert_eq!(quiet.stderr, "");
    assert_eq!(quiet.stdout, told.stdout);
    assert_eq!(quiet.status, told.status);
}

#[test]
fn notes_are_said_unless_the_run_is_to_be_quiet() {
    let mut world = open(3, 1);
    let deny = FaultKind::Deny {
        message: None,
        policy: simulator::PolicyKind::Identity,
    };
    world.faults = vec![
        fault(None, "organizations:ListRoots", deny.clone()),
        fault(None, "iam:ListOrganizationsFeatures", deny),
    ];
    let stage = Stage::new(world);
    let args = ["audit", "--format", "csv", "--assume-root", "auto"];
    let told = stage.run(&args);
    let notes = told.stderr.lines().filter(|it| it.starts_with("note: "));
    assert_eq!(notes.count(), 2, "{}", told.stderr);
    for more in [&["--quiet"][..], &["-q"]] {
        let quiet = stage.run(&[&args[..], more].concat());
        assert_eq!(quiet.stderr, "", "{more:?}");
        assert_eq!(quiet.stdout, told.stdout, "{more:?}");
        assert_eq!(quiet.status, told.status, "{more:?}");
    }
}
