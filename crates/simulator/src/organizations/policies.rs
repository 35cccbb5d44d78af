//! The service control policies of an organization: which there are, what they say, and what they are attached to.

use serde_json::{Value, json};

use crate::authorize::Resource;
use crate::call::Call;
use crate::error::ApiError;
use crate::organizations::listings::page;
use crate::organizations::shapes;
use crate::world::{Organization, ServiceControlPolicy};

type Answer = Result<Value, ApiError>;

/// The policy of AWS's own that is attached wherever nothing takes its place.
const FULL_ACCESS: &str = "p-FullAWSAccess";
/// What it says.
const FULL_ACCESS_DOCUMENT: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
/// The kinds of policies that an organization can have.
const KINDS: [&str; 7] = [
    "SERVICE_CONTROL_POLICY",
    "RESOURCE_CONTROL_POLICY",
    "TAG_POLICY",
    "BACKUP_POLICY",
    "AISERVICES_OPT_OUT_POLICY",
    "CHATBOT_POLICY",
    "DECLARATIVE_POLICY_EC2",
];

/// What a policy can be attached to: accounts and units as places in the world.
#[derive(Clone, Copy)]
enum Target {
    Root,
    Unit(usize),
    Account(usize),
}

pub(super) fn list_policies(call: &Call, organization: &Organization) -> Answer {
    let kind = call.text("Filter").unwrap_or_default();
    if !KINDS.contains(&kind) {
        return Err(ApiError::invalid_input("INVALID_ENUM_POLICY_TYPE"));
    }
    let there = kind == KINDS[0] && organization.feature_set == "ALL";
    let ids = if there { ids(call) } else { Vec::new() };
    page(call, organization, "Policies", &ids, |id| {
        Some(summary(call, organization, id))
    })
}

pub(super) fn describe_policy(call: &Call, organization: &Organization) -> Answer {
    let id = named(call, organization)?;
    let content = policy(call, id).map_or_else(
        || FULL_ACCESS_DOCUMENT.into(),
        ServiceControlPolicy::document,
    );
    let summary = summary(call, organization, id);
    Ok(json!({ "Policy": { "PolicySummary": summary, "Content": content } }))
}

pub(super) fn list_targets_for_policy(call: &Call, organization: &Organization) -> Answer {
    let id = named(call, organization)?;
    let mut targets = Vec::new();
    if organization.has_service_control_policies() {
        let all = std::iter::once(Target::Root)
            .chain((0..call.world.ous.len()).map(Target::Unit))
            .chain((0..call.world.accounts.len()).map(Target::Account));
        targets.extend(all.filter(|it| is_attached(call, organization, id, *it)));
    }
    page(call, organization, "Targets", &targets, |it| {
        target(call, organization, *it)
    })
}

/// Returns what a call is about, as far as permissions go: the policy that it names, or all.
pub(super) fn resource(call: &Call) -> Resource {
    let about_one = ["DescribePolicy", "ListTargetsForPolicy"].contains(&call.name);
    match (&call.world.organization, call.text("PolicyId")) {
        (Some(organization), Some(id)) if about_one => {
            Resource::arn(arn(call, organization, id, id == FULL_ACCESS))
        }
        _ => Resource::any(),
    }
}

fn arn(call: &Call, organization: &Organization, id: &str, of_aws: bool) -> String {
    let partition = call.world.partition;
    if of_aws {
        let partition = partition.name();
        return format!("arn:{partition}:organizations::aws:policy/service_control_policy/{id}");
    }
    let resource = format!("policy/{}/service_control_policy/{id}", organization.id);
    shapes::arn(partition, organization, &resource)
}

/// Returns the identifiers of all policies, AWS's own first, each once.
fn ids<'a>(call: &Call<'a>) -> Vec<&'a str> {
    let mut ids = vec![FULL_ACCESS];
    for scp in &call.world.scps {
        if !ids.contains(&scp.id.as_str()) {
            ids.push(&scp.id);
        }
    }
    ids
}

/// Returns the identifier of the policy that a call names.
fn named<'a>(call: &Call<'a>, organization: &Organization) -> Result<&'a str, ApiError> {
    let id = call.text("PolicyId").unwrap_or_default();
    let known = organization.feature_set == "ALL";
    let known = known && (id == FULL_ACCESS || policy(call, id).is_some());
    let missing = "You specified a policy that doesn't exist.";
    known
        .then_some(id)
        .ok_or_else(|| ApiError::new("PolicyNotFoundException", 400, missing))
}

fn policy<'a>(call: &Call<'a>, id: &str) -> Option<&'a ServiceControlPolicy> {
    call.world.scps.iter().find(|it| it.id == id)
}

fn summary(call: &Call, organization: &Organization, id: &str) -> Value {
    let (name, description, of_aws) = match policy(call, id) {
        Some(it) => (it.name.as_str(), "", false),
        None => ("FullAWSAccess", "Allows access to every operation", true),
    };
    let arn = arn(call, organization, id, of_aws);
    json!({
        "Id": id, "Arn": arn, "Name": name, "Description": description,
        "Type": KINDS[0], "AwsManaged": of_aws,
    })
}

fn is_attached(call: &Call, organization: &Organization, id: &str, target: Target) -> bool {
    let here = |scp: &&ServiceControlPolicy| match target {
        Target::Root => scp.target.is_empty(),
        Target::Unit(place) => {
            (call.world.ous.get(place)).is_some_and(|it| it.path() == scp.target)
        }
        Target::Account(place) => {
            (call.world.accounts.get(place)).is_some_and(|it| it.id == scp.target)
        }
    };
    let mut here = call.world.scps.iter().filter(here);
    if id != FULL_ACCESS {
        return here.any(|it| it.id == id);
    }
    let management = matches!(target, Target::Account(place)
        if (call.world.accounts.get(place)).is_some_and(|it| it.id == organization.management_account));
    management || !here.any(|it| it.replaces_full_access)
}

fn target(call: &Call, organization: &Organization, target: Target) -> Option<Value> {
    let partition = call.world.partition;
    Some(match target {
        Target::Root => {
            let (id, root) = (&organization.id, &organization.root_id);
            let arn = shapes::arn(partition, organization, &format!("root/{id}/{root}"));
            json!({ "TargetId": root, "Arn": arn, "Name": "Root", "Type": "ROOT" })
        }
        Target::Unit(place) => {
            let (unit, described) = (call.index.unit(place)?, call.world.ous.get(place)?);
            let resource = format!("ou/{}/{}", organization.id, unit.id);
            json!({
                "TargetId": unit.id, "Arn": shapes::arn(partition, organization, &resource),
                "Name": described.name, "Type": "ORGANIZATIONAL_UNIT",
            })
        }
        Target::Account(place) => {
            let account = call.world.accounts.get(place)?;
            let served = call
                .state
                .account_pages
                .load(std::sync::atomic::Ordering::Relaxed);
            let resource = format!("account/{}/{}", organization.id, account.id);
            account.is_listed(served).then(|| {
                json!({
                    "TargetId": account.id, "Arn": shapes::arn(partition, organization, &resource),
                    "Name": account.name, "Type": "ACCOUNT",
                })
            })?
        }
    })
}
