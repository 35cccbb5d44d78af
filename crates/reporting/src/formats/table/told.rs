//! What the table says, for formats that say the same in a form of their own.

use super::{headline, text::hundredths, waivers};
use crate::{Row, Summary, Verbosity};

/// The first lines: what was audited, who can sign in without MFA, what was not seen, how the run ends.
#[derive(Debug)]
pub(in crate::formats) struct Headline {
    /// What was audited, and when.
    pub(in crate::formats) title: String,
    /// Lines with their labels, which are empty where the line before has it.
    pub(in crate::formats) lines: Vec<(&'static str, String)>,
}

impl Headline {
    pub(in crate::formats) fn of(summary: &Summary) -> Self {
        let lines = headline::lines(summary, Verbosity::Everything).into_iter();
        Self {
            // Its parts stand apart by two spaces, of which Markdown makes one.
            title: untied(&headline::title(summary).replace("\u{a0} ", " · ")),
            lines: lines.map(|it| (it.label, untied(&it.text))).collect(),
        }
    }
}

/// Returns text whose lines may be broken anywhere.
pub(in crate::formats) fn untied(text: &str) -> String {
    text.replace('\u{a0}', " ")
}

/// Returns hundredths of a percent as a percentage.
pub(in crate::formats) fn percent(share: u64) -> String {
    untied(&hundredths(share))
}

/// Tells why a failure is not held, behind its reason; nothing if it is.
pub(in crate::formats) fn excused(row: &Row<'_>) -> String {
    untied(&waivers::excused(row))
}

/// Returns a line for each waiver that does not apply to all that it is for, or ends soon.
pub(in crate::formats) fn waivers_to_look_at(summary: &Summary) -> Vec<String> {
    let of_failures = waivers::to_look_at(summary, Verbosity::Everything);
    let of_coverage = waivers::idle(summary, Verbosity::Everything);
    of_failures.into_iter().chain(of_coverage).map(|it| untied(&it)).collect()
}

/// Names an organizational unit.
pub(in crate::formats) fn ou_name(path: &str) -> &str {
    if path.is_empty() { "(root)" } else { path }
}
