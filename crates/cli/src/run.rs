//! A run against AWS: discover, collect into a journal, and make the snapshot of it.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use aws::{Clock, Connection, Site, policy};
use inventory::{
    AuditRole, CALLS, Collector, Freshness, Pace, Plan, REPORT_PATIENCE, Reach, RunDeadline,
    SeenFeatures, ServiceControlPolicies, Stop, Survey,
};
use model::{
    AccountId, Arn, Dataset, Organization, Record, Timestamp,
    snapshot::{AccountList, FORMAT_VERSION, Header, Mode, Parameters, RootAccess, ScopeFilter},
};
use rules::{Criteria, Rule};

use crate::{
    args::{AccountOrSelf, CollectionArgs, RoleArgs, ScopeArgs},
    baseline, collection_digest,
    connect::start_error,
    error::{CliError, Kind},
    gather::{self, Ending, Roll},
    interrupt::interrupted,
    output,
    place::{Begun, Collected, Place, cannot_keep},
    progress::Progress,
    storage::Storage,
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
    /// The file or object to keep; `None` for a temporary one.
    pub(crate) keep: Option<&'a Path>,
    /// The way to it.
    pub(crate) storage: &'a Storage,
    /// What stands in AWS's place, for the record; `None` for AWS itself.
    pub(crate) endpoint: Option<String>,
}

impl Run<'_> {
    /// Returns what is collected.
    pub(crate) fn datasets(&self) -> BTreeSet<Dataset> {
        let mut datasets = datasets(&self.criteria.rules, &self.collection.also);
        if self.owner_tag.is_some() {
            datasets.insert(Dataset::OwnerTag);
        }
        datasets
    }
}

/// Discovers and collects, and returns the records.
pub(crate) async fn collect(connection: &Connection, run: &Run<'_>) -> Result<Collected, CliError> {
    let collection = run.collection;
    let deadline = collection.deadline.map(RunDeadline::after);
    let place = Place::choose(run.keep, collection.resume, run.storage)?;
    let progress = Progress::begin(connection.meter(), collection.quiet);
    let tempo = Pace::new(usize::from(collection.concurrency));
    let beginning = begin(connection, run, &tempo).await?;
    let Beginning {
        survey,
        header,
        root_access,
        features,
    } = beginning;
    let datasets = &header.parameters.datasets;
    let service_control_policies = datasets
        .contains(&Dataset::ServiceControlPolicies)
        .then(|| ServiceControlPolicies::new(connection, &tempo, run.clock, deadline));
    let collector = collector(
        connection,
        run,
        Once {
            own_account: survey.own_account.clone(),
            pace: tempo,
            deadline,
            root_access,
            features,
            service_control_policies,
        },
        &header,
    );
    let begun = place.begin(&header)?;
    gather(Roll::Survey(&survey), &collector, begun, place, progress).await
}

/// What is known before the first account is listed.
pub(crate) struct Beginning {
    pub(crate) survey: Survey,
    pub(crate) header: Header,
    pub(crate) root_access: RootAccess,
    pub(crate) features: Option<SeenFeatures>,
}

/// Asks who the caller is, for the organization, and for what decides how root users are seen.
pub(crate) async fn begin(
    connection: &Connection,
    run: &Run<'_>,
    pace: &Pace,
) -> Result<Beginning, CliError> {
    let (reach, mut filter) = reach(run.scope)?;
    let survey = Survey::begin(connection, pace, &reach)
        .await
        .map_err(start_error)?;
    baseline::of_same_organization(&run.criteria, survey.organization.as_ref())?;
    if run.scope.account.contains(&AccountOrSelf::Own) {
        filter.accounts = vec![survey.own_account.clone()];
    }
    let datasets = run.datasets();
    let wanted = RootAccess::from(run.collection.assume_root);
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
    say_notes(&notes, run.collection.quiet);
    let asker = Asker {
        caller: Some(survey.caller.clone()),
        organization: survey.organization.clone(),
    };
    let header = header(run, asker, filter, &datasets, notes);
    Ok(Beginning {
        survey,
        header,
        root_access,
        features,
    })
}

/// What a run knows before its first account.
pub(crate) struct Once {
    pub(crate) own_account: AccountId,
    pub(crate) pace: Pace,
    pub(crate) deadline: Option<RunDeadline>,
    pub(crate) root_access: RootAccess,
    pub(crate) features: Option<SeenFeatures>,
    pub(crate) service_control_policies: Option<ServiceControlPolicies>,
}

/// Returns what collects the accounts of the run that `header` tells of.
pub(crate) fn collector(
    connection: &Connection,
    run: &Run<'_>,
    once: Once,
    header: &Header,
) -> Collector {
    let collection = run.collection;
    let datasets = header.parameters.datasets.clone();
    let now = header.collected_at.unwrap_or_else(|| run.clock.now());
    Collector {
        connection: connection.clone(),
        own_account: once.own_account,
        role: audit_role(run.role, &datasets),
        plan: plan(collection, datasets, run.owner_tag.clone()),
        confirm: confirm(run.criteria.clone(), now),
        clock: run.clock,
        pace: once.pace,
        concurrency: usize::from(collection.concurrency),
        report_patience: REPORT_PATIENCE,
        account_deadline: collection.account_deadline,
        deadline: once.deadline,
        root_access: once.root_access,
        features: once.features,
        service_control_policies: once.service_control_policies,
    }
}

/// Collects the accounts into the journal, and makes a snapshot of it.
pub(crate) async fn gather(
    roll: Roll<'_>,
    collector: &Collector,
    begun: Begun,
    place: Place,
    progress: Progress,
) -> Result<Collected, CliError> {
    let quiet = progress.is_quiet();
    let gathered = tokio::select! {
        // What is collected is kept; a signal that came with the last of it must not be forgotten.
        biased;
        () = interrupted() => Err(Ending::Interrupted),
        gathered = Box::pin(gather::gather(roll, collector, begun, &progress)) => gathered,
    };
    progress.end();
    let journal = match gathered {
        Ok((journal, notes)) => {
            say_notes(&notes, quiet);
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

pub(crate) fn say_notes(notes: &[String], quiet: bool) {
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

/// Who asks, as far as that is known yet.
#[derive(Default)]
pub(crate) struct Asker {
    pub(crate) caller: Option<Arn>,
    pub(crate) organization: Option<Organization>,
}

/// Returns the header of a run.
pub(crate) fn header(
    run: &Run<'_>,
    asker: Asker,
    scope: ScopeFilter,
    datasets: &BTreeSet<Dataset>,
    notes: Vec<String>,
) -> Header {
    Header {
        format: FORMAT_VERSION,
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        mode: if run.collection.live {
            Mode::Live
        } else {
            Mode::ReportFirst
        },
        collected_at: Some(run.clock.now()),
        caller: asker.caller,
        organization: asker.organization,
        scope,
        parameters: Parameters {
            datasets: datasets.clone(),
            role: run.role.name_with_path(),
            root_access: run.collection.assume_root.into(),
            owner_tag: run.owner_tag.clone(),
            collection_sha256: Some(collection_digest::of(&run.criteria)),
        },
        endpoint: run.endpoint.clone(),
        identity_center: model::snapshot::IdentityCenter::default(),
        service_control_policies: Vec::new(),
        account_list: AccountList::Whole,
        shard: None,
        notes,
    }
}
