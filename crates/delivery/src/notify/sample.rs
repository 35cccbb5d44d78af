//! Messages to try a template with before a run begins: with all there can be, with as little, and with what there mostly is.

use super::{
    BySeverity, Changes, Compared, Ending, Failure, Gone, Listed, Message, NewFailures, Occasion,
    Run, SeenLess, Totals,
};

/// What a hostile name may hold. A template that puts it into quotes of its own makes no JSON.
const NAME: &str = "o\"brien \\ <!channel> & {{ name }}";

fn one<T>(it: T) -> Listed<T> {
    Listed {
        count: 1,
        examples: vec![it],
    }
}

fn empty() -> Message {
    let run = Run {
        tool_version: env!("CARGO_PKG_VERSION"),
        collected_at: None,
        organization: None,
        redacted: false,
    };
    let totals = Totals {
        accounts: 0,
        accounts_short: 0,
        account_list_cut: false,
        failures: 0,
        waived: 0,
        indeterminate: 0,
        coverage_percent: None,
    };
    Message::new(run, totals, "incomplete", 4)
}

fn full() -> Message {
    let mut it = empty();
    it.because = vec![
        Occasion::New,
        Occasion::Fixed,
        Occasion::CoverageLost,
        Occasion::WaiverEnding,
    ];
    it.run.collected_at = Some("2026-11-24T09:00:00Z".to_owned());
    it.run.organization = Some("o-exampleorg".to_owned());
    it.exit_code = 3;
    it.verdict = "failures";
    it.link = Some("https://ci.example.com/runs/1?a=1&b=\"2\"".to_owned());
    it.totals = Totals {
        accounts: 12,
        accounts_short: 1,
        account_list_cut: true,
        failures: 3,
        waived: 1,
        indeterminate: 2,
        coverage_percent: Some(97.5),
    };
    let account_id = || "222222222222".to_owned();
    it.changes = Some(Changes {
        baseline: Compared {
            collected_at: Some("2026-11-23T09:00:00Z".to_owned()),
        },
        new: NewFailures {
            count: 1,
            by_severity: BySeverity {
                high: 1,
                ..BySeverity::default()
            },
            examples: vec![Failure {
                change: "new",
                rule: "iam-user-console-mfa".to_owned(),
                severity: "high",
                account_id: account_id(),
                account_name: NAME.to_owned(),
                principal: NAME.to_owned(),
                reason: NAME.to_owned(),
                text: NAME.to_owned(),
            }],
        },
        fixed: one(Gone {
            rule: "root-user-mfa".to_owned(),
            account_id: account_id(),
            principal: "root".to_owned(),
            reason: "it passes now",
            text: NAME.to_owned(),
        }),
        unknown: 1,
        coverage_lost: Some(one(SeenLess {
            account_id: account_id(),
            account_name: NAME.to_owned(),
            datasets: vec!["mfa-status"],
            absence: Some("not-seen"),
            new: false,
            text: NAME.to_owned(),
        })),
        list_cut: true,
        closed_by_coverage: true,
    });
    it.waivers_ending = one(Ending {
        of: NAME.to_owned(),
        owner: NAME.to_owned(),
        ends: "2026-12-01".to_owned(),
        days_left: 7,
        text: NAME.to_owned(),
    });
    it
}

/// Messages between which every optional part is there once and missing once.
pub(super) struct Samples {
    /// With everything, and as many examples as are asked for.
    pub(super) full: Message,
    /// The same with counts alone: the lines of a message may be used up by what comes first.
    pub(super) counted: Message,
    /// Compared with a baseline, and nothing is lost: how most messages are.
    pub(super) kept: Message,
    /// Compared with a baseline that does not tell what it saw, and nothing else.
    pub(super) unchanged: Message,
    /// Compared with nothing.
    pub(super) first: Message,
}

impl Samples {
    /// Returns every one.
    pub(super) fn all(&self) -> [&Message; 5] {
        [
            &self.full,
            &self.counted,
            &self.kept,
            &self.unchanged,
            &self.first,
        ]
    }
}

/// Returns the samples with at most so many examples.
pub(super) fn samples(lines: usize) -> Samples {
    let mut unchanged = empty();
    unchanged.because = vec![Occasion::Always];
    unchanged.changes = Some(Changes {
        baseline: Compared { collected_at: None },
        new: NewFailures::default(),
        fixed: Listed::default(),
        unknown: 0,
        coverage_lost: None,
        list_cut: false,
        closed_by_coverage: false,
    });
    let mut first = empty();
    first.because = vec![Occasion::NoBaseline];
    let mut kept = unchanged.clone();
    if let Some(changes) = &mut kept.changes {
        changes.coverage_lost = Some(Listed::default());
    }
    Samples {
        full: full().told(lines),
        counted: full().told(0),
        kept: kept.told(lines),
        unchanged: unchanged.told(lines),
        first: first.told(lines),
    }
}
