//! Findings, told of pseudonyms: the verdicts are those of the names, the reasons are made from what is told.

use std::collections::{BTreeMap, HashMap};

use model::{Arn, Record};
use rules::{
    Check, Criteria, Finding, Rule, RunContext, Status, Subject, SubjectKind, evaluate_record,
};

use super::Redactor;

/// A finding's rule and subject.
type Key<'a> = (&'static str, SubjectKind, &'a str);

impl Redactor {
    /// Returns the findings of `record` as `told`, the same record without names, has them.
    ///
    /// The told record is judged anew for the reasons alone: a judge that goes by names would say something else of
    /// pseudonyms, and then has no reason.
    pub(super) fn findings(
        &self,
        told: &Record,
        findings: &[Finding],
        criteria: &Criteria,
        rules: &BTreeMap<&'static str, &'static Rule>,
        run: &RunContext,
    ) -> Vec<Finding> {
        let judged = evaluate_record(told, criteria, run);
        let of_told = |it| (key(it), it);
        let judged: HashMap<_, _> = judged.iter().map(of_told).collect();
        let mut arns: HashMap<&Arn, Arn> = HashMap::new();
        let mut order: HashMap<&'static str, usize> = HashMap::new();
        let mut hidden: Vec<_> = findings
            .iter()
            .map(|finding| {
                let next = order.len();
                let place = *order.entry(finding.rule.id).or_insert(next);
                let arn = &finding.subject.arn;
                let arn = arns.entry(arn).or_insert_with(|| self.arn(arn)).clone();
                let subject = Subject {
                    kind: finding.subject.kind,
                    arn,
                };
                let told_anew = judged.get(&(finding.rule.id, subject.kind, subject.arn.as_str()));
                let same =
                    told_anew.filter(|it| it.status == finding.status && it.gap == finding.gap);
                // An expression that a user wrote may name somebody itself.
                let custom = matches!(finding.rule.check, Check::Custom(_));
                let reason = match same {
                    Some(it) if !custom || it.status == Status::Indeterminate => it.reason.clone(),
                    Some(_) | None => without_reason(told, finding),
                };
                let told = Finding {
                    rule: rules.get(finding.rule.id).copied().unwrap_or(finding.rule),
                    subject,
                    reason,
                    ..finding.clone()
                };
                (place, told)
            })
            .collect();
        // Users and roles stand in the order of their pseudonyms, and behind them what is said of the account.
        if self.what().hides_names() {
            let place = |(rule, finding): &(usize, Finding)| {
                let subject = &finding.subject;
                let is_listed = matches!(subject.kind, SubjectKind::IamUser | SubjectKind::IamRole);
                let name = crate::row::principal_name(subject).to_owned();
                (*rule, !is_listed, is_listed.then_some(name))
            };
            hidden.sort_by_cached_key(place);
        }
        hidden.into_iter().map(|(_, it)| it).collect()
    }
}

fn key(finding: &Finding) -> Key<'_> {
    let Subject { kind, arn } = &finding.subject;
    (finding.rule.id, *kind, arn.as_str())
}

/// Says what can be said of an outcome whose reason may not be told.
fn without_reason(told: &Record, finding: &Finding) -> std::borrow::Cow<'static, str> {
    let why = match finding.status {
        Status::Pass => "it meets the requirement; the reason is redacted",
        Status::Fail => "it breaks the requirement; the reason is redacted",
        Status::NotApplicable => "the requirement does not concern it; the reason is redacted",
        Status::Indeterminate => {
            let gap = finding.gap.and_then(|it| told.gap(it));
            return gap.map_or("a fact was not seen".into(), |it| it.to_string().into());
        }
    };
    why.into()
}
