//! No credential reaches a log, a report or a snapshot.

use simulator::World;

use crate::harness::Stage;

/// What the tests' caller signs with. No session secret is known here, but every session's key id begins with `ASIA`.
fn secrets(stage: &Stage) -> Vec<String> {
    let environment = stage.simulator().environment();
    let secret = environment
        .into_iter()
        .find(|(name, _)| *name == "AWS_SECRET_ACCESS_KEY");
    vec![
        secret.unwrap().1,
        "SecretAccessKey>".to_owned(),
        "SessionToken>".to_owned(),
        "X-Amz-Security-Token".to_owned(),
    ]
}

#[test]
fn no_secret_is_logged_or_written_at_any_level() {
    let stage = Stage::new(World::demo());
    let external_id = "canary-external-id";
    let args = [
        "audit",
        "--snapshot",
        "run.mfaudit",
        "--format",
        "json=report.json",
        "--external-id",
        external_id,
    ];
    let output = stage
        .command(&args)
        .env("MFAUDIT_LOG", "trace")
        .output()
        .unwrap();
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(log.contains("operation=\"ListUsers\" status=200"), "{log}");
    let snapshot = std::fs::read(stage.file("run.mfaudit")).unwrap();
    let snapshot = zstd_text(&stage, &snapshot);
    for secret in secrets(&stage)
        .iter()
        .map(String::as_str)
        .chain([external_id])
    {
        for (name, text) in [
            ("the log", &log),
            ("the report", &stage.read("report.json")),
            ("the snapshot", &snapshot),
        ] {
            assert!(!text.contains(secret), "{secret} is in {name}");
        }
    }
}

/// The snapshot's text, by way of evaluating it, and its raw bytes.
fn zstd_text(stage: &Stage, bytes: &[u8]) -> String {
    let evaluated = stage
        .run(&["evaluate", "run.mfaudit", "--format", "json"])
        .stdout;
    format!("{evaluated}{}", String::from_utf8_lossy(bytes))
}
