//! How long it takes to judge a million users from a snapshot, and whether memory grows with them.
#![expect(clippy::disallowed_methods, reason = "writes the snapshot it measures")]

use std::{fs::File, io::BufWriter, path::Path, process::Command};

use model::{
    AccessKey, AccessKeyStatus, Account, AccountKind, AccountState, AdministratorAccess, Arn,
    ConsolePassword, Dataset, Fact, FeatureState, Gap, GapReason, IamRole, IamUser, LastUse,
    Listing, MfaDevice, MfaStatus, Observation, OrganizationFeatures, Partition, PasswordPolicy,
    Presence, Record, RootUser, Scope, Source, Timestamp,
    snapshot::{Header, SnapshotWriter},
};

use crate::{
    Failure, Size,
    process::{self, Usage},
    row::{Row, Unit, list, median, quotient},
};

/// How many users each account has.
pub(crate) const USERS: u32 = 20;
const ROUNDS: usize = 3;
/// When the facts were seen.
const NOW: i64 = 1_790_000_000;
const DAY: i64 = 86_400;

pub(crate) fn measure(size: Size) -> Result<Vec<Row>, Failure> {
    let (few, many) = (size.of(5000, 100), size.of(50_000, 1000));
    let folder = tempfile::tempdir()?;
    let small = folder.path().join("small.mfaudit");
    let large = folder.path().join("large.mfaudit");
    write(&small, few)?;
    write(&large, many)?;
    let peak_of_small = (0..ROUNDS).map(|_| Ok(evaluate(&small)?.peak));
    let peak_of_small = peak_of_small.collect::<Result<Vec<_>, Failure>>()?;
    let small = peak_of_small.into_iter().max().unwrap_or_default();
    let rounds: Vec<Usage> = (0..ROUNDS)
        .map(|_| evaluate(&large))
        .collect::<Result<_, _>>()?;
    let users = f64::from(many * USERS);
    let walls: Vec<_> = rounds.iter().map(|it| it.wall.as_secs_f64()).collect();
    let cpu: Vec<_> = rounds.iter().map(|it| it.cpu.as_secs_f64()).collect();
    let peak = rounds.iter().map(|it| it.peak).max().unwrap_or_default();
    let details = vec![
        format!(
            "{many} accounts of {USERS} users, every rule, the table: {} s, {} s of CPU",
            list(&walls, 2),
            list(&cpu, 1)
        ),
        format!(
            "peak memory {} MiB at {few} accounts, {} MiB at {many}",
            small >> 20,
            peak >> 20
        ),
    ];
    Ok(vec![
        Row {
            name: "snapshot",
            what: "time to judge a million users by every rule, from a snapshot".to_owned(),
            measured: median(walls) * 1_000_000.0 / users,
            target: None,
            unit: Unit::Seconds,
            details,
        },
        Row {
            name: "snapshot",
            what: format!("peak memory at {many} accounts / at {few}"),
            measured: quotient(peak, small),
            target: Some(1.15),
            unit: Unit::Ratio,
            details: Vec::new(),
        },
    ])
}

fn evaluate(snapshot: &Path) -> Result<Usage, Failure> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mfaudit"));
    command.arg("evaluate").arg(snapshot);
    command.args(["--ruleset", "all", "--exit-zero"]);
    process::measure(&mut command, || std::ops::ControlFlow::Continue(()))
}

/// Writes the snapshot of an organization of so many accounts.
pub(crate) fn write(path: &Path, accounts: u32) -> Result<(), Failure> {
    let header: Header = serde_json::from_value(serde_json::json!({
        "format": 1, "tool_version": "0.1.0", "mode": "report-first", "caller": null, "endpoint": null,
        "collected_at": time(0).to_string(), "scope": {}, "parameters": { "datasets": [], "role": "" },
        "organization": { "id": "o-bench00000", "management_account": id(0) }, "identity_center": "in-use",
    }))?;
    let mut writer = SnapshotWriter::new(BufWriter::new(File::create(path)?), &header)?;
    for number in 0..accounts {
        writer.append(&record(number)?)?;
    }
    writer.finish()?;
    Ok(())
}

fn id(number: u32) -> String {
    format!("{:012}", 100_000_000_000_u64 + u64::from(number) * 7919)
}

/// Returns a time so many days ago.
fn time(days: i64) -> Timestamp {
    Timestamp::from_epoch_seconds(NOW - days * DAY).unwrap_or(Timestamp::EPOCH)
}

/// Returns an account in which everything was seen. What its users have differs from user to user, and is always the
/// same.
pub(crate) fn record(number: u32) -> Result<Record, Failure> {
    let account = Account {
        id: id(number).parse()?,
        name: format!("account-{number}"),
        partition: Partition::commercial(),
        kind: if number == 0 {
            AccountKind::Management
        } else {
            AccountKind::Member
        },
        state: AccountState::Active,
        scope: Scope::Audited,
        ou_path: format!("Workloads/Unit {:02}", number % 40),
    };
    let mut record = Record::unseen(account, |it| Gap::new(it, GapReason::NotRequested));
    let observation = Observation {
        source: Source::GetCredentialReport,
        at: Some(time(0)),
    };
    let seen = record.observed(observation);
    record.root_user = RootUser {
        password: Fact::Known(ConsolePassword::NotSet, seen),
        access_key: Fact::Known(Presence::Absent, seen),
        signing_certificate: Fact::Known(Presence::Absent, seen),
        password_last_used: Fact::Known(LastUse::NeverRecorded, seen),
        access_key_last_used: Fact::Known(LastUse::NeverRecorded, seen),
        mfa: Fact::Known(MfaStatus::NotEnabled, seen),
        virtual_mfa_device: Fact::Known(Presence::Absent, seen),
        mfa_devices: Listing::whole(Vec::new(), seen),
    };
    record.identity_providers = Fact::Known(1, seen);
    record.password_policy = Fact::Known(PasswordPolicy::Default, seen);
    record.unassigned_virtual_mfa_devices = Listing::whole(Vec::new(), seen);
    let role = IamRole {
        name: "deploy".into(),
        arn: format!("arn:aws:iam::{}:role/deploy", id(number)).parse()?,
        trust_policy: r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#.into(),
    };
    record.iam_roles = Listing::whole(vec![role], seen);
    let features = OrganizationFeatures {
        root_credentials_management: FeatureState::Enabled,
        root_sessions: FeatureState::Enabled,
    };
    record.organization_features = Fact::Known(features, seen);
    let users = (0..USERS).map(|it| user(&record, number * USERS + it, seen));
    record.iam_users = Listing::whole(users.collect(), seen);
    Ok(record)
}

fn user(record: &Record, number: u32, seen: model::ObservationId) -> IamUser {
    let name = format!("user-{number:07}");
    let arn = Arn::iam_user(&record.account.partition, &record.account.id, &name);
    let is = |every: u32| number.is_multiple_of(every);
    let (password, mfa, key) = (!is(3), !is(7), is(2));
    let device = MfaDevice::new(
        &format!("arn:aws:iam::{}:mfa/{name}", record.account.id),
        None,
    );
    let access_key = AccessKey {
        id: None,
        status: AccessKeyStatus::Active,
        created_at: Fact::Known(time(i64::from(number % 200)), seen),
        last_used: Fact::Known(LastUse::At(time(i64::from(number % 100))), seen),
    };
    IamUser {
        created_at: Fact::Known(time(400), seen),
        password: Fact::Known(
            if password {
                ConsolePassword::Set
            } else {
                ConsolePassword::NotSet
            },
            seen,
        ),
        password_last_used: Fact::Known(LastUse::At(time(i64::from(number % 90))), seen),
        password_last_changed: Fact::Known(Some(time(i64::from(number % 300))), seen),
        mfa: Fact::Known(
            if mfa {
                MfaStatus::Enabled
            } else {
                MfaStatus::NotEnabled
            },
            seen,
        ),
        mfa_devices: Listing::whole(mfa.then_some(device).into_iter().collect(), seen),
        access_keys: Fact::Known(key.then_some(access_key).into_iter().collect(), seen),
        signing_certificate: Fact::Known(Presence::Absent, seen),
        service_specific_credentials: Fact::Known(Vec::new(), seen),
        direct_policies: Fact::Known(Vec::new(), seen),
        administrator_access: Fact::Known(AdministratorAccess::NotAdministrator, seen),
        policies: Fact::unasked(Dataset::UserPolicies),
        ..IamUser::unseen(&name, arn, model::GapId::unasked(Dataset::IamUsers))
    }
}
