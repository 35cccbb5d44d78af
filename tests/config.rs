//! The configuration file, from the command line.

use std::{fs, process::Output};

use serde_json::Value;
use simulator::World;

use crate::{
    harness::{Run, Stage, mfaudit, root},
    json_schema,
};

/// A configuration that says something in every section.
const WHOLE: &str = r#"
[scope]
exclude-accounts = ["999999999999"]
organizational-units = ["Workloads/Prod", "ou-ab12-11111111"]

[role]
name = "auditor"
path = "/security/"
external-id = "correct-horse"
session-policy = false

[collection]
concurrency = 64
live = true
also = ["access-keys"]
assume-root = "auto"
deadline = "90m"
account-deadline = "45s"

[rules]
ruleset = "default"
add = ["iam-user-mfa"]
skip = ["root-user-access-key"]

[rules.iam-user-mfa]
severity = "low"
grace-days = 7

[gate]
fail-on = "critical"
min-coverage = 99.5
strict-coverage = true
exit-zero = false

[[report]]
format = "json"
file = "report.json"

[[report]]
format = "table"

[[coverage-waiver]]
ou = "Sandbox"
reason = "recreated nightly"
owner = "platform"
expires = 2027-03-31
"#;

/// Ten mistakes, each of another kind.
const TEN_MISTAKES: &str = r#"
[scop]
accounts = []

[role]
name = "with/slash"
nam = "x"

[collection]
concurrency = 5000
live = "yes"
deadline = "soon"

[rules]
ruleset = "defalt"
add = ["iam-user-mfa", "iam-user-mfa"]

[rules.iam-user-mfas]
severity = "low"

[gate]
fail-on = 3
"#;

fn run(stage: &Stage, args: &[&str]) -> Run {
    stage.run(args)
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn in_folder(folder: &tempfile::TempDir, args: &[&str]) -> Run {
    let output: Output = mfaudit(args).current_dir(folder.path()).output().unwrap();
    Run::of(output)
}

#[test]
fn a_configuration_with_ten_mistakes_yields_ten_errors_in_one_run() {
    let folder = folder(&[("mfaudit.toml", TEN_MISTAKES)]);
    for args in [
        &["config", "check"][..],
        &["audit"],
        &["audit", "--print-config"],
        &["collect", "-o", "x"],
        &["evaluate", "x"],
        &["policy", "--for", "member"],
        &["doctor"],
        &["demo"],
    ] {
        let run = in_folder(&folder, args);
        assert_eq!(run.status, 2, "{args:?} {}", run.stderr);
        assert!(run.stdout.is_empty());
        let places = run.stderr.lines().filter_map(|it| {
            let place = it.strip_prefix("  mfaudit.toml:")?;
            place.split(": ").next().map(str::to_owned)
        });
        let places: Vec<_> = places.collect();
        let expected = [
            "2:2", "6:8", "7:1", "10:15", "11:8", "12:12", "15:11", "16:24", "18:8", "22:11",
        ];
        assert_eq!(places, expected, "{}", run.stderr);
        for advice in [
            "10 mistakes",
            "unknown key `scop`: did you mean `scope`?",
            "unknown key `nam` in [role]: did you mean `name`?",
            "`concurrency` is a number from 1 to 4096, not 5000",
            "cannot be `defalt`: did you mean `default`?",
            "`iam-user-mfa` stands twice in `add`",
            "no rule `iam-user-mfas`: did you mean `iam-user-mfa`?",
            "    18 | [rules.iam-user-mfas]\n       |        ^^^^^^^^^^^^^\n",
        ] {
            assert!(run.stderr.contains(advice), "{advice}\n{}", run.stderr);
        }
    }
}

#[test]
fn what_is_printed_is_the_same_configuration_when_read_back() {
    let folder = folder(&[("whole.toml", WHOLE)]);
    for args in [
        &["audit", "--config", "whole.toml"][..],
        &[
            "audit",
            "--config",
            "whole.toml",
            "--role-name",
            "other",
            "--live=false",
            "--rule",
            "iam-user-mfa",
        ],
        &[
            "audit",
            "--config",
            "whole.toml",
            "--account",
            "111111111111",
            "--format",
            "csv=a b.csv",
        ],
        &["audit"],
        &["collect", "--config", "whole.toml", "--deadline", "3h"],
        &[
            "evaluate",
            "--config",
            "whole.toml",
            "--min-coverage",
            "12.34",
            "--exit-zero",
        ],
    ] {
        let printed = in_folder(&folder, &[args, &["--print-config"]].concat());
        assert_eq!(printed.status, 0, "{args:?} {}", printed.stderr);
        fs::write(folder.path().join("printed.toml"), &printed.stdout).unwrap();
        let command = args[0];
        let again = in_folder(
            &folder,
            &[command, "--config", "printed.toml", "--print-config"],
        );
        assert_eq!(again.status, 0, "{args:?} {}", again.stderr);
        let read = |text: &str| text.parse::<toml::Table>().unwrap();
        assert_eq!(read(&printed.stdout), read(&again.stdout), "{args:?}");
    }
}

#[test]
fn an_option_overrules_the_file_and_the_file_the_default() {
    let folder = folder(&[("mfaudit.toml", WHOLE)]);
    let run = in_folder(
        &folder,
        &[
            "audit",
            "--print-config",
            "--role-name",
            "mfaudit-audit",
            "--live=false",
            "--ou",
            "Other",
        ],
    );
    for line in [
        // The default's value, and yet from the option.
        "name = \"mfaudit-audit\" # --role-name",
        "path = \"/security/\" # mfaudit.toml:8",
        "live = false # --live",
        "concurrency = 64 # mfaudit.toml:13",
        "organizational-units = [\"Other\"] # --ou",
        "exclude-accounts = [\"999999999999\"] # mfaudit.toml:3",
        "# accounts is not set",
        "session-policy = false # mfaudit.toml:10",
        "fail-on = \"critical\" # mfaudit.toml:30",
        "min-coverage = 99.5 # mfaudit.toml:31",
        "severity = \"low\" # mfaudit.toml:26",
        "grace-days = 7 # mfaudit.toml:27",
        "severity = \"critical\" # default",
        "[[report]] # mfaudit.toml:35",
        "# The rest stands in mfaudit.toml alone.",
        "owner = \"platform\"",
    ] {
        assert!(
            run.stdout.contains(&format!("{line}\n")),
            "{line}\n{}",
            run.stdout
        );
    }
    let run = in_folder(
        &folder,
        &["audit", "--print-config", "--config", "/dev/null"],
    );
    assert!(
        run.stdout.contains("name = \"mfaudit-audit\" # default\n"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.contains("[[report]] # default\n"),
        "{}",
        run.stdout
    );
}

#[test]
fn the_caller_s_own_account_alone_is_audited_whatever_the_file_says_of_the_organization() {
    let folder = folder(&[("mfaudit.toml", WHOLE)]);
    let run = in_folder(&folder, &["audit", "--print-config", "--account", "self"]);
    assert!(
        run.stdout.contains("accounts = [\"self\"] # --account\n"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.contains("# organizational-units is not set\n"),
        "{}",
        run.stdout
    );
}

#[test]
fn an_audit_does_what_the_file_says() {
    let mut world = World::generate(4, 30, 5);
    for account in &mut world.accounts {
        account.root = simulator::Root::default();
    }
    let one = world.accounts[1].id.clone();
    let stage = Stage::new(world);
    let config = format!(
        "[scope]\naccounts = [\"{one}\"]\n[rules]\nruleset = []\nadd = [\"iam-user-mfa\"]\n[rules.iam-user-mfa]\n\
         severity = \"info\"\n[gate]\nfail-on = \"low\"\n[[report]]\nformat = \"ndjson\"\nfile = \"found.ndjson\"\n"
    );
    fs::write(stage.file("mfaudit.toml"), config).unwrap();
    let audited = run(&stage, &["audit"]);
    // Failures of severity info stay below the gate.
    assert_eq!(audited.status, 0, "{}{}", audited.stdout, audited.stderr);
    assert!(audited.stdout.is_empty(), "the report goes to its file");
    let found = stage.read("found.ndjson");
    assert!(found.lines().count() > 0);
    for line in found.lines() {
        let finding: Value = serde_json::from_str(line).unwrap();
        assert_eq!(finding["account_id"], *one);
        assert_eq!(finding["rule"], "iam-user-mfa");
        assert_eq!(finding["severity"], "info");
    }
    let gated = run(&stage, &["audit", "--fail-on", "info"]);
    assert_eq!(gated.status, 3, "the option overrules the file");
}

#[test]
fn the_policy_and_the_doctor_know_the_file_s_role() {
    let folder = folder(&[(
        "mfaudit.toml",
        "[role]\nname = \"auditor\"\npath = \"/security/\"\n",
    )]);
    let run = in_folder(&folder, &["policy", "--for", "management"]);
    assert!(
        run.stdout.contains("role/security/auditor"),
        "{}",
        run.stdout
    );
    let run = in_folder(
        &folder,
        &["policy", "--for", "management", "--role-name", "x"],
    );
    assert!(run.stdout.contains("role/security/x"), "{}", run.stdout);
    let stage = Stage::new(World::generate(3, 1, 5));
    fs::write(stage.file("mfaudit.toml"), "[role]\nname = \"nobody\"\n").unwrap();
    let doctor = stage.run(&["doctor"]);
    assert_eq!(doctor.status, 4, "{}", doctor.stdout);
    assert!(doctor.stdout.contains("nobody"), "{}", doctor.stdout);
}

#[test]
fn the_check_says_what_is_in_force_and_what_is_set_in_vain() {
    let text = "[rules.iam-user-mfa]\nseverity = \"low\"\n";
    let folder = folder(&[("mfaudit.toml", WHOLE), ("vain.toml", text)]);
    let run = in_folder(&folder, &["config", "check"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stdout.starts_with("# No mistakes."), "{}", run.stdout);
    assert!(
        run.stdout.contains("name = \"auditor\" # mfaudit.toml:7\n"),
        "{}",
        run.stdout
    );
    let run = in_folder(&folder, &["config", "check", "vain.toml"]);
    assert!(
        run.stdout.contains("Set and not evaluated") && run.stdout.contains(": iam-user-mfa\n")
    );
    let missing = in_folder(&folder, &["config", "check", "missing.toml"]);
    assert_eq!(missing.status, 2);
    assert!(
        missing
            .stderr
            .contains("cannot read the configuration missing.toml")
    );
}

#[test]
fn the_schema_accepts_what_is_right_and_refuses_what_is_wrong() {
    let printed = Run::of(mfaudit(&["config", "schema"]).output().unwrap());
    assert_eq!(printed.status, 0, "{}", printed.stderr);
    let schema: Value = serde_json::from_str(&printed.stdout).unwrap();
    let document = |text: &str| {
        // Editors see a date as a text.
        let table: toml::Table = text
            .replace("2027-03-31", "\"2027-03-31\"")
            .parse()
            .unwrap();
        serde_json::to_value(table).unwrap()
    };
    assert_eq!(
        json_schema::errors(&schema, &document(WHOLE)),
        Vec::<String>::new()
    );
    assert!(json_schema::errors(&schema, &document("")).is_empty());
    let errors = json_schema::errors(&schema, &document(TEN_MISTAKES));
    // What a schema cannot tell, the slash in a name and a length of time, the check tells.
    let places: Vec<_> = errors
        .iter()
        .map(|it| it.split(": ").next().unwrap())
        .collect();
    for place in [
        "/scop",
        "/role/nam",
        "/collection/concurrency",
        "/collection/live",
        "/rules/ruleset",
        "/rules/add",
        "/rules/iam-user-mfas",
        "/gate/fail-on",
    ] {
        assert!(places.contains(&place), "{place}: {errors:?}");
    }
    for defaults in ["/scope", "/role", "/collection", "/gate"] {
        let properties = schema
            .pointer(&format!("/properties{defaults}/properties"))
            .unwrap();
        for (name, property) in properties.as_object().unwrap() {
            if let Some(default) = property.get("default") {
                let errors = json_schema::errors(property, default);
                assert!(errors.is_empty(), "{defaults}/{name}: {errors:?}");
            }
        }
    }
}

#[test]
fn the_guide_s_example_is_right() {
    let guide = fs::read_to_string(root().join("docs/guide.md")).unwrap();
    let section = guide.split("## Configuration\n").nth(1).unwrap();
    let example = section.split("```toml\n").nth(1).unwrap();
    let example = example.split("```").next().unwrap();
    let folder = folder(&[("mfaudit.toml", example)]);
    let run = in_folder(&folder, &["config", "check"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stdout.contains("fail-on = \"high\" # mfaudit.toml:"));
}
