//! What a notification tells of changes since the baseline.

use serde::Serialize;

use super::{Listed, message::counted};

/// What changed since the baseline.
#[derive(Clone, Debug, Serialize)]
pub struct Changes {
    /// What the run is compared with.
    pub baseline: Compared,
    /// What fails and did not, or is not excused any more, or breaks a rule that the baseline did not evaluate.
    pub new: NewFailures,
    /// What does not fail any more, as was seen.
    pub fixed: Listed<Gone>,
    /// How many failures of the baseline nobody knows the fate of.
    pub unknown: u64,
    /// The accounts of which less was seen, and new ones of which not everything was; `None` if the baseline does not tell
    /// what it saw.
    pub coverage_lost: Option<Listed<SeenLess>>,
    /// Whether the list of accounts was not read to its end, and the baseline's was.
    pub list_cut: bool,
    /// Whether too little was seen for an open gate, and not so in the baseline, as far as that tells.
    pub closed_by_coverage: bool,
}

/// What a run is compared with.
#[derive(Clone, Debug, Serialize)]
pub struct Compared {
    /// When it was collected.
    pub collected_at: Option<String>,
}

/// How many failures are new, and the worst few.
#[derive(Clone, Debug, Default, Serialize)]
pub struct NewFailures {
    /// How many there are.
    pub count: u64,
    /// How many there are of each severity.
    pub by_severity: BySeverity,
    /// The worst few, most severe first.
    pub examples: Vec<Failure>,
}

/// How many there are of each severity.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct BySeverity {
    /// Fix today.
    pub critical: u64,
    /// Fix this week.
    pub high: u64,
    /// Fix this month.
    pub medium: u64,
    /// Worth planning.
    pub low: u64,
    /// Worth knowing.
    pub info: u64,
}

impl BySeverity {
    /// Returns the counts in words, most severe first: `1 critical, 2 high`.
    fn words(self) -> String {
        let all = [
            (self.critical, "critical"),
            (self.high, "high"),
            (self.medium, "medium"),
            (self.low, "low"),
            (self.info, "info"),
        ];
        let some = all.into_iter().filter(|(count, _)| *count > 0);
        let some: Vec<_> = some
            .map(|(count, name)| format!("{count} {name}"))
            .collect();
        some.join(", ")
    }
}

/// A failure that is new.
#[derive(Clone, Debug, Serialize)]
pub struct Failure {
    /// How it is new: `new`, `lapsed` or `new-rule`.
    pub change: &'static str,
    /// The rule's identifier.
    pub rule: String,
    /// The severity.
    pub severity: &'static str,
    /// The account's identifier.
    pub account_id: String,
    /// The account's name; empty where none is known.
    pub account_name: String,
    /// What people call what fails.
    pub principal: String,
    /// Why it fails.
    pub reason: String,
    /// All of this in one line.
    pub text: String,
}

/// A failure that is one no more.
#[derive(Clone, Debug, Serialize)]
pub struct Gone {
    /// The rule's identifier.
    pub rule: String,
    /// The account's identifier.
    pub account_id: String,
    /// What people call what failed.
    pub principal: String,
    /// Why it is fixed.
    pub reason: &'static str,
    /// All of this in one line.
    pub text: String,
}

/// An account of which less was seen, or that is new and of which not everything was.
#[derive(Clone, Debug, Serialize)]
pub struct SeenLess {
    /// The account's identifier.
    pub account_id: String,
    /// The account's name; empty where none is known.
    pub account_name: String,
    /// The datasets of which less was seen, or not everything.
    pub datasets: Vec<&'static str>,
    /// Why nothing is told of the account: `not-seen` or `not-in-scope`; `None` if something is.
    pub absence: Option<&'static str>,
    /// Whether the baseline did not audit the account.
    pub new: bool,
    /// All of this in one line.
    pub text: String,
}

impl Changes {
    /// Returns what a headline tells of the changes, each in some words.
    pub(super) fn headline(&self) -> Vec<String> {
        let mut parts = Vec::new();
        if let Some(new) = counted(self.new.count, "new failure", "new failures") {
            parts.push(format!("{new} ({})", self.new.by_severity.words()));
        }
        parts.extend(counted(self.fixed.count, "fixed", "fixed"));
        match &self.coverage_lost {
            Some(lost) => parts.extend(counted(
                lost.count,
                "account with coverage lost",
                "accounts with coverage lost",
            )),
            None => parts.push("coverage not compared".to_owned()),
        }
        if self.list_cut {
            parts.push("not every account listed".to_owned());
        }
        if self.closed_by_coverage {
            parts.push("gate closed for what was not seen".to_owned());
        }
        parts
    }
}
