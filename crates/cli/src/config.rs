//! What the environment and the arguments mean. The only place that reads the environment.
#![expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the environment"
)]

use std::{
    env,
    io::{IsTerminal, stderr, stdin, stdout},
    path::PathBuf,
};

use aws::Clock;
use model::Timestamp;
use reporting::{Appearance, Colour, Verbosity};

use crate::{
    args::When,
    error::{CliError, Kind},
};

/// What the environment says.
#[derive(Clone, Debug)]
pub(crate) struct Environment {
    /// `NO_COLOR` is set and not empty.
    no_colour: Option<()>,
    /// `CLICOLOR_FORCE` or `FORCE_COLOR` is set and neither empty nor `0`.
    force_colour: Option<()>,
    /// `COLUMNS`.
    columns: Option<usize>,
    /// `SOURCE_DATE_EPOCH`.
    source_date_epoch: Option<String>,
    /// `AWS_CA_BUNDLE`.
    pub(crate) ca_bundle: Option<PathBuf>,
    /// `MFAUDIT_LOG`, else `RUST_LOG`.
    pub(crate) log_filter: Option<String>,
}

impl Environment {
    /// Reads the environment.
    pub(crate) fn read() -> Self {
        let set = |name| env::var_os(name).filter(|it| !it.is_empty());
        let text = |name| env::var(name).ok().filter(|it| !it.is_empty());
        let forced = |name| set(name).filter(|it| it != "0").map(drop);
        Self {
            no_colour: set("NO_COLOR").map(drop),
            force_colour: forced("CLICOLOR_FORCE").or_else(|| forced("FORCE_COLOR")),
            columns: text("COLUMNS").and_then(|it| it.parse().ok()),
            source_date_epoch: text("SOURCE_DATE_EPOCH"),
            ca_bundle: set("AWS_CA_BUNDLE").map(PathBuf::from),
            log_filter: text("MFAUDIT_LOG").or_else(|| text("RUST_LOG")),
        }
    }

    /// Returns the clock that output is stamped with.
    ///
    /// # Errors
    ///
    /// Fails if `SOURCE_DATE_EPOCH` is no number of seconds.
    pub(crate) fn clock(&self) -> Result<Clock, CliError> {
        let Some(text) = &self.source_date_epoch else {
            return Ok(Clock::System);
        };
        let fixed = text.parse().ok().and_then(Timestamp::from_epoch_seconds);
        fixed.map(Clock::Fixed).ok_or_else(|| {
            CliError::new(
                Kind::Usage,
                format!("SOURCE_DATE_EPOCH is `{text}`, which is no number of seconds since 1970"),
            )
        })
    }

    /// Returns how a report on standard output looks.
    pub(crate) fn appearance(&self, colour: When, verbosity: Verbosity) -> Appearance {
        let terminal = stdout().is_terminal();
        let colours = match colour {
            When::Always => true,
            When::Never => false,
            When::Auto => self.force_colour.is_some() || (terminal && self.no_colour.is_none()),
        };
        let width = terminal
            .then(terminal_size::terminal_size)
            .flatten()
            .map(|(width, _)| usize::from(width.0));
        Appearance {
            width: width
                .or(self.columns)
                .unwrap_or(DEFAULT_WIDTH)
                .max(NARROWEST),
            colour: if colours { Colour::Ansi } else { Colour::Plain },
            verbosity,
        }
    }

    /// Tells whether messages on standard error are coloured.
    pub(crate) fn colours_errors(&self) -> bool {
        self.force_colour.is_some() || (stderr().is_terminal() && self.no_colour.is_none())
    }
}

/// The width of a report that goes to no terminal.
const DEFAULT_WIDTH: usize = 80;
/// The width below which nothing fits.
const NARROWEST: usize = 40;

/// Tells whether a person can be asked something.
pub(crate) fn can_ask() -> bool {
    stdin().is_terminal() && stderr().is_terminal()
}

/// Tells whether a person watches standard error.
pub(crate) fn is_watched() -> bool {
    stderr().is_terminal()
}
