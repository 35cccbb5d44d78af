//! Every finding as a line, under its account, as they come.

use model::AccountId;
use rules::Status;

use super::{
    grid::{Cell, Column, Fit, Grid},
    page::Page,
    text::{Style, width},
    waivers,
};
use crate::{Row, Summary, summary::AccountName};

/// Every finding as a line, under its account, as they come.
#[derive(Debug)]
pub(super) struct Findings {
    grid: Grid,
    account: Option<AccountId>,
}

impl Findings {
    pub(super) fn new(page: &Page, summary: &Summary) -> Self {
        let rules = summary.totals.rules.iter().map(|(it, _)| width(it.id));
        // A name is rather broken than left no room beside it.
        let rules = rules.max().unwrap_or_default().min(page.width * 2 / 5);
        let mut grid = Grid {
            indent: 1,
            columns: vec![
                Column::new(4, Fit::Left),
                Column::new(rules, Fit::Wrap),
                Column::new((page.width / 5).clamp(16, 40), Fit::Left),
            ],
        };
        grid.columns.push(Column::new(grid.rest(page.width), Fit::Wrap));
        Self {
            grid,
            account: None,
        }
    }

    pub(super) fn add(&mut self, page: &mut Page, row: &Row<'_>) {
        let account = row.account();
        if self.account.as_ref() != Some(&account.id) {
            self.account = Some(account.id.clone());
            let place = if account.ou_path.is_empty() {
                String::new()
            } else {
                format!(" in OU {}", account.ou_path)
            };
            page.heading(&format!("{}{place}", AccountName::of(account)));
        }
        let (mark, style) = match row.status() {
            Status::Pass => ("pass", Style::Good),
            Status::Fail => ("FAIL", Style::Bad),
            Status::NotApplicable => ("n/a", Style::Faint),
            Status::Indeterminate => ("GAP", Style::Doubtful),
        };
        let cells = [
            Cell::new(mark, style),
            Cell::plain(row.rule().id),
            Cell::plain(row.principal_name()),
            Cell::plain(format!("{}{}", row.reason(), waivers::excused(row))),
        ];
        page.row(&self.grid, &cells);
    }
}
