//! The configuration in an evidence bundle, beside which the files stand that it names.

use std::path::{Path, PathBuf};

use super::{ConfigFile, OwnerSource, owners};
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
        let failed = |error: String| CliError::new(Kind::Failed, error);
        let mut table: toml::Table =
            toml::from_str(&self.text).map_err(|error| failed(error.to_string()))?;
        let entries = table.get_mut(owners::SECTION);
        let entries = entries.and_then(toml::Value::as_array_mut);
        let named = entries
            .into_iter()
            .flatten()
            .filter_map(|it| it.get_mut("file"));
        for (index, file) in named.enumerate() {
            *file = toml::Value::String(Self::bundled_owner_file(index));
        }
        self.text = toml::to_string(&table).map_err(|error| failed(error.to_string()))?;
        Ok(files)
    }
}
