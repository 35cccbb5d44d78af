//! The first sheet: what the run says in short.

use rules::StatusCounts;
use rust_xlsxwriter::{Workbook, XlsxError};

use super::sheets::Sheets;
use crate::{
    Summary,
    formats::table::{Headline, tasks, untied},
    columnar::Value,
};

/// Writes the sheet.
pub(super) fn write(
    sheet: &mut Sheets,
    workbook: &mut Workbook,
    summary: &Summary,
) -> Result<(), XlsxError> {
    let headline = Headline::of(summary);
    sheet.strong_row(workbook, &[&headline.title])?;
    for (label, line) in &headline.lines {
        sheet.row(workbook, &[text(label), text(line)])?;
    }
    sheet.skip_row(workbook)?;
    let tasks = tasks(summary, usize::MAX);
    if !tasks.is_empty() {
        sheet.strong_row(workbook, &["do first", "what", "count", "of"])?;
    }
    for task in &tasks {
        let rule = task.rule.map(|it| format!("{}: ", it.id)).unwrap_or_default();
        let command = task.command.as_ref().map(|it| format!(": {it}")).unwrap_or_default();
        let what = untied(&format!("{rule}{}{command}", task.text));
        let (label, noun) = (task.label(), task.noun());
        let cells = [text(&label), text(&what), number(task.count), text(&noun)];
        sheet.row(workbook, &cells)?;
    }
    sheet.skip_row(workbook)?;
    let heads = ["severity", "rule", "fail", "waived", "in grace", "no verdict", "pass", "not applicable"];
    sheet.strong_row(workbook, &heads)?;
    for (rule, counts) in &summary.totals.rules {
        sheet.row(workbook, &counted(rule.severity.name(), rule.id, counts))?;
    }
    sheet.row(workbook, &counted("", "all", &summary.statuses()))?;
    sheet.skip_row(workbook)?;
    for phrase in summary.not_judged() {
        sheet.row(workbook, &[text("not judged"), text(&phrase)])?;
    }
    let of_accounts = summary.notes.iter().map(|it| &it.text);
    for note in summary.header.notes.iter().chain(of_accounts) {
        sheet.row(workbook, &[text("note"), text(note)])?;
    }
    Ok(())
}

fn counted<'a>(severity: &'a str, rule: &'a str, it: &StatusCounts) -> [Value<'a>; 8] {
    [
        text(severity),
        text(rule),
        number(it.fail),
        number(it.waived),
        number(it.in_grace),
        number(it.indeterminate),
        number(it.pass),
        number(it.not_applicable),
    ]
}

fn text(it: &str) -> Value<'_> {
    Value::Text(it.into())
}

fn number<'a>(it: u64) -> Value<'a> {
    Value::Number(i64::try_from(it).unwrap_or(i64::MAX))
}
