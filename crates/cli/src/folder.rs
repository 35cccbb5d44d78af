//! A folder of files that appears whole or not at all. Readable by its owner alone, as reports are.

use std::{
    fs::{self, DirBuilder, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use crate::{
    error::{CliError, Kind},
    output::cannot_write,
};

/// A folder that is being written, under another name until it is whole.
pub(crate) struct Folder {
    /// The name it was asked for by.
    asked: PathBuf,
    /// The name it gets.
    path: PathBuf,
    temporary: TempDir,
}

impl Folder {
    /// Begins a folder, which must be new, or exist and be empty, so that one that cannot be written is found before the
    /// work is done.
    pub(crate) fn begin(asked: &Path) -> Result<Self, CliError> {
        let failed = |error| cannot_write(asked, error);
        let path = match fs::symlink_metadata(asked) {
            // The folder that a link leads to is replaced, not the link.
            Ok(_) => fs::canonicalize(asked).map_err(failed)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => asked.to_owned(),
            Err(error) => return Err(failed(error)),
        };
        if path.exists() {
            if !path.is_dir() {
                return Err(taken(asked, "it is no folder"));
            }
            if fs::read_dir(&path).map_err(failed)?.next().is_some() {
                return Err(taken(asked, "there is something in it"));
            }
        }
        // In the same folder, since nothing can be renamed across file systems.
        let parent = path.parent().filter(|it| !it.as_os_str().is_empty());
        let mut builder = tempfile::Builder::new();
        builder.prefix(".mfaudit-");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(fs::Permissions::from_mode(0o700));
        }
        let temporary = builder
            .tempdir_in(parent.unwrap_or(Path::new(".")))
            .map_err(failed)?;
        Ok(Self {
            asked: asked.to_owned(),
            path,
            temporary,
        })
    }

    /// Writes a file, whose name has `/` between folders.
    pub(crate) fn file(&self, name: &str, text: &str) -> Result<(), CliError> {
        self.write(name, text)
            .map_err(|error| cannot_write(&self.asked.join(name), error))
    }

    fn write(&self, name: &str, text: &str) -> io::Result<()> {
        let path = self.temporary.path().join(name);
        if let Some(parent) = path.parent() {
            let mut builder = DirBuilder::new();
            builder.recursive(true);
            #[cfg(unix)]
            {
                use std::os::unix::fs::DirBuilderExt;
                builder.mode(0o700);
            }
            builder.create(parent)?;
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let mut file = options.open(path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    }

    /// Gives the folder its name. One that somebody has put something into since is left as it is.
    pub(crate) fn finish(self) -> Result<(), CliError> {
        let failed = |error| cannot_write(&self.asked, error);
        // Elsewhere than on Unix nothing takes the place of a folder, be it empty.
        #[cfg(not(unix))]
        if self.path.exists() {
            fs::remove_dir(&self.path).map_err(failed)?;
        }
        fs::rename(self.temporary.path(), &self.path).map_err(failed)?;
        // It no longer stands under the name by which it would be removed.
        let _ = self.temporary.keep();
        Ok(())
    }
}

fn taken(path: &Path, what: &str) -> CliError {
    let what = format!("cannot write {}: {what}", path.display());
    CliError::new(Kind::Output, what).hint("name a folder that is new or empty")
}
