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
mod custom;
mod evaluate;
mod gate;
mod rule;
mod ruleset;
mod settings;

#[cfg(test)]
mod example;

pub use expressions::{
    Expression, Given, Mistake, SubjectKind as ExpressionSubject, schema as subject_schema,
};

pub use crate::{
    assessment::{Finding, Status, StatusCounts, Subject, SubjectKind, Totals},
    catalog::CATALOG,
    control::{Control, FRAMEWORKS, Framework},
    coverage::{CellCounts, Completeness, Coverage, Strictness},
    coverage_waiver::{CoverageWaiver, WaiverScope},
    coverage_waivers::{CoverageWaivers, WaiverState, WaiverUse},
    criteria::{Criteria, RunContext},
    custom::{CustomCheck, CustomRule, PREFIX},
    evaluate::{Doubt, doubts, evaluate, evaluate_record},
    gate::{Decision, Gate},
    rule::{Check, Context, Judgement, Rule, Severity, UnknownSeverity, Unseen, Verdict},
    ruleset::{datasets, default_rules},
    settings::{Setting, SettingKind, SettingValue, Settings},
};
