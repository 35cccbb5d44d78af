//! The first screen: the numbers, what to do first, where failures are, what changed, and what is not judged.

use std::fmt::Write;

use rules::{ChangeCounts, Severity, Status};

use super::{
    charts, steps,
    text::{escaped, name, sentence, words},
};
use crate::{
    Summary,
    counted::counted,
    duration::minute,
    formats::table::{change_counts, change_label, changes::age, headline, waivers},
    row::principal_name,
};

/// How many failures of each class are listed of those that changed.
const FEW: usize = 8;

/// Returns the page's title.
pub(super) fn title(summary: &Summary) -> String {
    format!("MFA audit of {}", headline::subject(summary))
}

/// Returns the first screen.
pub(super) fn overview(summary: &Summary) -> String {
    let steps = steps::steps(summary);
    let units = charts::units(summary);
    let left = [
        panel("first", "Do first", "", &steps),
        panel("changes", &changes_heading(summary), "", &changes(summary)),
    ];
    let right = [
        panel("units", "By organizational unit", "", &units),
        panel("not-judged", "Not judged", "", &not_judged(summary)),
    ];
    format!(
        "{}{}<div class=\"columns\">\n<div>\n{}</div>\n<div>\n{}</div>\n</div>\n",
        heading(summary),
        numbers(summary),
        left.concat(),
        right.concat()
    )
}

/// Returns a part of the page under a heading; nothing if there is nothing in it.
pub(super) fn panel(id: &str, heading: &str, class: &str, content: &str) -> String {
    if content.is_empty() {
        return String::new();
    }
    format!(
        "<section class=\"panel {class}\" aria-labelledby=\"{id}-heading\">\n<h2 id=\"{id}-heading\">{}</h2>\n{content}</section>\n",
        escaped(heading)
    )
}

fn heading(summary: &Summary) -> String {
    let header = &summary.header;
    // Writing to a string cannot fail.
    let mut out = String::new();
    let mut notice = |label: &str, text: &str| {
        let _ = writeln!(out, "<p class=\"notice\"><strong>{label}</strong> {text}</p>");
    };
    if let Some(endpoint) = &header.endpoint {
        notice("From", &format!("{}, not AWS&#39;s own endpoint", name(endpoint)));
    }
    if !header.scope.is_everything() {
        notice("Scope", &words(&headline::scope(&header.scope)));
    }
    if summary.statuses().fail == 0 {
        for (_, _, text) in headline::verdict(summary) {
            notice("Result", &words(&text));
        }
    }
    if let Some(failures) = waivers::not_held(summary) {
        let all = counted(summary.statuses().fail, "failure");
        notice("Waived", &words(&format!("of {all}: {failures}")));
    }
    notice("Exit", &words(&headline::exit(summary)));
    out
}

/// A number of the first screen.
struct Tile {
    class: &'static str,
    label: &'static str,
    number: String,
    text: String,
}

fn numbers(summary: &Summary) -> String {
    let tiles = [sign_in(summary), unseen(summary), failures(summary), as_of(summary)];
    let tiles = tiles.map(|it| {
        format!(
            "<div class=\"tile {}\"><dt>{}</dt><dd><span class=\"number\">{}</span> <span class=\"told\">{}</span></dd></div>\n",
            it.class,
            it.label,
            escaped(&it.number),
            words(&it.text),
        )
    });
    format!("<dl class=\"tiles\">\n{}</dl>\n", tiles.concat())
}

fn sign_in(summary: &Summary) -> Tile {
    let label = "Can sign in without MFA";
    let Some(sign_in) = &summary.sign_in else {
        return Tile {
            class: "doubtful",
            label,
            number: "not asked".to_owned(),
            text: "no rule that tells was evaluated".to_owned(),
        };
    };
    let whole = summary.totals.coverage.accounts_short == 0 && summary.totals.account_list.is_whole();
    match sign_in.principals.all() {
        0 if summary.is_blind() => Tile {
            class: "doubtful",
            label,
            number: "not known".to_owned(),
            text: "nothing was seen".to_owned(),
        },
        0 => Tile {
            class: if whole { "good" } else { "doubtful" },
            label,
            number: "0".to_owned(),
            text: if whole { "everything was seen" } else { "among what was seen" }.to_owned(),
        },
        all => Tile {
            class: "bad",
            label,
            number: all.to_string(),
            text: format!(
                "{} in {}",
                headline::kinds(sign_in.principals),
                counted(sign_in.accounts, "account")
            ),
        },
    }
}

fn unseen(summary: &Summary) -> Tile {
    let coverage = &summary.totals.coverage;
    let undecided = summary.statuses().indeterminate;
    let mut text = vec![format!("{} of what the rules need was seen", headline::percent(summary))];
    if coverage.accounts == 0 {
        text = vec!["no account in scope".to_owned()];
    }
    if !summary.totals.account_list.is_whole() {
        text.push("the list of accounts was not read to its end".to_owned());
    }
    if undecided > 0 {
        text.push(format!("{} undecided", counted(undecided, "finding")));
    }
    let whole = coverage.accounts > 0
        && coverage.accounts_short == 0
        && undecided == 0
        && summary.totals.account_list.is_whole();
    Tile {
        class: if whole { "good" } else { "doubtful" },
        label: "Accounts not fully seen",
        number: format!("{} of {}", coverage.accounts_short, coverage.accounts),
        text: text.join("; "),
    }
}

fn failures(summary: &Summary) -> Tile {
    let worst_first = Severity::ALL.into_iter().rev();
    let of = worst_first.map(|it| (it, summary.failures_of(it)));
    let told: Vec<_> = of
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| format!("{count} {severity}"))
        .collect();
    let all = summary.statuses().fail;
    let accounts = counted(summary.failing_accounts, "account");
    Tile {
        class: match all {
            0 => "plain",
            _ => "bad",
        },
        label: "Failures",
        number: all.to_string(),
        text: match all {
            0 => "of every rule evaluated".to_owned(),
            _ => format!("{} in {accounts}", told.join(", ")),
        },
    }
}

fn as_of(summary: &Summary) -> Tile {
    let at = summary.header.collected_at.map(minute);
    Tile {
        class: "plain",
        label: "As of",
        number: at.unwrap_or_else(|| "not told".to_owned()),
        text: headline::evidence(summary).unwrap_or_else(|| "no evidence".to_owned()),
    }
}

fn changes_heading(summary: &Summary) -> String {
    let since = summary.changes().and_then(|it| it.since);
    since.map_or_else(|| "Since an undated run".to_owned(), |it| format!("Since {}", minute(it)))
}

fn changes(summary: &Summary) -> String {
    let Some(changes) = summary.changes() else {
        return String::new();
    };
    let counts = changes.counts;
    let mut out = format!("<p>{}{}</p>\n<ul class=\"changes\">\n", words(&change_counts(counts)), link(counts));
    for it in changes.examples.iter().filter(|it| it.change.name() != "known").take(FEW) {
        let _ = writeln!(
            out,
            "<li><span class=\"tag fail\">{}</span> {} <span class=\"faint\">{} {}</span><br>{}: {}{}</li>",
            sentence(&change_label(it.change).to_lowercase()),
            name(principal_name(&it.subject)),
            name(&it.account_name),
            escaped(it.account.as_str()),
            escaped(it.rule),
            escaped(&it.reason),
            escaped(&age(it, summary.header.collected_at)),
        );
    }
    for (list, class, label) in
        [(&changes.unknown, "indeterminate", "Unknown"), (&changes.fixed, "pass", "Fixed")]
    {
        for it in list.iter().take(FEW) {
            let _ = writeln!(
                out,
                "<li><span class=\"tag {class}\">{label}</span> {} <span class=\"faint\">{}</span><br>{}: {}</li>",
                name(principal_name(&it.subject)),
                escaped(it.subject.arn.account()),
                escaped(&it.rule),
                escaped(it.fate.reason()),
            );
        }
    }
    out.push_str("</ul>\n");
    out
}

fn link(counts: ChangeCounts) -> String {
    if counts.new == 0 {
        return String::new();
    }
    format!(
        " <a class=\"show\" href=\"#status={}&amp;change=new\">Show what is new</a>",
        Status::Fail
    )
}

fn not_judged(summary: &Summary) -> String {
    let phrases = summary.not_judged();
    let items = phrases.iter().map(|it| format!("<li>{}</li>\n", sentence(it)));
    format!("<ul>\n{}</ul>\n", items.collect::<String>())
}
