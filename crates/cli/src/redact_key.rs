//! The file that holds the key of pseudonyms.
#![expect(
    clippy::disallowed_methods,
    reason = "reads the key, as nothing else does"
)]

use std::{fmt::Write as _, fs, io, io::Write as _, path::Path};

use reporting::{RedactionKey, Redactor};

use crate::{
    args::RedactArgs,
    error::{CliError, Kind},
    output::{self, Output},
};

/// What the file's one line begins with.
const MARK: &str = "mfaudit-redact-key-1 ";

/// Returns what hides names, if anything is to; with a new key if the file that was named does not exist.
pub(crate) fn redactor(args: &RedactArgs) -> Result<Option<Redactor>, CliError> {
    let (Some(what), Some(path)) = (args.redact, &args.redact_key) else {
        return Ok(None);
    };
    let key = match fs::read_to_string(path) {
        Ok(text) => parse(path, &text)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => make(path)?,
        Err(error) => return Err(unreadable(path, &error)),
    };
    Ok(Some(Redactor::new(key, what)))
}

/// Reads a key that must be there.
pub(crate) fn read(path: &Path) -> Result<RedactionKey, CliError> {
    let text = fs::read_to_string(path).map_err(|error| unreadable(path, &error))?;
    parse(path, &text)
}

fn parse(path: &Path, text: &str) -> Result<RedactionKey, CliError> {
    let digits = text.trim_end().strip_prefix(MARK).unwrap_or_default();
    let mut bytes = [0; 32];
    let pairs = digits.as_bytes().chunks(2);
    let is_whole = digits.len() == 64 && digits.bytes().all(|it| it.is_ascii_hexdigit());
    if !is_whole {
        let what = format!("{} holds no key of pseudonyms", path.display());
        let error = CliError::new(Kind::Usage, what);
        return Err(
            error.hint("name a file that --redact-key made, or one that does not exist yet")
        );
    }
    for (byte, pair) in bytes.iter_mut().zip(pairs) {
        let pair = std::str::from_utf8(pair).unwrap_or_default();
        *byte = u8::from_str_radix(pair, 16).unwrap_or_default();
    }
    Ok(RedactionKey::new(&bytes))
}

/// Makes a key, which appears whole and readable by its owner alone.
fn make(path: &Path) -> Result<RedactionKey, CliError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)
        .map_err(|error| CliError::new(Kind::Failed, format!("no key can be made: {error}")))?;
    let mut line = MARK.to_owned();
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(line, "{byte:02x}");
    }
    line.push('\n');
    let file = Output::file(path)?;
    let written = file
        .writer()
        .map(|mut it| it.write_all(line.as_bytes()).and_then(|()| it.flush()))?;
    written.map_err(|error| file.failed(error))?;
    file.finish()?;
    output::say(&format!(
        "note: {} is new: keep it, for it alone makes the same pseudonyms again and maps them back; give it to nobody who may not know the names",
        path.display()
    ));
    Ok(RedactionKey::new(&bytes))
}

fn unreadable(path: &Path, error: &io::Error) -> CliError {
    let what = format!("cannot read the key {}: {error}", path.display());
    CliError::new(Kind::Usage, what)
}
