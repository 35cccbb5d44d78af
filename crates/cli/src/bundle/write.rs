//! Makes a bundle of what stands in a folder: judges the snapshot, writes the reports, and packs it all.

use std::{
    fs::File,
    io::{BufReader, Read as _, Write},
    path::Path,
};

use model::snapshot::RecordSource;
use reporting::{Appearance, Colour, FORMATS, Format, Links, Verbosity};
use rules::FrameworkVersion;

use super::{
    CONFIG, MANIFEST, POPULATION, SNAPSHOT, SUMS, digest,
    manifest::{FileFacts, Judged, Manifest, RunFacts, SCHEMA, VERSION},
    population, tar,
};
use crate::{
    args::{GateArgs, Report, ReportArgs, RuleArgs},
    config_file::ConfigFile,
    error::{CliError, Kind},
    given::Given,
    kept,
    output::{Output, cannot_write},
    report::{self, ExitPolicy, Judging, Reports},
};

/// How the snapshot of a bundle is judged, beside what the configuration in it says.
pub(crate) struct Asked {
    /// The frameworks to report on.
    pub(crate) frameworks: Vec<&'static FrameworkVersion>,
    /// The reports to write.
    pub(crate) formats: Vec<&'static Format>,
    /// The names of the files in the folder that the configuration names, in order.
    pub(crate) owner_files: Vec<String>,
}

/// Writes what follows from the snapshot and the configuration in `folder`: population, reports, manifest and digests.
///
/// Whoever makes a bundle and whoever verifies one does the same, of the same files: so the bytes are the same.
pub(crate) fn derive(folder: &Path, asked: &Asked, config: &str) -> Result<Manifest, CliError> {
    let config = ConfigFile::bundled(&folder.join("config"), Path::new(CONFIG), config)?;
    let rules = RuleArgs {
        frameworks: asked.frameworks.clone(),
        ..RuleArgs::default()
    };
    let criteria = config.criteria(&rules)?;
    let mut gate = GateArgs::unset();
    config.gate.apply(&mut gate, &Given::default());
    let mut source = kept::open(&folder.join(SNAPSHOT))?;
    let header = source.header().clone();

    make_folder(&folder.join("reports"))?;
    let reports = asked.formats.iter().map(|format| Report {
        format,
        file: Some(folder.join(report_name(format))),
    });
    let reports = ReportArgs {
        reports: reports.collect(),
        output_dir: None,
        formats: Vec::new(),
        statuses: Vec::new(),
        verbose: true,
    };
    let judging = Judging {
        criteria: &criteria,
        gate: &gate,
        owners: config.owners()?,
        coverage_waivers: &config.coverage_waivers,
        redactor: None,
        exit: ExitPolicy::Gate,
        earlier: None,
    };
    let status = report::write(
        source.as_mut(),
        Reports::open(&reports, PLAIN, Output::file)?,
        &judging,
    )?;
    source.restart()?;
    let counts = population(source.as_mut(), &folder.join(POPULATION))?;

    let mut names = vec![SNAPSHOT.to_owned(), CONFIG.to_owned()];
    names.extend(asked.owner_files.iter().cloned());
    names.extend(asked.formats.iter().map(|it| report_name(it)));
    names.push(POPULATION.to_owned());
    let files = names.iter().map(|name| facts(folder, name));
    let manifest = Manifest {
        schema: SCHEMA.to_owned(),
        version: VERSION,
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        run: RunFacts::of(&header),
        judged: Judged {
            rules: criteria.rules.iter().map(|it| it.id.to_owned()).collect(),
            frameworks: asked.frameworks.iter().map(|it| full_name(it)).collect(),
            formats: asked.formats.iter().map(|it| it.name.to_owned()).collect(),
            exit_code: status.code(),
        },
        population: counts,
        files: files.collect::<Result<_, _>>()?,
    };
    let text = serde_json::to_string_pretty(&manifest);
    let text = text.map_err(|error| CliError::new(Kind::Failed, error))? + "\n";
    put(&folder.join(MANIFEST), text.as_bytes())?;
    let mut listed = manifest.files.clone();
    listed.push(facts(folder, MANIFEST)?);
    put(&folder.join(SUMS), sums(&listed).as_bytes())?;
    Ok(manifest)
}

/// How reports in a bundle look, wherever they are written.
const PLAIN: Appearance = Appearance {
    width: 120,
    colour: Colour::Plain,
    links: Links::None,
    verbosity: Verbosity::Everything,
};

/// Packs the files of a folder, in the order of the manifest.
pub(crate) fn pack(folder: &Path, manifest: &Manifest, output: Output) -> Result<(), CliError> {
    let mut out = output.writer()?;
    let written = pack_into(folder, manifest, out.as_mut());
    drop(out);
    written.map_err(|error| output.failed(error))?;
    output.finish()
}

fn pack_into(folder: &Path, manifest: &Manifest, out: &mut dyn Write) -> std::io::Result<()> {
    let names = manifest.files.iter().map(|it| it.name.as_str());
    for name in names.chain([MANIFEST, SUMS]) {
        let mut file = File::open(folder.join(name))?;
        let length = file.metadata()?.len();
        tar::append(out, name, length, manifest.time(), &mut file)?;
    }
    tar::end(out)
}

/// Returns the list of digests, as `sha256sum` writes it.
pub(crate) fn sums(files: &[FileFacts]) -> String {
    let lines = files
        .iter()
        .map(|it| format!("{}  {}\n", it.sha256, it.name));
    lines.collect()
}

/// Returns the name of a report in the bundle.
pub(crate) fn report_name(format: &Format) -> String {
    format!("reports/{}", format.file_name)
}

/// Returns the format of that name.
pub(crate) fn format_named(name: &str) -> Option<&'static Format> {
    FORMATS.iter().copied().find(|it| it.name == name)
}

/// Writes a file of the folder.
pub(crate) fn put(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    let output = Output::file(path)?;
    let mut out = output.writer()?;
    let written = out.write_all(bytes).and_then(|()| out.flush());
    drop(out);
    written.map_err(|error| output.failed(error))?;
    output.finish()
}

/// Makes a folder within the folder.
pub(crate) fn make_folder(path: &Path) -> Result<(), CliError> {
    std::fs::create_dir_all(path).map_err(|error| cannot_write(path, error))
}

/// Returns a text file of the folder, which may be so long.
pub(crate) fn text(path: &Path, most: u64) -> std::io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(most).read_to_string(&mut text)?;
    Ok(text)
}

fn full_name(it: &FrameworkVersion) -> String {
    format!("{}@{}", it.framework, it.version)
}

fn population(source: &mut dyn RecordSource, path: &Path) -> Result<population::Counts, CliError> {
    let output = Output::file(path)?;
    let counts = population::write(source, output.writer()?)?;
    output.finish()?;
    Ok(counts)
}

fn facts(folder: &Path, name: &str) -> Result<FileFacts, CliError> {
    let file = File::open(folder.join(name)).map(BufReader::new);
    let (sha256, length) = file
        .and_then(digest)
        .map_err(|error| CliError::new(Kind::Failed, error))?;
    Ok(FileFacts {
        name: name.to_owned(),
        length,
        sha256,
    })
}
