//! A test suite, which is an account, and its tests, which are its findings.

use std::{
    fmt,
    io::{self, Write},
};

use model::{AccountId, Timestamp};
use rules::Status;

use super::{legal, text, xml};
use crate::{Row, summary::AccountName};

/// How many tests ended how.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) tests: u64,
    pub(super) failures: u64,
    pub(super) errors: u64,
    pub(super) skipped: u64,
}

impl Counts {
    pub(super) const fn add(&mut self, more: Self) {
        self.tests += more.tests;
        self.failures += more.failures;
        self.errors += more.errors;
        self.skipped += more.skipped;
    }
}

/// Writes the counts as attributes.
impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tests, failures, errors, skipped } = self;
        write!(
            f,
            r#"tests="{tests}" failures="{failures}" errors="{errors}" skipped="{skipped}""#
        )
    }
}

/// A suite whose end was not reached yet.
#[derive(Debug)]
pub(super) struct Suite {
    account: Option<AccountId>,
    name: String,
    timestamp: Option<Timestamp>,
    /// What the suite says of itself.
    properties: Vec<(&'static str, String)>,
    counts: Counts,
    /// The tests, as they are to be written.
    cases: Vec<u8>,
}

impl Suite {
    /// Returns the empty suite of a row's account.
    pub(super) fn of(row: &Row<'_>) -> Self {
        let account = row.account();
        let told = [
            ("account_id", account.id.as_str()),
            ("account_name", &account.name),
            ("ou_path", &account.ou_path),
        ];
        let told = told.into_iter().filter(|(_, it)| !it.is_empty());
        Self {
            account: Some(account.id.clone()),
            name: AccountName::of(account).to_string(),
            timestamp: row.now(),
            properties: told.map(|(key, it)| (key, it.to_owned())).collect(),
            counts: Counts::default(),
            cases: Vec::new(),
        }
    }

    /// Returns the suite of accounts that nobody knows of: that they were not looked at is no success.
    pub(super) fn of_cut_list(reason: &str, timestamp: Option<Timestamp>) -> Self {
        let mut suite = Self {
            account: None,
            name: "accounts".to_owned(),
            timestamp,
            properties: Vec::new(),
            counts: Counts::default(),
            cases: Vec::new(),
        };
        let end = End::Error {
            kind: "account-list",
            message: format!("the list of accounts was not read to its end: {reason}"),
        };
        // Writing to memory cannot fail.
        let _ = suite.case("account-list", "every account is known", &end, "");
        suite
    }

    pub(super) const fn account(&self) -> Option<&AccountId> {
        self.account.as_ref()
    }

    pub(super) const fn counts(&self) -> Counts {
        self.counts
    }

    /// Adds the test of a finding. Its class is the rule and its name the ARN, so that CI servers tell it from every other,
    /// and know it again.
    pub(super) fn add(&mut self, row: &Row<'_>) -> io::Result<()> {
        let more = format!(
            "{}: {}. Rule {}, severity {}. More: mfaudit explain {}",
            row.subject_in_words(),
            row.reason(),
            row.rule().id,
            row.rule().severity,
            row.id()
        );
        self.case(row.rule().id, row.principal_arn(), &End::of(row), &more)
    }

    fn case(&mut self, class: &str, name: &str, end: &End, more: &str) -> io::Result<()> {
        self.cases.extend(b"    ");
        let mut out = xml(&mut self.cases);
        let class = legal(class);
        let name = legal(name);
        let case = out
            .create_element("testcase")
            .with_attribute(("classname", class.as_str()))
            .with_attribute(("name", name.as_str()));
        self.counts.tests += 1;
        match end {
            End::Success => {
                case.write_empty()?;
            }
            End::Failure { kind, message } | End::Error { kind, message } => {
                let (tag, count) = match end {
                    End::Failure { .. } => ("failure", &mut self.counts.failures),
                    End::Error { .. } | End::Success | End::Skipped { .. } => {
                        ("error", &mut self.counts.errors)
                    }
                };
                *count += 1;
                let message = legal(message);
                case.write_inner_content(|out| {
                    out.create_element(tag)
                        .with_attribute(("type", *kind))
                        .with_attribute(("message", message.as_str()))
                        .write_text_content(text(more))?;
                    Ok(())
                })?;
            }
            End::Skipped { message } => {
                self.counts.skipped += 1;
                let message = legal(message);
                case.write_inner_content(|out| {
                    out.create_element("skipped")
                        .with_attribute(("message", message.as_str()))
                        .write_empty()?;
                    Ok(())
                })?;
            }
        }
        self.cases.push(b'\n');
        Ok(())
    }

    pub(super) fn write(self, out: &mut impl Write) -> io::Result<()> {
        let name = legal(&self.name);
        let name = quick_xml::escape::escape(name.as_str());
        write!(out, r#"  <testsuite name="{name}" {}"#, self.counts)?;
        if let Some(timestamp) = self.timestamp {
            write!(out, r#" timestamp="{timestamp}""#)?;
        }
        writeln!(out, ">")?;
        if !self.properties.is_empty() {
            writeln!(out, "    <properties>")?;
            for (key, value) in &self.properties {
                let value = legal(value);
                let value = quick_xml::escape::escape(value.as_str());
                writeln!(out, r#"      <property name="{key}" value="{value}"/>"#)?;
            }
            writeln!(out, "    </properties>")?;
        }
        out.write_all(&self.cases)?;
        writeln!(out, "  </testsuite>")
    }
}

/// How a test ended. What could not be judged is an error, which no reader takes for a success.
#[derive(Debug)]
enum End {
    Success,
    Failure { kind: &'static str, message: String },
    Error { kind: &'static str, message: String },
    Skipped { message: String },
}

impl End {
    fn of(row: &Row<'_>) -> Self {
        let reason = row.reason();
        match row.status() {
            Status::Pass => Self::Success,
            Status::NotApplicable => Self::Skipped {
                message: format!("not applicable: {reason}"),
            },
            Status::Indeterminate => Self::Error {
                kind: row.gap().map_or("indeterminate", |it| it.reason.name()),
                message: format!("could not be judged: {reason}"),
            },
            Status::Fail => match (row.waiver(), row.grace_until()) {
                (Some(it), _) => Self::Skipped {
                    message: format!(
                        "waived until {} by {} ({}): {reason}",
                        it.last_day, it.waiver.owner, it.waiver.reason
                    ),
                },
                (None, Some(until)) => Self::Failure {
                    kind: row.rule().severity.name(),
                    message: format!("in its time of grace until {until}: {reason}"),
                },
                (None, None) => Self::Failure {
                    kind: row.rule().severity.name(),
                    message: reason.to_owned(),
                },
            },
        }
    }
}
