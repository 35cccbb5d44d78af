//! Which options stand on the command line: those that the configuration file does not overrule.

use std::collections::BTreeSet;

use clap::{ArgMatches, parser::ValueSource};

/// The options that stand on the command line, by the names clap has for them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Given(BTreeSet<String>);

impl Given {
    /// Returns the options of the command that was called.
    pub(crate) fn of(matches: &ArgMatches) -> Self {
        let mut matches = matches;
        while let Some((_, sub)) = matches.subcommand() {
            matches = sub;
        }
        let ids = matches.ids().map(clap::Id::as_str);
        let given = ids.filter(|it| matches.value_source(it) == Some(ValueSource::CommandLine));
        Self(given.map(str::to_owned).collect())
    }

    /// Tells whether an option stands on the command line.
    pub(crate) fn has(&self, id: &str) -> bool {
        self.0.contains(id)
    }
}
