//! IAM's credentials for single services.

use crate::authorize::Resource;
use crate::call::Call;
use crate::error::ApiError;
use crate::iam::write_page;
use crate::random;
use crate::world::{ServiceCredential, User};
use crate::xml::Xml;

pub(super) fn list_service_specific_credentials(call: &Call) -> Result<Xml, ApiError> {
    let account = call.own_account()?;
    let name = call.text("UserName");
    let all = call.text("AllUsers") == Some("true");
    if all && name.is_some() {
        let message = "UserName and AllUsers cannot be specified together.";
        return Err(ApiError::validation(message));
    }
    let place = name.map_or("user/*".to_owned(), |it| format!("user/{it}"));
    call.authorize(&Resource::arn(call.iam_arn(&place)))?;
    let users = match name {
        Some(name) => {
            let directory = call.index.directory(&account.id);
            let missing =
                || ApiError::no_such_entity(format!("The user with name {name} cannot be found."));
            let user = directory.and_then(|it| it.user(account, name));
            std::slice::from_ref(user.ok_or_else(missing)?)
        }
        None => account.users.as_slice(),
    };
    let wanted = call.text("ServiceName");
    let of_user = |user| service_credentials(user).map(move |(place, it)| (user, place, it));
    let credentials: Vec<(&User, usize, &ServiceCredential)> = users
        .iter()
        .flat_map(of_user)
        .filter(|(_, _, it)| wanted.is_none_or(|wanted| it.service == wanted))
        .collect();
    write_page(
        call,
        "ServiceSpecificCredentials",
        &credentials,
        |xml, (user, place, it)| {
            let parts = [
                account.id.as_str(),
                "credential",
                &user.name,
                &place.to_string(),
            ];
            xml.text("UserName", &user.name)
                .text("Status", &it.status)
                .text(
                    "ServiceUserName",
                    format!("{}-at-{}", user.name, account.id),
                )
                .text("CreateDate", it.created)
                .text(
                    "ServiceSpecificCredentialId",
                    format!("ACCA{}", random::code(&parts, 16)),
                )
                .text("ServiceName", &it.service);
            xml.optional("ExpirationDate", it.expires);
        },
    )
}

fn service_credentials(user: &User) -> impl Iterator<Item = (usize, &ServiceCredential)> {
    user.service_credentials.iter().enumerate()
}
