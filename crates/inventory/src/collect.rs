//! Collects accounts, several at a time, and hands on each whole record.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use aws::{Clock, Connection, Trouble};
use futures_util::{Stream, StreamExt};
use model::{
    Account, AccountId, AccountKind, Dataset, Fact, Gap, GapReason, Observation, Record, Source,
    snapshot::RootAccess,
};

use crate::{
    AuditRole, Plan, RunDeadline, SeenFeatures, ServiceControlPolicies,
    calls::list_tags_for_resource::list_tags_for_resource,
    deadline::Deadline,
    door::{Door, Hallway, Way},
    pace::Pace,
    visit::Visit,
};

/// Returns, for a record, the users whose verdicts rest on old evidence in a way that must be confirmed, and which of
/// their facts are to be read live.
pub type Confirm = Arc<dyn Fn(&Record) -> Vec<(usize, BTreeSet<Dataset>)> + Send + Sync>;

/// How long to wait for a credential report, if nothing else is said. AWS documents no limit.
pub const REPORT_PATIENCE: Duration = Duration::from_mins(2);
/// How long one account may take, if nothing else is said.
pub const ACCOUNT_DEADLINE: Duration = Duration::from_mins(5);

/// How many records may wait for what is read once a run, while more accounts are collected.
const WAITING: usize = 4096;
/// How many accounts in a row may be out of reach before it is the way to AWS, and not the accounts, that is broken.
const OUT_OF_REACH: usize = 10;
/// How many entries in a row may be throttled before it is the shared limit, and not one account, that is used up.
const THROTTLED: usize = 3;

/// How accounts are collected.
#[derive(Clone)]
pub struct Collector {
    /// The caller's way to AWS.
    pub connection: Connection,
    /// The account the caller is in, entered with the caller's own credentials.
    pub own_account: AccountId,
    /// The role assumed in every other account.
    pub role: AuditRole,
    /// What is asked of every account.
    pub plan: Plan,
    /// Which verdicts must be confirmed.
    pub confirm: Confirm,
    /// The clock that observations are stamped with.
    pub clock: Clock,
    /// How fast everything is asked; the same as for discovery.
    pub pace: Pace,
    /// The most accounts that are collected at once.
    pub concurrency: usize,
    /// How long to wait for a credential report.
    pub report_patience: Duration,
    /// How long one account may take; what is open then is a gap.
    pub account_deadline: Duration,
    /// When the run must be done; what is open then is a gap.
    pub deadline: Option<RunDeadline>,
    /// Whether root users of member accounts are looked at by sessions of their own.
    pub root_access: RootAccess,
    /// Which features of central root access the organization has; `None` if nobody needs to know.
    pub features: Option<SeenFeatures>,
    /// The service control policies of the organization; `None` if nobody needs to know.
    pub service_control_policies: Option<ServiceControlPolicies>,
}

/// Why a run cannot go on. What was collected stands, and the run can be resumed.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Stop {
    /// The caller's own credentials have expired, and what they come from gives no newer ones.
    #[error("the caller's credentials have expired: {}", .0.detail)]
    Expired(Trouble),
    /// AWS cannot be reached any more.
    #[error("AWS cannot be reached: {}", .0.detail)]
    OutOfReach(Trouble),
}

/// What all accounts of a run share.
struct Run<'a> {
    collector: &'a Collector,
    hallway: Hallway,
    /// How many entries failed so in a row.
    out_of_reach: AtomicUsize,
    throttled: AtomicUsize,
    stopped: OnceLock<Stop>,
}

impl Collector {
    /// Collects accounts as they come, several at a time, and yields each record when it is whole. It cannot fail for
    /// one account's sake: trouble becomes gaps in that account's record.
    ///
    /// # Errors
    ///
    /// Yields an error where no account could be collected any more, and nothing after it.
    pub fn collect<'a>(
        &'a self,
        accounts: impl Stream<Item = Account> + 'a,
    ) -> impl Stream<Item = Result<Record, Stop>> + 'a {
        let run = Arc::new(Run {
            collector: self,
            hallway: Hallway::new(self.connection.clone(), self.pace.clone()),
            out_of_reach: AtomicUsize::new(0),
            throttled: AtomicUsize::new(0),
            stopped: OnceLock::new(),
        });
        accounts
            .map(move |account| {
                let run = Arc::clone(&run);
                async move { run.account(account).await }
            })
            .buffer_unordered(self.concurrency.max(1))
            .map(|record| self.noted(record))
            .buffer_unordered(WAITING)
    }
}

impl Collector {
    /// Notes in a record what is read once a run, which may take longer than an account.
    async fn noted(&self, record: Result<Record, Stop>) -> Result<Record, Stop> {
        let mut record = record?;
        if record.account.scope != model::Scope::NotActive
            && let Some(policies) = &self.service_control_policies
        {
            policies.note(&mut record).await;
        }
        Ok(record)
    }
}

impl Run<'_> {
    async fn account(&self, account: Account) -> Result<Record, Stop> {
        if account.scope == model::Scope::NotActive {
            let detail = format!("the account is {}", account.state);
            return Ok(Record::unseen(account, |dataset| Gap {
                detail: detail.clone(),
                ..Gap::new(dataset, GapReason::NotRequested)
            }));
        }
        if let Some(late) = self.collector.deadline.filter(RunDeadline::has_passed) {
            let trouble = late.trouble("");
            return Ok(Record::unseen(account, |dataset| trouble.gap(dataset)));
        }
        let _permit = self.hallway.pace.accounts().admit().await;
        if let Some(stop) = self.stopped.get() {
            return Err(stop.clone());
        }
        let asked = account.id.clone();
        let (mut record, owner_tag) = tokio::join!(self.visit(account), self.owner_tag(&asked));
        if record.account.kind != AccountKind::Standalone
            && let Some(features) = &self.collector.features
        {
            features.note(&mut record);
        }
        record.owner_tag = match owner_tag {
            None => Fact::unasked(Dataset::OwnerTag),
            Some(Ok(tag)) => {
                let observation = record.observed(Observation {
                    source: Source::ListTagsForResource,
                    at: Some(self.collector.clock.now()),
                });
                Fact::Known(tag, observation)
            }
            Some(Err(trouble)) => {
                // No rule needs it, so no list of gaps tells.
                let told = [trouble.operation.as_str(), &trouble.code];
                let told: Vec<_> = told.into_iter().filter(|it| !it.is_empty()).collect();
                let note = "the tag that names the account's owner was not seen";
                record.notes.push(format!("{note} ({})", told.join(": ")));
                Fact::Unknown(record.missing(trouble.gap(Dataset::OwnerTag)))
            }
        };
        // Whoever ran into the end of the credentials saw less than there is to see.
        if let Some(trouble) = self.hallway.expired.get()
            && record
                .gaps
                .iter()
                .any(|it| it.reason == GapReason::ExpiredCredentials)
        {
            let stop = Stop::Expired(trouble.clone());
            return Err(self.stopped.get_or_init(|| stop).clone());
        }
        self.stopped.get().map_or(Ok(record), |it| Err(it.clone()))
    }

    /// Asks who owns an account; `None` if nobody wants to know.
    async fn owner_tag(&self, account: &AccountId) -> Option<Result<Option<Box<str>>, Trouble>> {
        let Collector {
            connection,
            pace,
            plan,
            ..
        } = self.collector;
        let key = plan.owner_tag.as_deref()?;
        let allowed = self.collector.account_deadline;
        let asked = Box::pin(list_tags_for_resource(
            connection, pace, account, key, allowed,
        ));
        Some(match &self.collector.deadline {
            Some(run) => run.bound("ListTagsForResource", asked).await,
            None => asked.await,
        })
    }

    async fn visit(&self, account: Account) -> Record {
        let collector = self.collector;
        let deadline = Deadline::of_account(collector.account_deadline, collector.deadline);
        let way = if account.id == collector.own_account {
            Way::Own
        } else {
            Way::Role(collector.role.in_account(&account.partition, &account.id))
        };
        let door = Door::new(self.hallway.clone(), account.id.clone(), way, deadline);
        let entered = door.enter().await;
        self.note(entered.as_ref().err());
        let visit = Visit {
            collector,
            hallway: &self.hallway,
            door: &door,
            deadline,
        };
        // Boxed: a future of this size would be moved about with every account.
        match entered {
            Ok(()) => Box::pin(visit.inside(account)).await,
            Err(trouble) => Box::pin(visit.outside(account, &trouble)).await,
        }
    }

    /// Takes note of how an entry went. What befalls one account alone says nothing of the others.
    fn note(&self, trouble: Option<&Trouble>) {
        let in_a_row = |count: &AtomicUsize, reason| {
            if trouble.is_some_and(|it| it.reason == reason) {
                count.fetch_add(1, Ordering::Relaxed) + 1
            } else {
                count.store(0, Ordering::Relaxed);
                0
            }
        };
        let accounts = self.hallway.pace.accounts();
        if in_a_row(&self.throttled, GapReason::Throttled) >= THROTTLED {
            accounts.throttled();
        } else if trouble.is_none() {
            accounts.succeeded();
        }
        if in_a_row(&self.out_of_reach, GapReason::Unreachable) >= OUT_OF_REACH
            && let Some(trouble) = trouble
        {
            self.stopped
                .get_or_init(|| Stop::OutOfReach(trouble.clone()));
        }
    }
}
