//! Help, errors, hints, exit codes.

use simulator::World;

use crate::harness::{Run, Stage, mfaudit};

/// Runs without AWS, and checks that the error is of the given code and says all of `expected`.
fn fails(args: &[&str], code: i32, expected: &[&str]) {
    check(
        &Run::of(mfaudit(args).output().unwrap()),
        args,
        code,
        expected,
    );
}

fn check(run: &Run, args: &[&str], code: i32, expected: &[&str]) {
    assert_eq!(run.status, code, "{args:?}: {}{}", run.stdout, run.stderr);
    assert!(run.stdout.is_empty(), "{args:?}: {}", run.stdout);
    for text in expected {
        assert!(
            run.stderr.contains(text),
            "{args:?}: no `{text}` in: {}",
            run.stderr
        );
    }
}

#[test]
fn mistakes_on_the_command_line_exit_with_2_and_say_what_would_be_right() {
    for (args, expected) in [
        (
            vec!["audit", "--fromat", "csv"],
            vec!["unexpected argument '--fromat'", "--format"],
        ),
        (
            vec!["audit", "--formats", "csv"],
            vec!["required arguments were not provided", "--output-dir"],
        ),
        (
            vec!["audit", "--output-dir", "reports"],
            vec!["required arguments were not provided", "--formats"],
        ),
        (
            vec!["audit", "--output-dir", "reports", "--formats", "csv,pdf"],
            vec!["invalid value 'pdf'", "xlsx"],
        ),
        (
            vec!["demo", "--output-dir", "reports", "--formats", "csv,csv"],
            vec!["two reports cannot both go to the same file"],
        ),
        (
            vec!["man", "rules", "lst"],
            vec!["`mfaudit rules` has no command `lst`", "list"],
        ),
        (
            vec!["audit", "--rule", "iam-user-console"],
            vec!["invalid value 'iam-user-console'", "iam-user-console-mfa"],
        ),
        (
            vec!["audit", "--format", "jsn"],
            vec!["there is no format `jsn`", "did you mean `json`?"],
        ),
        (vec!["audit", "--format", "csv="], vec!["names no file"]),
        (
            vec!["audit", "--account", "12345"],
            vec!["`12345` is not an account id (twelve digits)"],
        ),
        (
            vec!["audit", "--min-coverage", "101"],
            vec!["a number from 0 to 100"],
        ),
        (
            vec!["audit", "--fail-on", "severe"],
            vec!["invalid value 'severe'", "critical"],
        ),
        (
            vec!["audit", "--role-name", "a/b"],
            vec!["--role-path /a/ --role-name b"],
        ),
        (
            vec!["demo", "--format", "csv", "--format", "json"],
            vec!["two reports cannot both go to standard output", "hint:"],
        ),
        (
            vec!["demo", "--format", "csv=a", "--format", "json=a"],
            vec!["the same file"],
        ),
        (vec!["evaluate"], vec!["FILE|FOLDER"]),
        (
            vec!["rules", "show", "nothing"],
            vec!["invalid value 'nothing'"],
        ),
        (
            vec!["simulate", "--accounts", "1", "--listen", "0.0.0.0:0"],
            vec!["loopback", "hint:"],
        ),
    ] {
        fails(&args, 2, &expected);
    }
}

#[test]
fn what_the_machine_lacks_exits_with_1_and_says_what_to_do() {
    fails(
        &["audit"],
        1,
        &["no AWS region is configured", "hint: say --region"],
    );
    fails(
        &["audit", "--region", "us-east-1"],
        1,
        &["no AWS credentials were found", "hint: sign in"],
    );
    fails(
        &["evaluate", "/nonexistent/file"],
        1,
        &["cannot read /nonexistent/file"],
    );
    fails(
        &["demo", "--format", "csv=/nonexistent/report.csv"],
        1,
        &[
            "cannot write /nonexistent/report.csv",
            "hint: the folder does not exist",
        ],
    );
}

#[test]
fn a_world_file_that_is_broken_names_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("world.toml");
    std::fs::write(
        &path,
        "[organization]\nid = \"o-exampleorg\"\nmanagement-account = 1\n",
    )
    .unwrap();
    let run = Run::of(
        mfaudit(&["simulate", "--world", path.to_str().unwrap()])
            .output()
            .unwrap(),
    );
    check(&run, &["simulate"], 2, &["line 3", "management-account"]);
}

#[test]
fn an_account_or_unit_that_does_not_exist_is_a_mistake() {
    let stage = Stage::new(World::demo());
    let run = stage.run(&["audit", "--ou", "Workload/Prod"]);
    check(
        &run,
        &["--ou"],
        2,
        &[
            "no organizational unit has the id, name or path `Workload/Prod`",
            "did you mean `Workloads/Prod`?",
        ],
    );
    let run = stage.run(&["audit", "--account", "000000000001"]);
    check(
        &run,
        &["--account"],
        2,
        &["account 000000000001 is not in the organization"],
    );
    let run = stage.run(&["audit", "--account", "self", "--ou", "Workloads"]);
    check(&run, &["--account"], 2, &["goes with no other"]);
}

#[test]
fn a_plain_member_is_told_both_remedies() {
    let mut world = World::demo();
    world.caller.account = "444444444444".to_owned();
    world.caller.arn = "arn:aws:iam::444444444444:user/mfaudit".to_owned();
    let stage = Stage::new(world);
    let run = stage.run(&["audit"]);
    check(
        &run,
        &["audit"],
        2,
        &[
            "444444444444",
            "management account",
            "delegated administrator",
            "--account self",
        ],
    );
    let (run, findings) = stage.audit(&["--account", "self"]);
    assert_eq!(run.status, 3, "{}", run.stderr);
    assert!(findings.all().all(|it| it["account_id"] == "444444444444"));
}

#[test]
fn an_account_without_an_organization_is_audited_alone_and_that_is_said() {
    let mut world = World::demo();
    world.organization = None;
    world.ous.clear();
    world.scps.clear();
    world.accounts.retain(|it| it.id == "111111111111");
    world.accounts[0].ou = String::new();
    world.caller.account = "111111111111".to_owned();
    let stage = Stage::new(world);
    let run = stage.run(&["audit"]);
    assert_eq!(run.status, 0, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("in no organization"), "{}", run.stdout);
    assert!(
        run.stderr.contains("belongs to no organization"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_closed_pipe_is_no_error() {
    use std::process::Stdio;
    let mut child = mfaudit(&["demo", "--format", "csv"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let run = Run::of(child.wait_with_output().unwrap());
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stderr.is_empty(), "{}", run.stderr);
}

#[test]
fn a_full_disk_is_an_error_and_leaves_nothing_half_written() {
    let full = std::path::Path::new("/dev/full");
    if !full.exists() {
        // Only Linux has this device.
        println!("skipped: there is no /dev/full");
        return;
    }
    let run = Run::of(
        mfaudit(&["demo", "--format", "csv=/dev/full"])
            .output()
            .unwrap(),
    );
    check(
        &run,
        &["demo"],
        1,
        &["cannot write /dev/full", "No space left on device"],
    );
    let out = std::fs::OpenOptions::new().write(true).open(full).unwrap();
    let output = mfaudit(&["demo"]).stdout(out).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_report_that_fails_leaves_the_older_one_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("report.csv");
    std::fs::write(&kept, "older").unwrap();
    let csv = format!("csv={}", kept.display());
    let args = ["demo", "--format", &csv, "--format", "json=/dev/full"];
    let run = Run::of(mfaudit(&args).output().unwrap());
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), "older");
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        1,
        "a temporary file was left"
    );
}

#[cfg(unix)]
#[test]
fn files_are_readable_by_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let stage = Stage::new(World::demo());
    let run = stage.run(&[
        "audit",
        "--snapshot",
        "run.mfaudit",
        "--format",
        "csv=report.csv",
    ]);
    assert_eq!(run.status, 3, "{}", run.stderr);
    for name in ["run.mfaudit", "report.csv"] {
        let mode = std::fs::metadata(stage.file(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    assert_eq!(
        std::fs::read_dir(stage.file(".")).unwrap().count(),
        2,
        "something else was left"
    );
}

#[test]
fn statistics_and_notes_go_to_standard_error() {
    let stage = Stage::new(World::demo());
    let run = stage.run(&["audit", "--format", "ndjson", "--stats"]);
    assert!(
        run.stdout.lines().all(|it| it.starts_with('{')),
        "{}",
        run.stdout
    );
    assert!(run.stderr.contains("sts:AssumeRole"), "{}", run.stderr);
}

#[test]
fn an_altered_snapshot_is_refused_before_anything_is_written() {
    let stage = Stage::new(World::demo());
    assert_eq!(stage.run(&["collect", "-o", "run.mfaudit"]).status, 0);
    let whole = std::fs::read(stage.file("run.mfaudit")).unwrap();
    std::fs::write(stage.file("cut.mfaudit"), &whole[..whole.len() / 2]).unwrap();
    let run = stage.run(&["evaluate", "cut.mfaudit"]);
    check(
        &run,
        &["evaluate"],
        1,
        &["cut.mfaudit", "cut short or altered", "hint:"],
    );
}
