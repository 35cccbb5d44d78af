//! One account: what is asked of it, from each answer to the next, until its record is whole.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use aws::Trouble;
use futures_util::{StreamExt, stream};
use model::{
    AccessKeyStatus, Account, Dataset, FidoCertifications, GapReason, LastUse, PasswordPolicy,
    Record, ServiceSpecificCredential, Source, Timestamp, snapshot::RootAccess,
};

use crate::{
    Collector,
    assemble::{Answer, Answers, Assembled, Order, Partial, Timed, UserReads, assemble},
    authorization::{Authorization, DATASETS},
    calls::{
        Pages,
        get_access_key_last_used::get_access_key_last_used,
        get_account_authorization_details::get_account_authorization_details,
        get_account_password_policy::get_account_password_policy,
        get_account_summary::{AccountSummary, get_account_summary},
        get_login_profile::get_login_profile,
        get_mfa_device::get_mfa_device,
        list_access_keys::list_access_keys,
        list_mfa_devices::list_mfa_devices,
        list_service_specific_credentials::list_service_specific_credentials,
        list_signing_certificates::list_signing_certificates,
        list_users::{ListedUser, list_users},
        list_virtual_mfa_devices::{
            AssignedDevice, Listed, VirtualDevice, list_virtual_mfa_devices,
        },
    },
    credential_report::{CredentialReport, SaidKey},
    deadline::Deadline,
    door::{Door, Hallway},
    fetch_report::fetch_report,
    plan::{Freshness, Read, active_keys, fido_devices, is_done, is_ready, reads_of},
    root_access::{RootReads, is_reachable, read_root},
};

/// How many users of one account are read at once, at most; the door lets fewer through where AWS objects.
const USERS_AT_ONCE: usize = 8;
/// The age beyond which a credential report is not used. AWS makes a new one after four hours.
const STALE: Duration = Duration::from_hours(5);

/// One account that is being collected.
pub(crate) struct Visit<'a> {
    pub(crate) collector: &'a Collector,
    pub(crate) hallway: &'a Hallway,
    pub(crate) door: &'a Door,
    pub(crate) deadline: Deadline,
}

impl Visit<'_> {
    /// Collects an account that could be entered.
    pub(crate) async fn inside(&self, account: Account) -> Record {
        // Side by side to the end: a session of the root user that is late takes no time of the users.
        let (root, (mut answers, record)) =
            tokio::join!(self.root(&account), self.by_role(account.clone()));
        if root.is_none() {
            return record;
        }
        answers.root = root;
        assemble(&answers).record
    }

    /// Asks as the audit role until nothing is left to ask.
    async fn by_role(&self, account: Account) -> (Answers, Record) {
        let mut answers = self.about_all(account).await;
        loop {
            let assembled = assemble(&answers);
            let wanted = self.wanted(&assembled, &answers);
            if wanted.is_empty() {
                let open = answers.authorization.is_none();
                if open && self.collector.plan.needs_administrators(&assembled.record) {
                    answers.authorization = Some(self.authorization().await);
                    continue;
                }
                return (answers, assembled.record);
            }
            let reads: Vec<_> = stream::iter(wanted)
                .map(|(user, read)| self.about_one(user, read, &assembled.record, &answers))
                .buffer_unordered(USERS_AT_ONCE)
                .collect()
                .await;
            for (user, read) in reads {
                read.store(answers.reads.entry(user).or_default());
            }
        }
    }

    /// Collects what is to be seen of an account that could not be entered: its root user, by a session of its own.
    pub(crate) async fn outside(&self, account: Account, trouble: &Trouble) -> Record {
        let unseen = || Record::unseen(account.clone(), |dataset| trouble.gap(dataset));
        let Some(root) = self.root(&account).await else {
            return unseen();
        };
        if root.is_unseen() {
            return unseen();
        }
        let mut answers = Answers::troubled(account.clone(), Order::LiveIsLater, trouble);
        answers.root = Some(root);
        assemble(&answers).record
    }

    async fn root(&self, account: &Account) -> Option<RootReads> {
        let Collector {
            plan, root_access, ..
        } = self.collector;
        let wanted = *root_access != RootAccess::Never && plan.needs_root_user();
        if !wanted || !is_reachable(account.kind) {
            return None;
        }
        let (id, partition) = (&account.id, &account.partition);
        let clock = self.collector.clock;
        Some(read_root(self.hallway, id, partition, self.deadline, clock).await)
    }

    /// Makes the calls that answer for the whole account.
    async fn about_all(&self, account: Account) -> Answers {
        let plan = &self.collector.plan;
        let mut answers = Answers::none(account, Order::LiveIsLater, GapReason::NotRequested);
        let with_report = plan.freshness == Freshness::ReportFirst;
        let authorization = async {
            if plan.asks_authorization_of_all() {
                Some(self.authorization().await)
            } else {
                None
            }
        };
        if !plan.needs_users() {
            let devices = async {
                if plan.needs_virtual_devices() {
                    Some(self.virtual_devices().await)
                } else {
                    None
                }
            };
            let (summary, devices, policy, authorization) = tokio::join!(
                self.summary(),
                devices,
                self.password_policy(),
                authorization
            );
            answers.summary = summary;
            answers.authorization = authorization;
            answers.password_policy = policy;
            if let Some(devices) = devices {
                (answers.virtual_devices, answers.unassigned_devices) = devices;
            }
            // The report is the root user's second witness, asked only if the first does not answer; of when its
            // credentials were used it is the only one.
            let silent = answers
                .summary
                .as_ref()
                .map_or(true, |it| it.value.password.is_none());
            let of_use = plan.datasets.contains(&Dataset::RootUse);
            if (silent || of_use) && with_report {
                answers.report = self.report().await;
            }
            return answers;
        }
        let report = async {
            if with_report {
                Some(self.report().await)
            } else {
                None
            }
        };
        // The report is begun first, so that AWS makes it while the other calls run.
        let (report, summary, devices, users, policy, authorization) = tokio::join!(
            report,
            self.summary(),
            self.virtual_devices(),
            self.users(),
            self.password_policy(),
            authorization
        );
        answers.password_policy = policy;
        answers.authorization = authorization;
        answers.summary = summary;
        (answers.virtual_devices, answers.unassigned_devices) = devices;
        answers.users = users;
        if let Some(report) = report {
            answers.report = report;
        }
        answers
    }

    async fn summary(&self) -> Answer<AccountSummary> {
        let asked = async |iam| get_account_summary(&iam).await;
        let value = self.door.ask("GetAccountSummary", asked).await?;
        Ok(self.timed(value))
    }

    async fn users(&self) -> Partial<ListedUser> {
        let asked = async |iam| had(list_users(&iam).await);
        self.partial(self.door.ask("ListUsers", asked).await)
    }

    /// Lists virtual devices: those that are somebody's, and, where they are needed, those that are nobody's.
    async fn virtual_devices(&self) -> (Partial<AssignedDevice>, Option<Partial<Box<str>>>) {
        let datasets = &self.collector.plan.datasets;
        let unassigned = datasets.contains(&Dataset::UnassignedVirtualMfaDevices);
        let listed = if unassigned {
            Listed::Any
        } else {
            Listed::Assigned
        };
        let asked = async |iam| had(list_virtual_mfa_devices(&iam, listed).await);
        let devices = self.partial(self.door.ask("ListVirtualMFADevices", asked).await);
        let (at, missing) = (devices.at, devices.missing);
        let (mut own, mut nobodys) = (Vec::new(), Vec::new());
        for device in devices.items {
            match device {
                VirtualDevice::Assigned(it) => own.push(it),
                VirtualDevice::Unassigned(it) => nobodys.push(it),
            }
        }
        let nobodys = Partial {
            items: nobodys,
            at,
            missing: missing.clone(),
        };
        let own = Partial {
            items: own,
            at,
            missing,
        };
        (own, unassigned.then_some(nobodys))
    }

    async fn password_policy(&self) -> Option<Answer<PasswordPolicy>> {
        let datasets = &self.collector.plan.datasets;
        if !datasets.contains(&Dataset::PasswordPolicy) {
            return None;
        }
        let asked = async |iam| get_account_password_policy(&iam).await;
        let answer = self.door.ask("GetAccountPasswordPolicy", asked).await;
        Some(answer.map(|it| self.timed(it)))
    }

    async fn authorization(&self) -> Authorization {
        let wanted = &self.collector.plan.datasets;
        let asked = DATASETS.into_iter().filter(|it| wanted.contains(it));
        let datasets: BTreeSet<_> = asked.collect();
        let asked = async |iam| had(get_account_authorization_details(&iam, &datasets).await);
        let pages = self.door.ask("GetAccountAuthorizationDetails", asked);
        Authorization {
            details: self.partial(pages.await),
            datasets,
        }
    }

    async fn report(&self) -> Answer<CredentialReport> {
        let usual = self.hallway.pace.report_wait();
        let fetched = fetch_report(self.door, usual, self.collector.report_patience).await?;
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
        let age = self.collector.clock.now().seconds_since(at);
        u64::try_from(age).is_ok_and(|it| it > STALE.as_secs())
    }

    /// Returns the reads that are still to be made: what is unknown or changed, and what a failing verdict rests on.
    fn wanted(&self, assembled: &Assembled, answers: &Answers) -> BTreeSet<(String, Read)> {
        let mut wanted: BTreeMap<String, BTreeSet<Read>> = self.collector.plan.reads(assembled);
        for (user, datasets) in (self.collector.confirm)(&assembled.record) {
            if let Some(user) = assembled.record.iam_users.items.get(user) {
                wanted
                    .entry(user.name.to_string())
                    .or_default()
                    .extend(reads_of(&datasets));
            }
        }
        let nothing = UserReads::default();
        let is_open = |user: &str, read: Read| {
            let reads = answers.reads.get(user).unwrap_or(&nothing);
            !is_done(reads, read) && is_ready(reads, read)
        };
        let pairs = wanted
            .into_iter()
            .flat_map(|(user, reads)| reads.into_iter().map(move |it| (user.clone(), it)));
        pairs.filter(|(user, read)| is_open(user, *read)).collect()
    }

    async fn about_one(
        &self,
        user: String,
        read: Read,
        record: &Record,
        answers: &Answers,
    ) -> (String, Made) {
        let name = Some(user.as_str());
        let door = self.door;
        let made = match read {
            Read::LoginProfile => {
                let asked = async |iam| get_login_profile(&iam, name).await;
                let answer = door.ask("GetLoginProfile", asked).await;
                Made::LoginProfile(answer.map(|it| self.timed(it)))
            }
            Read::MfaDevices => {
                let asked = async |iam| list_mfa_devices(&iam, name).await;
                let answer = door.ask("ListMFADevices", asked).await;
                Made::MfaDevices(answer.map(|it| self.timed(it)))
            }
            Read::AccessKeys => {
                let asked = async |iam| list_access_keys(&iam, name).await;
                let answer = door.ask("ListAccessKeys", asked).await;
                Made::AccessKeys(answer.map(|it| self.timed(it)))
            }
            Read::Certifications => {
                let users = record.iam_users.items.iter();
                let devices: Vec<_> = users
                    .filter(|it| *it.name == user)
                    .flat_map(fido_devices)
                    .collect();
                Made::Certifications(self.certifications(&user, &devices).await)
            }
            Read::KeyUse => {
                let keys = answers.reads.get(&user).map(active_keys);
                Made::KeyUse(self.key_use(keys.unwrap_or_default()).await)
            }
            Read::SigningCertificates => {
                let asked = async |iam| list_signing_certificates(&iam, name).await;
                let answer = door.ask("ListSigningCertificates", asked).await;
                Made::SigningCertificates(answer.map(|it| self.timed(it)))
            }
            Read::ServiceSpecificCredentials => {
                let asked = async |iam| list_service_specific_credentials(&iam, &user).await;
                let answer = door.ask("ListServiceSpecificCredentials", asked).await;
                Made::ServiceSpecificCredentials(answer.map(|it| self.timed(it)))
            }
        };
        (user, made)
    }

    async fn certifications(
        &self,
        user: &str,
        devices: &[&str],
    ) -> Answer<Vec<FidoCertifications>> {
        let mut all = Vec::with_capacity(devices.len());
        for device in devices {
            let asked = async |iam| get_mfa_device(&iam, user, device).await;
            all.push(self.door.ask("GetMFADevice", asked).await?);
        }
        Ok(self.timed(all))
    }

    async fn key_use(&self, keys: Vec<Box<str>>) -> Answer<BTreeMap<Box<str>, LastUse>> {
        let mut uses = BTreeMap::new();
        for key in keys {
            let asked = async |iam| get_access_key_last_used(&iam, &key).await;
            let last_use = self.door.ask("GetAccessKeyLastUsed", asked).await?;
            uses.insert(key, last_use);
        }
        Ok(self.timed(uses))
    }

    fn timed<T>(&self, value: T) -> Timed<T> {
        Timed {
            value,
            at: Some(self.collector.clock.now()),
        }
    }

    fn partial<T>(&self, pages: Result<Pages<T>, Trouble>) -> Partial<T> {
        match pages {
            Ok(pages) => Partial {
                items: pages.items,
                at: Some(self.collector.clock.now()),
                missing: pages.trouble,
            },
            Err(trouble) => Partial::none(trouble),
        }
    }
}

/// Returns a list of which something was had, or why nothing was.
fn had<T>(pages: Pages<T>) -> Result<Pages<T>, Trouble> {
    match pages {
        Pages {
            items,
            trouble: Some(trouble),
        } if items.is_empty() => Err(trouble),
        pages => Ok(pages),
    }
}

/// A read that was made.
enum Made {
    LoginProfile(Answer<model::ConsolePassword>),
    MfaDevices(Answer<Vec<model::MfaDevice>>),
    AccessKeys(Answer<Vec<SaidKey>>),
    Certifications(Answer<Vec<FidoCertifications>>),
    KeyUse(Answer<BTreeMap<Box<str>, LastUse>>),
    SigningCertificates(Answer<Vec<AccessKeyStatus>>),
    ServiceSpecificCredentials(Answer<Vec<ServiceSpecificCredential>>),
}

impl Made {
    fn store(self, reads: &mut UserReads) {
        match self {
            Self::LoginProfile(answer) => reads.login_profile = Some(answer),
            Self::MfaDevices(answer) => reads.mfa_devices = Some(answer),
            Self::AccessKeys(answer) => reads.access_keys = Some(answer),
            Self::Certifications(answer) => reads.certifications = Some(answer),
            Self::KeyUse(answer) => reads.key_use = Some(answer),
            Self::SigningCertificates(answer) => reads.signing_certificates = Some(answer),
            Self::ServiceSpecificCredentials(answer) => {
                reads.service_specific_credentials = Some(answer);
            }
        }
    }
}
