//! Evaluates what was observed against the catalog of rules, in parallel and in a stable order.
//!
//! Everything here is a pure function of its arguments: no clock, no files, no network.

mod assessment;
mod baseline;
mod catalog;
mod control;
mod coverage;
mod coverage_waiver;
mod coverage_waivers;
mod criteria;
mod custom;
mod diff;
mod enforcement;
mod evaluate;
mod explain;
mod finding_id;
mod framework;
mod gate;
mod glob;
mod grace;
mod peers;
mod rule;
mod ruleset;
mod settings;
mod trace;
mod waiver;
mod waiver_uses;
mod waivers;

#[cfg(test)]
mod example;

pub use expressions::{
    Expression, Given, Mistake, SubjectKind as ExpressionSubject, schema as subject_schema,
};

pub use crate::{
    assessment::{Finding, Status, StatusCounts, Subject, SubjectKind, Totals},
    baseline::{
        AccountsFound, Baseline, Before, Change, ChangeCounts, Changes, Comparison, CoverageLost,
        Failing, Fate, LostAccount, NewRules, Past, RunHead, Standing,
    },
    catalog::CATALOG,
    control::{Control, FRAMEWORKS, Framework},
    coverage::{CellCounts, Completeness, Coverage, Strictness},
    coverage_waiver::{CoverageWaiver, WaiverScope},
    coverage_waivers::{CoverageWaivers, WaiverState, WaiverUse},
    criteria::{Criteria, RunContext},
    custom::{CustomCheck, CustomRule, PREFIX},
    diff::{Absence, CoverageChange, Diff, DiffAccount, DiffFailure, Run, RunFinding},
    enforcement::PoliciesTold,
    evaluate::{Doubt, doubts, evaluate, evaluate_record},
    explain::{Explanation, FactTold, explain},
    finding_id::{FindingId, InvalidFindingId},
    framework::{
        Answer, Bound, FRAMEWORK_VERSIONS, FrameworkVersion, Implied, Level, Requirement,
        find_framework, is_short_for,
    },
    gate::{Decision, Gate, Sight},
    glob::Glob,
    peers::{PeerAnswer, PeerSays, TOOLS, Tool, peers},
    rule::{Check, Context, Judgement, Rule, Severity, UnknownSeverity, Unseen, Verdict},
    ruleset::{Ruleset, Selection, SettingConflict, datasets, default_rules, versions_of},
    settings::{Setting, SettingKind, SettingValue, Settings},
    waiver::{AccountKey, Waiver, WaiverId},
    waiver_uses::{WaiverFate, WaiverOutcome, WaiverUses},
    waivers::{MaxDays, Term, Waivers},
};
