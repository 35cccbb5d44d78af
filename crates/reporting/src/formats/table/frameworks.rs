//! The report on frameworks: each requirement with what the run says of it, and the rules behind that.

use super::{
    grid::{Cell, Column, Fit, Grid},
    page::Page,
    text::Style,
};
use crate::{
    Summary,
    counted::prose,
    framework_report::{FrameworkReport, RequirementReport, RequirementStatus, RuleReport},
};

/// Writes the reports that were asked for.
pub(super) fn write(page: &mut Page, summary: &Summary) {
    for report in &summary.frameworks {
        of_framework(page, report);
    }
}

fn of_framework(page: &mut Page, report: &FrameworkReport) {
    page.heading(&format!("FRAMEWORK {}: {}", report.version, totals(report)));
    let rows: Vec<_> = report.requirements.iter().map(row).collect();
    let mut grid = Grid {
        indent: 1,
        columns: vec![
            Column::fitting(&rows, 0, 14, Fit::Left),
            Column::fitting(&rows, 1, 10, Fit::Left),
        ],
    };
    grid.columns.push(Column::new(grid.rest(page.width), Fit::Wrap));
    for row in &rows {
        page.row(&grid, row);
    }
}

fn totals(report: &FrameworkReport) -> String {
    let count = |status: RequirementStatus| match report.count(status) {
        0 => None,
        count => Some(format!("{count} {}", status.words())),
    };
    prose(&RequirementStatus::ALL.into_iter().filter_map(count).collect::<Vec<_>>())
}

fn row(report: &RequirementReport) -> Vec<Cell> {
    let (mark, style) = match report.status {
        RequirementStatus::Pass => ("pass", Style::Good),
        RequirementStatus::Fail => ("FAIL", Style::Bad),
        RequirementStatus::NotSeen => ("NOT SEEN", Style::Doubtful),
        RequirementStatus::NotApplicable => ("n/a", Style::Faint),
        RequirementStatus::NotByUs => ("not automated", Style::Faint),
    };
    let mut text = report.requirement.title.to_owned();
    if !report.why.is_empty() {
        text.push_str(": ");
        text.push_str(&report.why);
    }
    let rules: Vec<_> = report.rules.iter().filter_map(findings).collect();
    if !rules.is_empty() {
        text.push_str(" (");
        text.push_str(&rules.join("; "));
        text.push(')');
    }
    vec![Cell::new(mark, style), Cell::plain(report.requirement.id), Cell::plain(text)]
}

/// Names a rule and its findings; nothing of one that was not evaluated, which stands in the reason.
fn findings(report: &RuleReport) -> Option<String> {
    let counts = report.counts?;
    let parts = [
        (counts.fail, "fail"),
        (counts.indeterminate, "undecided"),
        (counts.pass, "pass"),
        (counts.not_applicable, "n/a"),
    ];
    let present = parts.into_iter().filter(|(count, _)| *count > 0);
    let told: Vec<_> = present.map(|(count, what)| format!("{count} {what}")).collect();
    let told = if told.is_empty() { "nobody to judge".to_owned() } else { told.join(", ") };
    Some(format!("{}: {told}", report.rule.id))
}
