use std::{
    fs::File,
    io::{Cursor, Seek, Write},
};

use model::{
    Account, AccountId, AccountKind, AccountState, GapReason, Partition, Record, Scope,
    snapshot::{
        AccountList, Discovered, Header, Mode, Parameters, RecordSource, ScopeFilter, ShardOf,
        SnapshotFile, SnapshotWriter,
    },
};
use proptest::prelude::*;

use super::*;

fn header() -> Header {
    Header {
        format: 1,
        tool_version: "1".to_owned(),
        mode: Mode::Live,
        collected_at: None,
        caller: None,
        organization: None,
        scope: ScopeFilter::default(),
        parameters: Parameters::default(),
        endpoint: None,
        identity_center: model::snapshot::IdentityCenter::default(),
        service_control_policies: Vec::new(),
        account_list: AccountList::Whole,
        shard: None,
        notes: vec!["first".to_owned()],
    }
}

fn account(number: u64) -> Account {
    Account {
        id: AccountId::from_number(number),
        name: format!("account {number}"),
        partition: Partition::commercial(),
        kind: AccountKind::Member,
        state: AccountState::Active,
        scope: Scope::Audited,
        ou_path: "r-root/ou-a".to_owned(),
    }
}

fn list(accounts: u64) -> AccountListFile {
    let discovered = Discovered {
        units: [("r-root", ""), ("ou-a", "Prod")]
            .map(|(id, name)| (id.to_owned(), name.to_owned()))
            .into(),
        notes: vec!["second".to_owned()],
        ..Discovered::default()
    };
    let head = AccountListHead::new(header(), discovered, serde_json::Value::Null);
    let accounts: Vec<_> = (1..=accounts).map(account).collect();
    let mut file = tempfile::tempfile().unwrap();
    write_account_list(&mut file, &head, &accounts).unwrap();
    file.rewind().unwrap();
    AccountListFile::open(file).unwrap()
}

fn record(number: u64) -> Record {
    let ou_path = "Prod".to_owned();
    let account = Account {
        ou_path,
        ..account(number)
    };
    Record::unseen(account, |dataset| {
        model::Gap::new(dataset, GapReason::AccessDenied)
    })
}

/// What a shard delivers, of the accounts it has out of so many.
fn delivered(shard: Shard, list: &AccountListFile, accounts: u64) -> Vec<u8> {
    let header = Header {
        shard: Some(ShardOf {
            index: shard.index(),
            count: shard.count(),
            account_list: list.sha256().to_owned(),
        }),
        ..list.head().complete_header()
    };
    let mut writer = SnapshotWriter::new(Vec::new(), &header).unwrap();
    for number in (1..=accounts).filter(|it| shard.has(&AccountId::from_number(*it))) {
        writer.append(&record(number)).unwrap();
    }
    writer.finish().unwrap()
}

fn open(bytes: Vec<u8>) -> SnapshotFile<Cursor<Vec<u8>>> {
    SnapshotFile::open(Cursor::new(bytes)).unwrap()
}

fn records(bytes: Vec<u8>) -> Vec<Record> {
    let mut file = open(bytes);
    let mut all = Vec::new();
    while let Some(batch) = file.next_batch() {
        all.extend(batch.unwrap()().unwrap());
    }
    all
}

proptest! {
    #[test]
    fn every_account_is_one_shards(number in 0_u64..1_000_000_000_000, count in 1_u32..=1000) {
        let id = AccountId::from_number(number);
        let having = Shard::all(count).filter(|it| it.has(&id)).count();
        prop_assert_eq!(having, 1);
    }

    #[test]
    fn a_merge_is_what_one_machine_writes(accounts in 0_u64..60, count in 1_u32..9) {
        let mut list = list(accounts);
        let shards = Shard::all(count).map(|it| Some(open(delivered(it, &list, accounts))));
        let shards = shards.collect();
        let mut merged = Vec::new();
        let told = merge(&mut list, shards, &mut merged).unwrap();
        prop_assert_eq!(told, Merged { accounts, missing: Vec::new() });
        let mut whole = SnapshotWriter::new(Vec::new(), &list.head().complete_header()).unwrap();
        for number in 1..=accounts {
            whole.append(&record(number)).unwrap();
        }
        prop_assert!(whole.finish().unwrap() == merged);
    }
}

#[test]
fn which_shard_has_an_account_stays_so() {
    // As told by Python: int.from_bytes(sha256(id).digest()[:8]) % 16. Another answer would let shards of two versions
    // collect an account twice, or never.
    let of = |number| Shard::of(&AccountId::from_number(number), 16);
    let shards: Vec<_> = (111_111_111_111..111_111_111_119).map(of).collect();
    assert_eq!(shards, [2, 6, 10, 9, 3, 5, 6, 4]);
}

#[test]
fn accounts_are_spread_evenly() {
    let mut counts = [0_u32; 16];
    for number in 0..16_000 {
        counts[Shard::of(&AccountId::from_number(100_000_000_000 + number), 16) as usize] += 1;
    }
    assert!(
        counts.iter().all(|it| (850..1150).contains(it)),
        "{counts:?}"
    );
}

#[test]
fn a_shard_is_read_as_it_is_written() {
    let shard: Shard = "3/8".parse().unwrap();
    assert_eq!((shard.index(), shard.count()), (3, 8));
    assert_eq!(shard.object(), "shards/3-of-8.mfaudit");
    for text in ["8/8", "0/0", "-1/2", "1", "a/b", "0/1001", ""] {
        let error = text.parse::<Shard>().unwrap_err().to_string();
        assert!(error.contains(&format!("`{text}`")), "{error}");
    }
}

#[test]
fn accounts_of_a_missing_shard_are_gaps_that_say_so() {
    let mut list = list(20);
    let first = Shard::new(0, 2).unwrap();
    let shards = vec![Some(open(delivered(first, &list, 20))), None];
    let mut merged = Vec::new();
    let told = merge(&mut list, shards, &mut merged).unwrap();
    let missing = &told.missing[0];
    assert_eq!(missing.shard, Shard::new(1, 2).unwrap());
    let records = records(merged);
    assert_eq!(records.len(), 20);
    for record in records {
        let is_missing = missing.accounts.contains(&record.account.id);
        let reason = if is_missing {
            GapReason::ShardMissing
        } else {
            GapReason::AccessDenied
        };
        assert!(!record.gaps.is_empty() && record.gaps.iter().all(|it| it.reason == reason));
        assert_eq!(record.account.ou_path, "Prod");
    }
}

#[test]
fn a_snapshot_that_is_not_the_shards_is_refused() {
    let mut here = list(10);
    let other = list(9);
    let shard = |index| Shard::new(index, 2).unwrap();
    let whole = SnapshotWriter::new(Vec::new(), &header())
        .unwrap()
        .finish()
        .unwrap();
    for (bytes, part) in [
        (whole, "of a whole run"),
        (delivered(shard(1), &here, 10), "it is shard 1 of 2"),
        (delivered(shard(0), &other, 9), "another list of accounts"),
        (delivered(shard(0), &here, 4), "is not where it must be"),
        (delivered(shard(0), &here, 40), "is on no list"),
    ] {
        let shards = vec![Some(open(bytes)), None];
        let error = merge(&mut here, shards, Vec::new())
            .unwrap_err()
            .to_string();
        assert!(error.contains(part), "{part}: {error}");
    }
}

fn file(text: &str) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

#[test]
fn a_broken_list_is_refused_and_says_where() {
    let head = AccountListHead::new(header(), Discovered::default(), serde_json::Value::Null);
    let mut text = Vec::new();
    write_account_list(&mut text, &head, &[account(1), account(2)]).unwrap();
    let text = String::from_utf8(text).unwrap();
    let lines: Vec<_> = text.lines().collect();
    for (text, part) in [
        (String::new(), "line 1"),
        (lines[..2].join("\n"), "it has no footer"),
        (
            [lines[0], lines[2], lines[1], lines[3], ""].join("\n"),
            "not in order",
        ),
        (
            [lines[0], lines[1], lines[3], ""].join("\n"),
            "counts other accounts",
        ),
        ([lines[0], "{}", lines[3], ""].join("\n"), "line 2"),
        (text.clone() + "{}\n", "something follows its footer"),
        (text.clone() + "\n", "something follows its footer"),
        ([lines[0], lines[0], lines[3], ""].join("\n"), "second list"),
        (
            text.replacen("\"version\":1", "\"version\":2", 1),
            "use a newer mfaudit",
        ),
    ] {
        let error = AccountListFile::open(file(&text)).unwrap_err().to_string();
        assert!(error.contains(part), "{part}: {error}");
    }
}

#[test]
fn a_plan_of_no_shards_or_too_many_is_refused_and_no_account_is_dropped() {
    for shards in [0, 1001, u32::MAX] {
        let text = Plan::new(shards, "abc".to_owned()).text();
        let error = Plan::read(text.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(&format!("{shards} shards")), "{error}");
    }
    for shards in [1, 1000] {
        let plan = Plan::new(shards, "abc".to_owned());
        assert_eq!(Plan::read(plan.text().as_bytes()).unwrap(), plan);
    }
    let none: Vec<Option<SnapshotFile<Cursor<Vec<u8>>>>> = Vec::new();
    let error = merge(&mut list(3), none, Vec::new()).unwrap_err();
    assert!(error.to_string().contains("belongs to no shard"), "{error}");
}

#[test]
fn a_plan_of_a_newer_version_is_refused() {
    let plan = Plan::new(8, "abc".to_owned());
    assert_eq!(Plan::read(plan.text().as_bytes()).unwrap(), plan);
    let newer = br#"{"version":2,"fleets":1}"#;
    let error = Plan::read(newer).unwrap_err().to_string();
    assert!(error.contains("use a newer mfaudit"), "{error}");
    assert!(
        Plan::read(b"[]")
            .unwrap_err()
            .to_string()
            .contains("malformed")
    );
}
