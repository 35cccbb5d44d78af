//! The JSON report, version 1: the document, and its schema.
//!
//! These types are what users build on, and so are none of the model's: keys are added, never renamed.

mod account;
mod baseline;
mod coverage;
mod diff;
mod finding;
mod framework;
mod gap;
mod head;
mod ledger;
mod summary;
mod waiver;

use schemars::generate::SchemaSettings;

pub use self::diff::diff_schema;
pub(crate) use self::{
    baseline::PastDocument,
    coverage::dataset,
    diff::DiffDocument,
    finding::{COLUMNS, ControlTexts, FindingDocument},
    head::ReportDocument,
    ledger::AccountLedgerDocument,
    waiver::{CoverageWaiverDocument, WaiverDocument},
};

/// Returns the JSON Schema of the JSON report.
pub fn report_schema() -> serde_json::Value {
    let generator = SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator();
    generator
        .into_root_schema_for::<ReportDocument<'_>>()
        .to_value()
}

/// Returns the names of all values, for the schema.
fn names<T: Copy>(all: &[T], name: fn(T) -> &'static str) -> Vec<&'static str> {
    all.iter().map(|it| name(*it)).collect()
}
