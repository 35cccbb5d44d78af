//! `mfaudit bundle`: packs everything a verdict rests on into one archive.

use std::{
    fs::File,
    io::{self, Write as _},
    path::Path,
};

use delivery::storage::Location;
use model::snapshot::{SnapshotWriter, SourceError};
use reporting::Format;
use rules::Criteria;

use crate::{
    args::Bundle,
    bundle::{
        CONFIG, SNAPSHOT,
        write::{self, Asked},
    },
    config::Environment,
    config_file::{ConfigFile, Options},
    error::{CliError, Kind},
    exit::ExitStatus,
    given::Given,
    kept::{self, Kept},
    output::{self, Output, cannot_write},
    storage::Storage,
};

/// The reports that every bundle has. `verify` compares verdicts by the second.
const ALWAYS: [&str; 3] = ["json", "csv", "coverage"];

pub(super) fn run(
    mut args: Bundle,
    given: &Given,
    environment: &Environment,
) -> Result<ExitStatus, CliError> {
    let mut config = ConfigFile::read(args.config.config.as_deref())?;
    config.gate.apply(&mut args.gate, given);
    let storage = Storage::to_write(environment, &args.storage, [&args.output])?;
    let output = storage.output(&args.output)?;
    let folder = if Location::is_meant_by(&args.output) {
        let temporary = std::env::temp_dir();
        folder_in(&temporary).map_err(|error| cannot_write(&temporary, error))?
    } else {
        folder_beside(&args.output)?
    };
    let folder = folder.path();
    write::make_folder(&folder.join("config"))?;
    copy_snapshot(&storage.fetch(&args.snapshot)?, &folder.join(SNAPSHOT))?;
    config.leave_out_notifications()?;
    let mut owner_files = Vec::new();
    for (index, path) in config.take_owner_files()?.into_iter().enumerate() {
        let name = ConfigFile::bundled_owner_file(index);
        copy(&path, &folder.join("config").join(&name))?;
        owner_files.push(format!("config/{name}"));
    }
    let options = Options {
        rules: Some(&args.rules),
        gate: Some(&args.gate),
        ..Options::default()
    };
    let text = config.print(&options, given)?;
    write::put(&folder.join(CONFIG), text.as_bytes())?;
    let asked = Asked {
        frameworks: args.rules.frameworks.clone(),
        formats: formats(&args.formats),
        owner_files,
    };
    let manifest = write::derive(folder, &asked, &text)?;
    let files = manifest.files.len() + 2;
    let counts = manifest.population;
    write::pack(folder, &manifest, output)?;
    output::say(&format!(
        "{}: {files} files; {} accounts, {} IAM users; the gate ends with {}",
        args.output.display(),
        counts.accounts,
        counts.iam_users,
        manifest.judged.exit_code
    ));
    Ok(ExitStatus::Clean)
}

/// Returns the formats in the order of the registry, each once.
fn formats(asked: &[&'static Format]) -> Vec<&'static Format> {
    let all = reporting::FORMATS.iter().copied();
    let is_in =
        |it: &&Format| ALWAYS.contains(&it.name) || asked.iter().any(|asked| asked.name == it.name);
    all.filter(|it| is_in(it)).collect()
}

/// Makes a folder that is removed with what is in it, where there is room for the bundle.
pub(super) fn folder_beside(path: &Path) -> Result<tempfile::TempDir, CliError> {
    let parent = path.parent().filter(|it| !it.as_os_str().is_empty());
    folder_in(parent.unwrap_or(Path::new("."))).map_err(|error| cannot_write(path, error))
}

fn folder_in(parent: &Path) -> io::Result<tempfile::TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".mfaudit-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o700));
    }
    builder.tempdir_in(parent)
}

/// Puts a snapshot into the folder as it is; a journal is made one.
fn copy_snapshot(from: &Path, to: &Path) -> Result<(), CliError> {
    // Found whole before anything is made of it.
    let (kept, mut source) = kept::open_as(from)?;
    if kept == Kept::Snapshot {
        return copy(from, to);
    }
    let output = Output::file(to)?;
    let failed = |error| CliError::new(Kind::Failed, error);
    let mut writer = SnapshotWriter::new(output.writer()?, source.header()).map_err(failed)?;
    rules::evaluate(source.as_mut(), &Criteria::default(), |record, _| {
        writer.append(record).map_err(SourceError::from)
    })?;
    writer.finish().map_err(failed)?;
    output.finish()
}

fn copy(from: &Path, to: &Path) -> Result<(), CliError> {
    let output = Output::file(to)?;
    let mut out = output.writer()?;
    let mut file = File::open(from).map_err(|error| {
        let what = format!("cannot read {}: {error}", from.display());
        CliError::new(Kind::Failed, what)
    })?;
    let copied = io::copy(&mut file, &mut out).and_then(|_| out.flush());
    drop(out);
    copied.map_err(|error| output.failed(error))?;
    output.finish()
}
