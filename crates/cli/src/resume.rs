//! Whether a journal is of the same run as the one that wants to go on with it.

use std::{
    fs::File,
    io::{BufRead, BufReader, Seek},
    path::Path,
};

use model::snapshot::{Header, JournalFile, RecordSource};

use crate::{
    error::{CliError, Kind},
    output,
    place::cannot_keep,
};

/// Opens the journal that an interrupted run left; `None` if there is nothing in it.
pub(crate) fn open(
    file: &File,
    path: &Path,
    header: &Header,
) -> Result<Option<JournalFile<File>>, CliError> {
    let failed = |error| output::cannot_write(path, error);
    let mut again = file.try_clone().map_err(failed)?;
    again.rewind().map_err(failed)?;
    let mut first = Vec::new();
    BufReader::new(&again)
        .read_until(b'\n', &mut first)
        .map_err(failed)?;
    // A run that was killed before its first line was whole has done nothing.
    if first.last() != Some(&b'\n') {
        return Ok(None);
    }
    let earlier = JournalFile::open(again).map_err(|error| cannot_keep(path, error))?;
    let asked = Header {
        parameters: earlier.parameters().clone(),
        ..earlier.header().clone()
    };
    match difference(&asked, header) {
        None => Ok(Some(earlier)),
        Some(what) => {
            let what = format!("{} is of a run with {what}", path.display());
            let hint = "go on with the arguments of that run, or remove the file and begin anew";
            Err(CliError::new(Kind::Usage, what).hint(hint))
        }
    }
}

/// Tells in what an earlier run differs such that its records and new ones would not make one snapshot.
pub(crate) fn difference(earlier: &Header, now: &Header) -> Option<&'static str> {
    let account = |it: &Header| it.caller.as_ref().map(|it| it.account().to_owned());
    let organization = |it: &Header| it.organization.clone();
    let criteria = |it: &Header| it.parameters.collection_sha256.clone();
    let differs = [
        (
            earlier.tool_version != now.tool_version,
            "another version of mfaudit",
        ),
        (
            earlier.mode != now.mode,
            "another mode (with or without --live)",
        ),
        (
            // It may not be known yet.
            account(now).is_some() && account(earlier) != account(now),
            "another caller's account",
        ),
        (
            // It may be told by the list of accounts alone.
            organization(now).is_some() && organization(earlier) != organization(now),
            "another organization",
        ),
        (
            earlier.scope != now.scope,
            "another scope (--account, --exclude-account, --ou)",
        ),
        (
            earlier.parameters.datasets != now.parameters.datasets,
            "other rules",
        ),
        (
            // Earlier versions did not write it.
            criteria(earlier).is_some() && criteria(earlier) != criteria(now),
            "other rules, or other settings of them",
        ),
        (
            earlier.parameters.role != now.parameters.role,
            "another role",
        ),
        (
            earlier.parameters.root_access != now.parameters.root_access,
            "another --assume-root",
        ),
        (
            earlier.parameters.owner_tag != now.parameters.owner_tag,
            "another --owner-tag",
        ),
        (earlier.endpoint != now.endpoint, "another endpoint"),
        (
            earlier.shard != now.shard,
            "another shard, or another list of accounts",
        ),
    ];
    differs.into_iter().find(|it| it.0).map(|it| it.1)
}
