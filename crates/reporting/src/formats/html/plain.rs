//! The first findings in plain HTML, for readers without scripts: what fails first, and of that the worst.

use std::io::{self, Write};

use rules::{Severity, Status};

use super::text::{escaped, name};
use crate::{
    Row, Summary,
    counted::counted,
    formats::table::{failures::usage, waivers},
    tally::SIGN_IN_RULES,
};

/// How many findings are told.
const ROWS: usize = 500;
/// Failures that are held by severity, then gaps, failures that are excused, passes, and what does not concern anybody.
const RANKS: usize = Severity::ALL.len() + 4;

/// The first findings: of each rank no more than are told at all.
#[derive(Debug, Default)]
pub(super) struct PlainRows {
    ranks: [Vec<String>; RANKS],
    all: u64,
    owned: bool,
}

impl PlainRows {
    /// Notes whether there is a column of owners.
    pub(super) const fn know(&mut self, summary: &Summary) {
        self.owned = summary.owners.is_some();
    }

    pub(super) fn add(&mut self, row: &Row<'_>) {
        self.all += 1;
        let owned = self.owned;
        if let Some(rows) = self.ranks.get_mut(rank(row)) && rows.len() < ROWS {
            rows.push(html(row, owned));
        }
    }

    pub(super) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        if self.all == 0 {
            return writeln!(out, "<p>There is no finding to list.</p>");
        }
        let shown = self.all.min(ROWS as u64);
        if shown < self.all {
            writeln!(
                out,
                "<p>The first {shown} of {}, what fails first. A browser that runs scripts lists all of them.</p>",
                counted(self.all, "finding")
            )?;
        }
        let owner = if self.owned { "<th scope=\"col\">Owner</th>" } else { "" };
        writeln!(
            out,
            "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"The first findings\">\n<table class=\"rows\">\n\
             <thead><tr><th scope=\"col\">Status</th><th scope=\"col\">Severity</th>\
             <th scope=\"col\">Principal</th><th scope=\"col\">Account</th>{owner}<th scope=\"col\">Finding</th></tr></thead>\n<tbody>"
        )?;
        for row in self.ranks.iter().flatten().take(ROWS) {
            writeln!(out, "{row}")?;
        }
        writeln!(out, "</tbody>\n</table>\n</div>")
    }
}

fn rank(row: &Row<'_>) -> usize {
    let severities = Severity::ALL.len();
    match row.status() {
        Status::Fail if row.waiver().is_some() || row.grace_until().is_some() => severities + 1,
        Status::Fail => {
            let worst_first = Severity::ALL.iter().rev();
            worst_first.take_while(|it| **it != row.rule().severity).count()
        }
        Status::Indeterminate => severities,
        Status::Pass => severities + 2,
        Status::NotApplicable => severities + 3,
    }
}

/// Returns how the page names a status.
pub(super) const fn status_words(status: Status) -> &'static str {
    match status {
        Status::Pass => "Pass",
        Status::Fail => "Fail",
        Status::NotApplicable => "N/A",
        Status::Indeterminate => "Not seen",
    }
}

fn html(row: &Row<'_>, owned: bool) -> String {
    let (rule, account) = (row.rule(), row.account());
    let signs_in = row.status() == Status::Fail && SIGN_IN_RULES.contains(&rule.id);
    let used = row.password_use().filter(|_| signs_in);
    let used = used.map(|it| format!(", {}", usage(it))).unwrap_or_default();
    let answers = match (owned, row.owner()) {
        (false, _) => String::new(),
        (true, None) => "<td class=\"faint\">nobody</td>".to_owned(),
        (true, Some(it)) => format!("<td>{}</td>", name(it)),
    };
    let ou = match account.ou_path.as_str() {
        "" => String::new(),
        path => format!("<br><span class=\"faint\">{}</span>", name(path)),
    };
    format!(
        "<tr><td><span class=\"tag {status}\">{words}</span></td><td><span class=\"severity {severity}\">{severity}</span></td>\
         <td>{principal}</td><td>{account_name} <span class=\"id\">{id}</span>{ou}</td>{answers}\
         <td><span class=\"rule\">{rule}</span><br>{reason}{used}{excused}</td></tr>",
        status = row.status().name(),
        words = status_words(row.status()),
        severity = rule.severity.name(),
        principal = name(row.principal_name()),
        account_name = name(&account.name),
        id = escaped(account.id.as_str()),
        rule = escaped(rule.id),
        reason = escaped(row.reason()),
        used = escaped(&used),
        excused = super::text::words(&waivers::excused(row)),
    )
}
