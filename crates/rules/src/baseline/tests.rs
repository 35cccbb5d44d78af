//! How failures of two runs stand to each other: every combination, and what no combination may give.

mod cases;
mod coverage;
mod named;
pub(crate) mod property;
mod table;

use std::sync::Arc;

use model::{
    Arn, ConsolePassword, Dataset, Fact, Gap, GapReason, IamUser, Listing, MfaStatus,
    ObservationId, Organization, Record,
    snapshot::{AccountList, Header, IdentityCenter, Mode, Parameters, ScopeFilter},
};

use super::Standing;
use crate::{
    Baseline, Change, Changes, Comparison, Criteria, Fate, Finding, Rule, RunContext, RunHead,
    Status, default_rules, evaluate_record,
    example::{UserFacts, iam_user, time, waived_account},
};

pub(crate) const BEFORE: &str = "2026-11-20T06:00:00Z";
pub(crate) const NOW: &str = "2026-11-24T06:00:00Z";
pub(crate) const RULE: &str = "iam-user-console-mfa";
const ORGANIZATION: &str = "o-ab12cd34";

pub(crate) fn header(at: &str) -> Header {
    Header {
        format: 1,
        tool_version: "1.2.3".into(),
        mode: Mode::ReportFirst,
        collected_at: Some(time(at)),
        caller: None,
        organization: Some(Organization {
            id: ORGANIZATION.into(),
            management_account: "100000000001".parse().unwrap(),
        }),
        scope: ScopeFilter::default(),
        parameters: Parameters {
            datasets: crate::datasets(&default_rules()),
            ..Parameters::default()
        },
        endpoint: None,
        identity_center: IdentityCenter::NotSeen,
        service_control_policies: Vec::new(),
        account_list: AccountList::Whole,
        shard: None,
        notes: Vec::new(),
    }
}

/// What is known of a user.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kept {
    Failing,
    Passing,
    NotApplicable,
    Unseen,
    Absent,
}

/// An account with users, each by its name.
pub(crate) fn account(id: &str, users: &[(&str, Kept)]) -> Record {
    let mut record = iam_user(UserFacts::default());
    record.account = waived_account(id, "");
    record.observations[0].at = Some(time(BEFORE));
    let unseen = record.iam_users.items[0].clone();
    let seen = ObservationId(0);
    let hidden = record.missing(Gap::new(Dataset::MfaStatus, GapReason::AccessDenied));
    let user = |(name, kept): &(&str, Kept)| {
        let arn: Arn = format!("arn:aws:iam::{id}:user/{name}").parse().unwrap();
        let (password, mfa) = match kept {
            Kept::Failing => (
                ConsolePassword::Set,
                Fact::Known(MfaStatus::NotEnabled, seen),
            ),
            Kept::Passing => (ConsolePassword::Set, Fact::Known(MfaStatus::Enabled, seen)),
            Kept::NotApplicable => (ConsolePassword::NotSet, Fact::Unknown(hidden)),
            Kept::Unseen => (ConsolePassword::Set, Fact::Unknown(hidden)),
            Kept::Absent => return None,
        };
        Some(IamUser {
            name: (*name).into(),
            arn,
            password: Fact::Known(password, seen),
            mfa,
            ..unseen.clone()
        })
    };
    let users = users.iter().filter_map(user).collect();
    record.iam_users = Listing::whole(users, seen);
    record
}

fn failing(id: &str, name: &str) -> Record {
    account(id, &[(name, Kept::Failing)])
}

/// Makes a baseline as a report of a run would.
pub(crate) fn baseline(header: &Header, records: &[Record]) -> Baseline {
    let rules = default_rules();
    let mut baseline = Baseline {
        head: RunHead::of(header, &rules),
        ..Baseline::default()
    };
    for finding in judged(header, records, &Criteria::of(&rules)).concat() {
        if finding.status == Status::Fail {
            let standing = Standing::of(&finding);
            let (rule, subject) = (finding.rule.id, &finding.subject);
            baseline.add(rule, subject, standing, None, None, finding.evidence_time);
        }
    }
    baseline.settle();
    baseline
}

fn judged(header: &Header, records: &[Record], criteria: &Criteria) -> Vec<Vec<Finding>> {
    let run = RunContext::of(header);
    let judge = |it| evaluate_record(it, criteria, &run);
    records.iter().map(judge).collect()
}

/// Compares a run with a baseline.
pub(crate) fn compare(
    baseline: Baseline,
    header: &Header,
    records: &[Record],
    rules: &[&'static Rule],
) -> (Vec<Finding>, Changes) {
    let baseline = Arc::new(baseline);
    let criteria = Criteria {
        baseline: Some(Arc::clone(&baseline)),
        ..Criteria::of(rules)
    };
    let mut comparison = Comparison::new(baseline, header, rules);
    let judged = judged(header, records, &criteria);
    for (record, findings) in records.iter().zip(&judged) {
        comparison.add(record, findings);
    }
    (judged.concat(), comparison.finish())
}

/// Compares two runs that differ in their records alone.
fn fates(before: &[Record], after: &[Record]) -> (Vec<Change>, Vec<Fate>) {
    let baseline = baseline(&header(BEFORE), before);
    let (findings, changes) = compare(baseline, &header(NOW), after, &default_rules());
    let past = changes.fixed.iter().chain(&changes.unknown);
    (
        findings.iter().filter_map(|it| it.change).collect(),
        past.map(|it| it.fate).collect(),
    )
}
