//! Writes the effective configuration as TOML, which read back is the same configuration.

use std::collections::BTreeSet;

use super::{ConfigFile, collection, gate, role, schema, scope};
use crate::{
    args::{CollectionArgs, GateArgs, ReportArgs, RoleArgs, RuleArgs, ScopeArgs},
    error::{CliError, Kind},
    given::Given,
};

/// The options of a command, as the command line and the file set them. What a command does not have is not printed.
#[derive(Default)]
pub(crate) struct Options<'a> {
    pub(crate) scope: Option<&'a ScopeArgs>,
    pub(crate) role: Option<&'a RoleArgs>,
    pub(crate) collection: Option<&'a CollectionArgs>,
    pub(crate) rules: Option<&'a RuleArgs>,
    pub(crate) gate: Option<&'a GateArgs>,
    pub(crate) report: Option<&'a ReportArgs>,
}

impl ConfigFile {
    /// Returns the effective configuration as TOML, each value with where it comes from.
    pub(crate) fn print(&self, options: &Options<'_>, given: &Given) -> Result<String, CliError> {
        let file = self.name.as_str();
        let mut sections = Vec::new();
        sections
            .extend((options.scope).map(|it| scope::SECTION.print(it, &self.scope, given, file)));
        sections.extend((options.role).map(|it| role::SECTION.print(it, &self.role, given, file)));
        sections.extend(
            (options.collection)
                .map(|it| collection::SECTION.print(it, &self.collection, given, file)),
        );
        if let Some(rules) = options.rules {
            sections.push(self.rules.print(rules, file)?);
        }
        sections.extend((options.gate).map(|it| gate::SECTION.print(it, &self.gate, given, file)));
        if let Some(report) = options.report {
            let text = self.reports.print(report, given, file);
            sections.push(text.trim_end().to_owned() + "\n");
        }
        sections.extend(self.file_only()?);
        Ok(sections.join("\n"))
    }

    /// Returns the sections that no option stands for, as the file has them.
    fn file_only(&self) -> Result<Option<String>, CliError> {
        let failed = |error: String| CliError::new(Kind::Failed, error);
        let mut table: toml::Table =
            toml::from_str(&self.text).map_err(|error| failed(error.to_string()))?;
        let printed: BTreeSet<_> = schema::WITH_OPTIONS.iter().copied().collect();
        table.retain(|name, _| !printed.contains(name));
        if table.is_empty() {
            return Ok(None);
        }
        let text = toml::to_string(&table).map_err(|error| failed(error.to_string()))?;
        let file = reporting::visible(&self.name);
        Ok(Some(format!("# The rest stands in {file} alone.\n{text}")))
    }
}
