//! Evaluates what was observed against the catalog of rules, in parallel and in a stable order.
//!
//! Everything here is a pure function of its arguments: no clock, no files, no network.

mod assessment;
mod catalog;
mod control;
mod coverage;
mod coverage_waiver;
mod coverage_waivers;
mod criteria;
mod evaluate;
mod finding_id;
mod gate;
mod glob;
mod grace;
mod rule;
mod ruleset;
mod settings;
mod waiver;
mod waiver_uses;
mod waivers;

#[cfg(test)]
mod example;

pub use crate::{
    assessment::{Finding, Status, StatusCounts, Subject, SubjectKind, Totals},
    catalog::CATALOG,
    control::{Control, FRAMEWORKS, Framework},
    coverage::{CellCounts, Completeness, Coverage, Strictness},
    coverage_waiver::{CoverageWaiver, WaiverScope},
    coverage_waivers::{CoverageWaivers, WaiverState, WaiverUse},
    criteria::{Criteria, RunContext},
    evaluate::{Doubt, doubts, evaluate, evaluate_record},
    finding_id::{FindingId, InvalidFindingId},
    gate::{Decision, Gate},
    glob::Glob,
    rule::{Check, Context, Judgement, Rule, Severity, UnknownSeverity, Unseen, Verdict},
    ruleset::{datasets, default_rules},
    settings::{Setting, SettingKind, SettingValue, Settings},
    waiver::{AccountKey, Waiver, WaiverId},
    waiver_uses::{WaiverFate, WaiverOutcome, WaiverUses},
    waivers::{MaxDays, Term, Waivers},
};
