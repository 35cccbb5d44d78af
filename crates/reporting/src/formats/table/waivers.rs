//! Coverage waivers: above the findings those that apply, below them those that do not, and why.

use rules::{WaiverScope, WaiverState, WaiverUse};

use super::text::tied;
use crate::{Summary, Verbosity, counted::counted};

/// How many waivers are told in each place unless everything is.
const WAIVERS: usize = 3;

/// Returns a line for each waiver that applies.
pub(super) fn applied(summary: &Summary, verbosity: Verbosity) -> Vec<String> {
    let active = summary.totals.waivers.uses().filter(|it| it.state == WaiverState::Active);
    few(active.map(|it| line(&it)).collect(), verbosity)
}

/// Returns a line for each waiver that does not apply: those that leave a gap open first.
pub(super) fn idle(summary: &Summary, verbosity: Verbosity) -> Vec<String> {
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
