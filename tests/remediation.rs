//! The remediation kit, from the command line.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::{MetadataExt, symlink},
    path::Path,
    process::Command,
};

use serde_json::Value;
use simulator::World;

use crate::harness::{Run, Stage};

/// The demo's organization, collected and reported.
fn stage() -> Stage {
    let stage = Stage::new(World::demo());
    let collected = stage.run(&["collect", "-o", "run.mfaudit"]);
    assert_eq!(collected.status, 0, "{}", collected.stderr);
    report(&stage, &[]);
    stage
}

fn report(stage: &Stage, more: &[&str]) {
    let formats = ["--format", "json=r.json", "--format", "ndjson=r.ndjson"];
    let judged = stage.run(&[&["evaluate", "run.mfaudit"], &formats[..], more].concat());
    assert_eq!(judged.status, 3, "{}", judged.stderr);
}

fn remediate(stage: &Stage, from: &str, to: &str, more: &[&str]) -> Run {
    stage.run(&[&["remediate", from, "-o", to], more].concat())
}

/// Returns the files of the kit that is made.
fn kit(stage: &Stage, from: &str, to: &str, more: &[&str]) -> BTreeMap<String, String> {
    let run = remediate(stage, from, to, more);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stdout.is_empty(), "{}", run.stdout);
    files(&stage.file(to))
}

fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    visit(folder, "", &mut found);
    found
}

/// Reads a folder's files, each of which must be its owner's alone, as must be the folders.
fn visit(folder: &Path, name: &str, found: &mut BTreeMap<String, String>) {
    assert_eq!(
        fs::metadata(folder).unwrap().mode() & 0o777,
        0o700,
        "{name}"
    );
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{name}{}", entry.file_name().to_str().unwrap());
        if entry.path().is_dir() {
            visit(&entry.path(), &format!("{name}/"), found);
        } else {
            assert_eq!(entry.metadata().unwrap().mode() & 0o777, 0o600, "{name}");
            found.insert(name, fs::read_to_string(entry.path()).unwrap());
        }
    }
}

/// Returns what stands in the stage's folder.
fn listing(stage: &Stage) -> Vec<String> {
    let entries = fs::read_dir(stage.file(".")).unwrap();
    let mut names: Vec<_> = entries
        .map(|it| it.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_report_and_the_snapshot_it_was_made_of_have_the_same_kit_and_nothing_is_asked() {
    let stage = stage();
    let asked = stage.asked_after(0).len();
    let of_report = kit(&stage, "r.json", "a", &[]);
    assert_eq!(of_report, kit(&stage, "run.mfaudit", "b", &[]));
    assert_eq!(of_report, kit(&stage, "r.json", "c", &[]), "twice the same");
    assert_eq!(stage.asked_after(asked).len(), 0, "nothing was asked");
    let names: Vec<_> = of_report.keys().map(String::as_str).collect();
    let expected = [
        "README.md",
        "mail-merge.csv",
        "owners/_unowned.md",
        "self-manage-mfa-policy.json",
    ];
    assert_eq!(names, expected);
    let of_lines = kit(&stage, "r.ndjson", "d", &[]);
    let users = |kit: &BTreeMap<String, String>| {
        let lines = kit["mail-merge.csv"].lines();
        lines
            .filter(|it| it.contains(":user/"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(users(&of_lines), users(&of_report));
    assert!(of_lines["README.md"].contains("is not told"));
    let policy: Value = serde_json::from_str(&of_report["self-manage-mfa-policy.json"]).unwrap();
    assert_eq!(policy["Version"], "2012-10-17");
}

#[test]
fn every_failure_of_the_report_is_in_the_kit_and_nothing_else_is() {
    let stage = stage();
    let kit = kit(&stage, "r.json", "kit", &[]);
    let report: Value = serde_json::from_str(&stage.read("r.json")).unwrap();
    let arns = |status: &str| {
        let findings = report["findings"].as_array().unwrap().iter();
        let of = findings.filter(|it| it["status"] == status);
        let arns = of.map(|it| it["principal_arn"].as_str().unwrap().to_owned());
        arns.collect::<std::collections::BTreeSet<_>>()
    };
    let mut rows = csv::Reader::from_reader(kit["mail-merge.csv"].as_bytes());
    let told: std::collections::BTreeSet<_> = rows
        .deserialize::<BTreeMap<String, String>>()
        .map(|it| it.unwrap()["principal_arn"].clone())
        .collect();
    assert_eq!(told, arns("fail"));
    let page = &kit["owners/_unowned.md"];
    for arn in arns("indeterminate").difference(&told) {
        assert!(!page.contains(arn.as_str()), "{arn}");
    }
    assert!(page.contains("10 findings without a verdict"), "{page}");
    // Idle, in use, and a root user whose organization manages root credentials.
    assert!(page.contains("aws iam delete-login-profile --user-name elif.kaya"));
    assert!(!page.contains("aws iam delete-login-profile --user-name david.costa"));
    assert!(page.contains("mfaudit enroll --profile PROFILE --user david.costa"));
    assert!(
        page.contains("aws sts assume-root --region us-east-1 --target-principal 444444444444")
    );
}

#[test]
fn owners_and_waivers_of_the_configuration_are_those_of_the_kit() {
    let stage = stage();
    let config = "[[owner]]\nname = \"Payments <team>\"\naccount = \"444444444444\"\n\n[[waiver]]\n\
         rule = \"iam-user-console-mfa\"\nprincipal = \"ivan.larsen\"\naccount = \"555555555555\"\n\
         owner = \"ana@example.com\"\nreason = \"leaves soon\"\nexpires = 2026-12-01\n";
    fs::write(stage.file("c.toml"), config).unwrap();
    let config = ["--config", "c.toml"];
    let of_snapshot = kit(&stage, "run.mfaudit", "a", &config);
    let pages: Vec<_> = of_snapshot
        .keys()
        .filter(|it| it.starts_with("owners/"))
        .collect();
    assert_eq!(pages.len(), 2, "{pages:?}");
    let team = pages
        .iter()
        .find(|it| it.starts_with("owners/payments-team"))
        .unwrap();
    assert!(of_snapshot[*team].starts_with("# What Payments &lt;team&gt; has to fix\n"));
    let unowned = &of_snapshot["owners/_unowned.md"];
    let (to_fix, waived) = unowned.split_once("\n## Waived\n").unwrap();
    assert!(
        !to_fix.contains("ivan.larsen") && waived.contains("| ivan.larsen |"),
        "{unowned}"
    );
    assert!(!of_snapshot["mail-merge.csv"].contains("ivan.larsen"));
    // A report tells both itself.
    report(&stage, &config);
    assert_eq!(kit(&stage, "r.json", "b", &[]), of_snapshot);
    // Where it tells no owner, the configuration does.
    report(&stage, &[]);
    let of_report = kit(&stage, "r.json", "c", &config);
    assert!(of_report.contains_key(*team));
}

#[test]
fn the_folder_must_be_new_or_empty() {
    let stage = stage();
    fs::create_dir(stage.file("empty")).unwrap();
    fs::create_dir(stage.file("behind")).unwrap();
    symlink("behind", stage.file("link")).unwrap();
    for folder in ["empty", "link", "new/"] {
        assert!(kit(&stage, "r.json", folder, &[]).contains_key("README.md"));
    }
    assert!(stage.file("link").is_symlink());

    fs::create_dir(stage.file("full")).unwrap();
    fs::write(stage.file("full/notes"), "mine").unwrap();
    fs::write(stage.file("file"), "mine").unwrap();
    let before = listing(&stage);
    for (folder, expected) in [
        ("full", "there is something in it"),
        ("file", "it is no folder"),
        ("none/kit", "the folder does not exist"),
        ("empty", "there is something in it"),
    ] {
        let run = remediate(&stage, "r.json", folder, &[]);
        assert_eq!(run.status, 1, "{folder}: {}", run.stderr);
        assert!(run.stderr.contains(expected), "{folder}: {}", run.stderr);
    }
    assert_eq!(listing(&stage), before);
    assert_eq!(stage.read("full/notes") + &stage.read("file"), "minemine");
    assert_eq!(fs::read_dir(stage.file("full")).unwrap().count(), 1);
}

#[test]
fn a_kit_that_cannot_be_written_whole_is_not_written() {
    let stage = stage();
    fs::create_dir(stage.file("empty")).unwrap();
    let before = listing(&stage);
    for folder in ["new", "empty"] {
        // No file may be longer than a few hundred bytes, as on a disk that is nearly full.
        let script = "trap '' XFSZ; ulimit -f 1; exec \"$0\" remediate r.json -o \"$1\"";
        let mut command = Command::new("sh");
        command.args(["-c", script, env!("CARGO_BIN_EXE_mfaudit"), folder]);
        command.env_clear().current_dir(stage.file("."));
        let run = Run::of(command.output().unwrap());
        assert_eq!(run.status, 1, "{}", run.stderr);
        assert!(
            run.stderr.contains(&format!("cannot write {folder}")),
            "{}",
            run.stderr
        );
    }
    assert_eq!(listing(&stage), before, "nothing is left");
    assert_eq!(fs::read_dir(stage.file("empty")).unwrap().count(), 0);
}

#[test]
fn what_no_kit_can_be_made_of_is_refused_with_what_would_do() {
    let stage = stage();
    let whole = fs::read(stage.file("run.mfaudit")).unwrap();
    fs::write(stage.file("cut.mfaudit"), &whole[..whole.len() / 2]).unwrap();
    let text = stage.read("r.json");
    fs::write(stage.file("cut.json"), &text[..text.len() / 2]).unwrap();
    fs::write(stage.file("other.json"), "{\"Statement\": []}").unwrap();
    fs::write(stage.file("table.csv"), "status,severity\n").unwrap();
    let passes = [
        "evaluate",
        "run.mfaudit",
        "--status",
        "pass",
        "--format",
        "json=passes.json",
    ];
    assert_eq!(stage.run(&passes).status, 3);
    let before = listing(&stage);
    for (from, more, status, expected) in [
        ("cut.mfaudit", &[][..], 1, "take a whole copy"),
        ("cut.json", &[], 1, "cannot make a kit of cut.json"),
        (
            "table.csv",
            &[],
            1,
            "neither a report in JSON nor a snapshot",
        ),
        ("other.json", &[], 1, "cannot make a kit of other.json"),
        (
            "passes.json",
            &[],
            1,
            "it counts 10 failures and lists 0 of them",
        ),
        (".", &[], 1, "it is a folder"),
        ("nothing", &[], 1, "it cannot be read"),
        (
            "r.json",
            &["--rule", "root-user-mfa"],
            2,
            "a report says itself which rules",
        ),
        (
            "r.ndjson",
            &["--skip-rule", "root-user-mfa"],
            2,
            "a report says itself which rules",
        ),
    ] {
        let run = remediate(&stage, from, "kit", more);
        assert_eq!(run.status, status, "{from}: {}", run.stderr);
        assert!(run.stderr.contains(expected), "{from}: {}", run.stderr);
        assert!(
            run.stderr.contains("hint:") || from == "nothing",
            "{from}: {}",
            run.stderr
        );
    }
    assert_eq!(listing(&stage), before);
}

#[test]
fn a_hostile_name_is_one_argument_in_every_command() {
    let stage = stage();
    let name = r#"-x;touch a;$(touch b)`touch c`'"=|&"#;
    let idle = format!("{name}2");
    let mut report: Value = serde_json::from_str(&stage.read("r.json")).unwrap();
    for finding in report["findings"].as_array_mut().unwrap() {
        let arn = finding["principal_arn"].as_str().unwrap();
        let arn = arn.replace("david.costa", name).replace("elif.kaya", &idle);
        finding["principal_arn"] = arn.into();
    }
    fs::write(stage.file("r.json"), report.to_string()).unwrap();
    let page = kit(&stage, "r.json", "kit", &[])
        .remove("owners/_unowned.md")
        .unwrap();
    let blocks = page.split("```sh\n").skip(1);
    let commands = blocks.map(|it| it.split("\n```").next().unwrap());
    let mut script =
        "aws() { printf '<%s>' \"$@\"; echo; }\nmfaudit() { aws \"$@\"; }\nrm() { :; }\n"
            .to_owned();
    for command in commands {
        script += command;
        script.push('\n');
    }
    let before = listing(&stage);
    let mut shell = Command::new("sh");
    shell.args(["-euc", &script]).current_dir(stage.file("."));
    let run = Run::of(shell.output().unwrap());
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert_eq!(listing(&stage), before, "nothing was run");
    for expected in [
        format!("<--virtual-mfa-device-name={name}>"),
        format!("<--user-name={name}><--serial-number><arn:aws:iam::444444444444:mfa/{name}>"),
        format!("<delete-login-profile><--user-name={idle}>"),
        format!("<--user={name}>"),
    ] {
        assert!(run.stdout.contains(&expected), "{expected}\n{}", run.stdout);
    }
}
