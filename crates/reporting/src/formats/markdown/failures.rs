//! The failures, the worst first, as many as there is room for.

use std::{cmp::Reverse, collections::BTreeMap, fmt::Write};

use rules::{Severity, Status};

use super::{linked, shown};
use crate::{
    Row, Summary, counted::counted, formats::table, summary::AccountName,
};

/// Room for what stands around the rows.
const FRAME: usize = 2048;
/// More rows than these are folded away until a reader wants them.
const FOLDED: usize = 25;

/// The failures, the worst first, as many as there is room for: no more is held.
#[derive(Debug)]
pub(super) struct Failures {
    /// How many failures there are, listed or not.
    all: u64,
    /// Whether failures are listed at all, by `--status`.
    listed: Listed,
    room: usize,
    used: usize,
    rows: BTreeMap<Place, Vec<String>>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Listed {
    Yes,
    No,
}

/// Where a failure stands: those that nobody answers for first, then the worst.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Place(Standing, Reverse<Severity>);

#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Standing {
    Open,
    Excused,
}

impl Failures {
    pub(super) const fn none() -> Self {
        Self {
            all: 0,
            listed: Listed::Yes,
            room: 0,
            used: 0,
            rows: BTreeMap::new(),
        }
    }

    /// Returns the failures of a run, of which so many bytes are to be written.
    pub(super) fn new(summary: &Summary, room: usize) -> Self {
        let statuses = &summary.outcome.listed;
        let lists = statuses.is_empty() || statuses.contains(&Status::Fail);
        Self {
            all: summary.statuses().fail,
            listed: if lists { Listed::Yes } else { Listed::No },
            room: room.saturating_sub(FRAME),
            ..Self::none()
        }
    }

    /// Adds a failure; others that are less bad make room for it.
    pub(super) fn add(&mut self, row: &Row<'_>) {
        let excused = row.waiver().is_some() || row.grace_until().is_some();
        let standing = if excused { Standing::Excused } else { Standing::Open };
        let place = Place(standing, Reverse(row.rule().severity));
        self.put(place, line(row));
    }

    fn put(&mut self, place: Place, line: String) {
        while self.used + line.len() > self.room {
            let Some(mut least) = self.rows.last_entry().filter(|it| *it.key() > place) else {
                return;
            };
            match least.get_mut().pop() {
                Some(line) => self.used -= line.len(),
                None => drop(least.remove()),
            }
        }
        self.used += line.len();
        self.rows.entry(place).or_default().push(line);
    }

    /// Returns the section; nothing if nothing fails.
    pub(super) fn text(&self) -> String {
        if self.all == 0 {
            return String::new();
        }
        let mut out = "\n### Failures\n".to_owned();
        let shown: usize = self.rows.values().map(Vec::len).sum();
        let folded = shown > FOLDED;
        // Writing to a string cannot fail.
        if folded {
            let rows = counted(shown as u64, "failure");
            let _ = write!(out, "\n<details><summary>{rows}, the worst first</summary>\n");
        }
        if shown > 0 {
            out.push_str("\n| severity | rule | principal | account | why |\n|---|---|---|---|---|\n");
            for row in self.rows.values().flatten() {
                out.push_str(row);
            }
        }
        if folded {
            out.push_str("\n</details>\n");
        }
        match (self.all.saturating_sub(shown as u64), self.listed) {
            (0, _) => {}
            (more, Listed::Yes) => {
                let more = counted(more, "failure");
                let _ = write!(
                    out,
                    "\n**This list is cut: {more} more than fit on a page, none of them worse.** `--format csv=FILE` lists all.\n"
                );
            }
            (more, Listed::No) => {
                let _ = write!(out, "\n{}, not listed, since `--status` leaves them out.\n", counted(more, "failure"));
            }
        }
        out
    }
}

fn line(row: &Row<'_>) -> String {
    let account = AccountName::of(row.account()).to_string();
    let why = format!("{}{}", row.reason(), table::excused(row));
    format!(
        "| {} | {} | {} | {} | {} |\n",
        row.rule().severity.name(),
        linked(row.rule()),
        shown(row.principal_name()),
        shown(&account),
        shown(&why)
    )
}

#[cfg(test)]
mod tests {
    use std::cmp::Reverse;

    use rules::Severity;

    use super::{Failures, Place, Standing};

    #[test]
    fn what_is_less_bad_makes_room_for_what_is_worse() {
        let mut failures = Failures::none();
        failures.room = 30;
        failures.all = 5;
        let open = |it| Place(Standing::Open, Reverse(it));
        let excused = Place(Standing::Excused, Reverse(Severity::Critical));
        for (place, line) in [
            (open(Severity::Low), "low.......\n"),
            (excused, "excused\n"),
            (open(Severity::High), "high......\n"),
            (open(Severity::Critical), "critical..\n"),
            (open(Severity::Low), "low 2.....\n"),
        ] {
            failures.put(place, line.to_owned());
        }
        let text = failures.text();
        let at = |it: &str| text.find(it);
        assert!(at("critical..") < at("high....") && at("critical..").is_some(), "{text}");
        assert!(at("low").is_none() && at("excused").is_none(), "{text}");
        assert!(text.contains("3 failures more than fit"), "{text}");
    }
}
