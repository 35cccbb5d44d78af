//! What changed since the baseline: how many failures of each class, and the first few of them.

use model::Timestamp;
use rules::{Change, ChangeCounts, Changes, Failing, NewRules, Past};

use super::{
    failures::{self, Listed},
    first,
    grid::Cell,
    page::Page,
    text::Style,
};
use crate::{
    Summary, Verbosity,
    counted::counted,
    duration::{DAY, minute},
    row::principal_name,
};

/// How many failures of each class are listed unless everything is.
const FEW: usize = Changes::EXAMPLES;

/// Writes the section, if the run was compared with a baseline.
pub(super) fn write(page: &mut Page, summary: &Summary, verbosity: Verbosity) {
    let Some(changes) = &summary.changes else {
        return;
    };
    let since = changes.since.map_or_else(|| "AN UNDATED RUN".to_owned(), minute);
    page.heading(&format!("SINCE {since}: {}", change_counts(changes.counts)));
    let few = match verbosity {
        Verbosity::Summary => FEW,
        Verbosity::Everything => usize::MAX,
    };
    let mut rows = Vec::new();
    for change in [Change::New, Change::Lapsed] {
        rows.extend(failing(changes, change, summary.header.collected_at));
    }
    rows.extend(past(&changes.unknown, few));
    rows.extend(past(&changes.fixed, few));
    for change in [Change::NewRule(NewRules::Held), Change::NewRule(NewRules::Listed), Change::Known] {
        rows.extend(failing(changes, change, summary.header.collected_at));
    }
    failures::list(page, &rows, "NEW RULE  ".len());
    if let Some(more) = unlisted(changes, few) {
        page.paragraph(0, &format!(" … and {more}: --format json"), Style::Faint);
    }
}

/// Tells how many of each class are not listed.
fn unlisted(changes: &Changes, few: usize) -> Option<String> {
    let counts = changes.counts;
    let named = |name: &str| changes.examples.iter().filter(|it| it.change.name() == name).count();
    let classes = [
        (counts.new, named("new"), "new"),
        (counts.lapsed, named("lapsed"), "lapsed"),
        (counts.unknown, changes.unknown.len().min(few), "unknown"),
        (counts.fixed, changes.fixed.len().min(few), "fixed"),
        (counts.new_rule, named("new-rule"), "of new rules"),
        (counts.known, named("known"), "known"),
    ];
    let more = |(all, listed, what): (u64, usize, &str)| {
        let more = all.saturating_sub(listed as u64);
        (more > 0).then(|| format!("{more} more {what}"))
    };
    let parts: Vec<_> = classes.into_iter().filter_map(more).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Returns how many failures there are of each class; those that a run seldom has only if it has some.
pub(crate) fn change_counts(it: ChangeCounts) -> String {
    let seldom = [(it.lapsed, "lapsed"), (it.new_rule, "of new rules")];
    let always = [
        (it.new, "new"),
        (it.known, "known"),
        (it.fixed, "fixed"),
        (it.unknown, "unknown"),
    ];
    let seldom = seldom.into_iter().filter(|(count, _)| *count > 0);
    let all = always.into_iter().chain(seldom);
    all.map(|(count, what)| format!("{count} {what}")).collect::<Vec<_>>().join(", ")
}

fn failing(
    changes: &Changes,
    change: Change,
    now: Option<Timestamp>,
) -> impl Iterator<Item = Listed> {
    let alike = changes.examples.iter().filter(move |it| it.change == change);
    alike.map(move |it| Listed {
        cells: vec![
            Cell::new(change_label(change), first::style(it.severity)),
            Cell::plain(principal_name(&it.subject)),
            Cell::plain(&it.account_name),
            Cell::plain(it.account.as_str()),
        ],
        text: format!("{}: {}{}", it.rule, it.reason, age(it, now)),
    })
}

/// Returns the mark of a failure that stands so to the baseline.
pub(crate) const fn change_label(change: Change) -> &'static str {
    match change {
        Change::New => "NEW",
        Change::Known => "KNOWN",
        Change::Lapsed => "LAPSED",
        Change::NewRule(_) => "NEW RULE",
    }
}

pub(in crate::formats) fn age(it: &Failing, now: Option<Timestamp>) -> String {
    let days = now.zip(it.first_seen).map(|(now, first)| now.seconds_since(first) / DAY);
    match days {
        Some(days @ 1..) => format!(", for {}", counted(days.unsigned_abs(), "day")),
        Some(_) | None => String::new(),
    }
}

fn past(list: &[Past], few: usize) -> impl Iterator<Item = Listed> {
    list.iter().take(few).map(|it| {
        let (label, style) = if it.fate.is_fixed() {
            ("FIXED", Style::Good)
        } else {
            ("UNKNOWN", Style::Doubtful)
        };
        let since = match it.first_seen {
            Some(first) if !it.fate.is_fixed() => format!("; first seen {}", minute(first)),
            Some(_) | None => String::new(),
        };
        Listed {
            cells: vec![
                Cell::new(label, style),
                Cell::plain(principal_name(&it.subject)),
                Cell::plain(""),
                Cell::plain(it.subject.arn.account()),
            ],
            text: format!("{}: {}{since}", it.rule, it.fate.reason()),
        }
    })
}
