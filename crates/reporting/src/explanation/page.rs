//! The page for people: plain text in lines of a terminal's width.

use std::fmt::Write;

use rules::Status;

use super::{
    ExplanationDocument, GapDocument, PeerDocument,
    facts::{FactDocument, FactsDocument},
    policies::PoliciesDocument,
};
use crate::{Appearance, Colour, duration, visible};

const INDENT: usize = 2;

/// A space at which no line is broken, written as a plain one.
const TIE: &str = "\u{a0}";

/// What stands on the page.
struct Page<'a> {
    text: String,
    appearance: &'a Appearance,
}

impl ExplanationDocument {
    /// Returns the explanation as a page for people.
    pub fn page(&self, appearance: &Appearance) -> String {
        let mut page = Page {
            text: String::new(),
            appearance,
        };
        page.paragraph(0, &format!("{}: {}", self.rule, self.title));
        page.paragraph(
            0,
            &format!(
                "{}, severity {}, finding {}",
                self.status, self.severity, self.id
            ),
        );
        page.paragraph(0, &self.principal_arn);
        page.paragraph(0, &self.place());
        page.heading("WHY");
        page.paragraph(INDENT, &self.reason);
        match &self.facts {
            Some(facts) => facts.write(&mut page),
            None => self.write_evidence(&mut page),
        }
        if let Some(policies) = &self.policies {
            policies.write(&mut page);
        }
        if let Some(gap) = &self.gap {
            gap.write(&mut page);
        }
        page.heading("EVIDENCE FOR");
        if self.controls.is_empty() {
            page.paragraph(INDENT, "no requirement of a framework");
        }
        for (framework, ids) in by_framework(&self.controls) {
            page.item("", &format!("{framework}: {}", ids.join(", ")));
        }
        page.heading("OTHER TOOLS on the same facts");
        match &self.other_tools {
            Some(peers) => peers.iter().for_each(|it| it.write(&mut page)),
            None => page.paragraph(INDENT, "depends on the facts, which the snapshot has"),
        }
        page.heading(if self.status == Status::Fail.name() {
            "HOW TO FIX IT"
        } else {
            "HOW TO FIX A FAILURE"
        });
        if self.how_to_fix.is_empty() {
            page.paragraph(INDENT, "this version does not know the rule");
        } else {
            page.paragraph(INDENT, &self.how_to_fix);
        }
        page.text
    }

    fn place(&self) -> String {
        let name = match self.account_name.as_str() {
            "" => String::new(),
            name => format!(" ({name})"),
        };
        let unit = match self.ou_path.as_str() {
            "" => String::new(),
            path => format!(", in {path}"),
        };
        format!("account {}{name}{unit}", self.account_id)
    }

    /// What a report holds in place of facts.
    fn write_evidence(&self, page: &mut Page<'_>) {
        page.heading("EVIDENCE");
        let sources = match self.evidence_source.as_slice() {
            [] => "no answer of AWS".to_owned(),
            sources => sources.join(", "),
        };
        let when = when(self.evidence_time.as_deref(), self.evidence_age_seconds);
        page.paragraph(INDENT, &format!("{sources}{when}"));
        let what = "A report holds no facts. To see them, explain from the snapshot: mfaudit audit --snapshot run.mfaudit, then mfaudit explain --from run.mfaudit";
        page.paragraph(INDENT, what);
    }
}

impl FactsDocument {
    fn write(&self, page: &mut Page<'_>) {
        page.heading("DECIDED BY, in this order");
        if self.read.is_empty() {
            page.paragraph(INDENT, "no fact: the account itself decides");
        }
        for (index, fact) in self.read.iter().enumerate() {
            fact.write(page, &format!("{}. ", index + 1));
        }
        if !self.unread.is_empty() {
            page.heading("NOT NEEDED for that");
            for fact in &self.unread {
                fact.write(page, "- ");
            }
        }
    }
}

impl PoliciesDocument {
    fn write(&self, page: &mut Page<'_>) {
        for (heading, lines) in [
            ("WITHOUT MFA, beyond self service", &self.without_mfa),
            ("STATEMENTS that decide", &self.decided_by),
            ("WHAT TO CHANGE", &self.to_change),
        ] {
            if lines.is_empty() {
                continue;
            }
            page.heading(heading);
            for line in lines {
                page.item("- ", line);
            }
        }
    }
}

impl FactDocument {
    fn write(&self, page: &mut Page<'_>, mark: &str) {
        let value = self.value.as_deref().unwrap_or("not seen");
        page.item(mark, &format!("{}: {value}", self.name));
        let below = INDENT + mark.len();
        if let Some(source) = &self.source {
            let when = when(self.time.as_deref(), self.age_seconds);
            page.paragraph(below, &format!("{source}{when}"));
        }
        if let Some(gap) = &self.gap {
            page.paragraph(below, gap);
        }
    }
}

impl GapDocument {
    fn write(&self, page: &mut Page<'_>) {
        page.heading("WHAT IS MISSING");
        page.paragraph(INDENT, &self.text);
        if let Some(remedy) = &self.remedy {
            page.paragraph(INDENT, &format!("To close it: {remedy}"));
        }
        if let Some(command) = &self.command {
            // Copied whole: a command is not broken.
            page.line(INDENT * 2, command);
        }
    }
}

impl PeerDocument {
    fn write(&self, page: &mut Page<'_>) {
        let checks = match self.checks.as_slice() {
            [] => String::new(),
            checks => format!(" ({})", checks.join(", ")),
        };
        let answer = match (self.says, self.why, self.answer) {
            (Some(says), Some(why), _) => format!("{says}: {why}"),
            (_, _, "no-difference-known") => "the same, as far as is known".to_owned(),
            (_, _, "no-check") => "has no such check".to_owned(),
            _ => "not known".to_owned(),
        };
        page.item("", &format!("{}{checks}: {answer}", self.tool));
    }
}

/// Returns the requirements of each framework, in the order the frameworks come.
fn by_framework(controls: &[String]) -> Vec<(&str, Vec<String>)> {
    let mut groups: Vec<(&str, Vec<String>)> = Vec::new();
    for control in controls {
        let (framework, id) = control.split_once(' ').unwrap_or((control, ""));
        // A version and its identifier stay together.
        let id = id.replace(' ', TIE);
        match groups.iter_mut().find(|(of, _)| *of == framework) {
            Some((_, ids)) => ids.push(id),
            None => groups.push((framework, vec![id])),
        }
    }
    groups
}

fn when(time: Option<&str>, age: Option<i64>) -> String {
    let Some(time) = time else {
        return ", at an unknown time".to_owned();
    };
    let age = match age {
        Some(age @ 1..) => format!(", {} before the run", duration::span(age)),
        Some(0) => ", as the run began".to_owned(),
        Some(age) => format!(", {} into the run", duration::span(-age)),
        None => String::new(),
    };
    format!(", {time}{age}")
}

impl Page<'_> {
    fn heading(&mut self, text: &str) {
        let (strong, reset) = match self.appearance.colour {
            Colour::Ansi => ("\u{1b}[1m", "\u{1b}[0m"),
            Colour::Plain => ("", ""),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "\n{strong}{text}{reset}");
    }

    fn line(&mut self, indent: usize, text: &str) {
        let _ = writeln!(self.text, "{:indent$}{}", "", visible(text));
    }

    fn paragraph(&mut self, indent: usize, text: &str) {
        self.hanging(indent, indent, text);
    }

    /// Writes an entry of a list.
    fn item(&mut self, mark: &str, text: &str) {
        let below = INDENT + mark.len().max(INDENT);
        self.hanging(INDENT, below, &format!("{mark}{text}"));
    }

    /// Writes text in lines, the first further left than the rest. A word that is longer than a line stays whole.
    fn hanging(&mut self, first: usize, rest: usize, text: &str) {
        let shown = visible(text);
        let mut line = String::new();
        let mut indent = first;
        for word in shown.split(' ').filter(|it| !it.is_empty()) {
            let width = line.chars().count() + 1 + word.chars().count();
            if !line.is_empty() && indent + width > self.appearance.width {
                let _ = writeln!(self.text, "{:indent$}{line}", "");
                line.clear();
                indent = rest;
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(&word.replace(TIE, " "));
        }
        let _ = writeln!(self.text, "{:indent$}{line}", "");
    }
}
