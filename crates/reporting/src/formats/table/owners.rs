//! Who answers for the failures.

use super::{
    grid::{Cell, Column, Fit, Grid},
    page::Page,
    text::Style,
};
use crate::{Summary, Verbosity, counted::counted, summary::OwnerCounts};

/// How many owners are told unless everything is.
const OWNERS: usize = 12;

/// Writes the owners with a failure or gap, the most failures first; nothing if nobody asked.
pub(super) fn write(page: &mut Page, summary: &Summary, verbosity: Verbosity) {
    let Some(owners) = &summary.owners else { return };
    let troubled: Vec<_> = owners.iter().filter(|it| it.failures + it.indeterminate > 0).collect();
    let few = match verbosity {
        Verbosity::Summary => OWNERS.min(troubled.len()),
        Verbosity::Everything => troubled.len(),
    };
    let (shown, rest) = troubled.split_at(few);
    if shown.is_empty() {
        return;
    }
    let heading = ["OWNER", "ACCOUNTS", "FAIL", "NOT JUDGED"];
    let mut rows = vec![heading.iter().map(|it| Cell::new(*it, Style::Strong)).collect::<Vec<_>>()];
    rows.extend(shown.iter().map(|it| {
        vec![
            name(it),
            Cell::plain(it.accounts.to_string()),
            Cell::plain(it.failures.to_string()),
            Cell::plain(it.indeterminate.to_string()),
        ]
    }));
    let grid = Grid {
        indent: 0,
        columns: vec![
            Column::fitting(&rows, 0, page.width.saturating_sub(36).max(14), Fit::Left),
            Column::fitting(&rows, 1, 10, Fit::Right),
            Column::fitting(&rows, 2, 10, Fit::Right),
            Column::fitting(&rows, 3, 10, Fit::Right),
        ],
    };
    page.gap();
    for row in &rows {
        page.row(&grid, row);
    }
    if !rest.is_empty() {
        let text = format!("… and {}: --verbose", counted(rest.len() as u64, "more owner"));
        page.paragraph(0, &text, Style::Faint);
    }
}

fn name(counts: &OwnerCounts) -> Cell {
    match &counts.owner {
        Some(owner) => Cell::plain(owner),
        None => Cell::new("(nobody)", Style::Doubtful),
    }
}
