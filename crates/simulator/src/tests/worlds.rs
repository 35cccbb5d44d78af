//! Worlds: what a file may say, what it may not, and what a generator makes.

use std::collections::{BTreeSet, HashSet};

use super::ORGANIZATION;
use crate::faults::{FaultKind, PolicyKind};
use crate::world::{DeviceKind, Timestamp, World};

fn problem(text: &str) -> String {
    World::from_toml(text).unwrap_err().to_string()
}

#[test]
fn a_wrong_file_is_shown_with_its_line() {
    let unknown = problem("[organization]\nid = \"o-1\"\ncolour = \"red\"\n");
    assert!(
        unknown.contains("line 3") && unknown.contains("colour = \"red\""),
        "{unknown}"
    );
    let syntax = problem("[organization\n");
    assert!(syntax.contains("line 1"), "{syntax}");
    let date =
        problem("[[account]]\nid = \"123456789012\"\n[account.root]\ncreated = \"yesterday\"\n");
    assert!(date.contains("line 4"), "{date}");
    let kind = problem("[[account]]\n[[account.user]]\nmfa = [{ kind = \"abacus\" }]\n");
    assert!(
        kind.contains("line 3") && kind.contains("virtual"),
        "{kind}"
    );
}

#[test]
fn a_broken_rule_names_who_breaks_it() {
    let more = |text: &str| problem(&format!("{ORGANIZATION}{text}"));
    for (text, expected) in [
        (
            "[[account]]\nid = \"123\"",
            "account `123`: an account id has twelve digits",
        ),
        (
            "[[account]]\nid = \"222222222222\"",
            "account 222222222222: the id is used twice",
        ),
        (
            "[[account]]\nid = \"333333333333\"\nou = \"X\"",
            "account 333333333333: unknown organizational unit `X`",
        ),
        (
            "[[account.user]]\nname = \"a b\"",
            "account 222222222222, user `a b`: a user name has 1 to 64 characters",
        ),
        (
            "[[account.user]]\nname = \"a\"\n[[account.user]]\nname = \"A\"",
            "user `A`: the name is used twice",
        ),
        (
            "[[account.user]]\nname = \"a\"\nmfa = [{ kind = \"raw\" }]",
            "a raw device has a serial number",
        ),
        (
            "[[account.user]]\nname = \"a\"\nmfa = [{ seed = \"1189\" }]",
            "account 222222222222, MFA device of a: the seed is not Base32",
        ),
        (
            "[[account]]\nid = \"333333333333\"\nunassigned-devices = [{ name = \"d\", seed = \"1\" }]",
            "account 333333333333, MFA device of d: the seed is not Base32",
        ),
        (
            "[[account]]\nid = \"333333333333\"\nhardware-tokens = [{ serial = \"GAHT1\", seed = \"1\" }]",
            "account 333333333333, MFA device of GAHT1: the seed is not Base32",
        ),
        (
            "[[account]]\nid = \"333333333333\"\nroot = { mfa = [{ seed = \"1\" }] }",
            "account 333333333333, MFA device of the root user: the seed is not Base32",
        ),
        (
            "[[ou]]\nname = \"a\"\nparent = \"b\"",
            "organizational unit `b/a`: the parent is not among",
        ),
        (
            "[[scp]]\nid = \"p-1\"\ntarget = \"X\"",
            "service control policy p-1: unknown target `X`",
        ),
        (
            "[caller]\npolicy = \"{}\"",
            "caller: the policy is malformed",
        ),
        (
            "[[fault]]\naction = \"iam:*\"\nrate = 1.5\nkind = \"reset\"",
            "fault of iam:*: a rate is from 0 to 1",
        ),
        (
            "[[fault]]\naction = \"*\"\nkind = { slow = { bytes-per-second = 0 } }",
            "fault of *: the slowest answer has 1 byte a second",
        ),
        (
            "[[scp]]\nid = \"p-1\"\npolicy = \"{}\"",
            "service control policy p-1: the policy is malformed",
        ),
        (
            "[caller]\naccount = \"999999999999\"",
            "caller: unknown account `999999999999`",
        ),
    ] {
        let problem = more(text);
        assert!(problem.contains(expected), "{problem}");
    }
    let long = more(&format!("[[account.user]]\nname = \"{}\"", "x".repeat(65)));
    assert!(long.contains("a user name has 1 to 64 characters"));
    let unit = |it: usize| format!("[[ou]]\nname = \"{it}\"\nparent = \"{}\"\n", path(it - 1));
    let deep = (1..7).map(unit).collect::<String>();
    assert!(more(&deep).contains("at most five deep"));
}

fn path(depth: usize) -> String {
    (1..=depth)
        .map(|it| it.to_string())
        .collect::<Vec<_>>()
        .join("/")
}

#[test]
fn faults_can_be_written_down() {
    let text = r#"
        [[fault]]
        account = "222222222222"
        action = "iam:ListUsers"
        after = 1
        times = 2
        kind = { throttle = { code = "Throttling" } }
        [[fault]]
        action = "iam:*"
        kind = { status = 503 }
        [[fault]]
        action = "*"
        kind = "malformed"
        [[fault]]
        action = "*"
        kind = { deny = { policy = "service-control" } }
        [[fault]]
        action = "*"
        kind = { hang = { seconds = 3 } }
        [[fault]]
        action = "*"
        rate = 0.05
        kind = "reset"
        [[fault]]
        action = "*"
        kind = { slow = { bytes-per-second = 100 } }
    "#;
    let world = World::from_toml(&format!("{ORGANIZATION}{text}")).unwrap();
    let kinds: Vec<_> = world.faults.into_iter().map(|it| it.kind).collect();
    let expected = [
        FaultKind::Throttle {
            code: "Throttling".into(),
        },
        FaultKind::Status(503),
        FaultKind::Malformed,
        FaultKind::Deny {
            message: None,
            policy: PolicyKind::ServiceControl,
        },
        FaultKind::Hang { seconds: 3 },
        FaultKind::Sometimes {
            rate: 0.05,
            kind: Box::new(FaultKind::Reset),
        },
        FaultKind::Slow {
            bytes_per_second: 100,
        },
    ];
    assert_eq!(kinds, expected);
}

#[test]
fn times_can_be_written_in_toml_or_as_text() {
    let text = "[[account]]\nid = \"123456789012\"\n[account.root]\ncreated = ";
    let second = |time: &str| {
        World::from_toml(&format!("{text}{time}")).unwrap().accounts[0]
            .root
            .created
            .as_second()
    };
    let midnight = second("2026-01-01");
    assert_eq!(midnight, 1_767_225_600);
    for same in [
        "\"2026-01-01\"",
        "2026-01-01T00:00:00Z",
        "\"2026-01-01T00:00:00Z\"",
        "2026-01-01T01:00:00+01:00",
    ] {
        assert_eq!(second(same), midnight, "{same}");
    }
}

#[test]
fn the_demo_has_everything_an_audit_can_find() {
    let world = World::from_toml(include_str!("../worlds/demo.toml")).unwrap();
    assert_eq!(
        Timestamp::from_second(World::DEMO_NOW).to_string(),
        "2026-11-24T09:00:00Z"
    );
    assert_eq!(world.accounts.len(), World::demo().accounts.len());
    let kinds: HashSet<_> = world
        .accounts
        .iter()
        .flat_map(|it| &it.users)
        .flat_map(|it| &it.mfa)
        .map(|it| it.kind as u8)
        .collect();
    assert_eq!(kinds.len(), 5);
    assert!(
        world
            .accounts
            .iter()
            .any(|it| it.roles.is_empty() && it.state == "ACTIVE")
    );
    assert_eq!(
        world.accounts.iter().filter(|it| it.providers > 0).count(),
        2
    );
    let states: BTreeSet<_> = world.accounts.iter().map(|it| it.state.as_str()).collect();
    assert_eq!(states, ["ACTIVE", "CLOSED", "SUSPENDED"].into());
    assert!(
        world
            .accounts
            .iter()
            .any(|it| it.root.mfa.iter().any(|it| it.kind == DeviceKind::Fido))
    );
}

#[test]
fn a_generated_world_keeps_the_rules_and_depends_on_the_seed_alone() {
    let world = World::generate(301, 10, 7);
    world.validate().unwrap();
    assert_eq!(world.accounts.len(), 301);
    assert_eq!(
        world
            .accounts
            .iter()
            .map(|it| it.users.len())
            .sum::<usize>(),
        3010
    );
    assert_eq!(
        format!("{world:?}"),
        format!("{:?}", World::generate(301, 10, 7))
    );
    assert_ne!(
        format!("{world:?}"),
        format!("{:?}", World::generate(301, 10, 8))
    );
    let refusing = world
        .accounts
        .iter()
        .filter(|it| it.roles.is_empty())
        .count();
    assert!((1..=15).contains(&refusing), "{refusing}");
    let kinds: HashSet<_> = world
        .accounts
        .iter()
        .flat_map(|it| &it.users)
        .flat_map(|it| &it.mfa)
        .map(|it| it.kind as u8)
        .collect();
    assert_eq!(kinds.len(), 4);
}

#[test]
fn small_and_empty_worlds_can_be_generated() {
    for (accounts, users) in [(0, 0), (1, 0), (1, 1), (2, 1), (3, 0)] {
        let world = World::generate(accounts, users, 1);
        assert_eq!(
            world
                .accounts
                .iter()
                .map(|it| it.users.len())
                .sum::<usize>(),
            accounts * users
        );
        assert!(accounts == 0 || world.validate().is_ok());
    }
}
