use aws::{Resource, Service, Site, Trouble, api_call};
use aws_sdk_iam::Client;
use model::{Dataset, GapReason, Timestamp};

api_call! {
    /// Fetches the credential report: password, MFA and access keys of every user, and of the root user, in one
    /// answer that may be up to four hours old.
    {
        service: Service::Iam,
        operation: "GetCredentialReport",
        actions: &["iam:GetCredentialReport"],
        site: Site::Member,
        resource: Resource::Any,
        feeds: &[
            Dataset::LoginProfiles,
            Dataset::PasswordUse,
            Dataset::MfaStatus,
            Dataset::AccessKeys,
            Dataset::AccessKeyUse,
            Dataset::SigningCertificates,
            Dataset::RootUse,
        ],
        without: "every user is read by itself, which takes more calls and gives the same answer, but for when passwords were last used, and the root user",
    }
}

/// A credential report as AWS gives it.
pub(crate) struct FetchedReport {
    /// The CSV.
    pub(crate) content: Vec<u8>,
    /// When AWS made it.
    pub(crate) generated_at: Option<Timestamp>,
}

/// Returns the report.
pub(crate) async fn get_credential_report(iam: &Client) -> Result<FetchedReport, Trouble> {
    let answer = iam.get_credential_report().send().await;
    let answer = answer.map_err(|error| Trouble::from_sdk(CALL.operation, &error))?;
    let Some(content) = answer.content else {
        return Err(Trouble::new(CALL.operation, GapReason::Malformed, "the answer holds no report"));
    };
    let generated_at = answer.generated_time.and_then(|it| Timestamp::from_epoch_seconds(it.secs()));
    Ok(FetchedReport { content: content.into_inner(), generated_at })
}
