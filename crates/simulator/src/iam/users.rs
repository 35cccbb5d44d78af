//! IAM's operations on users and their console passwords.

use crate::authorize::Resource;
use crate::call::Call;
use crate::error::ApiError;
use crate::iam::{authorized_user, write_page};
use crate::world::{Account, User};
use crate::xml::Xml;

pub(super) fn list_users(call: &Call) -> Result<Xml, ApiError> {
    let account = call.own_account()?;
    let prefix = call.text("PathPrefix").unwrap_or("/");
    call.authorize(&Resource::arn(format!(
        "arn:aws:iam::{}:user{prefix}",
        account.id
    )))?;
    if prefix == "/" {
        return write_page(call, "Users", &account.users, |xml, user| {
            write_user(xml, account, user);
        });
    }
    let users: Vec<&User> = account
        .users
        .iter()
        .filter(|it| it.path.starts_with(prefix))
        .collect();
    write_page(call, "Users", &users, |xml, user| {
        write_user(xml, account, user);
    })
}

pub(super) fn get_user(call: &Call) -> Result<Xml, ApiError> {
    let (account, user) = authorized_user(call)?;
    let mut xml = Xml::default();
    xml.element("User", |xml| write_user(xml, account, user));
    Ok(xml)
}

pub(super) fn list_user_tags(call: &Call) -> Result<Xml, ApiError> {
    authorized_user(call)?;
    write_page(call, "Tags", &[(); 0], |_, ()| {})
}

pub(super) fn get_login_profile(call: &Call) -> Result<Xml, ApiError> {
    let (_, user) = authorized_user(call)?;
    let Some(password) = &user.password else {
        let message = format!("Login Profile for User {} cannot be found.", user.name);
        return Err(ApiError::no_such_entity(message));
    };
    let mut xml = Xml::default();
    xml.element("LoginProfile", |xml| {
        xml.text("UserName", &user.name);
        xml.text("CreateDate", password.last_changed.unwrap_or(user.created));
        xml.text("PasswordResetRequired", password.reset_required);
    });
    Ok(xml)
}

fn write_user(xml: &mut Xml, account: &Account, user: &User) {
    xml.text("Path", &user.path)
        .text("UserName", &user.name)
        .text("UserId", user.id(&account.id));
    xml.text("Arn", user.arn(&account.id))
        .text("CreateDate", user.created);
    xml.optional(
        "PasswordLastUsed",
        user.password.as_ref().and_then(|it| it.last_used),
    );
}
