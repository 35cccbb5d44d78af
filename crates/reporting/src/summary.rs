//! What stands above the findings: counted once, told by all formats.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Account, AccountId, AccountKind, AccountState, Dataset, FeatureState, GapReason, PolicyKind,
    Timestamp, snapshot::Header,
};
use rules::{Changes, Rule, Severity, Status, StatusCounts, Strictness, Totals};

use crate::{
    Outcome, framework_report::FrameworkReport, password_use::PasswordUses, spread::Spread,
};

/// What stands above the findings: counted once, told by all formats.
#[derive(Debug)]
pub struct Summary {
    pub(crate) header: Header,
    pub(crate) outcome: Outcome,
    pub(crate) totals: Totals,
    /// The account, if there is only one; accounts out of scope count.
    pub(crate) only_account: Option<AccountName>,
    /// The accounts with a failure.
    pub(crate) failing_accounts: u64,
    /// Who can sign in without MFA; `None` if no rule that tells was evaluated.
    pub(crate) sign_in: Option<SignIn>,
    /// Who passes or fails a rule.
    pub(crate) judged: Principals,
    /// The rules with failures, in the order of the rules.
    pub(crate) failures: Vec<RuleFailures>,
    /// Those that nobody answers for and no new user has.
    pub(crate) to_fix: Vec<RuleFailures>,
    /// What was not seen, by cause: the management account first, then most accounts first.
    pub(crate) gaps: Vec<GapGroup>,
    /// The accounts that are listed and not audited.
    pub(crate) not_active: Vec<AccountNotActive>,
    /// The organizational units that hold audited accounts, by path.
    pub(crate) ous: Vec<OuCounts>,
    /// The accounts with most failures.
    pub(crate) worst_accounts: Vec<WorstAccount>,
    pub(crate) identity_providers: IdentityProviders,
    /// Whether the organization manages root credentials centrally; `None` if that was not seen.
    pub(crate) root_credentials_management: Option<FeatureState>,
    /// Users that only a rule which was not selected would flag; `None` if it was.
    pub(crate) access_key_users: Option<u64>,
    pub(crate) evidence: Evidence,
    /// What a reader should know of accounts.
    pub(crate) notes: Vec<Note>,
    /// The reports on frameworks that were asked for.
    pub(crate) frameworks: Vec<FrameworkReport>,
    /// Failures and gaps by who answers for them, most failures first; `None` if nobody asked who does.
    pub(crate) owners: Option<Vec<OwnerCounts>>,
    /// How old the evidence is, and what kinds of MFA device there are.
    pub(crate) spread: Spread,
    /// What changed since the baseline; `None` without one.
    pub(crate) changes: Option<Changes>,
}

/// How many of something each owner answers for; `None` for what nobody is known to own.
pub(crate) type OwnerShares = BTreeMap<Option<Box<str>>, u64>;

/// What one owner answers for.
#[derive(Clone, Debug, Default)]
pub(crate) struct OwnerCounts {
    /// The owner; `None` for what nobody is known to own.
    pub(crate) owner: Option<String>,
    /// The accounts in which there are findings of the owner.
    pub(crate) accounts: u64,
    pub(crate) failures: u64,
    pub(crate) indeterminate: u64,
}

/// An account as reports name it.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct AccountName {
    pub(crate) id: AccountId,
    pub(crate) name: String,
    /// Whether it belongs to an organization is told by what kind of account it is.
    pub(crate) kind: Belonging,
}

/// Whether an account belongs to an organization.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Belonging {
    Organization,
    None,
    Unstated,
}

/// How many principals of each kind.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Principals {
    pub(crate) root_users: u64,
    pub(crate) iam_users: u64,
}

/// Who can sign in without MFA.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SignIn {
    pub(crate) principals: Principals,
    pub(crate) accounts: u64,
}

/// The failures of one rule.
#[derive(Clone, Debug)]
pub(crate) struct RuleFailures {
    pub(crate) rule: &'static Rule,
    pub(crate) findings: u64,
    pub(crate) accounts: u64,
    /// The first few accounts.
    pub(crate) examples: Vec<AccountName>,
    /// The account with most failures of the rule.
    pub(crate) most: Option<(AccountName, u64)>,
    /// How the failing users' console passwords are used.
    pub(crate) uses: PasswordUses,
    /// The failures by who answers for them; empty if nobody asked who does.
    pub(crate) owners: OwnerShares,
}

/// What tells one cause of gaps from another; one remedy closes all of a cause.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Cause {
    pub(crate) place: Place,
    pub(crate) reason: GapReason,
    /// The kind of policy that denies, and its name where accounts may share it.
    pub(crate) policy: Option<(PolicyKind, Option<String>)>,
}

/// Where a gap is: the two kinds of account are opened by different policies.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Place {
    Management,
    Other,
}

/// The gaps of one cause.
#[derive(Clone, Debug)]
pub(crate) struct GapGroup {
    pub(crate) cause: Cause,
    pub(crate) accounts: u64,
    /// The findings that have no verdict for it.
    pub(crate) findings: u64,
    pub(crate) datasets: BTreeSet<Dataset>,
    /// The AWS operations that would have told, or the first few of them.
    pub(crate) operations: BTreeSet<String>,
    /// The first few accounts.
    pub(crate) examples: Vec<AccountName>,
    /// The organizational units of its accounts, or the first few of them.
    pub(crate) ous: BTreeSet<String>,
    /// The particulars of the first gap that has any.
    pub(crate) detail: String,
    /// Its accounts by who answers for them; empty if nobody asked who does.
    pub(crate) owners: OwnerShares,
}

/// An account that is listed and not audited.
#[derive(Clone, Debug)]
pub(crate) struct AccountNotActive {
    pub(crate) account: AccountName,
    pub(crate) state: AccountState,
    pub(crate) ou_path: String,
}

/// The audited accounts of one organizational unit.
#[derive(Clone, Debug, Default)]
pub(crate) struct OuCounts {
    /// The names of the units, joined by `/`; empty at the root of the organization.
    pub(crate) path: String,
    pub(crate) accounts: u64,
    pub(crate) failures: u64,
    /// The accounts that were not fully seen.
    pub(crate) accounts_short: u64,
    /// The accounts with a failure.
    pub(crate) accounts_failing: u64,
    /// The accounts without one that were not fully seen.
    pub(crate) accounts_undecided: u64,
}

/// An account with failures.
#[derive(Clone, Debug)]
pub(crate) struct WorstAccount {
    pub(crate) account: AccountName,
    pub(crate) ou_path: String,
    pub(crate) failures: u64,
    pub(crate) severity: Severity,
}

/// In how many accounts people sign in through SAML or OpenID Connect.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct IdentityProviders {
    pub(crate) present: u64,
    pub(crate) absent: u64,
    pub(crate) unknown: u64,
}

/// The times that verdicts are true of.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Evidence {
    pub(crate) oldest: Option<Timestamp>,
    /// Verdicts whose evidence tells no time.
    pub(crate) untimed: u64,
}

/// A note, and how many accounts carry it.
#[derive(Clone, Debug)]
pub(crate) struct Note {
    pub(crate) text: String,
    pub(crate) accounts: u64,
}

impl AccountName {
    pub(crate) fn of(account: &Account) -> Self {
        Self {
            id: account.id.clone(),
            name: account.name.clone(),
            kind: match account.kind {
                AccountKind::Management | AccountKind::Member => Belonging::Organization,
                AccountKind::Standalone => Belonging::None,
                AccountKind::Unstated => Belonging::Unstated,
            },
        }
    }
}

/// Writes the account as `name id`, or as its identifier where it has no name.
impl std::fmt::Display for AccountName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.name.is_empty() {
            write!(f, "{}", self.id)
        } else {
            write!(f, "{} {}", self.name, self.id)
        }
    }
}

impl Principals {
    pub(crate) const fn all(self) -> u64 {
        self.root_users + self.iam_users
    }
}

impl Summary {
    /// Returns what changed since the baseline.
    pub const fn changes(&self) -> Option<&Changes> {
        self.changes.as_ref()
    }

    /// Returns who looked, at what, when.
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// Returns how the run ended.
    pub const fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// Returns the counts the gate decided on.
    pub const fn totals(&self) -> &Totals {
        &self.totals
    }

    /// Returns how many findings have each status, over all rules.
    pub fn statuses(&self) -> StatusCounts {
        let mut sum = StatusCounts::default();
        for (_, counts) in &self.totals.rules {
            sum.pass += counts.pass;
            sum.fail += counts.fail;
            sum.not_applicable += counts.not_applicable;
            sum.indeterminate += counts.indeterminate;
            sum.held += counts.held;
            sum.waived += counts.waived;
            sum.in_grace += counts.in_grace;
        }
        sum
    }

    /// Returns how many findings have `status` at each severity.
    pub(crate) fn failures_of(&self, severity: Severity) -> u64 {
        let rules = self.totals.rules.iter();
        let of_severity = rules.filter(|(rule, _)| rule.severity == severity);
        of_severity.map(|(_, counts)| counts.fail).sum()
    }

    /// Returns coverage in hundredths of a percent, whatever is waived. `None` if there was nothing to see.
    pub fn coverage(&self, strict: Strictness) -> Option<u64> {
        share(self.totals.coverage.seen_of_all(strict))
    }

    /// Returns the coverage the gate decides on, which leaves out what is waived, likewise.
    pub(crate) fn coverage_held(&self, strict: Strictness) -> Option<u64> {
        share(self.totals.coverage.seen_of_held(strict))
    }

    /// Tells whether no fact that a rule needs was seen, in any account.
    pub(crate) fn is_blind(&self) -> bool {
        let cells = self.totals.coverage.cells.values();
        self.totals.coverage.accounts > 0
            && cells.clone().count() > 0
            && cells.into_iter().all(|it| it.seen == 0 && it.partly == 0)
    }
}

/// Returns a share in hundredths of a percent, rounded down: all is only all. `None` of nothing.
pub(crate) fn share((part, all): (u64, u64)) -> Option<u64> {
    let hundredths = (u128::from(part) * 10_000).checked_div(u128::from(all))?;
    u64::try_from(hundredths).ok()
}

/// Tells whether a status is a verdict.
pub(crate) const fn is_verdict(status: Status) -> bool {
    match status {
        Status::Pass | Status::Fail | Status::NotApplicable => true,
        Status::Indeterminate => false,
    }
}
