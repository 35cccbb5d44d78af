//! Before a run, which calls it will make; after it, which it made.

use std::collections::BTreeMap;

use serde_json::Value;
use simulator::Entry;

use crate::{harness::Stage, scale::open};

/// The calls about one user, which may be the root user in a session of its own.
const ABOUT_ONE: [&str; 3] = ["GetLoginProfile", "ListAccessKeys", "ListMFADevices"];

/// The call that is made for all users of an account, only where one of them can act without MFA.
const WHERE_ONE_ACTS: &str = "GetAccountAuthorizationDetails";

/// Returns how often each operation was asked for in each account.
fn in_accounts(asked: &[Entry]) -> BTreeMap<(&str, &str), usize> {
    let mut calls = BTreeMap::new();
    for entry in asked {
        let once_a_run = entry.action == "ListOrganizationsFeatures";
        let enters = entry.action.starts_with("Assume");
        if enters || entry.service == "iam" && !once_a_run {
            let key = (entry.account.as_str(), entry.action.as_str());
            *calls.entry(key).or_insert(0) += 1;
        }
    }
    calls
}

/// Returns how many calls were made in accounts, but for those about single users.
fn about_accounts(asked: &[Entry], counts_where_one_acts: bool) -> usize {
    let calls = in_accounts(asked);
    let count = |(&(account, action), &times): (&(&str, &str), &usize)| {
        if action == WHERE_ONE_ACTS && !counts_where_one_acts {
            // All are on one page.
            assert_eq!(times, 1, "{account}: {action}");
            return 0;
        }
        if !ABOUT_ONE.contains(&action) {
            return times;
        }
        // One of them is about the root user, in each session of it.
        let sessions = calls.get(&(account, "AssumeRoot")).copied();
        let sessions = sessions.unwrap_or_default();
        assert!(times >= sessions, "{account}: {action}");
        sessions
    };
    calls.iter().map(count).sum()
}

/// Returns the number in front of a text.
fn number_before(behind: &str, text: &str) -> usize {
    let before = text.split_once(behind).unwrap().0;
    let word = before.split_whitespace().next_back().unwrap();
    word.parse().unwrap()
}

#[test]
fn a_dry_run_enters_no_account_and_counts_the_calls_of_the_audit_that_follows() {
    let mut world = open(9, 4);
    let organization = world.organization.as_mut().unwrap();
    organization.features = vec!["RootCredentialsManagement".to_owned()];
    "SUSPENDED".clone_into(&mut world.accounts[7].state);
    // A report that is there is not waited for, which would take more calls.
    for account in &mut world.accounts {
        account.report.age_seconds = Some(1800);
    }
    for more in [
        &[][..],
        &["--assume-root", "always"],
        &["--assume-root", "auto"],
        &["--live"],
        &["--rule", "root-user-access-key"],
        &[
            "--rule",
            "iam-user-direct-policy",
            "--rule",
            "root-user-mfa",
        ],
        &["--rule", "root-user-mfa", "--assume-root", "always"],
        &[
            "--also",
            "user-policies",
            "--also",
            "service-control-policies",
        ],
    ] {
        let stage = Stage::new(world.clone());
        let dry = stage.run(&[&["audit", "--dry-run"], more].concat());
        assert_eq!(dry.status, 0, "{more:?}: {}", dry.stderr);
        for text in [
            "ACCOUNTS  8 to audit of o-a1b2c3d4e5\n          1 left out: suspended\n",
            "CALLS     in each account\n  sts:AssumeRole ",
            "\nTOTAL     ",
            "\nTIME      ",
            "\nNEEDS     these permissions",
            "    organizations:ListAccounts\n",
            "    iam:GetAccountSummary\n",
        ] {
            assert!(dry.stdout.contains(text), "{more:?}: {}", dry.stdout);
        }
        let asked = stage.asked_after(0);
        assert!(in_accounts(&asked).is_empty(), "{more:?}: {asked:?}");

        let (run, _) = stage.audit(more);
        assert!(matches!(run.status, 0 | 3), "{more:?}: {}", run.stderr);
        let made = stage.asked_after(asked.len());
        let where_needed = format!("iam:{WHERE_ONE_ACTS}  1 for all users, where one");
        let is_counted = !dry.stdout.contains(&where_needed);
        let told = number_before(" calls, and those for single users", &dry.stdout);
        assert_eq!(
            told,
            about_accounts(&made, is_counted),
            "{more:?}: {}",
            dry.stdout
        );
        for (_, operation) in in_accounts(&made).into_keys() {
            let call = format!(":{operation} ");
            assert!(dry.stdout.contains(&call), "{more:?}: {}", dry.stdout);
        }
    }
}

#[test]
fn a_dry_run_tells_the_calls_that_are_made_once_a_run() {
    let stage = Stage::new(open(3, 2));
    let told = |more: &[&str]| stage.run(&[&["audit", "--dry-run"], more].concat()).stdout;
    assert!(!told(&[]).contains("CALLS     once"));
    let also = told(&["--also", "service-control-policies"]);
    let once = also
        .split_once("CALLS     once, in the caller's account\n")
        .unwrap()
        .1;
    let once = once.split_once("\n\n").unwrap().0;
    let calls = once.lines().map(|it| it.split_whitespace().next().unwrap());
    let expected = ["ListPolicies", "ListTargetsForPolicy", "DescribePolicy"];
    assert!(
        calls.eq(expected.map(|it| format!("organizations:{it}"))),
        "{also}"
    );
    let needs = also.split_once("\nNEEDS").unwrap().1;
    for call in expected {
        assert!(
            needs.contains(&format!("    organizations:{call}\n")),
            "{also}"
        );
    }
    assert_eq!(
        stage
            .asked_after(0)
            .iter()
            .filter(|it| it.action == "ListPolicies")
            .count(),
        0
    );
}

#[test]
fn a_dry_run_names_the_permissions_without_which_the_audit_is_refused_something() {
    let stage = Stage::new(open(3, 2));
    let needs = |more: &[&str]| {
        let run = stage.run(&[&["audit", "--dry-run"], more].concat());
        let needs = run.stdout.split_once("\nNEEDS").unwrap().1;
        let lines = needs
            .lines()
            .skip(1)
            .filter_map(|it| it.strip_prefix("    "));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let policy = |site: &str, more: &[&str]| {
        let policy = crate::permissions::printed(site, more);
        let mut actions = crate::permissions::actions(&policy);
        actions.sort();
        actions
    };
    for more in [&["--assume-root", "never"], &["--assume-root", "auto"]] {
        // The policy is for every rule if none is chosen, an audit takes the default ones.
        let every = crate::permissions::all_rules();
        let expected = [policy("management", more), policy("member", more)].concat();
        assert_eq!(needs(&[&every[..], more].concat()), expected, "{more:?}");
    }
}

#[test]
fn statistics_for_programs_are_one_object_that_counts_what_was_asked() {
    let stage = Stage::new(open(6, 3));
    for (command, more) in [
        ("audit", &["--format", "csv"][..]),
        ("collect", &["-o", "run.mfaudit"]),
    ] {
        let asked = stage.simulator().journal().len();
        let run = stage.run(&[&[command, "--stats=json", "--quiet"], more].concat());
        assert!(matches!(run.status, 0 | 3), "{}", run.stderr);
        let objects = run.stderr.lines().filter(|it| it.starts_with('{'));
        let objects: Vec<_> = objects.collect();
        let [object] = objects[..] else {
            panic!("{command}: no single object: {}", run.stderr);
        };
        let stats: Value = serde_json::from_str(object).unwrap();
        let mut made = BTreeMap::<String, u64>::new();
        for entry in stage.asked_after(asked) {
            let name = format!("{}:{}", entry.service, entry.action);
            *made.entry(name).or_default() += 1;
        }
        let told = stats["calls"].as_object().unwrap();
        let requests = |it: &Value| it["requests"].as_u64().unwrap();
        let told: BTreeMap<_, _> = told
            .iter()
            .map(|(k, it)| (k.clone(), requests(it)))
            .collect();
        assert_eq!(told, made, "{command}");
        assert_eq!(
            requests(&stats["total"]),
            made.values().sum::<u64>(),
            "{command}"
        );
        assert_eq!(stats["total"]["throttled"], 0, "{command}");
    }
}

#[test]
fn statistics_tell_calls_from_the_requests_that_they_took() {
    let mut world = open(4, 2);
    world.faults = vec![simulator::Fault {
        account: None,
        action: "iam:ListUsers".to_owned(),
        after: None,
        times: Some(2),
        kind: simulator::FaultKind::Throttle {
            code: "Throttling".to_owned(),
        },
    }];
    let stage = Stage::new(world);
    let run = stage.run(&["audit", "--stats=json", "--quiet", "--format", "csv"]);
    let stats: Value = serde_json::from_str(&run.stderr).unwrap();
    let users = &stats["calls"]["iam:ListUsers"];
    let expected = serde_json::json!({ "calls": 4, "requests": 6, "throttled": 2 });
    assert_eq!(*users, expected, "{stats}");
    assert_eq!(stats["total"]["throttled"], 2, "{stats}");
}
