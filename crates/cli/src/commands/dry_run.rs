//! `mfaudit audit --dry-run`: what an audit would ask, how long it takes at AWS's limits, and what it needs.

use std::{collections::BTreeSet, fmt::Write};

use aws::{Clock, Connection, policy};
use inventory::{CALLS, Discovery, Plan, PlannedCall, Times};
use model::{Scope, snapshot::RootAccess};
use rules::Criteria;

use super::policy::sites;
use crate::{
    args::{Audit, PolicySite},
    baseline,
    connect::start_error,
    error::CliError,
    exit::ExitStatus,
    output, run,
};

/// Discovers the accounts, asks none of them anything, and prints the plan.
pub(super) async fn run(
    args: &Audit,
    criteria: &Criteria,
    owner_tag: Option<String>,
    clock: Clock,
    connection: &Connection,
) -> Result<ExitStatus, CliError> {
    let (reach, _) = run::reach(&args.scope)?;
    let discovery = inventory::discover(connection, &reach).await;
    let mut discovery = discovery.map_err(start_error)?;
    baseline::of_same_organization(criteria, discovery.organization.as_ref())?;
    let plan = run::plan(
        &args.collection,
        run::datasets(&criteria.rules, &args.collection.also),
        owner_tag,
    );
    let wanted = RootAccess::from(args.collection.assume_root);
    let own = &discovery.own_account;
    let features = run::features(connection, own, clock, &plan.datasets, wanted).await;
    let (root_access, note) = inventory::decide_root_access(features.as_ref(), wanted);
    discovery.notes.extend(note);
    let text = [
        accounts(&discovery),
        calls(root_access, &discovery, &plan),
        permissions(args, &plan),
    ];
    output::print(&text.join("\n"))?;
    Ok(ExitStatus::Clean)
}

fn accounts(discovery: &Discovery) -> String {
    let (audited, skipped): (Vec<_>, Vec<_>) = discovery
        .accounts
        .iter()
        .partition(|it| it.scope == Scope::Audited);
    let organization = discovery
        .organization
        .as_ref()
        .map_or_else(String::new, |it| format!(" of {}", it.id));
    let mut text = format!("ACCOUNTS  {} to audit{organization}\n", audited.len());
    if !skipped.is_empty() {
        let states: BTreeSet<_> = skipped.iter().map(|it| it.state.to_string()).collect();
        let states: Vec<_> = states.into_iter().collect();
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "          {} left out: {}",
            skipped.len(),
            states.join(", ")
        );
    }
    for note in &discovery.notes {
        let _ = writeln!(text, "NOTE      {note}");
    }
    text
}

fn calls(root_access: RootAccess, discovery: &Discovery, plan: &Plan) -> String {
    let mut text = "CALLS     in each account\n".to_owned();
    add(&mut text, &plan.calls(root_access));
    let of_run = plan.calls_of_run();
    if !of_run.is_empty() && discovery.organization.is_some() {
        text.push_str("\nCALLS     once, in the caller's account\n");
        add(&mut text, &of_run);
    }
    let estimate = plan.estimate(root_access, discovery);
    let _ = writeln!(
        text,
        "\nTOTAL     {} calls, and those for single users\nTIME      {} s or more at AWS's limits; in a large organization most of it is the list of accounts",
        estimate.calls,
        estimate.duration.as_secs_f64().ceil()
    );
    text
}

fn add(text: &mut String, calls: &[PlannedCall]) {
    for planned in calls {
        let times = match planned.times {
            Times::Once => "1".to_owned(),
            Times::Pages => "1 a page".to_owned(),
            Times::ForUsers(who) => format!("1 for {who}"),
        };
        let name = format!("{}:{}", planned.call.service, planned.call.operation);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {name:30}  {times}");
    }
}

fn permissions(args: &Audit, plan: &Plan) -> String {
    let assume_root = args.collection.assume_root;
    let mut text = "NEEDS     these permissions (mfaudit policy prints them)\n".to_owned();
    for (whose, site) in [
        ("the caller", PolicySite::Management),
        ("the audit role in each account", PolicySite::Member),
    ] {
        let selection = policy::Selection {
            calls: CALLS,
            sites: sites(site, assume_root),
            datasets: Some(&plan.datasets),
        };
        let actions: BTreeSet<_> = selection.calls().flat_map(|it| it.actions).collect();
        let _ = writeln!(text, "  {whose}");
        for action in actions {
            let _ = writeln!(text, "    {action}");
        }
    }
    text
}
