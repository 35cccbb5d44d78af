//! AWS Organizations: what an audit asks of it.

mod listings;
mod policies;
mod shapes;

use serde_json::{Value, json};

use crate::call::Call;
use crate::error::ApiError;
use crate::world::{Account, Organization};

/// Answers a call.
pub(crate) fn dispatch(call: &Call) -> Result<Value, ApiError> {
    call.authorize(&policies::resource(call))?;
    let not_in_use = || {
        let message = "Your account is not a member of an organization.";
        ApiError::new("AWSOrganizationsNotInUseException", 400, message)
    };
    let answer =
        answer_to(call.name).ok_or_else(|| ApiError::new("UnknownOperationException", 400, ""))?;
    let organization = call.world.organization.as_ref().ok_or_else(not_in_use)?;
    let account = &call.principal.account;
    let may_list = organization.management_account == *account
        || organization.delegated_administrators.contains(account);
    // Any member account may ask what its organization is, and nothing more.
    if !may_list && call.name != "DescribeOrganization" {
        return Err(call
            .service
            .denied("You don't have permissions to access this resource."));
    }
    answer(call, organization)
}

type Answer = fn(&Call, &Organization) -> Result<Value, ApiError>;

fn answer_to(name: &str) -> Option<Answer> {
    Some(match name {
        "DescribeOrganization" => {
            |call, organization| Ok(describe_organization(call, organization))
        }
        "DescribeAccount" => describe_account,
        "DescribeOrganizationalUnit" => describe_organizational_unit,
        "ListAccounts" => listings::list_accounts,
        "ListAccountsForParent" => listings::list_accounts_for_parent,
        "ListRoots" => listings::list_roots,
        "ListOrganizationalUnitsForParent" => listings::list_organizational_units_for_parent,
        "ListParents" => listings::list_parents,
        "ListChildren" => listings::list_children,
        "ListPolicies" => policies::list_policies,
        "DescribePolicy" => policies::describe_policy,
        "ListTargetsForPolicy" => policies::list_targets_for_policy,
        "ListTagsForResource" => listings::list_tags_for_resource,
        "ListDelegatedAdministrators" => listings::list_delegated_administrators,
        "ListAWSServiceAccessForOrganization" => listings::list_aws_service_access,
        _ => return None,
    })
}

fn describe_organization(call: &Call, organization: &Organization) -> Value {
    let (id, management) = (&organization.id, &organization.management_account);
    let arn = |resource: &str| shapes::arn(call.world.partition, organization, resource);
    json!({ "Organization": {
        "Id": id,
        "Arn": arn(&format!("organization/{id}")),
        "FeatureSet": organization.feature_set,
        "MasterAccountId": management,
        "MasterAccountArn": arn(&format!("account/{id}/{management}")),
        "MasterAccountEmail": call.account(management).map(Account::address).unwrap_or_default(),
        "AvailablePolicyTypes": [],
    } })
}

fn describe_account(call: &Call, organization: &Organization) -> Result<Value, ApiError> {
    let account = call
        .text("AccountId")
        .and_then(|it| call.account(it))
        .ok_or_else(account_not_found)?;
    Ok(json!({ "Account": shapes::account(call, organization, account) }))
}

fn describe_organizational_unit(
    call: &Call,
    organization: &Organization,
) -> Result<Value, ApiError> {
    let place = call
        .text("OrganizationalUnitId")
        .and_then(|it| call.index.unit_by_id(it));
    let unit = place
        .and_then(|it| shapes::unit(call, organization, it))
        .ok_or_else(|| {
            let message = "You specified an organizational unit that doesn't exist.";
            ApiError::new("OrganizationalUnitNotFoundException", 400, message)
        })?;
    Ok(json!({ "OrganizationalUnit": unit }))
}

fn account_not_found() -> ApiError {
    ApiError::new(
        "AccountNotFoundException",
        400,
        "You specified an account that doesn't exist.",
    )
}
