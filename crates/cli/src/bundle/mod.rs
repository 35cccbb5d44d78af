//! The evidence bundle: everything a verdict rests on in one tar archive, of which every byte is proved.
//!
//! ```text
//! snapshot.mfaudit        what was observed
//! config/mfaudit.toml     the effective configuration, waivers included
//! config/owners-N.csv     the files of owners that it names
//! reports/NAME.EXTENSION  the reports
//! population.csv          every account and principal that was judged, or was to be
//! manifest.json           what was asked, by whom, with what settings; the SHA-256 of the files above
//! SHA256SUMS              the SHA-256 of everything above, as `sha256sum -c` reads it
//! ```

pub(crate) mod manifest;
pub(crate) mod population;
pub(crate) mod read;
pub(crate) mod tar;
pub(crate) mod write;

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests write the files they read")]
mod tests;

use std::{
    fmt::Write as _,
    io::{self, Read},
};

use sha2::{Digest, Sha256};

/// The name of the snapshot.
pub(crate) const SNAPSHOT: &str = "snapshot.mfaudit";
/// The name of the configuration.
pub(crate) const CONFIG: &str = "config/mfaudit.toml";
/// The name of the population.
pub(crate) const POPULATION: &str = "population.csv";
/// The name of the manifest.
pub(crate) const MANIFEST: &str = "manifest.json";
/// The name of the list of digests, which is the last file.
pub(crate) const SUMS: &str = "SHA256SUMS";
/// The most bytes that a manifest, a configuration or a list of digests may have.
pub(crate) const MOST_IN_MEMORY: u64 = 64 * 1024 * 1024;

/// Returns the SHA-256 of what is left to read, in hexadecimal, and its length.
pub(crate) fn digest(mut input: impl Read) -> io::Result<(String, u64)> {
    let mut hash = Sha256::new();
    let mut length = 0_u64;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = input.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        hash.update(buffer.get(..read).unwrap_or_default());
        length += read as u64;
    }
    Ok((hexadecimal(&hash.finalize()), length))
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
