//! What IAM tells of an account as a whole.

use crate::authorize::Resource;
use crate::call::Call;
use crate::error::ApiError;
use crate::iam::window;
use crate::world::Account;
use crate::xml::Xml;

pub(super) fn get_account_summary(call: &Call) -> Result<Xml, ApiError> {
    call.authorize(&Resource::any())?;
    let account = call.own_account()?;
    let mut xml = Xml::default();
    xml.element("SummaryMap", |xml| {
        for (key, value) in summary(account) {
            xml.element("entry", |xml| {
                xml.text("key", key).text("value", value);
            });
        }
    });
    Ok(xml)
}

pub(super) fn list_account_aliases(call: &Call) -> Result<Xml, ApiError> {
    call.authorize(&Resource::any())?;
    let account = call.own_account()?;
    // There is at most one alias, so there is one page, whatever page was asked for.
    window(call)?;
    let mut xml = Xml::default();
    xml.text("IsTruncated", false)
        .element("AccountAliases", |xml| {
            xml.optional("member", account.alias.as_ref());
        });
    Ok(xml)
}

pub(super) fn list_organizations_features(call: &Call) -> Result<Xml, ApiError> {
    call.authorize(&Resource::any())?;
    let account = &call.principal.account;
    let Some(organization) = &call.world.organization else {
        let message = format!("Organization not found for account {account}");
        return Err(ApiError::new("OrganizationNotFoundException", 400, message));
    };
    if organization.feature_set != "ALL" {
        let message =
            format!("Organization of account {account} does not have all features enabled.");
        return Err(ApiError::new(
            "OrganizationNotInAllFeaturesModeException",
            400,
            message,
        ));
    }
    if !organization.manages_root(account) {
        let message = format!(
            "Account {account} is not the management account or a delegated administrator."
        );
        return Err(ApiError::new(
            "AccountNotManagementOrDelegatedAdministratorException",
            400,
            message,
        ));
    }
    if !organization.trusts_iam() {
        let message = format!(
            "Trusted Access for IAM not enabled by organization of input account {account}"
        );
        return Err(ApiError::new(
            "ServiceAccessNotEnabledException",
            400,
            message,
        ));
    }
    let mut xml = Xml::default();
    xml.text("OrganizationId", &organization.id)
        .element("EnabledFeatures", |xml| {
            for feature in &organization.features {
                xml.text("member", feature);
            }
        });
    Ok(xml)
}

fn summary(account: &Account) -> Vec<(&'static str, usize)> {
    let root = &account.root;
    let in_use = root.mfa.len() + account.users.iter().map(|it| it.mfa.len()).sum::<usize>();
    vec![
        ("AccessKeysPerUserQuota", 2),
        (
            "AccountAccessKeysPresent",
            usize::from(!root.access_keys.is_empty()),
        ),
        ("AccountMFAEnabled", usize::from(!root.mfa.is_empty())),
        (
            "AccountPasswordPresent",
            usize::from(root.password.is_some()),
        ),
        (
            "AccountSigningCertificatesPresent",
            usize::from(root.signing_certificates > 0),
        ),
        ("AssumeRolePolicySizeQuota", 2048),
        ("AttachedPoliciesPerGroupQuota", 10),
        ("AttachedPoliciesPerRoleQuota", 20),
        ("AttachedPoliciesPerUserQuota", 10),
        ("GlobalEndpointTokenVersion", 1),
        ("GroupPolicySizeQuota", 5120),
        ("Groups", account.groups.len()),
        ("GroupsPerUserQuota", 10),
        ("GroupsQuota", 300),
        ("InstanceProfiles", 0),
        ("InstanceProfilesQuota", 1000),
        ("MFADevices", in_use + account.unassigned_devices.len()),
        ("MFADevicesInUse", in_use),
        ("Policies", account.policies.len()),
        ("PoliciesQuota", 1500),
        ("PolicySizeQuota", 6144),
        ("PolicyVersionsInUse", 7),
        ("PolicyVersionsInUseQuota", 10_000),
        (
            "Providers",
            usize::try_from(account.providers).unwrap_or(usize::MAX),
        ),
        ("RolePolicySizeQuota", 10_240),
        ("Roles", account.roles.len()),
        ("RolesQuota", 1000),
        ("ServerCertificates", 0),
        ("ServerCertificatesQuota", 20),
        ("SigningCertificatesPerUserQuota", 2),
        ("UserPolicySizeQuota", 2048),
        ("Users", account.users.len()),
        ("UsersQuota", 5000),
        ("VersionsPerPolicyQuota", 5),
    ]
}
