//! Rows of any answer, for a terminal.

use super::{
    grid::{Cell, Column, Fit, Grid},
    page::Page,
    text::Style,
};
use crate::Appearance;

/// Returns rows under their columns' names where all fit, or else each as lines of names and values. No value is broken or
/// cut, so that it can be searched for and copied.
pub(crate) fn rows_table(title: &str, names: &[&str], rows: &[Vec<String>], look: &Appearance) -> String {
    let mut page = Page::new(look);
    page.paragraph(0, title, Style::Strong);
    page.gap();
    if rows.is_empty() {
        page.paragraph(0, "none", Style::Plain);
        return page.take();
    }
    let names: Vec<_> = names.iter().map(|it| it.replace('_', " ")).collect();
    let heads = names.iter().map(|it| Cell::new(it, Style::Strong)).collect();
    let cells = rows.iter().map(|row| row.iter().map(Cell::plain).collect());
    let all: Vec<Vec<_>> = std::iter::once(heads).chain(cells).collect();
    let grid = natural(&all, names.len());
    if grid.fits(page.width) {
        for row in &all {
            page.row(&grid, row);
        }
        return page.take();
    }
    let line = |(name, value): (&String, &String)| vec![Cell::new(name, Style::Faint), Cell::plain(value)];
    let blocks = rows.iter().map(|row| names.iter().zip(row).map(line).collect());
    let blocks: Vec<Vec<Vec<_>>> = blocks.collect();
    let grid = natural(&blocks.concat(), 2);
    for (index, (lines, row)) in blocks.iter().zip(rows).enumerate() {
        if index > 0 {
            page.gap();
        }
        for (line, _) in lines.iter().zip(row).filter(|(_, value)| !value.is_empty()) {
            page.row(&grid, line);
        }
    }
    page.take()
}

/// Returns columns as wide as what is in them.
fn natural(rows: &[Vec<Cell>], columns: usize) -> Grid {
    let column = |index| Column::fitting(rows, index, usize::MAX, Fit::Left);
    Grid {
        indent: 0,
        columns: (0..columns).map(column).collect(),
    }
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

    fn rows(names: &[&str], rows: &[Vec<String>]) -> String {
        rows_table("What", names, rows, &LOOK)
    }

    #[test]
    fn rows_that_fit_stand_under_their_columns_names() {
        let row = |it: [&str; 2]| it.map(str::to_owned).to_vec();
        let text = rows(&["one_thing", "two"], &[row(["a", "b"]), row(["", &"c".repeat(69)])]);
        let long = "c".repeat(69);
        assert_eq!(text, format!("What\n\none thing  two\na          b\n           {long}\n"));
        assert_eq!(rows(&["one"], &[]), "What\n\nnone\n");
    }

    #[test]
    fn rows_that_do_not_fit_are_lines_and_no_value_is_broken() {
        let long = "x".repeat(100);
        let row = vec![long.clone(), String::new(), "two words".to_owned()];
        let text = rows(&["one_thing", "nothing", "three"], &[row.clone(), row]);
        let block = format!("one thing  {long}\nthree      two words\n");
        assert_eq!(text, format!("What\n\n{block}\n{block}"));
    }

    #[test]
    fn hostile_names_stay_text() {
        for length in [1, 100] {
            let row = vec!["x".repeat(length), "\u{1b}[31mred".to_owned()];
            let text = rows(&["one_thing", "two"], &[row]);
            assert!(text.contains("one thing") && !text.contains('\u{1b}'), "{text}");
        }
    }
}
