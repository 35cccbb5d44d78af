//! A simulator with a connection to it.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
    time::Duration,
};

use aws::{Clock, ConnectOptions, Connection, Proxy, Session};
use futures_util::StreamExt;
use model::{
    Account, AccountId, Dataset, Record, Timestamp,
    snapshot::{RootAccess, ScopeFilter},
};
use rules::{Criteria, Finding, Rule, RunContext, Status};
use simulator::{Fault, FaultKind, Options, PolicyKind, Simulator, World};

use crate::{
    ACCOUNT_DEADLINE, AuditRole, CALLS, Collector, Discovery, Freshness, Pace, Plan, Reach,
    SeenFeatures, ServiceControlPolicies, StartError, Stop, Survey, discover,
};

/// 2026-11-24T09:00:00Z.
pub(crate) const NOW: i64 = 1_795_510_800;
/// The account of [`standalone`].
pub(crate) const ACCOUNT: &str = "333333333333";
/// The management account of [`organization`].
pub(crate) const MANAGEMENT: &str = "111111111111";
/// The member account of [`organization`].
pub(crate) const MEMBER: &str = "222222222222";
/// The name and version that AWS is told.
pub(crate) const USER_AGENT: &str = "mfaudit/0.0.0";
/// The key of the tag that names an account's owner, where that is asked for.
pub(crate) const OWNER_TAG: &str = "owner";

/// The rules of an ordinary audit: all that they need, the summary, the report and a few calls for single users tell.
pub(crate) static ORDINARY: LazyLock<Vec<&'static Rule>> = LazyLock::new(|| {
    rules_of(&[
        "root-user-mfa",
        "root-user-access-key",
        "iam-user-console-mfa",
        "iam-user-mfa",
        "iam-user-access-key-mfa",
    ])
});

/// Returns the rules of these names, each of which exists.
pub(crate) fn rules_of(names: &[&str]) -> Vec<&'static Rule> {
    let rule = |id: &&str| rules::CATALOG.iter().copied().find(|it| it.id == *id);
    names.iter().map(|it| rule(it).unwrap()).collect()
}

/// Returns an account that belongs to no organization.
pub(crate) fn standalone() -> World {
    World::from_toml("[[account]]\nid = \"333333333333\"\nreport.age-seconds = 60\n").unwrap()
}

/// Returns a management account and, described by what follows it, a member account with the audit role.
pub(crate) fn organization(member: &str) -> World {
    let text = format!(
        r#"
        [organization]
        id = "o-exampleorg"
        management-account = "{MANAGEMENT}"
        [[account]]
        id = "{MANAGEMENT}"
        name = "management"
        report.age-seconds = 60
        [[account]]
        id = "{MEMBER}"
        name = "member"
        report.age-seconds = 60
        [[account.role]]
        name = "mfaudit-audit"
        {member}
        "#
    );
    World::from_toml(&text).unwrap()
}

/// Returns a fault that is served always, for every account.
pub(crate) fn fault(action: &str, kind: FaultKind) -> Fault {
    Fault {
        account: None,
        action: action.to_owned(),
        after: None,
        times: None,
        kind,
    }
}

/// Returns a refusal by an identity-based policy, in AWS's words.
pub(crate) fn denial() -> FaultKind {
    FaultKind::Deny {
        message: None,
        policy: PolicyKind::Identity,
    }
}

pub(crate) fn throttling() -> FaultKind {
    FaultKind::Throttle {
        code: "Throttling".to_owned(),
    }
}

/// A simulator with a connection to it.
pub(crate) struct Stage {
    pub(crate) simulator: Simulator,
    pub(crate) connection: Connection,
}

impl Stage {
    pub(crate) async fn start(world: World) -> Self {
        Self::reporting_after(world, Duration::ZERO).await
    }

    /// Starts a world whose credential reports take some time.
    pub(crate) async fn reporting_after(world: World, report_delay: Duration) -> Self {
        let options = Options {
            now: Some(NOW),
            report_delay,
            ..Options::default()
        };
        let simulator = Simulator::start(world, options).await.unwrap();
        let connection = connect(&simulator, &simulator.endpoint()).await;
        Self {
            simulator,
            connection,
        }
    }

    /// Starts a world with faults.
    pub(crate) async fn with(mut world: World, faults: Vec<Fault>) -> Self {
        world.faults.extend(faults);
        Self::start(world).await
    }

    /// Returns a client for the caller's own account.
    pub(crate) fn own_iam(&self) -> aws_sdk_iam::Client {
        self.connection
            .iam(&Session::own(&ACCOUNT.parse().unwrap()))
    }

    pub(crate) async fn discover(&self, filter: ScopeFilter) -> Result<Discovery, StartError> {
        discover(&self.connection, &Reach::Organization(filter)).await
    }

    /// Returns a collector for the rules of an ordinary audit, report first.
    pub(crate) fn collector(&self, own: &str) -> Collector {
        collector(&self.connection, own)
    }

    /// Discovers and collects everything with a collector that was adapted.
    pub(crate) async fn audit(&self, adapt: impl FnOnce(&mut Collector)) -> Vec<Record> {
        let (own, accounts) = self.listed().await;
        let mut collector = self.collector(own.as_str());
        adapt(&mut collector);
        collect(&collector, accounts).await
    }

    /// Returns the caller's account, and all accounts as they are listed, in order; paths are of identifiers.
    pub(crate) async fn listed(&self) -> (AccountId, Vec<Account>) {
        let reach = Reach::Organization(ScopeFilter::default());
        let pace = Pace::new(1);
        let survey = Survey::begin(&self.connection, &pace, &reach);
        let survey = survey.await.unwrap();
        let mut accounts = Vec::new();
        let listed = survey.accounts(None, async |it| accounts.push(it)).await;
        listed.unwrap();
        accounts.sort_by(|one: &Account, other| one.id.cmp(&other.id));
        (survey.own_account, accounts)
    }

    /// Audits everything and returns the member's record.
    pub(crate) async fn member(&self) -> Record {
        member(self.audit(|_| {}).await)
    }

    /// Asks whatever any rule needs, with a collector that was adapted.
    pub(crate) async fn audit_for_all_rules(
        &self,
        adapt: impl FnOnce(&mut Collector),
    ) -> Vec<Record> {
        let (own, accounts) = self.listed().await;
        let mut collector = self.collector(own.as_str());
        ask_for_all_rules(&mut collector).await;
        adapt(&mut collector);
        collect(&collector, accounts).await
    }

    /// Returns how often an operation was asked about an account.
    pub(crate) fn asked(&self, account: &str, operation: &str) -> usize {
        let journal = self.simulator.journal();
        let about = journal.iter().filter(|it| it.account == account);
        about.filter(|it| it.action == operation).count()
    }
}

/// Returns the member's record.
pub(crate) fn member(records: Vec<Record>) -> Record {
    let mut records = records.into_iter();
    records.find(|it| it.account.id.as_str() == MEMBER).unwrap()
}

/// Lets a collector ask whatever any rule needs, and who owns each account.
pub(crate) async fn ask_for_all_rules(collector: &mut Collector) {
    let Collector {
        connection,
        own_account,
        clock,
        ..
    } = &*collector;
    let policies = ServiceControlPolicies::new(connection, &collector.pace, *clock, None);
    collector.features = Some(SeenFeatures::ask(connection, own_account, *clock).await);
    collector.service_control_policies = Some(policies);
    collector.plan.datasets = rules::datasets(rules::CATALOG);
    let also = [
        Dataset::OwnerTag,
        Dataset::UserPolicies,
        Dataset::ServiceControlPolicies,
    ];
    collector.plan.datasets.extend(also);
    collector.plan.owner_tag = Some(OWNER_TAG.to_owned());
    collector.confirm = confirm(rules::CATALOG);
}

pub(crate) async fn connect(simulator: &Simulator, endpoint: &str) -> Connection {
    let environment: BTreeMap<_, _> = simulator.environment().into_iter().collect();
    let options = ConnectOptions {
        user_agent: USER_AGENT.to_owned(),
        region: Some(environment["AWS_REGION"].clone()),
        endpoint_url: Some(endpoint.to_owned()),
        credentials: Some((
            environment["AWS_ACCESS_KEY_ID"].clone(),
            environment["AWS_SECRET_ACCESS_KEY"].clone(),
        )),
        proxy: Proxy::None,
        ..ConnectOptions::default()
    };
    Connection::open(options, CALLS).await.unwrap()
}

pub(crate) fn collector(connection: &Connection, own: &str) -> Collector {
    Collector {
        connection: connection.clone(),
        own_account: own.parse().unwrap(),
        role: AuditRole {
            name: "mfaudit-audit".to_owned(),
            external_id: None,
            session_policy: None,
        },
        plan: Plan {
            datasets: rules::datasets(&ORDINARY),
            freshness: Freshness::ReportFirst,
            owner_tag: None,
        },
        confirm: confirm(&ORDINARY),
        clock: Clock::Fixed(Timestamp::from_epoch_seconds(NOW).unwrap()),
        pace: Pace::new(64),
        concurrency: 64,
        report_patience: Duration::from_secs(20),
        account_deadline: ACCOUNT_DEADLINE,
        deadline: None,
        root_access: RootAccess::Never,
        features: None,
        service_control_policies: None,
    }
}

/// Confirms what the rules doubt, as the command line does.
pub(crate) fn confirm(rules: &'static [&'static Rule]) -> crate::Confirm {
    let criteria = Criteria::of(rules);
    let now = Timestamp::from_epoch_seconds(NOW);
    Arc::new(move |record| {
        let doubts = rules::doubts(record, &criteria, now).into_iter();
        doubts.map(|it| (it.user, it.datasets)).collect()
    })
}

/// Collects accounts and returns the records in account order.
pub(crate) async fn collect(collector: &Collector, accounts: Vec<Account>) -> Vec<Record> {
    let accounts = futures_util::stream::iter(accounts);
    let records: Vec<Result<Record, Stop>> = collector.collect(accounts).collect().await;
    let mut records: Vec<_> = records.into_iter().map(Result::unwrap).collect();
    records.sort_by(|one, other| one.account.id.cmp(&other.account.id));
    records
}

/// Returns the findings of the rules of an ordinary audit.
pub(crate) fn findings(record: &Record) -> Vec<Finding> {
    findings_of(record, &ORDINARY)
}

/// Returns the findings of rules.
pub(crate) fn findings_of(record: &Record, rules: &[&'static Rule]) -> Vec<Finding> {
    let run = RunContext::at(Timestamp::from_epoch_seconds(NOW));
    rules::evaluate_record(record, &Criteria::of(rules), &run)
}

/// The status of each rule for each subject, named by the resource of its ARN.
pub(crate) type Statuses = BTreeMap<(&'static str, String), Status>;

/// Returns what the rules of an ordinary audit say.
pub(crate) fn statuses(record: &Record) -> Statuses {
    statuses_of(record, &ORDINARY)
}

/// Returns what rules say.
pub(crate) fn statuses_of(record: &Record, rules: &[&'static Rule]) -> Statuses {
    let name = |it: &Finding| {
        let kind = it.subject.kind.name();
        (it.rule.id, format!("{kind} {}", it.subject.arn.resource()))
    };
    findings_of(record, rules)
        .iter()
        .map(|it| (name(it), it.status))
        .collect()
}
