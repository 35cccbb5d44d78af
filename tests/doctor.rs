//! The doctor: what would be missing, before the first audit.

use simulator::{Account, Organization, OrganizationalUnit, Role, ServiceControlPolicy, World};

use crate::harness::{Run, Stage};

const OWN: &str = "111111111111";
const SCP: &str =
    "arn:aws:organizations::111111111111:policy/o-a1b2c3d4e5/service_control_policy/p-lockdown";

fn account(id: &str, name: &str) -> Account {
    Account {
        id: id.to_owned(),
        name: name.to_owned(),
        roles: vec![role(None)],
        ..Account::default()
    }
}

fn role(denied: Option<&str>) -> Role {
    let policy = denied.map(|action| {
        format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","NotAction":"{action}","Resource":"*"}}]}}"#
        )
    });
    Role {
        name: "mfaudit-audit".to_owned(),
        policy,
        ..Role::default()
    }
}

/// An organization in which all is well.
fn sound() -> World {
    World {
        organization: Some(Organization {
            management_account: OWN.to_owned(),
            ..Organization::default()
        }),
        accounts: vec![
            Account {
                roles: Vec::new(),
                ..account(OWN, "management")
            },
            account("222222222222", "web"),
        ],
        ..World::default()
    }
}

/// An organization with a bit of all that keeps audits from seeing.
fn troubled() -> World {
    let mut world = sound();
    world.ous.push(OrganizationalUnit {
        name: "Locked".to_owned(),
        parent: String::new(),
    });
    world.scps.push(ServiceControlPolicy {
        id: "p-lockdown".to_owned(),
        target: "Locked".to_owned(),
        deny: vec!["iam:ListUsers".to_owned()],
        ..ServiceControlPolicy::default()
    });
    let locked = |id: &str| Account {
        ou: "Locked".to_owned(),
        ..account(id, "")
    };
    world.accounts.extend([
        // Not in order, so that the report must see to it.
        Account {
            roles: Vec::new(),
            ..account("999999999999", "no-role")
        },
        locked("777777777777"),
        locked("333333333333"),
        locked("555555555555"),
        locked("444444444444"),
        Account {
            roles: vec![role(Some("iam:ListMFADevices"))],
            ..account("666666666666", "too-\u{1b}[31mlittle")
        },
        Account {
            state: "CLOSED".to_owned(),
            roles: Vec::new(),
            ..account("888888888888", "gone")
        },
    ]);
    world
}

fn check(run: &Run, status: i32, expected: &[&str]) {
    assert_eq!(run.status, status, "{}{}", run.stdout, run.stderr);
    for text in expected {
        assert!(run.stdout.contains(text), "no `{text}` in:\n{}", run.stdout);
    }
    assert_eq!(run.notes(), [""; 0]);
}

/// Returns what does not depend on when a second of the clock ends.
fn timeless(text: &str) -> Vec<&str> {
    let lines = text.lines();
    lines.filter(|it| !it.contains(" s from AWS's")).collect()
}

#[test]
fn where_nothing_is_missing_it_says_so_of_every_account() {
    let run = Stage::new(sound()).run(&["doctor", "--all"]);
    check(
        &run,
        0,
        &[
            "ok       accounts      2 to audit: 2 can be entered, 2 answer every call\n",
            "An audit would see everything it asks for here. Start one: mfaudit audit\n",
        ],
    );
    assert!(!run.stdout.contains("missing"), "{}", run.stdout);
}

#[test]
fn causes_are_told_with_their_policies_the_most_accounts_first() {
    let stage = Stage::new(troubled());
    let run = stage.run(&["doctor", "--all"]);
    let causes = format!(
        "
What is missing, by cause:

[1] 4 accounts: iam:ListUsers: access denied, by service control policy {SCP}
    333333333333, 444444444444, 555555555555 and 1 more
    To do: exempt the role mfaudit-audit in it

[2] 1 account: iam:ListMFADevices: access denied, by identity-based policy
    666666666666 (too-\\u{{1b}}[31mlittle)
    To do: allow iam:ListMFADevices to the role mfaudit-audit: mfaudit policy --for member prints the statement

[3] 1 account: sts:AssumeRole on arn:aws:iam::*:role/mfaudit-audit: the account could not be entered
    999999999999 (no-role)
    To do: the role mfaudit-audit is missing there, or does not trust the caller: deploy mfaudit policy --for member --as cloudformation (for the management account: --for management)

Accounts where something is missing:

333333333333  [1] iam:ListUsers
444444444444  [1] iam:ListUsers
555555555555  [1] iam:ListUsers
666666666666  [2] iam:ListMFADevices
777777777777  [1] iam:ListUsers
999999999999  [3] sts:AssumeRole
"
    );
    check(
        &run,
        4,
        &[
            "MISSING  accounts      8 to audit: 7 can be entered, 2 answer every call\n",
            "note     accounts      1 not active, and so neither tried nor audited: 888888888888 (closed)\n",
            &causes,
        ],
    );
    assert!(run.stdout.ends_with(&causes), "{}", run.stdout);
    let again = stage.run(&["doctor", "--all"]);
    assert_eq!(timeless(&again.stdout), timeless(&run.stdout));
    let journal = stage.simulator().journal();
    let closed = journal.iter().filter(|it| it.account == "888888888888");
    assert_eq!(closed.count(), 0, "a closed account was asked");
}

/// One policy that denies several calls to the same accounts is one cause.
#[test]
fn a_policy_that_denies_several_calls_is_told_once() {
    let mut world = troubled();
    world.scps[0].deny = vec!["iam:List*".to_owned()];
    let run = Stage::new(world).run(&["doctor", "--all"]);
    let actions =
        "iam:ListAccessKeys, iam:ListMFADevices, iam:ListUsers, iam:ListVirtualMFADevices";
    check(
        &run,
        4,
        &[
            &format!("[1] 4 accounts: {actions}: access denied, by service control policy {SCP}\n"),
            &format!("\n777777777777  [1] {actions}\n"),
        ],
    );
}

#[test]
fn what_the_caller_lacks_itself_is_told_of_the_caller() {
    let mut world = sound();
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":["iam:ListUsers","organizations:ListRoots","sts:AssumeRole"],"Resource":"*"}]}"#;
    world.caller.policy = Some(policy.to_owned());
    let run = Stage::new(world).run(&["doctor", "--all", "--role-path", "/security/"]);
    let entry = "sts:AssumeRole on arn:aws:iam::*:role/security/mfaudit-audit";
    check(
        &run,
        4,
        &[
            "[1] 1 account: iam:ListUsers: access denied, by identity-based policy\n    111111111111 (management)\n    To do: allow iam:ListUsers to the caller: mfaudit policy --for management prints",
            &format!(
                "{entry}: the account could not be entered, by identity-based policy\n    222222222222 (web)\n    To do: allow {entry} to the caller: mfaudit policy --for management prints"
            ),
            "MISSING  organization  organizations:ListRoots",
            "Add to the caller's policy:\n",
            "\"organizations:ListRoots\"",
        ],
    );
}

#[test]
fn arns_are_in_the_caller_s_partition() {
    let mut world = sound();
    world.caller.arn = format!("arn:aws-us-gov:iam::{OWN}:user/mfaudit");
    world.accounts[1].roles.clear();
    let stage = Stage::new(world);
    let role = "arn:aws-us-gov:iam::*:role/mfaudit-audit";
    let run = stage.run(&["doctor", "--all"]);
    check(
        &run,
        4,
        &[&format!("[1] 1 account: sts:AssumeRole on {role}: ")],
    );
    let run = stage.run(&["doctor"]);
    check(&run, 4, &[&format!("\"Resource\": \"{role}\"")]);
}

#[test]
fn all_and_one_account_cannot_both_be_meant() {
    let run = Stage::new(sound()).run(&["doctor", "--all", "--account", "222222222222"]);
    assert_eq!(run.status, 2, "{}", run.stderr);
    assert!(run.stderr.contains("--all"), "{}", run.stderr);
}

#[test]
fn without_all_the_caller_s_account_and_one_member_are_tried_and_each_call_is_told() {
    let stage = Stage::new(troubled());
    let run = stage.run(&["doctor"]);
    check(
        &run,
        0,
        &[
            "ok       111111111111  iam:ListUsers\n",
            "ok       222222222222  sts:AssumeRole\n",
            "ok       222222222222  iam:ListAccessKeys\n",
        ],
    );
    assert!(!run.stdout.contains("333333333333"), "{}", run.stdout);
    let run = stage.run(&["doctor", "--account", "333333333333"]);
    check(
        &run,
        4,
        &[
            "MISSING  333333333333  iam:ListUsers: ",
            &format!("{SCP} denies calls of the audit: exempt the role mfaudit-audit in it."),
        ],
    );
}

#[test]
fn many_accounts_are_tried_and_told_in_order() {
    let mut world = sound();
    for number in 0..100_u64 {
        let mut it = account(&(300_000_000_000 + number * 7).to_string(), "");
        if number % 3 == 0 {
            it.roles.clear();
        }
        world.accounts.push(it);
    }
    let run = Stage::new(world).run(&["doctor", "--all"]);
    check(
        &run,
        4,
        &[
            "102 to audit: 68 can be entered, 68 answer every call",
            "[1] 34 accounts: sts:AssumeRole",
            "    300000000000, 300000000021, 300000000042 and 31 more\n",
        ],
    );
    let told = run.stdout.lines().filter(|it| it.starts_with("3000000"));
    let told: Vec<_> = told.collect();
    assert_eq!(told.len(), 34);
    assert!(told.is_sorted(), "{told:?}");
}
