//! Every rule to every subject, account by account, in a stable order.

use std::{
    borrow::Cow,
    collections::{BTreeSet, VecDeque},
    sync::mpsc::{self, Receiver},
};

use model::{
    AccountKind, Arn, Dataset, GapId, IamRole, IamUser, Listing, ObservationId, Record, Scope,
    Timestamp,
    snapshot::{IdentityCenter, RecordSource, SourceError},
};
use rayon::prelude::*;

use crate::{
    Check, Context, Criteria, CustomCheck, ExpressionSubject, Finding, Judgement, Rule, RunContext,
    Status, Subject, SubjectKind, Unseen, Verdict, enforcement::AccountPolicies, grace,
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
    criteria: &Criteria,
    mut each: impl FnMut(&Record, &[Finding]) -> Result<(), E>,
) -> Result<(), E> {
    let run = RunContext::of(source.header());
    let judge = |record: Record| {
        let findings = evaluate_record(&record, criteria, &run);
        (record, findings)
    };
    let at_once = rayon::current_num_threads() * 4;
    rayon::in_place_scope(|scope| {
        let mut waiting: VecDeque<Receiver<Judged>> = VecDeque::with_capacity(at_once);
        loop {
            // What was judged is handed on, which this thread alone can do, while so many more are judged.
            while waiting.len() < at_once
                && let Some(batch) = source.next_batch()
            {
                let batch = batch?;
                let (done, judged) = mpsc::sync_channel(1);
                scope.spawn(move |_| {
                    let of_batch = || Ok(batch()?.into_par_iter().map(judge).collect());
                    // Nobody waits for it any more where something has failed.
                    let _ = done.send(of_batch());
                });
                waiting.push_back(judged);
            }
            let Some(Ok(batch)) = waiting.pop_front().map(|it| it.recv()) else {
                return Ok(());
            };
            for (record, findings) in batch? {
                each(&record, &findings)?;
            }
        }
    })
}

/// A batch of records with their findings, or why it could not be read.
type Judged = Result<Vec<(Record, Vec<Finding>)>, SourceError>;

/// Applies the rules to every subject of one account; in the order of the rules, then of the subjects.
///
/// An account that is not audited has no findings. If its users (or roles) could not all be listed, every rule about
/// them gives the account itself one indeterminate finding: what was not listed does not vanish.
pub fn evaluate_record(record: &Record, criteria: &Criteria, run: &RunContext) -> Vec<Finding> {
    evaluate_with(record, criteria, run, &AccountPolicies::default())
}

/// Does the same, with policies of the account that were made ready before.
pub(crate) fn evaluate_with(
    record: &Record,
    criteria: &Criteria,
    run: &RunContext,
    policies: &AccountPolicies,
) -> Vec<Finding> {
    if record.account.scope != Scope::Audited {
        return Vec::new();
    }
    let of_rule = |rule: &&'static Rule| {
        let judging = Judging {
            record,
            criteria,
            run,
            policies,
            rule,
        };
        judging.findings()
    };
    let mut findings: Vec<_> = criteria.rules.iter().flat_map(of_rule).collect();
    grace::mark(record, &mut findings, criteria, run.now);
    criteria
        .waivers
        .mark(&record.account, &mut findings, run.now);
    if let Some(baseline) = &criteria.baseline {
        baseline.mark(record, &mut findings, run.now);
    }
    findings
}

/// One rule that is applied to one account.
#[derive(Clone, Copy)]
struct Judging<'a> {
    record: &'a Record,
    criteria: &'a Criteria,
    run: &'a RunContext,
    policies: &'a AccountPolicies,
    rule: &'static Rule,
}

impl Judging<'_> {
    fn findings(&self) -> Vec<Finding> {
        let record = self.record;
        match self.rule.check {
            Check::RootUser(judge) => {
                vec![
                    self.finding(SubjectKind::RootUser, record.root_user_arn(), |it| {
                        judge(&record.root_user, it)
                    }),
                ]
            }
            Check::Account(judge) => {
                vec![
                    self.finding(SubjectKind::Account, record.root_user_arn(), |it| {
                        judge(record, it)
                    }),
                ]
            }
            Check::Organization(judge) => match record.account.kind {
                AccountKind::Management | AccountKind::Standalone => {
                    vec![
                        self.finding(SubjectKind::Organization, record.root_user_arn(), |it| {
                            judge(record, it)
                        }),
                    ]
                }
                AccountKind::Member | AccountKind::Unstated => Vec::new(),
            },
            Check::IamUser(judge) => self.of_users(judge),
            Check::Custom(check) => self.by_expression(check),
            Check::IamRole(judge) => {
                let of = |it: &IamRole, context: &Context<'_>| judge(it, context);
                self.of_list(&record.iam_roles, SubjectKind::IamRole, |it| &it.arn, of)
            }
        }
    }

    fn of_users(&self, judge: impl Fn(&IamUser, &Context<'_>) -> Judgement) -> Vec<Finding> {
        let users = &self.record.iam_users;
        self.of_list(users, SubjectKind::IamUser, |it| &it.arn, judge)
    }

    fn by_expression(&self, check: &CustomCheck) -> Vec<Finding> {
        let subject = match check.about() {
            ExpressionSubject::IamUser => {
                return self.of_users(|it, context| {
                    check.judge(expressions::Subject::IamUser(it), context)
                });
            }
            ExpressionSubject::RootUser => expressions::Subject::RootUser(&self.record.root_user),
            ExpressionSubject::Account => expressions::Subject::Account,
        };
        let arn = self.record.root_user_arn();
        vec![self.finding(check.subject(), arn, |it| check.judge(subject, it))]
    }

    fn of_list<T>(
        &self,
        subjects: &Listing<T>,
        kind: SubjectKind,
        arn: fn(&T) -> &Arn,
        judge: impl Fn(&T, &Context<'_>) -> Judgement,
    ) -> Vec<Finding> {
        let of_subject = |it: &T| self.finding(kind, arn(it).clone(), |context| judge(it, context));
        let mut findings: Vec<_> = subjects.items.iter().map(of_subject).collect();
        if let Some(gap) = subjects.gap {
            let account = self.record.root_user_arn();
            findings.push(self.finding(SubjectKind::Account, account, |_| Err(Unseen(gap))));
        }
        findings
    }

    fn finding(
        &self,
        kind: SubjectKind,
        arn: Arn,
        judge: impl FnOnce(&Context<'_>) -> Judgement,
    ) -> Finding {
        let record = self.record;
        let context = Context::new(record, &self.criteria.settings, self.run, self.policies);
        let (status, reason, gap) = match judge(&context) {
            Ok(Verdict::Pass(why)) => (Status::Pass, why, None),
            Ok(Verdict::Fail(why)) => (Status::Fail, why, None),
            Ok(Verdict::NotApplicable(why)) => (Status::NotApplicable, why, None),
            Err(Unseen(gap)) => {
                let hangs_on = context.hangs_on().map(Cow::Owned);
                let why = hangs_on.unwrap_or_else(|| why_unseen(record, gap));
                (Status::Indeterminate, why, Some(gap))
            }
        };
        let read = context
            .evidence()
            .into_iter()
            .filter_map(|it| record.observation(it));
        let observations: Vec<_> = read.collect();
        let mut sources: Vec<_> = observations.iter().map(|it| it.source).collect();
        sources.sort_unstable();
        sources.dedup();
        // One fact without a time leaves the time of the whole open; and of nothing read there is none.
        let oldest = observations.iter().map(|it| it.at).min().flatten();
        Finding {
            rule: self.rule,
            subject: Subject { kind, arn },
            status,
            reason,
            sources,
            evidence_time: oldest,
            gap,
            waiver: None,
            grace_until: None,
            change: None,
            first_seen: None,
        }
    }
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
pub fn doubts(record: &Record, criteria: &Criteria, now: Option<Timestamp>) -> Vec<Doubt> {
    // Whether Identity Center is in use is known at the end of a run; if it is, there may be something to confirm.
    let run = RunContext {
        now,
        identity_center: IdentityCenter::InUse,
        ..RunContext::default()
    };
    let policies = AccountPolicies::default();
    let doubt = |(user, subject): (usize, &IamUser)| {
        let in_doubt = |rule: &&'static Rule| {
            let context = Context::new(record, &criteria.settings, &run, &policies);
            doubtful(context, rule, subject)
        };
        let datasets: BTreeSet<_> = criteria.rules.iter().flat_map(in_doubt).collect();
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

/// Returns the facts of a user that one rule's verdict makes worth reading live.
fn doubtful(context: Context<'_>, rule: &Rule, user: &IamUser) -> Vec<Dataset> {
    let record = context.record;
    let Some(judgement) = rule.check.iam_user(user, &context) else {
        return Vec::new();
    };
    let is_old = |id: ObservationId| record.observation(id).is_none_or(|it| !it.source.is_live());
    match judgement {
        Ok(Verdict::Fail(_)) if context.evidence().into_iter().any(is_old) => {
            let mut datasets = rule.requires.to_vec();
            datasets.retain(|it| !is_of_policies(*it));
            datasets
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

/// Tells whether a kind of fact is always read live, and in one piece for all users.
const fn is_of_policies(dataset: Dataset) -> bool {
    matches!(
        dataset,
        Dataset::UserPolicies | Dataset::ServiceControlPolicies | Dataset::RoleTrust
    )
}

fn why_unseen(record: &Record, gap: GapId) -> Cow<'static, str> {
    record
        .gap(gap)
        .map_or(Cow::Borrowed("a fact was not seen"), |it| {
            it.to_string().into()
        })
}
