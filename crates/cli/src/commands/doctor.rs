//! `mfaudit doctor`: tells before the first audit what would be missing, and what to add.

use std::{collections::BTreeSet, fmt::Write};

use aws::{ApiCall, Connection, Site, Trouble, policy};
use inventory::{CALLS, Discovery, Reach, StartError, Tried};
use model::{Account, AccountKind, PolicyKind, Scope, snapshot::ScopeFilter};

use super::policy::pretty;
use crate::{
    args::{Doctor, RoleArgs},
    config::Environment,
    connect,
    error::CliError,
    exit::ExitStatus,
    output, run,
};

/// The clock's skew from which on AWS refuses signatures is five minutes; half of it is worth a word.
const SKEW_LIMIT: i64 = 150;
/// Where a permission is missing that the caller itself needs.
const CALLER: &str = "the caller";

pub(super) async fn run(args: &Doctor, environment: &Environment) -> Result<ExitStatus, CliError> {
    let connection = connect::connect(&args.connection, environment).await?;
    let mut checks = Checks::default();
    let (caller, own) = inventory::caller(&connection)
        .await
        .map_err(connect::start_error)?;
    checks.good("credentials", &format!("{caller} in account {own}"));
    checks.good(
        "region",
        &format!(
            "{} in partition {}",
            connection.region(),
            caller.partition()
        ),
    );
    checks.clock(&connection);
    let discovery =
        inventory::discover(&connection, &Reach::Organization(ScopeFilter::default())).await;
    let discovery = match discovery {
        Ok(discovery) => discovery,
        Err(error) => {
            checks.bad("organization", &error.to_string());
            let tried = inventory::try_organization(&connection).await;
            checks.calls("organization", &tried);
            checks.finish_without_organization(&error, args)?;
            return Ok(ExitStatus::Incomplete);
        }
    };
    checks.organization(&discovery);
    if discovery.organization.is_some() {
        let tried = inventory::try_organization(&connection).await;
        checks.calls("organization", &tried);
    }
    for account in chosen(args, &discovery)? {
        let datasets = rules::datasets(rules::CATALOG);
        let role = run::audit_role(&args.role, &datasets);
        let tried =
            inventory::try_account(&connection, &discovery.own_account, &role, account).await;
        checks.calls(account.id.as_str(), &tried);
    }
    checks.finish(&args.role, caller.partition().as_str())
}

/// Returns the accounts to try: the caller's own, and one that the audit role is needed for.
fn chosen<'a>(args: &Doctor, discovery: &'a Discovery) -> Result<Vec<&'a Account>, CliError> {
    let audited = || {
        discovery
            .accounts
            .iter()
            .filter(|it| it.scope == Scope::Audited)
    };
    if let Some(wanted) = &args.account {
        let found = discovery.accounts.iter().find(|it| it.id == *wanted);
        let found = found
            .ok_or_else(|| connect::start_error(StartError::UnknownAccount(wanted.clone())))?;
        return Ok(vec![found]);
    }
    let own = audited().find(|it| it.id == discovery.own_account);
    let member =
        audited().find(|it| it.id != discovery.own_account && it.kind != AccountKind::Management);
    Ok(own.into_iter().chain(member).collect())
}

/// What was checked, written as it comes.
#[derive(Default)]
struct Checks {
    missing: Vec<(String, &'static ApiCall)>,
    /// Policies above the accounts that deny something.
    above: BTreeSet<String>,
    bad: usize,
    text: String,
}

impl Checks {
    fn good(&mut self, what: &str, detail: &str) {
        self.line("ok", what, detail);
    }

    fn bad(&mut self, what: &str, detail: &str) {
        self.bad += 1;
        self.line("MISSING", what, detail);
    }

    fn line(&mut self, mark: &str, what: &str, detail: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "{mark:7}  {what:12}  {detail}");
    }

    fn clock(&mut self, connection: &Connection) {
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

    fn organization(&mut self, discovery: &Discovery) {
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

    fn calls(&mut self, place: &str, tried: &[Tried]) {
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
            let at = if call.site == Site::Management {
                CALLER
            } else {
                place
            };
            self.missing.push((at.to_owned(), call));
        }
    }

    fn finish_without_organization(
        mut self,
        error: &StartError,
        args: &Doctor,
    ) -> Result<(), CliError> {
        let advice = match error {
            StartError::PlainMember { .. } => {
                "run it with credentials of the management account or of a delegated administrator, or audit this account alone: mfaudit audit --account self"
            }
            StartError::Caller(_)
            | StartError::Listing(_)
            | StartError::UnknownAccount(_)
            | StartError::UnknownUnit { .. }
            | StartError::AmbiguousUnit { .. } => "the caller needs the statement below",
        };
        let _ = writeln!(self.text, "\n{advice}");
        self.statements(&args.role, "aws")?;
        output::print(&self.text)
    }

    fn finish(mut self, role: &RoleArgs, partition: &str) -> Result<ExitStatus, CliError> {
        if self.bad == 0 {
            self.text.push_str(
                "\nAn audit would see everything it asks for here. Start one: mfaudit audit\n",
            );
            output::print(&self.text)?;
            return Ok(ExitStatus::Clean);
        }
        self.statements(role, partition)?;
        output::print(&self.text)?;
        Ok(ExitStatus::Incomplete)
    }

    /// Prints, for each place where permissions are missing, the policy to add there.
    fn statements(&mut self, role: &RoleArgs, partition: &str) -> Result<(), CliError> {
        let names = policy::Names {
            partition: partition.to_owned(),
            role: role.name_with_path(),
        };
        let entry = self
            .missing
            .iter()
            .any(|(_, call)| call.operation == "AssumeRole");
        if entry {
            let _ = writeln!(
                self.text,
                "\nThe role {} is missing there, or does not trust the caller: deploy mfaudit policy --for member --as cloudformation; the caller needs sts:AssumeRole on it.",
                names.role
            );
        }
        for arn in &self.above {
            let _ = writeln!(
                self.text,
                "\n{arn} denies calls of the audit: exempt the role {} in it.",
                names.role
            );
        }
        let mut places: Vec<&str> = self
            .missing
            .iter()
            .map(|(place, _)| place.as_str())
            .collect();
        places.dedup();
        let places: Vec<String> = places.into_iter().map(str::to_owned).collect();
        for place in places {
            let is_missing = |call: &&&'static ApiCall| {
                self.missing
                    .iter()
                    .any(|(at, it)| *at == place && it.operation == call.operation)
            };
            let calls: Vec<&'static ApiCall> = CALLS.iter().filter(is_missing).copied().collect();
            let document = policy::permitting(&calls, &names);
            let document = pretty(&document)?;
            let whose = if place == CALLER {
                "to the caller's policy".to_owned()
            } else {
                format!("to the policy of {} in {place}", names.role)
            };
            let _ = write!(self.text, "\nAdd {whose}:\n{document}");
        }
        Ok(())
    }
}
