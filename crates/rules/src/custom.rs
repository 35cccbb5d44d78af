//! Rules that users write: expressions about a subject, in the place of a judge.

#[cfg(test)]
mod tests;

use std::{collections::BTreeSet, fmt::Write};

use expressions::{Expression, Given, Subject, SubjectKind as About};
use model::Dataset;

use crate::{Check, Context, Control, Judgement, Rule, Severity, Status, SubjectKind, Verdict};

/// What the identifier of every rule of a user's begins with, and of no other rule, now or later: the catalog's begin with
/// the subject they judge.
pub const PREFIX: &str = "custom-";

/// The expressions that judge in a rule of a user's.
#[derive(Debug)]
pub struct CustomCheck {
    about: About,
    when: Option<Expression>,
    fails_if: Expression,
    reason: Option<String>,
}

/// A rule that a user wrote.
#[derive(Debug)]
pub struct CustomRule {
    /// The identifier, which begins with [`PREFIX`].
    pub id: String,
    /// The failure, as a sentence without a full stop.
    pub title: String,
    /// How bad a failure is.
    pub severity: Severity,
    /// What it judges.
    pub about: About,
    /// Which subjects it concerns; all if `None`.
    pub when: Option<Expression>,
    /// What makes a subject fail.
    pub fails_if: Expression,
    /// Why that is bad, which is every failure's reason; the expression itself if `None`.
    pub reason: Option<String>,
    /// How to fix it.
    pub remediation: Option<String>,
    /// The framework requirements it gives evidence for.
    pub controls: Vec<Control>,
    /// The file that declares it.
    pub file: String,
}

impl CustomRule {
    /// Makes a rule like any other of it, which lives as long as the process: a configuration is read once.
    pub fn leak(self) -> &'static Rule {
        let expressions = self.when.iter().chain([&self.fails_if]);
        let mut datasets: BTreeSet<_> = expressions
            .flat_map(Expression::datasets)
            .copied()
            .collect();
        if self.about == About::IamUser {
            // That goes without saying.
            datasets.remove(&Dataset::IamUsers);
        }
        let doc = self.page();
        let check = CustomCheck {
            about: self.about,
            when: self.when,
            fails_if: self.fails_if,
            reason: self.reason,
        };
        Box::leak(Box::new(Rule {
            id: self.id.leak(),
            title: self.title.leak(),
            doc: doc.leak(),
            severity: self.severity,
            controls: self.controls.leak(),
            requires: datasets.into_iter().collect::<Vec<_>>().leak(),
            settings: &[],
            check: Check::Custom(Box::leak(Box::new(check))),
            file: self.file.leak(),
        }))
    }

    /// Returns the documentation page, of the sections that every rule's has.
    fn page(&self) -> String {
        let subject = match self.about {
            About::IamUser => "Every IAM user",
            About::RootUser => "Every root user",
            About::Account => "Every account",
        };
        let mut page = format!("## What it checks\n{subject}");
        // Writing to a string cannot fail.
        if let Some(when) = &self.when {
            let _ = write!(page, " of which `{}` holds", when.text());
        }
        let _ = write!(page, " fails if `{}` holds.", self.fails_if.text());
        let or = |text: &Option<String>| {
            text.clone()
                .unwrap_or_else(|| format!("{} does not say.", self.file))
        };
        let _ = write!(page, "\n\n## Why it matters\n{}", or(&self.reason));
        let _ = write!(page, "\n\n## How to fix it\n{}", or(&self.remediation));
        page
    }
}

impl CustomCheck {
    /// Returns the kind of subject its expressions speak of.
    pub const fn about(&self) -> About {
        self.about
    }

    /// Returns the kind of subject it judges.
    pub const fn subject(&self) -> SubjectKind {
        match self.about {
            About::IamUser => SubjectKind::IamUser,
            About::RootUser => SubjectKind::RootUser,
            About::Account => SubjectKind::Account,
        }
    }

    /// Judges a subject. Which subjects the rule concerns is decided first, of facts that are all known: nothing else
    /// needs to be known of the others.
    pub(crate) fn judge(&self, subject: Subject<'_>, context: &Context<'_>) -> Judgement {
        if let Some(when) = &self.when
            && !context.holds(when, subject)?
        {
            return Ok(Verdict::NotApplicable(is_not_so(when).into()));
        }
        Ok(if context.holds(&self.fails_if, subject)? {
            let is_so = || format!("this is so: {}", self.fails_if.text());
            Verdict::Fail(self.reason.clone().unwrap_or_else(is_so).into())
        } else {
            Verdict::Pass(is_not_so(&self.fails_if).into())
        })
    }

    /// Judges the subject of an example, as one would be of which as much is known.
    pub fn judge_example(&self, subject: &Given) -> Status {
        let when = self
            .when
            .as_ref()
            .map_or(Some(true), |it| it.holds_of(subject));
        match when {
            None => Status::Indeterminate,
            Some(false) => Status::NotApplicable,
            Some(true) => match self.fails_if.holds_of(subject) {
                None => Status::Indeterminate,
                Some(true) => Status::Fail,
                Some(false) => Status::Pass,
            },
        }
    }
}

fn is_not_so(expression: &Expression) -> String {
    format!("this is not so: {}", expression.text())
}
