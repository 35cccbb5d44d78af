//! What stands above the failures: what to know in ten seconds, what to do first, and the counts.

use std::fmt::Write;

use rules::StatusCounts;

use super::{linked, shown, table};
use crate::{
    Summary,
    formats::table::{Headline, Task, change_counts, tasks},
};

/// How many causes of gaps are told among what to do first.
const CAUSES: usize = 10;

/// Returns the text.
pub(super) fn text(summary: &Summary) -> String {
    let headline = Headline::of(summary);
    // Writing to a string cannot fail.
    let mut out = format!("## {}\n\n", shown(&headline.title));
    for (label, text) in &headline.lines {
        let label = match *label {
            "" => String::new(),
            label => format!("**{label}** "),
        };
        let _ = writeln!(out, "- {label}{}", shown(text));
    }
    if let Some(changes) = summary.changes() {
        let _ = writeln!(out, "- **SINCE THE BASELINE** {}", shown(&change_counts(changes.counts)));
    }
    out + &first(summary) + &by_rule(summary)
}

fn first(summary: &Summary) -> String {
    let all = tasks(summary, CAUSES);
    if all.is_empty() {
        return String::new();
    }
    let mut out = "\n### Do first\n\n".to_owned();
    for (index, task) in all.iter().enumerate() {
        let _ = writeln!(out, "{}. {}", index + 1, line(task));
    }
    let more = summary.gaps.len().saturating_sub(CAUSES);
    if more > 0 {
        let _ = writeln!(out, "\nCauses of gaps that are not listed here: {more}.");
    }
    out
}

fn line(task: &Task) -> String {
    let rule = task.rule.map(|it| format!("{}: ", linked(it))).unwrap_or_default();
    let command = task.command.as_ref().map(|it| format!(": {}", shown(it))).unwrap_or_default();
    let count = format!("{} {}", task.count, task.noun());
    format!("**{}** {count}: {rule}{}{command}", task.label(), shown(&crate::formats::table::untied(&task.text)))
}

/// Every rule that was evaluated, with its counts: what has no verdict stands beside what passes.
fn by_rule(summary: &Summary) -> String {
    let row = |name: &str, severity: &str, it: &StatusCounts| {
        format!(
            "| {name} | {severity} | {} | {} | {} | {} | {} |",
            it.fail,
            it.waived + it.in_grace,
            it.indeterminate,
            it.pass,
            it.not_applicable
        )
    };
    let rules = &summary.totals.rules;
    let rows = rules.iter().map(|(rule, it)| row(&linked(rule), rule.severity.name(), it));
    let sum = row("**all**", "", &summary.statuses());
    table(
        "Findings by rule",
        "| rule | severity | fail | of these waived or in grace | no verdict | pass | not applicable |\n\
         |---|---|---:|---:|---:|---:|---:|",
        std::iter::once(sum).chain(rows),
    )
}
