//! The counts of the JSON report.

use rules::{Decision, Severity, StatusCounts};
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    account::{AccountNotActiveDocument, OuDocument, WorstAccountDocument},
    baseline::BaselineDocument,
    coverage::CoverageDocument,
    gap::GapDocument,
    names,
    waiver::{CoverageWaiverDocument, WaiverDocument},
};
use crate::{
    Summary,
    summary::{OwnerCounts, Principals},
};

/// The counts over all findings and accounts.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Summary")]
pub(super) struct SummaryDocument<'a> {
    /// The accounts with at least one failure.
    failing_accounts: u64,
    /// Who can sign in without MFA; `null` if no rule that tells was evaluated.
    can_sign_in_without_mfa: Option<SignInDocument>,
    /// The findings by status.
    findings: StatusesDocument,
    /// The findings of each rule by status.
    by_rule: Vec<RuleCountsDocument>,
    /// The failures by severity.
    failures_by_severity: SeveritiesDocument,
    /// What was seen of what the rules need.
    coverage: CoverageDocument<'a>,
    /// The coverage waivers of the configuration, and what became of each.
    coverage_waivers: Vec<CoverageWaiverDocument<'a>>,
    /// What was not seen, by cause.
    gaps: Vec<GapDocument<'a>>,
    /// The accounts that are listed and not audited.
    accounts_not_active: Vec<AccountNotActiveDocument<'a>>,
    /// The audited accounts by organizational unit.
    by_ou: Vec<OuDocument<'a>>,
    /// The findings by who answers for them, most failures first; `null` if nobody said or asked who does.
    by_owner: Option<Vec<OwnerDocument<'a>>>,
    /// The accounts with most failures, at most 20.
    worst_accounts: Vec<WorstAccountDocument<'a>>,
    /// In how many accounts people sign in through an identity provider.
    identity_providers: IdentityProvidersDocument,
    /// The users known to have an access key, no password and no MFA; `null` if a selected rule flags them.
    access_key_users_without_mfa: Option<u64>,
    /// What no finding speaks of.
    not_judged: Vec<String>,
    /// When the oldest evidence of any verdict held.
    #[schemars(extend("format" = "date-time"))]
    oldest_evidence_time: Option<String>,
    /// The verdicts whose evidence tells no time.
    verdicts_without_evidence_time: u64,
    /// What the gate decided.
    #[schemars(extend("enum" = names(&[Decision::Open, Decision::Failures, Decision::Incomplete], decision)))]
    decision: &'static str,
    /// The code the process exits with.
    exit_code: u8,
    /// The least severity of a failure that closes the gate.
    #[schemars(extend("enum" = names(&Severity::ALL, Severity::name)))]
    fail_on: &'static str,
    /// The least coverage, in percent.
    min_coverage: f64,
    /// Why the exit code is another than the decision asks for.
    remark: Option<&'a str>,
    /// What a reader should know.
    notes: Vec<NoteDocument<'a>>,
    /// The failures that a waiver holds for.
    failures_waived: u64,
    /// The failures of new users that begin to count later, those that are waived aside.
    failures_in_grace: u64,
    /// The waivers of the configuration, and what became of each.
    waivers: Vec<WaiverDocument<'a>>,
    /// What changed since the baseline; `null` without one.
    baseline: Option<BaselineDocument<'a>>,
}

/// Principals that can sign in without MFA.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "CanSignIn")]
struct SignInDocument {
    root_users: u64,
    iam_users: u64,
    /// The accounts they are in.
    accounts: u64,
}

/// Findings by status.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Statuses")]
pub(super) struct StatusesDocument {
    pass: u64,
    fail: u64,
    not_applicable: u64,
    indeterminate: u64,
}

/// The findings of one rule by status.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "RuleCounts")]
struct RuleCountsDocument {
    rule: &'static str,
    findings: StatusesDocument,
}

/// Failures by severity.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Severities")]
struct SeveritiesDocument {
    critical: u64,
    high: u64,
    medium: u64,
    low: u64,
    info: u64,
}

/// What one owner answers for.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Owner")]
struct OwnerDocument<'a> {
    /// The owner; `null` for what nobody is known to own.
    owner: Option<&'a str>,
    /// The accounts with findings of the owner.
    accounts: u64,
    failures: u64,
    indeterminate: u64,
}

impl<'a> OwnerDocument<'a> {
    fn of(counts: &'a OwnerCounts) -> Self {
        Self {
            owner: counts.owner.as_deref(),
            accounts: counts.accounts,
            failures: counts.failures,
            indeterminate: counts.indeterminate,
        }
    }
}

/// Accounts by whether people sign in through SAML or OpenID Connect.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "IdentityProviders")]
struct IdentityProvidersDocument {
    /// Accounts with a provider.
    present: u64,
    /// Accounts without.
    absent: u64,
    /// Accounts where it was not seen.
    unknown: u64,
}

/// What a reader should know.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Note")]
struct NoteDocument<'a> {
    text: &'a str,
    /// How many accounts it concerns; `null` if it concerns the run.
    accounts: Option<u64>,
}

impl<'a> SummaryDocument<'a> {
    pub(super) fn of(summary: &'a Summary) -> Self {
        let outcome = &summary.outcome;
        let providers = &summary.identity_providers;
        Self {
            failing_accounts: summary.failing_accounts,
            can_sign_in_without_mfa: summary
                .sign_in
                .map(|it| SignInDocument::of(it.principals, it.accounts)),
            findings: StatusesDocument::of(summary.statuses()),
            by_rule: (summary.totals.rules.iter())
                .map(|(rule, counts)| RuleCountsDocument {
                    rule: rule.id,
                    findings: StatusesDocument::of(*counts),
                })
                .collect(),
            failures_by_severity: SeveritiesDocument::of(summary),
            coverage: CoverageDocument::of(summary),
            coverage_waivers: summary
                .totals
                .waivers
                .uses()
                .map(CoverageWaiverDocument::of)
                .collect(),
            gaps: (summary.gaps.iter())
                .map(|it| GapDocument::of(it, &summary.header))
                .collect(),
            accounts_not_active: summary
                .not_active
                .iter()
                .map(AccountNotActiveDocument::of)
                .collect(),
            by_ou: summary.ous.iter().map(OuDocument::of).collect(),
            by_owner: summary
                .owners
                .as_ref()
                .map(|it| it.iter().map(OwnerDocument::of).collect()),
            worst_accounts: summary
                .worst_accounts
                .iter()
                .map(WorstAccountDocument::of)
                .collect(),
            identity_providers: IdentityProvidersDocument {
                present: providers.present,
                absent: providers.absent,
                unknown: providers.unknown,
            },
            access_key_users_without_mfa: summary.access_key_users,
            not_judged: summary.not_judged(),
            oldest_evidence_time: summary.evidence.oldest.map(|it| it.to_string()),
            verdicts_without_evidence_time: summary.evidence.untimed,
            decision: decision(outcome.decision),
            exit_code: outcome.exit_code,
            fail_on: outcome.fail_on.name(),
            min_coverage: f64::from(outcome.min_coverage) / 100.0,
            remark: outcome.remark.as_deref(),
            notes: notes(summary),
            failures_waived: summary.statuses().waived,
            failures_in_grace: summary.statuses().in_grace,
            waivers: (summary.totals.waiver_uses.outcomes())
                .map(WaiverDocument::of)
                .collect(),
            baseline: summary.changes.as_ref().map(BaselineDocument::of),
        }
    }
}

impl SignInDocument {
    const fn of(principals: Principals, accounts: u64) -> Self {
        Self {
            root_users: principals.root_users,
            iam_users: principals.iam_users,
            accounts,
        }
    }
}

impl StatusesDocument {
    pub(super) const fn of(counts: StatusCounts) -> Self {
        Self {
            pass: counts.pass,
            fail: counts.fail,
            not_applicable: counts.not_applicable,
            indeterminate: counts.indeterminate,
        }
    }
}

impl SeveritiesDocument {
    fn of(summary: &Summary) -> Self {
        Self {
            critical: summary.failures_of(Severity::Critical),
            high: summary.failures_of(Severity::High),
            medium: summary.failures_of(Severity::Medium),
            low: summary.failures_of(Severity::Low),
            info: summary.failures_of(Severity::Info),
        }
    }
}

fn notes(summary: &Summary) -> Vec<NoteDocument<'_>> {
    let of_run = summary.header.notes.iter().map(|text| NoteDocument {
        text,
        accounts: None,
    });
    let of_accounts = summary.notes.iter().map(|it| NoteDocument {
        text: &it.text,
        accounts: Some(it.accounts),
    });
    of_run.chain(of_accounts).collect()
}

const fn decision(decision: Decision) -> &'static str {
    match decision {
        Decision::Open => "open",
        Decision::Failures => "failures",
        Decision::Incomplete => "incomplete",
    }
}
