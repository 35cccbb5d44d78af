//! Root users of member accounts, seen exactly by sessions of their own, or as well as the audit role sees them.

mod features;
mod refused;

use model::{
    ConsolePassword, Fact, MfaDeviceKind, MfaStatus, Presence, Record, Source,
    snapshot::{RootAccess, ScopeFilter},
};
use rules::Status;
use simulator::{FaultKind, Partition, World};

use super::{
    relay::Relay,
    stage::{
        ACCOUNT, MANAGEMENT, MEMBER, Stage, collect, collector, connect, denial, fault,
        organization, standalone, statuses,
    },
};
use crate::{decide_root_access, root_access::root_of};

/// The calls of a session of a root user, in alphabetical order.
const IN_SESSION: [&str; 4] = [
    "GetLoginProfile",
    "ListAccessKeys",
    "ListMFADevices",
    "ListSigningCertificates",
];

/// A root user with each credential and a device that the audit role does not see.
const FULL: &str = r#"
    [account.root]
    password = {}
    access-keys = [{}]
    signing-certificates = 1
    mfa = [{ kind = "fido" }]
"#;

/// Returns an organization that lets root users of members be looked at centrally.
fn central(member: &str) -> World {
    let mut world = organization(member);
    let organization = world.organization.as_mut().unwrap();
    organization.trusted_services = vec!["iam.amazonaws.com".to_owned()];
    organization.features = vec!["RootCredentialsManagement".to_owned()];
    world
}

fn record(records: Vec<Record>, account: &str) -> Record {
    let mut found = records
        .into_iter()
        .filter(|it| it.account.id.as_str() == account);
    let record = found.next().unwrap();
    assert!(record.is_consistent() && found.next().is_none());
    record
}

async fn member(stage: &Stage, root_access: RootAccess) -> Record {
    record(stage.audit(|it| it.root_access = root_access).await, MEMBER)
}

/// Returns what was asked about an account, in alphabetical order.
fn asked(stage: &Stage, account: &str) -> Vec<String> {
    let journal = stage.simulator.journal().into_iter();
    let about = journal.filter(|it| it.account == account && it.service != "organizations");
    let mut asked: Vec<_> = about
        .map(|it| it.action)
        .filter(|it| it != "GetCallerIdentity")
        .collect();
    asked.sort();
    asked
}

fn source<T>(record: &Record, fact: &Fact<T>) -> Option<Source> {
    let observation = record.observation(fact.observation()?)?;
    Some(observation.source)
}

/// Returns the serial numbers of a list that is whole, as the root user's own session told it.
fn serials(record: &Record) -> Vec<&str> {
    let listing = &record.root_user.mfa_devices;
    assert_eq!(listing.gap.and_then(|it| record.gap(it)), None);
    let observation = record.observation(listing.observation.unwrap()).unwrap();
    assert_eq!(observation.source, Source::ListMfaDevices);
    let devices = listing.items.iter();
    devices.map(|it| &*it.serial_number).collect()
}

fn root_rule(record: &Record, rule: &'static str) -> Status {
    statuses(record)[&(rule, "root-user root".to_owned())]
}

#[tokio::test]
async fn a_root_users_devices_are_all_listed_whatever_their_kind_and_name() {
    use MfaDeviceKind::{Fido, HardwareTotp, Sms, Unrecognized, VirtualTotp};
    for (devices, kinds) in [
        (r"{}", vec![VirtualTotp]),
        (r#"{ name = "GoogleAuth" }"#, vec![VirtualTotp]),
        (r#"{ name = "alice" }"#, vec![VirtualTotp]),
        (r#"{ kind = "fido" }"#, vec![Fido]),
        (r#"{ kind = "hardware" }"#, vec![HardwareTotp]),
        (r#"{ kind = "sms" }"#, vec![Sms]),
        (
            r#"{ kind = "raw", serial = "arn:aws:iam::222222222222:palm/root" }"#,
            vec![Unrecognized],
        ),
        (
            r#"{ kind = "fido", name = "safe" }, { name = "b" }, { name = "a" }, { kind = "hardware" }, { kind = "fido" }"#,
            vec![HardwareTotp, VirtualTotp, VirtualTotp, Fido, Fido],
        ),
    ] {
        let world = central(&format!(
            "[account.root]\npassword = {{}}\nmfa = [{devices}]"
        ));
        let member_root = &world.accounts[1].root;
        let mut expected: Vec<_> = member_root
            .mfa
            .iter()
            .map(|it| it.root_serial(Partition::Aws, MEMBER))
            .collect();
        expected.sort();
        let stage = Stage::start(world).await;
        let record = member(&stage, RootAccess::Always).await;
        assert_eq!(serials(&record), expected, "{devices}");
        let listed = record.root_user.mfa_devices.items.iter();
        assert_eq!(listed.map(|it| it.kind).collect::<Vec<_>>(), kinds);
        assert_eq!(record.root_user.mfa.known(), Some(&MfaStatus::Enabled));
        assert_eq!(
            source(&record, &record.root_user.mfa),
            Some(Source::ListMfaDevices)
        );
        assert_eq!(root_rule(&record, "root-user-mfa"), Status::Pass);
    }
}

#[tokio::test]
async fn pages_of_a_root_users_devices_are_read_to_the_end() {
    let mut world = central("[account.root]\nmfa = [{}, { kind = \"fido\" }, { name = \"b\" }]");
    world.iam_page_size = Some(1);
    let stage = Stage::start(world).await;
    assert_eq!(serials(&member(&stage, RootAccess::Always).await).len(), 3);
    assert_eq!(stage.asked(MEMBER, "ListMFADevices"), 3);
}

#[tokio::test]
async fn a_root_users_credentials_are_told_by_its_own_session() {
    for bits in 0..8_u32 {
        let has = |bit: u32| bits & (1 << bit) != 0;
        let mut world = central("");
        let root = &mut world.accounts[1].root;
        root.password = has(0).then(Default::default);
        root.access_keys = has(1).then(Default::default).into_iter().collect();
        root.signing_certificates = u32::from(has(2));
        let stage = Stage::start(world).await;
        let record = member(&stage, RootAccess::Always).await;
        let root = &record.root_user;
        let presence = |it| {
            if has(it) {
                Presence::Present
            } else {
                Presence::Absent
            }
        };
        let password = if has(0) {
            ConsolePassword::Set
        } else {
            ConsolePassword::NotSet
        };
        assert_eq!(root.password.known(), Some(&password), "{bits}");
        assert_eq!(root.access_key.known(), Some(&presence(1)), "{bits}");
        assert_eq!(
            root.signing_certificate.known(),
            Some(&presence(2)),
            "{bits}"
        );
        let sources = [
            source(&record, &root.password),
            source(&record, &root.access_key),
            source(&record, &root.signing_certificate),
        ];
        let expected = [
            Source::GetLoginProfile,
            Source::ListAccessKeys,
            Source::ListSigningCertificates,
        ];
        assert_eq!(sources, expected.map(Some), "{bits}");
        let mfa = if bits == 0 {
            Status::NotApplicable
        } else {
            Status::Fail
        };
        assert_eq!(root_rule(&record, "root-user-mfa"), mfa, "{bits}");
    }
}

#[tokio::test]
async fn a_root_user_without_credentials_has_no_devices_and_no_gap() {
    let stage = Stage::start(central("")).await;
    let record = member(&stage, RootAccess::Always).await;
    assert_eq!(serials(&record), [""; 0]);
    assert_eq!(record.root_user.mfa.known(), Some(&MfaStatus::NotEnabled));
    assert_eq!(
        root_rule(&record, "root-user-mfa"),
        Status::NotApplicable,
        "it has nothing to protect"
    );
    assert_eq!(root_rule(&record, "root-user-access-key"), Status::Pass);
}

#[tokio::test]
async fn a_user_who_is_called_like_the_root_users_device_is_not_the_root_user() {
    let users = r#"
        [account.root]
        password = {}
        [[account.user]]
        name = "root-account-mfa-device"
        mfa = [{}, { kind = "fido" }]
        [[account.user]]
        name = "groot"
        path = "/root/"
        mfa = [{ name = "root" }, { kind = "fido", name = "root" }]
    "#;
    for root_access in [RootAccess::Always, RootAccess::Never] {
        let stage = Stage::start(central(users)).await;
        let record = member(&stage, root_access).await;
        let root = &record.root_user;
        assert_eq!(
            root.mfa.known(),
            Some(&MfaStatus::NotEnabled),
            "{root_access:?}"
        );
        assert!(root.mfa_devices.items.is_empty() && root.mfa_devices.gap.is_none());
        assert_eq!(
            root_rule(&record, "root-user-mfa"),
            Status::Fail,
            "{root_access:?}"
        );
    }
}

#[tokio::test]
async fn a_root_users_device_that_is_called_like_a_user_is_not_the_users() {
    let user = r#"
        [account.root]
        password = {}
        mfa = [{ name = "alice" }]
        [[account.user]]
        name = "alice"
        password = {}
    "#;
    for root_access in [RootAccess::Always, RootAccess::Never] {
        let stage = Stage::start(central(user)).await;
        let record = member(&stage, root_access).await;
        assert_eq!(root_rule(&record, "root-user-mfa"), Status::Pass);
        let alice = ("iam-user-console-mfa", "iam-user user/alice".to_owned());
        assert_eq!(statuses(&record)[&alice], Status::Fail, "{root_access:?}");
    }
}

#[tokio::test]
async fn a_session_of_a_root_user_makes_four_calls_and_no_other() {
    let stage = Stage::start(central(FULL)).await;
    let records = stage
        .audit(|it| {
            it.root_access = RootAccess::Always;
            it.plan.datasets = rules::datasets(&rules::CATALOG[..2]);
        })
        .await;
    let record = record(records, MEMBER);
    let mut expected = vec!["AssumeRole", "AssumeRoot", "GetAccountSummary"];
    expected.extend(IN_SESSION);
    assert_eq!(asked(&stage, MEMBER), expected);
    // What a dry run promises is what is done.
    let plan = stage.collector(MANAGEMENT).plan;
    let plan = crate::Plan {
        datasets: rules::datasets(&rules::CATALOG[..2]),
        ..plan
    };
    let mut planned: Vec<_> = plan
        .calls(RootAccess::Always)
        .iter()
        .map(|it| it.call.operation)
        .collect();
    planned.sort_unstable();
    assert_eq!(planned, expected);
    assert_eq!(serials(&record).len(), 1);
}

#[tokio::test]
async fn a_session_of_a_root_user_is_one_for_looking_at_its_credentials() {
    let stage = Stage::start(central(FULL)).await;
    let relay = Relay::start(&stage.simulator.endpoint(), |_, body| body).await;
    let connection = connect(&stage.simulator, &relay.endpoint).await;
    let found = stage.discover(ScopeFilter::default()).await.unwrap();
    let mut collector = collector(&connection, MANAGEMENT);
    collector.root_access = RootAccess::Always;
    collect(&collector, found.accounts).await;
    let seen = relay.seen();
    let entries: Vec<_> = seen.iter().filter(|it| it.asks("AssumeRoot")).collect();
    assert_eq!(entries.len(), 1);
    for parameter in [
        "TargetPrincipal=222222222222",
        "TaskPolicyArn.arn=arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2Froot-task%2FIAMAuditRootUserCredentials",
        "DurationSeconds=900",
    ] {
        let has = entries[0].body.split('&').any(|it| it == parameter);
        assert!(has, "{}", entries[0].body);
    }
}

#[tokio::test]
async fn the_task_policy_is_one_of_the_accounts_partition() {
    let mut world = central(FULL);
    world.partition = Partition::AwsUsGov;
    let stage = Stage::start(world).await;
    let record = member(&stage, RootAccess::Always).await;
    assert!(serials(&record)[0].starts_with("arn:aws-us-gov:"));
    let root = root_of(&record.account.id, &record.account.partition);
    let prefix = "arn:aws-us-gov:iam::aws:policy/root-task/";
    assert!(root.task_policy_arn.starts_with(prefix));
}

#[tokio::test]
async fn the_management_accounts_root_user_is_never_asked_for() {
    let stage = Stage::start(central("")).await;
    stage.audit(|it| it.root_access = RootAccess::Always).await;
    assert_eq!(stage.asked(MANAGEMENT, "AssumeRoot"), 0);
    assert_eq!(stage.asked(MEMBER, "AssumeRoot"), 1);
}

#[tokio::test]
async fn a_delegated_administrators_own_root_user_is_a_members() {
    let mut world = central(FULL);
    world.caller.account = MEMBER.to_owned();
    let delegated = vec![MEMBER.to_owned()];
    world
        .organization
        .as_mut()
        .unwrap()
        .delegated_administrators = delegated;
    world.accounts[0].roles = world.accounts[1].roles.clone();
    let stage = Stage::start(world).await;
    let records = stage.audit(|it| it.root_access = RootAccess::Always).await;
    assert_eq!(stage.asked(MANAGEMENT, "AssumeRoot"), 0);
    assert_eq!(
        (
            stage.asked(MEMBER, "AssumeRole"),
            stage.asked(MEMBER, "AssumeRoot")
        ),
        (0, 1)
    );
    assert_eq!(serials(&record(records, MEMBER)).len(), 1);
}

#[tokio::test]
async fn an_account_that_is_in_no_organization_has_no_root_sessions() {
    let stage = Stage::start(standalone()).await;
    stage.audit(|it| it.root_access = RootAccess::Always).await;
    assert_eq!(stage.asked(ACCOUNT, "AssumeRoot"), 0);
}

#[tokio::test]
async fn rules_about_users_alone_need_no_root_session() {
    let stage = Stage::start(central(FULL)).await;
    let about_users: Vec<_> = rules::CATALOG
        .iter()
        .copied()
        .filter(|it| it.id.starts_with("iam-user"))
        .collect();
    stage
        .audit(|it| {
            it.root_access = RootAccess::Always;
            it.plan.datasets = rules::datasets(&about_users);
        })
        .await;
    assert_eq!(stage.asked(MEMBER, "AssumeRoot"), 0);
}
