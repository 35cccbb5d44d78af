//! `mfaudit config`: checks the configuration file, and prints its schema.

use std::path::Path;

use super::policy::pretty;
use crate::{
    args::{Config, ConfigCommand},
    config_file::{self, ConfigFile, Options},
    error::{CliError, Kind},
    exit::ExitStatus,
    given::Given,
    notify, output,
};

pub(super) fn run(args: &Config) -> Result<ExitStatus, CliError> {
    let text = match &args.command {
        ConfigCommand::Check { file } => check(file.as_deref())?,
        ConfigCommand::Schema => pretty(&config_file::schema())?,
    };
    output::print(&text)?;
    Ok(ExitStatus::Clean)
}

/// Returns what is in force for an audit without options.
fn check(file: Option<&Path>) -> Result<String, CliError> {
    let config = ConfigFile::check(file)?;
    notify::check(&config)?;
    let given = Given::default();
    let mut audit = config_file::default_audit()
        .ok_or_else(|| CliError::new(Kind::Failed, "an audit has no default options"))?;
    config.apply_to_run(
        &mut audit.scope,
        &mut audit.role,
        &mut audit.collection,
        &given,
    );
    config.gate.apply(&mut audit.gate, &given);
    config.reports.apply(&mut audit.report, &given);
    let options = Options {
        scope: Some(&audit.scope),
        role: Some(&audit.role),
        collection: Some(&audit.collection),
        rules: Some(&audit.rules),
        gate: Some(&audit.gate),
        report: Some(&audit.report),
    };
    let in_vain = config.rules.set_in_vain();
    let mut text = "# No mistakes. What is in force for an audit without options:\n".to_owned();
    if !in_vain.is_empty() {
        let what = format!(
            "# Set and not evaluated, since no chosen ruleset has it and `add` does not name it: {}\n",
            in_vain.join(", ")
        );
        text.push_str(&what);
    }
    Ok(text + "\n" + &config.print(&options, &given)?)
}
