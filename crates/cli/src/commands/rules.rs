//! `mfaudit rules`: lists the rules and the sets of them, and shows one rule's page.

mod list;
mod page;

pub(super) use self::page::page;
use crate::{
    args::{Rules, RulesCommand},
    error::CliError,
    exit::ExitStatus,
    output,
};

pub(super) fn run(args: &Rules) -> Result<ExitStatus, CliError> {
    let text = match &args.command {
        None => list::rules(&args.filter)?,
        Some(RulesCommand::List(filter)) => list::rules(filter)?,
        Some(RulesCommand::Show { rule }) => page(rule),
        Some(RulesCommand::Rulesets) => list::rulesets(),
    };
    output::print(&text)?;
    Ok(ExitStatus::Clean)
}
