use std::time::Duration;

use aws::{Resource, Service, Site, Trouble, api_call};
use aws_sdk_iam::{Client, types::ReportStateType};
use model::{Dataset, GapReason};
use tokio::time::{Instant, sleep};

api_call! {
    /// Has AWS make a credential report, unless one younger than four hours exists.
    {
        service: Service::Iam,
        operation: "GenerateCredentialReport",
        actions: &["iam:GenerateCredentialReport"],
        site: Site::Member,
        resource: Resource::Any,
        feeds: &[Dataset::LoginProfiles, Dataset::MfaStatus, Dataset::AccessKeys],
        without: "a report that exists is used as of its time; else every user is read by itself",
    }
}

/// How long a report may take. AWS documents no limit; two seconds were seen for fifty users.
pub(crate) const PATIENCE: Duration = Duration::from_mins(2);
/// The wait after the first answer; each next one is half as long again.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_secs(8);

/// Asks once, to learn whether one may.
pub(crate) async fn try_generate_credential_report(iam: &Client) -> Result<(), Trouble> {
    let answer = iam.generate_credential_report().send().await;
    answer.map(drop).map_err(|error| Trouble::from_sdk(CALL.operation, &error))
}

/// Asks until the report is complete.
///
/// IAM answers `LimitExceeded` when it is asked too often, which the SDK does not try again: here it is one more
/// reason to wait.
pub(crate) async fn generate_credential_report(iam: &Client, patience: Duration) -> Result<(), Trouble> {
    let deadline = Instant::now() + patience;
    let mut wait = FIRST_WAIT;
    loop {
        match iam.generate_credential_report().send().await {
            Ok(answer) if answer.state == Some(ReportStateType::Complete) => return Ok(()),
            Ok(_) => {}
            Err(error) => {
                let trouble = Trouble::from_sdk(CALL.operation, &error);
                if trouble.code != "LimitExceeded" || Instant::now() + wait > deadline {
                    return Err(trouble);
                }
            }
        }
        if Instant::now() + wait > deadline {
            let detail = format!("the report was not complete after {} s", patience.as_secs());
            return Err(Trouble::new(CALL.operation, GapReason::Deadline, detail));
        }
        sleep(wait).await;
        wait = (wait * 3 / 2).min(LONGEST_WAIT);
    }
}
