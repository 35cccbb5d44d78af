//! A comparison of two runs in Markdown. Names that others chose stay text: they make no table, link or tag.

use std::fmt::Write;

use super::sections::{Section, Sections};
use crate::escape::markdown;

/// Returns the page.
pub(super) fn text(it: &Sections) -> String {
    // Writing to a string cannot fail.
    let mut out = format!(
        "# mfaudit diff\n\n{}\n\n**{}**\n",
        markdown(&it.title),
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
            let cells = [&row.principal, account.trim(), &row.text].map(markdown);
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
