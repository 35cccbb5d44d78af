//! Waivers: above the findings what is waived, below them the waivers that do not apply or end soon, and why.

use model::Date;
use rules::{WaiverFate, WaiverOutcome, WaiverScope, WaiverState, WaiverUse};

use super::text::tied;
use crate::{Row, Summary, Verbosity, counted::counted};

/// How many waivers are told in each place unless everything is.
const WAIVERS: usize = 3;

/// The days before its end in which a waiver is told of.
const SOON: i64 = 14;

/// Tells how many failures are not held, and why, if there are any.
pub(in crate::formats) fn not_held(summary: &Summary) -> Option<String> {
    let statuses = summary.statuses();
    let parts = [(statuses.waived, "waived"), (statuses.in_grace, "in grace, of new users")];
    let parts: Vec<_> = parts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// Tells why a failure is not held, behind its reason; nothing if it is.
pub(in crate::formats) fn excused(row: &Row<'_>) -> String {
    let waiver = row.waiver().map(|it| {
        let until = tied(&format!("until {}", it.last_day));
        let ticket = it.waiver.ticket.as_ref().map(|it| format!(", {it}")).unwrap_or_default();
        format!("; waived {until} by {}: {}{ticket}", it.waiver.owner, it.waiver.reason)
    });
    let grace = row.grace_until().and_then(Date::of);
    let grace = grace.map(|it| format!("; {}", tied(&format!("grace until {it}"))));
    waiver.unwrap_or_default() + &grace.unwrap_or_default()
}

/// Returns a line for each waiver of failures that does not apply to all that it is for, or ends soon: those that leave
/// failures open first.
pub(in crate::formats) fn to_look_at(summary: &Summary, verbosity: Verbosity) -> Vec<String> {
    let all = summary.totals.waiver_uses.outcomes();
    let line = |it: WaiverOutcome<'_>| Some(((it.unwaived == 0, it.fate), outcome(&it)?));
    let mut lines: Vec<_> = all.filter_map(line).collect();
    lines.sort_by_key(|(order, _)| *order);
    few(lines.into_iter().map(|(_, line)| line).collect(), verbosity)
}

fn outcome(it: &WaiverOutcome<'_>) -> Option<String> {
    let waiver = it.waiver;
    let (owner, reason) = (&waiver.owner, &waiver.reason);
    let until = tied(&format!("until {}", waiver.expires));
    let held = match it.unwaived {
        0 => String::new(),
        1 => "; 1 failure is not waived".to_owned(),
        many => format!("; {many} failures are not waived"),
    };
    let too_long = format!("it would hold for longer than is allowed ({until} by {owner}){held}: let it end sooner");
    let told = match it.fate {
        WaiverFate::Active => {
            let days = it.days_left.filter(|it| *it <= SOON);
            let soon = days.zip(it.ends).map(|(days, end)| {
                let last_day = tied(&format!("on {end}"));
                let days = counted(days.unsigned_abs(), "day");
                format!("ends {last_day}, in {days} ({owner}: {reason})")
            });
            let partly = (it.too_long > 0).then(|| format!("applied to a part, since {too_long}"));
            let parts: Vec<_> = soon.into_iter().chain(partly).collect();
            (!parts.is_empty()).then(|| parts.join("; "))?
        }
        WaiverFate::Expired => {
            format!("expired, was valid {until} ({owner}: {reason}){held}: renew or remove it")
        }
        WaiverFate::TooLong => format!("not applied, since {too_long}"),
        WaiverFate::NotBegun => {
            let first = waiver.created.map(|it| format!(" on {it}")).unwrap_or_default();
            format!("not applied, since it begins{first} ({owner}){held}")
        }
        WaiverFate::Undated => format!(
            "not applied, since the evidence tells no time ({until} by {owner}){held}: say when it was saved with {}",
            tied("--as-of TIME")
        ),
        WaiverFate::Unmatched => format!("matches nothing of this run ({until} by {owner}): correct or remove it"),
        WaiverFate::NotNeeded => format!("not needed, nothing it is for fails ({until} by {owner}): remove it"),
        WaiverFate::RuleNotSelected => format!("its rule was not evaluated ({until} by {owner})"),
    };
    let subject = format!("{} of {} in {}", waiver.rule, waiver.principal, waiver.account);
    Some(format!("{subject}: {told}"))
}

/// Returns a line for each waiver of coverage that applies.
pub(in crate::formats) fn applied(summary: &Summary, verbosity: Verbosity) -> Vec<String> {
    let active = summary.totals.waivers.uses().filter(|it| it.state == WaiverState::Active);
    few(active.map(|it| line(&it)).collect(), verbosity)
}

/// Returns a line for each waiver of coverage that does not apply: those that leave a gap open first.
pub(in crate::formats) fn idle(summary: &Summary, verbosity: Verbosity) -> Vec<String> {
    let uses = summary.totals.waivers.uses();
    let mut idle: Vec<_> = uses.filter(|it| it.state != WaiverState::Active).collect();
    idle.sort_by_key(|it| it.state);
    few(idle.iter().map(line).collect(), verbosity)
}

fn line(it: &WaiverUse<'_>) -> String {
    let waiver = it.waiver;
    let place = place(&waiver.scope);
    let (owner, until) = (&waiver.owner, tied(&format!("until {}", waiver.expires)));
    let held = match it.accounts_held {
        0 => String::new(),
        1 => "; 1 account not fully seen is held against coverage".to_owned(),
        many => format!("; {many} accounts not fully seen are held against coverage"),
    };
    match it.state {
        WaiverState::Active => {
            let accounts = match (&waiver.scope, it.accounts_short) {
                (WaiverScope::Account(_), _) => format!("{place}, not fully seen, is"),
                (WaiverScope::Ou(_), 1) => format!("1 account not fully seen in {place} is"),
                (WaiverScope::Ou(_), many) => format!("{many} accounts not fully seen in {place} are"),
            };
            format!("{accounts} waived {until} by {owner}: {}", waiver.reason)
        }
        WaiverState::Expired => format!(
            "{place}: expired, was valid {until} ({owner}: {}){held}: renew or remove it",
            waiver.reason
        ),
        WaiverState::Undated => format!(
            "{place}: not applied, since the evidence tells no time ({until} by {owner}){held}: say when it was saved \
             with {}",
            tied("--as-of TIME")
        ),
        WaiverState::Unmatched => {
            format!("{place}: matches no account of this run ({until} by {owner}): correct or remove it")
        }
        WaiverState::NotNeeded => {
            let accounts = match it.accounts_matched {
                1 => "its account was".to_owned(),
                many => format!("its {} were", counted(many, "account")),
            };
            format!("{place}: not needed, {accounts} fully seen ({until} by {owner}): remove it")
        }
    }
}

fn place(scope: &WaiverScope) -> String {
    match scope {
        WaiverScope::Account(id) => tied(&format!("account {id}")),
        WaiverScope::Ou(path) => tied(&format!("OU {path}")),
    }
}

fn few(mut lines: Vec<String>, verbosity: Verbosity) -> Vec<String> {
    let shown = match verbosity {
        Verbosity::Summary => WAIVERS,
        Verbosity::Everything => usize::MAX,
    };
    let more = lines.len().saturating_sub(shown) as u64;
    lines.truncate(shown);
    if more > 0 {
        lines.push(format!("… and {}: --verbose", counted(more, "more waiver")));
    }
    lines
}
