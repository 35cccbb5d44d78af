//! The configuration file and its coverage waivers, from the command line.

use serde_json::Value;
use simulator::{Fault, FaultKind, PolicyKind, World};

use crate::harness::{Findings, NOW, Run, Stage, mfaudit, without_root_credentials};

/// The account that denies everything.
const DENIED: usize = 3;
const DAY: i64 = 24 * 60 * 60;

/// An organization without a failure, of which one account cannot be read.
fn stage() -> (Stage, String, String) {
    let mut world = without_root_credentials(World::generate(6, 0, 3));
    let denied = world.accounts[DENIED].id.clone();
    let ou = world.accounts[DENIED].ou.clone();
    world.faults = vec![Fault {
        account: Some(denied.clone()),
        action: "iam:*".to_owned(),
        after: None,
        times: None,
        kind: FaultKind::Deny {
            message: None,
            policy: PolicyKind::Identity,
        },
    }];
    (Stage::new(world), denied, ou)
}

fn waiver(scope: &str, expires: &str) -> String {
    format!(
        "[[coverage-waiver]]\n{scope}\nreason = \"being closed\"\nowner = \"cloud-team\"\nexpires = {expires}\n"
    )
}

fn write(stage: &Stage, name: &str, text: &str) {
    std::fs::write(stage.file(name), text).unwrap();
}

/// Audits at a moment, so many days after the tests' own.
fn audit(stage: &Stage, days: i64, args: &[&str]) -> Run {
    let mut command = stage.command(&[&["audit"], args].concat());
    command.env("SOURCE_DATE_EPOCH", (NOW + days * DAY).to_string());
    Run::of(command.output().unwrap())
}

fn waivers(json: &str) -> Vec<(String, u64)> {
    let document: Value = serde_json::from_str(json).unwrap();
    let listed = document["summary"]["coverage_waivers"].as_array().unwrap();
    let told = |it: &Value| {
        let state = it["state"].as_str().unwrap().to_owned();
        (state, it["accounts"].as_u64().unwrap())
    };
    listed.iter().map(told).collect()
}

#[test]
fn a_waiver_opens_the_gate_through_its_last_day_and_then_no_more() {
    let (stage, denied, _) = stage();
    // The tests stand at 2026-11-24.
    write(
        &stage,
        "c.toml",
        &waiver(&format!("account = \"{denied}\""), "2026-11-25"),
    );
    assert_eq!(
        audit(&stage, 0, &[]).status,
        4,
        "without it the gate is closed"
    );
    for (days, status, state) in [(0, 0, "active"), (1, 0, "active"), (2, 4, "expired")] {
        let run = audit(&stage, days, &["--config", "c.toml", "--format", "json"]);
        assert_eq!(run.status, status, "{days}: {}{}", run.stdout, run.stderr);
        assert_eq!(waivers(&run.stdout), [(state.to_owned(), 1)]);
        let document: Value = serde_json::from_str(&run.stdout).unwrap();
        let coverage = &document["summary"]["coverage"];
        assert_eq!(coverage["accounts_short"], 1, "waived is not seen");
        let undecided = &document["summary"]["findings"]["indeterminate"];
        assert!(
            undecided.as_u64().unwrap() > 0,
            "findings stay without a verdict"
        );
    }
}

#[test]
fn the_table_says_what_is_waived_by_whom_until_when_and_why() {
    let (stage, denied, _) = stage();
    write(
        &stage,
        "c.toml",
        &waiver(&format!("account = \"{denied}\""), "2026-11-25"),
    );
    let table = audit(&stage, 0, &["--config", "c.toml"]).stdout;
    let text = table.split_whitespace().collect::<Vec<_>>().join(" ");
    let told = format!(
        "WAIVED account {denied}, not fully seen, is waived until 2026-11-25 by cloud-team: being closed"
    );
    assert!(text.contains(&told), "{table}");
    assert!(
        text.contains("1 of 6 accounts not fully seen; 1 of them waived"),
        "{table}"
    );
    assert!(
        text.contains("100 % of what is not waived was seen"),
        "{table}"
    );
    assert!(!table.contains("PASS"), "{table}");
    let table = audit(&stage, 2, &["--config", "c.toml"]).stdout;
    let text = table.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(!text.contains("WAIVED"), "{table}");
    let told = format!(
        "account {denied}: expired, was valid until 2026-11-25 (cloud-team: being closed); 1 account not fully seen \
         is held against coverage: renew or remove it"
    );
    assert!(text.contains(&told), "{table}");
}

#[test]
fn a_unit_s_waiver_covers_what_is_in_and_below_it() {
    let (stage, _, ou) = stage();
    let top = ou.split('/').next().unwrap();
    assert!(!top.is_empty());
    for unit in [&ou, top] {
        let config = waiver(&format!("ou = \"{unit}\""), "2026-12-31");
        write(&stage, "c.toml", &config);
        let run = audit(&stage, 0, &["--config", "c.toml", "--format", "json"]);
        assert_eq!(run.status, 0, "{}{}", run.stdout, run.stderr);
        assert_eq!(waivers(&run.stdout), [("active".to_owned(), 1)]);
    }
    let (half, _) = top.split_at(top.len() - 1);
    for unit in [half, "Nowhere"] {
        let config = waiver(&format!("ou = \"{unit}\""), "2026-12-31");
        write(&stage, "c.toml", &config);
        let run = audit(&stage, 0, &["--config", "c.toml", "--format", "json"]);
        assert_eq!(run.status, 4);
        assert_eq!(waivers(&run.stdout), [("unmatched".to_owned(), 0)]);
    }
}

#[test]
fn a_waiver_does_not_make_a_failure_vanish() {
    let stage = Stage::new(World::demo());
    let scopes = [
        "account = \"888888888888\"",
        "ou = \"Quarantine\"",
        "ou = \"Workloads\"",
    ];
    let text: String = scopes.map(|it| waiver(it, "2026-12-31")).concat();
    write(&stage, "c.toml", &text);
    let bare = audit(&stage, 0, &["--format", "ndjson"]);
    let waived = audit(&stage, 0, &["--config", "c.toml", "--format", "ndjson"]);
    assert_eq!((bare.status, waived.status), (3, 3));
    let (findings, listed): (Vec<_>, Vec<_>) = waived
        .stdout
        .lines()
        .partition(|it| !it.starts_with("{\"coverage_waiver\":"));
    assert_eq!(
        findings,
        bare.stdout.lines().collect::<Vec<_>>(),
        "findings are the same"
    );
    assert_eq!(listed.len(), 3);
    assert!(Findings::of(&bare.stdout).all().count() > 0);
}

#[test]
fn the_file_in_the_working_directory_is_used_and_named() {
    let (stage, denied, _) = stage();
    write(
        &stage,
        "mfaudit.toml",
        &waiver(&format!("account = \"{denied}\""), "2026-12-31"),
    );
    let note = "note: mfaudit.toml in the working directory is used";
    let run = audit(&stage, 0, &[]);
    assert_eq!(run.status, 0, "{}{}", run.stdout, run.stderr);
    assert!(run.stderr.contains(note), "{}", run.stderr);
    write(&stage, "other.toml", "");
    let run = audit(&stage, 0, &["--config", "other.toml"]);
    assert_eq!(run.status, 4, "a named file takes its place");
    assert!(!run.stderr.contains(note), "{}", run.stderr);
}

#[test]
fn a_snapshot_is_judged_with_waivers_as_of_its_own_time() {
    let (stage, denied, _) = stage();
    assert_eq!(stage.run(&["collect", "-o", "run.mfaudit"]).status, 0);
    for (expires, status) in [("2026-11-24", 0), ("2026-11-23", 4)] {
        write(
            &stage,
            "c.toml",
            &waiver(&format!("account = \"{denied}\""), expires),
        );
        let run = stage.run(&["evaluate", "run.mfaudit", "--config", "c.toml"]);
        assert_eq!(
            run.status, status,
            "{expires}: {}{}",
            run.stdout, run.stderr
        );
    }
}

#[test]
fn evidence_that_tells_no_time_is_not_waived_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(
        path("report.csv"),
        "user,password_enabled,mfa_active\nalice,true,true\n",
    )
    .unwrap();
    std::fs::write(
        path("c.toml"),
        waiver("account = \"111122223333\"", "2026-12-31"),
    )
    .unwrap();
    let (report, config) = (path("report.csv"), path("c.toml"));
    let evaluate = |more: &[&str]| {
        let args = [
            "evaluate",
            &report,
            "--account",
            "111122223333",
            "--config",
            &config,
        ];
        Run::of(mfaudit(&[&args, more].concat()).output().unwrap())
    };
    let undated = evaluate(&[]);
    assert_eq!(undated.status, 4, "{}{}", undated.stdout, undated.stderr);
    assert!(
        undated.stdout.contains("not applied, since the evidence"),
        "{}",
        undated.stdout
    );
    assert_eq!(evaluate(&["--as-of", "2026-12-31"]).status, 0);
    assert_eq!(evaluate(&["--as-of", "2027-01-01"]).status, 4);
}

#[test]
fn every_mistake_of_a_config_file_is_told_at_once_with_its_place() {
    let (stage, ..) = stage();
    let text = "[[coverage-waiver]]\naccount = 222222222222\nreason = \"\"\nowner = \"ana\"\nexpire = 2026-12-31\n\
                [scop]\nou = \"A\"\n";
    write(&stage, "c.toml", text);
    for command in [
        vec!["audit"],
        vec!["collect", "-o", "run.mfaudit"],
        vec!["evaluate", "run.mfaudit"],
        vec!["demo"],
    ] {
        let run = stage.run(&[&command[..], &["--config", "c.toml"]].concat());
        assert_eq!(run.status, 2, "{command:?}: {}", run.stderr);
        assert!(run.stdout.is_empty(), "{}", run.stdout);
        for told in [
            "c.toml:1:1: [[coverage-waiver]] has no `expires`: add expires = 2026-12-31",
            "c.toml:2:11: `account` is a text, not of type integer: put it in quotes",
            "c.toml:3:10: `reason` is empty",
            "c.toml:5:1: unknown key `expire` in [[coverage-waiver]]: did you mean `expires`?",
            "c.toml:6:2: unknown key `scop`: did you mean `scope`?",
        ] {
            assert!(
                run.stderr.contains(told),
                "{command:?}: {told}\n{}",
                run.stderr
            );
        }
    }
    assert!(!stage.file("run.mfaudit").exists());
}

#[test]
fn a_config_file_that_is_not_there_is_a_mistake() {
    let run = Run::of(
        mfaudit(&["demo", "--config", "/nonexistent.toml"])
            .output()
            .unwrap(),
    );
    assert_eq!(run.status, 2, "{}", run.stderr);
    assert!(
        run.stderr
            .contains("cannot read the configuration /nonexistent.toml"),
        "{}",
        run.stderr
    );
}

#[test]
fn the_ledger_is_the_same_in_csv_and_json() {
    let stage = Stage::new(World::demo());
    write(
        &stage,
        "c.toml",
        &waiver("account = \"888888888888\"", "2026-12-31"),
    );
    let args = [
        "--config",
        "c.toml",
        "--format",
        "coverage=c.csv",
        "--format",
        "json=r.json",
    ];
    assert_eq!(audit(&stage, 0, &args).status, 3);
    let ledger = stage.read("c.csv");
    let mut reader = csv::Reader::from_reader(ledger.as_bytes());
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    let mut of_csv: Vec<[String; 4]> = rows
        .iter()
        .map(|it| [&it[0], &it[3], &it[4], &it[5]].map(str::to_owned))
        .collect();
    let document: Value = serde_json::from_str(&stage.read("r.json")).unwrap();
    let text = |it: &Value| it.as_str().unwrap().to_owned();
    let mut of_json = Vec::new();
    for account in document["accounts"].as_array().unwrap() {
        let datasets = account["datasets"].as_array().unwrap();
        let id = text(&account["account_id"]);
        if datasets.is_empty() {
            of_json.push([
                id.clone(),
                String::new(),
                "not-audited".into(),
                text(&account["state"]),
            ]);
        }
        for cell in datasets {
            let [dataset, coverage] = ["dataset", "coverage"].map(|it| text(&cell[it]));
            let causes = cell["causes"].as_array().unwrap();
            let mut reasons: Vec<_> = causes.iter().map(|it| text(&it["reason"])).collect();
            if reasons.is_empty() {
                reasons.push(String::new());
            }
            for reason in reasons {
                of_json.push([id.clone(), dataset.clone(), coverage.clone(), reason]);
            }
        }
    }
    of_csv.sort();
    of_json.sort();
    assert_eq!(of_csv, of_json);
    let waived: Vec<_> = rows.iter().filter(|it| !it[9].is_empty()).collect();
    assert!(!waived.is_empty() && waived.iter().all(|it| &it[0] == "888888888888"));
    assert_eq!(
        &waived[0][9],
        "until 2026-12-31 by cloud-team: being closed"
    );
    let denied = rows
        .iter()
        .find(|it| &it[0] == "999999999999" && &it[3] == "iam-users")
        .unwrap();
    let told = [4, 5, 6].map(|it| denied[it].to_owned());
    assert_eq!(told, ["not-seen", "access-denied", "ListUsers"]);
    assert!(denied[7].ends_with("/p-quarantine1") && denied[8].contains("explicit deny"));
}
