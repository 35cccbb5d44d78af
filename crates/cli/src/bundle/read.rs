//! Unpacks a bundle, and refuses one of which a single byte is another than it was written.

use std::{
    fs::File,
    io::{self, BufReader, Read, Write},
    path::Path,
};

use sha2::{Digest, Sha256};

use super::{
    CONFIG, MANIFEST, MOST_IN_MEMORY, SNAPSHOT, SUMS, hexadecimal,
    manifest::{FileFacts, Manifest, SCHEMA, VERSION},
    tar::{self, BLOCK, Entry},
    write::sums,
};

/// Why a bundle cannot be believed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BundleError {
    /// It cannot be read.
    #[error("it cannot be read")]
    Io(#[from] io::Error),
    /// It is something else.
    #[error("it is no bundle of mfaudit")]
    NotABundle,
    /// It was changed.
    #[error("it is not as it was written: {0}")]
    Changed(String),
    /// It was written by a later version.
    #[error("it has version {0}, and this mfaudit reads up to {VERSION}: use a newer one")]
    Newer(u32),
}

/// The version of a manifest, looked at first: a newer one may hold what this version cannot read.
#[derive(serde::Deserialize)]
struct Versioned {
    schema: String,
    version: u32,
}

/// Unpacks a bundle into a folder, and returns its manifest and the digest of that.
pub(crate) fn unpack(path: &Path, folder: &Path) -> Result<(Manifest, String), BundleError> {
    check(BufReader::new(File::open(path)?), Some(folder))
}

/// Reads a bundle to its end, and puts its files into a folder if there is one.
pub(super) fn check(
    mut input: impl Read,
    folder: Option<&Path>,
) -> Result<(Manifest, String), BundleError> {
    let mut files: Vec<(FileFacts, u64)> = Vec::new();
    let mut last = Texts::default();
    loop {
        let Some(block) = block(&mut input)? else {
            return Err(if files.is_empty() {
                BundleError::NotABundle
            } else {
                changed("it ends too early")
            });
        };
        let no_header = || match files.last() {
            None => BundleError::NotABundle,
            Some((it, _)) => changed(&format!("what follows {} is no header", it.name)),
        };
        match tar::entry(&block).ok_or_else(no_header)? {
            Entry::End => break,
            Entry::File { name, length, time } => {
                if !is_plain(&name) || files.iter().any(|(it, _)| it.name == name) {
                    return Err(changed("a name has no place in it"));
                }
                let facts = extract(&mut input, folder, name, length, &mut last)?;
                files.push((facts, time));
            }
        }
    }
    let ends = block(&mut input)?.is_some_and(|it| it.iter().all(|it| *it == 0));
    if !ends || input.read(&mut [0])? != 0 {
        return Err(changed("it does not end where it should"));
    }
    proved(&last, &files)
}

/// The files that prove the others.
#[derive(Default)]
struct Texts {
    manifest: Vec<u8>,
    sums: Vec<u8>,
}

impl Texts {
    /// Returns where the bytes of such a file are kept.
    fn of(&mut self, name: &str) -> Option<&mut Vec<u8>> {
        match name {
            MANIFEST => Some(&mut self.manifest),
            SUMS => Some(&mut self.sums),
            _ => None,
        }
    }
}

/// Returns the manifest, if the list of digests is that of the files and the manifest lists them.
fn proved(texts: &Texts, files: &[(FileFacts, u64)]) -> Result<(Manifest, String), BundleError> {
    let [listed @ .., (manifest, _), (last, _)] = files else {
        return Err(BundleError::NotABundle);
    };
    if manifest.name != MANIFEST || last.name != SUMS {
        return Err(changed("it has no manifest, or no digests, at its end"));
    }
    let mut summed: Vec<_> = listed.iter().map(|(it, _)| it.clone()).collect();
    let told = text(&texts.sums)?;
    for (line, it) in told.lines().zip(summed.iter().chain([manifest])) {
        if line != format!("{}  {}", it.sha256, it.name) {
            let what = format!("{} has not the digest that {SUMS} says", it.name);
            return Err(changed(&what));
        }
    }
    summed.push(manifest.clone());
    if told != sums(&summed) {
        return Err(changed(&format!("{SUMS} does not list the files in it")));
    }
    summed.pop();
    let sha256 = manifest.sha256.clone();
    let document = text(&texts.manifest)?;
    let malformed = |error: serde_json::Error| changed(&format!("{MANIFEST}: {error}"));
    let version: Versioned = serde_json::from_str(document).map_err(malformed)?;
    if version.schema != SCHEMA {
        return Err(BundleError::NotABundle);
    }
    if version.version > VERSION {
        return Err(BundleError::Newer(version.version));
    }
    let manifest: Manifest = serde_json::from_str(document).map_err(malformed)?;
    if manifest.files != summed {
        return Err(changed(&format!(
            "{MANIFEST} does not list the files in it"
        )));
    }
    if files.iter().any(|(_, time)| *time != manifest.time()) {
        return Err(changed("a file has another time than the snapshot"));
    }
    let has = |name: &str| summed.iter().any(|it| it.name == name);
    if !has(SNAPSHOT) || !has(CONFIG) {
        return Err(changed("it has no snapshot, or no configuration"));
    }
    Ok((manifest, sha256))
}

fn extract(
    input: &mut impl Read,
    folder: Option<&Path>,
    name: String,
    length: u64,
    texts: &mut Texts,
) -> Result<FileFacts, BundleError> {
    let mut text = texts.of(&name);
    if text.is_some() && length > MOST_IN_MEMORY {
        return Err(changed(&format!("{name} is too large")));
    }
    let mut file = folder.map(|it| new_file(&it.join(&name))).transpose()?;
    let mut hash = Sha256::new();
    let mut left = length;
    let mut buffer = vec![0; 64 * 1024];
    while left > 0 {
        let most = usize::try_from(left)
            .unwrap_or(usize::MAX)
            .min(buffer.len());
        let read = input.read(buffer.get_mut(..most).unwrap_or_default())?;
        if read == 0 {
            return Err(changed("it ends too early"));
        }
        let bytes = buffer.get(..read).unwrap_or_default();
        hash.update(bytes);
        if let Some(file) = &mut file {
            file.write_all(bytes)?;
        }
        if let Some(text) = &mut text {
            text.extend_from_slice(bytes);
        }
        left -= read as u64;
    }
    let mut zeros = vec![0; tar::padding(length)];
    let whole = input.read_exact(&mut zeros).is_ok();
    if !whole || zeros.iter().any(|it| *it != 0) {
        return Err(changed(&format!("what follows {name} is not empty")));
    }
    Ok(FileFacts {
        name,
        length,
        sha256: hexadecimal(&hash.finalize()),
    })
}

fn new_file(path: &Path) -> io::Result<File> {
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

/// Reads a block; `None` where the input ends before it is whole.
fn block(input: &mut impl Read) -> io::Result<Option<[u8; BLOCK]>> {
    let mut block = [0; BLOCK];
    match input.read_exact(&mut block) {
        Ok(()) => Ok(Some(block)),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

/// Tells whether a name leads nowhere but into the folder.
fn is_plain(name: &str) -> bool {
    let is_part = |it: &str| {
        let plain = |it: u8| it.is_ascii_alphanumeric() || b"-_.".contains(&it);
        !it.is_empty() && !it.starts_with('.') && it.bytes().all(plain)
    };
    name.split('/').count() <= 2 && name.split('/').all(is_part)
}

fn changed(what: &str) -> BundleError {
    BundleError::Changed(what.to_owned())
}

fn text(bytes: &[u8]) -> Result<&str, BundleError> {
    std::str::from_utf8(bytes).map_err(|_| changed("a file of text is none"))
}
