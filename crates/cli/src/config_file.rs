//! The configuration file, `mfaudit.toml`: a module for each of its sections, and every mistake at once.

mod coverage_waivers;
mod custom_rules;
mod mistakes;
mod table;

use std::{
    io,
    path::{Path, PathBuf},
};

use rules::CoverageWaiver;
use toml::de::DeTable;

pub(crate) use self::custom_rules::Custom;
use self::{mistakes::Mistakes, table::Table};
use crate::{
    error::{CliError, Kind},
    output,
};

/// The file that is read where none is named.
const DEFAULT: &str = "mfaudit.toml";

/// What the configuration file says.
#[derive(Debug, Default)]
pub(crate) struct ConfigFile {
    /// `[[coverage-waiver]]`.
    pub(crate) coverage_waivers: Vec<CoverageWaiver>,
    /// `[[rule]]`.
    pub(crate) custom_rules: Vec<Custom>,
}

impl ConfigFile {
    /// Reads the file that was named, else the default one if there is one, and says so: a file that nobody named
    /// must not change a verdict in silence.
    pub(crate) fn read(named: Option<&Path>) -> Result<Self, CliError> {
        let path = named.map_or_else(|| PathBuf::from(DEFAULT), Path::to_owned);
        match read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && named.is_none() => {
                Ok(Self::default())
            }
            Err(error) => Err(unreadable(&path, &error)),
            Ok(text) => {
                if named.is_none() {
                    output::say(&format!(
                        "note: {DEFAULT} in the working directory is used; --config FILE names another"
                    ));
                }
                Self::parse(&path, &text)
            }
        }
    }

    fn parse(path: &Path, text: &str) -> Result<Self, CliError> {
        let mut mistakes = Mistakes::new(path, text);
        let (document, errors) = DeTable::parse_recoverable(text);
        for error in &errors {
            mistakes.add(error.span().unwrap_or_default(), error.message());
        }
        // What could be read in spite of them is checked too, so that all is told at once.
        let errors = mistakes.count();
        let config = Self::of(Table::new("", &document), &mut mistakes);
        mistakes.without_consequences(errors);
        mistakes.none_or(config)
    }

    /// Takes the sections out of the document. What is left is unknown.
    fn of(mut document: Table<'_>, mistakes: &mut Mistakes<'_>) -> Self {
        let coverage_waivers = coverage_waivers::take(&mut document, mistakes);
        let custom_rules = custom_rules::take(&mut document, mistakes);
        document.end(mistakes);
        Self {
            coverage_waivers,
            custom_rules,
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the configuration file"
)]
fn read_to_string(path: &Path) -> io::Result<String> {
    std::fs::read_to_string(path)
}

fn unreadable(path: &Path, error: &io::Error) -> CliError {
    let what = format!("cannot read the configuration {}: {error}", path.display());
    let error = CliError::new(Kind::Usage, what);
    error.hint("name a TOML file with --config; the guide tells what may stand in it")
}

#[cfg(test)]
mod tests {
    use super::ConfigFile;

    fn mistakes(text: &str) -> String {
        let path = std::path::Path::new("mfaudit.toml");
        ConfigFile::parse(path, text).unwrap_err().to_string()
    }

    #[test]
    fn an_empty_file_says_nothing() {
        let path = std::path::Path::new("mfaudit.toml");
        for text in ["", "# a remark\n"] {
            let config = ConfigFile::parse(path, text).unwrap();
            assert!(config.coverage_waivers.is_empty());
        }
    }

    #[test]
    fn what_is_no_toml_is_told_with_its_place() {
        let told = mistakes("a = 1\n[[coverage-waiver\n");
        assert!(told.contains("mfaudit.toml:2:"), "{told}");
    }

    #[test]
    fn an_unknown_section_is_a_mistake_with_what_may_be_meant() {
        let told = mistakes("\n[[coverage-waivers]]\n");
        assert_eq!(
            told,
            "the configuration has a mistake:\n  mfaudit.toml:2:3: unknown key `coverage-waivers`: did you mean \
             `coverage-waiver`?"
        );
    }

    #[test]
    fn every_mistake_is_told_in_one_run_in_the_order_of_the_file() {
        let told = mistakes(
            "[[coverage-waiver]]\naccount = \"12\"\nreason = \"\"\nexpire = 2026-02-30\n\n[scop]\nä = 1\n",
        );
        let places = told
            .lines()
            .skip(1)
            .map(|it| it.trim().split(' ').next().unwrap());
        let expected = [
            "1:1:", "1:1:", "2:11:", "3:10:", "4:1:", "4:10:", "6:2:", "7:1:",
        ];
        assert_eq!(
            places.collect::<Vec<_>>(),
            expected.map(|it| format!("mfaudit.toml:{it}")),
            "{told}"
        );
        assert!(
            told.starts_with("the configuration has 8 mistakes:"),
            "{told}"
        );
    }
}
