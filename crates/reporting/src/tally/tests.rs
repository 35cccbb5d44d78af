//! What the first pass counts.

use model::{AccountKind, Dataset, DenyingPolicy, Fact, Gap, GapReason, PolicyKind, Record, Scope};
use rules::{Criteria, Decision, RunContext, Severity, evaluate_record};

use super::{Tally, WORST_ACCOUNTS};
use crate::{
    Outcome, Summary,
    sample::{self, Sample, account},
    summary::Place,
};

pub(crate) fn summary(sample: &Sample) -> Summary {
    let mut tally = Tally::new(&sample.header, &sample.rules, sample.waivers.clone())
        .with_waivers(&sample.finding_waivers)
        .compared(sample.baseline.as_ref());
    for (record, findings) in sample.judged() {
        tally.add(record, &findings);
    }
    tally.finish(Outcome {
        exit_code: 0,
        decision: Decision::Open,
        fail_on: Severity::High,
        min_coverage: 10_000,
        listed: Vec::new(),
        remark: None,
    })
}

/// A summary of accounts of which nothing was seen.
fn unseen(gaps: Vec<Gap>) -> Summary {
    let mut sample = sample::unseen();
    sample.records = (100_u64..)
        .zip(gaps)
        .map(|(index, gap)| {
            let account = account(&format!("{index:012}"), "", "");
            Record::unseen(account, |dataset| Gap {
                dataset,
                ..gap.clone()
            })
        })
        .collect();
    summary(&sample)
}

fn denied(kind: PolicyKind, arn: &str) -> Gap {
    Gap {
        policy: Some(DenyingPolicy {
            kind,
            arn: Some(arn.into()),
        }),
        ..Gap::new(Dataset::IamUsers, GapReason::AccessDenied)
    }
}

#[test]
fn a_principal_that_fails_several_rules_counts_once() {
    let mut sample = sample::mixed();
    sample.rules = rules::CATALOG.to_vec();
    let summary = summary(&sample);
    let sign_in = summary.sign_in.unwrap();
    assert_eq!(
        (sign_in.principals.root_users, sign_in.principals.iam_users),
        (2, 6)
    );
    assert_eq!((sign_in.accounts, summary.failing_accounts), (3, 3));
    assert!(
        summary.access_key_users.is_none(),
        "a selected rule flags them"
    );
}

#[test]
fn passwords_are_told_apart_by_their_use() {
    let summary = summary(&sample::mixed());
    let of_users = summary.failures.last().unwrap();
    let uses = of_users.uses;
    assert_eq!(
        (uses.idle, uses.in_use, uses.never_used, uses.unknown),
        (2, 2, 1, 1)
    );
    assert_eq!(of_users.most.as_ref().unwrap().1, 5);
}

#[test]
fn without_a_time_no_password_is_idle() {
    let mut sample = sample::mixed();
    sample.header.collected_at = None;
    let uses = summary(&sample).failures.last().unwrap().uses;
    assert_eq!(
        (uses.idle, uses.in_use, uses.never_used, uses.unknown),
        (0, 0, 2, 4)
    );
}

#[test]
fn one_policy_is_one_cause_and_accounts_of_one_template_share_it() {
    let scp = "arn:aws:organizations::1:policy/o-a/service_control_policy/p-";
    let boundary = |account: &str| format!("arn:aws:iam::{account}:policy/team/limit");
    let summary = unseen(vec![
        denied(PolicyKind::ServiceControl, &format!("{scp}2")),
        denied(PolicyKind::PermissionsBoundary, &boundary("1")),
        denied(PolicyKind::PermissionsBoundary, &boundary("2")),
        denied(PolicyKind::ServiceControl, &format!("{scp}1")),
    ]);
    let told: Vec<_> = summary
        .gaps
        .iter()
        .map(|it| (it.accounts, it.remedy(&summary.header).text))
        .collect();
    let of_boundary = "permissions boundary team/limit denies root credentials, root MFA status \
        and IAM users; allow there what is printed by";
    assert_eq!(told[0], (2, of_boundary.to_owned()));
    assert!(told[1].1.starts_with("SCP p-1 denies"), "{}", told[1].1);
    assert!(told[2].1.starts_with("SCP p-2 denies"), "{}", told[2].1);
}

#[test]
fn causes_are_told_apart_in_bounded_memory() {
    let policy = |index: u32| {
        denied(
            PolicyKind::ServiceControl,
            &format!("arn:aws:organizations::1:policy/p-{index}"),
        )
    };
    let summary = unseen((0..500).map(policy).collect());
    assert!(summary.gaps.len() <= super::gaps::CAUSES + 1);
    assert_eq!(summary.gaps.iter().map(|it| it.accounts).sum::<u64>(), 500);
    assert_eq!(summary.worst_accounts.len(), 0);
}

#[test]
fn what_no_rule_asks_for_is_no_gap() {
    assert!(summary(&sample::clean()).gaps.is_empty());
}

/// A rule may be evaluated on facts that another run did not collect: silence would look like health.
#[test]
fn what_a_rule_asks_for_and_the_run_did_not_is_a_gap() {
    let mut sample = sample::clean();
    for record in &mut sample.records {
        let gap = record.missing(Gap::new(Dataset::RootMfa, GapReason::NotRequested));
        record.root_user.mfa = Fact::Unknown(gap);
    }
    let summary = summary(&sample);
    assert_eq!(summary.gaps[0].cause.reason, GapReason::NotRequested);
}

#[test]
fn the_management_account_stands_first() {
    let mut sample = sample::unseen();
    sample.records.last_mut().unwrap().account.kind = AccountKind::Management;
    let summary = summary(&sample);
    let told: Vec<_> = summary
        .gaps
        .iter()
        .map(|it| (it.cause.place, it.accounts))
        .collect();
    assert_eq!(told, [(Place::Management, 1), (Place::Other, 4)]);
}

#[test]
fn accounts_that_are_not_audited_are_listed_and_count_for_nothing() {
    let summary = summary(&sample::nothing_in_scope());
    assert_eq!(summary.not_active.len(), 1);
    assert_eq!(summary.totals.coverage.accounts, 0);
    assert!(summary.ous.is_empty() && summary.gaps.is_empty());
}

#[test]
fn the_worst_accounts_are_the_worst_of_all_in_order() {
    let sample = sample::large();
    let all = sample.judged().into_iter().map(|(record, findings)| {
        let failing = findings
            .iter()
            .filter(|it| it.status == rules::Status::Fail);
        (
            std::cmp::Reverse(failing.count() as u64),
            record.account.id.clone(),
        )
    });
    let mut all: Vec<_> = all.filter(|it| it.0.0 > 0).collect();
    all.sort();
    let worst = summary(&sample).worst_accounts;
    assert_eq!(worst.len(), WORST_ACCOUNTS);
    assert!(worst.is_sorted_by_key(|it| std::cmp::Reverse((it.failures, it.severity))));
    let failures: Vec<_> = worst.iter().map(|it| it.failures).collect();
    let expected: Vec<_> = all.iter().map(|it| it.0.0).take(WORST_ACCOUNTS).collect();
    assert_eq!(failures, expected);
}

#[test]
fn the_oldest_evidence_is_that_of_a_verdict() {
    let mut sample = sample::clean();
    let record = &mut sample.records[0];
    assert_eq!(record.account.scope, Scope::Audited);
    record.observations[1].at = None;
    let rules = &sample.rules;
    let untimed = evaluate_record(record, &Criteria::of(rules), &RunContext::default());
    let untimed = untimed
        .iter()
        .filter(|it| it.evidence_time.is_none())
        .count() as u64;
    let summary = summary(&sample);
    assert_eq!(
        summary.evidence.oldest.unwrap().to_string(),
        "2026-11-24T06:00:10Z"
    );
    assert_eq!((summary.evidence.untimed, untimed), (1, 1));
}
