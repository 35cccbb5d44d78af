//! The dataset of all runs: published once, read back, and drawn on the page.

use std::{
    fs,
    path::{Path, PathBuf},
};

use simulator::World;

use crate::harness::Stage;

fn published() -> (Stage, String) {
    let stage = Stage::new(World::demo());
    let url = format!("file://{}", stage.file("dataset").display());
    assert_eq!(stage.run(&["collect", "-o", "run.mfaudit"]).status, 0);
    let run = stage.run(&["publish", "run.mfaudit", "--to", &url]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    (stage, url)
}

#[test]
fn a_run_is_published_once_and_judged_otherwise_it_is_refused() {
    let (stage, url) = published();
    let again = stage.run(&["publish", "run.mfaudit", "--to", &url]);
    assert_eq!(again.status, 0, "{}", again.stderr);
    assert!(
        again.stderr.contains("already published"),
        "{}",
        again.stderr
    );
    let runs = fs::read_dir(stage.file("dataset/runs")).unwrap();
    assert_eq!(runs.count(), 1);
    let otherwise = [
        "publish",
        "run.mfaudit",
        "--to",
        &url,
        "--rule",
        "root-user-mfa",
    ];
    let otherwise = stage.run(&otherwise);
    assert_eq!(otherwise.status, 1, "{}", otherwise.stderr);
    let trend = stage.run(&["history", &url, "--form", "json"]);
    let trend: serde_json::Value = serde_json::from_str(&trend.stdout).unwrap();
    let report = stage.run(&["evaluate", "run.mfaudit", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&report.stdout).unwrap();
    let failures = report["findings"].as_array().unwrap();
    let failures = failures.iter().filter(|it| it["status"] == "fail").count();
    assert_eq!(trend[0]["failures"], failures);
}

#[test]
fn the_page_draws_the_runs_of_its_own_organization() {
    let (stage, url) = published();
    let page = |more: &[&str]| {
        let arguments = ["evaluate", "run.mfaudit", "--exit-zero", "--format", "html"];
        let run = stage.run(&[&arguments[..], more].concat());
        assert_eq!(run.status, 0, "{}", run.stderr);
        run.stdout
    };
    let with = page(&["--history", &url]);
    assert!(with.contains("Over time") && with.contains("1 run, "));
    let without = page(&[]);
    assert!(!without.contains("Over time"));
    // Another organization's runs are nobody's business here.
    let other = Stage::new(World::generate(3, 2, 77));
    let run = other.run(&[
        "audit",
        "--exit-zero",
        "--history",
        &url,
        "--format",
        "html",
    ]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(!run.stdout.contains("Over time"));
}

#[test]
fn a_dataset_that_cannot_be_read_is_found_before_anything_is_collected() {
    let (stage, url) = published();
    fs::write(stage.file("dataset/runs/x.parquet"), "no parquet").unwrap();
    let asked = stage.simulator().journal().len();
    for arguments in [
        &["audit", "--history", &url][..],
        &["history", &url],
        &["publish", "run.mfaudit", "--to", &url],
    ] {
        let run = stage.run(arguments);
        assert_eq!(run.status, 1, "{}", run.stderr);
        assert!(run.stderr.contains("runs/x.parquet"), "{}", run.stderr);
    }
    assert!(stage.asked_after(asked).is_empty());
}

#[test]
fn what_was_mistyped_is_no_empty_history() {
    let (stage, url) = published();
    let other = stage.run(&["history", &url, "--organization", "o-other"]);
    assert_eq!(other.status, 1, "{}", other.stderr);
    assert!(other.stderr.contains("is of organization `o-other`"));
    assert!(other.stderr.contains("there are runs of o-"));
    let later = ["history", &url, "--since", "2999-01-01", "--form", "json"];
    let later = stage.run(&later);
    assert_eq!((later.status, later.stdout.as_str()), (0, "[]\n"));
    assert!(later.stderr.contains("is of 2999-01-01 or later"));
    let nowhere = format!("{url}-no");
    let missing = stage.run(&["history", &nowhere]);
    assert_eq!(missing.status, 1, "{}", missing.stderr);
    assert!(missing.stderr.contains("there is no folder /"));
    assert!(missing.stderr.contains("check the address"));
    fs::create_dir(stage.file("dataset-no")).unwrap();
    let empty = stage.run(&["history", &nowhere]);
    assert_eq!(empty.status, 0, "{}", empty.stderr);
    assert!(empty.stderr.contains("no run is published at file://"));
}

#[test]
fn a_page_without_runs_before_it_says_so_and_is_written() {
    let (stage, url) = published();
    let nowhere = format!("{url}-no");
    let arguments = ["evaluate", "run.mfaudit", "--format", "html", "--history"];
    let with = stage.run(&[&arguments[..], &[&url]].concat());
    let without = stage.run(&[&arguments[..], &[&nowhere]].concat());
    assert_eq!(with.status, without.status);
    assert!(without.stderr.contains("no run is published at file://"));
    assert!(without.stdout.contains("</html>"));
}

#[test]
fn the_same_rules_and_waivers_in_another_order_are_the_same() {
    let stage = Stage::new(World::demo());
    let url = format!("file://{}", stage.file("dataset").display());
    assert_eq!(stage.run(&["collect", "-o", "run.mfaudit"]).status, 0);
    let waiver = |rule: &str| {
        format!(
            "[[waiver]]\nrule = \"{rule}\"\naccount = \"*\"\nprincipal = \"*\"\nowner = \"o\"\nreason = \"r\"\nexpires = 2026-12-24\n"
        )
    };
    let (one, other) = (waiver("iam-user-mfa"), waiver("root-user-mfa"));
    let names = ["iam-user-mfa", "iam-role-trust-mfa"];
    let file = |add: [&str; 2], waivers: [&str; 2]| {
        let text = format!("[rules]\nadd = {add:?}\n{}", waivers.concat());
        fs::write(stage.file("mfaudit.toml"), text).unwrap();
    };
    let publish = |more: &[&str]| {
        let run = [
            "publish",
            "run.mfaudit",
            "--to",
            &url,
            "--config",
            "mfaudit.toml",
        ];
        stage.run(&[&run[..], more].concat())
    };
    file(names, [&one, &other]);
    let first = publish(&[]);
    assert_eq!(first.status, 0, "{}", first.stderr);
    file([names[1], names[0]], [&other, &one]);
    let again = publish(&[]);
    assert!(
        again.stderr.contains("already published"),
        "{}",
        again.stderr
    );
    file(names, [&one, &one]);
    assert_eq!(publish(&[]).status, 1);
    // On the command line likewise.
    fs::remove_dir_all(stage.file("dataset")).unwrap();
    let [one, other] = names;
    assert_eq!(publish(&["--rule", one, "--rule", other]).status, 0);
    let again = publish(&["--rule", other, "--rule", one, "--rule", other]);
    assert!(
        again.stderr.contains("already published"),
        "{}",
        again.stderr
    );
}

#[test]
fn answers_for_people_are_whole_and_can_be_searched() {
    let (stage, url) = published();
    let ask = |form: &str| {
        let run = stage.run(&["history", &url, "--query", "oldest-open", "--form", form]);
        assert_eq!(run.status, 0, "{}", run.stderr);
        run.stdout
    };
    let rows: serde_json::Value = serde_json::from_str(&ask("json")).unwrap();
    let table = ask("table");
    for row in rows.as_array().unwrap() {
        let of_row = |name: &str| row[name].as_str().unwrap();
        let line = format!("subject arn     {}\n", of_row("subject_arn"));
        assert!(table.contains(&line), "{line} is not in {table}");
        assert!(!table.contains(of_row("finding_id")), "{table}");
        assert!(!table.contains(of_row("organization")), "{table}");
    }
    assert!(ask("csv").starts_with("organization,finding_id,"));
}

/// Returns the only entry of a folder.
fn only_in(folder: &Path) -> PathBuf {
    let mut entries = fs::read_dir(folder).unwrap();
    entries.next().unwrap().unwrap().path()
}

#[test]
fn a_page_reads_the_runs_of_its_own_organization_alone() {
    let (stage, url) = published();
    let own = only_in(&only_in(&stage.file("dataset/findings")));
    let other = Stage::new(World::generate(3, 2, 77));
    assert_eq!(other.run(&["collect", "-o", "run.mfaudit"]).status, 0);
    let run = other.run(&["publish", "run.mfaudit", "--to", &url]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let page = |stage: &Stage| {
        let arguments = ["evaluate", "run.mfaudit", "--format", "html"];
        stage.run(&[&arguments[..], &["--history", &url]].concat())
    };
    let whole = page(&stage);
    assert!(whole.stdout.contains("Over time"), "{}", whole.stderr);
    fs::remove_dir_all(&own).unwrap();
    let of_other = page(&other);
    assert!(of_other.stdout.contains("Over time"), "{}", of_other.stderr);
    // No report is lost over its charts.
    let broken = page(&stage);
    assert_eq!(broken.status, whole.status);
    let warning = "warning: the report is without the runs before it: run 2";
    assert!(broken.stderr.contains(warning), "{}", broken.stderr);
    assert!(broken.stdout.contains("</html>") && !broken.stdout.contains("Over time"));
}
