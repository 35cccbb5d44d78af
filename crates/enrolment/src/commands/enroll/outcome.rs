//! Proves that AWS has the device, and tells what was done and what to do next.

use aws_sdk_iam::Client;
use model::MfaDevice;
use program::{CliError, Kind, output::print_prose};

use super::Enrolment;
use crate::{
    code_entry::Knowledge,
    qr_png::QrPng,
    refusal,
    verify::{Verified, verify},
    who::Relation,
};

impl Enrolment<'_> {
    /// Proves that AWS has the device, and tells what was done and what to do next.
    pub(super) async fn finish(
        &self,
        iam: &Client,
        serial: &str,
        knowledge: Knowledge,
        known: &[MfaDevice],
        png: Option<&QrPng>,
    ) -> Result<(), CliError> {
        let user = &self.target.user;
        let proven = match verify(iam, user, serial).await {
            Verified::Listed(device) => {
                let since = device
                    .enabled_at
                    .map_or_else(String::new, |it| format!(" since {it}"));
                format!("{user} has the device {serial}{since}, as ListMFADevices tells.")
            }
            Verified::Unseen(trouble) => {
                format!(
                    "AWS took the codes: {serial} is enabled for {user}. That it is listed was not seen ({}).",
                    refusal::explain(&trouble)
                )
            }
            Verified::NotListed => {
                let error =
                    format!("AWS took the codes of {serial}, but does not list it for {user}");
                return Err(CliError::new(Kind::Failed, error).hint(
                    "look again in a minute: `mfaudit-enroll devices`; enrol it again if it is not there then",
                ));
            }
        };
        let mut lines = vec![proven];
        lines.extend(knowledge.advice());
        lines.extend([String::new(), "Next".to_owned()]);
        lines.extend(self.next_steps(serial, known));
        lines.extend(png.map(|it| {
            let path = it.path().display();
            format!("- Delete {path}: whoever reads it can make the codes of this device.")
        }));
        print_prose(&(lines.join("\n") + "\n"), 2)
    }

    fn next_steps(&self, serial: &str, known: &[MfaDevice]) -> Vec<String> {
        let mut steps = Vec::new();
        if known.iter().all(|it| &*it.serial_number == serial) {
            let command = match self.target.relation {
                Relation::Own => format!("mfaudit enroll --mfa-serial {serial} --mfa-code CODE"),
                Relation::Other => format!("mfaudit enroll --user {}", self.target.user),
            };
            steps.push(format!(
                "- Enrol a second device, for the day on which this one is lost:\n    {command}"
            ));
        }
        steps.push(format!(
            "- Use MFA with the AWS CLI: for a role, `mfa_serial = {serial}` in its profile; for the user's own key\n    aws sts get-session-token --serial-number {serial} --token-code CODE\n  A new device is known to STS after some seconds."
        ));
        steps
    }
}
