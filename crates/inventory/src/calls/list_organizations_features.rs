use aws::{Connection, Resource, Service, Session, Site, Trouble, api_call};
use aws_sdk_iam::types::FeatureType;
use model::{AccountId, Dataset, FeatureState, OrganizationFeatures};

use super::present;

api_call! {
    /// Tells whether root credentials of member accounts are managed centrally, which `AssumeRoot` needs. Asked once a
    /// run, where a rule or `--assume-root auto` needs it.
    {
        service: Service::Iam,
        operation: "ListOrganizationsFeatures",
        actions: &["iam:ListOrganizationsFeatures"],
        site: Site::Management,
        resource: Resource::Any,
        feeds: &[Dataset::OrganizationFeatures],
        without: "the organization's features are not seen, and `--assume-root auto` does not use AssumeRoot",
    }
}

/// Returns which features of central root access are enabled.
///
/// Source: "Centrally manage root access" in the IAM user guide: both need trusted access of IAM, so that without it, which
/// AWS answers with an error of its own, none is enabled. Auditing needs `RootCredentialsManagement`, and `RootSessions` is for unlocking bucket and queue
/// policies.
pub(crate) async fn list_organizations_features(
    connection: &Connection,
    own_account: &AccountId,
) -> Result<OrganizationFeatures, Trouble> {
    let iam = connection.iam(&Session::own(own_account));
    let enabled = match iam.list_organizations_features().send().await {
        Ok(answer) => present(CALL.operation, answer.enabled_features)?,
        Err(error) => {
            let trouble = Trouble::from_sdk(CALL.operation, &error);
            if trouble.code != "ServiceAccessNotEnabledException" {
                return Err(trouble);
            }
            Vec::new()
        }
    };
    let state = |feature: &FeatureType| {
        if enabled.contains(feature) {
            FeatureState::Enabled
        } else {
            FeatureState::NotEnabled
        }
    };
    Ok(OrganizationFeatures {
        root_credentials_management: state(&FeatureType::RootCredentialsManagement),
        root_sessions: state(&FeatureType::RootSessions),
    })
}
