//! Discovers AWS accounts and lists their root credentials, IAM users and MFA devices.
//!
//! [`discover()`] tells which accounts there are; a [`Collector`] collects them, several at a time, with the fewest
//! calls that give a right answer. After [`StartError`] nothing fails: trouble in an account becomes gaps in its record.

mod assemble;
mod authorization;
mod calls;
mod checkup;
mod collect;
#[cfg(test)]
mod contract_tests;
mod credential_report;
mod deadline;
mod discover;
mod door;
mod error;
mod evidence;
mod fetch_report;
mod pace;
mod plan;
mod planned;
mod root_access;
mod service_control_policies;
mod units;
mod visit;

pub use crate::{
    calls::CALLS,
    checkup::{Tried, try_account, try_organization, try_root_access},
    collect::{ACCOUNT_DEADLINE, Collector, Confirm, REPORT_PATIENCE, Stop},
    deadline::RunDeadline,
    discover::{Discovery, Listed, Reach, Survey, caller, discover},
    door::AuditRole,
    error::StartError,
    evidence::{Evidence, EvidenceError, EvidenceOptions},
    pace::Pace,
    plan::{Freshness, Plan},
    planned::{Estimate, PlannedCall, Times},
    root_access::{SeenFeatures, decide_root_access},
    service_control_policies::{SeenPolicies, ServiceControlPolicies},
};
