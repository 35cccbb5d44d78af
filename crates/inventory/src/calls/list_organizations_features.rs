use aws::{Connection, Resource, Service, Session, Site, Trouble, api_call};
use aws_sdk_iam::types::FeatureType;
use model::AccountId;

api_call! {
    /// Tells whether root credentials of member accounts are managed centrally, which `AssumeRoot` needs. Made with
    /// `--assume-root auto` alone.
    {
        service: Service::Iam,
        operation: "ListOrganizationsFeatures",
        actions: &["iam:ListOrganizationsFeatures"],
        site: Site::RootAccess,
        resource: Resource::Any,
        feeds: &[],
        without: "`--assume-root auto` does not use AssumeRoot",
    }
}

/// Whether member accounts' root users can be looked at centrally.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum CentralRootAccess {
    /// `RootCredentialsManagement` is enabled.
    Enabled,
    /// It is not.
    NotEnabled,
}

/// Returns whether the feature that the audit task needs is enabled.
///
/// Source: "Centrally manage root access" in the IAM user guide: auditing needs `RootCredentialsManagement`;
/// `RootSessions` is for unlocking bucket and queue policies.
pub(crate) async fn list_organizations_features(
    connection: &Connection,
    own_account: &AccountId,
) -> Result<CentralRootAccess, Trouble> {
    let iam = connection.iam(&Session::own(own_account));
    let answer = iam.list_organizations_features().send().await;
    let answer = answer.map_err(|error| Trouble::from_sdk(CALL.operation, &error))?;
    let features = answer.enabled_features.unwrap_or_default();
    Ok(if features.contains(&FeatureType::RootCredentialsManagement) {
        CentralRootAccess::Enabled
    } else {
        CentralRootAccess::NotEnabled
    })
}
