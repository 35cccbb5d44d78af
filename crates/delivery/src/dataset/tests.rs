#![expect(
    clippy::disallowed_methods,
    reason = "tests look at the files they break"
)]

mod broken;
mod history;

use std::{future::Future, path::PathBuf};

use model::{
    Account, AccountId, AccountKind, AccountState, Gap, GapReason, Organization, Partition, Record,
    Scope, Timestamp,
    snapshot::{AccountList, Header, IdentityCenter, Mode, Parameters, ScopeFilter},
};
use reporting::{
    Owners,
    columnar::{Kind, Presence, Value},
};
use rules::{CATALOG, Criteria, Rule, RunContext};

use super::{tables::TABLES, *};
use crate::storage::{StorageOptions, Store};

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(future)
}

fn dataset() -> (tempfile::TempDir, Dataset) {
    let folder = tempfile::tempdir().unwrap();
    let root = format!("file://{}/runs of all", folder.path().display());
    let store = Store::open(&root.parse().unwrap(), &StorageOptions::default());
    (folder, Dataset::new(store.unwrap()))
}

fn header(day: i64) -> Header {
    Header {
        format: 1,
        tool_version: "0".to_owned(),
        mode: Mode::ReportFirst,
        collected_at: Timestamp::from_epoch_seconds(day * 86_400),
        caller: None,
        organization: Some(Organization {
            id: "o-test".to_owned(),
            management_account: AccountId::from_number(1),
        }),
        scope: ScopeFilter::default(),
        parameters: Parameters::default(),
        endpoint: None,
        identity_center: IdentityCenter::NotSeen,
        service_control_policies: Vec::new(),
        account_list: AccountList::Whole,
        shard: None,
        notes: Vec::new(),
    }
}

fn record(number: u64) -> Record {
    let account = Account {
        id: AccountId::from_number(number),
        name: "one".to_owned(),
        partition: Partition::commercial(),
        kind: AccountKind::Member,
        state: AccountState::Active,
        scope: Scope::Audited,
        ou_path: String::new(),
    };
    Record::unseen(account, |it| Gap::new(it, GapReason::EntryDenied))
}

fn try_staged(
    header: &Header,
    criteria_sha256: &str,
    accounts: u64,
) -> Result<Staged, DatasetError> {
    let records: Vec<_> = (1..=accounts).map(record).collect();
    stage(header, criteria_sha256, CATALOG, &records)
}

fn stage(
    header: &Header,
    criteria_sha256: &str,
    rules: &[&'static Rule],
    records: &[Record],
) -> Result<Staged, DatasetError> {
    let judged = Judged {
        header,
        snapshot_sha256: "0123456789abcdef",
        criteria_sha256,
        rules,
        tool_version: "0",
    };
    let mut staging = Staging::new(&judged)?;
    let criteria = Criteria::of(rules);
    for record in records {
        let findings = rules::evaluate_record(record, &criteria, &RunContext::of(header));
        staging.add(record, &findings, &Owners::default())?;
    }
    staging.finish()
}

fn staged(day: i64, criteria_sha256: &str) -> Staged {
    try_staged(&header(day), criteria_sha256, 2).unwrap()
}

async fn publish(dataset: &Dataset, staged: Staged) -> Result<Published, DatasetError> {
    let at = Timestamp::from_epoch_seconds(1_800_000_000).unwrap();
    dataset.publish(staged, || at).await
}

fn files(folder: &tempfile::TempDir, table: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.path().join("runs of all").join(table)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found
}

#[test]
fn a_run_is_there_with_its_totals_and_only_once() {
    let (folder, dataset) = dataset();
    block_on(async {
        let run = staged(20_000, "a");
        let id = run.run().run_id.clone();
        let row = RunRow {
            published_at: Timestamp::from_epoch_seconds(1_800_000_000).unwrap(),
            ..run.run().clone()
        };
        assert_eq!(publish(&dataset, run).await.unwrap(), Published::New);
        assert_eq!(dataset.runs().await.unwrap(), std::slice::from_ref(&row));
        assert_eq!((row.counts.accounts, row.counts.accounts_unseen), (2, 2));
        assert_eq!(row.counts.principals, 2);
        assert_eq!(row.counts.findings, row.counts.indeterminate);
        assert!(id.starts_with("20241004T000000Z-0123456789ab"), "{id}");
        let judged_by = |it: &'static str| {
            let header = header(20_000);
            let dataset = dataset.clone();
            async move {
                let id = RunId::new(header.collected_at.unwrap(), "0123456789abcdef");
                dataset.standing(&id, it).await
            }
        };
        assert_eq!(judged_by("a").await.unwrap(), Standing::There);
        let error = judged_by("b").await.unwrap_err();
        assert!(
            error.to_string().contains("judged by other rules"),
            "{error}"
        );
        // One that did not look first comes second.
        let second = publish(&dataset, staged(20_000, "a")).await.unwrap();
        assert_eq!(second, Published::There);
        assert!(publish(&dataset, staged(20_000, "b")).await.is_err());
        assert_eq!(dataset.runs().await.unwrap(), [row]);
    });
    assert_eq!(files(&folder, "runs").len(), 1);
    // What came second left its tables, whose rows no commit names.
    assert_eq!(files(&folder, "findings").len(), 3);
}

#[test]
fn of_two_runs_of_one_time_the_one_that_was_published_later_is_later() {
    let (_folder, dataset) = dataset();
    let ids = ["20241004T000000Z-ffff", "20241004T000000Z-0000"];
    for (id, seconds) in ids.into_iter().zip(1_800_000_000..) {
        let mut run = staged(20_000, "a");
        id.clone_into(&mut run.row.run_id);
        run.row.publication = format!("{id}-0");
        let at = Timestamp::from_epoch_seconds(seconds).unwrap();
        block_on(dataset.publish(run, || at)).unwrap();
    }
    let runs = block_on(dataset.runs()).unwrap();
    let found: Vec<_> = runs.iter().map(|it| it.run_id.as_str()).collect();
    assert_eq!(found, ids);
}

#[test]
fn a_run_without_its_commit_is_no_run() {
    let (folder, dataset) = dataset();
    block_on(publish(&dataset, staged(20_000, "a"))).unwrap();
    block_on(publish(&dataset, staged(20_001, "a"))).unwrap();
    let commit = files(&folder, "runs").into_iter().max().unwrap();
    std::fs::remove_file(commit).unwrap();
    let history = block_on(History::open(dataset, None, None)).unwrap();
    let trend = block_on(history.trend()).unwrap();
    assert_eq!(trend.points.len(), 1);
}

#[test]
fn what_has_no_place_in_a_history_is_refused() {
    let untimed = Header {
        collected_at: None,
        ..header(0)
    };
    let nowhere = Header {
        organization: None,
        ..header(0)
    };
    let hostile = Header {
        organization: Some(Organization {
            id: "../../o".to_owned(),
            management_account: AccountId::from_number(1),
        }),
        ..header(0)
    };
    let refused = |header: &Header| try_staged(header, "a", 2).err().unwrap();
    assert!(matches!(refused(&untimed), DatasetError::Untimed));
    assert!(matches!(refused(&nowhere), DatasetError::NoOrganization));
    assert!(matches!(
        refused(&hostile),
        DatasetError::OrganizationName(_)
    ));
    let alone = try_staged(&nowhere, "a", 1).unwrap();
    assert_eq!(alone.run().organization, "000000000001");
}

#[test]
fn columns_have_names_of_their_own_and_rows_have_a_value_for_each() {
    for table in TABLES {
        let columns = table.columns();
        let names: std::collections::BTreeSet<_> = columns.iter().map(|it| it.name).collect();
        assert_eq!(names.len(), columns.len(), "{}", table.name);
        assert!(table.fields.iter().all(|it| !it.about.is_empty()));
    }
    let record = record(1);
    let fits = |table: &tables::Table, row: &[Value<'_>]| {
        assert_eq!(row.len() + 1, table.fields.len(), "{}", table.name);
        for (column, value) in table.columns().iter().skip(1).zip(row) {
            let fits = match value {
                Value::Nothing => column.presence == Presence::Sometimes,
                Value::Text(_) => [Kind::Text, Kind::SharedText].contains(&column.kind),
                Value::Time(_) => column.kind == Kind::Time,
                Value::Day(_) => column.kind == Kind::Day,
                Value::Number(_) => column.kind == Kind::Number,
                Value::Flag(_) => column.kind == Kind::Flag,
            };
            assert!(fits, "{}.{}", table.name, column.name);
        }
    };
    let findings = rules::evaluate_record(&record, &Criteria::of(CATALOG), &RunContext::default());
    for finding in &findings {
        fits(
            &tables::FINDINGS,
            &rows::finding(&record, finding, &Owners::default()),
        );
    }
    rows::principals(&record, &rows::SignIns::of(&findings), &mut |row, _| {
        fits(&tables::PRINCIPALS, row);
    });
    let datasets = [model::Dataset::IamUsers];
    rows::coverage(&record, &datasets, IdentityCenter::NotSeen, &mut |row| {
        fits(&tables::COVERAGE, row);
    });
}

#[test]
fn every_engine_has_the_same_questions() {
    for engine in sql::Engine::ALL {
        let script = engine.script();
        assert!(script.contains(sql::PLACEHOLDER));
        for query in Query::ALL {
            assert!(script.contains(query.sql().trim_end()), "{}", query.name());
            let last = query.columns().last().unwrap().name;
            assert!(query.sql().contains(last), "{}", query.name());
        }
    }
    for rule in reporting::SIGN_IN_RULES {
        assert!(Query::Trend.sql().contains(&format!("'% {rule} %'")));
    }
}
