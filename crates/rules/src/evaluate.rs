//! Every rule to every subject, account by account, in a stable order.

use std::{borrow::Cow, collections::BTreeSet};

use model::{
    Dataset, GapId, IamUser, ObservationId, Record, Scope,
    snapshot::{Batch, RecordSource, SourceError},
};
use rayon::prelude::*;

use crate::{
    Check, Context, Finding, Judgement, Rule, Status, Subject, SubjectKind, Unseen, Verdict,
};

/// Evaluates every record of `source` and hands each, with its findings, to `each`, in account order.
///
/// Batches are decoded and evaluated in parallel; a few are held at a time, however many accounts there are.
///
/// # Errors
///
/// Fails if the source or `each` does.
pub fn evaluate<E: From<SourceError>>(
    source: &mut dyn RecordSource,
    rules: &[&'static Rule],
    mut each: impl FnMut(&Record, &[Finding]) -> Result<(), E>,
) -> Result<(), E> {
    let now = source.header().collected_at;
    let at_once = rayon::current_num_threads() * 2;
    loop {
        let mut batches: Vec<Batch> = Vec::with_capacity(at_once);
        while batches.len() < at_once {
            match source.next_batch() {
                Some(batch) => batches.push(batch?),
                None => break,
            }
        }
        if batches.is_empty() {
            return Ok(());
        }
        let judge = |record: Record| {
            let findings = evaluate_record(&record, rules, now);
            (record, findings)
        };
        let judged: Vec<Result<Vec<_>, SourceError>> = batches
            .into_par_iter()
            .map(|batch| Ok(batch()?.into_par_iter().map(judge).collect()))
            .collect();
        for batch in judged {
            for (record, findings) in batch? {
                each(&record, &findings)?;
            }
        }
    }
}

/// Applies `rules` to every subject of one account; in the order of the rules, then of the subjects.
///
/// An account that is not audited has no findings. If its users could not all be listed, every rule about users
/// gives the account itself one indeterminate finding: what was not listed does not vanish.
pub fn evaluate_record(
    record: &Record,
    rules: &[&'static Rule],
    now: Option<model::Timestamp>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    if record.account.scope != Scope::Audited {
        return findings;
    }
    for rule in rules {
        let context = || Context::new(&record.account, now);
        match rule.check {
            Check::RootUser(judge) => {
                let subject = Subject {
                    kind: SubjectKind::RootUser,
                    arn: record.root_user_arn(),
                };
                findings.push(finding(record, rule, subject, context(), |it| {
                    judge(&record.root_user, it)
                }));
            }
            Check::IamUser(judge) => {
                for user in &record.iam_users.items {
                    let subject = Subject {
                        kind: SubjectKind::IamUser,
                        arn: user.arn.clone(),
                    };
                    findings.push(finding(record, rule, subject, context(), |it| {
                        judge(user, it)
                    }));
                }
                if let Some(gap) = record.iam_users.gap {
                    let subject = Subject {
                        kind: SubjectKind::Account,
                        arn: record.root_user_arn(),
                    };
                    findings.push(finding(record, rule, subject, context(), |_| {
                        Err(Unseen(gap))
                    }));
                }
            }
        }
    }
    findings
}

/// A user whose verdict rests on facts of an earlier moment than the run, and would not be worth much if they had
/// changed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Doubt {
    /// The user's position in the record.
    pub user: usize,
    /// The facts to be read live.
    pub datasets: BTreeSet<Dataset>,
}

/// Returns the users whose verdicts must be confirmed live.
///
/// A user that fails on old evidence: every fact the failure rests on, so that one who was fixed after the credential
/// report was made is not still reported. A user that passes by an MFA device of which the report alone tells: that
/// device, which is a passkey, or was removed since.
pub fn doubts(record: &Record, rules: &[&'static Rule]) -> Vec<Doubt> {
    let user_rules: Vec<_> = rules
        .iter()
        .filter_map(|rule| match rule.check {
            Check::IamUser(judge) => Some((*rule, judge)),
            Check::RootUser(_) => None,
        })
        .collect();
    let doubt = |(user, subject): (usize, &IamUser)| {
        let in_doubt =
            |(rule, judge): &(&'static Rule, Judge)| doubtful(record, rule, *judge, subject);
        let datasets: BTreeSet<_> = user_rules.iter().flat_map(in_doubt).collect();
        (!datasets.is_empty()).then_some(Doubt { user, datasets })
    };
    record
        .iam_users
        .items
        .iter()
        .enumerate()
        .filter_map(doubt)
        .collect()
}

type Judge = fn(&IamUser, &Context<'_>) -> Judgement;

/// Returns the facts of a user that one rule's verdict makes worth reading live.
fn doubtful(record: &Record, rule: &Rule, judge: Judge, user: &IamUser) -> Vec<Dataset> {
    let is_old = |id: ObservationId| record.observation(id).is_none_or(|it| !it.source.is_live());
    let context = Context::new(&record.account, None);
    match judge(user, &context) {
        Ok(Verdict::Fail(_)) if context.evidence().into_iter().any(is_old) => {
            rule.requires.to_vec()
        }
        Ok(Verdict::Pass(_)) if rule.requires.contains(&Dataset::MfaStatus) => {
            let by_old_device = user.mfa.observation().is_some_and(is_old);
            if by_old_device {
                vec![Dataset::MfaStatus]
            } else {
                Vec::new()
            }
        }
        Ok(Verdict::Fail(_) | Verdict::Pass(_) | Verdict::NotApplicable(_)) | Err(_) => Vec::new(),
    }
}

fn finding(
    record: &Record,
    rule: &'static Rule,
    subject: Subject,
    context: Context<'_>,
    judge: impl FnOnce(&Context<'_>) -> Judgement,
) -> Finding {
    let (status, reason, gap) = match judge(&context) {
        Ok(Verdict::Pass(why)) => (Status::Pass, why, None),
        Ok(Verdict::Fail(why)) => (Status::Fail, why, None),
        Ok(Verdict::NotApplicable(why)) => (Status::NotApplicable, why, None),
        Err(Unseen(gap)) => (Status::Indeterminate, why_unseen(record, gap), Some(gap)),
    };
    let read = context
        .evidence()
        .into_iter()
        .filter_map(|it| record.observation(it));
    let observations: BTreeSet<_> = read.collect();
    let sources: BTreeSet<_> = observations.iter().map(|it| it.source).collect();
    // One fact without a time leaves the time of the whole open.
    let times: Option<Vec<_>> = observations.iter().map(|it| it.at).collect();
    Finding {
        rule,
        subject,
        status,
        reason,
        sources: sources.into_iter().collect(),
        evidence_time: times.and_then(|it| it.into_iter().min()),
        gap,
    }
}

fn why_unseen(record: &Record, gap: GapId) -> Cow<'static, str> {
    record
        .gap(gap)
        .map_or(Cow::Borrowed("a fact was not seen"), |it| {
            it.to_string().into()
        })
}
