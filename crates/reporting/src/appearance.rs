//! How a report for people looks.

/// How a report for people looks; formats for machines ignore it.
#[derive(Clone, Copy, Debug)]
pub struct Appearance {
    /// The columns a line may take.
    pub width: usize,
    /// Whether colours are used.
    pub colour: Colour,
    /// Whether what has a page is a link to it.
    pub links: Links,
    /// How much is told.
    pub verbosity: Verbosity,
}

/// Whether a report uses colours.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Colour {
    /// Text only, without any escape code.
    Plain,
    /// ANSI escape codes around words that matter.
    Ansi,
}

/// Whether a report has links that a terminal opens.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Links {
    /// None: the terminal might show their addresses as noise.
    None,
    /// Escape codes around the rules' names: `OSC 8`.
    Osc8,
}

/// How much a report for people tells.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Verbosity {
    /// What to know and what to do first.
    Summary,
    /// The summary, and every finding.
    Everything,
}
