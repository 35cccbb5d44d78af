//! The whole pipeline: collect, evaluate, report, gate.

use std::process::Stdio;

use simulator::{Account, Fault, FaultKind, World};

use crate::harness::{Findings, Run, Stage, THREE_RULES, mfaudit, without_root_credentials};

const FORMATS: [&str; 13] = [
    "table",
    "csv",
    "json",
    "ndjson",
    "coverage",
    "markdown",
    "xlsx",
    "parquet",
    "prometheus",
    "sarif",
    "junit",
    "ocsf",
    "asff",
];

fn reports(stage: &Stage, prefix: &str) -> Vec<String> {
    let arg = |name: &str| {
        format!(
            "{name}={}",
            stage.file(&format!("{prefix}.{name}")).display()
        )
    };
    FORMATS
        .iter()
        .flat_map(|it| ["--format".to_owned(), arg(it)])
        .collect()
}

fn args<'a>(first: &[&'a str], more: &'a [String]) -> Vec<&'a str> {
    first
        .iter()
        .copied()
        .chain(more.iter().map(String::as_str))
        .collect()
}

#[test]
fn the_demo_prints_a_report_and_exits_with_0() {
    let run = Run::of(mfaudit(&["demo"]).output().unwrap());
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(
        run.stdout.contains("a real audit would exit 3"),
        "{}",
        run.stdout
    );
    assert_eq!(run.notes(), [""; 0]);
}

#[test]
fn collecting_and_evaluating_is_auditing_byte_for_byte() {
    let stage = Stage::new(World::demo());
    let (audited, evaluated) = (reports(&stage, "audited"), reports(&stage, "evaluated"));
    let audit = stage.run(&args(&["audit"], &audited));
    assert_eq!(audit.status, 3, "{}", audit.stderr);
    let collect = stage.run(&["collect", "-o", "run.mfaudit"]);
    assert_eq!(collect.status, 0, "{}", collect.stderr);
    let evaluate = stage.run(&args(&["evaluate", "run.mfaudit"], &evaluated));
    assert_eq!(evaluate.status, 3, "{}", evaluate.stderr);
    for format in FORMATS {
        let read = |run: &str| std::fs::read(stage.file(&format!("{run}.{format}"))).unwrap();
        let (a, b) = (read("audited"), read("evaluated"));
        assert!(a == b, "{format} differs");
        assert!(!a.is_empty());
    }
}

#[test]
fn two_runs_on_one_world_are_byte_identical() {
    let stage = Stage::new(World::generate(12, 9, 7));
    for run in ["first", "second"] {
        let reports = reports(&stage, run);
        let snapshot = format!("{run}.mfaudit");
        let concurrency = if run == "first" { "1" } else { "16" };
        let options = [
            "audit",
            "--snapshot",
            &snapshot,
            "--concurrency",
            concurrency,
        ];
        let ended = stage.run(&args(&options, &reports));
        assert!(matches!(ended.status, 3 | 4), "{}", ended.stderr);
    }
    let bytes = |name: &str| std::fs::read(stage.file(name)).unwrap();
    assert!(bytes("first.mfaudit") == bytes("second.mfaudit"));
    for format in FORMATS {
        assert!(
            bytes(&format!("first.{format}")) == bytes(&format!("second.{format}")),
            "{format} differs"
        );
    }
}

#[test]
fn the_demo_s_verdicts_are_the_world_s_truth() {
    let stage = Stage::new(World::demo());
    let (run, findings) = stage.audit(&[]);
    assert_eq!(run.status, 3, "{}", run.stderr);
    let rule = "iam-user-console-mfa";
    let expected = ["david.costa", "elif.kaya", "ivan.larsen", "=noah+1"];
    assert_eq!(
        findings.names(rule, "fail"),
        expected.map(str::to_owned).into()
    );
    for (account, status) in [
        ("444444444444", "fail"),
        ("111111111111", "pass"),
        ("888888888888", "indeterminate"),
    ] {
        let root = format!("arn:aws:iam::{account}:root");
        assert_eq!(findings.status("root-user-mfa", &root), status, "{account}");
    }
    assert!(!findings.names("root-user-mfa", "not-applicable").is_empty());
}

#[test]
fn an_account_that_cannot_be_entered_is_not_forgotten() {
    let stage = Stage::new(World::demo());
    let (_, findings) = stage.audit(&["--account", "888888888888"]);
    let account = "arn:aws:iam::888888888888:root";
    let finding = findings.finding("iam-user-console-mfa", account);
    assert_eq!(finding["status"], "indeterminate");
    assert_eq!(finding["principal_kind"], "account");
    assert_eq!(finding["gap_reason"], "entry-denied");
    assert!(
        finding["reason"]
            .as_str()
            .unwrap()
            .contains("is not authorized to perform: sts:AssumeRole")
    );
}

#[test]
fn incomplete_never_reads_as_compliant() {
    let stage = Stage::new(World::demo());
    let only_unseen = ["--account", "888888888888"];
    // What the organization tells of the account is seen: whether its root credentials are managed centrally.
    let seen = "no failure among what was seen; the account was not fully seen";
    let nothing = "nothing was seen in the account, so no one was judged";
    for (rules, told) in [(&[][..], seen), (&THREE_RULES[..], nothing)] {
        let args = [&only_unseen[..], rules].concat();
        let (run, findings) = stage.audit(&args);
        assert_eq!(run.status, 4);
        let mut findings = findings.all();
        assert!(findings.all(|it| it["status"] == "indeterminate"));
        let table = stage.run(&[&["audit"], &args[..]].concat());
        assert_eq!(table.status, 4);
        assert!(table.stdout.contains(told), "{}", table.stdout);
        assert!(!table.stdout.contains("PASS"), "{}", table.stdout);
    }
}

#[test]
fn the_gate_follows_its_settings() {
    let stage = Stage::new(World::demo());
    assert_eq!(stage.run(&["collect", "-o", "run.mfaudit"]).status, 0);
    let evaluate = |more: &[&str]| {
        stage
            .run(&[&["evaluate", "run.mfaudit", "--format", "csv"], more].concat())
            .status
    };
    assert_eq!(evaluate(&[]), 3);
    assert_eq!(evaluate(&["--exit-zero"]), 0);
    let low = ["--rule", "iam-user-mfa"];
    assert_eq!(evaluate(&[&low[..], &["--fail-on", "high"]].concat()), 4);
    assert_eq!(
        evaluate(&[&low[..], &["--fail-on", "high", "--min-coverage", "50"]].concat()),
        0
    );
    assert_eq!(evaluate(&[&low[..], &["--fail-on", "medium"]].concat()), 3);
}

#[test]
fn an_unseen_management_account_closes_the_gate_whatever_the_coverage() {
    let mut world = without_root_credentials(World::generate(10, 0, 3));
    let management = world
        .organization
        .as_ref()
        .unwrap()
        .management_account
        .clone();
    world.faults = vec![Fault {
        account: Some(management),
        action: "iam:*".to_owned(),
        after: None,
        times: None,
        kind: FaultKind::Deny {
            message: None,
            policy: simulator::PolicyKind::Identity,
        },
    }];
    let stage = Stage::new(world);
    let run = stage.run(&["audit", "--min-coverage", "10"]);
    assert_eq!(run.status, 4, "{}\n{}", run.stdout, run.stderr);
}

#[test]
fn accounts_that_are_not_active_are_listed_and_count_for_nothing() {
    let stage = Stage::new(World::demo());
    let run = stage.run(&["audit"]);
    assert!(run.stdout.contains("SKIPPED"), "{}", run.stdout);
    let (_, findings) = stage.audit(&[]);
    assert!(
        findings.all().all(|it| it["account_id"] != "101010101010"),
        "the suspended account has findings"
    );
}

#[test]
fn a_unit_with_its_whole_subtree_is_chosen_by_name_path_or_id() {
    let stage = Stage::new(World::demo());
    let accounts = |ou: &str| {
        let (_, findings) = stage.audit(&["--ou", ou]);
        let ids = findings
            .all()
            .map(|it| it["account_id"].as_str().unwrap().to_owned());
        ids.collect::<std::collections::BTreeSet<_>>()
    };
    let prod = accounts("Workloads/Prod");
    assert_eq!(prod.len(), 3);
    assert_eq!(accounts("Prod"), prod);
    assert!(accounts("Workloads").is_superset(&prod));
    assert!(accounts("Workloads").len() > prod.len());
}

#[test]
fn what_is_kept_of_an_interrupted_run_can_be_evaluated() {
    let mut world = World::generate(6, 3, 5);
    let slow: Vec<Account> = world.accounts.iter().skip(2).cloned().collect();
    world.faults = slow
        .iter()
        .map(|account| Fault {
            account: Some(account.id.clone()),
            action: "iam:GetAccountSummary".to_owned(),
            after: None,
            times: None,
            kind: FaultKind::Hang { seconds: 600 },
        })
        .collect();
    let stage = Stage::new(world);
    let mut command = stage.command(&["collect", "-o", "run.mfaudit", "--concurrency", "16"]);
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let journal = stage.file("run.mfaudit.journal");
    // The two accounts that answer are on disk as soon as they are whole.
    let recorded = || {
        std::fs::read_to_string(&journal)
            .unwrap_or_default()
            .matches("{\"record\":")
            .count()
    };
    while recorded() < 2 {
        std::thread::yield_now();
    }
    let interrupt = std::process::Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(interrupt.success());
    let run = Run::of(child.wait_with_output().unwrap());
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(
        run.stderr.contains("2 of 6 accounts are kept in"),
        "{}",
        run.stderr
    );
    assert!(!stage.file("run.mfaudit").exists());

    let evaluated = stage.run(&["evaluate", "run.mfaudit.journal", "--format", "ndjson"]);
    assert!(matches!(evaluated.status, 3 | 4), "{}", evaluated.stderr);
    let findings = Findings::of(&evaluated.stdout);
    let interrupted = findings
        .all()
        .filter(|it| it["gap_reason"] == "interrupted")
        .count();
    assert_eq!(
        interrupted,
        4 * 5,
        "each of five rules for each of four accounts, that of the organization aside"
    );

    let again = stage.run(&["collect", "-o", "run.mfaudit"]);
    assert_eq!(again.status, 2, "{}", again.stderr);
    assert!(
        again
            .stderr
            .contains("left over from a run that was interrupted"),
        "{}",
        again.stderr
    );
}

#[test]
fn hostile_names_stay_text_in_every_report() {
    let stage = Stage::new(World::demo());
    let csv = stage.run(&["audit", "--format", "csv"]).stdout;
    for record in csv::Reader::from_reader(csv.as_bytes()).records() {
        for cell in &record.unwrap() {
            assert!(!cell.starts_with(['=', '+', '@']), "{cell}");
        }
    }
}
