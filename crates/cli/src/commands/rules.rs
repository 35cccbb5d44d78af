//! `mfaudit rules`: lists the rules and the sets of them, shows one rule's page, and tries the configuration's own.

mod list;
mod page;
mod test;

use rules::CATALOG;

pub(super) use self::page::page;
use crate::{
    args::{ConfigArgs, RuleName, Rules, RulesCommand},
    config_file::ConfigFile,
    error::CliError,
    exit::ExitStatus,
    output,
};

pub(super) fn run(args: &Rules) -> Result<ExitStatus, CliError> {
    let (text, status) = match &args.command {
        None => (list::rules(&args.filter)?, ExitStatus::Clean),
        Some(RulesCommand::List(filter)) => (list::rules(filter)?, ExitStatus::Clean),
        Some(RulesCommand::Show { rule, config }) => (show(rule, config)?, ExitStatus::Clean),
        Some(RulesCommand::Rulesets) => (list::rulesets(), ExitStatus::Clean),
        Some(RulesCommand::Test(config)) => test::run(&read(config)?),
    };
    output::print(&text)?;
    Ok(status)
}

fn read(args: &ConfigArgs) -> Result<ConfigFile, CliError> {
    ConfigFile::read(args.config.as_deref())
}

/// The configuration is not read for a rule that it does not have.
fn show(name: &RuleName, config: &ConfigArgs) -> Result<String, CliError> {
    if let Some(rule) = CATALOG.iter().find(|it| it.id == name.id) {
        return Ok(page(rule));
    }
    Ok(page(read(config)?.rules.named(name)?))
}
