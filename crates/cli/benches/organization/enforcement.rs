//! How long it takes to judge a million users by the policies over them, and whether memory grows with them.
#![expect(
    clippy::disallowed_methods,
    reason = "writes the snapshots it measures"
)]

use std::{fs::File, io::BufWriter, path::Path, process::Command};

use model::{
    ConsolePassword, Fact, IamUser, ObservationId, Policy, PolicyPath, PolicySet, PolicyText,
    Record, ScpLevel,
    snapshot::{Header, SnapshotWriter},
};

use crate::{
    Failure, Size,
    process::{self, Usage},
    row::{Row, Unit, list, median, quotient},
    snapshot,
};

const ROUNDS: usize = 3;
const RULES: [&str; 4] = [
    "--rule",
    "iam-user-mfa-enforced",
    "--rule",
    "iam-user-mfa-enforcement-bypass",
];
/// Those that read the same users, and no policy.
const OTHERS: [&str; 4] = [
    "--rule",
    "iam-user-console-mfa",
    "--rule",
    "iam-user-access-key-mfa",
];
const FULL: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
const ENFORCING: &str = r#"{"Version":"2012-10-17","Statement":[{"Sid":"Enforce","Effect":"Deny","NotAction":[
    "iam:CreateVirtualMFADevice","iam:EnableMFADevice","iam:GetUser","iam:ListMFADevices","iam:ResyncMFADevice"],
    "Resource":"*","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}}]}"#;

pub(crate) fn measure(size: Size) -> Result<Vec<Row>, Failure> {
    let (few, many) = (size.of(5000, 100), size.of(50_000, 1000));
    let folder = tempfile::tempdir()?;
    let path = |name: &str| folder.path().join(name);
    let (small, large, shared) = (path("small"), path("large"), path("shared"));
    write(&small, few, snapshot::USERS)?;
    write(&large, many, snapshot::USERS)?;
    write(&shared, many, 1)?;
    let rounds = |snapshot: &Path, rules: &[&str]| {
        let rounds = (0..ROUNDS).map(|_| evaluate(snapshot, rules));
        rounds.collect::<Result<Vec<_>, Failure>>()
    };
    let own = rounds(&large, &RULES)?;
    let same = rounds(&shared, &RULES)?;
    let others = rounds(&large, &OTHERS)?;
    let small = peak(&rounds(&small, &RULES)?);
    let users = f64::from(many * snapshot::USERS);
    let cpu =
        |rounds: &[Usage]| -> Vec<f64> { rounds.iter().map(|it| it.cpu.as_secs_f64()).collect() };
    let walls: Vec<_> = own.iter().map(|it| it.wall.as_secs_f64()).collect();
    let details = vec![
        format!(
            "{many} accounts of {} users, each with policies of its own that name the account, under service control policies: {} s, {} s of CPU",
            snapshot::USERS,
            list(&walls, 2),
            list(&cpu(&own), 1)
        ),
        format!(
            "where all users of an account have the same policies, {} s of CPU; by two rules that read no policy, {} s of CPU",
            list(&cpu(&same), 1),
            list(&cpu(&others), 1)
        ),
        format!(
            "peak memory {} MiB at {few} accounts, {} MiB at {many}",
            small >> 20,
            peak(&own) >> 20
        ),
    ];
    let row = |what: String, measured: f64, target, unit| Row {
        name: "enforcement",
        what,
        measured,
        target,
        unit,
        details: Vec::new(),
    };
    Ok(vec![
        Row {
            details,
            ..row(
                "time to judge a million users by the policies over them, each with a set of its own".to_owned(),
                median(walls) * 1_000_000.0 / users,
                None,
                Unit::Seconds,
            )
        },
        row(
            format!("CPU for {} sets of policies an account / for one", snapshot::USERS),
            median(cpu(&own)) / median(cpu(&same)),
            None,
            Unit::Ratio,
        ),
        row(
            "CPU of the rules about enforcement / of two that read no policy".to_owned(),
            median(cpu(&own)) / median(cpu(&others)),
            None,
            Unit::Ratio,
        ),
        row(
            format!("peak memory at {many} accounts / at {few}"),
            quotient(peak(&own), small),
            Some(1.15),
            Unit::Ratio,
        ),
    ])
}

fn peak(rounds: &[Usage]) -> u64 {
    rounds.iter().map(|it| it.peak).max().unwrap_or_default()
}

fn evaluate(snapshot: &Path, rules: &[&str]) -> Result<Usage, Failure> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mfaudit"));
    command.arg("evaluate").arg(snapshot);
    command.args(rules).arg("--exit-zero");
    process::measure(&mut command, || std::ops::ControlFlow::Continue(()))
}

/// Writes the snapshot of an organization of so many accounts, whose users have so many sets of policies in each.
fn write(path: &Path, accounts: u32, sets: u32) -> Result<(), Failure> {
    let header: Header = serde_json::from_value(serde_json::json!({
        "format": 1, "tool_version": "0.1.0", "mode": "report-first", "caller": null, "endpoint": null,
        "collected_at": null, "scope": {}, "parameters": { "datasets": [], "role": "" },
        "organization": { "id": "o-bench00000", "management_account": "100000000000" },
        "service_control_policies": [
            { "id": "p-FullAWSAccess", "name": "FullAWSAccess", "text": { "document": FULL } },
            { "id": "p-enforcing", "name": "RequireMfa", "text": { "document": ENFORCING } },
        ],
    }))?;
    let mut writer = SnapshotWriter::new(BufWriter::new(File::create(path)?), &header)?;
    for number in 0..accounts {
        let mut record = snapshot::record(number)?;
        add_policies(&mut record, number, sets);
        writer.append(&record)?;
    }
    writer.finish()?;
    Ok(())
}

fn add_policies(record: &mut Record, number: u32, sets: u32) {
    let Some(seen) = record.password_policy.observation() else {
        return;
    };
    let account = record.account.id.to_string();
    let policy = |record: &mut Record, name: &str, document: String| {
        record.policy_id(Policy {
            name: name.into(),
            text: PolicyText::Document(document.into()),
        })
    };
    let enforcing = policy(record, "mfa", ENFORCING.to_owned());
    let sets: Vec<_> = (0..sets)
        .map(|set| {
            let own = policy(record, &format!("own-{set}"), document(&account, set));
            let mut policies = vec![(PolicyPath::UserInline, own)];
            if set % 4 == 1 {
                policies.push((PolicyPath::Group("everyone".into()), enforcing));
            }
            record.policy_set_id(PolicySet {
                policies,
                boundary: None,
            })
        })
        .collect();
    let mut users = std::mem::take(&mut record.iam_users.items);
    for (user, set) in users.iter_mut().zip(sets.iter().cycle()) {
        add_to(user, *set, seen);
    }
    record.iam_users.items = users;
    let level = |target: &str, more: Option<&str>| ScpLevel {
        target: target.into(),
        policies: ["p-FullAWSAccess"]
            .into_iter()
            .chain(more)
            .map(Into::into)
            .collect(),
    };
    let enforcing = number.is_multiple_of(4).then_some("p-enforcing");
    let chain = vec![
        level("r-ab12", None),
        level("ou-ab12-11111111", enforcing),
        level(&account, None),
    ];
    record.service_control_policies = Fact::Known(chain, seen);
}

/// Everyone can sign in, or nothing would be decided.
fn add_to(user: &mut IamUser, set: model::PolicySetId, seen: ObservationId) {
    user.policies = Fact::Known(set, seen);
    user.password = Fact::Known(ConsolePassword::Set, seen);
}

fn document(account: &str, set: u32) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[
        {{"Sid":"Read","Effect":"Allow","Action":["s3:Get*","s3:List*","ec2:Describe*","logs:*"],"Resource":"*"}},
        {{"Effect":"Allow","Action":["dynamodb:*Item","sqs:*"],"Resource":["arn:aws:dynamodb:*:{account}:table/t{set}",
        "arn:aws:sqs:*:{account}:q{set}-*"]}},
        {{"Effect":"Allow","Action":"iam:*AccessKey*","Resource":"arn:aws:iam::{account}:user/${{aws:username}}"}},
        {{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::secret-{account}-{set}/*"}}]}}"#
    )
}
