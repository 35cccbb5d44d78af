//! A page for a pull request or a job summary, in GitHub's Markdown, cut below what GitHub takes.

mod failures;
mod head;
mod tail;
#[cfg(test)]
mod tests;

use std::{
    fmt::Write as _,
    io::{self, BufWriter, Write},
};

use rules::{Rule, Status};

use self::failures::Failures;
use crate::{
    Accounts, Appearance, Content, Format, Placement, Row, Sink, Summary, escape, rule_page::rule_page,
};

pub(super) static FORMAT: Format = Format {
    name: "markdown",
    file_name: "report.md",
    content: Content::Text,
    about: "for a pull request or a job summary on GitHub: what to do first, the worst failures, what was not seen; cut below 900 KiB",
    accounts: Accounts::NotTold,
    summary: Placement::Above,
    open,
};

/// GitHub takes a job summary of 1024 KiB, with what other steps wrote.
const MOST_BYTES: usize = 900 * 1024;

/// How many rows a table has that is not of failures.
const ROWS: usize = 50;
/// How many characters of a text are shown, so that a few long ones leave room for the others.
const LONGEST: usize = 400;

fn open(out: Box<dyn Write>, _: &Appearance) -> Box<dyn Sink> {
    Box::new(Markdown {
        out: BufWriter::new(out),
        failures: Failures::none(),
        tail: String::new(),
    })
}

struct Markdown {
    out: BufWriter<Box<dyn Write>>,
    /// The failures to be listed: the worst that there is room for.
    failures: Failures,
    /// What stands below them, composed while the summary was at hand.
    tail: String,
}

impl Sink for Markdown {
    fn summary(&mut self, summary: &Summary) -> io::Result<()> {
        let head = head::text(summary);
        self.tail = tail::text(summary) + &link_targets(summary);
        let taken = head.len() + self.tail.len();
        self.failures = Failures::new(summary, MOST_BYTES.saturating_sub(taken));
        self.out.write_all(head.as_bytes())
    }

    fn finding(&mut self, row: &Row<'_>) -> io::Result<()> {
        if row.status() == Status::Fail {
            self.failures.add(row);
        }
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        self.out.write_all(self.failures.text().as_bytes())?;
        self.out.write_all(self.tail.as_bytes())?;
        self.out.flush()
    }
}

/// Returns text of which Markdown makes nothing, its end replaced by `…` if it is long.
fn shown(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => escape::markdown(text.get(..end).unwrap_or_default()) + "…",
        None => escape::markdown(text),
    }
}

/// Returns a rule's identifier, as a link if it has a page. Where that is stands once, below: [`link_targets`].
fn linked(rule: &Rule) -> String {
    match rule_page(rule) {
        Some(_) => format!("[{}]", rule.id),
        None => shown(rule.id),
    }
}

/// Returns where the rules' links lead.
fn link_targets(summary: &Summary) -> String {
    let pages = summary.totals.rules.iter().filter_map(|(rule, _)| Some((rule.id, rule_page(rule)?)));
    pages.fold("\n".to_owned(), |out, (rule, page)| out + &format!("[{rule}]: {page}\n"))
}

/// Returns a heading, and a table of so many rows, with how many more there are; nothing without rows.
fn table(heading: &str, columns: &str, rows: impl Iterator<Item = String>) -> String {
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        return String::new();
    }
    let more = rows.len().saturating_sub(ROWS);
    let mut out = format!("\n### {heading}\n\n{columns}\n");
    for row in rows.iter().take(ROWS) {
        out.push_str(row);
        out.push('\n');
    }
    if more > 0 {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "\n… and {more} more, which `--format json` tells.");
    }
    out
}
