//! Writing a file that appears whole or not at all, and is its owner's alone from the first byte.

use std::{
    fs::{self, DirBuilder, File},
    io::{self, BufRead, BufReader, Read, Write},
    path::Path,
};

use super::{
    Location, Overwrite, StorageError, Written, answer::os_error, aside, content::Content,
};

/// Writes a file at `at`, which is `path` on this machine; its folder is made if there is none. Who no longer waits for
/// it cannot cut it: it is done at once.
pub(super) fn write(
    at: &Location,
    path: &Path,
    content: &Content,
    overwrite: Overwrite,
) -> Result<Written, StorageError> {
    let written = write_aside(at, path, content.again(at)?, overwrite)?;
    if written == Written::There && is_same(at, path, content)? {
        return Ok(Written::New);
    }
    Ok(written)
}

/// Tells whether the file that is there has this content.
fn is_same(at: &Location, path: &Path, content: &Content) -> Result<bool, StorageError> {
    let unseen = |error| StorageError::of_file("look for", at, error);
    let found = fs::metadata(path).map_err(unseen)?;
    if !found.is_file() || found.len() != content.size() {
        return Ok(false);
    }
    let mut there = BufReader::new(File::open(path).map_err(unseen)?);
    let mut ours = BufReader::new(content.again(at)?);
    loop {
        let piece = there.fill_buf().map_err(unseen)?;
        let other = ours.fill_buf().map_err(|it| Content::unread(at, it))?;
        let common = piece.len().min(other.len());
        if common == 0 {
            return Ok(piece.len() == other.len());
        }
        if piece.get(..common) != other.get(..common) {
            return Ok(false);
        }
        there.consume(common);
        ours.consume(common);
    }
}

fn write_aside(
    at: &Location,
    path: &Path,
    mut content: Box<dyn Read + Send>,
    overwrite: Overwrite,
) -> Result<Written, StorageError> {
    let failed = |error| StorageError::of_file("write", at, error);
    let folder = path.parent().unwrap_or(path);
    make(folder).map_err(|error| StorageError::of_file("make the folder of", at, error))?;
    // The library lets nobody else read it.
    let mut file = tempfile::Builder::new()
        .prefix(aside::BEGIN)
        .suffix(aside::END)
        .tempfile_in(folder)
        // Its own message names the temporary file, which says nothing to anyone.
        .map_err(|error| failed(os_error(&error).unwrap_or(error)))?;
    let mut buffer = vec![0; 1024 * 1024];
    loop {
        let read = content.read(&mut buffer);
        let read = read.map_err(|error| Content::unread(at, error))?;
        if read == 0 {
            break;
        }
        let piece = buffer.get(..read).unwrap_or_default();
        file.as_file_mut().write_all(piece).map_err(failed)?;
    }
    file.as_file().sync_all().map_err(failed)?;
    let named = match overwrite {
        Overwrite::Yes => file.persist(path),
        Overwrite::Never => file.persist_noclobber(path),
    };
    match named {
        Ok(_) => {}
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
            return Ok(Written::There);
        }
        Err(error) => return Err(failed(error.error)),
    }
    // It is there; not every file system can do this.
    let _ = File::open(folder).and_then(|it| it.sync_all());
    Ok(Written::New)
}

/// Makes a folder, which its owner alone may enter: reports are target lists.
fn make(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    /// A content that looks at the folder while it is written.
    struct Looks {
        folder: PathBuf,
        seen: std::sync::mpsc::Sender<(String, u32)>,
        left: u8,
    }

    impl Read for Looks {
        fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
            for entry in fs::read_dir(&self.folder)? {
                let entry = entry?;
                let name = entry.file_name().into_string().unwrap();
                self.seen.send((name, mode(&entry.path()))).unwrap();
            }
            if self.left == 0 {
                return Ok(0);
            }
            self.left -= 1;
            to[0] = b'x';
            Ok(1)
        }
    }

    #[cfg(unix)]
    fn mode(path: &Path) -> u32 {
        use std::os::unix::fs::PermissionsExt;
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[cfg(not(unix))]
    fn mode(_: &Path) -> u32 {
        0o600
    }

    #[test]
    fn what_a_kill_would_leave_is_taken_for_data_by_nobody_and_read_by_nobody_else() {
        for overwrite in [Overwrite::Never, Overwrite::Yes] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("run.parquet");
            let (seen, all_seen) = std::sync::mpsc::channel();
            let content = Looks {
                folder: folder.path().to_owned(),
                seen,
                left: 2,
            };
            let at = format!("file://{}", path.display()).parse().unwrap();
            let written = write_aside(&at, &path, Box::new(content), overwrite).unwrap();
            assert_eq!(written, Written::New);
            let all_seen: Vec<_> = all_seen.try_iter().collect();
            assert_eq!(all_seen.len(), 3);
            for (name, mode) in all_seen {
                assert!(name.starts_with('_') && aside::is_one(&name), "{name}");
                assert_eq!(mode, 0o600);
            }
            let mut text = String::new();
            File::open(&path)
                .unwrap()
                .read_to_string(&mut text)
                .unwrap();
            assert_eq!(text, "xx");
        }
    }
}
