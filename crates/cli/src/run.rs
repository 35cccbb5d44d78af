//! A run against AWS: discover, collect into a journal, and make the snapshot of it.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use aws::{Clock, Connection, Site, policy};
use inventory::{
    AuditRole, CALLS, Collector, Freshness, Pace, Plan, REPORT_PATIENCE, Reach, RunDeadline,
    SeenFeatures, ServiceControlPolicies, Stop, Survey,
};
use model::{
    AccountId, Dataset, Record, Timestamp,
    snapshot::{AccountList, FORMAT_VERSION, Header, Mode, Parameters, RootAccess, ScopeFilter},
};
use rules::{Criteria, Rule};

use crate::{
    args::{AccountOrSelf, CollectionArgs, RoleArgs, ScopeArgs},
    connect::start_error,
    error::{CliError, Kind},
    gather::{self, Ending},
    output,
    place::{Collected, Place, cannot_keep},
    progress::Progress,
};

/// What a run is to do.
pub(crate) struct Run<'a> {
    pub(crate) role: &'a RoleArgs,
    pub(crate) scope: &'a ScopeArgs,
    pub(crate) collection: &'a CollectionArgs,
    /// The key of the accounts' tag that names their owners.
    pub(crate) owner_tag: Option<String>,
    pub(crate) criteria: Criteria,
    pub(crate) clock: Clock,
    /// The file to keep; `None` for a temporary one.
    pub(crate) keep: Option<&'a Path>,
    /// What stands in AWS's place, for the record; `None` for AWS itself.
    pub(crate) endpoint: Option<String>,
}

/// Discovers and collects, and returns the records.
pub(crate) async fn collect(connection: &Connection, run: &Run<'_>) -> Result<Collected, CliError> {
    let collection = run.collection;
    let deadline = collection.deadline.map(RunDeadline::after);
    let place = Place::choose(run.keep, collection.resume)?;
    let progress = Progress::begin(connection.meter(), collection.quiet);
    let tempo = Pace::new(usize::from(collection.concurrency));
    let (reach, filter) = reach(run.scope)?;
    let survey = Survey::begin(connection, &tempo, &reach)
        .await
        .map_err(start_error)?;
    let mut datasets = datasets(&run.criteria.rules, &collection.also);
    if run.owner_tag.is_some() {
        datasets.insert(Dataset::OwnerTag);
    }
    let wanted = RootAccess::from(collection.assume_root);
    let features = features(
        connection,
        &survey.own_account,
        run.clock,
        &datasets,
        wanted,
    )
    .await;
    let (root_access, note) = inventory::decide_root_access(features.as_ref(), wanted);
    let notes: Vec<_> = survey.notes.iter().cloned().chain(note).collect();
    say_notes(&notes, collection.quiet);
    let header = header(run, &survey, filter, &datasets, notes);
    let begun = place.begin(&header)?;
    let service_control_policies = datasets
        .contains(&Dataset::ServiceControlPolicies)
        .then(|| ServiceControlPolicies::new(connection, &tempo, run.clock, deadline));
    let collector = Collector {
        connection: connection.clone(),
        own_account: survey.own_account.clone(),
        role: audit_role(run.role, &datasets),
        plan: plan(collection, datasets, run.owner_tag.clone()),
        confirm: confirm(run.criteria.clone(), run.clock.now()),
        clock: run.clock,
        pace: tempo,
        concurrency: usize::from(collection.concurrency),
        report_patience: REPORT_PATIENCE,
        account_deadline: collection.account_deadline,
        deadline,
        root_access,
        features,
        service_control_policies,
    };
    let gathered = tokio::select! {
        gathered = gather::gather(&survey, &collector, begun, &progress) => gathered,
        () = interrupted() => Err(Ending::Interrupted),
    };
    progress.end();
    let journal = match gathered {
        Ok((journal, notes)) => {
            say_notes(&notes, collection.quiet);
            journal
        }
        Err(Ending::Start(error)) => {
            place.abandon();
            return Err(start_error(error));
        }
        Err(Ending::Stopped(stop)) => {
            let hint = match &stop {
                Stop::Expired(_) => "sign in again",
                Stop::OutOfReach(_) => "check the network, the proxy variables and --endpoint-url",
            };
            return Err(place.stopped(&format!("{stop}: {hint}")));
        }
        Err(Ending::Unlisted(trouble)) => {
            return Err(place.stopped(&format!("the accounts cannot be listed: {trouble}")));
        }
        Err(Ending::Interrupted) => return Err(place.stopped("interrupted")),
        Err(Ending::Journal(error)) => return Err(cannot_keep(&place.journal, error)),
    };
    place.finish(journal)
}

/// Asks which features of central root access the organization has, if a rule or the way to root users depends on it.
pub(crate) async fn features(
    connection: &Connection,
    own_account: &AccountId,
    clock: Clock,
    datasets: &BTreeSet<Dataset>,
    wanted: RootAccess,
) -> Option<SeenFeatures> {
    let needed = datasets.contains(&Dataset::OrganizationFeatures) || wanted != RootAccess::Never;
    if !needed {
        return None;
    }
    Some(SeenFeatures::ask(connection, own_account, clock).await)
}

/// Returns when somebody wants the run to end: Ctrl-C, or what a service manager sends.
pub(crate) async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminated.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    // Where signals cannot be listened to, they end the process, and the journal stands.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

fn say_notes(notes: &[String], quiet: bool) {
    if !quiet {
        for note in notes {
            output::say(&format!("note: {note}"));
        }
    }
}

/// Returns what rules need, and what else was asked for.
pub(crate) fn datasets(rules: &[&'static Rule], also: &[Dataset]) -> BTreeSet<Dataset> {
    let mut datasets = rules::datasets(rules);
    datasets.extend(also);
    datasets
}

/// Returns what is asked of every account.
pub(crate) fn plan(
    collection: &CollectionArgs,
    mut datasets: BTreeSet<Dataset>,
    owner_tag: Option<String>,
) -> Plan {
    if owner_tag.is_some() {
        datasets.insert(Dataset::OwnerTag);
    }
    Plan {
        datasets,
        freshness: if collection.live {
            Freshness::Live
        } else {
            Freshness::ReportFirst
        },
        owner_tag,
    }
}

/// Returns the audit role, shrunk to the read calls that feed `datasets` unless that was turned off.
pub(crate) fn audit_role(args: &RoleArgs, datasets: &BTreeSet<Dataset>) -> AuditRole {
    let selection = policy::Selection {
        calls: CALLS,
        sites: &[Site::Member],
        datasets: Some(datasets),
    };
    let names = policy::Names {
        partition: "aws".to_owned(),
        role: args.name_with_path(),
    };
    AuditRole {
        name: args.name_with_path(),
        external_id: args.external_id.clone(),
        session_policy: (!args.no_session_policy)
            .then(|| policy::document(&selection, &names).to_string()),
    }
}

fn confirm(criteria: Criteria, now: Timestamp) -> inventory::Confirm {
    Arc::new(move |record: &Record| {
        let doubts = rules::doubts(record, &criteria, Some(now)).into_iter();
        doubts.map(|it| (it.user, it.datasets)).collect()
    })
}

/// Returns which accounts to look for.
pub(crate) fn reach(args: &ScopeArgs) -> Result<(Reach, ScopeFilter), CliError> {
    let own = args.account.contains(&AccountOrSelf::Own);
    if own && (args.account.len() > 1 || !args.ou.is_empty() || !args.exclude_account.is_empty()) {
        return Err(CliError::new(
            Kind::Usage,
            "`--account self` goes with no other account, unit or exclusion",
        ));
    }
    let accounts = args.account.iter().filter_map(|it| match it {
        AccountOrSelf::Account(id) => Some(id.clone()),
        AccountOrSelf::Own => None,
    });
    let filter = ScopeFilter {
        accounts: accounts.collect(),
        excluded_accounts: args.exclude_account.clone(),
        organizational_units: args.ou.clone(),
    };
    Ok(if own {
        (Reach::OwnAccount, filter)
    } else {
        (Reach::Organization(filter.clone()), filter)
    })
}

fn header(
    run: &Run<'_>,
    survey: &Survey,
    mut scope: ScopeFilter,
    datasets: &BTreeSet<Dataset>,
    notes: Vec<String>,
) -> Header {
    if run.scope.account.contains(&AccountOrSelf::Own) {
        scope.accounts = vec![survey.own_account.clone()];
    }
    Header {
        format: FORMAT_VERSION,
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        mode: if run.collection.live {
            Mode::Live
        } else {
            Mode::ReportFirst
        },
        collected_at: Some(run.clock.now()),
        caller: Some(survey.caller.clone()),
        organization: survey.organization.clone(),
        scope,
        parameters: Parameters {
            datasets: datasets.clone(),
            role: run.role.name_with_path(),
            root_access: run.collection.assume_root.into(),
            owner_tag: run.owner_tag.clone(),
        },
        endpoint: run.endpoint.clone(),
        identity_center: model::snapshot::IdentityCenter::default(),
        service_control_policies: Vec::new(),
        account_list: AccountList::Whole,
        notes,
    }
}
