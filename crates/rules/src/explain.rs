//! Why a finding is what it is: every fact its judge read, in order, and those it might have needed.

mod facts;
mod told;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use model::{Dataset, GapId, Observation, Record, snapshot::IdentityCenter};

use self::facts::Facts;
use crate::{
    Check, Context, Criteria, ExpressionSubject, Finding, Judgement, PeerSays, PoliciesTold, Rule,
    RunContext, Subject, SubjectKind, Unseen,
    enforcement::{self, AccountPolicies},
    evaluate_record, peers,
    trace::Step,
};

/// Why a finding is what it is.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The finding.
    pub finding: Finding,
    /// What the judge read, in order.
    pub read: Vec<FactTold>,
    /// What it did not read, of the kinds of fact that the rule needs.
    pub unread: Vec<FactTold>,
    /// What the policies over an IAM user come to, where the rule is about them.
    pub policies: Option<PoliciesTold>,
    /// What other tools would say of the same facts.
    pub peers: Vec<PeerSays>,
}

/// A fact as people read it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FactTold {
    /// What it is a fact of: a user's console password, the list of MFA devices.
    pub name: String,
    /// Its kind.
    pub dataset: Dataset,
    /// What was seen; `None` if nothing was.
    pub value: Option<String>,
    /// Where and when.
    pub observation: Option<Observation>,
    /// The gap where it, or more of it, should be.
    pub gap: Option<GapId>,
}

/// Explains the finding of a rule for a subject; `None` if the rule has none for it.
///
/// `criteria` are what the finding was made by: the rule is looked for in them, by its identifier.
pub fn explain(
    record: &Record,
    rule: &str,
    subject: &Subject,
    criteria: &Criteria,
    run: &RunContext,
) -> Option<Explanation> {
    let rule = criteria.rules.iter().copied().find(|it| it.id == rule)?;
    let alone = Criteria {
        rules: vec![rule],
        ..criteria.clone()
    };
    let findings = evaluate_record(record, &alone, run);
    let finding = findings.into_iter().find(|it| it.subject == *subject)?;
    let policies = AccountPolicies::default();
    let context = Context::new(record, &criteria.settings, run, &policies).traced();
    // The finding has what comes of it; here it is only about what is read.
    let _ = judge(record, rule.check, subject, &context);
    let steps = context.steps();
    let facts = Facts::of(record, subject, run);
    let read: Vec<_> = steps.iter().map(|it| told(&facts, *it, run)).collect();
    let needed: BTreeSet<_> = rule.datasets().collect();
    let unread = facts.about_subject(subject).filter(|(at, fact)| {
        let is_read = |it: &Step| matches!(it, Step::Fact { at: of, .. } if of == at);
        needed.contains(&fact.dataset) && !steps.iter().any(is_read)
    });
    let unread = unread.map(|(_, fact)| fact.clone()).collect();
    let told_policies = about_policies(record, rule, subject, criteria, run);
    let peers = peers(rule.id, record, subject, finding.status);
    Some(Explanation {
        finding,
        read,
        unread,
        policies: told_policies,
        peers,
    })
}

/// Returns what the policies over a user come to, if the rule needs them all.
fn about_policies(
    record: &Record,
    rule: &Rule,
    subject: &Subject,
    criteria: &Criteria,
    run: &RunContext,
) -> Option<PoliciesTold> {
    if !rule.requires.contains(&Dataset::ServiceControlPolicies) {
        return None;
    }
    let mut users = record.iam_users.items.iter();
    let user = users.find(|it| it.arn == subject.arn)?;
    let policies = AccountPolicies::default();
    let context = Context::new(record, &criteria.settings, run, &policies);
    enforcement::explained(user, &context)
}

/// Lets the rule's judge judge the subject once more.
fn judge(record: &Record, check: Check, subject: &Subject, context: &Context<'_>) -> Judgement {
    // Some users or roles are not known, and the account stands for them.
    let not_listed = |gap: Option<GapId>| Err(Unseen(gap.unwrap_or(GapId(0))));
    let of_account = subject.kind == SubjectKind::Account;
    match check {
        Check::RootUser(judge) => judge(&record.root_user, context),
        Check::Account(judge) | Check::Organization(judge) => judge(record, context),
        Check::Custom(check) if check.about() == ExpressionSubject::Account => {
            check.judge(expressions::Subject::Account, context)
        }
        Check::Custom(check) if check.about() == ExpressionSubject::RootUser => {
            check.judge(expressions::Subject::RootUser(&record.root_user), context)
        }
        Check::IamUser(_) | Check::Custom(_) if of_account => {
            let _ = context.read_all(&record.iam_users);
            not_listed(record.iam_users.gap)
        }
        Check::IamRole(_) if of_account => {
            let _ = context.read_all(&record.iam_roles);
            not_listed(record.iam_roles.gap)
        }
        Check::IamUser(_) | Check::Custom(_) => {
            let mut users = record.iam_users.items.iter();
            let user = users.find(|it| it.arn == subject.arn);
            let judgement = user.and_then(|it| check.iam_user(it, context));
            judgement.unwrap_or_else(|| not_listed(None))
        }
        Check::IamRole(judge) => {
            let mut roles = record.iam_roles.items.iter();
            let role = roles.find(|it| it.arn == subject.arn);
            role.map_or_else(|| not_listed(None), |it| judge(it, context))
        }
    }
}

/// Returns what a judge read, as people read it.
fn told(facts: &Facts<'_>, step: Step, run: &RunContext) -> FactTold {
    match step {
        Step::Fact {
            at,
            observation,
            gap,
        } => facts.at(at).cloned().unwrap_or_else(|| FactTold {
            name: "another fact".to_owned(),
            dataset: Dataset::IamUsers,
            value: observation.map(|_| "seen".to_owned()),
            observation: observation.and_then(|it| facts.observation(it)),
            gap,
        }),
        Step::Now(dataset) => FactTold {
            name: "the moment of the run".to_owned(),
            dataset,
            value: run.now.map(|it| it.to_string()),
            observation: None,
            gap: run.now.is_none().then(|| GapId::untimed(dataset)),
        },
        Step::IdentityCenter => {
            let value = match run.identity_center {
                IdentityCenter::NotSeen => None,
                seen @ (IdentityCenter::InUse | IdentityCenter::NotInUse) => {
                    Some(seen.name().to_owned())
                }
            };
            let gap = value.is_none();
            FactTold {
                name: "Identity Center".to_owned(),
                dataset: Dataset::IdentityCenter,
                value,
                observation: None,
                gap: gap.then(|| GapId::unsaid(Dataset::IdentityCenter)),
            }
        }
    }
}
