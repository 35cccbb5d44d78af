//! What a run is compared with.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};
use rules::NewRules;

#[derive(ClapArgs, Debug)]
#[command(next_help_heading = "Gate")]
pub(crate) struct BaselineArgs {
    /// Let only failures that this earlier snapshot or JSON report does not have close the gate; the report says what is
    /// new, known, fixed and unknown
    #[arg(long, value_name = "SNAPSHOT|REPORT|URL")]
    pub(crate) baseline: Option<PathBuf>,
    /// Whether failures of rules that the baseline did not evaluate close the gate; they are listed in any case
    #[arg(
        long,
        value_name = "WHETHER",
        default_value = "no",
        requires = "baseline"
    )]
    pub(crate) fail_on_new_rules: OnNewRules,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum OnNewRules {
    /// They do
    Yes,
    /// They do not
    No,
}

impl From<OnNewRules> for NewRules {
    fn from(it: OnNewRules) -> Self {
        match it {
            OnNewRules::Yes => Self::Held,
            OnNewRules::No => Self::Listed,
        }
    }
}
