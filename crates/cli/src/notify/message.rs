//! From a run's summary to a message, if there is anything to tell.

use std::collections::BTreeMap;

use delivery::notify::{
    BySeverity, Changes as ToldChanges, Compared, Failure, Gone, Listed, Message, NewFailures, Run,
    SeenLess, Totals,
};
use model::Dataset;
use reporting::{Summary, principal_name, visible};
use rules::{
    Absence, Before, Change, Changes, Decision, Failing, LostAccount, Past, Severity, Strictness,
};

use super::{
    changed::{self, Happened},
    ending,
};
use crate::config_file::Notification;

/// The most characters of a line.
const LONGEST_LINE: usize = 200;

/// Returns the message about a run; `None` if nothing happened that it is to be sent about.
pub(super) fn of(
    summary: &Summary,
    notification: &Notification,
    redacted: bool,
    link: Option<String>,
) -> Option<Message> {
    let waivers = ending::waivers(summary, notification.within);
    let closed = changed::closed_by_coverage(summary);
    let because = changed::occasions(summary.changes(), closed, waivers.changed, &notification.on);
    if because.is_empty() {
        return None;
    }
    let header = summary.header();
    let run = Run {
        tool_version: env!("CARGO_PKG_VERSION"),
        collected_at: header.collected_at.map(|it| it.to_string()),
        organization: header.organization.as_ref().map(|it| line(&it.id)),
        redacted,
    };
    let outcome = summary.outcome();
    let verdict = match outcome.decision {
        Decision::Open => "clean",
        Decision::Failures => "failures",
        Decision::Incomplete => "incomplete",
    };
    let mut message = Message::new(run, totals(summary), verdict, outcome.exit_code);
    message.because = because;
    message.link = link;
    message.changes = summary.changes().map(|it| changes(it, closed));
    message.waivers_ending = waivers.listed;
    Some(message.told(usize::try_from(notification.lines).unwrap_or_default()))
}

fn totals(summary: &Summary) -> Totals {
    let statuses = summary.statuses();
    let coverage = &summary.totals().coverage;
    Totals {
        accounts: coverage.accounts,
        accounts_short: coverage.accounts_short,
        account_list_cut: !summary.totals().account_list.is_whole(),
        failures: statuses.fail,
        waived: statuses.waived,
        indeterminate: statuses.indeterminate,
        coverage_percent: summary.coverage(Strictness::Visible).map(percent),
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "hundredths of a percent are at most 10 000"
)]
fn percent(hundredths: u64) -> f64 {
    hundredths as f64 / 100.0
}

fn changes(it: &Changes, closed_by_coverage: Happened) -> ToldChanges {
    let counts = it.counts;
    let new = it.examples.iter().filter(|it| it.change != Change::Known);
    ToldChanges {
        baseline: Compared {
            collected_at: it.since.map(|it| it.to_string()),
        },
        new: NewFailures {
            count: counts.new + counts.lapsed + counts.new_rule,
            by_severity: by_severity(&it.severities),
            examples: new.take(Changes::EXAMPLES).map(failure).collect(),
        },
        fixed: Listed {
            count: counts.fixed,
            examples: it.fixed.iter().take(Changes::EXAMPLES).map(gone).collect(),
        },
        unknown: counts.unknown,
        coverage_lost: it.coverage_lost.as_ref().map(|lost| Listed {
            count: lost.accounts,
            examples: lost
                .examples
                .iter()
                .take(Changes::EXAMPLES)
                .map(less)
                .collect(),
        }),
        list_cut: it.list_cut,
        closed_by_coverage: closed_by_coverage == Happened::Yes,
    }
}

fn by_severity(counts: &BTreeMap<Severity, u64>) -> BySeverity {
    let of = |it| counts.get(&it).copied().unwrap_or_default();
    BySeverity {
        critical: of(Severity::Critical),
        high: of(Severity::High),
        medium: of(Severity::Medium),
        low: of(Severity::Low),
        info: of(Severity::Info),
    }
}

fn failure(it: &Failing) -> Failure {
    let principal = line(principal_name(&it.subject));
    let account = named(it.account.as_str(), &it.account_name);
    let excused = match it.change {
        Change::Lapsed => ", excused no more",
        Change::NewRule(_) => ", not evaluated before",
        Change::New | Change::Known => "",
    };
    let severity = it.severity.name();
    Failure {
        change: it.change.name(),
        rule: it.rule.to_owned(),
        severity,
        account_id: it.account.as_str().to_owned(),
        account_name: line(&it.account_name),
        reason: line(&it.reason),
        text: line(&format!(
            "{severity} {}: {principal} in {account}: {}{excused}",
            it.rule, it.reason
        )),
        principal,
    }
}

fn gone(it: &Past) -> Gone {
    let principal = line(principal_name(&it.subject));
    let account_id = it.subject.arn.account().to_owned();
    Gone {
        text: line(&format!(
            "{}: {principal} in {account_id}: {}",
            it.rule,
            it.fate.reason()
        )),
        rule: it.rule.clone(),
        account_id,
        principal,
        reason: it.fate.reason(),
    }
}

fn less(it: &LostAccount) -> SeenLess {
    let datasets: Vec<_> = it.datasets.iter().copied().map(Dataset::name).collect();
    let of = datasets.join(", ");
    let what = match (it.absence, it.before) {
        (None, Before::Audited) => format!("less was seen of {of}"),
        (None, Before::NotAudited) => {
            format!("not in the baseline, and not everything was seen of {of}")
        }
        (Some(Absence::NotInScope), _) => "not in the scope of this run".to_owned(),
        (Some(Absence::NotSeen | Absence::Gone), _) => "the account was not seen".to_owned(),
    };
    SeenLess {
        account_id: it.id.as_str().to_owned(),
        account_name: line(&it.name),
        absence: it.absence.map(Absence::name),
        new: it.before == Before::NotAudited,
        text: line(&format!(
            "account {}: {what}",
            named(it.id.as_str(), &it.name)
        )),
        datasets,
    }
}

fn named(id: &str, name: &str) -> String {
    if name.is_empty() {
        id.to_owned()
    } else {
        format!("{name} {id}")
    }
}

/// Returns text on one line, not too long, in which nothing cannot be seen.
pub(super) fn line(text: &str) -> String {
    let text = visible(text);
    if text.chars().count() <= LONGEST_LINE {
        return text.into_owned();
    }
    let begin: String = text.chars().take(LONGEST_LINE - 1).collect();
    begin + "…"
}
