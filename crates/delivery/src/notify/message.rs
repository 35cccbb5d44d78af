//! What a notification tells: the names that templates use.

use serde::Serialize;

use super::Changes;

/// What a notification tells. As JSON it is the body `json`, and what every template is given.
///
/// Its texts are on one line and hold nothing that cannot be seen; they are not escaped for any language.
#[derive(Clone, Debug, Serialize)]
pub struct Message {
    /// Always `mfaudit-notification`.
    pub(super) schema: &'static str,
    /// The version of the message's form. Keys may be added within a version.
    pub(super) version: u32,
    /// What happened, in one line of counts.
    pub headline: String,
    /// Why it is sent.
    pub because: Vec<Occasion>,
    /// The run that is told of.
    pub run: Run,
    /// The code the process exits with.
    pub exit_code: u8,
    /// What the gate decided: `clean`, `failures` or `incomplete`.
    pub verdict: &'static str,
    /// Where there is more, as the configuration says.
    pub link: Option<String>,
    /// What there is now, whatever changed.
    pub totals: Totals,
    /// What changed since the baseline; `None` without one, which is not to say that nothing did.
    pub changes: Option<Changes>,
    /// The waivers that end soon, or have ended since the baseline.
    pub waivers_ending: Listed<Ending>,
}

/// What a notification is sent about.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Occasion {
    /// Something fails that did not.
    New,
    /// Something is fixed.
    Fixed,
    /// Less was seen than before, or too little for an open gate and not so before, or nobody can say whether it is less.
    CoverageLost,
    /// A waiver ends soon, or has ended.
    WaiverEnding,
    /// Whatever happens.
    Always,
    /// There is no baseline, so that nobody can say what changed.
    NoBaseline,
}

/// A run.
#[derive(Clone, Debug, Serialize)]
pub struct Run {
    /// The version that told it.
    pub tool_version: &'static str,
    /// When it was collected.
    pub collected_at: Option<String>,
    /// The organization's identifier.
    pub organization: Option<String>,
    /// Whether names or accounts are pseudonyms.
    pub redacted: bool,
}

/// What there is, whatever changed.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Totals {
    /// The audited accounts.
    pub accounts: u64,
    /// Of those, the ones not fully seen.
    pub accounts_short: u64,
    /// The findings that fail.
    pub failures: u64,
    /// Of those, the ones that are waived.
    pub waived: u64,
    /// The findings without a verdict.
    pub indeterminate: u64,
    /// Whether there may be accounts that were not listed.
    pub account_list_cut: bool,
    /// How much of what had to be seen was, in percent; `None` of nothing.
    pub coverage_percent: Option<f64>,
}

/// How many there are, and the first few.
#[derive(Clone, Debug, Serialize)]
pub struct Listed<T> {
    /// How many there are.
    pub count: u64,
    /// The first few.
    pub examples: Vec<T>,
}

/// A waiver that ends.
#[derive(Clone, Debug, Serialize)]
pub struct Ending {
    /// What it is for.
    pub of: String,
    /// Who answers for it.
    pub owner: String,
    /// The last day on which it holds.
    pub ends: String,
    /// The days until then; negative once it has ended.
    pub days_left: i64,
    /// All of this in one line.
    pub text: String,
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self {
            count: 0,
            examples: Vec::new(),
        }
    }
}

impl<T> Listed<T> {
    /// Keeps as many examples as are left of `lines`.
    fn keep(&mut self, lines: &mut usize) {
        keep(&mut self.examples, lines);
    }
}

fn keep<T>(examples: &mut Vec<T>, lines: &mut usize) {
    examples.truncate(*lines);
    *lines -= examples.len();
}

impl Message {
    /// The name of the form.
    pub const SCHEMA: &'static str = "mfaudit-notification";
    /// The version of the form.
    pub const VERSION: u32 = 1;

    /// Returns a message that tells of no change.
    pub fn new(run: Run, totals: Totals, verdict: &'static str, exit_code: u8) -> Self {
        Self {
            schema: Self::SCHEMA,
            version: Self::VERSION,
            headline: String::new(),
            because: Vec::new(),
            run,
            exit_code,
            verdict,
            link: None,
            totals,
            changes: None,
            waivers_ending: Listed::default(),
        }
    }

    /// Returns the same message with at most `lines` examples, in order of weight, and a headline.
    #[must_use]
    pub fn told(mut self, lines: usize) -> Self {
        let mut left = lines;
        if let Some(changes) = &mut self.changes {
            keep(&mut changes.new.examples, &mut left);
            if let Some(lost) = &mut changes.coverage_lost {
                lost.keep(&mut left);
            }
        }
        self.waivers_ending.keep(&mut left);
        if let Some(changes) = &mut self.changes {
            changes.fixed.keep(&mut left);
        }
        self.headline = self.headline();
        self
    }

    fn headline(&self) -> String {
        let mut parts = Vec::new();
        if let Some(it) = &self.changes {
            parts.extend(it.headline());
        } else {
            let failures = self.totals.failures;
            let s = if failures == 1 { "" } else { "s" };
            parts.push(format!("{failures} failure{s}, compared with nothing"));
        }
        let ending = self.waivers_ending.count;
        parts.extend(counted(ending, "waiver ending", "waivers ending"));
        if parts.is_empty() {
            parts.push("no change".to_owned());
        }
        format!("mfaudit: {}", parts.join(", "))
    }
}

/// Returns a count in words; `None` of nothing.
pub(super) fn counted(count: u64, one: &str, many: &str) -> Option<String> {
    match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        _ => Some(format!("{count} {many}")),
    }
}
