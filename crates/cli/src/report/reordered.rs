//! The records of a run in the order of the accounts' pseudonyms, which tells nothing of the accounts.

use std::io::{BufReader, BufWriter};

use model::snapshot::{Discovered, Journal, JournalFile, RecordSource, SnapshotError};
use reporting::Redactor;
use rules::Criteria;

use crate::error::{CliError, Kind};

/// Copies the records into a file that nobody sees, from which they are read in that order: to hold them would take memory.
pub(super) fn by_pseudonym(
    source: &mut dyn RecordSource,
    redactor: &Redactor,
) -> Result<Box<dyn RecordSource>, CliError> {
    let file = tempfile::tempfile().map_err(|error| failed(error.into()))?;
    let reader = file.try_clone().map_err(|error| failed(error.into()))?;
    let header = source.header().clone();
    let mut journal = Journal::new(BufWriter::new(file), &header).map_err(failed)?;
    rules::evaluate(source, &Criteria::default(), |record, _| {
        journal.append(record).map_err(failed)
    })?;
    let discovered = Discovered {
        account_list: header.account_list,
        identity_center: header.identity_center,
        service_control_policies: header.service_control_policies,
        ..Discovered::default()
    };
    journal.discovered(&discovered).map_err(failed)?;
    let journal = JournalFile::written(BufReader::new(reader), journal);
    Ok(Box::new(
        journal.in_order_of(|account| redactor.place(account)),
    ))
}

fn failed(error: SnapshotError) -> CliError {
    let error = CliError::new(Kind::Failed, error);
    error
        .hint("redacted accounts are put in another order by way of the folder for temporary files")
}
