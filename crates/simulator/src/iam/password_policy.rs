//! The account's password policy.

use crate::authorize::Resource;
use crate::call::Call;
use crate::error::ApiError;
use crate::xml::Xml;

pub(super) fn get_account_password_policy(call: &Call) -> Result<Xml, ApiError> {
    let account = call.own_account()?;
    call.authorize(&Resource::any())?;
    let Some(policy) = &account.password_policy else {
        let message = format!(
            "The Password Policy with domain name {} cannot be found.",
            account.id
        );
        return Err(ApiError::no_such_entity(message));
    };
    let mut xml = Xml::default();
    xml.element("PasswordPolicy", |xml| {
        xml.text("MinimumPasswordLength", policy.minimum_length)
            .text("RequireSymbols", false)
            .text("RequireNumbers", false)
            .text("RequireUppercaseCharacters", false)
            .text("RequireLowercaseCharacters", false)
            .text("AllowUsersToChangePassword", true)
            .text("ExpirePasswords", policy.max_age.is_some());
        xml.optional("MaxPasswordAge", policy.max_age);
        xml.optional("PasswordReusePrevention", policy.reuse_prevention);
    });
    Ok(xml)
}
