use std::collections::BTreeSet;

use aws::{Resource, Service, Site, Trouble, api_call};
use aws_sdk_iam::{
    Client,
    types::{AttachedPolicy, EntityType, GroupDetail as SdkGroup, ManagedPolicyDetail, PolicyDetail, UserDetail as SdkUser},
};
use model::{Arn, Dataset, GapReason, Timestamp};

use super::{Page, Pages, pages};
use crate::authorization::{
    Detail, GroupDetail, ManagedPolicy, Policies, RoleDetail, Text, UserDetail, decoded, read,
};

api_call! {
    /// Lists users' policies and groups, and roles' trust policies, in one paged call, for the rules that need them.
    {
        service: Service::Iam,
        operation: "GetAccountAuthorizationDetails",
        actions: &["iam:GetAccountAuthorizationDetails"],
        site: Site::Member,
        resource: Resource::Any,
        feeds: &[
            Dataset::DirectPolicies,
            Dataset::AdministratorAccess,
            Dataset::UserPolicies,
            Dataset::RoleTrust,
        ],
        without: "users' policies, administrators and roles' trust policies are a gap",
    }
}

/// Lists what answers for `datasets`, and no more.
pub(crate) async fn get_account_authorization_details(iam: &Client, datasets: &BTreeSet<Dataset>) -> Pages<Detail> {
    let filters = filters(datasets);
    pages(CALL.operation, async |marker| {
        let request = iam.get_account_authorization_details().set_filter(Some(filters.clone()));
        let answer = request.max_items(1000).set_marker(marker).send().await;
        let answer = answer.map_err(|error| Trouble::from_sdk(CALL.operation, &error))?;
        let mut items = Vec::new();
        for user in answer.user_detail_list.unwrap_or_default() {
            items.push(Detail::User(read_user(user)?));
        }
        for group in answer.group_detail_list.unwrap_or_default() {
            items.push(Detail::Group(read_group(group)?));
        }
        for role in answer.role_detail_list.unwrap_or_default() {
            items.push(Detail::Role(RoleDetail {
                name: named(role.role_name, "a role")?,
                arn: arn(role.arn.as_deref())?,
                trust_policy: decoded(role.assume_role_policy_document.as_deref()),
            }));
        }
        for policy in answer.policies.unwrap_or_default() {
            items.push(Detail::Policy(read_policy(policy)?));
        }
        Ok(Page { items, next: answer.marker.filter(|_| answer.is_truncated) })
    })
    .await
}

fn filters(datasets: &BTreeSet<Dataset>) -> Vec<EntityType> {
    let has = |dataset| datasets.contains(&dataset);
    let all_policies = has(Dataset::AdministratorAccess) || has(Dataset::UserPolicies);
    let mut filters = Vec::new();
    if has(Dataset::DirectPolicies) || all_policies {
        filters.push(EntityType::User);
    }
    if has(Dataset::RoleTrust) {
        filters.push(EntityType::Role);
    }
    if all_policies {
        filters.extend([EntityType::Group, EntityType::LocalManagedPolicy, EntityType::AwsManagedPolicy]);
    }
    filters
}

fn read_user(user: SdkUser) -> Result<UserDetail, Trouble> {
    let created = user.create_date.and_then(|it| Timestamp::from_epoch_seconds(it.secs()));
    Ok(UserDetail {
        name: named(user.user_name, "a user")?,
        arn: arn(user.arn.as_deref())?,
        created_at: created,
        policies: policies(user.user_policy_list, user.attached_managed_policies),
        groups: user.group_list.unwrap_or_default(),
        // A boundary without an ARN is one nevertheless, and is never found.
        boundary: user.permissions_boundary.map(|it| it.permissions_boundary_arn.unwrap_or_default()),
    })
}

fn read_group(group: SdkGroup) -> Result<GroupDetail, Trouble> {
    Ok(GroupDetail {
        name: named(group.group_name, "a group")?,
        policies: policies(group.group_policy_list, group.attached_managed_policies),
    })
}

fn policies(inline: Option<Vec<PolicyDetail>>, attached: Option<Vec<AttachedPolicy>>) -> Policies {
    let inline = inline.unwrap_or_default().into_iter().map(|it| {
        let document: Text = read(it.policy_document.as_deref());
        (it.policy_name.unwrap_or_default(), document)
    });
    let attached = attached.unwrap_or_default().into_iter();
    Policies {
        inline: inline.collect(),
        attached: attached.map(|it| (it.policy_name.unwrap_or_default(), it.policy_arn.unwrap_or_default())).collect(),
    }
}

fn read_policy(policy: ManagedPolicyDetail) -> Result<ManagedPolicy, Trouble> {
    let versions = policy.policy_version_list.unwrap_or_default();
    let in_force = versions.iter().find(|it| it.is_default_version);
    Ok(ManagedPolicy {
        arn: named(policy.arn, "a policy")?,
        document: read(in_force.and_then(|it| it.document.as_deref())),
    })
}

fn named(name: Option<String>, what: &str) -> Result<String, Trouble> {
    let name = name.filter(|it| !it.is_empty());
    name.ok_or_else(|| malformed(format!("{what} has no name")))
}

fn arn(text: Option<&str>) -> Result<Arn, Trouble> {
    text.unwrap_or_default().parse().map_err(|error: model::InvalidArn| malformed(error.to_string()))
}

fn malformed(detail: String) -> Trouble {
    Trouble::new(CALL.operation, GapReason::Malformed, detail)
}
