//! The kit of a run that is evaluated.

use model::{
    Record,
    snapshot::{AccountList, Header, Mode},
};
use rules::{CoverageWaiver, Criteria, Decision, Finding, Severity, Strictness, Waivers};

use super::{
    Kit,
    case::{Excuse, FindingTold},
    run::{CoverageTold, GapTold, Membership, RunTold},
};
use crate::{Outcome, Owners, Row, Summary, Tally};

/// Gathers a kit from records and their findings.
#[derive(Debug)]
pub struct KitTally {
    kit: Kit,
    tally: Tally,
    header: Header,
    owners: Owners,
    waivers: Waivers,
}

impl KitTally {
    /// Returns a kit of nothing.
    pub fn new(
        header: &Header,
        criteria: &Criteria,
        coverage: Vec<CoverageWaiver>,
        owners: Owners,
    ) -> Self {
        Self {
            kit: Kit::default(),
            tally: Tally::new(header, &criteria.rules, coverage),
            header: header.clone(),
            owners,
            waivers: criteria.waivers.clone(),
        }
    }

    /// Adds a record and its findings.
    pub fn add(&mut self, record: &Record, findings: &[Finding]) {
        self.tally.add(record, findings);
        for finding in findings {
            let owner = self.owners.of(record, &finding.subject);
            let row =
                Row::new(record, finding, self.header.collected_at).with_waivers(&self.waivers);
            self.kit.note(FindingTold {
                owner,
                account_id: &record.account.id,
                account_name: &record.account.name,
                subject: &finding.subject,
                rule: finding.rule.id,
                known: Some(finding.rule),
                severity: finding.rule.severity,
                status: finding.status,
                reason: row.reason(),
                gap_reason: row.gap().map(|it| it.reason.name()),
                excuse: excuse(&row),
                password_unused_days: row.password_unused_days(),
            });
        }
    }

    /// Returns the kit.
    pub fn finish(mut self) -> Kit {
        // Nothing is decided here: the summary is read for what was seen.
        let summary = self.tally.finish(Outcome {
            exit_code: 0,
            decision: Decision::Open,
            fail_on: Severity::Info,
            min_coverage: 0,
            listed: Vec::new(),
            remark: None,
        });
        self.kit.run = RunTold::of(&summary);
        self.kit
    }
}

fn excuse(row: &Row<'_>) -> Excuse {
    if let Some(it) = row.waiver() {
        return Excuse::Waived {
            until: it.last_day.to_string(),
            owner: it.waiver.owner.clone(),
            reason: it.waiver.reason.clone(),
        };
    }
    row.grace_until().map_or(Excuse::None, Excuse::Grace)
}

impl RunTold {
    fn of(summary: &Summary) -> Self {
        let header = &summary.header;
        let totals = &summary.totals.coverage;
        let percent = summary.coverage(Strictness::Visible);
        let gap = |it: &crate::summary::GapGroup| {
            let remedy = it.remedy(header);
            GapTold {
                accounts: it.accounts,
                findings: it.findings,
                remedy: remedy.text,
                command: remedy.command,
            }
        };
        Self {
            collected_at: header.collected_at,
            membership: match (&header.organization, header.mode) {
                (Some(it), _) => Membership::Organization(it.management_account.to_string()),
                (None, Mode::ReportFirst | Mode::Live) => Membership::None,
                (None, Mode::SavedEvidence) => Membership::NotTold,
            },
            root_credentials_management: summary.root_credentials_management,
            oldest_evidence: summary.evidence.oldest,
            coverage: Some(CoverageTold {
                percent: percent.map(|it| format!("{}.{:02}", it / 100, it % 100)),
                accounts: totals.accounts,
                accounts_short: totals.accounts_short,
                accounts_not_active: summary.not_active.len() as u64,
                account_list_cut: match &summary.totals.account_list {
                    AccountList::Whole => None,
                    AccountList::Cut(why) => Some(why.clone()),
                },
                gaps: summary.gaps.iter().map(gap).collect(),
            }),
        }
    }
}
