//! What else to know: the rules, who answers for failures, waivers, accounts that were skipped, and notes.

use super::{
    overview::panel,
    text::{escaped, fragment, name, words},
};
use crate::{
    Summary, Verbosity,
    formats::table::{foot, waivers},
};

/// Returns the panels.
pub(super) fn remarks(summary: &Summary) -> String {
    [
        panel("rules", "Rules", "wide", &rules(summary)),
        panel("owners", "Owners", "", &owners(summary)),
        panel("waivers", "Waivers", "", &all_waivers(summary)),
        panel("skipped", "Skipped accounts", "", &skipped(summary)),
        panel("notes", "Notes", "", &list(&foot::notes(summary))),
    ]
    .concat()
}

fn list(texts: &[String]) -> String {
    if texts.is_empty() {
        return String::new();
    }
    let items: Vec<_> = texts.iter().map(|it| format!("<li>{}</li>\n", words(it))).collect();
    format!("<ul>\n{}</ul>\n", items.concat())
}

fn rules(summary: &Summary) -> String {
    let rows = summary.totals.rules.iter().map(|(rule, counts)| {
        let severity = rule.severity.name();
        let number = |count: u64, status: &str| match count {
            0 => "<td class=\"count faint\">0</td>".to_owned(),
            _ => format!(
                "<td class=\"count\"><a href=\"#rule={}&amp;status={status}\">{count}</a></td>",
                fragment(rule.id)
            ),
        };
        format!(
            "<tr><td><span class=\"severity {severity}\">{severity}</span></td><th scope=\"row\">{}<br><span class=\"faint\">{}</span></th>{}{}{}{}</tr>\n",
            escaped(rule.id),
            escaped(rule.title),
            number(counts.fail, "fail"),
            number(counts.indeterminate, "indeterminate"),
            number(counts.pass, "pass"),
            number(counts.not_applicable, "not-applicable"),
        )
    });
    format!(
        "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-labelledby=\"rules-heading\"><table>\
         <thead><tr><th scope=\"col\">Severity</th><th scope=\"col\">Rule</th><th scope=\"col\" class=\"count\">Fail</th>\
         <th scope=\"col\" class=\"count\">Not seen</th><th scope=\"col\" class=\"count\">Pass</th>\
         <th scope=\"col\" class=\"count\">N/A</th></tr></thead>\n<tbody>\n{}</tbody></table></div>\n",
        rows.collect::<String>()
    )
}

fn owners(summary: &Summary) -> String {
    let Some(owners) = &summary.owners else {
        return String::new();
    };
    let rows = owners.iter().filter(|it| it.failures + it.indeterminate > 0).map(|it| {
        let (owner, value) = match &it.owner {
            Some(owner) => (name(owner), fragment(owner)),
            None => ("nobody".to_owned(), fragment("(nobody)")),
        };
        let number = |count: u64, status: &str| {
            format!("<td class=\"count\"><a href=\"#owner={value}&amp;status={status}\">{count}</a></td>")
        };
        format!(
            "<tr><th scope=\"row\">{owner}</th><td class=\"count\">{}</td>{}{}</tr>\n",
            it.accounts,
            number(it.failures, "fail"),
            number(it.indeterminate, "indeterminate")
        )
    });
    let rows: String = rows.collect();
    if rows.is_empty() {
        return String::new();
    }
    format!(
        "<table><thead><tr><th scope=\"col\">Owner</th><th scope=\"col\" class=\"count\">Accounts</th>\
         <th scope=\"col\" class=\"count\">Fail</th><th scope=\"col\" class=\"count\">Not seen</th></tr></thead>\n<tbody>\n{rows}</tbody></table>\n"
    )
}

fn all_waivers(summary: &Summary) -> String {
    let everything = Verbosity::Everything;
    let texts: Vec<_> = waivers::applied(summary, everything)
        .into_iter()
        .chain(waivers::to_look_at(summary, everything))
        .chain(waivers::idle(summary, everything))
        .collect();
    list(&texts)
}

fn skipped(summary: &Summary) -> String {
    let items = summary.not_active.iter().map(|it| {
        let ou = match it.ou_path.as_str() {
            "" => String::new(),
            path => format!(", in {}", name(path)),
        };
        let (account, id, state) = (&it.account.name, it.account.id.as_str(), it.state.to_string());
        format!("<li>{} <span class=\"id\">{}</span>: {}{ou}</li>\n", name(account), escaped(id), escaped(&state))
    });
    let items: String = items.collect();
    if items.is_empty() { items } else { format!("<ul>\n{items}</ul>\n") }
}
