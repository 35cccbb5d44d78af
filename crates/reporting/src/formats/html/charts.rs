//! Bars of the page, as SVG that needs no style of its own.

use std::{cmp::Reverse, fmt::Write};

use super::text::{escaped, fragment, name};
use crate::{Summary, counted::counted, summary::OuCounts};

/// How many organizational units have a bar.
const OUS: usize = 12;

/// A part of a bar: its class, and how much of the whole it is.
type Share = (&'static str, u64);

/// Returns a bar of so many parts, of which nothing is read aloud: the numbers stand beside it.
fn bar(shares: &[Share], whole: u64) -> String {
    // Writing to a string cannot fail.
    let mut out = String::from("<svg class=\"bar\" width=\"100%\" height=\"10\" aria-hidden=\"true\" focusable=\"false\">");
    out.push_str("<rect class=\"none\" width=\"100%\" height=\"10\" rx=\"2\"/>");
    let mut before = 0;
    for (class, count) in shares.iter().filter(|(_, count)| *count > 0) {
        let _ = write!(
            out,
            "<rect class=\"{class}\" x=\"{}%\" width=\"{}%\" height=\"10\"/>",
            percent(before, whole),
            percent(*count, whole)
        );
        before += count;
    }
    out.push_str("</svg>");
    out
}

/// Returns a share in percent, with two digits behind the point.
fn percent(part: u64, whole: u64) -> String {
    let hundredths = (u128::from(part) * 10_000).checked_div(u128::from(whole)).unwrap_or_default();
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// Returns a bar for each organizational unit: accounts that pass, fail and were not seen, the worst first. Nothing if no
/// account is in a unit.
pub(super) fn units(summary: &Summary) -> String {
    if summary.ous.iter().all(|it| it.path.is_empty()) {
        return String::new();
    }
    let mut units: Vec<_> = summary.ous.iter().collect();
    units.sort_by_key(|it| (Reverse(it.accounts_failing), Reverse(it.accounts_undecided), Reverse(it.accounts)));
    let shown: String = units.iter().take(OUS).map(|it| unit(it)).collect();
    let more = units.len().saturating_sub(OUS) as u64;
    let more = match more {
        0 => String::new(),
        more => format!("<p class=\"faint\">… and {}</p>\n", counted(more, "more unit")),
    };
    format!(
        "<p class=\"legend\"><span><svg width=\"10\" height=\"10\" aria-hidden=\"true\"><rect class=\"fail\" width=\"10\" height=\"10\" rx=\"2\"/></svg> with a failure</span> \
         <span><svg width=\"10\" height=\"10\" aria-hidden=\"true\"><rect class=\"unseen\" width=\"10\" height=\"10\" rx=\"2\"/></svg> not fully seen</span> \
         <span><svg width=\"10\" height=\"10\" aria-hidden=\"true\"><rect class=\"pass\" width=\"10\" height=\"10\" rx=\"2\"/></svg> pass</span></p>\n\
         <ul class=\"bars\">\n{shown}</ul>\n{more}"
    )
}

fn unit(it: &OuCounts) -> String {
    let pass = it.accounts.saturating_sub(it.accounts_failing + it.accounts_undecided);
    let parts = [
        ("fail", it.accounts_failing, "fail"),
        ("unseen", it.accounts_undecided, "not seen"),
        ("pass", pass, "pass"),
    ];
    let told: Vec<_> = parts
        .iter()
        .filter(|(_, count, _)| *count > 0)
        .map(|(_, count, what)| format!("{count} {what}"))
        .collect();
    let shares = parts.map(|(class, count, _)| (class, count));
    let (unit, link) = match it.path.as_str() {
        "" => ("(root)".to_owned(), "%2F".to_owned()),
        path => (name(path), fragment(path)),
    };
    format!(
        "<li><div class=\"of\"><a href=\"#ou={link}\">{unit}</a> <span class=\"faint\">{}</span></div>{}</li>\n",
        told.join(" · "),
        bar(&shares, it.accounts)
    )
}

/// Returns a chart of counts by name, each a bar beside its number.
pub(super) fn counts(heading: &str, entries: &[(String, u64, String)]) -> String {
    let most = entries.iter().map(|(_, count, _)| *count).max().unwrap_or_default();
    let rows = entries.iter().map(|(of, count, remark)| {
        let remark = match remark.as_str() {
            "" => String::new(),
            it => format!("<br><span class=\"faint\">{}</span>", escaped(it)),
        };
        format!(
            "<tr><th scope=\"row\">{}{remark}</th><td class=\"count\">{count}</td><td class=\"graph\">{}</td></tr>\n",
            escaped(of),
            bar(&[("plain", *count)], most)
        )
    });
    format!(
        "<table class=\"chart\"><caption>{}</caption>\n<thead class=\"unseen\"><tr><th scope=\"col\">What</th><th scope=\"col\">How many</th><td></td></tr></thead>\n<tbody>\n{}</tbody></table>\n",
        escaped(heading),
        rows.collect::<String>()
    )
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn shares_are_percentages() {
        assert_eq!(percent(1, 3), "33.33");
        assert_eq!(percent(3, 3), "100.00");
        assert_eq!(percent(0, 0), "0.00");
    }
}
