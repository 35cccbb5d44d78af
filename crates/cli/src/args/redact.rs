//! What is hidden of names and identifiers.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use reporting::Redaction;

use crate::values::redaction;

#[derive(ClapArgs, Debug, Default)]
#[command(next_help_heading = "Output")]
pub(crate) struct RedactArgs {
    /// Write pseudonyms in the reports in the place of names (`names`), of accounts' and units' identifiers (`accounts`), or of
    /// both (`all`). Verdicts and the exit code stay
    #[arg(long, value_name = "WHAT", value_parser = redaction(), requires = "redact_key")]
    pub(crate) redact: Option<Redaction>,
    /// The key that pseudonyms are made with: the same key, the same pseudonyms. It is made if there is no such file
    #[arg(long, value_name = "FILE", requires = "redact")]
    pub(crate) redact_key: Option<PathBuf>,
}
