//! The first pass: counts over all records, in memory that does not grow with their number.

mod failures;
mod gaps;
mod notes;
mod owners;

#[cfg(test)]
pub(crate) mod tests;

use std::{collections::BTreeMap, sync::Arc};

use model::{
    AccessKeyStatus, ConsolePassword, Dataset, Date, FeatureState, IamUser, MfaStatus, Record,
    Scope, Timestamp, snapshot::Header,
};
use rules::{
    Baseline, Comparison, CoverageWaiver, CoverageWaivers, Criteria, Finding, FrameworkVersion,
    Rule, Settings, Severity, Status, Totals, WaiverUses, Waivers,
};

pub use self::failures::SIGN_IN_RULES;
use self::{failures::FailureTally, gaps::GapTally, notes::NoteTally, owners::OwnerTally};
use crate::{
    Outcome, Owners, Summary,
    framework_report::FrameworkReport,
    spread::Spread,
    summary::{
        AccountName, AccountNotActive, Evidence, IdentityProviders, OuCounts, WorstAccount,
        is_verdict,
    },
};

/// The rule that flags users with access keys and no MFA, and the one that flags them among others.
const ACCESS_KEY_RULES: [&str; 2] = ["iam-user-access-key-mfa", "iam-user-mfa"];
/// How many of the worst accounts are named.
const WORST_ACCOUNTS: usize = 20;

/// The first pass: counts over all records, in memory that does not grow with their number.
///
/// Only the accounts that are *not* audited are held by name. AWS drops an account 90 days after it is closed and
/// limits how many may be closed a month, so they are few.
#[derive(Debug)]
pub struct Tally {
    header: Header,
    totals: Totals,
    datasets: Vec<Dataset>,
    accounts: u64,
    first_account: Option<AccountName>,
    failures: FailureTally,
    gaps: GapTally,
    not_active: Vec<AccountNotActive>,
    ous: BTreeMap<String, OuCounts>,
    worst_accounts: Vec<WorstAccount>,
    identity_providers: IdentityProviders,
    root_credentials_management: Option<FeatureState>,
    access_key_users: Option<u64>,
    evidence: Evidence,
    notes: NoteTally,
    frameworks: Vec<&'static FrameworkVersion>,
    settings: Settings,
    owners: OwnerTally,
    comparison: Option<Comparison>,
    spread: Spread,
}

impl Tally {
    /// Returns the counts over nothing. The waivers are taken as they stand when the run began.
    pub fn new(header: &Header, rules: &[&'static Rule], waivers: Vec<CoverageWaiver>) -> Self {
        let waivers = CoverageWaivers::at(header.collected_at, waivers);
        let mut totals = Totals::new(rules, header.account_list.clone(), waivers);
        totals.coverage.identity_center = header.identity_center;
        let flagged = rules.iter().any(|it| ACCESS_KEY_RULES.contains(&it.id));
        Self {
            header: header.clone(),
            totals,
            datasets: rules::datasets(rules).into_iter().collect(),
            accounts: 0,
            first_account: None,
            failures: FailureTally::new(rules),
            gaps: GapTally::default(),
            not_active: Vec::new(),
            ous: BTreeMap::new(),
            worst_accounts: Vec::new(),
            identity_providers: IdentityProviders::default(),
            root_credentials_management: None,
            access_key_users: if flagged { None } else { Some(0) },
            evidence: Evidence::default(),
            notes: NoteTally::default(),
            frameworks: Vec::new(),
            settings: Settings::default(),
            owners: OwnerTally::default(),
            comparison: None,
            spread: Spread::default(),
        }
    }

    /// Counts by owner too.
    #[must_use]
    pub fn with_owners(self, owners: Owners) -> Self {
        Self {
            owners: OwnerTally::new(owners),
            ..self
        }
    }

    /// Returns the same counts, with what becomes of waivers, which stand as they do when the run began.
    #[must_use]
    pub fn with_waivers(self, waivers: &Waivers) -> Self {
        let rules: Vec<_> = self.totals.rules.iter().map(|(it, _)| *it).collect();
        let day = self.header.collected_at.and_then(Date::of);
        let uses = WaiverUses::new(waivers.clone(), &rules, day);
        Self {
            totals: self.totals.with_waivers(uses),
            ..self
        }
    }

    /// Returns the same counts, with what became of waivers as it was counted elsewhere.
    #[must_use]
    pub fn with_waiver_uses(self, uses: WaiverUses) -> Self {
        Self {
            totals: self.totals.with_waivers(uses),
            ..self
        }
    }

    /// Returns the same counts, to be compared with a baseline, if there is one: of what was a failure there, what became
    /// of it. The findings to be counted must be compared with it already.
    #[must_use]
    pub fn compared(mut self, baseline: Option<&Arc<Baseline>>) -> Self {
        let rules: Vec<_> = self.totals.rules.iter().map(|(it, _)| *it).collect();
        self.comparison = baseline.map(|it| Comparison::new(Arc::clone(it), &self.header, &rules));
        self
    }

    /// Returns the same counts, which end in a report on the frameworks that the criteria name.
    #[must_use]
    pub fn with_frameworks(mut self, criteria: &Criteria) -> Self {
        self.frameworks.clone_from(&criteria.frameworks);
        self.settings = criteria.settings.clone();
        self
    }

    /// Counts a record and its findings.
    pub fn add(&mut self, record: &Record, findings: &[Finding]) {
        let account = AccountName::of(&record.account);
        self.accounts += 1;
        self.first_account.get_or_insert_with(|| account.clone());
        self.notes.add(record);
        if let Some(comparison) = &mut self.comparison {
            comparison.add(record, findings);
        }
        match record.account.scope {
            Scope::Audited => self.add_audited(&account, record, findings),
            Scope::NotActive => self.not_active.push(AccountNotActive {
                account,
                state: record.account.state.clone(),
                ou_path: record.account.ou_path.clone(),
            }),
        }
    }

    /// Returns the counts the gate decides on.
    pub const fn totals(&self) -> &Totals {
        &self.totals
    }

    /// Returns what stands above the findings.
    pub fn finish(self, outcome: Outcome) -> Summary {
        let frameworks = self.frameworks.iter();
        let frameworks = frameworks.map(|it| FrameworkReport::of(it, &self.totals, &self.settings));
        let frameworks = frameworks.collect();
        let only_account = self.first_account.filter(|_| self.accounts == 1);
        Summary {
            header: self.header,
            outcome,
            totals: self.totals,
            only_account,
            failing_accounts: self.failures.accounts,
            sign_in: self.failures.sign_in,
            judged: self.failures.judged,
            failures: self
                .failures
                .rules
                .into_iter()
                .filter(|it| it.findings > 0)
                .collect(),
            to_fix: self
                .failures
                .to_fix
                .into_iter()
                .filter(|it| it.findings > 0)
                .collect(),
            gaps: self.gaps.finish(),
            not_active: self.not_active,
            ous: self.ous.into_values().collect(),
            worst_accounts: self.worst_accounts,
            identity_providers: self.identity_providers,
            root_credentials_management: self.root_credentials_management,
            access_key_users: self.access_key_users,
            evidence: self.evidence,
            notes: self.notes.finish(),
            frameworks,
            owners: self.owners.finish(),
            spread: self.spread,
            changes: self.comparison.map(Comparison::finish),
            trend: None,
        }
    }

    fn add_audited(&mut self, account: &AccountName, record: &Record, findings: &[Finding]) {
        let short_before = self.totals.coverage.accounts_short;
        self.totals.add(record, findings);
        let short = self.totals.coverage.accounts_short - short_before;
        let owners = &self.owners.owners;
        self.gaps
            .add(account, record, findings, &self.datasets, owners);
        let now = self.header.collected_at;
        self.failures.add(account, record, findings, now, owners);
        self.spread.add(record, findings, now);
        let failing = || findings.iter().filter(|it| it.status == Status::Fail);
        let failures = failing().count() as u64;
        let ou = self.ous.entry(record.account.ou_path.clone()).or_default();
        ou.path.clone_from(&record.account.ou_path);
        ou.accounts += 1;
        ou.failures += failures;
        ou.accounts_short += short;
        ou.accounts_failing += u64::from(failures > 0);
        ou.accounts_undecided += u64::from(failures == 0 && short > 0);
        if let Some(severity) = failing().map(|it| it.rule.severity).max() {
            self.add_failing(account, record, failures, severity);
        }
        if let Some(features) = record.organization_features.known() {
            let state = features.root_credentials_management;
            self.root_credentials_management.get_or_insert(state);
        }
        let count = match record.identity_providers.known() {
            Some(0) => &mut self.identity_providers.absent,
            Some(_) => &mut self.identity_providers.present,
            None => &mut self.identity_providers.unknown,
        };
        *count += 1;
        if let Some(count) = &mut self.access_key_users {
            let users = record.iam_users.items.iter();
            *count += users.filter(|it| signs_requests_without_mfa(it)).count() as u64;
        }
        self.evidence.add(findings);
        self.owners.add(record, findings);
    }

    fn add_failing(
        &mut self,
        account: &AccountName,
        record: &Record,
        failures: u64,
        severity: Severity,
    ) {
        self.worst_accounts.push(WorstAccount {
            account: account.clone(),
            ou_path: record.account.ou_path.clone(),
            failures,
            severity,
        });
        self.worst_accounts.sort_by(|a, b| {
            let badness = |it: &WorstAccount| (it.failures, it.severity);
            badness(b)
                .cmp(&badness(a))
                .then_with(|| a.account.id.cmp(&b.account.id))
        });
        self.worst_accounts.truncate(WORST_ACCOUNTS);
    }
}

impl Evidence {
    fn add(&mut self, findings: &[Finding]) {
        for finding in findings.iter().filter(|it| is_verdict(it.status)) {
            match finding.evidence_time {
                Some(time) => {
                    let oldest: Option<Timestamp> = self.oldest;
                    self.oldest = Some(oldest.map_or(time, |it| it.min(time)));
                }
                // What no answer was needed for is true at any time.
                None if finding.sources.is_empty() => {}
                None => self.untimed += 1,
            }
        }
    }
}

/// Tells whether a user is known to have an active access key, no console password and no MFA device.
fn signs_requests_without_mfa(user: &IamUser) -> bool {
    let active =
        |keys: &Vec<model::AccessKey>| keys.iter().any(|it| it.status == AccessKeyStatus::Active);
    user.mfa.known() == Some(&MfaStatus::NotEnabled)
        && user.password.known() == Some(&ConsolePassword::NotSet)
        && user.access_keys.known().is_some_and(active)
}
