//! The caller's own credentials are renewed by where they come from.
#![cfg(unix)]

use std::{fs, os::unix::fs::PermissionsExt};

use simulator::World;

use crate::harness::{Run, Stage};

/// Writes a `credential_process` that gives credentials which end within so many seconds, and counts how often it is
/// asked.
fn process(stage: &Stage, seconds: u32) {
    let environment: std::collections::BTreeMap<_, _> =
        stage.simulator().environment().into_iter().collect();
    let script = format!(
        r#"#!/bin/sh
echo asked >> {counter}
end=$(date -u -d "+{seconds} seconds" +%Y-%m-%dT%H:%M:%SZ)
echo '{{"Version": 1, "AccessKeyId": "{id}", "SecretAccessKey": "{secret}", "Expiration": "'$end'"}}'
"#,
        counter = stage.file("asked").display(),
        id = environment["AWS_ACCESS_KEY_ID"],
        secret = environment["AWS_SECRET_ACCESS_KEY"],
    );
    let path = stage.file("credentials.sh");
    fs::write(&path, script).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
    let config = format!(
        "[default]\nregion = us-east-1\ncredential_process = {}\n",
        path.display()
    );
    fs::write(stage.file("config"), config).unwrap();
}

fn audit(stage: &Stage) -> Run {
    let mut command = stage.command(&["audit", "--format", "ndjson", "--concurrency", "1"]);
    command
        .env_remove("AWS_ACCESS_KEY_ID")
        .env_remove("AWS_SECRET_ACCESS_KEY")
        .env("PATH", "/usr/bin:/bin")
        .env("AWS_CONFIG_FILE", stage.file("config"));
    Run::of(command.output().unwrap())
}

#[test]
fn credentials_that_end_during_a_run_are_renewed_by_the_process_they_come_from() {
    let lasting = Stage::new(World::demo());
    process(&lasting, 3600);
    let whole = audit(&lasting);
    assert_eq!(whole.status, 3, "{}", whole.stderr);
    assert_eq!(
        lasting.read("asked").lines().count(),
        2,
        "once to see whether there are any, once for the run"
    );
    // So short that they are about to end whenever they are looked at.
    let ending = Stage::new(World::demo());
    process(&ending, 5);
    let renewed = audit(&ending);
    assert_eq!(renewed.status, 3, "{}", renewed.stderr);
    assert!(ending.read("asked").lines().count() > 5, "{}", ending.read("asked"));
    assert_eq!(renewed.stdout, whole.stdout);
}
