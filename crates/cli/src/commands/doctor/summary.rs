//! What is missing over all accounts: by cause, and then by account.

use std::{cmp::Reverse, collections::BTreeMap, fmt::Write};

use aws::{ApiCall, Resource, policy};
use model::AccountId;
use reporting::visible;

use super::{
    cause::Cause,
    checks::Checks,
    survey::{Survey, Visit},
};

/// How many accounts of a cause are named.
const NAMED: usize = 3;

/// Calls that one cause keeps from the same accounts.
struct Group<'a> {
    /// What IAM calls them, in alphabetical order.
    actions: Vec<String>,
    cause: Cause,
    /// The accounts, in order of their ids.
    visits: Vec<&'a Visit>,
    /// AWS's message in the first of them.
    words: &'a str,
}

impl Checks {
    /// Adds what came of trying every account.
    pub(super) fn survey(&mut self, survey: &Survey, names: &policy::Names) {
        let visits = &survey.visits;
        let enters = |it: &&Visit| it.troubles.iter().all(|(call, _)| !is_entry(call));
        let detail = format!(
            "{} to audit: {} can be entered, {} answer every call",
            visits.len(),
            visits.iter().filter(enters).count(),
            visits.iter().filter(|it| it.troubles.is_empty()).count(),
        );
        let fine = visits.iter().all(|it| it.troubles.is_empty());
        if fine {
            self.good("accounts", &detail);
        } else {
            self.bad("accounts", &detail);
        }
        if !survey.skipped.is_empty() {
            let skipped = survey
                .skipped
                .iter()
                .map(|it| format!("{} ({})", it.id, visible(&it.state.to_string())));
            let detail = format!(
                "{} not active, and so neither tried nor audited: {}",
                survey.skipped.len(),
                first(skipped, survey.skipped.len())
            );
            self.line("note", "accounts", &detail);
        }
        if fine {
            return;
        }
        let groups = groups(visits);
        self.text.push_str("\nWhat is missing, by cause:\n");
        for (number, group) in (1..).zip(&groups) {
            self.group(number, group, names);
        }
        self.text
            .push_str("\nAccounts where something is missing:\n\n");
        for (account, missing) in by_account(&groups) {
            // Writing to a string cannot fail.
            let _ = writeln!(self.text, "{account}  {}", missing.join("; "));
        }
    }

    fn group(&mut self, number: usize, group: &Group<'_>, names: &policy::Names) {
        let count = group.visits.len();
        let noun = if count == 1 { "account" } else { "accounts" };
        let mut actions = group.actions.join(", ");
        if group.cause.is_entry() {
            let (partition, role) = (&names.partition, &names.role);
            let _ = write!(actions, " on arn:{partition}:iam::*:role/{role}");
        }
        let shown = group.visits.iter().map(|it| match &*it.account.name {
            "" => it.account.id.to_string(),
            name => format!("{} ({})", it.account.id, visible(name)),
        });
        let _ = write!(
            self.text,
            "\n[{number}] {count} {noun}: {actions}: {}\n    {}\n",
            visible(&group.cause.to_string()),
            first(shown, count)
        );
        if group.cause.wants_words() && !group.words.is_empty() {
            let _ = writeln!(self.text, "    AWS: {}", visible(group.words));
        }
        let advice = group.cause.advice(&actions, names);
        let _ = writeln!(self.text, "    To do: {advice}");
    }
}

/// Returns the causes, that of most accounts first.
fn groups(visits: &[Visit]) -> Vec<Group<'_>> {
    let mut by_action: BTreeMap<(String, Cause), Vec<(&Visit, &str)>> = BTreeMap::new();
    for visit in visits {
        for (call, trouble) in &visit.troubles {
            let cause = Cause::of(call, trouble, visit.own);
            let of_cause = by_action.entry((action(call), cause)).or_default();
            of_cause.push((visit, &trouble.detail));
        }
    }
    // A policy that denies all of IAM is one cause, not one for each call.
    let mut merged: BTreeMap<(Cause, Vec<&AccountId>), Group<'_>> = BTreeMap::new();
    for ((action, cause), of_cause) in by_action {
        let accounts = of_cause.iter().map(|(it, _)| &it.account.id).collect();
        let group = merged
            .entry((cause.clone(), accounts))
            .or_insert_with(|| Group {
                actions: Vec::new(),
                cause,
                visits: of_cause.iter().map(|(it, _)| *it).collect(),
                words: of_cause.first().map_or("", |(_, words)| words),
            });
        group.actions.push(action);
    }
    let mut groups: Vec<_> = merged.into_values().collect();
    groups.sort_by(|a, b| {
        let order = |it: &Group<'_>| (Reverse(it.visits.len()), it.actions.clone());
        order(a).cmp(&order(b))
    });
    groups
}

/// Returns for each account, in order of the ids, its actions with the numbers of their causes.
fn by_account(groups: &[Group<'_>]) -> BTreeMap<AccountId, Vec<String>> {
    let mut accounts: BTreeMap<AccountId, Vec<String>> = BTreeMap::new();
    for (number, group) in (1..).zip(groups) {
        for visit in &group.visits {
            let missing = accounts.entry(visit.account.id.clone()).or_default();
            missing.push(format!("[{number}] {}", group.actions.join(", ")));
        }
    }
    accounts
}

/// Returns the first few of `count`, and how many more there are.
fn first(names: impl Iterator<Item = String>, count: usize) -> String {
    let mut text = names.take(NAMED).collect::<Vec<_>>().join(", ");
    if count > NAMED {
        // Writing to a string cannot fail.
        let _ = write!(text, " and {} more", count - NAMED);
    }
    text
}

/// Returns what IAM calls a call.
fn action(call: &ApiCall) -> String {
    if call.actions.is_empty() {
        format!("{}:{}", call.service, call.operation)
    } else {
        call.actions.join(", ")
    }
}

fn is_entry(call: &ApiCall) -> bool {
    call.resource == Resource::AuditRole
}
