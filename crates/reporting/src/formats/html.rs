//! A page for a browser: one file that needs no network, with everything to search, filter and sort.

mod about;
mod charts;
mod columns;
mod frameworks;
mod measures;
mod overview;
mod plain;
mod policy;
mod remarks;
mod steps;
mod text;
mod trend;

#[cfg(test)]
mod tests;

use std::io::{self, BufWriter, Write};

use self::{columns::Columns, plain::PlainRows};
use crate::{AccountLedger, Accounts, Appearance, Content, Format, Placement, Row, Sink, Summary};

pub(super) static FORMAT: Format = Format {
    name: "html",
    file_name: "report.html",
    about: "a page for a browser, one file without network: what to do first, and every finding to search, filter and sort",
    content: Content::Text,
    accounts: Accounts::Told,
    summary: Placement::Above,
    open,
};

/// The page around what a run tells. `{{NAME}}` stands for what [`fill`] is given by that name.
const PAGE: &str = include_str!("html/page.html");

/// Where accounts and findings stand in the page.
const DATA: &str = "{{data}}";
const ROWS: &str = "{{rows}}";

const STYLE: &str = include_str!("html/style.css");

/// The script, a file for each of its concerns.
const SCRIPT: &str = concat!(
    "'use strict';\n",
    include_str!("html/script/data.js"),
    include_str!("html/script/element.js"),
    include_str!("html/script/state.js"),
    include_str!("html/script/filter.js"),
    include_str!("html/script/list.js"),
    include_str!("html/script/drawer.js"),
    include_str!("html/script/findings.js"),
    include_str!("html/script/accounts.js"),
    include_str!("html/script/page.js"),
);

fn open(out: Box<dyn Write>, _: &Appearance) -> Box<dyn Sink> {
    Box::new(Html {
        out: BufWriter::new(out),
        data: Data::Accounts,
        before_next: "\n",
        columns: Columns::default(),
        plain: PlainRows::default(),
    })
}

struct Html {
    out: BufWriter<Box<dyn Write>>,
    data: Data,
    /// What stands between the last thing written and the next entry of the data's list.
    before_next: &'static str,
    columns: Columns,
    plain: PlainRows,
}

/// The list that is being written.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Data {
    Accounts,
    Findings,
}

impl Html {
    fn entry(&mut self, json: &str) -> io::Result<()> {
        write!(self.out, "{}{json}", self.before_next)?;
        self.before_next = ",\n";
        Ok(())
    }

    fn begin_findings(&mut self) -> io::Result<()> {
        if self.data == Data::Findings {
            return Ok(());
        }
        self.data = Data::Findings;
        self.before_next = "\n";
        self.out.write_all(b"\n],\"findings\":[")
    }
}

impl Sink for Html {
    fn summary(&mut self, summary: &Summary) -> io::Result<()> {
        self.columns.know(summary);
        self.plain.know(summary);
        let (head, _) = PAGE.split_once(DATA).ok_or_else(no_place)?;
        let head = fill(head, |name| match name {
            "policy" => policy::policy(STYLE, SCRIPT),
            "style" => STYLE.to_owned(),
            "title" => text::escaped(&overview::title(summary)),
            "overview" => overview::overview(summary),
            "trend" => trend::trend(summary.trend.as_ref()),
            "measures" => measures::measures(summary),
            "frameworks" => frameworks::frameworks(summary),
            "remarks" => remarks::remarks(summary),
            _ => String::new(),
        });
        self.out.write_all(head.as_bytes())?;
        let about = text::json(&about::about(summary))?;
        let about = about.strip_suffix('}').unwrap_or(&about);
        write!(self.out, "{about},\"accounts\":[")
    }

    fn account(&mut self, ledger: &AccountLedger<'_>) -> io::Result<()> {
        let account = text::json(&columns::account(ledger))?;
        self.entry(&account)
    }

    fn finding(&mut self, row: &Row<'_>) -> io::Result<()> {
        self.begin_findings()?;
        self.plain.add(row);
        self.columns.add(row);
        if self.columns.is_full() {
            let chunk = self.columns.take()?;
            self.entry(&chunk)?;
        }
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        self.begin_findings()?;
        if !self.columns.is_empty() {
            let chunk = self.columns.take()?;
            self.entry(&chunk)?;
        }
        self.out.write_all(b"\n]}\n")?;
        let (_, tail) = PAGE.split_once(DATA).ok_or_else(no_place)?;
        let (middle, tail) = tail.split_once(ROWS).ok_or_else(no_place)?;
        self.out.write_all(middle.as_bytes())?;
        self.plain.write(&mut self.out)?;
        let tail = fill(tail, |name| match name {
            "script" => SCRIPT.to_owned(),
            _ => String::new(),
        });
        self.out.write_all(tail.as_bytes())?;
        self.out.flush()
    }
}

fn no_place() -> io::Error {
    io::Error::other("the page has no place for accounts and findings")
}

/// Replaces every `{{NAME}}` of a template by what `value` returns of the name.
fn fill(template: &str, value: impl Fn(&str) -> String) -> String {
    let mut parts = template.split("{{");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once("}}").unwrap_or((part, ""));
        out.push_str(&value(name));
        out.push_str(rest);
    }
    out
}
