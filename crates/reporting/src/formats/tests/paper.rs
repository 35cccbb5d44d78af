//! Writes a sample in a format, as a run does.

use std::{cell::RefCell, io, rc::Rc};

use rules::{Decision, Gate, Severity, Strictness};

use crate::{
    Accounts, Appearance, Content, FORMATS, Format, Outcome, Placement, Row, Tally, sample::Sample,
};

/// A writer that takes so many bytes, and keeps them for the test.
#[derive(Clone)]
pub(crate) struct Paper {
    pub(crate) text: Rc<RefCell<Vec<u8>>>,
    pub(super) room: usize,
}

impl Paper {
    /// Returns paper that is never full.
    pub(crate) fn endless() -> Self {
        Self {
            text: Rc::default(),
            room: usize::MAX,
        }
    }
}

impl io::Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut text = self.text.borrow_mut();
        if text.len() + bytes.len() > self.room {
            return Err(io::Error::other("the paper is full"));
        }
        text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

pub(super) fn write(
    format: &Format,
    sample: &Sample,
    look: &Appearance,
    paper: &Paper,
) -> io::Result<()> {
    let mut tally = Tally::new(&sample.header, &sample.rules, sample.waivers.clone())
        .with_frameworks(&sample.criteria())
        .with_waivers(&sample.finding_waivers)
        .compared(sample.baseline.as_ref());
    let judged = sample.judged();
    for (record, findings) in &judged {
        tally.add(record, findings);
    }
    let gate = Gate {
        fail_on: Severity::High,
        min_coverage: 10_000,
        strictness: Strictness::Visible,
    };
    let decision = gate.decide(tally.totals());
    let summary = tally.finish(Outcome {
        exit_code: match decision {
            Decision::Open => 0,
            Decision::Failures => 3,
            Decision::Incomplete => 4,
        },
        decision,
        fail_on: gate.fail_on,
        min_coverage: gate.min_coverage,
        listed: Vec::new(),
        remark: None,
    });
    let summary = summary.with_trend(sample.trend.clone());
    let mut sink = (format.open)(Box::new(paper.clone()), look);
    if format.summary == Placement::Above {
        sink.summary(&summary)?;
    }
    if format.accounts == Accounts::Told {
        for record in &sample.records {
            sink.account(&summary.ledger(record))?;
        }
    }
    for (record, findings) in &judged {
        for finding in findings {
            let row = Row::new(record, finding, sample.header.collected_at);
            sink.finding(&row.with_waivers(&sample.finding_waivers))?;
        }
    }
    if format.summary == Placement::Below {
        sink.summary(&summary)?;
    }
    sink.end()
}

pub(crate) fn written(format: &Format, sample: &Sample, look: &Appearance) -> String {
    String::from_utf8(bytes(format, sample, look)).unwrap()
}

pub(crate) fn bytes(format: &Format, sample: &Sample, look: &Appearance) -> Vec<u8> {
    let paper = Paper::endless();
    write(format, sample, look, &paper).unwrap();
    paper.text.take()
}

/// Returns the formats that write text.
pub(super) fn texts() -> impl Iterator<Item = &'static Format> {
    FORMATS
        .iter()
        .copied()
        .filter(|it| it.content == Content::Text)
}

pub(crate) fn named(name: &str) -> &'static Format {
    FORMATS.iter().find(|it| it.name == name).unwrap()
}
