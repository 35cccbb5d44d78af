//! What to do first: failures by severity, then what keeps the audit from seeing, each with its remedy.

use std::cmp::Reverse;

use model::snapshot::Header;
use rules::{Rule, Severity, SubjectKind};

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
    let shown = match verbosity {
        Verbosity::Summary => CAUSES,
        Verbosity::Everything => usize::MAX,
    };
    let mut rows: Vec<Vec<Cell>> = tasks(summary, shown).iter().map(Task::cells).collect();
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

/// Something to do.
#[derive(Debug)]
pub(in crate::formats) struct Task {
    /// The rule that fails; `None` for what was not seen.
    pub(in crate::formats) rule: Option<&'static Rule>,
    /// How many of what.
    pub(in crate::formats) count: u64,
    noun: &'static str,
    /// What is wrong, and what to do.
    pub(in crate::formats) text: String,
    /// The command that helps.
    pub(in crate::formats) command: Option<String>,
}

/// Returns what to do: failures, the worst first, then so many of what keeps the audit from seeing.
pub(in crate::formats) fn tasks(summary: &Summary, causes: usize) -> Vec<Task> {
    let mut failures: Vec<_> = summary.to_fix.iter().collect();
    failures.sort_by_key(|it| Reverse(it.rule.severity));
    let failures = failures.into_iter().map(|it| failing(it, summary));
    let gaps = summary.gaps.iter().take(causes);
    failures.chain(gaps.map(|it| unseen(it, &summary.header))).collect()
}

impl Task {
    /// Returns how urgent it is, in capitals.
    pub(in crate::formats) fn label(&self) -> String {
        self.rule.map_or_else(|| "GAP".to_owned(), |it| it.severity.name().to_uppercase())
    }

    /// Returns the noun in the number that the count asks for.
    pub(in crate::formats) fn noun(&self) -> String {
        crate::counted::plural(self.count, self.noun)
    }

    fn cells(&self) -> Vec<Cell> {
        let command = self.command.as_ref().map(|it| format!(": {}", tied(it))).unwrap_or_default();
        let rule = self.rule.map(|it| format!("{}: ", it.id)).unwrap_or_default();
        vec![
            Cell::new(self.label(), self.rule.map_or(Style::Doubtful, |it| style(it.severity))),
            Cell::plain(self.count.to_string()),
            Cell::plain(self.noun()),
            Cell::plain(format!("{rule}{}{command}", self.text)),
        ]
    }
}

/// Returns what fails, in its number, and what is to know of it.
pub(in crate::formats) fn told(failures: &RuleFailures, summary: &Summary) -> (String, String) {
    let task = failing(failures, summary);
    (task.noun(), task.text)
}

fn failing(failures: &RuleFailures, summary: &Summary) -> Task {
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
    Task {
        rule: Some(rule),
        count: failures.findings,
        noun,
        text,
        command: None,
    }
}

fn unseen(group: &GapGroup, header: &Header) -> Task {
    let remedy = group.remedy(header);
    let place = place(group).map(|it| format!("{it}: ")).unwrap_or_default();
    Task {
        rule: None,
        count: group.accounts,
        noun: "account",
        text: format!("{place}{}", remedy.text),
        command: remedy.command,
    }
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
