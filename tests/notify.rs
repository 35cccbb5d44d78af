//! What changed is told to a webhook, whatever the webhook does.

mod failing;
mod receiver;
mod secrets;
mod starting;

use delivery::notify::sign;
use serde_json::Value;
use simulator::{Account, World};

use self::receiver::{Receiver, status};
use crate::harness::{NOW, Run, Stage, THREE_RULES};

const DAY: i64 = 24 * 60 * 60;
const SECURITY: &str = "222222222222";
const RETAIL: &str = "555555555555";
/// The key of the signatures.
const SECRET: &str = "canary-key";
const REST: &str = "retry-wait = \"1ms\"\nsecret-env = \"HOOK_KEY\"\n";

fn account<'a>(world: &'a mut World, id: &str) -> &'a mut Account {
    world.accounts.iter_mut().find(|it| it.id == id).unwrap()
}

/// One user loses every MFA device.
fn fail_anew(world: &mut World) {
    let mut users = account(world, SECURITY).users.iter_mut();
    let user = users.find(|it| it.password.is_some() && !it.mfa.is_empty());
    user.unwrap().mfa.clear();
}

/// A stage with the snapshots of two days: `1.mfaudit`, and after a change `2.mfaudit`.
fn changed_by(change: impl FnOnce(&mut World)) -> Stage {
    changed(World::demo(), change)
}

fn changed(world: World, change: impl FnOnce(&mut World)) -> Stage {
    let stage = Stage::new(world);
    collect(&stage, 0, "1.mfaudit");
    stage.simulator().update(change);
    collect(&stage, 1, "2.mfaudit");
    stage
}

fn collect(stage: &Stage, days: i64, name: &str) {
    let args = [&["collect", "--output", name], &THREE_RULES[..]].concat();
    let mut command = stage.command(&args);
    command.env("SOURCE_DATE_EPOCH", (NOW + days * DAY).to_string());
    let run = Run::of(command.output().unwrap());
    assert_eq!(run.status, 0, "{}", run.stderr);
}

/// Evaluates a snapshot, told of to a receiver as the keys of `[[notify]]` say.
fn evaluate(stage: &Stage, receiver: &Receiver, keys: &str, args: &[&str]) -> Run {
    let config = format!("[[notify]]\nurl-env = \"HOOK_URL\"\n{REST}{keys}\n");
    std::fs::write(stage.file("mfaudit.toml"), config).unwrap();
    let args = [&["evaluate"], args, &THREE_RULES[..]].concat();
    let mut command = stage.command(&args);
    // A shell that prints into a variable may leave the line end.
    command
        .env("HOOK_URL", format!("{}\n", receiver.url()))
        .env("HOOK_KEY", format!("{SECRET}\r\n"));
    Run::of(command.output().unwrap())
}

const SECOND: [&str; 3] = ["2.mfaudit", "--baseline", "1.mfaudit"];
const JSON: &str = "body = \"json\"";

/// Returns every text of a document, one a line.
fn texts(value: &Value) -> String {
    match value {
        Value::String(it) => format!("{it}\n"),
        Value::Array(it) => it.iter().map(texts).collect(),
        Value::Object(it) => it.values().map(texts).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => String::new(),
    }
}

#[test]
fn a_new_failure_is_told_once_signed_and_with_the_verdict() {
    let stage = changed_by(fail_anew);
    let receiver = Receiver::giving(vec![status(200)]);
    let run = evaluate(&stage, &receiver, JSON, &SECOND);
    assert_eq!(run.status, 3, "{}", run.stderr);
    let told = receiver.only();
    assert_eq!(told.line, "POST /canary-path?sig=canary-query HTTP/1.1");
    assert_eq!(told.header("content-type"), Some("application/json"));
    let at = told.header("mfaudit-timestamp").unwrap();
    let expected = sign(&SECRET.into(), at.parse().unwrap(), told.body.as_bytes());
    assert_eq!(told.header("mfaudit-signature"), Some(expected.as_str()));
    assert_eq!(told.header("mfaudit-delivery").unwrap().len(), 36);
    let message = told.json();
    assert_eq!(message["schema"], "mfaudit-notification");
    assert_eq!(message["headline"], "mfaudit: 1 new failure (1 high)");
    assert_eq!(message["because"], serde_json::json!(["new"]));
    assert_eq!(
        (&message["exit_code"], &message["verdict"]),
        (&3.into(), &"failures".into())
    );
    let new = &message["changes"]["new"];
    assert_eq!(
        (&new["count"], &new["examples"][0]["account_id"]),
        (&1.into(), &SECURITY.into())
    );
    assert_eq!(
        message["changes"]["baseline"]["collected_at"],
        "2026-11-24T09:00:00Z"
    );
    assert_eq!(message["changes"]["coverage_lost"]["count"], 0);
}

/// Signatures are stamped with the time that a receiver has, not with that of the reports.
#[test]
fn the_timestamp_is_now() {
    let stage = changed_by(fail_anew);
    let receiver = Receiver::giving(vec![status(200)]);
    let before = std::time::SystemTime::now();
    evaluate(&stage, &receiver, JSON, &SECOND);
    let seconds =
        |it: std::time::SystemTime| it.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let told = receiver.only();
    let at: u64 = told.header("mfaudit-timestamp").unwrap().parse().unwrap();
    assert!((seconds(before)..=seconds(std::time::SystemTime::now())).contains(&at));
}

#[test]
fn where_nothing_changed_nothing_is_sent_unless_every_run_is_told() {
    let stage = changed_by(|_| ());
    let receiver = Receiver::giving(vec![status(200)]);
    let run = evaluate(&stage, &receiver, JSON, &SECOND);
    assert_eq!(
        run.status, 4,
        "the demo has accounts that nobody sees: {}",
        run.stderr
    );
    assert!(receiver.received().is_empty());
    assert!(!run.stderr.contains("told"), "{}", run.stderr);
    evaluate(
        &stage,
        &receiver,
        &format!("{JSON}\non = [\"fixed\", \"coverage-lost\"]"),
        &SECOND,
    );
    assert!(receiver.received().is_empty());
    evaluate(
        &stage,
        &receiver,
        &format!("{JSON}\non = [\"always\"]"),
        &SECOND,
    );
    let message = receiver.only().json();
    assert_eq!(message["headline"], "mfaudit: no change");
}

#[test]
fn what_is_fixed_and_what_went_out_of_sight_are_told_apart() {
    let stage = changed_by(|world| {
        account(world, RETAIL).roles.clear();
        account(world, "444444444444")
            .users
            .retain(|it| it.name != "elif.kaya");
    });
    for baseline in ["1.mfaudit", "1.json"] {
        if baseline.ends_with("json") {
            std::fs::remove_file(stage.file("mfaudit.toml")).unwrap();
            let args = ["evaluate", "1.mfaudit", "--format", "json=1.json"];
            stage.run(&[&args, &THREE_RULES[..]].concat());
        }
        let receiver = Receiver::giving(vec![status(200)]);
        let args = ["2.mfaudit", "--baseline", baseline];
        evaluate(&stage, &receiver, JSON, &args);
        let message = receiver.only().json();
        assert_eq!(
            message["because"],
            serde_json::json!(["fixed", "coverage-lost"])
        );
        let changes = &message["changes"];
        assert_eq!(changes["fixed"]["count"], 1);
        assert_eq!(changes["fixed"]["examples"][0]["principal"], "elif.kaya");
        let lost = &changes["coverage_lost"];
        assert_eq!(lost["count"], 1, "{lost}");
        assert_eq!(lost["examples"][0]["account_id"], RETAIL);
        let datasets = lost["examples"][0]["datasets"].as_array().unwrap();
        assert!(datasets.contains(&"mfa-status".into()), "{lost}");
        assert!(changes["unknown"].as_u64().unwrap() > 0, "{changes}");
    }
}

/// The demo without the accounts that nobody sees, so that no gate is closed for what is not seen.
fn seen_whole() -> World {
    let mut world = World::demo();
    world
        .accounts
        .retain(|it| !UNSEEN.contains(&it.id.as_str()));
    world
}

const UNSEEN: [&str; 2] = ["888888888888", "999999999999"];

#[test]
fn a_gate_that_closes_for_a_new_account_is_told_and_not_again() {
    let [new, _] = UNSEEN;
    let stage = changed(seen_whole(), |world| {
        let mut demo = World::demo();
        world.accounts.push(account(&mut demo, new).clone());
    });
    for name in ["1", "2"] {
        let (from, to) = (format!("{name}.mfaudit"), format!("json={name}.json"));
        stage.run(&[&["evaluate", &from, "--format", &to], &THREE_RULES[..]].concat());
    }
    for (before, again) in [("1.mfaudit", "2.mfaudit"), ("1.json", "2.json")] {
        let receiver = Receiver::giving(vec![status(200)]);
        let run = evaluate(
            &stage,
            &receiver,
            JSON,
            &["2.mfaudit", "--baseline", before],
        );
        assert_eq!(run.status, 4, "{}", run.stderr);
        let message = receiver.only().json();
        assert_eq!(message["because"], serde_json::json!(["coverage-lost"]));
        assert_eq!(
            message["headline"],
            "mfaudit: 1 account with coverage lost, gate closed for what was not seen"
        );
        let changes = &message["changes"];
        assert_eq!(changes["closed_by_coverage"], true);
        let lost = &changes["coverage_lost"]["examples"][0];
        assert_eq!(
            (&lost["account_id"], &lost["new"]),
            (&new.into(), &true.into())
        );
        let text = lost["text"].as_str().unwrap();
        assert!(
            text.contains(
                "not in the baseline, and not everything was seen of root-credentials, root-mfa"
            ),
            "{text}"
        );
        let receiver = Receiver::giving(vec![status(200)]);
        let run = evaluate(&stage, &receiver, JSON, &["2.mfaudit", "--baseline", again]);
        assert_eq!(run.status, 4, "{}", run.stderr);
        assert!(receiver.received().is_empty());
    }
}

/// Nothing is lost of what was seen, but nobody answers any more for what was not.
#[test]
fn a_gate_that_closes_for_an_account_as_unseen_as_before_is_told() {
    let stage = changed_by(|_| ());
    let waiver = |id: &str| {
        format!(
            "[[coverage-waiver]]\naccount = \"{id}\"\nreason = \"r\"\nowner = \"ana\"\nexpires = 2026-11-24\n"
        )
    };
    let waivers = UNSEEN.map(waiver).concat();
    std::fs::write(stage.file("c.toml"), &waivers).unwrap();
    let args = [
        "evaluate",
        "1.mfaudit",
        "--config",
        "c.toml",
        "--format",
        "json=1.json",
    ];
    stage.run(&[&args, &THREE_RULES[..]].concat());
    for before in ["1.mfaudit", "1.json"] {
        let receiver = Receiver::giving(vec![status(200)]);
        let keys = format!("{JSON}\non = [\"coverage-lost\"]\n{waivers}");
        let run = evaluate(
            &stage,
            &receiver,
            &keys,
            &["2.mfaudit", "--baseline", before],
        );
        assert_eq!(run.status, 4, "{}", run.stderr);
        let message = receiver.only().json();
        assert_eq!(message["because"], serde_json::json!(["coverage-lost"]));
        assert_eq!(message["changes"]["closed_by_coverage"], true);
        assert_eq!(message["changes"]["coverage_lost"]["count"], 0);
    }
}

#[test]
fn without_a_baseline_it_is_told_that_nothing_is_compared() {
    let stage = changed_by(|_| ());
    let receiver = Receiver::giving(vec![status(200)]);
    let run = evaluate(&stage, &receiver, "body = \"slack\"", &["1.mfaudit"]);
    let note = format!(
        "note: without --baseline nobody knows what changed, so {} is told of this run whatever it finds",
        receiver.host()
    );
    assert!(run.notes().contains(&note.as_str()), "{}", run.stderr);
    let told = texts(&receiver.only().json());
    assert!(
        told.contains("compared with nothing: no baseline was given"),
        "{told}"
    );
}

#[test]
fn a_waiver_is_told_of_when_it_comes_near_its_end_and_not_again() {
    let stage = changed_by(|_| ());
    let waiver = |expires| {
        format!(
            "{JSON}\nwaiver-ending-within = \"7d\"\n[[waiver]]\nrule = \"iam-user-console-mfa\"\nprincipal = \"*\"\n\
             account = \"*\"\nowner = \"ana\"\nreason = \"r\"\ncreated = 2026-11-20\nexpires = {expires}"
        )
    };
    // The baseline is of the 24th, the run of the 25th.
    for (expires, because) in [
        ("2026-12-03", None),
        ("2026-12-02", Some("in 7 days")),
        ("2026-12-01", None),
    ] {
        let receiver = Receiver::giving(vec![status(200)]);
        evaluate(&stage, &receiver, &waiver(expires), &SECOND);
        match because {
            None => assert!(receiver.received().is_empty(), "{expires}"),
            Some(when) => {
                let message = receiver.only().json();
                assert_eq!(message["because"], serde_json::json!(["waiver-ending"]));
                let text = &message["waivers_ending"]["examples"][0]["text"];
                assert!(text.as_str().unwrap().ends_with(when), "{text}");
            }
        }
    }
    // On its last day it holds; a day later its failures are held against the run, which is news.
    let receiver = Receiver::giving(vec![status(200)]);
    evaluate(&stage, &receiver, &waiver("2026-11-24"), &SECOND);
    let message = receiver.only().json();
    assert_eq!(
        message["because"],
        serde_json::json!(["new", "waiver-ending"])
    );
    assert_eq!(message["waivers_ending"]["examples"][0]["days_left"], -1);
    assert_eq!(message["changes"]["new"]["examples"][0]["change"], "lapsed");
}

#[test]
fn hostile_names_stay_text() {
    const HOSTILE: &str =
        "A\", \"x\": \"<!channel>\n<https://evil.example|x> & \u{202e}[y](https://evil.example)";
    let stage = changed_by(|world| {
        account(world, SECURITY).name = HOSTILE.to_owned();
        fail_anew(world);
    });
    for (body, shown) in [
        (
            "slack",
            "A\", \"x\": \"&lt;!channel&gt;\\u{a}&lt;https://evil.example|x&gt; &amp; \\u{202e}[y](https",
        ),
        (
            "teams",
            "A\", \"x\": \"<!channel>\\u{a}<https://evil.example|x> & \\u{202e}[y](https",
        ),
    ] {
        let receiver = Receiver::giving(vec![status(200)]);
        evaluate(&stage, &receiver, &format!("body = \"{body}\""), &SECOND);
        let told = texts(&receiver.only().json());
        assert!(told.contains(shown), "{body}: {told}");
        assert!(told.contains("1 new failure"), "{told}");
    }
}

#[test]
fn a_redacted_run_is_told_without_names() {
    let mut world = World::demo();
    for account in &mut world.accounts {
        account.name = format!("Canary {}", account.name);
        for user in &mut account.users {
            user.name = format!("canary-{}", user.name);
        }
    }
    let ids: Vec<_> = world.accounts.iter().map(|it| it.id.clone()).collect();
    let stage = changed(world, |world| {
        fail_anew(world);
        account(world, RETAIL).roles.clear();
    });
    let args = [&SECOND[..], &["--redact", "all", "--redact-key", "key"]].concat();
    let receiver = Receiver::giving(vec![status(200)]);
    let run = evaluate(&stage, &receiver, JSON, &args);
    assert!(matches!(run.status, 3 | 4), "{}", run.stderr);
    let message = receiver.only().json();
    assert_eq!(message["run"]["redacted"], true);
    assert_eq!(message["changes"]["new"]["count"], 1, "{message:#}");
    assert_eq!(message["changes"]["coverage_lost"]["count"], 1);
    let told = message.to_string();
    assert!(!told.to_lowercase().contains("canary"), "{told}");
    for id in ids {
        assert!(!told.contains(&id), "{id}: {told}");
    }
}

#[test]
fn counts_alone_are_told_if_that_is_wanted() {
    let stage = changed_by(fail_anew);
    let receiver = Receiver::giving(vec![status(200)]);
    evaluate(&stage, &receiver, &format!("{JSON}\nlines = 0"), &SECOND);
    let new = &receiver.only().json()["changes"]["new"];
    assert_eq!(
        (&new["count"], &new["by_severity"]["high"]),
        (&1.into(), &1.into())
    );
    assert_eq!(new["examples"], serde_json::json!([]));
}

#[test]
fn a_template_of_one_s_own_makes_the_body() {
    let stage = changed_by(fail_anew);
    std::fs::write(stage.file("text.j2"), "{{ headline }} {{ link }}").unwrap();
    let receiver = Receiver::giving(vec![status(204)]);
    let keys =
        "template = \"text.j2\"\ncontent-type = \"text/plain\"\nlink = \"https://ci.example/1\"";
    evaluate(&stage, &receiver, keys, &SECOND);
    let told = receiver.only();
    assert_eq!(
        told.body,
        "mfaudit: 1 new failure (1 high) https://ci.example/1"
    );
    assert_eq!(told.header("content-type"), Some("text/plain"));
}

#[test]
fn an_audit_tells_too_and_every_receiver() {
    let stage = changed_by(fail_anew);
    let (first, second) = (
        Receiver::giving(vec![status(400)]),
        Receiver::giving(vec![status(200)]),
    );
    let config = format!(
        "[[notify]]\nurl = \"http://{}/in\"\n{JSON}\n[[notify]]\nurl = \"http://{}/in\"\nbody = \"teams\"\n",
        first.host(),
        second.host()
    );
    std::fs::write(stage.file("mfaudit.toml"), config).unwrap();
    let args = [&["audit", "--baseline", "1.mfaudit"], &THREE_RULES[..]].concat();
    let run = stage.run(&args);
    assert_eq!(run.status, 3, "{}", run.stderr);
    assert_eq!(first.only().header("mfaudit-signature"), None);
    let card = second.only().json();
    assert_eq!(card["attachments"][0]["content"]["type"], "AdaptiveCard");
    let told = "did not arrive: it answered 400; the verdict stands";
    assert!(run.stderr.contains(told), "{}", run.stderr);
}
