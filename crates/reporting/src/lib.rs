//! Writes an assessment in every supported format, as a stream.
//!
//! Reporting takes two passes over the records. The first fills a [`Tally`], whose size does not grow with the
//! organization; the second pushes a [`Row`] for every finding to the [`Sink`]s of all chosen [`FORMATS`]. So a
//! count can stand above what it counts, and nothing is held. Where every format tells its summary below, or none, both
//! are one pass ([`Placement`]).

mod appearance;
mod clip;
#[cfg(any(feature = "parquet", feature = "xlsx"))]
pub mod columnar;
mod counted;
mod diff;
mod document;
mod duration;
mod earlier;
mod escape;
mod explanation;
mod format;
mod formats;
mod framework_report;
mod kit;
mod ledger;
mod not_judged;
mod outcome;
mod owners;
mod password_use;
mod redaction;
mod remedy;
mod row;
mod rule_page;
mod spread;
mod stable_uuid;
mod summary;
mod tally;
mod trend;
#[cfg(any(feature = "parquet", feature = "xlsx"))]
mod typed;

#[cfg(test)]
mod sample;

pub use crate::{
    appearance::{Appearance, Colour, Links, Verbosity},
    diff::{DiffFormat, write_diff},
    document::{diff_schema, report_schema},
    earlier::{EarlierError, read_baseline, read_run},
    escape::{cell as spreadsheet_cell, json as visible_json, visible},
    explanation::{ExplanationDocument, ReadFinding, ReadReport},
    format::{Accounts, Content, Format, Placement, Sink},
    formats::FORMATS,
    kit::{Kit, KitFile, KitTally, ReportForm, read_kit},
    ledger::AccountLedger,
    outcome::Outcome,
    owners::Owners,
    redaction::{Redaction, RedactionKey, Redactor, Told},
    row::{AppliedWaiver, Row, principal_name},
    summary::Summary,
    tally::{SIGN_IN_RULES, Tally},
    trend::{Trend, TrendPoint, write_rows, write_trend},
};
