//! How the run ended, as reports tell it.

use rules::{Decision, Severity, Status};

/// How the run ended, as reports tell it.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The code the process exits with.
    pub exit_code: u8,
    /// What the gate decided, which `--exit-zero` does not change.
    pub decision: Decision,
    /// The least severity of a failure that closes the gate.
    pub fail_on: Severity,
    /// The least coverage, in hundredths of a percent: 10 000 is everything.
    pub min_coverage: u32,
    /// The statuses of the findings that are listed; empty if all are.
    pub listed: Vec<Status>,
    /// Why the exit code is another than the decision asks for, as a sentence without a full stop.
    pub remark: Option<String>,
}
