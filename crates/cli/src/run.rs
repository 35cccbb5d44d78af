//! A run against AWS: discover, collect into a journal, and make the snapshot of it.

use std::{collections::BTreeSet, fs::File, path::Path, sync::Arc};

use aws::{Clock, Connection, Site, policy};
use futures_util::StreamExt;
use inventory::{AuditRole, CALLS, Collector, Discovery, Freshness, Plan, REPORT_PATIENCE, Reach};
use model::{
    Dataset, Record,
    snapshot::{FORMAT_VERSION, Header, Journal, Mode, Parameters, ScopeFilter, SnapshotError},
};
use rules::Rule;

use crate::{
    args::{AccountOrSelf, CollectionArgs, RoleArgs, ScopeArgs},
    connect::start_error,
    error::{CliError, Kind},
    output,
    place::{Place, Snapshot, cannot_keep},
    progress::Progress,
};

/// What a run is to do.
pub(crate) struct Run<'a> {
    pub(crate) role: &'a RoleArgs,
    pub(crate) scope: &'a ScopeArgs,
    pub(crate) collection: &'a CollectionArgs,
    pub(crate) rules: Vec<&'static Rule>,
    pub(crate) clock: Clock,
    /// The file to keep; `None` for a temporary one.
    pub(crate) keep: Option<&'a Path>,
    /// What stands in AWS's place, for the record; `None` for AWS itself.
    pub(crate) endpoint: Option<String>,
}

/// Discovers and collects, and returns the snapshot.
pub(crate) async fn collect(connection: &Connection, run: &Run<'_>) -> Result<Snapshot, CliError> {
    let place = Place::choose(run.keep)?;
    let progress = Progress::begin("discovering accounts");
    let (reach, filter) = reach(run.scope)?;
    let discovery = inventory::discover(connection, &reach)
        .await
        .map_err(|error| {
            progress.end();
            start_error(error)
        })?;
    for note in &discovery.notes {
        output::say(&format!("note: {note}"));
    }
    let datasets = rules::datasets(&run.rules);
    let header = header(run, &discovery, filter, &datasets);
    let journal = place.journal()?;
    let collected = {
        let interrupted = tokio::signal::ctrl_c();
        let collecting = fill(
            connection, run, discovery, datasets, &header, journal, &progress,
        );
        tokio::select! {
            collected = collecting => collected,
            _ = interrupted => {
                progress.end();
                return Err(place.interrupted());
            }
        }
    };
    progress.end();
    collected.map_err(|error| cannot_keep(&place.journal, error))?;
    place.finish()
}

async fn fill(
    connection: &Connection,
    run: &Run<'_>,
    discovery: Discovery,
    datasets: BTreeSet<Dataset>,
    header: &Header,
    file: File,
    progress: &Progress,
) -> Result<(), SnapshotError> {
    let mut journal = Journal::new(file, header)?;
    for account in &discovery.accounts {
        journal.announce(account)?;
    }
    progress.accounts(discovery.accounts.len());
    let collector = Collector {
        connection: connection.clone(),
        own_account: discovery.own_account,
        role: audit_role(run.role, &datasets),
        plan: Plan {
            datasets,
            freshness: if run.collection.live {
                Freshness::Live
            } else {
                Freshness::ReportFirst
            },
        },
        confirm: confirm(run.rules.clone()),
        clock: run.clock,
        concurrency: usize::from(run.collection.concurrency),
        report_patience: REPORT_PATIENCE,
    };
    let mut records = std::pin::pin!(collector.collect(discovery.accounts));
    while let Some(record) = records.next().await {
        journal.append(&record)?;
        progress.account_done();
    }
    Ok(())
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

fn confirm(rules: Vec<&'static Rule>) -> inventory::Confirm {
    Arc::new(move |record: &Record| {
        let doubts = rules::doubts(record, &rules).into_iter();
        doubts.map(|it| (it.user, it.datasets)).collect()
    })
}

fn reach(args: &ScopeArgs) -> Result<(Reach, ScopeFilter), CliError> {
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
    discovery: &Discovery,
    mut scope: ScopeFilter,
    datasets: &BTreeSet<Dataset>,
) -> Header {
    if run.scope.account.contains(&AccountOrSelf::Own) {
        scope.accounts = vec![discovery.own_account.clone()];
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
        caller: Some(discovery.caller.clone()),
        organization: discovery.organization.clone(),
        scope,
        parameters: Parameters {
            datasets: datasets.clone(),
            role: run.role.name_with_path(),
        },
        endpoint: run.endpoint.clone(),
        identity_center: model::snapshot::IdentityCenter::default(),
        notes: discovery.notes.clone(),
    }
}
