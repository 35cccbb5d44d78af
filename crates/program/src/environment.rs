//! What the environment says. The only place that reads it.
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

use clap::ValueEnum;
use supports_hyperlinks::Stream;

use crate::error::{CliError, Kind};

/// When something is coloured.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum When {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What the environment says.
#[derive(Clone, Debug)]
pub struct Environment {
    /// `NO_COLOR` is set and not empty.
    no_colour: Option<()>,
    /// `CLICOLOR_FORCE` or `FORCE_COLOR` is set and neither empty nor `0`.
    force_colour: Option<()>,
    /// `COLUMNS`.
    columns: Option<usize>,
    /// `SOURCE_DATE_EPOCH`.
    source_date_epoch: Option<String>,
    /// `JOB_COMPLETION_INDEX` of an Indexed Job of Kubernetes, else `AWS_BATCH_JOB_ARRAY_INDEX`.
    pub job_index: Option<String>,
    /// `AWS_CA_BUNDLE`.
    pub ca_bundle: Option<PathBuf>,
    /// `MFAUDIT_LOG`, else `RUST_LOG`.
    pub log_filter: Option<String>,
}

impl Environment {
    /// Reads the environment.
    pub fn read() -> Self {
        let set = |name| env::var_os(name).filter(|it| !it.is_empty());
        let text = |name| env::var(name).ok().filter(|it| !it.is_empty());
        let forced = |name| set(name).filter(|it| it != "0").map(drop);
        Self {
            no_colour: set("NO_COLOR").map(drop),
            force_colour: forced("CLICOLOR_FORCE").or_else(|| forced("FORCE_COLOR")),
            columns: text("COLUMNS").and_then(|it| it.parse().ok()),
            source_date_epoch: text("SOURCE_DATE_EPOCH"),
            job_index: text("JOB_COMPLETION_INDEX").or_else(|| text("AWS_BATCH_JOB_ARRAY_INDEX")),
            ca_bundle: set("AWS_CA_BUNDLE").map(PathBuf::from),
            log_filter: text("MFAUDIT_LOG").or_else(|| text("RUST_LOG")),
        }
    }

    /// Returns a variable that the configuration names; `None` if it is not set, is empty or is no text.
    pub fn variable(&self, name: &str) -> Option<String> {
        env::var(name).ok().filter(|it| !it.trim().is_empty())
    }

    /// Returns the clock that output is stamped with.
    ///
    /// # Errors
    ///
    /// Fails if `SOURCE_DATE_EPOCH` is no number of seconds.
    pub fn clock(&self) -> Result<Clock, CliError> {
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

    /// Tells whether what goes to standard output is coloured.
    pub fn colours_output(&self, when: When) -> bool {
        match when {
            When::Always => true,
            When::Never => false,
            When::Auto => {
                self.force_colour.is_some() || (stdout().is_terminal() && self.no_colour.is_none())
            }
        }
    }

    /// Tells whether standard output shows links: where it is coloured, on a terminal that is known to.
    pub fn links_output(&self, when: When) -> bool {
        self.colours_output(when) && supports_hyperlinks::on(Stream::Stdout)
    }

    /// Returns how many columns standard output has.
    pub fn width(&self) -> usize {
        let width = stdout()
            .is_terminal()
            .then(terminal_size::terminal_size)
            .flatten()
            .map(|(width, _)| usize::from(width.0));
        width
            .or(self.columns)
            .unwrap_or(DEFAULT_WIDTH)
            .max(NARROWEST)
    }

    /// Tells whether messages on standard error are coloured.
    pub fn colours_errors(&self) -> bool {
        self.force_colour.is_some() || (stderr().is_terminal() && self.no_colour.is_none())
    }
}

/// The width of a report that goes to no terminal.
const DEFAULT_WIDTH: usize = 80;
/// The width below which nothing fits.
const NARROWEST: usize = 40;

/// Tells whether a person can be asked something.
pub fn can_ask() -> bool {
    stdin().is_terminal() && stderr().is_terminal()
}

/// Tells whether a person watches standard error.
pub fn is_watched() -> bool {
    stderr().is_terminal()
}
