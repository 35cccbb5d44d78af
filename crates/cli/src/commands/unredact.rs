//! `mfaudit unredact`: tells whose pseudonyms are in a redacted report.

use std::fmt::Write;

use reporting::{Redaction, Redactor, Told, visible};
use rules::Criteria;

use crate::{
    args::{RuleArgs, Unredact},
    config_file::ConfigFile,
    error::{CliError, Kind},
    exit::ExitStatus,
    kept, output, redact_key,
};

/// Gives everything in the snapshot its pseudonym again, and prints which is whose: a hash cannot be undone, only met again.
pub(super) fn run(args: &Unredact) -> Result<ExitStatus, CliError> {
    let key = redact_key::read(&args.redact_key)?;
    let config = ConfigFile::read(args.config.config.as_deref())?;
    let redactor = Redactor::new(key, Redaction::All).remembering();
    let mut source = kept::open(&args.snapshot)?;
    let told = Told::new(
        Some(&redactor),
        source.header(),
        &config.criteria(&RuleArgs::default())?,
        config.owners()?,
        &config.coverage_waivers,
    );
    rules::evaluate(source.as_mut(), &Criteria::default(), |record, _| {
        told.record(record);
        Ok::<_, CliError>(())
    })?;
    let replaced = redactor.replaced();
    let asked = &args.pseudonyms;
    let missing = asked.iter().filter(|it| !replaced.contains_key(*it));
    let missing: Vec<_> = missing.map(|it| visible(it).into_owned()).collect();
    let mut text = String::new();
    for (pseudonym, names) in &replaced {
        if asked.is_empty() || asked.contains(pseudonym) {
            for name in names {
                // Writing to a string cannot fail.
                let _ = writeln!(text, "{pseudonym}\t{}", visible(name));
            }
        }
    }
    output::print(&text)?;
    if missing.is_empty() {
        return Ok(ExitStatus::Clean);
    }
    let what = format!(
        "nothing in the snapshot has this pseudonym: {}",
        missing.join(", ")
    );
    let error = CliError::new(Kind::Failed, what);
    Err(error.hint("take the key that the report was made with, and a snapshot of that time"))
}
