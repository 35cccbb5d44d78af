//! What is checked before anything is made, by calls that change nothing.

use std::fmt::Write;

use aws::{Connection, Trouble};
use aws_sdk_iam::Client;
use model::{GapReason, MfaDevice};
use program::{CliError, Kind, output};

use crate::{
    calls::simulate_principal_policy::{Decision, Simulated, simulate_principal_policy},
    refusal,
    who::{Caller, CallerKind, Relation, Target},
};

/// How many devices AWS allows a user.
///
/// Source: "IAM and AWS STS quotas" in the IAM user guide.
const MOST_DEVICES: usize = 8;

/// The skew of this machine's clock from which on it is worth a word, in seconds: one code.
const SKEW: i64 = 30;

/// The column at which the details of a line begin.
const DETAIL: usize = 7 + 2 + 11 + 2;

/// Lines about what was checked.
#[derive(Default)]
pub(crate) struct Checks {
    text: String,
    /// The actions that will not work.
    missing: Vec<String>,
}

impl Checks {
    fn line(&mut self, mark: &str, what: &str, detail: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "{mark:7}  {what:11}  {detail}");
    }

    /// Tells who calls, about whom, and whom it asks.
    pub(crate) fn who(&mut self, connection: &Connection, caller: &Caller, target: &Target) {
        self.line("ok", "caller", caller.arn.as_str());
        let whose = match target.relation {
            Relation::Own => "the caller itself",
            Relation::Other => "somebody else's devices",
        };
        match &target.unseen {
            None => self.line("ok", "user", &format!("{} ({whose})", target.user)),
            Some(trouble) => {
                let why = denied(trouble);
                self.line(
                    "unseen",
                    "user",
                    &format!("{} ({whose}); not looked up: {why}", target.user),
                );
            }
        }
        if let Some(url) = connection.endpoint_url() {
            self.line("note", "endpoint", &format!("{url}, not AWS's own"));
        }
    }

    /// Tells how far this machine's clock is from AWS's. Codes are made by another clock, or by this one.
    pub(crate) fn clock(&mut self, connection: &Connection) {
        match connection.meter().clock_skew_seconds() {
            None => self.line("unseen", "clock", "AWS's answers tell no time"),
            Some(skew) if skew.abs() < SKEW => {
                self.line("ok", "clock", "this machine's is right");
            }
            Some(skew) => {
                let off = off(skew);
                let detail = format!(
                    "this machine's is {off}: an authenticator app on this machine shows codes of another time; set the clock first"
                );
                self.line("CHECK", "clock", &detail);
            }
        }
    }

    /// Tells which devices the user has.
    pub(crate) fn devices(&mut self, devices: &Result<Vec<MfaDevice>, Trouble>) {
        match devices {
            Ok(devices) => {
                let detail = match devices.len() {
                    0 => format!("none yet; AWS allows {MOST_DEVICES}"),
                    count => format!("{count} of {MOST_DEVICES} that AWS allows"),
                };
                self.line("ok", "devices", &detail);
            }
            Err(trouble) => {
                let why = denied(trouble);
                self.line("unseen", "devices", &format!("not listed: {why}"));
            }
        }
    }

    /// Asks what the policies say to what follows, where that may be asked.
    pub(crate) async fn permissions(
        &mut self,
        iam: &Client,
        caller: &Caller,
        needs: &[(&[&str], &str)],
    ) {
        if caller.kind == CallerKind::Root {
            self.line("ok", "permissions", "the root user may do everything");
            return;
        }
        let principal = policy_source(caller);
        let mut simulated = Vec::new();
        for (actions, resource) in needs {
            match simulate_principal_policy(iam, &principal, actions, resource, caller.mfa).await {
                Ok(it) => simulated.extend(it),
                Err(trouble) => {
                    let why = denied(&trouble);
                    self.line(
                        "unseen",
                        "permissions",
                        &format!("not checked beforehand: {why}"),
                    );
                    return;
                }
            }
        }
        self.judge(&simulated);
    }

    fn judge(&mut self, simulated: &[Simulated]) {
        let with = |decision| {
            let these = simulated.iter().filter(move |it| it.decision == decision);
            these.map(|it| it.action.clone()).collect::<Vec<_>>()
        };
        for action in with(Decision::Allowed) {
            self.line("ok", "permissions", &action);
        }
        for (decision, why) in [
            (Decision::NotAllowed, "no policy allows it"),
            (Decision::Denied, "a policy denies it"),
        ] {
            for action in with(decision) {
                // Only what a failure leaves depends on it.
                let vital = action != "iam:DeleteVirtualMFADevice";
                let mark = if vital { "MISSING" } else { "CHECK" };
                let more = if vital {
                    ""
                } else {
                    "; if enrolling fails, the device it made stays"
                };
                self.line(mark, "permissions", &format!("{action}: {why}{more}"));
                if vital {
                    self.missing.push(action);
                }
            }
        }
        for action in with(Decision::Unclear) {
            let detail = format!("{action}: it hangs on conditions that the check cannot know");
            self.line("unseen", "permissions", &detail);
        }
    }

    /// Prints the lines so far.
    pub(crate) fn print(&mut self) -> Result<(), CliError> {
        output::print_prose(&std::mem::take(&mut self.text), DETAIL)
    }

    /// Stops where the policies do not let it work.
    pub(crate) fn stop_if_missing(&self) -> Result<(), CliError> {
        if self.missing.is_empty() {
            return Ok(());
        }
        let actions = self.missing.join(", ");
        let error = format!("the caller's policies do not allow {actions}; nothing was made");
        Err(CliError::new(Kind::Failed, error).hint(
            "whoever administers the account has to allow it: `mfaudit-enroll policy` prints the statements; if the check is wrong, go on with --ignore-permissions",
        ))
    }
}

/// Stops where the user can have no further device.
pub(crate) fn stop_at_limit(target: &Target, devices: &[MfaDevice]) -> Result<(), CliError> {
    if devices.len() < MOST_DEVICES {
        return Ok(());
    }
    let (user, count) = (&target.user, devices.len());
    let error = format!(
        "{user} has {count} MFA devices, and AWS allows {MOST_DEVICES} (LimitExceeded); nothing was made"
    );
    Err(CliError::new(Kind::Failed, error).hint(
        "see them with `mfaudit-enroll devices`, and deactivate one that is lost: `aws iam deactivate-mfa-device`",
    ))
}

/// Returns the ARN whose policies count: the user's, or the role's whose session it is.
fn policy_source(caller: &Caller) -> String {
    let role = caller.arn.resource().strip_prefix("assumed-role/");
    match role.and_then(|it| it.split('/').next()) {
        // A role's path is in no ARN of its sessions; AWS then knows no such role, and says so.
        Some(role) => format!(
            "arn:{}:iam::{}:role/{role}",
            caller.partition(),
            caller.account
        ),
        None => caller.arn.to_string(),
    }
}

fn denied(trouble: &Trouble) -> String {
    match refusal::denied_action(trouble) {
        Some(action) => format!("{action} is not allowed"),
        None if trouble.reason == GapReason::AccessDenied => {
            format!("{} is not allowed", trouble.operation)
        }
        None if trouble.code.is_empty() => format!("{}: {}", trouble.operation, trouble.detail),
        None => format!("{} answered {}", trouble.operation, trouble.code),
    }
}

/// Tells how far a clock is ahead of AWS's, or behind it if negative.
pub(crate) fn off(seconds: i64) -> String {
    let side = if seconds < 0 { "behind" } else { "ahead of" };
    format!("{} {side} AWS's", far(seconds))
}

/// Returns a length of time as people say it.
fn far(seconds: i64) -> String {
    let seconds = seconds.unsigned_abs();
    match seconds {
        0..90 => format!("{seconds} seconds"),
        90..5400 => format!("{} minutes", (seconds + 30) / 60),
        _ => format!("{} hours", (seconds + 1800) / 3600),
    }
}

#[cfg(test)]
mod tests {
    use super::{Checks, Decision, Simulated, far};

    fn judged(decisions: &[(&str, Decision)]) -> Checks {
        let simulated: Vec<_> = decisions
            .iter()
            .map(|(action, decision)| Simulated {
                action: (*action).to_owned(),
                decision: *decision,
            })
            .collect();
        let mut checks = Checks::default();
        checks.judge(&simulated);
        checks
    }

    #[test]
    fn what_is_missing_stops_and_is_named_and_what_is_unclear_does_not() {
        let checks = judged(&[
            ("iam:CreateVirtualMFADevice", Decision::Allowed),
            ("iam:EnableMFADevice", Decision::NotAllowed),
        ]);
        let error = checks.stop_if_missing().unwrap_err().to_string();
        assert!(
            error.contains("iam:EnableMFADevice") && !error.contains("Create"),
            "{error}"
        );
        assert!(
            judged(&[("iam:EnableMFADevice", Decision::Unclear)])
                .stop_if_missing()
                .is_ok()
        );
    }

    #[test]
    fn that_nothing_could_be_cleaned_up_is_told_and_does_not_stop() {
        let checks = judged(&[("iam:DeleteVirtualMFADevice", Decision::Denied)]);
        assert!(checks.stop_if_missing().is_ok());
        assert!(checks.text.contains("stays"), "{}", checks.text);
    }

    #[test]
    fn times_are_told_as_people_say_them() {
        assert_eq!(far(-45), "45 seconds");
        assert_eq!(far(180), "3 minutes");
        assert_eq!(far(-9 * 3600 - 20), "9 hours");
    }
}
