//! What to do first: failures by severity, then what keeps the audit from seeing, each with its remedy.

use std::cmp::Reverse;

use model::snapshot::Header;
use rules::{Severity, SubjectKind};

use super::{
    grid::{Cell, Column, Fit, Grid},
    page::Page,
    text::{Style, tied},
};
use crate::{
    Summary, Verbosity,
    counted::{counted, prose},
    password_use::{IDLE_AFTER_DAYS, PasswordUses},
    summary::{AccountName, GapGroup, Place, RuleFailures},
    tally::SIGN_IN_RULES,
};

/// How many causes of gaps are told unless everything is.
const CAUSES: usize = 5;

/// Writes the list; nothing if there is nothing to do.
pub(super) fn write(page: &mut Page, summary: &Summary, verbosity: Verbosity) {
    let mut failures: Vec<_> = summary.to_fix.iter().collect();
    failures.sort_by_key(|it| Reverse(it.rule.severity));
    let shown = match verbosity {
        Verbosity::Summary => CAUSES,
        Verbosity::Everything => usize::MAX,
    };
    let mut rows: Vec<Vec<Cell>> = failures.into_iter().map(|it| failing(it, summary)).collect();
    rows.extend(summary.gaps.iter().take(shown).map(|it| unseen(it, &summary.header)));
    if rows.is_empty() {
        return;
    }
    for (index, row) in rows.iter_mut().enumerate() {
        row.insert(0, Cell::plain((index + 1).to_string()));
    }
    page.heading("DO FIRST");
    let mut grid = Grid {
        indent: 0,
        columns: vec![
            Column::new(2, Fit::Right),
            Column::fitting(&rows, 1, 8, Fit::Left),
            Column::fitting(&rows, 2, 7, Fit::Right),
        ],
    };
    grid.columns.push(Column::fitting(&rows, 3, 10, Fit::Left));
    grid.columns.push(Column::new(grid.rest(page.width), Fit::Wrap));
    for row in rows {
        page.row(&grid, &row);
    }
    let more = summary.gaps.len().saturating_sub(shown) as u64;
    if more > 0 {
        let text = format!("… and {} of gaps: --verbose", counted(more, "more cause"));
        page.paragraph(4, &text, Style::Faint);
    }
}

/// Returns the colour of a severity.
pub(super) const fn style(severity: Severity) -> Style {
    match severity {
        Severity::Critical | Severity::High => Style::Bad,
        Severity::Medium => Style::Doubtful,
        Severity::Low | Severity::Info => Style::Plain,
    }
}

fn failing(failures: &RuleFailures, summary: &Summary) -> Vec<Cell> {
    let rule = failures.rule;
    let (noun, text) = told(failures, summary);
    vec![
        Cell::new(rule.severity.name().to_uppercase(), style(rule.severity)),
        Cell::plain(failures.findings.to_string()),
        Cell::plain(noun),
        Cell::plain(format!("{}: {text}", rule.id)),
    ]
}

/// Returns what fails, in its number, and what is to know of it.
pub(in crate::formats) fn told(failures: &RuleFailures, summary: &Summary) -> (String, String) {
    let rule = failures.rule;
    let (noun, mut parts) = match rule.check.subject() {
        SubjectKind::RootUser => ("root user", vec![examples(failures)]),
        SubjectKind::IamUser if SIGN_IN_RULES.contains(&rule.id) => {
            ("IAM user", uses(failures.uses))
        }
        SubjectKind::IamUser => ("IAM user", Vec::new()),
        SubjectKind::IamRole => ("IAM role", Vec::new()),
        SubjectKind::Account => ("account", vec![examples(failures)]),
        SubjectKind::Organization => ("organization", Vec::new()),
    };
    match rule.check.subject() {
        SubjectKind::IamUser | SubjectKind::IamRole if summary.only_account.is_none() => {
            parts.push(concentration(failures));
        }
        SubjectKind::RootUser
        | SubjectKind::IamUser
        | SubjectKind::IamRole
        | SubjectKind::Account
        | SubjectKind::Organization => {}
    }
    let text = match parts.join("; ") {
        nothing if nothing.is_empty() => rule.title.to_owned(),
        text => text,
    };
    (crate::counted::plural(failures.findings, noun), text)
}

fn unseen(group: &GapGroup, header: &Header) -> Vec<Cell> {
    let remedy = group.remedy(header);
    let command = remedy.command.map(|it| format!(": {}", tied(&it))).unwrap_or_default();
    let place = place(group).map(|it| format!("{it}: ")).unwrap_or_default();
    vec![
        Cell::new("GAP", Style::Doubtful),
        Cell::plain(group.accounts.to_string()),
        Cell::plain(crate::counted::plural(group.accounts, "account")),
        Cell::plain(format!("{place}{}{command}", remedy.text)),
    ]
}

/// Names where the gaps are, if that can be said in a few words.
pub(in crate::formats) fn place(group: &GapGroup) -> Option<String> {
    if group.cause.place == Place::Management {
        return Some("management account".to_owned());
    }
    if group.examples.len() as u64 == group.accounts {
        return Some(named(&group.examples));
    }
    let ous: Vec<_> = group.ous.iter().filter(|it| !it.is_empty()).cloned().collect();
    let all_named = ous.len() == group.ous.len();
    match ous.as_slice() {
        [only] if all_named => Some(format!("OU {only}")),
        [_, _] | [_, _, _] if all_named => Some(format!("OUs {}", prose(&ous))),
        _ => None,
    }
}

fn examples(failures: &RuleFailures) -> String {
    let more = failures.accounts - failures.examples.len() as u64;
    let named = named(&failures.examples);
    if more == 0 {
        named
    } else {
        format!("{named} and {}", counted(more, "more account"))
    }
}

/// Tells in how many accounts the failures are, and which holds most of them.
fn concentration(failures: &RuleFailures) -> String {
    let accounts = counted(failures.accounts, "account");
    match &failures.most {
        Some((account, _)) if failures.accounts == 1 => format!("in {}", tied(&account.to_string())),
        Some((account, most)) if *most > 1 => {
            format!("in {accounts}, most in {} ({most})", tied(&account.to_string()))
        }
        Some(_) | None => format!("in {accounts}"),
    }
}

fn uses(uses: PasswordUses) -> Vec<String> {
    let parts = [
        (uses.idle, format!("idle over {IDLE_AFTER_DAYS} days: delete the password")),
        (uses.in_use, "in use: enrol a device".to_owned()),
        (uses.never_used, "never used: delete the password or enrol a device".to_owned()),
        (uses.unknown, "of unknown use: enrol a device".to_owned()),
    ];
    let present = parts.into_iter().filter(|(count, _)| *count > 0);
    present.map(|(count, what)| format!("{count} {what}")).collect()
}

fn named(accounts: &[AccountName]) -> String {
    accounts.iter().map(|it| tied(&it.to_string())).collect::<Vec<_>>().join(", ")
}
