//! A table with one row for each principal that has something to fix, to write letters from; harmless in a spreadsheet.

use super::{Kit, case::Case};
use crate::escape::cell;

/// The columns.
const COLUMNS: [&str; 13] = [
    "owner",
    "account_id",
    "account_name",
    "principal_arn",
    "principal_kind",
    "user_name",
    "rules",
    "severity",
    "what_to_do",
    "console_link",
    "command",
    "counts_from",
    "page",
];

/// Returns the table.
pub(super) fn text(kit: &Kit) -> String {
    let names = super::Names::of(kit.owners());
    let mut out = csv::Writer::from_writer(Vec::new());
    let mut written = out.write_record(COLUMNS);
    for case in kit.cases.all() {
        if let Some(row) = row(kit, case, names.page(case.owner.as_deref())) {
            written = written.and_then(|()| out.write_record(row));
        }
    }
    // Writing to memory cannot fail, and all of it is text.
    drop(written);
    let bytes = out.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// Returns the row of a principal; `None` if it has nothing to fix.
fn row(kit: &Kit, case: &Case, page: &str) -> Option<[String; COLUMNS.len()]> {
    let severity = case.severity()?;
    let plan = kit.plan(case);
    let failures = case.to_fix();
    let mut rules: Vec<_> = failures.iter().map(|it| it.rule.as_str()).collect();
    rules.sort_unstable();
    rules.dedup();
    let what: Vec<_> = plan.iter().map(|it| it.steps.what.as_str()).collect();
    let links = plan.iter().find_map(|it| it.steps.link.clone());
    let commands = plan.iter().filter_map(|it| it.steps.command.as_deref());
    // What already counts does not wait for what does not yet.
    let all_in_grace = failures.iter().all(|it| it.counts_from().is_some());
    let from = failures.iter().filter_map(|it| it.counts_from()).min();
    let from = from.filter(|_| all_in_grace);
    Some([
        cell(case.owner.as_deref().unwrap_or_default()).into_owned(),
        case.account_id.to_string(),
        cell(&case.account_name).into_owned(),
        cell(case.subject.arn.as_str()).into_owned(),
        case.subject.kind.name().to_owned(),
        cell(case.name()).into_owned(),
        cell(&rules.join(";")).into_owned(),
        severity.name().to_owned(),
        cell(&what.join("; ")).into_owned(),
        links.unwrap_or_default(),
        cell(&commands.collect::<Vec<_>>().join("; ")).into_owned(),
        from.map(|it| it.to_string()).unwrap_or_default(),
        page.to_owned(),
    ])
}
