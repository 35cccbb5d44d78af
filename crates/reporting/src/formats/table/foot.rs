//! The last lines: what was skipped, what was not judged, by which rules the rest was.

use std::collections::BTreeMap;

use super::{
    coverage,
    grid::{Cell, Column, Fit, Grid},
    page::Page,
    text::{Style, tied},
    waivers,
};
use crate::{
    Summary, Verbosity,
    counted::{counted, prose},
};

/// The columns of a label and the space after it.
const MARGIN: usize = 12;
/// How many notes are told unless everything is.
const NOTES: usize = 3;
/// Where the reasons for a rule are told.
const WHY: &str = "Why: mfaudit rules show RULE";

/// Writes the last lines.
pub(super) fn write(page: &mut Page, summary: &Summary, verbosity: Verbosity) {
    page.gap();
    if !summary.not_active.is_empty() {
        labelled(page, "SKIPPED", &skipped(summary));
    }
    let rules: Vec<_> = summary.totals.rules.iter().map(|(it, _)| it.id).collect();
    labelled(page, "JUDGED BY", &rules.join(", "));
    labelled(page, "NOT JUDGED", &summary.not_judged().join("; "));
    match (verbosity, coverage::by_dataset(summary)) {
        (Verbosity::Summary, Some(coverage)) => labelled(page, "SEEN", &coverage),
        // Told below, and in more detail.
        (Verbosity::Everything, _) | (_, None) => {}
    }
    let mut label = "WAIVERS";
    let of_failures = waivers::to_look_at(summary, verbosity);
    for waiver in of_failures.into_iter().chain(waivers::idle(summary, verbosity)) {
        labelled(page, label, &waiver);
        label = "";
    }
    let notes = notes(summary);
    let shown = match verbosity {
        Verbosity::Summary => NOTES,
        Verbosity::Everything => usize::MAX,
    };
    let mut label = "NOTES";
    for note in notes.iter().take(shown) {
        labelled(page, label, note);
        label = "";
    }
    let more = notes.len().saturating_sub(shown) as u64;
    if more > 0 {
        labelled(page, "", &format!("… and {}: --verbose", counted(more, "more note")));
    }
    match verbosity {
        Verbosity::Summary => {
            let text = format!("{}\u{a0} {}", tied("All: --verbose "), tied(WHY));
            page.paragraph(0, &text, Style::Faint);
        }
        Verbosity::Everything => {
            coverage::write(page, summary);
            skipped_accounts(page, summary);
            page.gap();
            page.paragraph(0, WHY, Style::Faint);
        }
    }
}

fn labelled(page: &mut Page, label: &str, text: &str) {
    page.labelled(MARGIN, label, Style::Strong, text, Style::Plain);
}

pub(in crate::formats) fn skipped(summary: &Summary) -> String {
    let mut states: BTreeMap<String, u64> = BTreeMap::new();
    for account in &summary.not_active {
        *states.entry(account.state.to_string()).or_default() += 1;
    }
    let states: Vec<_> = states
        .into_iter()
        .map(|(state, count)| counted(count, &format!("{state} account")))
        .collect();
    prose(&states)
}

fn skipped_accounts(page: &mut Page, summary: &Summary) {
    if summary.not_active.is_empty() {
        return;
    }
    page.heading("SKIPPED");
    let rows: Vec<_> = summary
        .not_active
        .iter()
        .map(|it| {
            vec![
                Cell::plain(&it.account.name),
                Cell::plain(it.account.id.as_str()),
                Cell::plain(it.state.to_string()),
                Cell::plain(&it.ou_path),
            ]
        })
        .collect();
    let mut grid = Grid {
        indent: 1,
        columns: vec![
            Column::fitting(&rows, 0, page.width / 3, Fit::Left),
            Column::fitting(&rows, 1, 12, Fit::Left),
            Column::fitting(&rows, 2, 20, Fit::Left),
        ],
    };
    grid.columns.push(Column::new(grid.rest(page.width), Fit::Left));
    for row in &rows {
        page.row(&grid, row);
    }
}

pub(in crate::formats) fn notes(summary: &Summary) -> Vec<String> {
    let of_accounts = summary.notes.iter().map(|it| match &summary.only_account {
        Some(_) => it.text.clone(),
        None => format!("{} ({})", it.text, counted(it.accounts, "account")),
    });
    summary.header.notes.iter().cloned().chain(of_accounts).collect()
}
