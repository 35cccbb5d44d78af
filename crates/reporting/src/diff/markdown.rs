//! A comparison of two runs in Markdown. Names that others chose stay text: they make no table, link or tag.

use std::fmt::Write;

use super::sections::{Section, Sections};
use crate::escape;

/// Returns the page.
pub(super) fn text(it: &Sections) -> String {
    // Writing to a string cannot fail.
    let mut out = format!(
        "# mfaudit diff\n\n{}\n\n**{}**\n",
        literal(&it.title),
        it.counts
    );
    if it.parts.is_empty() {
        out.push_str("\nNothing else differs.\n");
    }
    for Section { heading, rows } in &it.parts {
        let _ = write!(
            out,
            "\n## {}\n\n| | principal | account | |\n|---|---|---|---|\n",
            capitalized(heading)
        );
        for row in rows {
            let account = format!("{} {}", row.account_name, row.account_id);
            let cells = [&row.principal, account.trim(), &row.text].map(literal);
            let _ = writeln!(
                out,
                "| {} | {} |",
                row.label.to_lowercase(),
                cells.join(" | ")
            );
        }
    }
    out
}

/// Returns `FAILURES` as `Failures`.
fn capitalized(heading: &str) -> String {
    let mut letters = heading.chars();
    let first: String = letters.by_ref().take(1).collect();
    first + &letters.as_str().to_lowercase()
}

/// Returns text of which Markdown makes nothing.
fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for it in escape::visible(text).chars() {
        match it {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // So that no host makes a link of an address, or a mention of a name.
            '@' => out.push_str("&#64;"),
            ':' if out.ends_with("http") || out.ends_with("https") => out.push_str("&#58;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '(' | ')' | '|' | '~' | '#' | '!' | '$' => {
                out.push('\\');
                out.push(it);
            }
            _ => out.push(it),
        }
    }
    out
}
