//! IAM's operations on access keys.

use crate::authorize::Resource;
use crate::call::Call;
use crate::error::ApiError;
use crate::iam::owner::Owner;
use crate::iam::write_page;
use crate::world::{AccessKey, Account};
use crate::xml::Xml;

pub(super) fn list_access_keys(call: &Call) -> Result<Xml, ApiError> {
    let owner = Owner::authorized(call)?;
    let keys: Vec<_> = owner.access_keys().iter().enumerate().collect();
    write_page(call, "AccessKeyMetadata", &keys, |xml, (place, key)| {
        owner.write_name(xml);
        xml.text("AccessKeyId", owner.access_key_id(*place, key))
            .text("Status", &key.status)
            .text("CreateDate", key.created);
    })
}

pub(super) fn get_access_key_last_used(call: &Call) -> Result<Xml, ApiError> {
    let account = call.own_account()?;
    call.authorize(&if call.principal.is_assumed_root() {
        Resource::arn(call.iam_arn("root"))
    } else {
        Resource::any()
    })?;
    let id = call.text("AccessKeyId").unwrap_or_default();
    let Some((owner, key)) = find(call, account, id) else {
        // AWS does not tell a key that does not exist from one of another account.
        let message = format!(
            "User is not authorized to perform: iam:GetAccessKeyLastUsed on resource: access key {id}"
        );
        return Err(call.service.denied(message));
    };
    let last_used = key.last_used;
    let or_none = |text: &str| last_used.map_or_else(|| "N/A".to_owned(), |_| text.to_owned());
    let mut xml = Xml::default();
    owner.write_name(&mut xml);
    xml.element("AccessKeyLastUsed", |xml| {
        xml.optional("LastUsedDate", last_used);
        xml.text("ServiceName", or_none(&key.last_used_service))
            .text("Region", or_none(&key.last_used_region));
    });
    Ok(xml)
}

/// Returns the key with this id, which is the root user's in a root session and else a user's.
fn find<'a>(call: &Call<'a>, account: &'a Account, id: &str) -> Option<(Owner<'a>, &'a AccessKey)> {
    let (owner, place) = if call.principal.is_assumed_root() {
        let owner = Owner::Root(account);
        let mut keys = owner.access_keys().iter().enumerate();
        let (place, _) = keys.find(|(place, it)| owner.access_key_id(*place, it) == id)?;
        (owner, place)
    } else {
        let (user, place) = call.index.directory(&account.id)?.key_owner(account, id)?;
        (Owner::User(account, user), place)
    };
    Some((owner, owner.access_keys().get(place)?))
}
