//! Reports of many formats in one folder.

use std::{collections::BTreeSet, fs};

use crate::harness::{Run, mfaudit};

#[test]
fn reports_of_many_formats_go_to_a_folder_each_under_its_own_name() {
    let folder = tempfile::tempdir().unwrap();
    let new = folder.path().join("a/b");
    let new = new.to_str().unwrap();
    let args = [
        "demo",
        "--output-dir",
        new,
        "--formats",
        "csv,junit,ocsf,xlsx",
    ];
    let run = Run::of(mfaudit(&args).output().unwrap());
    assert_eq!((run.status, &*run.stdout), (0, ""), "{}", run.stderr);
    let names = fs::read_dir(new).unwrap().map(|it| it.unwrap().file_name());
    let names: BTreeSet<_> = names.map(|it| it.into_string().unwrap()).collect();
    let expected = ["junit.xml", "ocsf.ndjson", "report.csv", "report.xlsx"];
    assert_eq!(names, BTreeSet::from(expected.map(str::to_owned)));

    // Beside --format: one more for standard output.
    let args = [
        "demo",
        "--format",
        "csv",
        "--output-dir",
        new,
        "--formats",
        "csv",
    ];
    let run = Run::of(mfaudit(&args).output().unwrap());
    let in_folder = fs::read_to_string(format!("{new}/report.csv")).unwrap();
    assert_eq!(run.stdout, in_folder);
}

#[test]
fn a_folder_for_reports_that_cannot_be_made_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let file = file.to_str().unwrap();
    let args = ["demo", "--output-dir", file, "--formats", "csv"];
    let run = Run::of(mfaudit(&args).output().unwrap());
    assert_eq!((run.status, &*run.stdout), (1, ""));
    assert!(
        run.stderr.contains(&format!("cannot write {file}")),
        "{}",
        run.stderr
    );
}
