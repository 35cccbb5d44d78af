//! What went wrong, with its cause and what to do about it.

use std::{borrow::Cow, error::Error, io, io::Write};

use crate::{
    Environment,
    prose::{self, Stream},
};

/// An error that ends the run.
#[derive(Debug)]
pub struct CliError {
    kind: Kind,
    source: Box<dyn Error + Send + Sync>,
    hint: Option<String>,
    shown: Option<String>,
    others: Vec<CliError>,
}

/// Whose fault an error is, and so the exit code.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// The command line or the configuration is wrong.
    Usage,
    /// The run could not begin, or could not go on.
    Failed,
    /// An output cannot be written.
    Output,
    /// Somebody wanted the run to end: nothing that goes on without what failed may pass over it.
    Interrupted,
}

impl CliError {
    /// Returns an error of a kind.
    pub fn new(kind: Kind, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            kind,
            source: source.into(),
            hint: None,
            shown: None,
            others: Vec::new(),
        }
    }

    /// Returns the error of a run that somebody wanted to end.
    pub fn interrupted() -> Self {
        Self::new(Kind::Interrupted, "interrupted")
    }

    /// Returns the same error with advice.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self {
            hint: Some(hint.into()),
            ..self
        }
    }

    /// Returns the same error with something that matters more put before its advice, both as sentences without a full
    /// stop.
    #[must_use]
    pub fn hint_first(self, first: impl Into<String>) -> Self {
        let first = first.into();
        let hint = match self.hint {
            Some(hint) => format!("{first}; {hint}"),
            None => first,
        };
        Self {
            hint: Some(hint),
            ..self
        }
    }

    /// Returns the same error with a longer text to print in its place.
    #[must_use]
    pub fn shown(self, text: String) -> Self {
        Self {
            shown: Some(text),
            ..self
        }
    }

    /// Returns the same error with another that came after it, and is told too. A run is interrupted once, whatever that
    /// stopped: of a second interruption the advice alone is told.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        let earlier = if other.kind == Kind::Interrupted {
            self.interruption()
        } else {
            None
        };
        match (earlier, other.hint) {
            (None, hint) => self.others.push(Self { hint, ..other }),
            (Some(_), None) => {}
            (Some(earlier), Some(more)) => {
                let hint = earlier.hint.take();
                earlier.hint = Some(hint.map_or(more.clone(), |it| format!("{it}; {more}")));
            }
        }
        self
    }

    fn interruption(&mut self) -> Option<&mut Self> {
        if self.kind == Kind::Interrupted {
            return Some(self);
        }
        let mut others = self.others.iter_mut();
        others.find(|it| it.kind == Kind::Interrupted)
    }

    /// Returns whose fault it is.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Returns the advice. Whoever opened the file that was one too many knows nothing of the limit.
    fn advice(&self) -> Option<Cow<'_, str>> {
        let hint = self.hint.as_deref().map(Cow::Borrowed);
        if !is_out_of_files(&*self.source) {
            return hint;
        }
        let raise = "raise the limit of open files (ulimit -n)";
        Some(hint.map_or(raise.into(), |it| format!("{raise}; {it}").into()))
    }

    /// Prints the error, its causes and the advice to standard error; then those that came after it.
    pub fn print(&self, environment: &Environment) {
        let mut text = self.source.to_string();
        let mut cause = self.source.source();
        while let Some(it) = cause {
            let more = it.to_string();
            if !text.contains(&more) {
                text.push_str(": ");
                text.push_str(&more);
            }
            cause = it.source();
        }
        if let Some(shown) = &self.shown {
            text.clone_from(shown);
        }
        let (red, bold, reset) = if environment.colours_errors() {
            ("\u{1b}[1;31m", "\u{1b}[1m", "\u{1b}[0m")
        } else {
            ("", "", "")
        };
        let mut err = std::io::stderr().lock();
        // With no standard error left there is nobody to tell.
        let mut write = |begin: &str, colour: &str, text: &str| {
            let text = format!("{begin}{text}");
            let text = prose::for_stream(&text, Stream::Error, 0);
            let after = text.strip_prefix(begin).unwrap_or(&text);
            let _ = writeln!(err, "{colour}{begin}{reset}{after}");
        };
        write("error:", red, &format!(" {}", text.trim_end()));
        if let Some(hint) = self.advice() {
            write("hint:", bold, &format!(" {hint}"));
        }
        for other in &self.others {
            other.print(environment);
        }
    }
}

/// Tells whether the process, or the machine, may open no more files.
fn is_out_of_files(error: &(dyn Error + 'static)) -> bool {
    // `EMFILE` and `ENFILE`, which have these numbers on every Unix; the standard library has no name for them.
    const CODES: [i32; 2] = [24, 23];
    let mut cause = Some(error);
    while let Some(it) = cause {
        let code = it.downcast_ref().and_then(os_number);
        if cfg!(unix) && code.is_some_and(|it| CODES.contains(&it)) {
            return true;
        }
        cause = it.source();
    }
    false
}

/// Returns what the operating system said, without the words that others have put around it; the same error if it said
/// nothing.
pub(crate) fn os_error(error: io::Error) -> io::Error {
    let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
    while let Some(it) = cause {
        if let Some(number) = it.downcast_ref().and_then(os_number) {
            return io::Error::from_raw_os_error(number);
        }
        cause = it.source();
    }
    error
}

/// Returns the operating system's number of an error. `tempfile` leaves it in the text alone.
fn os_number(error: &io::Error) -> Option<i32> {
    let told = || {
        let text = error.to_string();
        let (number, _) = text.split_once("(os error ")?.1.split_once(')')?;
        number.parse().ok()
    };
    error.raw_os_error().or_else(told)
}

impl std::fmt::Display for CliError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.source.fmt(f)
    }
}

impl From<model::snapshot::SourceError> for CliError {
    fn from(source: model::snapshot::SourceError) -> Self {
        Self::new(Kind::Failed, source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_interrupted_once_whatever_that_stopped() {
        let kept = |name: &str| CliError::interrupted().hint(format!("kept: {name}"));
        let refused = CliError::new(Kind::Output, "refused");
        let error = refused
            .and(kept("a"))
            .and(CliError::interrupted())
            .and(kept("b"));
        assert_eq!(error.kind(), Kind::Output);
        let [interrupted] = error.others.as_slice() else {
            panic!("{error:?}");
        };
        assert_eq!(interrupted.hint.as_deref(), Some("kept: a; kept: b"));
        let error = CliError::interrupted().and(kept("a"));
        assert!(error.others.is_empty());
        assert_eq!(error.hint.as_deref(), Some("kept: a"));
        let error = error.and(CliError::new(Kind::Output, "refused"));
        assert_eq!(error.others.len(), 1);
    }

    #[test]
    fn the_operating_system_s_number_survives_what_stands_around_it() {
        let folder = tempfile::tempdir().unwrap();
        let long = "x".repeat(300);
        let made = tempfile::Builder::new().prefix(&long).tempdir_in(&folder);
        let told = os_error(made.unwrap_err());
        assert!(told.raw_os_error().is_some());
        assert!(!told.to_string().contains(&long), "{told}");
        let told = os_error(io::Error::other("no number"));
        assert_eq!(told.to_string(), "no number");
    }
}
