//! What a notification needs and the configuration only names: addresses, keys, templates.

use std::path::Path;

use super::usage;
use crate::{
    config::Environment,
    config_file::{ConfigFile, Kept, Notification},
    error::CliError,
    output,
};

/// Reads what may be a secret: no error has any of it.
pub(super) fn read(
    config: &ConfigFile,
    it: &Notification,
    kept: &Kept,
    environment: &Environment,
) -> Result<String, CliError> {
    let text = match kept {
        Kept::Here(text) => return Ok(text.clone()),
        Kept::Variable(name) => environment.variable(name).ok_or_else(|| {
            let what = format!("the variable {name} is not set, or is empty");
            let error = usage(config, it, &what);
            error.hint(
                "set it where this runs, from the secrets of the CI server or scheduler; --no-notify tells nobody, and needs none",
            )
        })?,
        Kept::File(path) => {
            let path = config.folder.join(path);
            let text = text_of(&path).map_err(|error| usage(config, it, &error))?;
            if text.trim().is_empty() {
                let what = format!("{} is empty", path.display());
                return Err(usage(config, it, &what));
            }
            if others_may_read(&path) {
                output::say(&format!(
                    "note: {0} holds a secret, and others than its owner may read it: chmod 600 {0}",
                    reporting::visible(&path.display().to_string())
                ));
            }
            text
        }
    };
    // An editor ends the last line, and so may what sets a variable.
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// Tells whether others than a file's owner may read it.
#[cfg(unix)]
fn others_may_read(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let metadata = path.metadata();
    metadata.is_ok_and(|it| it.permissions().mode() & 0o044 != 0)
}

/// Elsewhere, who may read a file is not told so simply.
#[cfg(not(unix))]
fn others_may_read(_: &Path) -> bool {
    false
}

#[expect(
    clippy::disallowed_methods,
    reason = "reads the files that a notification names: templates and secrets"
)]
pub(super) fn text_of(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path)
        .map_err(|error| format!("cannot read {}: {error}", path.display()))
}
