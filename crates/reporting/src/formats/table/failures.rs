//! The failing principals, where they are few enough to be listed.

use std::cmp::Reverse;

use model::AccountId;
use rules::Severity;

use super::{
    first,
    grid::{Cell, Column, Fit, Grid},
    page::Page,
    text::Style,
    waivers,
};
use crate::{Row, counted::counted, password_use::PasswordUse, tally::SIGN_IN_RULES};

/// How many failures are few enough to be listed.
pub(super) const FEW: u64 = 20;
/// The least width at which a failure stands on one line.
const ONE_LINE: usize = 140;

/// A failure that waits for the others, so that the worst stands first.
#[derive(Debug)]
pub(super) struct Failure {
    severity: Severity,
    /// Whether nobody answers for it, and no grace is given.
    held: Held,
    principal: String,
    account_name: String,
    account_id: AccountId,
    text: String,
}

/// Whether a failure is held: such stand first.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Held {
    Yes,
    No,
}

impl Held {
    fn of(row: &Row<'_>) -> Self {
        match (row.waiver(), row.grace_until()) {
            (None, None) => Self::Yes,
            (Some(_), _) | (None, Some(_)) => Self::No,
        }
    }
}

impl Failure {
    pub(super) fn of(row: &Row<'_>) -> Self {
        let signs_in = SIGN_IN_RULES.contains(&row.rule().id);
        let password_use = row.password_use().filter(|_| signs_in);
        let usage = password_use.map(|it| format!(", {}", usage(it))).unwrap_or_default();
        let account = row.account();
        Self {
            severity: row.rule().severity,
            held: Held::of(row),
            principal: row.principal_name().to_owned(),
            account_name: account.name.clone(),
            account_id: account.id.clone(),
            text: format!("{}: {}{usage}{}", row.rule().id, row.reason(), waivers::excused(row)),
        }
    }
}

/// Writes the failures, those that are held first, and the worst of them.
pub(super) fn write(page: &mut Page, failures: &mut [Failure]) {
    if failures.is_empty() {
        return;
    }
    failures.sort_by_key(|it| (it.held, Reverse(it.severity)));
    page.heading("FAILURES");
    let rows: Vec<_> = failures.iter().map(listed).collect();
    list(page, &rows, "CRITICAL  ".len());
}

/// A failure as a list shows it: label, principal, account's name and identifier; and what there is to say.
pub(super) struct Listed {
    pub(super) cells: Vec<Cell>,
    pub(super) text: String,
}

/// Writes failures, each on one line if there is room, else with its text on the next, behind `label` columns.
pub(super) fn list(page: &mut Page, listed: &[Listed], label: usize) {
    let rows: Vec<_> = listed.iter().map(|it| it.cells.clone()).collect();
    let names = page.width.saturating_sub(30) / 2;
    let most = if page.width < ONE_LINE { names } else { names / 2 };
    let mut grid = Grid {
        indent: 1,
        columns: vec![
            Column::fitting(&rows, 0, 8, Fit::Left),
            Column::fitting(&rows, 1, most, Fit::Left),
            Column::fitting(&rows, 2, most, Fit::Left),
            Column::fitting(&rows, 3, 12, Fit::Left),
        ],
    };
    if page.width >= ONE_LINE {
        grid.columns.push(Column::new(grid.rest(page.width), Fit::Wrap));
    }
    for (mut row, Listed { text, .. }) in rows.into_iter().zip(listed) {
        if page.width >= ONE_LINE {
            row.push(Cell::plain(text));
            page.row(&grid, &row);
        } else {
            page.row(&grid, &row);
            if !text.is_empty() {
                page.paragraph(1 + label, text, Style::Faint);
            }
        }
    }
}

fn listed(failure: &Failure) -> Listed {
    Listed {
        cells: vec![
            Cell::new(failure.severity.name().to_uppercase(), first::style(failure.severity)),
            Cell::plain(&failure.principal),
            Cell::plain(&failure.account_name),
            Cell::plain(failure.account_id.as_str()),
        ],
        text: failure.text.clone(),
    }
}

pub(in crate::formats) fn usage(usage: PasswordUse) -> String {
    let days = |it: i64| counted(it.unsigned_abs(), "day");
    match usage {
        PasswordUse::Used(0) => "used within a day".to_owned(),
        PasswordUse::Used(ago) => format!("last used {} ago", days(ago)),
        PasswordUse::UnusedFor(age) => format!("never used since it was created {} ago", days(age)),
        PasswordUse::NeverUsed => "never used".to_owned(),
        PasswordUse::Unknown => "of unknown use".to_owned(),
    }
}
