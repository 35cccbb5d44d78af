//! IAM's operations on users and their console passwords.

use crate::authorize::Resource;
use crate::call::Call;
use crate::error::ApiError;
use crate::iam::owner::{Owner, must_name_user};
use crate::iam::write_page;
use crate::world::User;
use crate::xml::Xml;

pub(super) fn list_users(call: &Call) -> Result<Xml, ApiError> {
    let account = call.own_account()?;
    let prefix = call.text("PathPrefix").unwrap_or("/");
    call.authorize(&Resource::arn(call.iam_arn(&format!("user{prefix}"))))?;
    if prefix == "/" {
        return write_page(call, "Users", &account.users, |xml, user| {
            write_user(xml, call, user);
        });
    }
    let users: Vec<&User> = account
        .users
        .iter()
        .filter(|it| it.path.starts_with(prefix))
        .collect();
    write_page(call, "Users", &users, |xml, user| {
        write_user(xml, call, user);
    })
}

pub(super) fn get_user(call: &Call) -> Result<Xml, ApiError> {
    let owner = Owner::authorized(call)?;
    let mut xml = Xml::default();
    xml.element("User", |xml| match owner {
        Owner::User(_, user) => write_user(xml, call, user),
        // The root user has neither a name nor a path, and `PasswordLastUsed` has not been seen for it.
        Owner::Root(account) => {
            xml.text("UserId", &account.id)
                .text("Arn", call.iam_arn("root"))
                .text("CreateDate", account.root.created);
        }
    });
    Ok(xml)
}

pub(super) fn list_user_tags(call: &Call) -> Result<Xml, ApiError> {
    match Owner::authorized(call)? {
        Owner::User(..) => write_page(call, "Tags", &[(); 0], |_, ()| {}),
        Owner::Root(_) => Err(must_name_user()),
    }
}

pub(super) fn get_login_profile(call: &Call) -> Result<Xml, ApiError> {
    let owner = Owner::authorized(call)?;
    let Some(password) = owner.password() else {
        // Word for word what AWS says, of the root user too.
        let name = owner.name().unwrap_or("null");
        let message = format!("Login Profile for User {name} cannot be found.");
        return Err(ApiError::no_such_entity(message));
    };
    let mut xml = Xml::default();
    xml.element("LoginProfile", |xml| {
        owner.write_name(xml);
        xml.text(
            "CreateDate",
            password.last_changed.unwrap_or(owner.created()),
        );
        xml.text("PasswordResetRequired", password.reset_required);
    });
    Ok(xml)
}

fn write_user(xml: &mut Xml, call: &Call, user: &User) {
    let (partition, account) = (call.world.partition, &call.principal.account);
    xml.text("Path", &user.path)
        .text("UserName", &user.name)
        .text("UserId", user.id(account));
    xml.text("Arn", user.arn_in(partition, account))
        .text("CreateDate", user.created);
    xml.optional(
        "PasswordLastUsed",
        user.password.as_ref().and_then(|it| it.last_used),
    );
}
