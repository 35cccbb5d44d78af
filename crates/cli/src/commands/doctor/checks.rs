//! What the doctor checked, a line each.

use std::{collections::BTreeSet, fmt::Write};

use aws::{ApiCall, Connection, Site, Trouble};
use inventory::{Discovery, Tried};
use model::{PolicyKind, Scope};

/// The clock's skew from which on AWS refuses signatures is five minutes; half of it is worth a word.
const SKEW_LIMIT: i64 = 150;
/// Where a permission is missing that the caller itself needs.
pub(super) const CALLER: &str = "the caller";

/// What was checked, written as it comes.
#[derive(Default)]
pub(super) struct Checks {
    /// Where permissions are missing, and for which calls.
    pub(super) missing: Vec<(String, &'static ApiCall)>,
    /// Policies above the accounts that deny something.
    pub(super) above: BTreeSet<String>,
    /// How many things are not as they should be.
    pub(super) bad: usize,
    /// What is to be printed.
    pub(super) text: String,
}

impl Checks {
    /// Tells what is as it should be.
    pub(super) fn good(&mut self, what: &str, detail: &str) {
        self.line("ok", what, detail);
    }

    /// Tells what is missing.
    pub(super) fn bad(&mut self, what: &str, detail: &str) {
        self.bad += 1;
        self.line("MISSING", what, detail);
    }

    /// Adds a line.
    pub(super) fn line(&mut self, mark: &str, what: &str, detail: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "{mark:7}  {what:12}  {detail}");
    }

    /// Tells whether this machine's clock is near AWS's.
    pub(super) fn clock(&mut self, connection: &Connection) {
        match connection.meter().clock_skew_seconds() {
            Some(skew) if skew.abs() > SKEW_LIMIT => {
                let detail = format!(
                    "{} s {} AWS's: set it, or AWS will refuse the signatures",
                    skew.abs(),
                    if skew > 0 { "ahead of" } else { "behind" }
                );
                self.bad("clock", &detail);
            }
            Some(skew) => self.good("clock", &format!("{} s from AWS's", skew.abs())),
            None => self.good("clock", "AWS's answer tells no time"),
        }
    }

    /// Tells what was discovered.
    pub(super) fn organization(&mut self, discovery: &Discovery) {
        let detail = match &discovery.organization {
            None => "the account belongs to none, and would be audited alone".to_owned(),
            Some(it) => {
                let audited = discovery
                    .accounts
                    .iter()
                    .filter(|it| it.scope == Scope::Audited)
                    .count();
                let here = if it.management_account == discovery.own_account {
                    "this is its management account"
                } else {
                    "this is a delegated administrator"
                };
                format!("{} with {audited} accounts to audit; {here}", it.id)
            }
        };
        self.good("organization", &detail);
        for note in &discovery.notes {
            self.line("note", "organization", note);
        }
    }

    /// Tells of each call that was tried whether it works; `place` is an account, or the organization.
    pub(super) fn calls(&mut self, place: &str, tried: &[Tried]) {
        for it in tried {
            let name = format!("{}:{}", it.call.service, it.call.operation);
            match &it.trouble {
                None => self.good(place, &name),
                Some(trouble) => self.denied(place, it.call, &name, trouble),
            }
        }
    }

    fn denied(&mut self, place: &str, call: &'static ApiCall, name: &str, trouble: &Trouble) {
        let without = format!("without it, {}", call.without);
        self.bad(place, &format!("{name}: {}; {without}", trouble.detail));
        let policy = trouble.policy.as_ref();
        let above = policy.filter(|it| it.kind == PolicyKind::ServiceControl);
        if let Some(policy) = above {
            // No statement of the role's helps against a policy above it.
            let arn = policy
                .arn
                .clone()
                .unwrap_or_else(|| "a service control policy".to_owned());
            self.above.insert(arn);
        } else {
            // The caller must be allowed to enter; the account's role must be allowed the rest.
            let at = if matches!(call.site, Site::Management | Site::RootAccess) {
                CALLER
            } else {
                place
            };
            self.missing.push((at.to_owned(), call));
        }
    }
}
