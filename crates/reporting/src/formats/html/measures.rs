//! What was measured beside findings: how far everything was seen, how old the evidence is, and the kinds of MFA device.

use rules::CellCounts;

use super::{charts, overview::panel, text::{escaped, words}};
use crate::{
    Summary,
    counted::counted,
    formats::table::{coverage::percent, headline},
};

/// Returns the panels.
pub(super) fn measures(summary: &Summary) -> String {
    [
        panel("seen", "What was seen", "wide", &seen(summary)),
        panel("devices", "Kinds of MFA device", "", &devices(summary)),
        panel("ages", "Age of the evidence", "", &ages(summary)),
    ]
    .concat()
}

fn devices(summary: &Summary) -> String {
    let spread = &summary.spread;
    let entries: Vec<_> = spread
        .devices
        .iter()
        .map(|(kind, count)| {
            let of = if count.root_users == 0 {
                String::new()
            } else {
                format!("{} of root users", count.root_users)
            };
            (kind.to_string(), count.all(), of)
        })
        .collect();
    let chart = match entries.as_slice() {
        [] => "<p>No device was seen.</p>\n".to_owned(),
        entries => charts::counts("MFA devices by kind", entries),
    };
    let unlisted = match spread.unlisted.all() {
        0 => String::new(),
        _ => format!(
            "<p class=\"faint\">With MFA, by devices that were not asked for or not seen: {}.</p>\n",
            escaped(&headline::kinds(spread.unlisted))
        ),
    };
    format!("{chart}{unlisted}")
}

fn ages(summary: &Summary) -> String {
    let spread = &summary.spread;
    if spread.untimed == 0 && spread.ages().all(|(_, count)| count == 0) {
        return "<p>No verdict rests on evidence.</p>\n".to_owned();
    }
    let mut entries: Vec<_> =
        spread.ages().map(|(age, count)| (age.to_owned(), count, String::new())).collect();
    if spread.untimed > 0 {
        entries.push(("without a time".to_owned(), spread.untimed, String::new()));
    }
    charts::counts("Verdicts by the age of the oldest evidence", &entries)
}

fn seen(summary: &Summary) -> String {
    let coverage = &summary.totals.coverage;
    if coverage.accounts == 0 {
        return String::new();
    }
    let cells = &coverage.cells;
    // A column of zeros says nothing.
    let used = |heading: &'static str, count: fn(&CellCounts) -> u64| {
        cells.values().any(|it| count(it) > 0).then_some((heading, count))
    };
    let counts = [
        used("Fully", |it| it.seen),
        used("Partly", |it| it.partly),
        used("Not", |it| it.not_seen),
        used("Hidden", |it| it.not_visible),
        used("Waived", |it| it.waived),
    ];
    let counts: Vec<_> = counts.into_iter().flatten().collect();
    let heads = counts.iter().map(|(heading, _)| format!("<th scope=\"col\" class=\"count\">{heading}</th>"));
    let rows = cells.iter().map(|(dataset, of)| {
        let numbers = counts.iter().map(|(_, count)| format!("<td class=\"count\">{}</td>", count(of)));
        format!(
            "<tr><th scope=\"row\">{}</th><td class=\"count\">{}</td>{}</tr>\n",
            escaped(&dataset.to_string()),
            words(&percent(of)),
            numbers.collect::<String>()
        )
    });
    format!(
        "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-labelledby=\"seen-heading\"><table>\
         <thead><tr><th scope=\"col\">Of {}</th><th scope=\"col\" class=\"count\">Seen</th>{}</tr></thead>\n<tbody>\n{}</tbody></table></div>\n",
        counted(coverage.accounts, "account"),
        heads.collect::<String>(),
        rows.collect::<String>()
    )
}
