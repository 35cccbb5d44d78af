//! How far each dataset was seen, over all accounts.

use rules::{CellCounts, Strictness};

use super::{
    grid::{Cell, Column, Fit, Grid},
    page::Page,
    text::{Style, hundredths, tied},
};
use crate::{Summary, summary::share};

/// Returns how far each dataset was seen, in one line; `None` if every one was in full.
pub(super) fn by_dataset(summary: &Summary) -> Option<String> {
    let cells = &summary.totals.coverage.cells;
    let parts: Vec<_> = cells
        .iter()
        .map(|(dataset, counts)| tied(&format!("{dataset} {}", percent(counts))))
        .collect();
    (summary.totals.coverage.accounts_short > 0).then(|| parts.join(", "))
}

/// Writes how many accounts have each dataset seen, partly seen, and so on.
pub(super) fn write(page: &mut Page, summary: &Summary) {
    if summary.totals.coverage.accounts == 0 {
        return;
    }
    let cells = &summary.totals.coverage.cells;
    // A column of zeros says nothing.
    let used = |heading: &'static str, count: fn(&CellCounts) -> u64| {
        cells.values().any(|it| count(it) > 0).then_some((heading, count))
    };
    let counts = [
        used("FULLY", |it| it.seen),
        used("PARTLY", |it| it.partly),
        used("NOT", |it| it.not_seen),
        used("HIDDEN", |it| it.not_visible),
        used("WAIVED", |it| it.waived),
    ];
    let counts: Vec<_> = counts.into_iter().flatten().collect();
    let heading = ["DATASET", "SEEN"].into_iter().chain(counts.iter().map(|(heading, _)| *heading));
    let mut rows = vec![heading.map(|it| Cell::new(it, Style::Strong)).collect::<Vec<_>>()];
    rows.extend(cells.iter().map(|(dataset, it)| {
        let start = [dataset.to_string(), percent(it)];
        let counts = counts.iter().map(|(_, count)| count(it).to_string());
        start.into_iter().chain(counts).map(Cell::plain).collect()
    }));
    let mut grid = Grid {
        indent: 0,
        columns: vec![Column::fitting(&rows, 0, page.width.saturating_sub(46), Fit::Left)],
    };
    for index in 1..=counts.len() + 1 {
        grid.columns.push(Column::fitting(&rows, index, 7, Fit::Right));
    }
    page.gap();
    for row in &rows {
        page.row(&grid, row);
    }
}

pub(in crate::formats) fn percent(counts: &CellCounts) -> String {
    hundredths(share(counts.seen_of_all(Strictness::Visible)).unwrap_or_default())
}
