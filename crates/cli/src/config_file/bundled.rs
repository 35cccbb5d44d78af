//! The configuration in an evidence bundle, beside which the files stand that it names.

use std::path::{Path, PathBuf};

use super::{ConfigFile, OwnerSource, notify, owners};
use crate::error::{CliError, Kind};

impl ConfigFile {
    /// Reads the configuration of a bundle, which has the same name wherever it is unpacked.
    pub(crate) fn bundled(folder: &Path, name: &Path, text: &str) -> Result<Self, CliError> {
        let config = Self::parse(name, text)?;
        Ok(Self {
            folder: folder.to_owned(),
            ..config
        })
    }

    /// Returns the name of a file of owners beside the configuration of a bundle.
    pub(crate) fn bundled_owner_file(index: usize) -> String {
        format!("owners-{}.csv", index + 1)
    }

    /// Leaves out who is told of a run: that changes no verdict, and a bundle goes to others.
    pub(crate) fn leave_out_notifications(&mut self) -> Result<(), CliError> {
        let mut table = self.table()?;
        if table.remove(notify::SECTION).is_some() {
            self.set_text(&table)?;
        }
        Ok(())
    }

    fn table(&self) -> Result<toml::Table, CliError> {
        toml::from_str(&self.text).map_err(|error| CliError::new(Kind::Failed, error.to_string()))
    }

    fn set_text(&mut self, table: &toml::Table) -> Result<(), CliError> {
        let text = toml::to_string(table);
        self.text = text.map_err(|error| CliError::new(Kind::Failed, error.to_string()))?;
        Ok(())
    }

    /// Returns the files of owners that are named, and names those of a bundle in their place.
    pub(crate) fn take_owner_files(&mut self) -> Result<Vec<PathBuf>, CliError> {
        let mut files = Vec::new();
        for source in &self.owners {
            if let OwnerSource::File(path) = source {
                files.push(self.folder.join(path));
            }
        }
        if files.is_empty() {
            return Ok(files);
        }
        let mut table = self.table()?;
        let entries = table.get_mut(owners::SECTION);
        let entries = entries.and_then(toml::Value::as_array_mut);
        let named = entries
            .into_iter()
            .flatten()
            .filter_map(|it| it.get_mut("file"));
        for (index, file) in named.enumerate() {
            *file = toml::Value::String(Self::bundled_owner_file(index));
        }
        self.set_text(&table)?;
        Ok(files)
    }
}
