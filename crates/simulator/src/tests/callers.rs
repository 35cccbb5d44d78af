//! What the caller may be, besides the usual IAM user.

use super::{Client, element};

const ROLE: &str = "RoleArn=arn:aws:iam::222222222222:role/audit&RoleSessionName=mfaudit";

#[test]
fn a_caller_can_be_a_roles_session() {
    let client = Client::of_toml("");
    client.state.update(|world| {
        world.caller.arn = "arn:aws:sts::111111111111:assumed-role/auditor/ci".into();
        world.accounts[1].roles[0].trust = vec!["arn:aws:iam::111111111111:role/auditor".into()];
    });
    assert_eq!(client.sts("AssumeRole", ROLE).status, 200);
    let identity = client.sts("GetCallerIdentity", "").body;
    let user_id = element(&identity, "UserId").unwrap();
    assert!(user_id.starts_with("AROA") && user_id.ends_with(":ci"));
}

#[test]
fn a_user_without_a_name_asks_for_itself() {
    let client = Client::of_toml("");
    let user = crate::User {
        name: "mfaudit".into(),
        ..crate::User::default()
    };
    client
        .state
        .update(|world| world.accounts[0].users.push(user));
    let own = client.iam("GetUser", "").body;
    let identity = client.sts("GetCallerIdentity", "").body;
    assert_eq!(element(&own, "Arn"), element(&identity, "Arn"));
    assert_eq!(element(&own, "UserId"), element(&identity, "UserId"));
    assert_eq!(client.iam("ListMFADevices", "").status, 200);
}
