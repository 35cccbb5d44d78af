//! A comparison as people and programs read it.

use model::{AccountState, Fact, Gap, GapReason, Listing, Scope};
use rules::{Diff, Run, RunFinding, Standing, Status, Subject, SubjectKind};

use super::{DiffFormat, write_diff};
use crate::{
    Appearance, Colour, Links, Verbosity,
    earlier::read_run,
    formats::tests::{named, written},
    sample::{self, Sample},
};

const LOOK: Appearance = Appearance {
    width: 80,
    colour: Colour::Plain,
    links: Links::None,
    verbosity: Verbosity::Everything,
};

fn read(sample: &Sample, run: Run) -> Run {
    let report = written(named("json"), sample, &LOOK);
    read_run(report.as_bytes(), run).unwrap()
}

fn between(before: &Sample, after: &Sample) -> Diff {
    let before = read(before, Run::default());
    let after = read(after, Run::watching(&before));
    Diff::between(&before, &after)
}

/// The organization with every kind of trouble, some days and changes later.
fn later() -> Sample {
    let mut sample = sample::mixed();
    sample.header.collected_at = Some("2026-11-28T06:00:00Z".parse().unwrap());
    sample.rules.pop();
    sample.rules.extend(
        rules::CATALOG
            .iter()
            .filter(|it| it.id == "iam-user-console-mfa" || it.id == "iam-user-mfa"),
    );
    let [_, retail, payments, data, ..] = sample.records.as_mut_slice() else {
        panic!("the sample has accounts");
    };
    let mfa = retail
        .iam_users
        .items
        .iter()
        .find(|it| &*it.name == "eve")
        .unwrap();
    let mfa = mfa.mfa.clone();
    for user in &mut retail.iam_users.items {
        if &*user.name == "ana" {
            user.mfa = mfa.clone();
        }
    }
    retail.iam_users.items.retain(|it| &*it.name != "ben");
    let gap = payments.missing(Gap::new(model::Dataset::IamUsers, GapReason::Throttled));
    payments.iam_users = Listing::unseen(gap);
    payments.root_user.mfa = Fact::Unknown(gap);
    data.account.state = AccountState::Closed;
    data.account.scope = Scope::NotActive;
    sample.records.remove(6);
    sample
}

fn text(diff: &Diff, format: DiffFormat) -> String {
    let text = write_diff(diff, format, &LOOK).unwrap();
    text.replace(
        concat!("mfaudit ", env!("CARGO_PKG_VERSION")),
        "mfaudit X.Y.Z",
    )
}

#[test]
fn every_form_reads_right() {
    let diff = between(&sample::mixed(), &later());
    insta::assert_snapshot!("table", text(&diff, DiffFormat::Table));
    insta::assert_snapshot!("json", text(&diff, DiffFormat::Json));
    insta::assert_snapshot!("markdown", text(&diff, DiffFormat::Markdown));
}

#[test]
fn nothing_differs_from_itself() {
    for sample in [sample::mixed(), sample::hostile(), sample::large()] {
        let diff = between(&sample, &sample);
        let counts = diff.counts;
        let changed = [
            counts.new,
            counts.lapsed,
            counts.new_rule,
            counts.fixed,
            counts.unknown,
        ];
        assert_eq!(changed, [0; 5]);
        assert!(counts.known > 0 && !diff.has_new());
        let table = text(&diff, DiffFormat::Table);
        assert!(table.contains("nothing else differs"), "{table}");
    }
}

#[test]
fn hostile_names_stay_text_in_every_form() {
    let mut before = sample::hostile();
    let mut after = sample::hostile();
    after.baseline = None;
    before.records.truncate(3);
    let mut diff = between(&before, &after);
    for name in sample::HOSTILE {
        diff.rules_after.push(name.to_owned());
        diff.disappeared.extend(
            diff.appeared
                .iter()
                .map(|it| (it.clone(), rules::Absence::Gone)),
        );
    }
    let obeyed = |it: char| {
        it != '\n' && (it.is_control() || matches!(it, '\u{200b}' | '\u{202e}' | '\u{2066}'))
    };
    for format in [DiffFormat::Table, DiffFormat::Json, DiffFormat::Markdown] {
        assert!(!text(&diff, format).contains(obeyed), "{format:?}");
    }
    let markdown = text(&diff, DiffFormat::Markdown);
    assert!(!markdown.contains("<script"), "{markdown}");
    let cells = |line: &str| line.replace("\\|", "").matches('|').count();
    let rows = markdown.lines().filter(|it| it.starts_with('|'));
    assert!(rows.clone().count() > 20);
    for row in rows {
        assert_eq!(cells(row), 5, "{row}");
    }
}

#[test]
fn what_a_report_carries_over_is_known_to_the_run_after_it() {
    let mut before = Run::default();
    let arn = "arn:aws:iam::100000000002:user/cho".parse().unwrap();
    let subject = Subject {
        kind: SubjectKind::IamUser,
        arn,
    };
    let carried = RunFinding {
        rule: "iam-user-console-mfa".into(),
        subject,
        status: Status::Fail,
        standing: Standing::Held,
        first_seen: None,
        last_seen: Some("2026-11-01T06:00:00Z".parse().unwrap()),
        evidence_time: None,
    };
    before.add_carried(carried.clone());
    let after = read(&sample::mixed(), Run::watching(&before));
    assert_eq!(Diff::between(&before, &after).counts.known, 1);
    let mut after = Run::watching(&Run::default());
    after.add_carried(carried);
    assert_eq!(
        Diff::between(&Run::default(), &after).counts,
        rules::ChangeCounts::default(),
        "what the later run carries over is no failure of it"
    );
}
