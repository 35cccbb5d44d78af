//! A run as it is told: itself, or without names.

use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

use model::{Record, snapshot::Header};
use rules::{CoverageWaiver, Criteria, Finding, Rule, RunContext, RunHead, Waivers};

use super::{Redactor, waivers::own_rules};
use crate::Owners;

/// A run as reports tell it: itself, or if it is redacted without names.
///
/// Verdicts, waivers and the baseline are decided of the run itself. Everything that is counted and written afterwards is
/// what is told here, so that no format can tell more.
#[derive(Debug)]
pub struct Told<'a> {
    /// Who looked, at what, when.
    pub header: Header,
    /// What the run is judged by.
    pub criteria: Criteria,
    /// Who answers for what.
    pub owners: Owners,
    /// The coverage waivers.
    pub coverage_waivers: Vec<CoverageWaiver>,
    redacted: Option<Redacted<'a>>,
}

#[derive(Debug)]
struct Redacted<'a> {
    redactor: &'a Redactor,
    run: RunContext,
    /// The rules and settings alone, by which reasons are made.
    reasons: Criteria,
    own_rules: BTreeMap<&'static str, &'static Rule>,
}

impl<'a> Told<'a> {
    /// Returns a run as it is told.
    pub fn new(
        redactor: Option<&'a Redactor>,
        header: &Header,
        criteria: &Criteria,
        owners: Owners,
        coverage_waivers: &[CoverageWaiver],
    ) -> Self {
        let Some(redactor) = redactor else {
            return Self {
                header: header.clone(),
                criteria: criteria.clone(),
                owners,
                coverage_waivers: coverage_waivers.to_vec(),
                redacted: None,
            };
        };
        let own_rules = own_rules(&criteria.rules);
        let rules = criteria.rules.iter();
        let rules = rules.map(|it| own_rules.get(it.id).copied().unwrap_or(it));
        let baseline = criteria.baseline.as_ref().map(|it| {
            let head = RunHead {
                organization: (it.head.organization.as_deref()).map(|it| redactor.organization(it)),
                scope: redactor.scope(&it.head.scope),
                ..it.head.clone()
            };
            Arc::new(it.renamed(head, |arn| redactor.arn(arn)))
        });
        let told = Criteria {
            rules: rules.collect(),
            waivers: redactor.waivers(&criteria.waivers),
            baseline,
            ..criteria.clone()
        };
        let told_header = redactor.header(header);
        let coverage_waivers = coverage_waivers.iter();
        Self {
            header: told_header.clone(),
            criteria: told,
            owners: owners.redacted(redactor),
            coverage_waivers: coverage_waivers
                .map(|it| redactor.coverage_waiver(it))
                .collect(),
            redacted: Some(Redacted {
                redactor,
                run: RunContext::of(&told_header),
                reasons: Criteria {
                    waivers: Waivers::default(),
                    grace_days: BTreeMap::new(),
                    baseline: None,
                    frameworks: Vec::new(),
                    ..criteria.clone()
                },
                own_rules,
            }),
        }
    }

    /// Returns a record as it is told.
    pub fn record<'r>(&self, record: &'r Record) -> Cow<'r, Record> {
        match &self.redacted {
            None => Cow::Borrowed(record),
            Some(it) => Cow::Owned(it.redactor.record(record)),
        }
    }

    /// Returns the findings of a record as they are told of `told`.
    pub fn findings<'r>(&self, told: &Record, findings: &'r [Finding]) -> Cow<'r, [Finding]> {
        match &self.redacted {
            None => Cow::Borrowed(findings),
            Some(it) => Cow::Owned(it.redactor.findings(
                told,
                findings,
                &it.reasons,
                &it.own_rules,
                &it.run,
            )),
        }
    }
}
