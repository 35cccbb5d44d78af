//! Rows of any answer, for a terminal.

use super::{
    grid::{Cell, Column, Fit, Grid},
    page::Page,
    text::Style,
};
use crate::Appearance;

/// Returns rows under their columns' names.
pub(crate) fn rows_table(title: &str, names: &[&str], rows: &[Vec<String>], look: &Appearance) -> String {
    let mut page = Page::new(look);
    page.paragraph(0, title, Style::Strong);
    page.gap();
    if rows.is_empty() {
        page.paragraph(0, "none", Style::Plain);
        return page.take();
    }
    let heads = names.iter().map(|it| Cell::new(it.replace('_', " "), Style::Strong)).collect();
    let cells = rows.iter().map(|row| row.iter().map(Cell::plain).collect());
    let all: Vec<Vec<_>> = std::iter::once(heads).chain(cells).collect();
    let fits = vec![Fit::Wrap; names.len()];
    write(&mut page, &all, &fits);
    page.take()
}

/// Writes rows in columns that fit them, and together the page: the widest gives way first.
pub(super) fn write(page: &mut Page, rows: &[Vec<Cell>], fits: &[Fit]) {
    let all = |most: usize| Grid {
        indent: 0,
        columns: fits.iter().enumerate().map(|(index, fit)| Column::fitting(rows, index, most, *fit)).collect(),
    };
    // Some width always fits; a column of fewer characters than this helps nobody.
    let mut most = page.width;
    while most > 8 && !all(most).fits(page.width) {
        most -= 1;
    }
    let grid = all(most);
    for row in rows {
        page.row(&grid, row);
    }
}

#[cfg(test)]
mod tests {
    use super::rows_table;
    use crate::{Appearance, Colour, Links, Verbosity};

    const LOOK: Appearance = Appearance {
        width: 80,
        colour: Colour::Plain,
        links: Links::None,
        verbosity: Verbosity::Summary,
    };

    #[test]
    fn rows_stay_within_the_page_and_hostile_names_stay_text() {
        let row = vec!["x".repeat(70), "\u{1b}[31mred".to_owned(), "y".repeat(70)];
        let text = rows_table("What", &["one_thing", "two", "three"], &[row], &LOOK);
        assert!(text.lines().all(|it| it.chars().count() <= 80), "{text}");
        assert!(text.contains("one thing") && !text.contains('\u{1b}'), "{text}");
    }
}
