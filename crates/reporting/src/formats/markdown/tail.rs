//! What stands below the failures: where they are, what was not seen, and what was not judged.

use std::{collections::BTreeMap, fmt::Write};

use rules::Strictness;

use super::{ROWS, shown, table};
use crate::{
    Summary,
    counted::{counted, prose},
    formats::table::{ou_name, percent, untied, waivers_to_look_at},
    summary::{GapGroup, Place, share},
};

/// Returns the text.
pub(super) fn text(summary: &Summary) -> String {
    by_ou(summary) + &by_owner(summary) + &gaps(summary) + &coverage(summary) + &rest(summary)
}

fn by_ou(summary: &Summary) -> String {
    if summary.ous.iter().all(|it| it.path.is_empty()) {
        return String::new();
    }
    let mut ous: Vec<_> = summary.ous.iter().collect();
    ous.sort_by_key(|it| std::cmp::Reverse((it.failures, it.accounts_short)));
    let rows = ous.into_iter().map(|it| {
        let path = shown(ou_name(&it.path));
        format!("| {path} | {} | {} | {} |", it.accounts, it.failures, it.accounts_short)
    });
    let columns = "| OU | accounts | failures | accounts not fully seen |\n|---|---:|---:|---:|";
    table("Organizational units", columns, rows)
}

fn by_owner(summary: &Summary) -> String {
    let owners = summary.owners.iter().flatten().map(|it| {
        let owner = it.owner.as_deref().map_or_else(|| "nobody known".to_owned(), shown);
        format!("| {owner} | {} | {} | {} |", it.accounts, it.failures, it.indeterminate)
    });
    table("Owners", "| owner | accounts | failures | no verdict |\n|---|---:|---:|---:|", owners)
}

fn gaps(summary: &Summary) -> String {
    let rows = summary.gaps.iter().map(|it| {
        let remedy = it.remedy(&summary.header);
        let command = remedy.command.map(|it| format!(": {it}")).unwrap_or_default();
        format!(
            "| {} | {} | {} | {} | {} |",
            it.cause.reason.name(),
            shown(&place(it)),
            it.accounts,
            it.findings,
            shown(&untied(&format!("{}{command}", remedy.text)))
        )
    });
    table(
        "Not seen",
        "| why | where | accounts | findings without a verdict | what to do |\n|---|---|---:|---:|---|",
        rows,
    )
}

fn place(group: &GapGroup) -> String {
    let named = prose(&group.examples.iter().map(ToString::to_string).collect::<Vec<_>>());
    let more = group.accounts.saturating_sub(group.examples.len() as u64);
    let more = if more > 0 { format!(" and {}", counted(more, "more account")) } else { String::new() };
    match group.cause.place {
        Place::Management => format!("management account {named}{more}"),
        Place::Other => format!("{named}{more}"),
    }
}

fn coverage(summary: &Summary) -> String {
    let rows = summary.totals.coverage.cells.iter().map(|(dataset, it)| {
        let seen = share(it.seen_of_all(Strictness::Visible)).map_or_else(|| "nothing to see".to_owned(), percent);
        format!("| {dataset} | {seen} | {} | {} |", it.partly, it.not_seen)
    });
    table(
        "What was seen",
        "| facts | accounts where they were fully seen | partly | not at all |\n|---|---:|---:|---:|",
        rows,
    )
}

fn rest(summary: &Summary) -> String {
    let mut out = list("Not judged", &summary.not_judged());
    let mut states: BTreeMap<String, u64> = BTreeMap::new();
    for account in &summary.not_active {
        *states.entry(account.state.to_string()).or_default() += 1;
    }
    let skipped = states.into_iter().map(|(state, count)| counted(count, &format!("{state} account")));
    out.push_str(&list("Listed and not audited", &skipped.collect::<Vec<_>>()));
    out.push_str(&list("Waivers to look at", &waivers_to_look_at(summary)));
    let of_run = summary.header.notes.iter().cloned();
    let of_accounts = summary.notes.iter().map(|it| format!("{} ({})", it.text, counted(it.accounts, "account")));
    out.push_str(&list("Notes", &of_run.chain(of_accounts).collect::<Vec<_>>()));
    out
}

fn list(heading: &str, lines: &[String]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    // Writing to a string cannot fail.
    let mut out = format!("\n### {heading}\n\n");
    for line in lines.iter().take(ROWS) {
        let _ = writeln!(out, "- {}", shown(&untied(line)));
    }
    let more = lines.len().saturating_sub(ROWS);
    if more > 0 {
        let _ = writeln!(out, "- … and {more} more, which `--format json` tells");
    }
    out
}
