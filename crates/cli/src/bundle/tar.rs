//! A tar archive (POSIX ustar) of plain files, with one way only to write the same files.
//!
//! Written here, since whoever verifies must be able to say that not one byte of a header or of padding is another than
//! it would be written: libraries read archives that they would not write.

use std::io::{self, Read, Write};

/// The unit that archives are made of.
pub(crate) const BLOCK: usize = 512;
/// The most bytes of a file: eleven octal digits.
const MOST: u64 = 0o777_7777_7777;

/// Returns the header of a file.
///
/// # Errors
///
/// Fails if the name is longer than a hundred bytes, or the file than eight gigabytes.
pub(crate) fn header(name: &str, length: u64, time: u64) -> io::Result<[u8; BLOCK]> {
    let too_long = |what| io::Error::other(format!("{name} is too {what} for a tar archive"));
    if name.len() > 100 {
        return Err(too_long("long a name"));
    }
    if length > MOST {
        return Err(too_long("large"));
    }
    let mut block = [0; BLOCK];
    let mut put = |at: usize, bytes: &[u8]| {
        if let Some(field) = block.get_mut(at..at + bytes.len()) {
            field.copy_from_slice(bytes);
        }
    };
    put(0, name.as_bytes());
    put(100, b"0000600\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    put(124, format!("{length:011o}\0").as_bytes());
    put(136, format!("{:011o}\0", time.min(MOST)).as_bytes());
    // The checksum is of the header with blanks in its own place.
    put(148, b"        ");
    put(156, b"0");
    put(257, b"ustar\x0000");
    let sum: u32 = block.iter().map(|it| u32::from(*it)).sum();
    if let Some(field) = block.get_mut(148..156) {
        field.copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    }
    Ok(block)
}

/// Returns how many zeros follow a file of that length.
pub(crate) fn padding(length: u64) -> usize {
    let beyond = usize::try_from(length % BLOCK as u64).unwrap_or_default();
    (BLOCK - beyond) % BLOCK
}

/// Appends a file of `length` bytes.
///
/// # Errors
///
/// Fails if either end does, and if the file has another length.
pub(crate) fn append(
    out: &mut dyn Write,
    name: &str,
    length: u64,
    time: u64,
    file: &mut dyn Read,
) -> io::Result<()> {
    out.write_all(&header(name, length, time)?)?;
    let copied = io::copy(&mut file.take(length), out)?;
    if copied != length {
        return Err(io::Error::other(format!("{name} was cut short")));
    }
    out.write_all(&vec![0; padding(length)])
}

/// Ends an archive: two blocks of zeros.
///
/// # Errors
///
/// Fails if the output does.
pub(crate) fn end(out: &mut dyn Write) -> io::Result<()> {
    out.write_all(&[0; 2 * BLOCK])?;
    out.flush()
}

/// What stands in a header, if it is one at all.
#[derive(Debug)]
pub(crate) enum Entry {
    /// A file.
    File {
        /// Its name.
        name: String,
        /// Its bytes.
        length: u64,
        /// Its time.
        time: u64,
    },
    /// The first of the two blocks that end the archive.
    End,
}

/// Reads a header, and refuses one that is not written here.
pub(crate) fn entry(block: &[u8; BLOCK]) -> Option<Entry> {
    if block.iter().all(|it| *it == 0) {
        return Some(Entry::End);
    }
    let name = block.get(..100)?.split(|it| *it == 0).next()?;
    let name = std::str::from_utf8(name).ok()?.to_owned();
    let number = |at: usize| {
        let digits = std::str::from_utf8(block.get(at..at + 11)?).ok()?;
        u64::from_str_radix(digits, 8).ok()
    };
    let (length, time) = (number(124)?, number(136)?);
    let is_ours = header(&name, length, time).is_ok_and(|it| it == *block);
    is_ours.then_some(Entry::File { name, length, time })
}
