//! The kit of a report that was saved: the JSON report, or the one of JSON lines.

use std::io::BufRead;

use model::{AccountId, Arn, FeatureState, Timestamp};
use rules::{Rule, Severity, Status, Subject, SubjectKind};
use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::Value;

use super::{
    Kit,
    case::{Excuse, FindingTold},
    run::{CoverageTold, GapTold, Membership, RunTold},
};
use crate::{
    EarlierError, Owners,
    earlier::{
        Entry, ReportHead,
        entries::{GapEntry, kind, status},
        read,
    },
};

/// The keys of lines that are no findings.
const NO_FINDINGS: [&str; 3] = ["coverage_waiver", "finding_waiver", "baseline_change"];

/// How a saved report is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ReportForm {
    /// `json`: one document.
    Document,
    /// `ndjson`: one finding a line. It tells neither when the run was nor what it saw.
    Lines,
}

impl ReportForm {
    /// Tells what may be a report by how it begins; `None` if it is none.
    pub fn of(start: &[u8]) -> Option<Self> {
        let start = String::from_utf8_lossy(start);
        let text = start.trim_start();
        let keys = ["status"].into_iter().chain(NO_FINDINGS);
        let is_line = |key: &str| text.starts_with(&format!("{{\"{key}\":"));
        if keys.into_iter().any(is_line) {
            Some(Self::Lines)
        } else {
            // Its keys may have been put in another order, so that only reading it tells.
            text.starts_with('{').then_some(Self::Document)
        }
    }
}

/// Reads the kit of a report. Who answers for what, the report says; where it does not, `owners` do. `rules` are those
/// whose pages are known.
///
/// # Errors
///
/// Fails if it cannot be read, is no report of this version or an earlier one, or does not list every failure.
pub fn read_kit(
    input: impl BufRead,
    form: ReportForm,
    owners: &Owners,
    rules: &[&'static Rule],
) -> Result<Kit, EarlierError> {
    let mut reader = Reader {
        kit: Kit::default(),
        owners,
        rules,
        failures: 0,
        unseen: 0,
    };
    match form {
        ReportForm::Document => reader.read_document(input)?,
        ReportForm::Lines => reader.read_lines(input).map_err(EarlierError::Malformed)?,
    }
    Ok(reader.kit)
}

struct Reader<'a> {
    kit: Kit,
    owners: &'a Owners,
    rules: &'a [&'static Rule],
    failures: u64,
    unseen: u64,
}

/// A finding of a report, as much of it as a kit tells.
#[derive(Debug, Deserialize)]
struct FindingEntry {
    #[serde(deserialize_with = "status")]
    status: Status,
    #[serde(deserialize_with = "severity")]
    severity: Severity,
    rule: String,
    account_id: AccountId,
    #[serde(default)]
    account_name: String,
    #[serde(default)]
    ou_path: String,
    principal_arn: Arn,
    #[serde(deserialize_with = "kind")]
    principal_kind: SubjectKind,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    gap_reason: Option<String>,
    #[serde(default)]
    owner: Option<String>,
    #[serde(default)]
    waiver: Option<WaiverEntry>,
    #[serde(default)]
    grace_until: Option<Timestamp>,
    #[serde(default)]
    password_unused_days: Option<i64>,
}

#[derive(Debug, Deserialize)]
struct WaiverEntry {
    owner: String,
    reason: String,
    expires: String,
}

impl Reader<'_> {
    fn read_document(&mut self, input: impl BufRead) -> Result<(), EarlierError> {
        let head = read::<FindingEntry>(input, &mut |entry| match entry {
            Entry::Account(_) => {}
            Entry::Finding(it) => self.add(it),
        })?;
        let counted = head.summary.findings.fail;
        if self.failures != counted {
            return Err(EarlierError::Partial {
                listed: self.failures,
                counted,
            });
        }
        // A report may list failures alone.
        let unlisted = head
            .summary
            .findings
            .indeterminate
            .saturating_sub(self.unseen);
        if unlisted > 0 {
            self.kit
                .add_unseen(None, "not listed in the report", unlisted);
        }
        let unknown = |id: &str| !self.rules.iter().any(|it| it.id == id);
        let titles = head.rules.iter().filter(|it| unknown(&it.id));
        let titles = titles.map(|it| (it.id.clone(), it.title.clone()));
        self.kit.titles = titles.collect();
        self.kit.run = RunTold::of_report(head);
        Ok(())
    }

    fn read_lines(&mut self, input: impl BufRead) -> Result<(), serde_json::Error> {
        for (index, line) in input.lines().enumerate() {
            let line = line.map_err(serde_json::Error::io)?;
            if line.trim().is_empty() {
                continue;
            }
            let at = |error| serde_json::Error::custom(format_args!("line {}: {error}", index + 1));
            let value: Value = serde_json::from_str(&line).map_err(at)?;
            if NO_FINDINGS.iter().any(|it| value.get(it).is_some()) {
                continue;
            }
            let entry = FindingEntry::deserialize(value).map_err(at)?;
            self.add(entry);
        }
        Ok(())
    }

    fn add(&mut self, entry: FindingEntry) {
        match entry.status {
            Status::Fail => self.failures += 1,
            Status::Indeterminate => self.unseen += 1,
            Status::Pass | Status::NotApplicable => {}
        }
        let subject = Subject {
            kind: entry.principal_kind,
            arn: entry.principal_arn,
        };
        let said = entry.owner.as_deref().filter(|it| !it.trim().is_empty());
        let owner = said.or_else(|| {
            self.owners
                .find(&subject, &entry.account_id, None, &entry.ou_path)
        });
        let excuse = match (entry.waiver, entry.grace_until) {
            (Some(it), _) => Excuse::Waived {
                until: it.expires,
                owner: it.owner,
                reason: it.reason,
            },
            (None, Some(time)) => Excuse::Grace(time),
            (None, None) => Excuse::None,
        };
        self.kit.note(FindingTold {
            owner,
            account_id: &entry.account_id,
            account_name: &entry.account_name,
            subject: &subject,
            rule: &entry.rule,
            known: self.rules.iter().copied().find(|it| it.id == entry.rule),
            severity: entry.severity,
            status: entry.status,
            reason: &entry.reason,
            gap_reason: entry.gap_reason.as_deref(),
            excuse,
            password_unused_days: entry.password_unused_days,
        });
    }
}

impl RunTold {
    fn of_report(head: ReportHead) -> Self {
        let summary = head.summary;
        let coverage = summary.coverage;
        let gap = |it: GapEntry| GapTold {
            accounts: it.accounts,
            findings: it.findings,
            remedy: it.remedy,
            command: it.command,
        };
        Self {
            collected_at: head.collected_at,
            membership: match (head.organization, head.mode.as_str()) {
                (Some(it), _) => Membership::Organization(it.management_account),
                (None, "report-first" | "live") => Membership::None,
                (None, _) => Membership::NotTold,
            },
            root_credentials_management: match head.root_credentials_management.as_deref() {
                Some("enabled") => Some(FeatureState::Enabled),
                Some("not-enabled") => Some(FeatureState::NotEnabled),
                _ => None,
            },
            oldest_evidence: summary.oldest_evidence_time,
            coverage: Some(CoverageTold {
                percent: coverage.percent.map(|it| format!("{it:.2}")),
                accounts: coverage.accounts,
                accounts_short: coverage.accounts_short,
                accounts_not_active: summary.accounts_not_active.len() as u64,
                account_list_cut: coverage.account_list_cut,
                gaps: summary.gaps.into_iter().map(gap).collect(),
            }),
        }
    }
}

fn severity<'de, D: Deserializer<'de>>(it: D) -> Result<Severity, D::Error> {
    String::deserialize(it)?.parse().map_err(D::Error::custom)
}
