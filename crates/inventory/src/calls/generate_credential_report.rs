use aws::{Resource, Service, Site, Trouble, api_call};
use aws_sdk_iam::{Client, types::ReportStateType};
use model::Dataset;

api_call! {
    /// Has AWS make a credential report, unless one younger than four hours exists.
    {
        service: Service::Iam,
        operation: "GenerateCredentialReport",
        actions: &["iam:GenerateCredentialReport"],
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
        without: "a report that exists is used as of its time; else every user is read by itself, and when passwords and the root user were last used is not seen",
    }
}

/// How far AWS is with a report.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Progress {
    /// It can be fetched.
    Complete,
    /// It is being made.
    Started,
}

/// Asks for a report.
pub(crate) async fn generate_credential_report(iam: &Client) -> Result<Progress, Trouble> {
    let answer = iam.generate_credential_report().send().await;
    let answer = answer.map_err(|error| Trouble::from_sdk(CALL.operation, &error))?;
    Ok(if answer.state == Some(ReportStateType::Complete) {
        Progress::Complete
    } else {
        Progress::Started
    })
}
