//! Who is given what in random accounts: it follows from names, and so does the truth about it.

use std::collections::BTreeMap;

use rules::Status;
use simulator::{Account, Group, ManagedPolicy, Role, User};

const ALL: &str = r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
const SOME: &str = r#"{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#;
const PERHAPS: &str = r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*",
    "Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}}}"#;

/// Gives the users policies and groups, and an account that can be entered roles for users.
pub(super) fn give(account: &mut Account) {
    let managed = |name: &str, document: &str| ManagedPolicy {
        name: name.to_owned(),
        document: document.to_owned(),
        ..ManagedPolicy::default()
    };
    account.policies = vec![managed("copy", ALL), managed("limit", SOME)];
    account.groups = vec![Group {
        name: "admins".to_owned(),
        policies: vec!["copy".to_owned()],
        ..Group::default()
    }];
    let users = account.users.iter_mut().chain(&mut account.deleted_users);
    users.for_each(give_user);
    if account.roles.is_empty() {
        return;
    }
    for (name, condition) in [
        ("open", "{}"),
        (
            "careful",
            r#"{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#,
        ),
    ] {
        let trust = format!(
            r#"{{"Statement":{{"Effect":"Allow","Principal":{{"AWS":"111111111111"}},
                "Action":"sts:AssumeRole","Condition":{condition}}}}}"#
        );
        account.roles.push(Role {
            name: name.to_owned(),
            trust_policy: Some(trust),
            ..Role::default()
        });
    }
}

fn give_user(user: &mut User) {
    let of_aws = |name: &str| format!("arn:aws:iam::aws:policy/{name}");
    let inline = |document: &str| BTreeMap::from([("own".to_owned(), document.to_owned())]);
    match user.name.as_str() {
        "alice" => user.groups = vec!["admins".to_owned()],
        "a+b=c@d.e" => user.inline_policies = inline(ALL),
        "groot" => user.policies = vec![of_aws("PowerUserAccess")],
        "Doe,Jane" => {
            user.policies = vec![of_aws("AdministratorAccess")];
            user.boundary = Some("limit".to_owned());
        }
        "robot_1" => user.inline_policies = inline(PERHAPS),
        _ => {}
    }
}

/// Tells whether a user is an administrator; of one, that is not to be told.
pub(super) fn is_administrator(name: &str) -> Option<bool> {
    (name != "robot_1").then(|| ["alice", "a+b=c@d.e"].contains(&name))
}

/// Returns the status of a user as to policies of its own.
pub(super) fn direct_policy_status(name: &str) -> Status {
    if ["alice", "root-account-mfa-device"].contains(&name) {
        Status::Pass
    } else {
        Status::Fail
    }
}

/// Returns the status of a role. The one for audits trusts the management account.
pub(super) fn role_status(resource: &str) -> Status {
    if resource == "role/careful" {
        Status::Pass
    } else {
        Status::Fail
    }
}
