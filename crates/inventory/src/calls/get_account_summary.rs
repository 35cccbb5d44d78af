use aws::{Resource, Service, Site, Trouble, api_call};
use aws_sdk_iam::{Client, types::SummaryKeyType};
use model::Dataset;

api_call! {
    /// Tells whether the root user has a password, access keys, signing certificates and MFA, and how many identity
    /// providers the account has.
    {
        service: Service::Iam,
        operation: "GetAccountSummary",
        actions: &["iam:GetAccountSummary"],
        site: Site::Member,
        resource: Resource::Any,
        feeds: &[Dataset::RootCredentials, Dataset::RootMfa, Dataset::IdentityProviders],
        without: "the root user is judged by the credential report, as of its time; identity providers are not seen",
    }
}

/// What the summary says; `None` where it lacks the key.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct AccountSummary {
    /// `AccountPasswordPresent`: 1 if the root user has a password.
    pub(crate) password: Option<i32>,
    /// `AccountAccessKeysPresent`: 1 if the root user has an access key.
    pub(crate) access_keys: Option<i32>,
    /// `AccountSigningCertificatesPresent`: 1 if the root user has a signing certificate.
    pub(crate) signing_certificates: Option<i32>,
    /// `AccountMFAEnabled`: 1 if the root user has an MFA device.
    pub(crate) mfa: Option<i32>,
    /// `Providers`: the number of SAML and OpenID Connect providers.
    pub(crate) providers: Option<i32>,
}

/// Returns the summary.
pub(crate) async fn get_account_summary(iam: &Client) -> Result<AccountSummary, Trouble> {
    let answer = iam.get_account_summary().send().await;
    let answer = answer.map_err(|error| Trouble::from_sdk(CALL.operation, &error))?;
    let map = answer.summary_map.unwrap_or_default();
    let get = |key: SummaryKeyType| map.get(&key).copied();
    Ok(AccountSummary {
        password: get(SummaryKeyType::AccountPasswordPresent),
        access_keys: get(SummaryKeyType::AccountAccessKeysPresent),
        signing_certificates: get(SummaryKeyType::AccountSigningCertificatesPresent),
        mfa: get(SummaryKeyType::AccountMfaEnabled),
        providers: get(SummaryKeyType::Providers),
    })
}
