//! The listings of Organizations, in pages of at most twenty.

use std::sync::atomic::Ordering;

use serde_json::{Map, Value, json};

use crate::call::Call;
use crate::error::ApiError;
use crate::organizations::{account_not_found, shapes};
use crate::paging::{Quirk, Window};
use crate::world::{Account, Organization};

type Listing = Result<Value, ApiError>;

pub(super) fn list_accounts(call: &Call, organization: &Organization) -> Listing {
    let pages = &call.state.account_pages;
    let served = pages.load(Ordering::Relaxed);
    let accounts = &call.world.accounts;
    let answer = page(call, organization, "Accounts", accounts, |it| {
        it.is_listed(served)
            .then(|| shapes::account(call, organization, it))
    })?;
    pages.fetch_add(1, Ordering::Relaxed);
    Ok(answer)
}

pub(super) fn list_accounts_for_parent(call: &Call, organization: &Organization) -> Listing {
    let children = call.index.children(parent(call, organization)?);
    let served = call.state.account_pages.load(Ordering::Relaxed);
    page(
        call,
        organization,
        "Accounts",
        &children.accounts,
        |place| {
            let account = call.world.accounts.get(*place);
            account
                .filter(|it| it.is_listed(served))
                .map(|it| shapes::account(call, organization, it))
        },
    )
}

pub(super) fn list_organizational_units_for_parent(
    call: &Call,
    organization: &Organization,
) -> Listing {
    let children = call.index.children(parent(call, organization)?);
    page(
        call,
        organization,
        "OrganizationalUnits",
        &children.units,
        |it| shapes::unit(call, organization, *it),
    )
}

pub(super) fn list_roots(call: &Call, organization: &Organization) -> Listing {
    let (id, root) = (&organization.id, &organization.root_id);
    let arn = shapes::arn(
        call.world.partition,
        organization,
        &format!("root/{id}/{root}"),
    );
    let types = if organization.has_service_control_policies() {
        json!([{ "Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED" }])
    } else {
        json!([])
    };
    let roots = [json!({ "Id": root, "Arn": arn, "Name": "Root", "PolicyTypes": types })];
    page(call, organization, "Roots", &roots, |it| Some(it.clone()))
}

pub(super) fn list_parents(call: &Call, organization: &Organization) -> Listing {
    let root = organization.root_id.as_str();
    let child = call.text("ChildId").unwrap_or_default();
    let parent = if let Some(account) = call.account(child) {
        call.index
            .unit_by_path(&account.ou)
            .map_or(root, |it| it.id.as_str())
    } else if let Some(unit) = call
        .index
        .unit_by_id(child)
        .and_then(|it| call.index.unit(it))
    {
        unit.parent.as_str()
    } else {
        let message = "You specified an organizational unit or an account that doesn't exist.";
        return Err(ApiError::new("ChildNotFoundException", 400, message));
    };
    let kind = if parent == root {
        "ROOT"
    } else {
        "ORGANIZATIONAL_UNIT"
    };
    page(call, organization, "Parents", &[parent], |it| {
        Some(json!({ "Id": it, "Type": kind }))
    })
}

pub(super) fn list_children(call: &Call, organization: &Organization) -> Listing {
    let children = call.index.children(parent(call, organization)?);
    let kind = call.text("ChildType").unwrap_or_default();
    let shape = |id: &str| Some(json!({ "Id": id, "Type": kind }));
    match kind {
        "ACCOUNT" => page(call, organization, "Children", &children.accounts, |it| {
            call.world.accounts.get(*it).and_then(|it| shape(&it.id))
        }),
        "ORGANIZATIONAL_UNIT" => page(call, organization, "Children", &children.units, |it| {
            call.index.unit(*it).and_then(|it| shape(&it.id))
        }),
        _ => Err(ApiError::invalid_input("INVALID_ENUM")),
    }
}

pub(super) fn list_tags_for_resource(call: &Call, organization: &Organization) -> Listing {
    let id = call.text("ResourceId").unwrap_or_default();
    let known = call.account(id).is_some()
        || call.index.unit_by_id(id).is_some()
        || id == organization.root_id;
    if !known {
        return Err(ApiError::new(
            "TargetNotFoundException",
            400,
            "You specified a target that doesn't exist.",
        ));
    }
    let tags: Vec<_> = call
        .account(id)
        .into_iter()
        .flat_map(|it| &it.tags)
        .collect();
    page(call, organization, "Tags", &tags, |(key, value)| {
        Some(json!({ "Key": key, "Value": value }))
    })
}

pub(super) fn list_delegated_administrators(call: &Call, organization: &Organization) -> Listing {
    let of_iam = call.text("ServicePrincipal") == Some("iam.amazonaws.com");
    let all = &organization.delegated_administrators;
    let administrators = match &organization.iam_administrators {
        Some(of_iam_alone) if of_iam => of_iam_alone,
        Some(_) | None => all,
    };
    page(
        call,
        organization,
        "DelegatedAdministrators",
        administrators,
        |id| {
            let account: &Account = call.account(id)?;
            let mut shape = shapes::account(call, organization, account);
            let members = shape.as_object_mut()?;
            members.remove("Paths");
            members.insert(
                "DelegationEnabledDate".into(),
                account.joined.at.as_second().into(),
            );
            Some(shape)
        },
    )
}

pub(super) fn list_aws_service_access(call: &Call, organization: &Organization) -> Listing {
    let since = call
        .account(&organization.management_account)
        .ok_or_else(account_not_found)?
        .joined
        .at
        .as_second();
    page(
        call,
        organization,
        "EnabledServicePrincipals",
        &organization.trusted_services,
        |it| Some(json!({ "ServicePrincipal": it, "DateEnabled": since })),
    )
}

/// Returns the id of the parent that a call names.
fn parent<'a>(call: &Call<'a>, organization: &Organization) -> Result<&'a str, ApiError> {
    let known = |id: &&str| *id == organization.root_id || call.index.unit_by_id(id).is_some();
    let missing = || {
        let message = "You specified a root or organizational unit that doesn't exist.";
        ApiError::new("ParentNotFoundException", 400, message)
    };
    call.text("ParentId").filter(known).ok_or_else(missing)
}

pub(super) fn page<T>(
    call: &Call,
    organization: &Organization,
    member: &str,
    items: &[T],
    shape: impl FnMut(&T) -> Option<Value>,
) -> Listing {
    let limit = match call.input.number("MaxResults") {
        Ok(None) => 20,
        Ok(Some(it)) if it < 1 => return Err(ApiError::invalid_input("MIN_VALUE_EXCEEDED")),
        Ok(Some(it)) if it > 20 => return Err(ApiError::invalid_input("MAX_VALUE_EXCEEDED")),
        Ok(Some(it)) => usize::try_from(it).unwrap_or(20),
        Err(_) => return Err(ApiError::new("SerializationException", 400, "")),
    };
    let every_other_empty = organization.empty_pages && call.quirk == Quirk::None;
    let quirk = if every_other_empty {
        Quirk::EveryOtherEmpty
    } else {
        call.quirk
    };
    let invalid = || ApiError::invalid_input("INVALID_NEXT_TOKEN");
    let window = Window::open(call.name, call.text("NextToken"), limit).ok_or_else(invalid)?;
    let page = window.page(items.len(), quirk);
    let mut members = Map::new();
    members.insert(
        member.to_owned(),
        page.of(items).filter_map(shape).collect(),
    );
    if let Some(next) = page.next {
        members.insert("NextToken".into(), next.into());
    }
    Ok(Value::Object(members))
}
