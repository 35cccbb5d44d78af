//! Every exit code, documented once.

use std::{fmt::Write, process::ExitCode};

use program::Kind;
use rules::Decision;

/// How a run ended. The numbers are stable, and do not depend on the report's format.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ExitStatus {
    /// Nothing to object.
    Clean,
    /// The tool failed.
    Failed,
    /// The command line or the configuration is wrong.
    Usage,
    /// There are failures.
    Failures,
    /// Not everything was seen.
    Incomplete,
}

impl ExitStatus {
    /// Every status, in the order of the numbers.
    pub(crate) const ALL: [Self; 5] = [
        Self::Clean,
        Self::Failed,
        Self::Usage,
        Self::Failures,
        Self::Incomplete,
    ];

    /// Returns the number.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Failures => 3,
            Self::Incomplete => 4,
        }
    }

    /// Returns what the number means.
    pub(crate) const fn meaning(self) -> &'static str {
        match self {
            Self::Clean => {
                "no failure at or above the threshold but those that are waived or in their time of grace, and everything in scope was seen or is waived; or policy documents enforce MFA (`mfaudit policy-check`)"
            }
            Self::Failed => {
                "the tool failed: no credentials, no region, an answer or input file that cannot be used, an output that cannot be written, an interruption; also when an evidence bundle is not as it was written, or does not follow from the snapshot in it (`mfaudit verify`)"
            }
            Self::Usage => {
                "the command line, or a file that configures the tool, is wrong; also when the caller's account may not list the organization, and when an example of a rule of the configuration fails (`mfaudit rules test`)"
            }
            Self::Failures => {
                "a failure at or above the threshold (`--fail-on`, default `high`) that is not waived, not in its time of grace, and not known from the `--baseline` if there is one; or an evidence bundle is as it was written, and this version judges it otherwise than the version that made it (`mfaudit verify`); or policy documents do not enforce MFA (`mfaudit policy-check`)"
            }
            Self::Incomplete => {
                "no such failure, but coverage is below `--min-coverage` (default 100 %), or the management account itself was not seen, and no waiver covers it; or the list of accounts was not read to its end; or a shard of the run delivered nothing (`mfaudit merge`); or nobody can tell from policy documents whether they enforce MFA (`mfaudit policy-check`)"
            }
        }
    }
}

impl From<Decision> for ExitStatus {
    fn from(decision: Decision) -> Self {
        match decision {
            Decision::Open => Self::Clean,
            Decision::Failures => Self::Failures,
            Decision::Incomplete => Self::Incomplete,
        }
    }
}

impl From<Kind> for ExitStatus {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Usage => Self::Usage,
            Kind::Failed | Kind::Output | Kind::Interrupted => Self::Failed,
        }
    }
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(status.code())
    }
}

/// The exit codes as `--help` shows them.
pub(crate) fn help() -> String {
    let mut text = "Exit codes:\n".to_owned();
    for status in ExitStatus::ALL {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {}  {}", status.code(), status.meaning());
    }
    text
}
