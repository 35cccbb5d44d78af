//! Records to write and read back.

use proptest::prelude::*;

use super::super::{
    AccountList, FORMAT_VERSION, Header, IdentityCenter, Mode, Parameters, RecordSource,
    RootAccess, ScopeFilter, SnapshotWriter,
};
use crate::{
    AccessKey, AccessKeyStatus, Account, AccountId, AccountKind, AccountState, Arn,
    ConsolePassword, Dataset, DenyingPolicy, Fact, Gap, GapReason, IamUser, LastUse, Listing,
    MfaDevice, MfaStatus, Observation, Organization, Partition, PolicyKind, Presence, Record,
    Scope, Source, Timestamp,
};

/// Names that a careless writer or reader stumbles over.
const HOSTILE: &[&str] = &[
    "",
    "=cmd|'/C calc'!A0",
    "a\nb\r\nc",
    "\"quoted\", and\\slashed",
    "{\"footer\":{}}",
    "\u{0}\u{1b}[31mred",
    "\u{202e}left\u{feff}",
    "<script>alert(1)</script>",
    "naïve 雪 🦀",
];

pub(super) fn header() -> Header {
    Header {
        format: FORMAT_VERSION,
        tool_version: "0.0.0".to_owned(),
        mode: Mode::ReportFirst,
        collected_at: "2026-11-24T06:00:00Z".parse().ok(),
        caller: "arn:aws:iam::111122223333:user/auditor".parse().ok(),
        organization: Some(Organization {
            id: "o-a1b2c3d4e5".to_owned(),
            management_account: id(0),
        }),
        scope: ScopeFilter {
            excluded_accounts: vec![id(7)],
            ..ScopeFilter::default()
        },
        parameters: Parameters {
            datasets: Dataset::ALL.iter().copied().collect(),
            role: "mfaudit-audit".to_owned(),
            root_access: RootAccess::Never,
            owner_tag: None,
            collection_sha256: None,
        },
        endpoint: None,
        identity_center: IdentityCenter::InUse,
        service_control_policies: Vec::new(),
        account_list: AccountList::Whole,
        shard: None,
        notes: vec!["a note\nwith a second line".to_owned()],
    }
}

pub(super) fn id(number: u64) -> AccountId {
    format!("{:012}", 100_000_000_000 + number).parse().unwrap()
}

pub(super) fn account(number: u64, name: &str) -> Account {
    Account {
        id: id(number),
        name: name.to_owned(),
        partition: Partition::commercial(),
        kind: AccountKind::Member,
        state: AccountState::Active,
        scope: Scope::Audited,
        ou_path: "Workloads/Prod".to_owned(),
    }
}

/// Returns a record with known and unknown facts, three users and hostile names; another for each number.
pub(super) fn record(number: u64) -> Record {
    let facts = (0..8).map(|it| !(number + it).is_multiple_of(3)).collect();
    let name = HOSTILE[usize::try_from(number).unwrap() % HOSTILE.len()];
    build(number, name, &[facts, vec![true; 8], vec![false; 8]])
}

/// Builds a record; each user has eight facts, which are known or not.
fn build(number: u64, name: &str, users: &[Vec<bool>]) -> Record {
    let mut record = Record::unseen(account(number, name), |dataset| Gap {
        operation: "ListUsers".to_owned(),
        detail: name.to_owned(),
        policy: Some(DenyingPolicy {
            kind: PolicyKind::Session,
            arn: None,
        }),
        ..Gap::new(dataset, GapReason::AccessDenied)
    });
    let at = Timestamp::from_epoch_seconds(1_790_000_000 + i64::try_from(number).unwrap());
    let live = record.observed(Observation {
        source: Source::ListUsers,
        at,
    });
    let old = record.observed(Observation {
        source: Source::GetCredentialReport,
        at: None,
    });
    record.root_user.password = Fact::Known(ConsolePassword::Set, old);
    record.root_user.access_key = Fact::Known(Presence::Absent, live);
    record.identity_providers = Fact::Known(2, live);
    for (place, facts) in users.iter().enumerate() {
        let gap = record.missing(Gap::new(Dataset::MfaStatus, GapReason::Throttled));
        let name = format!("{name}.{place}");
        let device = MfaDevice::new("arn:aws:iam::111122223333:u2f/user/a/b", at);
        let key = AccessKey {
            status: AccessKeyStatus::Active,
            id: None,
            created_at: fact(facts[0], at.unwrap(), old, gap),
            last_used: fact(facts[1], LastUse::NeverRecorded, old, gap),
        };
        let arn = Arn::iam_user(
            &Partition::commercial(),
            &id(number),
            &format!("user{place}"),
        );
        record.iam_users.items.push(IamUser {
            created_at: fact(facts[0], at.unwrap(), live, gap),
            password: fact(facts[1], ConsolePassword::Set, old, gap),
            password_last_used: fact(facts[2], LastUse::At(at.unwrap()), old, gap),
            mfa: fact(facts[3], MfaStatus::NotEnabled, live, gap),
            mfa_devices: if facts[4] {
                Listing::whole(vec![device], live)
            } else {
                Listing {
                    items: vec![device],
                    observation: Some(live),
                    gap: Some(gap),
                }
            },
            access_keys: fact(facts[5], vec![key], live, gap),
            signing_certificate: fact(facts[6], Presence::Present, old, gap),
            ..IamUser::unseen(&name, arn, gap)
        });
    }
    record.iam_users.observation = Some(live);
    record.iam_users.gap = users
        .first()
        .is_some_and(|it| it[6])
        .then(|| record.missing(Gap::new(Dataset::IamUsers, GapReason::Malformed)));
    record
        .notes
        .extend(users.first().filter(|it| it[7]).map(|_| name.to_owned()));
    record
}

fn fact<T>(known: bool, value: T, observation: crate::ObservationId, gap: crate::GapId) -> Fact<T> {
    if known {
        Fact::Known(value, observation)
    } else {
        Fact::Unknown(gap)
    }
}

/// Returns any records, in account order.
pub(super) fn records() -> impl Strategy<Value = Vec<Record>> {
    let name = prop_oneof![
        prop::sample::select(HOSTILE).prop_map(str::to_owned),
        any::<String>(),
    ];
    let users = prop::collection::vec(prop::collection::vec(any::<bool>(), 8), 0..4);
    prop::collection::btree_map(0..500_u64, (name, users), 0..8).prop_map(|accounts| {
        let build =
            |(number, (name, users)): (u64, (String, Vec<Vec<bool>>))| build(number, &name, &users);
        accounts.into_iter().map(build).collect()
    })
}

/// Returns the snapshot of records.
pub(super) fn bytes(records: &[Record]) -> Vec<u8> {
    let mut writer = SnapshotWriter::new(Vec::new(), &header()).unwrap();
    for record in records {
        writer.append(record).unwrap();
    }
    writer.finish().unwrap()
}

/// Returns the records of a source, or the error that ends it.
pub(super) fn records_of(source: &mut dyn RecordSource) -> Result<Vec<Record>, String> {
    let mut records = Vec::new();
    while let Some(batch) = source.next_batch() {
        let batch = batch.and_then(|it| it()).map_err(|it| it.to_string())?;
        records.extend(batch);
    }
    Ok(records)
}
