//! The sheet of waivers: of failures and of coverage, with what became of each.

use rules::{WaiverOutcome, WaiverUse};
use rust_xlsxwriter::{Workbook, XlsxError};

use super::sheets::Sheets;
use crate::{Summary, columnar::Value};

/// The columns and their widths. New ones come last.
pub(super) const COLUMNS: [(&str, u16); 15] = [
    ("of", 10),
    ("rule", 26),
    ("principal", 30),
    ("account", 15),
    ("scope", 30),
    ("owner", 26),
    ("reason", 60),
    ("created", 12),
    ("expires", 12),
    ("ticket", 20),
    ("state", 18),
    ("concerned", 12),
    ("waived", 12),
    ("not_waived", 12),
    ("ends", 12),
];

/// Writes the sheet. A waiver of failures concerns failures, and one of coverage accounts that were not fully seen.
pub(super) fn write(
    sheet: &mut Sheets,
    workbook: &mut Workbook,
    summary: &Summary,
) -> Result<(), XlsxError> {
    for waiver in summary.totals.waiver_uses.outcomes() {
        sheet.row(workbook, &of_failures(&waiver))?;
    }
    for waiver in summary.totals.waivers.uses() {
        sheet.row(workbook, &of_coverage(&waiver))?;
    }
    Ok(())
}

fn of_failures<'a>(it: &WaiverOutcome<'a>) -> [Value<'a>; COLUMNS.len()] {
    let waiver = it.waiver;
    [
        text("failures"),
        text(waiver.rule.as_str()),
        text(waiver.principal.as_str()),
        text(waiver.account.as_str()),
        Value::Nothing,
        text(&waiver.owner),
        text(&waiver.reason),
        waiver.created.map_or(Value::Nothing, Value::Day),
        Value::Day(waiver.expires),
        waiver.ticket.as_deref().map_or(Value::Nothing, text),
        text(it.fate.name()),
        number(it.failures),
        number(it.waived),
        number(it.unwaived),
        it.ends.map_or(Value::Nothing, Value::Day),
    ]
}

fn of_coverage<'a>(it: &WaiverUse<'a>) -> [Value<'a>; COLUMNS.len()] {
    let waiver = it.waiver;
    let scope = format!("{} {}", waiver.scope.kind(), waiver.scope.value());
    [
        text("coverage"),
        Value::Nothing,
        Value::Nothing,
        Value::Nothing,
        Value::Text(scope.into()),
        text(&waiver.owner),
        text(&waiver.reason),
        Value::Nothing,
        Value::Day(waiver.expires),
        Value::Nothing,
        text(it.state.name()),
        number(it.accounts_short),
        number(it.accounts_short.saturating_sub(it.accounts_held)),
        number(it.accounts_held),
        Value::Nothing,
    ]
}

fn text(it: &str) -> Value<'_> {
    Value::Text(it.into())
}

fn number<'a>(it: u64) -> Value<'a> {
    Value::Number(i64::try_from(it).unwrap_or(i64::MAX))
}
