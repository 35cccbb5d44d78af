//! OCSF's numbers for what a finding says, with their captions.

use rules::{Change, Severity, Status};

use crate::Row;

/// Returns the number and the caption of a severity.
pub(super) const fn severity(severity: Severity) -> (u8, &'static str) {
    match severity {
        Severity::Info => (1, "Informational"),
        Severity::Low => (2, "Low"),
        Severity::Medium => (3, "Medium"),
        Severity::High => (4, "High"),
        Severity::Critical => (5, "Critical"),
    }
}

/// Where the finding stands: a failure that somebody answers for is suppressed, and what nobody could judge is unknown.
pub(super) fn status(row: &Row<'_>) -> (u8, &'static str) {
    match row.status() {
        Status::Fail if row.is_waived() => (3, "Suppressed"),
        Status::Fail => (1, "New"),
        Status::Pass => (4, "Resolved"),
        Status::NotApplicable => (99, "Not Applicable"),
        Status::Indeterminate => (0, "Unknown"),
    }
}

/// What was found, whoever answers for it.
pub(super) const fn compliance(status: Status) -> (u8, &'static str) {
    match status {
        Status::Pass => (1, "Pass"),
        Status::Fail => (3, "Fail"),
        Status::NotApplicable => (99, "Not Applicable"),
        Status::Indeterminate => (0, "Unknown"),
    }
}

/// A failure that the baseline knows is one that was told before.
pub(super) fn activity(row: &Row<'_>) -> (u8, &'static str) {
    match row.change() {
        Some(Change::Known | Change::Lapsed) => (2, "Update"),
        Some(Change::New | Change::NewRule(_)) | None => (1, "Create"),
    }
}
