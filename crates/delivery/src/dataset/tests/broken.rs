//! Datasets that are not what they must be.

use std::path::PathBuf;

use reporting::columnar::{Columns, TableFile, Value};

use super::{block_on, dataset, files, publish, staged};
use crate::dataset::{DatasetError, History, SCHEMA_VERSION, tables::RUNS};

#[test]
fn a_newer_dataset_is_refused() {
    let (folder, dataset) = dataset();
    block_on(publish(&dataset, staged(20_000, "a"))).unwrap();
    let path = files(&folder, "runs").remove(0);
    let columns: Vec<_> = RUNS.columns();
    let columns: Vec<_> = columns
        .into_iter()
        .filter(|it| it.name == "schema_version")
        .collect();
    let mut rows = Columns::new(&columns);
    rows.add(&[Value::Number(SCHEMA_VERSION + 1)]);
    std::fs::remove_file(&path).unwrap();
    let file = std::fs::File::create_new(&path).unwrap();
    let mut file = TableFile::new(Box::new(file), "runs", &columns).unwrap();
    file.write(&mut rows).unwrap();
    file.finish([]).unwrap();
    let error = block_on(dataset.runs()).unwrap_err();
    assert!(
        matches!(error, DatasetError::Newer { found: 2, .. }),
        "{error}"
    );
    assert!(error.hint().contains("newer mfaudit"));
}

#[test]
fn a_broken_foreign_or_missing_file_is_named() {
    let (folder, dataset) = dataset();
    block_on(publish(&dataset, staged(20_000, "a"))).unwrap();
    let history = || block_on(History::open(dataset.clone(), None, None));
    let findings = files(&folder, "findings").remove(0);
    let commit = files(&folder, "runs").remove(0);
    let bytes = |path: &PathBuf| std::fs::read(path).unwrap();
    let put = |path: &PathBuf, bytes: &[u8]| {
        std::fs::remove_file(path).unwrap();
        std::io::Write::write_all(&mut std::fs::File::create_new(path).unwrap(), bytes).unwrap();
    };
    let (whole, of_run) = (bytes(&findings), bytes(&commit));
    for bad in [&whole[..whole.len() / 2], b"PAR1", b"", &of_run] {
        put(&findings, bad);
        let error = block_on(history().unwrap().trend()).unwrap_err();
        assert!(error.to_string().contains("/findings/date="), "{error}");
    }
    std::fs::remove_file(&findings).unwrap();
    let error = block_on(history().unwrap().trend()).unwrap_err();
    assert!(matches!(error, DatasetError::Missing { .. }), "{error}");
    for bad in [&of_run[..of_run.len() / 2], b"", &whole] {
        put(&commit, bad);
        let error = history().unwrap_err();
        assert!(error.to_string().contains("/runs/2024"), "{error}");
    }
}

#[test]
fn a_copy_of_a_commit_is_no_second_run() {
    let (folder, dataset) = dataset();
    block_on(publish(&dataset, staged(20_000, "a"))).unwrap();
    let commit = files(&folder, "runs").remove(0);
    std::fs::copy(&commit, commit.with_file_name("copy.parquet")).unwrap();
    let error = block_on(dataset.runs()).unwrap_err();
    assert!(matches!(error, DatasetError::Misnamed { .. }), "{error}");
    assert!(error.to_string().contains("/runs/copy.parquet"), "{error}");
    assert!(error.hint().starts_with("remove it"));
}
