//! `mfaudit doctor`: tells before the first audit what would be missing, and what to add.

mod cause;
mod checks;
mod needed;
mod remedies;
mod summary;
mod survey;

use inventory::{Discovery, Reach, StartError};
use model::{Account, AccountKind, Scope, snapshot::ScopeFilter};

use self::{checks::Checks, needed::Needed};
use crate::{
    args::{AssumeRoot, Doctor},
    config::Environment,
    config_file::ConfigFile,
    connect,
    error::CliError,
    exit::ExitStatus,
    given::Given,
    run,
};

pub(super) async fn run(
    mut args: Doctor,
    given: &Given,
    environment: &Environment,
) -> Result<ExitStatus, CliError> {
    let config = ConfigFile::read(args.config.config.as_deref())?;
    config.role.apply(&mut args.role, given);
    config.assume_root(&mut args.assume_root, given);
    let args = &args;
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
            checks.finish_without_organization(&error, args, caller.partition().as_str())?;
            return Ok(ExitStatus::Incomplete);
        }
    };
    checks.organization(&discovery);
    if discovery.organization.is_some() {
        let tried = inventory::try_organization(&connection).await;
        checks.calls("organization", &tried);
    }
    if args.assume_root != AssumeRoot::Never {
        let member = discovery
            .accounts
            .iter()
            .find(|it| it.scope == Scope::Audited && it.kind == AccountKind::Member);
        let tried = inventory::try_root_access(&connection, &own, member).await;
        checks.calls("root users", &tried);
    }
    let needed = Needed::by(&config.rules.of_role(&args.rules)?);
    let role = run::audit_role(&args.role, &rules::datasets(&config.rules.known()));
    if args.all {
        let survey = survey::of_all(&connection, &discovery, &role, &needed).await;
        checks.survey(
            &survey,
            &remedies::names(&args.role, caller.partition().as_str()),
        );
        return checks.finish(&args.role, caller.partition().as_str());
    }
    for account in chosen(args, &discovery)? {
        let mut tried =
            inventory::try_account(&connection, &discovery.own_account, &role, account).await;
        tried.retain(|it| needed.has(it.call));
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
