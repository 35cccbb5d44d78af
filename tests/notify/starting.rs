//! What makes a notification impossible is found before anything is done.

use super::{
    JSON, changed_by, fail_anew,
    receiver::{Receiver, status},
};
use crate::harness::{Run, Stage};

/// Begins an audit with a configuration, and returns what it says. AWS must not have been asked.
fn refused(stage: &Stage, keys: &str, variables: &[(&str, &str)]) -> String {
    std::fs::write(stage.file("c.toml"), format!("[[notify]]\n{keys}\n")).unwrap();
    let before = stage.simulator().journal().len();
    let mut command = stage.command(&["audit", "--config", "c.toml", "--format", "json=r.json"]);
    command.envs(variables.iter().copied());
    let run = Run::of(command.output().unwrap());
    assert_eq!(run.status, 2, "{}", run.stderr);
    assert!(stage.asked_after(before).is_empty(), "{keys}");
    assert!(!stage.file("r.json").exists());
    run.stderr
}

#[test]
fn what_is_missing_or_of_no_use_is_told_before_anything_is_asked() {
    let stage = changed_by(|_| ());
    std::fs::write(stage.file("empty"), "\n").unwrap();
    std::fs::write(stage.file("binary"), [0xff, 0xfe]).unwrap();
    std::fs::write(stage.file("bad.j2"), "{\"text\": \"{{ headline }}\"}").unwrap();
    std::fs::write(stage.file("unknown.j2"), "{{ head_line }}").unwrap();
    let long = format!("https://{}", "x".repeat(1993));
    let hook = ("HOOK", "https://hook.example/canary-path");
    let with_hook = |keys: &str| format!("url-env = \"HOOK\"\n{keys}");
    for (keys, variables, told) in [
        (
            format!("url-env = \"NONE\"\n{JSON}"),
            &[][..],
            "c.toml:1: [[notify]]: the variable NONE is not set, or is empty\nhint: set it where this runs, from the secrets of \
             the CI server or scheduler; --no-notify tells nobody, and needs none",
        ),
        (
            with_hook(JSON),
            &[("HOOK", " ")],
            "the variable HOOK is not set, or is empty",
        ),
        (
            format!("url-file = \"none\"\n{JSON}"),
            &[],
            "cannot read none: No such file",
        ),
        (
            format!("url-file = \"empty\"\n{JSON}"),
            &[],
            "empty is empty",
        ),
        (
            format!("url-file = \"binary\"\n{JSON}"),
            &[],
            "cannot read binary",
        ),
        (
            with_hook(&format!("secret-env = \"NONE\"\n{JSON}")),
            &[hook],
            "the variable NONE is not set",
        ),
        (
            with_hook(&format!("link-env = \"NONE\"\n{JSON}")),
            &[hook],
            "the variable NONE is not set",
        ),
        (
            with_hook(&format!("link = \"javascript:alert(1)\"\n{JSON}")),
            &[hook],
            "the link is no address",
        ),
        (
            with_hook(&format!("link = \"{long}\"\n{JSON}")),
            &[hook],
            "the link has 2001 characters, and may have 2000",
        ),
        (
            with_hook(JSON),
            &[("HOOK", "http://hook.example/canary-path")],
            "is of no use: it begins with http://",
        ),
        (
            with_hook(JSON),
            &[("HOOK", "hook.example/canary-path")],
            "is of no use: it is no URL",
        ),
        (
            with_hook("template = \"none.j2\""),
            &[hook],
            "cannot read none.j2",
        ),
        (
            with_hook("template = \"bad.j2\""),
            &[hook],
            "the template bad.j2 cannot be used: what it makes of a sample is no JSON",
        ),
        (
            with_hook("template = \"unknown.j2\""),
            &[hook],
            "undefined value",
        ),
    ] {
        let error = refused(&stage, &keys, variables);
        assert!(error.contains(told), "{told}\n{error}");
        assert!(!error.contains("canary"), "{error}");
    }
}

#[test]
fn a_check_tries_templates_and_needs_no_secret() {
    let stage = changed_by(|_| ());
    let check = |template: &str| {
        std::fs::write(stage.file("t.j2"), template).unwrap();
        let config = "[[notify]]\nurl-env = \"NONE\"\ntemplate = \"t.j2\"\n";
        std::fs::write(stage.file("c.toml"), config).unwrap();
        stage.run(&["config", "check", "c.toml"])
    };
    let run = check("{\"text\": {{ headline }}}");
    assert_eq!(run.status, 0, "{}", run.stderr);
    let run = check("{\"text\": {{ headline }}");
    assert_eq!(run.status, 2, "{}", run.stderr);
    assert!(run.stderr.contains("no JSON"), "{}", run.stderr);
    assert!(
        run.stderr.contains("docs/notifications.md"),
        "{}",
        run.stderr
    );
}

#[test]
fn who_is_to_tell_nobody_needs_no_secret() {
    let stage = changed_by(fail_anew);
    let receiver = Receiver::giving(vec![status(200)]);
    let start = |keys: &str, args: &[&str]| {
        let rest = "secret-file = \"none\"\non = [\"always\"]";
        let config = format!(
            "[[notify]]\nurl-env = \"NONE\"\n{rest}\n{keys}\n[[notify]]\nurl = \"http://{}/in\"\n{JSON}\n",
            receiver.host()
        );
        std::fs::write(stage.file("c.toml"), config).unwrap();
        stage.run(&[args, &["--config", "c.toml"]].concat())
    };
    for (args, shown) in [
        (&["evaluate", "2.mfaudit", "--no-notify"][..], "FAIL"),
        (&["audit", "--no-notify"], "FAIL"),
        (&["audit", "--dry-run"], "ACCOUNTS"),
    ] {
        let run = start(JSON, args);
        assert_ne!(run.status, 2, "{}", run.stderr);
        assert!(run.stdout.contains(shown), "{}", run.stdout);
        assert!(!run.stderr.contains("told"), "{}", run.stderr);
        for (keys, told) in [
            ("template = \"none.j2\"", "cannot read none.j2"),
            ("body = \"slak\"", "did you mean `slack`?"),
        ] {
            let run = start(keys, args);
            assert_eq!(run.status, 2, "{}", run.stderr);
            assert!(run.stderr.contains(told), "{}", run.stderr);
        }
    }
    assert!(receiver.received().is_empty());
}
