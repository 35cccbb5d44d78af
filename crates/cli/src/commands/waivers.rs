//! `mfaudit waivers`: checks the waivers of the configuration file.

use std::{
    fmt::Write,
    path::{Path, PathBuf},
};

use model::{Date, snapshot::SourceError};
use reporting::visible;
use rules::{WaiverFate, WaiverOutcome, WaiverUses};

use crate::{
    args::{RuleArgs, Waivers, WaiversCheck, WaiversCommand},
    config::Environment,
    config_file::ConfigFile,
    error::{CliError, Kind},
    exit::ExitStatus,
    kept, output,
};

/// The days before its end in which a waiver is told of.
const SOON: i64 = 30;

pub(super) fn run(args: &Waivers, environment: &Environment) -> Result<ExitStatus, CliError> {
    match &args.command {
        WaiversCommand::Check(args) => check(args, environment),
    }
}

/// Prints what can be told, whatever is wrong with the rest.
fn check(args: &WaiversCheck, environment: &Environment) -> Result<ExitStatus, CliError> {
    let today = match args.as_of {
        Some(day) => Some(day),
        None => Date::of(environment.clock()?.now()),
    };
    let today = today.ok_or_else(|| CliError::new(Kind::Usage, "today is beyond the calendar"))?;
    let named: Option<PathBuf> = args.config.config.clone();
    let (config, mistakes) = ConfigFile::check_waivers(named.as_deref(), today)?;
    let mut text = soon(&config, today);
    let matches = args.snapshot.as_deref().map(|it| idle(&config, it, today));
    if let Some(Ok(idle)) = &matches {
        text.push_str(idle);
    }
    output::print(&text)?;
    mistakes?;
    matches.transpose()?;
    Ok(ExitStatus::Clean)
}

/// Tells how many waivers there are, and which of them end soon.
fn soon(config: &ConfigFile, today: Date) -> String {
    let section = &config.waivers;
    let known = config.rules.known();
    let mut lines = String::new();
    let mut count = 0;
    for (index, waiver) in section.waivers.list.iter().enumerate() {
        let last_day = section.last_day(waiver, &known);
        let left = last_day.days_since(today);
        if (0..=SOON).contains(&left) && waiver.created.is_none_or(|it| it <= today) {
            count += 1;
            let left = match left {
                0 => "today".to_owned(),
                1 => "tomorrow".to_owned(),
                days => format!("in {days} days"),
            };
            let (place, owner) = (section.place(index), visible(&waiver.owner));
            let reason = visible(&waiver.reason);
            // Writing to a string cannot fail.
            let _ = writeln!(
                lines,
                "  {place}: ends on {last_day}, {left} ({owner}: {reason})"
            );
        }
    }
    let all = section.waivers.list.len();
    let noun = if all == 1 { "waiver" } else { "waivers" };
    let end = if count == 1 { "ends" } else { "end" };
    format!("{all} {noun} as of {today}; {count} {end} within {SOON} days\n{lines}")
}

/// Tells which waivers do nothing for a snapshot.
fn idle(config: &ConfigFile, snapshot: &Path, today: Date) -> Result<String, CliError> {
    let criteria = config.criteria(&RuleArgs::default())?;
    let mut source = kept::open(snapshot)?;
    let waivers = criteria.waivers.clone();
    let mut uses = WaiverUses::new(waivers, &criteria.rules, Some(today));
    rules::evaluate(source.as_mut(), &criteria, |record, findings| {
        uses.count(&record.account, findings);
        Ok::<_, SourceError>(())
    })?;
    let idle = uses.outcomes().map(|it| why(&it)).enumerate();
    let mut lines = String::new();
    let mut count = 0;
    for (index, why) in idle.filter_map(|(index, why)| Some((index, why?))) {
        count += 1;
        let _ = writeln!(lines, "  {}: {why}", config.waivers.place(index));
    }
    let does = if count == 1 { "does" } else { "do" };
    let snapshot = visible(&snapshot.display().to_string()).into_owned();
    Ok(format!("{count} {does} nothing for {snapshot}\n{lines}"))
}

/// Says why a waiver does nothing, unless that has nothing to do with the snapshot.
fn why(outcome: &WaiverOutcome<'_>) -> Option<&'static str> {
    match outcome.fate {
        WaiverFate::Unmatched => Some("matches nothing: correct or remove it"),
        WaiverFate::NotNeeded => Some("nothing that it is for fails: remove it"),
        WaiverFate::RuleNotSelected => Some("no rule that it is for is evaluated: remove it"),
        WaiverFate::Active
        | WaiverFate::Expired
        | WaiverFate::TooLong
        | WaiverFate::NotBegun
        | WaiverFate::Undated => None,
    }
}
