//! Stands for notifications in a build without them, in which `[[notify]]` is a mistake.

use std::path::Path;

use reporting::{Redactor, Summary};

use crate::{config::Environment, config_file::ConfigFile, error::CliError};

/// No notifications.
pub(crate) struct Notifications;

/// What a run knows before it begins that notifications depend on.
#[expect(dead_code, reason = "nothing is sent")]
pub(crate) struct Before<'a> {
    pub(crate) baseline: Option<&'a Path>,
    pub(crate) ca_bundle: Option<&'a Path>,
    pub(crate) redactor: Option<&'a Redactor>,
    pub(crate) silent: bool,
}

#[expect(clippy::unnecessary_wraps, reason = "it stands for what may fail")]
pub(crate) fn check(_: &ConfigFile) -> Result<(), CliError> {
    Ok(())
}

impl Notifications {
    #[expect(clippy::unnecessary_wraps, reason = "it stands for what may fail")]
    pub(crate) fn prepare(
        _: &ConfigFile,
        _: &Before<'_>,
        _: &Environment,
    ) -> Result<Self, CliError> {
        Ok(Self)
    }

    #[expect(clippy::unused_self, reason = "it stands for what sends")]
    pub(crate) fn send(&self, _: &Summary) {}
}
