//! Who fails which rule, and where most do.

use std::collections::HashMap;

use model::{Arn, IamUser, Record, Timestamp};
use rules::{Finding, Rule, Status, SubjectKind};

use crate::{
    Owners,
    password_use::{PasswordUse, PasswordUses},
    summary::{AccountName, OwnerShares, Principals, RuleFailures, SignIn},
};

/// The rules whose failures mean: this principal can sign in without MFA.
pub const SIGN_IN_RULES: [&str; 2] = ["root-user-mfa", "iam-user-console-mfa"];
/// How many accounts are named for each rule.
const EXAMPLES: usize = 5;

/// Who fails which rule, and where most do.
#[derive(Debug)]
pub(super) struct FailureTally {
    pub(super) accounts: u64,
    pub(super) sign_in: Option<SignIn>,
    pub(super) judged: Principals,
    pub(super) rules: Vec<RuleFailures>,
    /// The same without what is waived or in its time of grace.
    pub(super) to_fix: Vec<RuleFailures>,
}

impl FailureTally {
    pub(super) fn new(rules: &[&'static Rule]) -> Self {
        let tells = rules.iter().any(|it| SIGN_IN_RULES.contains(&it.id));
        let none = |rule: &&'static Rule| RuleFailures {
            rule,
            findings: 0,
            accounts: 0,
            examples: Vec::new(),
            most: None,
            uses: PasswordUses::default(),
            owners: OwnerShares::new(),
        };
        Self {
            accounts: 0,
            sign_in: tells.then(SignIn::default),
            judged: Principals::default(),
            rules: rules.iter().map(none).collect(),
            to_fix: rules.iter().map(none).collect(),
        }
    }

    pub(super) fn add(
        &mut self,
        account: &AccountName,
        record: &Record,
        findings: &[Finding],
        now: Option<Timestamp>,
        owners: &Owners,
    ) {
        let judged = findings.iter().filter(|it| match it.status {
            Status::Pass | Status::Fail => true,
            Status::NotApplicable | Status::Indeterminate => false,
        });
        self.judged.add(&judged);
        let failing: Vec<_> = findings
            .iter()
            .filter(|it| it.status == Status::Fail)
            .collect();
        if failing.is_empty() {
            return;
        }
        self.accounts += 1;
        if let Some(sign_in) = &mut self.sign_in {
            let signs_in = |it: &&&Finding| SIGN_IN_RULES.contains(&it.rule.id);
            let before = sign_in.principals.all();
            sign_in
                .principals
                .add(&failing.iter().filter(signs_in).copied());
            sign_in.accounts += u64::from(sign_in.principals.all() > before);
        }
        let users: HashMap<&Arn, &IamUser> = record
            .iam_users
            .items
            .iter()
            .map(|it| (&it.arn, it))
            .collect();
        let excused = |it: &&&Finding| it.waiver.is_some() || it.grace_until.is_some();
        let to_fix: Vec<_> = failing.iter().filter(|it| !excused(it)).copied().collect();
        for (rules, failing) in [(&mut self.rules, &failing), (&mut self.to_fix, &to_fix)] {
            // Findings of one rule come one after the other.
            for group in failing.chunk_by(|a, b| a.rule.id == b.rule.id) {
                let id = group.first().map(|it| it.rule.id);
                if let Some(of_rule) = rules.iter_mut().find(|it| Some(it.rule.id) == id) {
                    of_rule.add_failing(account, group, &users, now);
                    of_rule.add_owners(record, group, owners);
                }
            }
        }
    }
}

impl RuleFailures {
    fn add_failing(
        &mut self,
        account: &AccountName,
        failing: &[&Finding],
        users: &HashMap<&Arn, &IamUser>,
        now: Option<Timestamp>,
    ) {
        for finding in failing {
            if let Some(user) = users.get(&finding.subject.arn) {
                self.uses.add(PasswordUse::of(user, now));
            }
        }
        self.add(account, failing.len() as u64);
    }

    fn add_owners(&mut self, record: &Record, failing: &[&Finding], owners: &Owners) {
        if !owners.are_wanted() {
            return;
        }
        for finding in failing {
            let owner = owners.of(record, &finding.subject).map(Into::into);
            *self.owners.entry(owner).or_default() += 1;
        }
    }

    fn add(&mut self, account: &AccountName, findings: u64) {
        self.findings += findings;
        self.accounts += 1;
        if self.examples.len() < EXAMPLES {
            self.examples.push(account.clone());
        }
        if self.most.as_ref().is_none_or(|(_, most)| findings > *most) {
            self.most = Some((account.clone(), findings));
        }
    }
}

impl Principals {
    /// Counts the subjects of one account's findings, each once however many rules judge it.
    fn add<'a>(&mut self, findings: &(impl Iterator<Item = &'a Finding> + Clone)) {
        let of = |kind| {
            let subjects = findings.clone().map(|it| &it.subject);
            let of_kind = subjects.filter(|it| it.kind == kind);
            let mut arns: Vec<_> = of_kind.map(|it| it.arn.as_str()).collect();
            // Quicker than hashing each.
            arns.sort_unstable();
            arns.dedup();
            arns.len() as u64
        };
        self.root_users += of(SubjectKind::RootUser);
        self.iam_users += of(SubjectKind::IamUser);
    }
}

#[cfg(test)]
mod tests {
    use super::SIGN_IN_RULES;

    #[test]
    fn the_rules_about_signing_in_exist() {
        for id in SIGN_IN_RULES {
            assert!(rules::CATALOG.iter().any(|it| it.id == id), "{id}");
        }
    }
}
