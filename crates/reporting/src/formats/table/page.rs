//! A page for a terminal, composed of headings, labelled paragraphs and grids.

use super::{
    grid::{Cell, Grid},
    paint::Paint,
    text::{Style, width, wrapped},
};
use crate::{Appearance, escape};

/// The least width that still holds the columns.
const LEAST_WIDTH: usize = 60;
/// The width beyond which an eye loses the line.
const MOST_WIDTH: usize = 200;

/// A page for a terminal. All text enters it through [`escape::visible`].
#[derive(Debug)]
pub(super) struct Page {
    pub(super) width: usize,
    paint: Paint,
    text: String,
}

impl Page {
    pub(super) fn new(appearance: &Appearance) -> Self {
        Self {
            width: appearance.width.clamp(LEAST_WIDTH, MOST_WIDTH),
            paint: Paint::of(appearance),
            text: String::new(),
        }
    }

    /// Returns what was composed since the last time.
    pub(super) fn take(&mut self) -> String {
        std::mem::take(&mut self.text)
    }

    /// Adds an empty line.
    pub(super) fn gap(&mut self) {
        self.text.push('\n');
    }

    /// Adds an empty line and a heading.
    pub(super) fn heading(&mut self, text: &str) {
        self.gap();
        self.labelled(0, "", Style::Plain, text, Style::Strong);
    }

    /// Adds a paragraph.
    pub(super) fn paragraph(&mut self, indent: usize, text: &str, style: Style) {
        self.labelled(indent, "", Style::Plain, text, style);
    }

    /// Adds a paragraph that hangs to the right of its label, which takes `margin` columns.
    pub(super) fn labelled(
        &mut self,
        margin: usize,
        label: &str,
        label_style: Style,
        text: &str,
        style: Style,
    ) {
        let text = escape::visible(text);
        let mut label = label;
        for line in wrapped(&text, self.width.saturating_sub(margin)) {
            self.text.push_str(&self.paint.painted(label, label_style));
            let padding = margin.saturating_sub(width(label));
            self.text.extend(std::iter::repeat_n(' ', padding));
            self.text.push_str(&self.paint.painted(&line, style));
            self.text.push('\n');
            label = "";
        }
    }

    /// Adds a row of a grid.
    pub(super) fn row(&mut self, grid: &Grid, cells: &[Cell]) {
        grid.write(cells, self.paint, &mut self.text);
    }
}
