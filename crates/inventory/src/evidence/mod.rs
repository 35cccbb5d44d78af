//! Reads saved evidence (credential reports, output of the AWS command line) into the records collection makes.
//!
//! Files are told apart by content and joined by account: by the ARNs in them, else by the name of a folder above
//! that is an account id, else by the account that was given. What no file says is unknown.

mod authorization;
mod cli_json;
mod error;
mod file;
mod glance;

#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, btree_map::Entry},
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use model::{
    Account, AccountId, AccountKind, AccountState, Dataset, Fact, GapId, GapReason, Partition,
    Record, Scope, Timestamp,
    snapshot::{
        AccountList, Batch, FORMAT_VERSION, Header, Mode, Parameters, RecordSource, ScopeFilter,
        SourceError,
    },
};
use rayon::prelude::*;

pub use self::error::EvidenceError;
use self::{
    file::{Content, Part, read, read_file},
    glance::account_of_report,
};
use crate::assemble::{Answers, Order, Partial, Timed, assemble};

/// How many accounts are read as one batch.
const BATCH: usize = 4;

/// What is said of the evidence on the command line.
#[derive(Clone, Debug, Default)]
pub struct EvidenceOptions {
    /// The account of files that name none.
    pub account: Option<AccountId>,
    /// When files that tell no time were made, and the "now" of rules about age.
    pub as_of: Option<Timestamp>,
    /// The version of mfaudit, for the header.
    pub tool_version: String,
}

/// Saved evidence: which files say something of which account.
pub struct Evidence {
    header: Header,
    options: Arc<EvidenceOptions>,
    accounts: BTreeMap<AccountId, Arc<Vec<PathBuf>>>,
    next: Option<AccountId>,
}

impl Evidence {
    /// Finds and checks the files below `paths`, hidden ones left out.
    ///
    /// # Errors
    ///
    /// Fails if there is no file, if one is no evidence this version reads or names no account, or if two say
    /// different things and nothing tells which is later.
    pub fn open(paths: &[PathBuf], options: EvidenceOptions) -> Result<Self, EvidenceError> {
        let mut files = Vec::new();
        for path in paths {
            find(path, &mut files)?;
        }
        if files.is_empty() {
            return Err(EvidenceError::NoFiles(paths.to_vec()));
        }
        let told: Vec<Vec<Told>> = files
            .par_iter()
            .map(|it| tells_of(it, &options))
            .collect::<Result<_, _>>()?;
        let mut accounts: BTreeMap<AccountId, Vec<PathBuf>> = BTreeMap::new();
        let mut latest = options.as_of;
        for (file, told) in files.iter().zip(told) {
            for (account, at) in told {
                if options.as_of.is_none() {
                    latest = latest.max(at);
                }
                accounts.entry(account).or_default().push(file.clone());
            }
        }
        let next = accounts.keys().next().cloned();
        let evidence = Self {
            header: header(&options, latest),
            options: Arc::new(options),
            accounts: accounts
                .into_iter()
                .map(|(id, files)| (id, Arc::new(files)))
                .collect(),
            next,
        };
        // Files that contradict each other are found before a report is begun. One alone contradicts nothing.
        evidence
            .accounts
            .par_iter()
            .filter(|(_, files)| files.len() > 1)
            .try_for_each(|(account, files)| record(account, files, &evidence.options).map(drop))?;
        Ok(evidence)
    }
}

impl RecordSource for Evidence {
    fn header(&self) -> &Header {
        &self.header
    }

    fn restart(&mut self) -> Result<(), SourceError> {
        self.next = self.accounts.keys().next().cloned();
        Ok(())
    }

    fn next_batch(&mut self) -> Option<Result<Batch, SourceError>> {
        let first = self.next.take()?;
        let mut accounts: Vec<_> = self
            .accounts
            .range(first..)
            .take(BATCH + 1)
            .map(|(id, files)| (id.clone(), Arc::clone(files)))
            .collect();
        if accounts.len() > BATCH {
            self.next = accounts.pop().map(|(id, _)| id);
        }
        let options = Arc::clone(&self.options);
        Some(Ok(Box::new(move || {
            let read =
                |(id, files): (AccountId, Arc<Vec<PathBuf>>)| Ok(record(&id, &files, &options)?);
            accounts.into_iter().map(read).collect()
        })))
    }
}

fn header(options: &EvidenceOptions, collected_at: Option<Timestamp>) -> Header {
    Header {
        format: FORMAT_VERSION,
        tool_version: options.tool_version.clone(),
        mode: Mode::SavedEvidence,
        collected_at,
        caller: None,
        organization: None,
        scope: ScopeFilter::default(),
        parameters: Parameters::default(),
        endpoint: None,
        identity_center: model::snapshot::IdentityCenter::default(),
        service_control_policies: Vec::new(),
        account_list: AccountList::Whole,
        shard: None,
        notes: Vec::new(),
    }
}

fn find(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), EvidenceError> {
    let failed = |source| EvidenceError::Io {
        path: path.to_owned(),
        source,
    };
    if !fs::metadata(path).map_err(failed)?.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let entries = fs::read_dir(path).map_err(failed)?;
    let mut entries: Vec<_> = entries.collect::<Result<_, _>>().map_err(failed)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        let kind = entry.file_type().map_err(failed)?;
        // A link to a folder may lead back up.
        let followed =
            !kind.is_symlink() || fs::metadata(entry.path()).is_ok_and(|it| it.is_file());
        if !hidden && followed {
            find(&entry.path(), files)?;
        }
    }
    Ok(())
}

/// An account that a file tells of, and the time of what it tells.
type Told = (AccountId, Option<Timestamp>);

/// Returns the accounts that a file tells of, of which there is at least one.
fn tells_of(file: &Path, options: &EvidenceOptions) -> Result<Vec<Told>, EvidenceError> {
    let content = read(file)?;
    if let Some(account) = account_of_report(&content) {
        return Ok(vec![(account, options.as_of)]);
    }
    let parts = read_file(file, &content, options)?;
    Ok(parts.into_iter().map(|it| (it.account, it.at)).collect())
}

/// Reads everything that is said of one account.
fn record(
    account: &AccountId,
    files: &[PathBuf],
    options: &EvidenceOptions,
) -> Result<Record, EvidenceError> {
    let mut joined = Joined::new(account);
    for file in files {
        let parts = read_file(file, &read(file)?, options)?;
        let own = parts.into_iter().find(|it| it.account == *account);
        // What was there a moment ago is not nothing now.
        let part = own.ok_or_else(|| EvidenceError::Changed(file.clone()))?;
        joined.add(file, part)?;
    }
    let mut record = assemble(&joined.answers).record;
    // No answer that is read from files tells of them.
    let dataset = Dataset::ServiceControlPolicies;
    record.service_control_policies = Fact::Unknown(GapId::unsaid(dataset));
    record.notes.append(&mut joined.notes);
    Ok(record)
}

/// What was joined of one account so far.
struct Joined {
    answers: Answers,
    notes: Vec<String>,
    /// Which file each kind of answer came from, and when that was.
    from: BTreeMap<String, (PathBuf, Option<Timestamp>)>,
}

impl Joined {
    fn new(id: &AccountId) -> Self {
        let account = Account {
            id: id.clone(),
            name: String::new(),
            partition: Partition::commercial(),
            kind: AccountKind::Unstated,
            state: AccountState::Unstated,
            scope: Scope::Audited,
            ou_path: String::new(),
        };
        let answers = Answers::none(account, Order::ByTime, GapReason::NotInEvidence);
        Self {
            answers,
            notes: Vec::new(),
            from: BTreeMap::new(),
        }
    }

    fn add(&mut self, file: &Path, mut part: Part) -> Result<(), EvidenceError> {
        if let Some(partition) = part.partition {
            self.answers.account.partition = partition;
        }
        self.notes.append(&mut part.notes);
        // Of two answers to one question the later counts; one answer saved twice is one, of the earlier time.
        match self.from.entry(part.content.question()) {
            Entry::Vacant(entry) => {
                entry.insert((file.to_owned(), part.at));
            }
            Entry::Occupied(mut entry) => {
                let (earlier, at) = entry.get().clone();
                if part
                    .content
                    .is_report(self.answers.report.as_ref().ok().map(|it| &it.value))
                {
                    part.at = match (at, part.at) {
                        (Some(one), Some(other)) => Some(one.min(other)),
                        (one, other) => one.or(other),
                    };
                } else {
                    match at.zip(part.at) {
                        Some((old, new)) if new > old => {}
                        Some((old, new)) if new < old => return Ok(()),
                        _ => {
                            let question = entry.key().clone();
                            let (first, second) = (earlier, file.to_owned());
                            return Err(EvidenceError::Twice {
                                question,
                                first,
                                second,
                            });
                        }
                    }
                }
                entry.insert((file.to_owned(), part.at));
            }
        }
        let at = part.at;
        match part.content {
            Content::Report(value) => self.answers.report = Ok(Timed { value, at }),
            Content::Summary(value) => self.answers.summary = Ok(Timed { value, at }),
            Content::Authorization(mut authorization) => {
                authorization.details.at = at;
                self.answers.authorization = Some(authorization);
            }
            Content::Users(users, missing) => {
                self.answers.users = Partial {
                    items: users,
                    at,
                    missing,
                }
            }
            Content::VirtualDevices(devices, missing) => {
                self.answers.virtual_devices = Partial {
                    items: devices,
                    at,
                    missing,
                };
            }
            Content::Devices(user, Ok(value)) => {
                self.answers.reads.entry(user).or_default().mfa_devices =
                    Some(Ok(Timed { value, at }));
            }
            Content::Devices(user, Err(trouble)) => {
                self.answers.reads.entry(user).or_default().mfa_devices = Some(Err(trouble));
            }
        }
        Ok(())
    }
}
