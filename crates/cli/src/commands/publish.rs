//! `mfaudit publish`: judges a snapshot and adds its run to a dataset.

use std::{fs::File, path::Path};

use aws::Clock;
use delivery::dataset::{Dataset, DatasetError, Judged, Published, Staging, Standing};
use model::snapshot::SourceError;

use crate::{
    args::Publish,
    bundle,
    config::Environment,
    config_file::ConfigFile,
    criteria_digest,
    error::{CliError, Kind},
    exit::ExitStatus,
    given::Given,
    kept::{self, Kept},
    output,
    storage::{Storage, storage_error},
};

pub(super) fn run(
    args: &Publish,
    given: &Given,
    environment: &Environment,
) -> Result<ExitStatus, CliError> {
    if args.storage.overwrite {
        let error = CliError::new(Kind::Usage, "a run that is published is not overwritten");
        return Err(error.hint("leave --overwrite out; a run that is there already is no error"));
    }
    let config = ConfigFile::read(args.config.config.as_deref())?;
    let criteria = config.criteria(&args.rules)?;
    let criteria_sha256 = criteria_digest::of(&config, &args.rules, given)?;
    let storage = Storage::to_write(environment, &args.storage, [args.to.to_string()])?;
    let path = storage.fetch(&args.snapshot)?;
    let mut source = kept::open(&path)?;
    if Kept::of(&path) != Kept::Snapshot {
        let what = format!("{} is of a run that has not ended", args.snapshot.display());
        return Err(CliError::new(Kind::Usage, what).hint("end it with --resume, then publish it"));
    }
    let snapshot_sha256 = digest_of_file(&path)?;
    let header = source.header().clone();
    let judged = Judged {
        header: &header,
        snapshot_sha256: &snapshot_sha256,
        criteria_sha256: &criteria_sha256,
        rules: &criteria.rules,
        tool_version: env!("CARGO_PKG_VERSION"),
    };
    let run = judged.run_id().map_err(dataset_error)?;
    let dataset = Dataset::new(storage.open(&args.to)?);
    let standing = storage.block_on(dataset.standing(&run, &criteria_sha256))?;
    if standing.map_err(dataset_error)? == Standing::There {
        output::say(&format!("{run}: already published at {}", args.to));
        return Ok(ExitStatus::Clean);
    }
    let mut owners = config.owners()?;
    if header.parameters.owner_tag.is_some() {
        owners.by_tag();
    }
    let mut staging = Staging::new(&judged).map_err(dataset_error)?;
    rules::evaluate(source.as_mut(), &criteria, |record, findings| {
        let added = staging.add(record, findings, &owners);
        added.map_err(|error| Unpublished(dataset_error(error)))
    })
    .map_err(|it: Unpublished| it.0)?;
    let staged = staging.finish().map_err(dataset_error)?;
    let counts = staged.run().counts;
    let published = storage.block_on(dataset.publish(staged, || Clock::System.now()))?;
    let how = match published.map_err(dataset_error)? {
        Published::New => "published",
        Published::There => "already published by another",
    };
    output::say(&format!(
        "{run}: {how} at {}; {} accounts, {} principals, {} failures",
        args.to, counts.accounts, counts.principals, counts.failures
    ));
    Ok(ExitStatus::Clean)
}

/// Why accounts cannot be judged or kept.
struct Unpublished(CliError);

impl From<SourceError> for Unpublished {
    fn from(error: SourceError) -> Self {
        Self(error.into())
    }
}

fn digest_of_file(path: &Path) -> Result<String, CliError> {
    let digest = File::open(path).and_then(bundle::digest);
    let digest = digest.map_err(|error| {
        CliError::new(
            Kind::Failed,
            format!("cannot read {}: {error}", path.display()),
        )
    });
    Ok(digest?.0)
}

/// Says what is wrong with a dataset, and what to do.
pub(crate) fn dataset_error(error: DatasetError) -> CliError {
    if let DatasetError::Storage(error) = error {
        return storage_error(error);
    }
    let hint = error.hint();
    CliError::new(Kind::Failed, error).hint(hint)
}
