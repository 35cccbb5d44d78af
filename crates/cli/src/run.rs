//! A run against AWS: connect, discover, collect into a journal, and make the snapshot of it.
#![expect(
    clippy::disallowed_methods,
    reason = "makes the journal and reads the certificates"
)]

use std::{
    collections::BTreeSet,
    fs::{self, File, OpenOptions},
    io::BufReader,
    path::{Path, PathBuf},
    sync::Arc,
};

use aws::{Clock, ConnectError, ConnectOptions, Connection, Proxy, Site, policy};
use futures_util::StreamExt;
use inventory::{
    AuditRole, CALLS, Collector, Discovery, Freshness, Plan, REPORT_PATIENCE, Reach, StartError,
};
use model::{
    Dataset, Record,
    snapshot::{
        FORMAT_VERSION, Header, Journal, JournalFile, Mode, Parameters, RecordSource, ScopeFilter,
        SnapshotError, SnapshotFile, SnapshotWriter,
    },
};
use rules::Rule;

use crate::{
    args::{AccountOrSelf, CollectionArgs, ConnectionArgs, RoleArgs, ScopeArgs},
    config::{self, Environment},
    error::{CliError, Kind},
    output::{self, Output},
    progress::Progress,
};

/// The name and version AWS sees.
pub(crate) const USER_AGENT: &str = concat!("mfaudit/", env!("CARGO_PKG_VERSION"));

/// An open snapshot, kept or temporary.
pub(crate) type Snapshot = SnapshotFile<BufReader<File>>;

/// What a run is to do.
pub(crate) struct Run<'a> {
    pub(crate) role: &'a RoleArgs,
    pub(crate) scope: &'a ScopeArgs,
    pub(crate) collection: &'a CollectionArgs,
    pub(crate) rules: Vec<&'static Rule>,
    pub(crate) clock: Clock,
    /// The file to keep; `None` for a temporary one.
    pub(crate) keep: Option<&'a Path>,
    /// What stands in AWS's place, for the record; `None` for AWS itself.
    pub(crate) endpoint: Option<String>,
}

/// Opens the caller's way to AWS.
pub(crate) async fn connect(
    args: &ConnectionArgs,
    environment: &Environment,
) -> Result<Connection, CliError> {
    let path = args.ca_bundle.as_ref().or(environment.ca_bundle.as_ref());
    let ca_bundle = path.map(|path| {
        let read = fs::read(path).map(|pem| (path.clone(), pem));
        read.map_err(|error| {
            CliError::new(
                Kind::Usage,
                format!("cannot read {}: {error}", path.display()),
            )
        })
    });
    let options = ConnectOptions {
        user_agent: USER_AGENT.to_owned(),
        profile: args.profile.clone(),
        region: args.region.clone(),
        endpoint_url: args.endpoint_url.clone(),
        ca_bundle: ca_bundle.transpose()?,
        credentials: None,
        proxy: Proxy::FromEnvironment,
        code_prompt: config::can_ask().then(|| Box::new(ask_for_code) as aws::CodePrompt),
    };
    Connection::open(options, CALLS)
        .await
        .map_err(connect_error)
}

fn ask_for_code(serial: &str) -> std::io::Result<String> {
    rpassword::prompt_password(format!("MFA code of {serial}: "))
}

fn connect_error(error: ConnectError) -> CliError {
    let (kind, hint) = match &error {
        ConnectError::NoRegion => {
            let hint = "say --region, or set AWS_REGION: any region of the partition to audit, such as us-east-1";
            (Kind::Failed, hint.to_owned())
        }
        ConnectError::NoCredentials(_) => {
            let hint = "sign in as you do for the AWS CLI (`aws sso login`, --profile NAME, AWS_ACCESS_KEY_ID …); to see the tool at work without AWS: mfaudit demo";
            (Kind::Failed, hint.to_owned())
        }
        ConnectError::Credentials(_) => {
            let hint = "sign in again, for example with `aws sso login`, and check with `aws sts get-caller-identity`";
            (Kind::Failed, hint.to_owned())
        }
        ConnectError::UnknownProfile { known, .. } if known.is_empty() => (
            Kind::Usage,
            "no profile is configured: `aws configure` makes one".to_owned(),
        ),
        ConnectError::UnknownProfile { known, .. } => {
            (Kind::Usage, format!("there are: {}", known.join(", ")))
        }
        ConnectError::NeedsTerminal(profile) => (
            Kind::Failed,
            format!(
                "export credentials first: eval \"$(aws configure export-credentials --profile {profile} --format env)\""
            ),
        ),
        ConnectError::Profile { profile, .. } => (
            Kind::Failed,
            format!("check it with `aws sts get-caller-identity --profile {profile}`"),
        ),
        ConnectError::CaBundle { .. } => (
            Kind::Usage,
            "name a file that has -----BEGIN CERTIFICATE----- in it".to_owned(),
        ),
    };
    CliError::new(kind, error).hint(hint)
}

/// Discovers and collects, and returns the snapshot.
pub(crate) async fn collect(connection: &Connection, run: &Run<'_>) -> Result<Snapshot, CliError> {
    let place = Place::choose(run.keep)?;
    let progress = Progress::begin("discovering accounts");
    let (reach, filter) = reach(run.scope)?;
    let discovery = inventory::discover(connection, &reach)
        .await
        .map_err(|error| {
            progress.end();
            start_error(error)
        })?;
    for note in &discovery.notes {
        output::say(&format!("note: {note}"));
    }
    let datasets = rules::datasets(&run.rules);
    let header = header(run, &discovery, filter, &datasets);
    let journal = place.journal()?;
    let collected = {
        let interrupted = tokio::signal::ctrl_c();
        let collecting = fill(
            connection, run, discovery, datasets, &header, journal, &progress,
        );
        tokio::select! {
            collected = collecting => collected,
            _ = interrupted => {
                progress.end();
                return Err(place.interrupted());
            }
        }
    };
    progress.end();
    collected.map_err(|error| cannot_keep(&place.journal, error))?;
    place.finish()
}

async fn fill(
    connection: &Connection,
    run: &Run<'_>,
    discovery: Discovery,
    datasets: BTreeSet<Dataset>,
    header: &Header,
    file: File,
    progress: &Progress,
) -> Result<(), SnapshotError> {
    let mut journal = Journal::new(file, header)?;
    for account in &discovery.accounts {
        journal.announce(account)?;
    }
    progress.accounts(discovery.accounts.len());
    let collector = Collector {
        connection: connection.clone(),
        own_account: discovery.own_account,
        role: audit_role(run.role, &datasets),
        plan: Plan {
            datasets,
            freshness: if run.collection.live {
                Freshness::Live
            } else {
                Freshness::ReportFirst
            },
        },
        confirm: confirm(run.rules.clone()),
        clock: run.clock,
        concurrency: usize::from(run.collection.concurrency),
        report_patience: REPORT_PATIENCE,
    };
    let mut records = std::pin::pin!(collector.collect(discovery.accounts));
    while let Some(record) = records.next().await {
        journal.append(&record)?;
        progress.account_done();
    }
    Ok(())
}

/// Returns the audit role, shrunk to the read calls that feed `datasets` unless that was turned off.
pub(crate) fn audit_role(args: &RoleArgs, datasets: &BTreeSet<Dataset>) -> AuditRole {
    let selection = policy::Selection {
        calls: CALLS,
        sites: &[Site::Member],
        datasets: Some(datasets),
    };
    let names = policy::Names {
        partition: "aws".to_owned(),
        role: args.name_with_path(),
    };
    AuditRole {
        name: args.name_with_path(),
        external_id: args.external_id.clone(),
        session_policy: (!args.no_session_policy)
            .then(|| policy::document(&selection, &names).to_string()),
    }
}

fn confirm(rules: Vec<&'static Rule>) -> inventory::Confirm {
    Arc::new(move |record: &Record| {
        let doubts = rules::doubts(record, &rules).into_iter();
        doubts.map(|it| (it.user, it.datasets)).collect()
    })
}

fn reach(args: &ScopeArgs) -> Result<(Reach, ScopeFilter), CliError> {
    let own = args.account.contains(&AccountOrSelf::Own);
    if own && (args.account.len() > 1 || !args.ou.is_empty() || !args.exclude_account.is_empty()) {
        return Err(CliError::new(
            Kind::Usage,
            "`--account self` goes with no other account, unit or exclusion",
        ));
    }
    let accounts = args.account.iter().filter_map(|it| match it {
        AccountOrSelf::Account(id) => Some(id.clone()),
        AccountOrSelf::Own => None,
    });
    let filter = ScopeFilter {
        accounts: accounts.collect(),
        excluded_accounts: args.exclude_account.clone(),
        organizational_units: args.ou.clone(),
    };
    Ok(if own {
        (Reach::OwnAccount, filter)
    } else {
        (Reach::Organization(filter.clone()), filter)
    })
}

fn header(
    run: &Run<'_>,
    discovery: &Discovery,
    mut scope: ScopeFilter,
    datasets: &BTreeSet<Dataset>,
) -> Header {
    if run.scope.account.contains(&AccountOrSelf::Own) {
        scope.accounts = vec![discovery.own_account.clone()];
    }
    Header {
        format: FORMAT_VERSION,
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        mode: if run.collection.live {
            Mode::Live
        } else {
            Mode::ReportFirst
        },
        collected_at: Some(run.clock.now()),
        caller: Some(discovery.caller.clone()),
        organization: discovery.organization.clone(),
        scope,
        parameters: Parameters {
            datasets: datasets.clone(),
            role: run.role.name_with_path(),
        },
        endpoint: run.endpoint.clone(),
        notes: discovery.notes.clone(),
    }
}

pub(crate) fn start_error(error: StartError) -> CliError {
    let near = |known: &[String], given: &str| {
        // A unit is asked for by its path or by its name alone.
        let likeness = |path: &str| {
            let name = path.rsplit('/').next().unwrap_or_default();
            strsim::jaro_winkler(path, given).max(strsim::jaro_winkler(name, given))
        };
        let near = known
            .iter()
            .max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
        match near {
            Some(near) if likeness(near) > 0.85 => format!("did you mean `{near}`?"),
            Some(_) => format!("there are: {}", known.join(", ")),
            None => "no organizational unit was seen".to_owned(),
        }
    };
    let (kind, hint) = match &error {
        StartError::Caller(trouble) | StartError::Listing(trouble) => {
            (Kind::Failed, trouble_hint(trouble.reason))
        }
        StartError::PlainMember { .. } => (
            Kind::Usage,
            "run it with credentials of the management account or of a delegated administrator; or audit this account alone: --account self".to_owned(),
        ),
        StartError::UnknownAccount(_) => {
            (Kind::Usage, "check the id; `aws organizations list-accounts` lists them".to_owned())
        }
        StartError::UnknownUnit { given, known } => (Kind::Usage, near(known, given)),
        StartError::AmbiguousUnit { paths, .. } => (Kind::Usage, format!("say which: {}", paths.join(", "))),
    };
    CliError::new(kind, error).hint(hint)
}

fn trouble_hint(reason: model::GapReason) -> String {
    use model::GapReason as R;
    match reason {
        R::AccessDenied | R::EntryDenied => {
            "the caller needs the statement that `mfaudit policy --for management` prints"
        }
        R::ExpiredCredentials => "the credentials expired: sign in again, and run again",
        R::Unreachable => "check the network, the proxy variables, --ca-bundle and --endpoint-url",
        R::Throttled | R::Deadline => "AWS is busy: run again later",
        R::Failed
        | R::Malformed
        | R::Contradictory
        | R::Stale
        | R::NotVisible
        | R::NotRequested
        | R::NotInEvidence
        | R::Interrupted => {
            "check the credentials with `aws sts get-caller-identity`, and the region and endpoint"
        }
    }
    .to_owned()
}

/// Where the journal and the snapshot go.
struct Place {
    journal: PathBuf,
    snapshot: Option<PathBuf>,
    /// A folder that is removed with what is in it; `None` if the snapshot is kept.
    temporary: Option<tempfile::TempDir>,
}

impl Place {
    fn choose(keep: Option<&Path>) -> Result<Self, CliError> {
        let Some(snapshot) = keep else {
            let folder = tempfile::Builder::new().prefix("mfaudit-").tempdir();
            let folder =
                folder.map_err(|error| output::cannot_write(&std::env::temp_dir(), error))?;
            return Ok(Self {
                journal: folder.path().join("run.journal"),
                snapshot: None,
                temporary: Some(folder),
            });
        };
        // Found before the work is done.
        drop(Output::file(snapshot)?);
        let mut journal = snapshot.as_os_str().to_owned();
        journal.push(".journal");
        let journal = PathBuf::from(journal);
        if journal.exists() {
            let what = format!(
                "{} is left over from a run that was interrupted",
                journal.display()
            );
            let hint = format!(
                "see what is in it with `mfaudit evaluate {}`, then remove it",
                journal.display()
            );
            return Err(CliError::new(Kind::Usage, what).hint(hint));
        }
        Ok(Self {
            journal,
            snapshot: Some(snapshot.to_owned()),
            temporary: None,
        })
    }

    fn journal(&self) -> Result<File, CliError> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        options
            .open(&self.journal)
            .map_err(|error| output::cannot_write(&self.journal, error))
    }

    /// Keeps what was collected, and says where.
    fn interrupted(mut self) -> CliError {
        if let Some(folder) = self.temporary.take() {
            let _ = folder.keep();
        }
        let progress = open_journal(&self.journal).map(|it| it.progress());
        let (done, all) = progress.unwrap_or_default();
        let what = format!(
            "interrupted; {done} of {all} accounts are kept in {}",
            self.journal.display()
        );
        let hint = format!("mfaudit evaluate {}", self.journal.display());
        CliError::new(Kind::Failed, what).hint(hint)
    }

    /// Makes the snapshot of the journal, in account order, and removes the journal.
    fn finish(self) -> Result<Snapshot, CliError> {
        let failed = |error| cannot_keep(&self.journal, error);
        let mut journal = open_journal(&self.journal).map_err(failed)?;
        let path = self
            .snapshot
            .clone()
            .unwrap_or_else(|| self.journal.with_extension("snapshot"));
        let out = Output::file(&path)?;
        write_snapshot(&mut journal, &out)?;
        out.finish()?;
        let file = File::open(&path).map_err(|error| output::cannot_write(&path, error))?;
        // An open file outlives its name, so a temporary folder may go now.
        let snapshot = SnapshotFile::open(BufReader::new(file)).map_err(failed)?;
        if self.temporary.is_none() {
            let _ = fs::remove_file(&self.journal);
        }
        Ok(snapshot)
    }
}

fn open_journal(path: &Path) -> Result<JournalFile<File>, SnapshotError> {
    JournalFile::open(File::open(path)?)
}

fn write_snapshot(journal: &mut JournalFile<File>, out: &Output) -> Result<(), CliError> {
    let failed = |error: SnapshotError| {
        if let SnapshotError::Io(error) = error {
            out.failed(error)
        } else {
            CliError::new(Kind::Failed, error)
        }
    };
    let mut writer = SnapshotWriter::new(out.writer()?, journal.header()).map_err(failed)?;
    while let Some(batch) = journal.next_batch() {
        for record in batch?()? {
            writer.append(&record).map_err(failed)?;
        }
    }
    writer.finish().map(drop).map_err(failed)
}

fn cannot_keep(journal: &Path, error: SnapshotError) -> CliError {
    if let SnapshotError::Io(error) = error {
        let error = output::cannot_write(journal, error);
        error.hint(format!(
            "what was collected until then is in {}",
            journal.display()
        ))
    } else {
        CliError::new(Kind::Failed, error)
    }
}
