//! IAM's operations on access keys.

use crate::authorize::Resource;
use crate::call::Call;
use crate::error::ApiError;
use crate::iam::{authorized_user, write_page};
use crate::xml::Xml;

pub(super) fn list_access_keys(call: &Call) -> Result<Xml, ApiError> {
    let (account, user) = authorized_user(call)?;
    let keys: Vec<_> = user.access_keys.iter().enumerate().collect();
    write_page(call, "AccessKeyMetadata", &keys, |xml, (place, key)| {
        xml.text("UserName", &user.name)
            .text("AccessKeyId", key.id(&account.id, &user.name, *place));
        xml.text("Status", &key.status)
            .text("CreateDate", key.created);
    })
}

pub(super) fn get_access_key_last_used(call: &Call) -> Result<Xml, ApiError> {
    let account = call.own_account()?;
    call.authorize(&Resource::any())?;
    let id = call.text("AccessKeyId").unwrap_or_default();
    let keys = account.users.iter().flat_map(|user| {
        user.access_keys
            .iter()
            .enumerate()
            .map(move |it| (user, it))
    });
    let mut found =
        keys.filter(|(user, (place, key))| key.id(&account.id, &user.name, *place) == id);
    let Some((user, (_, key))) = found.next() else {
        // AWS does not tell a key that does not exist from one of another account.
        let message = format!(
            "User is not authorized to perform: iam:GetAccessKeyLastUsed on resource: access key {id}"
        );
        return Err(call.service.denied(message));
    };
    let last_used = key.last_used;
    let or_none = |text: &str| last_used.map_or_else(|| "N/A".to_owned(), |_| text.to_owned());
    let mut xml = Xml::default();
    xml.text("UserName", &user.name)
        .element("AccessKeyLastUsed", |xml| {
            xml.optional("LastUsedDate", last_used);
            xml.text("ServiceName", or_none(&key.last_used_service))
                .text("Region", or_none(&key.last_used_region));
        });
    Ok(xml)
}
