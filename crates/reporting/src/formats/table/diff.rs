//! A comparison of two runs, for a terminal.

use super::{
    failures::{self, Listed},
    grid::Cell,
    page::Page,
    text::Style,
};
use crate::{
    Appearance,
    diff::{SectionRow, Sections},
};

/// What a row means, which its colour shows.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Meaning {
    /// Something fails.
    Bad,
    /// Something is not known any more.
    Doubtful,
    /// Something got better.
    Good,
    /// Something is different.
    Plain,
}

/// Returns the page.
pub(crate) fn diff_table(it: &Sections, look: &Appearance) -> String {
    let mut page = Page::new(look);
    page.paragraph(0, &format!("mfaudit {}  {}", env!("CARGO_PKG_VERSION"), it.title), Style::Strong);
    page.gap();
    page.paragraph(0, &it.counts, Style::Strong);
    if it.parts.is_empty() {
        page.paragraph(0, "nothing else differs", Style::Plain);
    }
    for section in &it.parts {
        page.heading(&section.heading);
        let rows: Vec<_> = section.rows.iter().map(listed).collect();
        failures::list(&mut page, &rows, "CRITICAL  ".len());
    }
    page.take()
}

fn listed(row: &SectionRow) -> Listed {
    let style = match row.meaning {
        Meaning::Bad => Style::Bad,
        Meaning::Doubtful => Style::Doubtful,
        Meaning::Good => Style::Good,
        Meaning::Plain => Style::Plain,
    };
    Listed {
        cells: vec![
            Cell::new(&row.label, style),
            Cell::plain(&row.principal),
            Cell::plain(&row.account_name),
            Cell::plain(&row.account_id),
        ],
        text: row.text.clone(),
    }
}
