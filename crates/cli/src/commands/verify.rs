//! `mfaudit verify`: tells whether a bundle is as it was written, and whether it would be written so again.

use std::{
    fs::File,
    io::{BufReader, Read},
    path::Path,
};

use crate::{
    args::Verify,
    bundle::{
        CONFIG, MANIFEST, MOST_IN_MEMORY, SNAPSHOT, SUMS,
        manifest::Manifest,
        read::{self, BundleError},
        write::{self, Asked, format_named, report_name},
    },
    config::Environment,
    error::{CliError, Kind},
    exit::ExitStatus,
    output,
    storage::Storage,
    verdicts,
};

pub(super) fn run(args: &Verify, environment: &Environment) -> Result<ExitStatus, CliError> {
    let storage = Storage::to_read(environment)?;
    // As it was named, in all that is said of it.
    let path = &args.bundle;
    let local = storage.fetch(path)?;
    let temporary = tempfile::Builder::new().prefix("mfaudit-").tempdir();
    let temporary =
        temporary.map_err(|error| output::cannot_write(&std::env::temp_dir(), error))?;
    let (kept, anew) = (temporary.path().join("kept"), temporary.path().join("anew"));
    let (manifest, sha256) =
        read::unpack(&local, &kept).map_err(|error| unbelievable(path, error))?;
    output::print(&format!(
        "{}: as it was written, {} files\nmanifest.json has the SHA-256 {sha256}\n",
        path.display(),
        manifest.files.len() + 2
    ))?;
    let same_version = manifest.tool_version == env!("CARGO_PKG_VERSION");
    let asked = asked(&manifest, same_version)?;
    copy_evidence(&kept, &anew, &manifest)?;
    let config = write::text(&kept.join(CONFIG), MOST_IN_MEMORY)
        .map_err(|error| CliError::new(Kind::Failed, error))?;
    write::derive(&anew, &asked, &config)?;
    if same_version {
        same_bytes(path, &kept, &anew, &manifest)?;
        output::print("judged anew: the same bytes\n")?;
        return Ok(ExitStatus::Clean);
    }
    compare(&kept, &anew, &manifest)
}

/// Returns how the bundle was judged. Another version may not have every format and framework; the verdicts are in one
/// that all have.
fn asked(manifest: &Manifest, same_version: bool) -> Result<Asked, CliError> {
    let unknown = |what: &str| {
        let what = format!("the bundle was judged with {what}, which this version does not have");
        CliError::new(Kind::Failed, what)
    };
    let mut asked = Asked {
        frameworks: Vec::new(),
        formats: Vec::new(),
        owner_files: Vec::new(),
    };
    for name in &manifest.judged.frameworks {
        match rules::find_framework(name) {
            Some(it) => asked.frameworks.push(it),
            None if !same_version => {}
            None => return Err(unknown(name)),
        }
    }
    for name in &manifest.judged.formats {
        match format_named(name) {
            Some(it) => asked.formats.push(it),
            None if !same_version => {}
            None => return Err(unknown(name)),
        }
    }
    let files = manifest.files.iter().map(|it| &it.name);
    let owners = files.filter(|it| it.starts_with("config/") && *it != CONFIG);
    asked.owner_files = owners.cloned().collect();
    Ok(asked)
}

fn copy_evidence(kept: &Path, anew: &Path, manifest: &Manifest) -> Result<(), CliError> {
    write::make_folder(&anew.join("config"))?;
    for it in &manifest.files {
        if it.name == SNAPSHOT || it.name.starts_with("config/") {
            let copied = std::fs::copy(kept.join(&it.name), anew.join(&it.name));
            copied.map_err(|error| output::cannot_write(anew, error))?;
        }
    }
    Ok(())
}

/// The same version must write the same bytes: all that is derived, the manifest among it.
fn same_bytes(path: &Path, kept: &Path, anew: &Path, manifest: &Manifest) -> Result<(), CliError> {
    let files = manifest.files.iter().map(|it| it.name.as_str());
    let mut others = Vec::new();
    for name in files.chain([MANIFEST, SUMS]) {
        if !is_same(&kept.join(name), &anew.join(name)) {
            others.push(name);
        }
    }
    if others.is_empty() {
        return Ok(());
    }
    let what = format!(
        "{}: judged anew by the same version, these files are others: {}",
        path.display(),
        others.join(", ")
    );
    let error = CliError::new(Kind::Failed, what);
    Err(error.hint("the bundle was not made from the snapshot in it, or by a changed mfaudit: do not rely on it"))
}

fn is_same(one: &Path, other: &Path) -> bool {
    let (Ok(one), Ok(other)) = (File::open(one), File::open(other)) else {
        return false;
    };
    let (mut one, mut other) = (BufReader::new(one).bytes(), BufReader::new(other).bytes());
    loop {
        match (one.next(), other.next()) {
            (None, None) => return true,
            (Some(Ok(a)), Some(Ok(b))) if a == b => {}
            _ => return false,
        }
    }
}

/// Another version may judge otherwise: tells where it does.
fn compare(kept: &Path, anew: &Path, manifest: &Manifest) -> Result<ExitStatus, CliError> {
    let csv = format_named("csv").map(report_name).unwrap_or_default();
    let changes = verdicts::compare(&kept.join(&csv), &anew.join(&csv))?;
    let versions = format!(
        "judged by {}, and anew by {}",
        manifest.tool_version,
        env!("CARGO_PKG_VERSION")
    );
    if changes.is_empty() {
        output::print(&format!("{versions}: the same verdicts\n"))?;
        return Ok(ExitStatus::Clean);
    }
    output::print(&format!("{versions}: other verdicts\n{}", changes.text()))?;
    Ok(ExitStatus::Failures)
}

fn unbelievable(path: &Path, error: BundleError) -> CliError {
    let hint = match &error {
        BundleError::Changed(_) => {
            Some("nothing of it was used; take a copy whose signature can be verified")
        }
        BundleError::NotABundle => Some("name a file that `mfaudit bundle` wrote"),
        BundleError::Io(_) | BundleError::Newer(_) => None,
    };
    let path = path.to_owned();
    let error = CliError::new(
        Kind::Failed,
        Unbelievable {
            path,
            source: error,
        },
    );
    match hint {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

/// A bundle cannot be believed.
#[derive(Debug, thiserror::Error)]
#[error("cannot verify {}", path.display())]
struct Unbelievable {
    path: std::path::PathBuf,
    source: BundleError,
}
