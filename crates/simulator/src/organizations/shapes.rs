//! How Organizations writes accounts and organizational units.

use serde_json::{Value, json};

use crate::call::Call;
use crate::error::Service;
use crate::world::{Account, Organization, Partition};

/// Returns an ARN of Organizations, all of which belong to the management account.
pub(super) fn arn(partition: Partition, organization: &Organization, resource: &str) -> String {
    let management = &organization.management_account;
    partition.arn(Service::Organizations, management, resource)
}

/// Returns an account as `ListAccounts` shows it.
pub(super) fn account(call: &Call, organization: &Organization, account: &Account) -> Value {
    let id = &account.id;
    let mut shape = json!({
        "Id": id,
        "Arn": arn(call.world.partition, organization, &format!("account/{}/{id}", organization.id)),
        "Email": account.address(),
        "Name": account.name,
        "JoinedMethod": account.joined.method,
        "JoinedTimestamp": account.joined.at.as_second(),
    });
    let Some(members) = shape.as_object_mut() else {
        return shape;
    };
    if !organization.omit_state {
        members.insert("State".into(), account.state.as_str().into());
    }
    if !organization.omit_status {
        members.insert("Status".into(), account.status().into());
    }
    if !organization.omit_paths {
        let root = || format!("{}/{}/", organization.id, organization.root_id);
        let above = call
            .index
            .unit_by_path(&account.ou)
            .map_or_else(root, |it| it.path.clone());
        members.insert("Paths".into(), json!([format!("{above}{id}/")]));
    }
    shape
}

/// Returns the organizational unit at a place in the world.
pub(super) fn unit(call: &Call, organization: &Organization, place: usize) -> Option<Value> {
    let (unit, described) = (call.index.unit(place)?, call.world.ous.get(place)?);
    let mut shape = json!({
        "Id": unit.id,
        "Arn": arn(call.world.partition, organization, &format!("ou/{}/{}", organization.id, unit.id)),
        "Name": described.name,
    });
    if let (false, Some(members)) = (organization.omit_paths, shape.as_object_mut()) {
        members.insert("Path".into(), unit.path.as_str().into());
    }
    Some(shape)
}
