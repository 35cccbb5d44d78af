//! Neither a webhook's address nor its key is told to anybody.

use super::{
    JSON, SECOND, SECRET, changed_by, fail_anew,
    receiver::{Answer, Receiver, status},
};
use crate::harness::Run;

#[test]
fn no_secret_is_logged_at_any_level_whatever_the_receiver_does() {
    let stage = changed_by(fail_anew);
    let moved = Answer::Status(
        302,
        "location: /canary-path?sig=canary-query\r\n".to_owned(),
    );
    for answer in [status(200), status(500), moved, Answer::Hang] {
        let receiver = Receiver::giving(vec![answer]);
        std::fs::write(stage.file("url"), format!("{}\n", receiver.url())).unwrap();
        std::fs::write(stage.file("key"), format!("{SECRET}\n")).unwrap();
        let config = format!(
            "[[notify]]\nurl-file = \"url\"\nsecret-file = \"key\"\nretry-wait = \"1ms\"\ntimeout = \"50ms\"\n{JSON}\n"
        );
        std::fs::write(stage.file("mfaudit.toml"), config).unwrap();
        let args = [&["evaluate", "--format", "json=r.json"], &SECOND[..]].concat();
        let mut command = stage.command(&args);
        command.env("MFAUDIT_LOG", "trace,reqwest=trace,hyper_util=trace");
        let run = Run::of(command.output().unwrap());
        assert!(!receiver.received().is_empty(), "{}", run.stderr);
        let told = format!("{}{}{}", run.stdout, run.stderr, stage.read("r.json"));
        assert!(told.contains(&receiver.host()), "{told}");
        assert!(!told.contains("canary"), "{told}");
    }
}

#[cfg(unix)]
#[test]
fn a_secret_that_others_may_read_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let stage = changed_by(|_| ());
    let receiver = Receiver::giving(vec![status(200)]);
    std::fs::write(stage.file("url"), receiver.url()).unwrap();
    std::fs::write(stage.file("key"), SECRET).unwrap();
    let config = format!("[[notify]]\nurl-file = \"url\"\nsecret-file = \"key\"\n{JSON}\n");
    std::fs::write(stage.file("mfaudit.toml"), config).unwrap();
    for (mode, open) in [(0o600, false), (0o400, false), (0o640, true), (0o604, true)] {
        for name in ["url", "key"] {
            let mode = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(stage.file(name), mode).unwrap();
        }
        let run = stage.run(&[&["evaluate"], &SECOND[..]].concat());
        for name in ["url", "key"] {
            let note = format!(
                "note: {name} holds a secret, and others than its owner may read it: chmod 600 {name}"
            );
            assert_eq!(
                run.notes().contains(&note.as_str()),
                open,
                "{mode:o}: {}",
                run.stderr
            );
        }
    }
}

#[test]
fn the_effective_configuration_names_where_secrets_are_and_not_what_they_are() {
    let stage = changed_by(|_| ());
    let config = format!("[[notify]]\nurl-env = \"HOOK_URL\"\nsecret-env = \"HOOK_KEY\"\n{JSON}\n");
    std::fs::write(stage.file("mfaudit.toml"), config).unwrap();
    for args in [
        &["evaluate", "1.mfaudit", "--print-config"][..],
        &["config", "check"],
    ] {
        let mut command = stage.command(args);
        command.env("HOOK_URL", "https://canary.example/canary");
        command.env("HOOK_KEY", SECRET);
        let run = Run::of(command.output().unwrap());
        assert_eq!(run.status, 0, "{}", run.stderr);
        assert!(
            run.stdout.contains("url-env = \"HOOK_URL\""),
            "{}",
            run.stdout
        );
        let told = format!("{}{}", run.stdout, run.stderr);
        assert!(!told.contains("canary"), "{told}");
    }
}

#[test]
fn a_mistake_is_told_without_the_address_or_the_key_that_stands_there() {
    let stage = changed_by(|_| ());
    for keys in [
        "url = \"https://hooks.slack.com/services/T0/B0/canary\"",
        "url = \"hooks.slack.com/services/T0/B0/canary\"",
        "url = \"https://user:canary@siem.example/in\"",
        "url-env = \"A\"\nsecret = \"canary\"",
    ] {
        let config = format!("[[notify]]\nbody = \"json\"\n{keys}\n");
        std::fs::write(stage.file("mfaudit.toml"), config).unwrap();
        let run = stage.run(&["config", "check"]);
        assert_eq!(run.status, 2, "{}", run.stderr);
        assert!(run.stderr.contains("mfaudit.toml:"), "{}", run.stderr);
        let told = format!("{}{}", run.stdout, run.stderr);
        assert!(!told.contains("canary"), "{told}");
    }
}
