//! Reads a policy document from a file. What is wrong is said with the file and the place.

use std::{fs::File, io::Read, path::Path, sync::Arc};

use policy::{Document, engine::Compiled, url_decoded};

use crate::error::{CliError, Kind};

/// No policy of AWS is nearly as long.
const LONGEST: u64 = 16 << 20;

/// A document that was read.
pub(super) struct ReadPolicy {
    /// The file, as it was named.
    pub(super) name: String,
    pub(super) contents: Arc<Compiled>,
}

/// Reads a document.
pub(super) fn policy(path: &Path) -> Result<ReadPolicy, CliError> {
    let name = path.display().to_string();
    let failed = |what: &str| CliError::new(Kind::Failed, format!("{name}: {what}"));
    let mut bytes = Vec::new();
    let file = File::open(path).and_then(|it| it.take(LONGEST + 1).read_to_end(&mut bytes));
    file.map_err(|error| failed(&format!("cannot be read: {error}")))?;
    if u64::try_from(bytes.len()).map_or(true, |it| it > LONGEST) {
        return Err(failed("is longer than any policy: more than 16 MiB"));
    }
    let document = parse(&bytes).map_err(|Wrong { what, advice }| {
        let error = failed(&what);
        match advice {
            Some(advice) => error.hint(advice),
            None => error,
        }
    })?;
    Ok(ReadPolicy {
        contents: Arc::new(Compiled::new(&document)),
        name,
    })
}

/// What is wrong, and what to do.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) what: String,
    pub(super) advice: Option<&'static str>,
}

/// Reads a document from the bytes of a file.
pub(super) fn parse(bytes: &[u8]) -> Result<Document, Wrong> {
    let wrong = |what: String, advice| Wrong { what, advice };
    if bytes.starts_with(b"\xef\xbb\xbf") {
        let what = "line 1: begins with a byte order mark, which JSON has not".to_owned();
        return Err(wrong(what, Some("save the file as UTF-8 without it")));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = before.split(|it| *it == b'\n').count();
        wrong(
            format!("line {line}: not UTF-8"),
            Some("save the file as UTF-8"),
        )
    })?;
    if text.trim().is_empty() {
        return Err(wrong("is empty".to_owned(), None));
    }
    Document::parse(text).map_err(|error| match encoded(text) {
        Some(times) => wrong(
            format!("the document is URL-encoded {times}, as IAM's API answers"),
            Some("decode it first: the AWS CLI prints documents decoded"),
        ),
        None => wrong(error.to_string(), None),
    })
}

/// Tells how often a text is URL-encoded, if it is.
fn encoded(text: &str) -> Option<&'static str> {
    let once = url_decoded(text.trim()).ok()?;
    let is_object = |it: &str| it.trim_start().starts_with('{');
    if is_object(text) {
        return None;
    }
    if is_object(&once) {
        return Some("once");
    }
    let twice = url_decoded(&once).ok()?;
    is_object(&twice).then_some("twice")
}
