//! The answer for people, and for programs.

use std::fmt::Write;

use reporting::visible;

use super::answer::{Actions, Answer, Outcome};
use crate::error::{CliError, Kind};

impl Answer {
    /// Returns the answer as JSON, which a terminal shows harmlessly.
    pub(super) fn json(&self) -> Result<String, CliError> {
        let text = serde_json::to_string_pretty(self);
        let text = text.map_err(|error| CliError::new(Kind::Failed, error))?;
        Ok(format!("{}\n", reporting::visible_json(&text)))
    }

    /// Returns the answer as lines for people.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        let mut line = |it: String| {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{}", visible(&it));
        };
        let outcome = match self.outcome {
            Outcome::Enforced => "enforced",
            Outcome::NotEnforced => "NOT ENFORCED",
            Outcome::Unclear => "UNCLEAR",
        };
        line(format!("MFA is {outcome}: {}", self.reason));
        line(String::new());
        line("WITHOUT MFA, beyond self service".to_owned());
        for it in &self.contexts {
            let name = match it.context {
                "access-key" => "with an access key",
                _ => "in a session without MFA",
            };
            line(format!("  {name}"));
            line(format!("    surely:   {}", named(&it.surely)));
            line(format!("    possibly: {}", named(&it.possibly)));
        }
        if !self.leaks.is_empty() {
            line(String::new());
            line("LEAKS".to_owned());
        }
        for it in &self.leaks {
            line(format!("  - {}", it.text));
            line(format!("    {}", it.to_change));
        }
        more(self.more_leaks, &mut line);
        if !self.not_known.is_empty() {
            line(String::new());
            line("NOT KNOWN, and never taken for yes or no".to_owned());
        }
        for it in &self.not_known {
            line(format!("  - {}: {}", it.file, it.what));
        }
        more(self.more_not_known, &mut line);
        line(String::new());
        line("ASSUMED".to_owned());
        for it in &self.assumed {
            line(format!("  - {it}"));
        }
        text
    }
}

fn more(count: usize, line: &mut impl FnMut(String)) {
    if count > 0 {
        line(format!("  - and {count} more"));
    }
}

fn named(actions: &Actions) -> String {
    let shown = actions.examples.join(", ");
    match actions.count.saturating_sub(actions.examples.len()) {
        _ if actions.count == 0 => "nothing".to_owned(),
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
