//! Where failures and gaps are: the worst accounts, and the organizational units.

use std::cmp::Reverse;

use super::{
    first,
    grid::{Cell, Column, Fit, Grid},
    page::Page,
    text::Style,
};
use crate::{Summary, Verbosity, counted::counted, summary::OuCounts};

/// How many accounts are told unless everything is.
const ACCOUNTS: usize = 10;
/// How many organizational units are told unless everything is.
const OUS: usize = 12;

/// Writes the worst accounts, if there is more than one.
pub(super) fn worst_accounts(page: &mut Page, summary: &Summary, verbosity: Verbosity) {
    if summary.failing_accounts < 2 {
        return;
    }
    let shown = match verbosity {
        Verbosity::Summary => ACCOUNTS,
        Verbosity::Everything => usize::MAX,
    };
    let mut rows = vec![heading(&["WORST ACCOUNTS", "", "OU", "WORST", "FAIL"])];
    rows.extend(summary.worst_accounts.iter().take(shown).map(|it| {
        vec![
            Cell::plain(&it.account.name),
            Cell::plain(it.account.id.as_str()),
            Cell::plain(ou_name(&it.ou_path)),
            Cell::new(it.severity.name(), first::style(it.severity)),
            Cell::plain(it.failures.to_string()),
        ]
    }));
    let names = page.width.saturating_sub(40) / 2;
    let grid = Grid {
        indent: 0,
        columns: vec![
            Column::fitting(&rows, 0, names.clamp(14, 50), Fit::Left),
            Column::fitting(&rows, 1, 12, Fit::Left),
            Column::fitting(&rows, 2, names, Fit::Left),
            Column::new(8, Fit::Left),
            Column::fitting(&rows, 4, 10, Fit::Right),
        ],
    };
    page.gap();
    for row in &rows {
        page.row(&grid, row);
    }
    let more = summary.failing_accounts.saturating_sub(rows.len() as u64 - 1);
    if more > 0 {
        let text = format!("… and {}", counted(more, "more failing account"));
        page.paragraph(0, &text, Style::Faint);
    }
}

/// Writes the organizational units with a failure or gap, the worst first; nothing if no account is in a unit.
pub(super) fn ous(page: &mut Page, summary: &Summary, verbosity: Verbosity) {
    if summary.ous.iter().all(|it| it.path.is_empty()) {
        return;
    }
    let mut ous: Vec<_> = summary.ous.iter().collect();
    ous.sort_by_key(|it| (Reverse(it.failures), Reverse(it.accounts_short)));
    let troubled = ous.iter().filter(|it| it.failures + it.accounts_short > 0).count();
    let few = match verbosity {
        Verbosity::Summary => OUS.min(troubled),
        Verbosity::Everything => ous.len(),
    };
    let (shown, rest) = ous.split_at(few);
    if shown.is_empty() {
        return;
    }
    let mut rows = vec![heading(&["OU", "ACCOUNTS", "FAIL", "NOT SEEN"])];
    rows.extend(shown.iter().map(|it| {
        vec![
            Cell::plain(ou_name(&it.path)),
            Cell::plain(it.accounts.to_string()),
            number(it.failures, Style::Bad),
            number(it.accounts_short, Style::Doubtful),
        ]
    }));
    let numbers = 3 * 10;
    let grid = Grid {
        indent: 0,
        columns: vec![
            Column::fitting(&rows, 0, page.width.saturating_sub(numbers), Fit::Left),
            Column::fitting(&rows, 1, 8, Fit::Right),
            Column::fitting(&rows, 2, 8, Fit::Right),
            Column::fitting(&rows, 3, 8, Fit::Right),
        ],
    };
    page.gap();
    for row in &rows {
        page.row(&grid, row);
    }
    if !rest.is_empty() {
        page.paragraph(0, &more(rest), Style::Faint);
    }
}

fn more(rest: &[&OuCounts]) -> String {
    let count = counted(rest.len() as u64, "more OU");
    let failures: u64 = rest.iter().map(|it| it.failures).sum();
    let short: u64 = rest.iter().map(|it| it.accounts_short).sum();
    let failing = if failures == 0 {
        "without failure".to_owned()
    } else {
        format!("with {}", counted(failures, "failure"))
    };
    match short {
        0 => format!("… and {count}, {failing}, fully seen"),
        _ => format!("… and {count}, {failing}, {} not fully seen", counted(short, "account")),
    }
}

fn ou_name(path: &str) -> &str {
    if path.is_empty() { "(root)" } else { path }
}

fn number(count: u64, style: Style) -> Cell {
    let style = if count == 0 { Style::Plain } else { style };
    Cell::new(count.to_string(), style)
}

fn heading(texts: &[&str]) -> Vec<Cell> {
    texts.iter().map(|it| Cell::new(it, Style::Strong)).collect()
}
