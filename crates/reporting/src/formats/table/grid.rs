//! Rows of cells whose columns hold whatever a name does.

use super::{
    paint::Paint,
    text::{Style, cut, width, wrapped},
};
use crate::escape;

/// Rows of cells, two columns of space between them.
#[derive(Debug)]
pub(super) struct Grid {
    pub(super) indent: usize,
    pub(super) columns: Vec<Column>,
}

/// A column of a grid.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    width: usize,
    fit: Fit,
}

/// What becomes of a text in its column.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fit {
    /// It stands left, and is cut if it is longer.
    Left,
    /// It stands right, and is cut if it is longer.
    Right,
    /// It continues on further lines.
    Wrap,
}

/// A text of a grid.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    text: String,
    style: Style,
}

impl Cell {
    pub(super) fn new(text: impl AsRef<str>, style: Style) -> Self {
        Self {
            text: escape::visible(text.as_ref()).into_owned(),
            style,
        }
    }

    pub(super) fn plain(text: impl AsRef<str>) -> Self {
        Self::new(text, Style::Plain)
    }
}

impl Column {
    pub(super) const fn new(width: usize, fit: Fit) -> Self {
        Self { width, fit }
    }

    /// Returns a column that is as wide as the widest cell at `index`, and at most `most`.
    pub(super) fn fitting(rows: &[Vec<Cell>], index: usize, most: usize, fit: Fit) -> Self {
        let cells = rows.iter().filter_map(|it| it.get(index));
        let widest = cells.map(|it| width(&it.text)).max().unwrap_or_default();
        Self::new(widest.min(most), fit)
    }
}

impl Grid {
    /// Returns the columns a line has left after `page_width` is taken up by the columns so far.
    pub(super) fn rest(&self, page_width: usize) -> usize {
        let columns = self.columns.iter().filter(|it| it.width > 0);
        let taken: usize = columns.map(|it| it.width + 2).sum();
        page_width.saturating_sub(self.indent + taken)
    }

    /// Tells whether all columns stand beside each other on a page.
    pub(super) fn fits(&self, page_width: usize) -> bool {
        // There is no space behind the last.
        self.rest(page_width + 3) > 0
    }

    /// Writes a row: as many lines as its tallest cell has.
    pub(super) fn write(&self, cells: &[Cell], paint: Paint, out: &mut String) {
        let fitted: Vec<_> = self
            .columns
            .iter()
            .zip(cells)
            // A column in which every cell is empty takes no space.
            .filter(|(column, _)| column.width > 0)
            .map(|(column, cell)| (column, cell.style, column.lines(&cell.text)))
            .collect();
        let height = fitted.iter().map(|(_, _, lines)| lines.len()).max().unwrap_or_default();
        for index in 0..height {
            let mut at = 0;
            let mut start = self.indent;
            for (column, style, lines) in &fitted {
                if let Some(line) = lines.get(index).filter(|it| !it.is_empty()) {
                    let left = match column.fit {
                        Fit::Left | Fit::Wrap => start,
                        Fit::Right => start + column.width - width(line),
                    };
                    // Space is written before a text, never after the last.
                    out.extend(std::iter::repeat_n(' ', left.saturating_sub(at)));
                    out.push_str(&paint.painted(line, *style));
                    at = left + width(line);
                }
                start += column.width + 2;
            }
            out.push('\n');
        }
    }
}

impl Column {
    fn lines(&self, text: &str) -> Vec<String> {
        match self.fit {
            Fit::Left | Fit::Right => vec![cut(text, self.width)],
            Fit::Wrap => wrapped(text, self.width),
        }
    }
}
