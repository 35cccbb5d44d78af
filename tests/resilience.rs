//! Every fault becomes a gap, never a pass.

use simulator::{Fault, FaultKind, PolicyKind, World};

use crate::harness::{Run, Stage};

fn fault(action: &str, kind: FaultKind) -> Fault {
    Fault {
        account: None,
        action: action.to_owned(),
        after: None,
        times: None,
        kind,
    }
}

fn denied(action: &str) -> Fault {
    fault(
        action,
        FaultKind::Deny {
            message: None,
            policy: PolicyKind::Identity,
        },
    )
}

fn demo_with(faults: Vec<Fault>) -> Stage {
    let mut world = World::demo();
    world.faults = faults;
    Stage::new(world)
}

#[test]
fn with_report_and_login_profiles_denied_no_user_is_judged() {
    let stage = demo_with(vec![
        denied("iam:GetCredentialReport"),
        denied("iam:GetLoginProfile"),
    ]);
    let (run, findings) = stage.audit(&["--rule", "iam-user-console-mfa"]);
    assert_eq!(run.status, 4, "{}", run.stderr);
    for finding in findings.all() {
        assert_eq!(finding["status"], "indeterminate", "{finding}");
    }
    let reasons: Vec<_> = findings
        .all()
        .map(|it| it["reason"].as_str().unwrap())
        .collect();
    assert!(
        reasons.iter().any(|it| it.contains("GetLoginProfile")),
        "{reasons:?}"
    );
}

#[test]
fn throttling_that_ends_leaves_no_trace() {
    let throttle = FaultKind::Throttle {
        code: "Throttling".to_owned(),
    };
    let stage = demo_with(vec![Fault {
        times: Some(1),
        ..fault("iam:ListUsers", throttle)
    }]);
    let (_, findings) = stage.audit(&[]);
    let (_, undisturbed) = Stage::new(World::demo()).audit(&[]);
    let statuses =
        |it: &crate::harness::Findings| it.all().map(|it| it["status"].clone()).collect::<Vec<_>>();
    assert_eq!(statuses(&findings), statuses(&undisturbed));
}

#[test]
fn a_malformed_answer_is_a_gap_with_its_reason() {
    for kind in [
        FaultKind::Malformed,
        FaultKind::Truncated,
        FaultKind::HtmlBody,
    ] {
        let stage = demo_with(vec![fault("iam:GetAccountSummary", kind.clone())]);
        let (_, findings) = stage.audit(&["--rule", "root-user-access-key", "--live"]);
        let undecided = findings.names("root-user-access-key", "pass");
        assert!(undecided.is_empty(), "{kind:?}: {undecided:?}");
    }
}

#[test]
fn a_page_token_that_repeats_ends_the_listing_with_an_error() {
    let stage = demo_with(vec![fault(
        "organizations:ListAccounts",
        FaultKind::RepeatToken,
    )]);
    let run = stage.run(&["audit"]);
    assert_eq!(run.status, 1, "{}", run.stdout);
    assert!(
        run.stderr.contains("the same page token twice"),
        "{}",
        run.stderr
    );
}

#[test]
fn an_empty_page_with_a_token_is_not_the_last() {
    let empty = Fault {
        times: Some(1),
        ..fault("organizations:ListAccounts", FaultKind::EmptyPage)
    };
    let (_, findings) = demo_with(vec![empty]).audit(&[]);
    let (_, undisturbed) = Stage::new(World::demo()).audit(&[]);
    assert_eq!(findings.all().count(), undisturbed.all().count());
}

#[test]
fn credentials_that_expire_stop_the_run_and_it_goes_on_when_there_are_new_ones() {
    let expired = Fault {
        after: Some(3),
        times: Some(1),
        ..fault("sts:AssumeRole", FaultKind::ExpiredToken)
    };
    let undisturbed = demo_with(vec![]);
    let whole = undisturbed.run(&["audit", "--format", "csv"]);
    let stage = demo_with(vec![expired]);
    let arguments = ["audit", "--snapshot", "run.mfaudit", "--format", "csv"];
    let run = stage.run(&[&arguments[..], &["--concurrency", "1"]].concat());
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(
        run.stdout.is_empty(),
        "no report of half a run: {}",
        run.stdout
    );
    for word in [
        "credentials have expired",
        "sign in again",
        "accounts are kept",
        "--resume",
    ] {
        assert!(run.stderr.contains(word), "{word}: {}", run.stderr);
    }
    assert!(!stage.file("run.mfaudit").exists());
    let resumed = stage.run(&[&arguments[..], &["--resume"]].concat());
    assert_eq!(resumed.status, 3, "{}", resumed.stderr);
    assert_eq!(resumed.stdout, whole.stdout);
}

#[test]
fn a_report_that_never_completes_costs_no_verdict() {
    let world = |stuck| {
        let mut world = World::generate(2, 4, 21);
        for account in &mut world.accounts {
            account.report = simulator::Report {
                stuck,
                ..simulator::Report::default()
            };
        }
        world
    };
    // Live mode reads no report at all, and so is not held up; what it says is what the report would have.
    let (_, live) = Stage::new(world(true)).audit(&["--live"]);
    let (_, reported) = Stage::new(world(false)).audit(&[]);
    let statuses =
        |it: &crate::harness::Findings| it.all().map(|it| it["status"].clone()).collect::<Vec<_>>();
    assert_eq!(statuses(&live), statuses(&reported));
}

#[test]
fn too_many_open_files_is_never_said_to_be_another_mistake() {
    let stage = Stage::new(World::generate(2, 1, 5));
    assert_eq!(stage.run(&["collect", "-o", "run.mfaudit"]).status, 0);
    let evaluate = stage.command(&["evaluate", "run.mfaudit", "--format", "csv=x.csv"]);
    let mut statuses = std::collections::BTreeSet::new();
    for limit in 4..24 {
        let mut limited = std::process::Command::new("sh");
        limited.args(["-c", &format!("ulimit -n {limit}; exec \"$0\" \"$@\"")]);
        limited
            .arg(evaluate.get_program())
            .args(evaluate.get_args());
        let kept = evaluate.get_envs();
        let kept = kept.filter_map(|(key, value)| Some((key, value?)));
        limited.env_clear().envs(kept).current_dir(stage.file(""));
        let run = Run::of(limited.output().unwrap());
        // The loader, and the runtime's library, end the process in ways of their own.
        if run.status == 1 {
            let told = run.stderr.contains("raise the limit of open files");
            assert!(told, "{limit}: {}", run.stderr);
        }
        statuses.insert(run.status);
    }
    assert!(
        statuses.contains(&1) && statuses.contains(&3),
        "{statuses:?}"
    );
}
