//! Rows with typed cells, on as many sheets as it takes. Text is text: nothing is ever written as a formula or a link.

use std::{borrow::Cow, rc::Rc};

use model::{Date, Timestamp};
use rust_xlsxwriter::{ExcelDateTime, Format, IgnoreError, Workbook, Worksheet, XlsxError};

use crate::{escape, columnar::Value};

/// How many rows a sheet has, but for its first, which holds the columns' names.
pub(super) const MOST_ROWS: u32 = 1_048_575;
/// How many UTF-16 units a cell holds.
const MOST_UNITS: usize = 32_767;
const DAY: i64 = 86_400;

/// Rows with typed cells, on as many sheets as it takes.
pub(super) struct Sheets {
    name: &'static str,
    /// The columns' names, and their widths in digits.
    columns: Vec<(&'static str, u16)>,
    kind: Kind,
    most_rows: u32,
    done: Vec<Worksheet>,
    open: Option<Open>,
    styles: Rc<Styles>,
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Kind {
    /// With names above the columns, which stay in sight, and filters.
    Table,
    /// Only rows.
    Plain,
}

struct Open {
    sheet: Worksheet,
    next_row: u32,
}

struct Styles {
    strong: Format,
    time: Format,
    day: Format,
}

impl Sheets {
    /// Returns a table of at most so many rows a sheet.
    pub(super) fn new(name: &'static str, columns: &[(&'static str, u16)], most_rows: u32) -> Self {
        Self {
            name,
            columns: columns.to_vec(),
            kind: Kind::Table,
            most_rows,
            done: Vec::new(),
            open: None,
            styles: Rc::new(Styles {
                strong: Format::new().set_bold(),
                time: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
                day: Format::new().set_num_format("yyyy-mm-dd"),
            }),
        }
    }

    /// Returns a sheet without names above its columns.
    pub(super) fn plain(name: &'static str, columns: &[(&'static str, u16)]) -> Self {
        Self {
            kind: Kind::Plain,
            ..Self::new(name, columns, MOST_ROWS)
        }
    }

    /// Writes a row.
    pub(super) fn row(&mut self, workbook: &mut Workbook, cells: &[Value<'_>]) -> Result<(), XlsxError> {
        let styles = Rc::clone(&self.styles);
        let open = self.next_row(workbook)?;
        let row = open.next_row;
        open.next_row += 1;
        for (column, cell) in (0..).zip(cells) {
            write(&mut open.sheet, row, column, cell, &styles)?;
        }
        Ok(())
    }

    /// Writes a row that stands out.
    pub(super) fn strong_row(&mut self, workbook: &mut Workbook, cells: &[&str]) -> Result<(), XlsxError> {
        let styles = Rc::clone(&self.styles);
        let open = self.next_row(workbook)?;
        let row = open.next_row;
        open.next_row += 1;
        for (column, cell) in (0..).zip(cells) {
            open.sheet.write_string_with_format(row, column, text(cell), &styles.strong)?;
        }
        Ok(())
    }

    /// Leaves a row empty.
    pub(super) fn skip_row(&mut self, workbook: &mut Workbook) -> Result<(), XlsxError> {
        self.next_row(workbook)?.next_row += 1;
        Ok(())
    }

    /// Gives the sheets to the workbook, one at least.
    pub(super) fn finish(&mut self, workbook: &mut Workbook) -> Result<(), XlsxError> {
        self.next_row(workbook)?;
        self.close()?;
        for sheet in self.done.drain(..) {
            workbook.push_worksheet(sheet);
        }
        Ok(())
    }

    /// Returns the sheet that has room for a row.
    fn next_row(&mut self, workbook: &mut Workbook) -> Result<&mut Open, XlsxError> {
        if self.open.as_ref().is_some_and(|it| it.next_row > self.most_rows) {
            self.close()?;
        }
        let open = match self.open.take() {
            Some(open) => open,
            None => self.begin(workbook)?,
        };
        Ok(self.open.insert(open))
    }

    fn begin(&self, workbook: &mut Workbook) -> Result<Open, XlsxError> {
        let mut sheet = workbook.new_worksheet_with_constant_memory()?;
        match self.done.len() {
            0 => sheet.set_name(self.name)?,
            more => sheet.set_name(format!("{}-{}", self.name, more + 1))?,
        };
        for (column, (_, width)) in (0..).zip(&self.columns) {
            sheet.set_column_width(column, *width)?;
        }
        if self.kind == Kind::Plain {
            return Ok(Open { sheet, next_row: 0 });
        }
        sheet.set_freeze_panes(1, 0)?;
        for (column, (name, _)) in (0..).zip(&self.columns) {
            sheet.write_string_with_format(0, column, *name, &self.styles.strong)?;
        }
        Ok(Open { sheet, next_row: 1 })
    }

    fn close(&mut self) -> Result<(), XlsxError> {
        let Some(Open { mut sheet, next_row }) = self.open.take() else {
            return Ok(());
        };
        let last_column = u16::try_from(self.columns.len().saturating_sub(1)).unwrap_or_default();
        if self.kind == Kind::Table {
            let last_row = next_row.saturating_sub(1).max(1);
            sheet.autofilter(0, 0, last_row, last_column)?;
            // Account identifiers are meant to be text.
            sheet.ignore_error_range(0, 0, last_row, last_column, IgnoreError::NumberStoredAsText)?;
        }
        self.done.push(sheet);
        Ok(())
    }
}

fn write(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Value<'_>,
    styles: &Styles,
) -> Result<(), XlsxError> {
    match cell {
        Value::Nothing => {}
        Value::Text(it) => {
            sheet.write_string(row, column, text(it))?;
        }
        Value::Time(it) => match ExcelDateTime::from_timestamp(it.epoch_seconds()) {
            Ok(time) => {
                sheet.write_datetime_with_format(row, column, &time, &styles.time)?;
            }
            // No sheet has a time before 1900.
            Err(_) => {
                sheet.write_string(row, column, it.to_string())?;
            }
        },
        Value::Day(it) => {
            let days = Date::of(Timestamp::EPOCH).map(|epoch| it.days_since(epoch));
            match ExcelDateTime::from_timestamp(days.unwrap_or_default() * DAY) {
                Ok(day) => {
                    sheet.write_datetime_with_format(row, column, &day, &styles.day)?;
                }
                Err(_) => {
                    sheet.write_string(row, column, it.to_string())?;
                }
            }
        }
        Value::Number(it) => match i32::try_from(*it) {
            Ok(number) => {
                sheet.write_number(row, column, number)?;
            }
            Err(_) => {
                sheet.write_string(row, column, it.to_string())?;
            }
        },
        Value::Flag(it) => {
            sheet.write_boolean(row, column, *it)?;
        }
    }
    Ok(())
}

/// Returns what a cell shows: all that can be seen of a text, its end replaced by `…` if it is longer than a cell.
fn text(it: &str) -> Cow<'_, str> {
    let shown = escape::visible(it);
    if shown.encode_utf16().count() <= MOST_UNITS {
        return shown;
    }
    let mut left = MOST_UNITS - 1;
    let fits = |it: &char| match left.checked_sub(it.len_utf16()) {
        Some(rest) => {
            left = rest;
            true
        }
        None => false,
    };
    let start: String = shown.chars().take_while(fits).collect();
    Cow::Owned(start + "…")
}

#[cfg(test)]
mod tests {
    use rust_xlsxwriter::Workbook;

    use super::{MOST_UNITS, Sheets, text};
    use crate::columnar::Value;

    #[test]
    fn a_cell_holds_no_more_than_it_can() {
        assert_eq!(text("a\u{1b}"), r"a\u{1b}");
        let long = text(&"é🦀".repeat(20_000)).encode_utf16().count();
        assert!((MOST_UNITS - 1..=MOST_UNITS).contains(&long), "{long}");
    }

    #[test]
    fn rows_that_do_not_fit_stand_on_further_sheets() {
        let mut workbook = Workbook::new();
        let mut sheets = Sheets::new("findings", &[("a", 10), ("b", 10)], 3);
        for number in 0..7 {
            sheets.row(&mut workbook, &[Value::Number(number), Value::Flag(true)]).unwrap();
        }
        sheets.finish(&mut workbook).unwrap();
        let names: Vec<_> = workbook.worksheets().iter().map(rust_xlsxwriter::Worksheet::name).collect();
        assert_eq!(names, ["findings", "findings-2", "findings-3"]);
        workbook.save_to_buffer().unwrap();
    }
}
