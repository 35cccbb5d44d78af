//! Collects accounts, several at a time, and hands on each whole record.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use aws::{Clock, Connection, Trouble};
use futures_util::{Stream, StreamExt, stream};
use model::{Account, AccountId, Dataset, Gap, GapReason, Record, Source, Timestamp};

use crate::{
    AuditRole,
    assemble::{Answer, Answers, Assembled, Order, Partial, Timed, UserReads, assemble},
    calls::{
        Pages,
        generate_credential_report::{PATIENCE, generate_credential_report},
        get_account_summary::get_account_summary,
        get_credential_report::get_credential_report,
        get_login_profile::get_login_profile,
        list_access_keys::list_access_keys,
        list_mfa_devices::list_mfa_devices,
        list_users::list_users,
        list_virtual_mfa_devices::list_virtual_mfa_devices,
    },
    credential_report::CredentialReport,
    door::Door,
    plan::{Freshness, Plan, Read, is_done, reads_of},
};

/// How many users of one account are read at once. IAM's limits are per account and unpublished.
const USERS_AT_ONCE: usize = 4;
/// The age beyond which a credential report is not used. AWS makes a new one after four hours.
const STALE: Duration = Duration::from_hours(5);

/// Returns, for a record, the users whose verdicts rest on old evidence in a way that must be confirmed, and which of
/// their facts are to be read live.
pub type Confirm = Arc<dyn Fn(&Record) -> Vec<(usize, BTreeSet<Dataset>)> + Send + Sync>;

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
    /// How many accounts are collected at once.
    pub concurrency: usize,
    /// How long to wait for a credential report.
    pub report_patience: Duration,
}

/// How long to wait for a credential report, if nothing else is said.
pub const REPORT_PATIENCE: Duration = PATIENCE;

impl Collector {
    /// Collects accounts, several at a time, and yields each record when it is whole. It cannot fail for one
    /// account's sake: trouble becomes gaps in that account's record.
    pub fn collect(&self, accounts: Vec<Account>) -> impl Stream<Item = Record> + '_ {
        stream::iter(accounts)
            .map(|account| self.account(account))
            .buffer_unordered(self.concurrency.max(1))
    }

    async fn account(&self, account: Account) -> Record {
        if account.scope == model::Scope::NotActive {
            let detail = format!("the account is {}", account.state);
            return Record::unseen(account, |dataset| Gap {
                detail: detail.clone(),
                ..Gap::new(dataset, GapReason::NotRequested)
            });
        }
        let own = account.id == self.own_account;
        let role = (!own).then(|| self.role.in_account(&account.partition, &account.id));
        let door = Door::new(self.connection.clone(), account.id.clone(), role);
        if let Err(trouble) = door.iam().await {
            return Record::unseen(account, |dataset| trouble.gap(dataset));
        }
        // Boxed: a future of this size would be moved about with every account.
        let mut answers = Box::pin(self.about_all(account, &door)).await;
        loop {
            let assembled = assemble(&answers);
            let wanted = self.wanted(&assembled, &answers);
            if wanted.is_empty() {
                return assembled.record;
            }
            let reads: Vec<_> = stream::iter(wanted)
                .map(|(user, read)| self.about_one(&door, user, read))
                .buffer_unordered(USERS_AT_ONCE)
                .collect()
                .await;
            for (user, read) in reads {
                read.store(answers.reads.entry(user).or_default());
            }
        }
    }

    /// Makes the calls that answer for the whole account.
    async fn about_all(&self, account: Account, door: &Door) -> Answers {
        let mut answers = Answers::none(account, Order::LiveIsLater, GapReason::NotRequested);
        let with_report = self.plan.freshness == Freshness::ReportFirst;
        if !self.plan.needs_users() {
            answers.summary = self.summary(door).await;
            // The report is the root user's second witness, asked only if the first does not answer.
            let silent = answers
                .summary
                .as_ref()
                .map_or(true, |it| it.value.password.is_none());
            if silent && with_report {
                answers.report = self.report(door).await;
            }
            return answers;
        }
        let report = async {
            if with_report {
                Some(self.report(door).await)
            } else {
                None
            }
        };
        let (summary, report, devices, users) = tokio::join!(
            self.summary(door),
            report,
            self.virtual_devices(door),
            self.users(door)
        );
        answers.summary = summary;
        answers.virtual_devices = devices;
        answers.users = users;
        if let Some(report) = report {
            answers.report = report;
        }
        answers
    }

    async fn summary(
        &self,
        door: &Door,
    ) -> Answer<crate::calls::get_account_summary::AccountSummary> {
        let value = get_account_summary(&door.iam().await?).await?;
        Ok(self.timed(value))
    }

    async fn users(&self, door: &Door) -> Partial<crate::calls::list_users::ListedUser> {
        match door.iam().await {
            Ok(iam) => self.partial(list_users(&iam).await),
            Err(trouble) => Partial::none(trouble),
        }
    }

    async fn virtual_devices(
        &self,
        door: &Door,
    ) -> Partial<crate::calls::list_virtual_mfa_devices::AssignedDevice> {
        match door.iam().await {
            Ok(iam) => self.partial(list_virtual_mfa_devices(&iam).await),
            Err(trouble) => Partial::none(trouble),
        }
    }

    async fn report(&self, door: &Door) -> Answer<CredentialReport> {
        let iam = door.iam().await?;
        let generated = generate_credential_report(&iam, self.report_patience).await;
        let fetched = match (get_credential_report(&iam).await, generated) {
            (Ok(fetched), _) => fetched,
            // What kept the report from being made says more than that there is none.
            (Err(_), Err(trouble)) | (Err(trouble), Ok(())) => return Err(trouble),
        };
        let operation = Source::GetCredentialReport.to_string();
        let at = fetched.generated_at;
        if let Some(at) = at.filter(|it| self.is_stale(*it)) {
            return Err(Trouble::new(
                &operation,
                GapReason::Stale,
                format!("AWS gave a report of {at}"),
            ));
        }
        let report = CredentialReport::parse(&fetched.content)
            .map_err(|error| Trouble::new(&operation, GapReason::Malformed, error.to_string()))?;
        Ok(Timed { value: report, at })
    }

    fn is_stale(&self, at: Timestamp) -> bool {
        let age = self.clock.now().seconds_since(at);
        u64::try_from(age).is_ok_and(|it| it > STALE.as_secs())
    }

    /// Returns the reads that are still to be made: what is unknown or changed, and what a failing verdict rests on.
    fn wanted(&self, assembled: &Assembled, answers: &Answers) -> BTreeSet<(String, Read)> {
        let mut wanted: BTreeMap<String, BTreeSet<Read>> = self.plan.reads(assembled);
        for (user, datasets) in (self.confirm)(&assembled.record) {
            if let Some(user) = assembled.record.iam_users.items.get(user) {
                wanted
                    .entry(user.name.to_string())
                    .or_default()
                    .extend(reads_of(&datasets));
            }
        }
        let is_open =
            |user: &str, read: Read| answers.reads.get(user).is_none_or(|it| !is_done(it, read));
        let pairs = wanted
            .into_iter()
            .flat_map(|(user, reads)| reads.into_iter().map(move |it| (user.clone(), it)));
        pairs.filter(|(user, read)| is_open(user, *read)).collect()
    }

    async fn about_one(&self, door: &Door, user: String, read: Read) -> (String, Made) {
        let iam = match door.iam().await {
            Ok(iam) => iam,
            Err(trouble) => return (user, Made::failed(read, trouble)),
        };
        let made = match read {
            Read::LoginProfile => Made::LoginProfile(
                get_login_profile(&iam, &user)
                    .await
                    .map(|it| self.timed(it)),
            ),
            Read::MfaDevices => {
                Made::MfaDevices(list_mfa_devices(&iam, &user).await.map(|it| self.timed(it)))
            }
            Read::AccessKeys => {
                Made::AccessKeys(list_access_keys(&iam, &user).await.map(|it| self.timed(it)))
            }
        };
        (user, made)
    }

    fn timed<T>(&self, value: T) -> Timed<T> {
        Timed {
            value,
            at: Some(self.clock.now()),
        }
    }

    fn partial<T>(&self, pages: Pages<T>) -> Partial<T> {
        Partial {
            items: pages.items,
            at: Some(self.clock.now()),
            missing: pages.trouble,
        }
    }
}

/// A read that was made.
enum Made {
    LoginProfile(Answer<model::ConsolePassword>),
    MfaDevices(Answer<Vec<model::MfaDevice>>),
    AccessKeys(Answer<Vec<model::AccessKey>>),
}

impl Made {
    const fn failed(read: Read, trouble: Trouble) -> Self {
        match read {
            Read::LoginProfile => Self::LoginProfile(Err(trouble)),
            Read::MfaDevices => Self::MfaDevices(Err(trouble)),
            Read::AccessKeys => Self::AccessKeys(Err(trouble)),
        }
    }

    fn store(self, reads: &mut UserReads) {
        match self {
            Self::LoginProfile(answer) => reads.login_profile = Some(answer),
            Self::MfaDevices(answer) => reads.mfa_devices = Some(answer),
            Self::AccessKeys(answer) => reads.access_keys = Some(answer),
        }
    }
}
