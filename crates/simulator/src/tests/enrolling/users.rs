//! IAM users' access keys, and the policies that hold for them.

use super::{Desk, element};

const LIST: &str = r#"{"Statement":{"Effect":"Allow","Action":"iam:List*","Resource":"*"}}"#;
const GET: &str = r#"{"Statement":{"Effect":"Allow","Action":"iam:Get*","Resource":"*"}}"#;
const DENY: &str = r#"{"Statement":{"Effect":"Deny","Action":"iam:ListUsers","Resource":"*"}}"#;

/// Returns whether bob may list users, for a user with these lines.
fn lists(user: &str) -> (u16, String) {
    let more = format!(
        "[[account.policy]]\nname = \"lists\"\npath = \"/p/\"\ndocument = '''{LIST}'''\n\
         [[account.policy]]\nname = \"gets\"\ndocument = '''{GET}'''\n\
         [[account.group]]\nname = \"attached\"\npolicies = [\"lists\"]\n\
         [[account.group]]\nname = \"inline\"\ninline-policies = {{ own = '''{LIST}''' }}\n\
         [[account.group]]\nname = \"denied\"\ninline-policies = {{ own = '''{DENY}''' }}\n\
         [[account.user]]\nname = \"bob\"\naccess-keys = [{{ id = \"AKIABOB\" }}]\n{user}"
    );
    let answer = Desk::in_account("", &more).iam("ListUsers", "");
    (answer.0, answer.2)
}

#[test]
fn a_key_signs_as_its_user() {
    let desk = Desk::of("");
    let identity = desk.client.sts("GetCallerIdentity", "").body;
    assert_eq!(
        element(&identity, "Arn").unwrap(),
        "arn:aws:iam::222222222222:user/team/bob"
    );
    let answer = desk.client.iam("ListAccessKeys", "").body;
    assert_eq!(element(&answer, "AccessKeyId").unwrap(), "AKIABOB");
}

#[test]
fn a_key_without_an_id_signs_with_the_one_that_is_listed() {
    let user = "[[account.user]]\nname = \"eve\"\naccess-keys = [{}]";
    let mut desk = Desk::of(user);
    let answer = desk.client.iam("ListAccessKeys", "UserName=eve").body;
    desk.client.access_key = element(&answer, "AccessKeyId").unwrap();
    let identity = desk.client.sts("GetCallerIdentity", "").body;
    assert!(element(&identity, "Arn").unwrap().ends_with("user/eve"));
}

#[test]
fn only_an_active_key_signs() {
    let user = "[[account.user]]\nname = \"eve\"\naccess-keys = [{ id = \"AKIAEVE\", status = \"Inactive\" }]";
    let mut desk = Desk::of(user);
    desk.sign_in("EVE");
    assert_eq!(desk.iam("ListUsers", "").1, "InvalidClientTokenId");
    desk.client
        .state
        .update(|it| it.accounts[1].users[2].access_keys[0].status = "Active".into());
    assert_eq!(desk.iam("ListUsers", "").1, "AccessDenied");
    desk.client.state.update(|it| {
        it.accounts[1].users.remove(2);
    });
    assert_eq!(desk.iam("ListUsers", "").1, "InvalidClientTokenId");
}

#[test]
fn policies_of_the_user_and_its_groups_hold() {
    let none = lists("");
    assert_eq!(
        none.1,
        "User: arn:aws:iam::222222222222:user/bob is not authorized to perform: iam:ListUsers on resource: \
         arn:aws:iam::222222222222:user/ because no identity-based policy allows the iam:ListUsers action"
    );
    for user in [
        format!("inline-policies = {{ own = '''{LIST}''' }}"),
        "policies = [\"lists\"]".into(),
        "policies = [\"arn:aws:iam::222222222222:policy/p/lists\"]".into(),
        "policies = [\"arn:aws:iam::aws:policy/AdministratorAccess\"]".into(),
        "groups = [\"attached\"]".into(),
        "groups = [\"inline\"]".into(),
    ] {
        assert_eq!(lists(&user).0, 200, "{user}");
    }
    for user in [
        "policies = [\"gets\"]",
        "policies = [\"arn:aws:iam::222222222222:policy/lists\"]",
        "policies = [\"arn:aws:iam::aws:policy/ReadOnlyAccess\"]",
    ] {
        assert_eq!(lists(user).0, 403, "{user}");
    }
    let denied = lists("policies = [\"lists\"]\ngroups = [\"denied\"]").1;
    assert!(
        denied.ends_with("with an explicit deny in an identity-based policy"),
        "{denied}"
    );
}

#[test]
fn a_boundary_and_service_control_policies_hold_too() {
    let both = "policies = [\"lists\"]\nboundary = \"lists\"";
    assert_eq!(lists(both).0, 200);
    let outside = lists("policies = [\"lists\"]\nboundary = \"gets\"").1;
    assert!(
        outside.ends_with("because no permissions boundary allows the iam:ListUsers action"),
        "{outside}"
    );
    let scp = "policies = [\"lists\"]\n[[scp]]\nid = \"p-1\"\ndeny = [\"iam:ListUsers\"]";
    let denied = lists(scp).1;
    assert!(
        denied.contains("with an explicit deny in a service control policy"),
        "{denied}"
    );
}

#[test]
fn aws_own_policies_are_those_of_the_partition() {
    let text = format!(
        "partition = \"aws-us-gov\"\n{}[[account.user]]\nname = \"bob\"\naccess-keys = [{{ id = \"AKIABOB\" }}]\n\
         policies = [\"arn:aws-us-gov:iam::aws:policy/IAMUserChangePassword\", \
         \"arn:aws-us-gov:iam::aws:policy/AdministratorAccess\"]",
        super::ORGANIZATION
    );
    let desk = Desk::in_world(crate::World::from_toml(&text).unwrap());
    let serial = desk.enrol("bob", "phone");
    assert_eq!(serial, "arn:aws-us-gov:iam::222222222222:mfa/phone");
    assert_eq!(desk.devices("bob"), [serial]);
}
