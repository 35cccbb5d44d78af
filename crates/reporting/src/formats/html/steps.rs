//! What to do first, each with who answers for it, a command to copy, and the findings it is about.

use std::cmp::Reverse;

use rules::Status;

use super::text::{escaped, fragment, name, sentence, words};
use crate::{
    Summary,
    counted::{counted, plural},
    formats::table::first,
    remedy::Remedy,
    summary::{GapGroup, OwnerShares, RuleFailures},
};

/// How many owners are named.
const OWNERS: usize = 3;
/// What writes the steps that fix failures, from the snapshot that a run writes beside this page.
const KIT: &str = "mfaudit remediate run.mfaudit --output kit";

/// Returns the list; nothing if there is nothing to do.
pub(super) fn steps(summary: &Summary) -> String {
    let mut failures: Vec<_> = summary.to_fix.iter().collect();
    failures.sort_by_key(|it| Reverse(it.rule.severity));
    let failing = failures.into_iter().map(|it| failing(it, summary));
    let unseen = summary.gaps.iter().enumerate().map(|(index, it)| unseen(index, it, summary));
    let items: String = failing.chain(unseen).collect();
    if items.is_empty() {
        return String::new();
    }
    format!("<ol class=\"steps\">\n{items}</ol>\n")
}

fn failing(failures: &RuleFailures, summary: &Summary) -> String {
    let rule = failures.rule;
    let (noun, text) = first::told(failures, summary);
    let what = match text.as_str() {
        it if it == rule.title => String::new(),
        it => format!("{} <span class=\"faint\">·</span> ", words(it)),
    };
    let severity = rule.severity.name();
    let filter = format!("status={}&amp;rule={}&amp;waiver=held", Status::Fail, fragment(rule.id));
    item(
        &format!("<span class=\"severity {severity}\">{severity}</span>"),
        &format!("{} {noun}: {}", failures.findings, escaped(rule.title)),
        &format!(
            "<p>{what}<span class=\"faint\">{}{}</span></p>",
            escaped(rule.id),
            owners(&failures.owners)
        ),
        Some(&format!("{KIT} --rule {}", rule.id)),
        &format!("<a class=\"show\" href=\"#{filter}\">Show {}</a>", counted(failures.findings, "finding")),
    )
}

fn unseen(index: usize, group: &GapGroup, summary: &Summary) -> String {
    let Remedy { text, command } = group.remedy(&summary.header);
    let place = first::place(group).map(|it| words(&it));
    let show = match group.findings {
        0 => String::new(),
        findings => format!(
            "<a class=\"show\" href=\"#status={}&amp;cause={index}\">Show {}</a>",
            Status::Indeterminate,
            counted(findings, "finding")
        ),
    };
    let accounts = format!("{} {}", group.accounts, plural(group.accounts, "account"));
    item(
        "<span class=\"severity gap\">not seen</span>",
        &format!("{accounts}{}", place.map(|it| format!(": {it}")).unwrap_or_default()),
        &format!("<p>{}<span class=\"faint\">{}</span></p>", sentence(&text), owners(&group.owners)),
        command.as_deref(),
        &show,
    )
}

fn item(mark: &str, what: &str, text: &str, command: Option<&str>, show: &str) -> String {
    let command = command.map(|it| format!("<code class=\"command\">{}</code>", escaped(it)));
    format!(
        "<li><div class=\"mark\">{mark}</div><div class=\"what\"><h3>{what}</h3>{text}<div class=\"act\">{}{show}</div></div></li>\n",
        command.unwrap_or_default()
    )
}

/// Names who answers for most of it; nothing if nobody asked who does.
fn owners(shares: &OwnerShares) -> String {
    let mut most_first: Vec<_> = shares.iter().collect();
    most_first.sort_by_key(|(_, count)| Reverse(**count));
    let more = most_first.len().saturating_sub(OWNERS) as u64;
    let mut named: Vec<_> = most_first
        .into_iter()
        .take(OWNERS)
        .map(|(owner, count)| match owner {
            Some(owner) => format!("{} {count}", name(owner)),
            None => format!("nobody {count}"),
        })
        .collect();
    if more > 0 {
        named.push(counted(more, "more owner"));
    }
    if named.is_empty() {
        return String::new();
    }
    format!(" · Owner: {}", named.join(", "))
}
