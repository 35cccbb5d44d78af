//! One file of saved evidence: what kind it is, what it says, and of which account.

use std::{collections::BTreeMap, fs::File, io::Read, path::Path};

use aws::Trouble;
use model::{AccountId, Arn, GapReason, MfaDevice, Partition, Source, Timestamp};

use super::{
    EvidenceError, EvidenceOptions,
    authorization::{arns, authorization, is_authorization},
    cli_json::{CliAnswer, Device, User},
    glance::account_of_report,
};
use crate::{
    authorization::Authorization,
    calls::{
        get_account_summary::AccountSummary, list_users::ListedUser,
        list_virtual_mfa_devices::AssignedDevice,
    },
    credential_report::{CredentialReport, ReportError},
};

/// The largest file that is read. A credential report of IAM's 5000 users is under 2 MiB.
const LARGEST: u64 = 256 * 1024 * 1024;

/// What one file says of one account.
pub(super) struct Part {
    pub(super) account: AccountId,
    pub(super) partition: Option<Partition>,
    pub(super) at: Option<Timestamp>,
    pub(super) content: Content,
    pub(super) notes: Vec<String>,
}

/// What a file says. A list that goes on elsewhere has the trouble that its rest is missing.
pub(super) enum Content {
    Report(CredentialReport),
    Summary(AccountSummary),
    Users(Vec<ListedUser>, Option<Trouble>),
    VirtualDevices(Vec<AssignedDevice>, Option<Trouble>),
    Devices(String, Result<Vec<MfaDevice>, Trouble>),
    Authorization(Authorization),
}

impl Content {
    /// Tells whether this is the same credential report as another.
    pub(super) fn is_report(&self, other: Option<&CredentialReport>) -> bool {
        matches!(self, Self::Report(report) if Some(report) == other)
    }

    /// Returns the question it answers; two files must not answer the same.
    pub(super) fn question(&self) -> String {
        match self {
            Self::Report(_) => "a credential report".to_owned(),
            Self::Summary(_) => "an account summary".to_owned(),
            Self::Users(..) => "a list of users".to_owned(),
            Self::VirtualDevices(..) => "a list of virtual MFA devices".to_owned(),
            Self::Authorization(_) => "authorization details".to_owned(),
            Self::Devices(user, _) => format!("a list of the MFA devices of user {user}"),
        }
    }
}

/// Reads the bytes of a file.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, EvidenceError> {
    let failed = |source| EvidenceError::Io {
        path: path.to_owned(),
        source,
    };
    let mut bytes = Vec::new();
    File::open(path)
        .map_err(failed)?
        .take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if bytes.len() as u64 > LARGEST {
        return Err(EvidenceError::NotEvidence {
            path: path.to_owned(),
            why: "the file is larger than 256 MiB".to_owned(),
        });
    }
    Ok(bytes)
}

/// Reads what a file says. A credential report may hold the rows of several accounts.
pub(super) fn read_file(
    path: &Path,
    content: &[u8],
    options: &EvidenceOptions,
) -> Result<Vec<Part>, EvidenceError> {
    let file = SavedFile { path, options };
    let text = content.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(content);
    let first = text.iter().find(|it| !it.is_ascii_whitespace());
    match first {
        None => Err(file.not_evidence("the file is empty")),
        Some(b'{' | b'[') => file.json(text),
        Some(_) => file.report(text, options.as_of),
    }
}

struct SavedFile<'a> {
    path: &'a Path,
    options: &'a EvidenceOptions,
}

impl SavedFile<'_> {
    fn not_evidence(&self, why: impl Into<String>) -> EvidenceError {
        EvidenceError::NotEvidence {
            path: self.path.to_owned(),
            why: why.into(),
        }
    }

    fn json(&self, text: &[u8]) -> Result<Vec<Part>, EvidenceError> {
        let answer: CliAnswer = serde_json::from_slice(text)
            .map_err(|error| self.not_evidence(format!("the JSON is not as expected: {error}")))?;
        let goes_on = |source: Source| {
            let detail = "the saved list goes on in an answer that is not here";
            answer
                .goes_on()
                .then(|| Trouble::new(&source.to_string(), GapReason::NotInEvidence, detail))
        };
        if let Some(content) = &answer.content {
            let at = answer.generated_time.map(|it| it.0).or(self.options.as_of);
            return self.report(&self.decoded(content)?, at);
        }
        if let Some(map) = &answer.summary_map {
            let count = |key: &str| {
                map.get(key)
                    .and_then(serde_json::Value::as_i64)
                    .and_then(|it| i32::try_from(it).ok())
            };
            let summary = AccountSummary {
                password: count("AccountPasswordPresent"),
                access_keys: count("AccountAccessKeysPresent"),
                signing_certificates: count("AccountSigningCertificatesPresent"),
                mfa: count("AccountMFAEnabled"),
                providers: count("Providers"),
            };
            return self.part(&[], Content::Summary(summary));
        }
        if is_authorization(&answer) {
            let arns = arns(&answer);
            let missing = goes_on(Source::GetAccountAuthorizationDetails);
            let details = authorization(&answer, &self.account_of(&arns)?, missing);
            return self.part(&arns, Content::Authorization(details));
        }
        if let Some(users) = &answer.users {
            let arns: Vec<Arn> = users.iter().filter_map(|it| it.arn.parse().ok()).collect();
            let missing = goes_on(Source::ListUsers);
            let account = self.account_of(&arns)?;
            let listed = users
                .iter()
                .map(|it| self.listed(it, &account))
                .collect::<Result<_, _>>()?;
            return self.part(&arns, Content::Users(listed, missing));
        }
        if let Some(devices) = &answer.virtual_mfa_devices {
            let owners = devices
                .iter()
                .filter_map(|it| it.user.as_ref())
                .filter_map(|it| it.arn.parse().ok());
            let serials = devices
                .iter()
                .filter_map(|it| it.serial_number.parse().ok());
            let arns: Vec<Arn> = owners.chain(serials).collect();
            let assigned = devices.iter().filter_map(|it| {
                let owner = it.user.as_ref()?.arn.parse().ok()?;
                Some(AssignedDevice {
                    owner,
                    device: device(it),
                })
            });
            let content =
                Content::VirtualDevices(assigned.collect(), goes_on(Source::ListVirtualMfaDevices));
            return self.part(&arns, content);
        }
        if let Some(devices) = &answer.mfa_devices {
            let arns: Vec<Arn> = devices
                .iter()
                .filter_map(|it| it.serial_number.parse().ok())
                .collect();
            let user = self.owner(devices)?;
            let list = devices.iter().map(device).collect();
            let content =
                Content::Devices(user, goes_on(Source::ListMfaDevices).map_or(Ok(list), Err));
            return self.part(&arns, content);
        }
        Err(self.not_evidence("the JSON is another answer's"))
    }

    fn decoded(&self, content: &str) -> Result<Vec<u8>, EvidenceError> {
        // None of these is in the base64 alphabet; a line break is, when base64 is wrapped.
        if content.contains([',', '<', '_']) {
            return Ok(content.as_bytes().to_vec());
        }
        let compact: String = content.split_whitespace().collect();
        let decoded = data_encoding::BASE64.decode(compact.as_bytes());
        decoded.map_err(|error| {
            self.not_evidence(format!("`Content` is neither CSV nor base64: {error}"))
        })
    }

    fn report(&self, text: &[u8], at: Option<Timestamp>) -> Result<Vec<Part>, EvidenceError> {
        let not_evidence =
            |error: ReportError| self.not_evidence(format!("no credential report: {error}"));
        if account_of_report(text).is_some() {
            let arn = CredentialReport::first_arn(text).map_err(not_evidence)?;
            let report = CredentialReport::parse(text).map_err(not_evidence)?;
            let arns: Vec<_> = arn.into_iter().collect();
            let mut parts = self.part(&arns, Content::Report(report))?;
            for part in &mut parts {
                part.at = at;
            }
            return Ok(parts);
        }
        let mut joined = CredentialReport::parse_joined(text).map_err(not_evidence)?;
        if joined.keys().flatten().count() > 1 {
            return Ok(self.split(joined, at));
        }
        // Rows that name no account, or one that is none, are of the one that the others name.
        let report = match joined.pop_first() {
            Some((_, only)) if joined.is_empty() => only,
            _ => CredentialReport::parse(text).map_err(not_evidence)?,
        };
        let arns = arns_of(&report);
        let mut parts = self.part(&arns, Content::Report(report))?;
        for part in &mut parts {
            part.at = at;
            let others = arns
                .iter()
                .filter(|it| it.account() != part.account.as_str())
                .count();
            if others > 0 {
                let note = format!(
                    "rows of {} name other accounts, which are none: they count as rows of {}",
                    self.path.display(),
                    part.account
                );
                part.notes.push(note);
            }
        }
        Ok(parts)
    }

    /// Makes a part of each report of a file that joins several.
    fn split(
        &self,
        mut joined: BTreeMap<Option<AccountId>, CredentialReport>,
        at: Option<Timestamp>,
    ) -> Vec<Part> {
        // A row that names no account may be any account's.
        let nobodys = joined.remove(&None).unwrap_or_default();
        let users = nobodys.users.keys();
        let mut anyones: Vec<_> = users
            .map(|it| format!("the row of {it} names no account"))
            .collect();
        anyones.extend(nobodys.unreadable);
        let note = format!(
            "{} holds rows of {} accounts",
            self.path.display(),
            joined.len()
        );
        let part = |(account, mut report): (AccountId, CredentialReport)| {
            report.unreadable.extend(anyones.iter().cloned());
            Part {
                account,
                partition: arns_of(&report).first().map(Arn::partition),
                at,
                content: Content::Report(report),
                notes: vec![note.clone()],
            }
        };
        let accounts = joined
            .into_iter()
            .filter_map(|(it, report)| Some((it?, report)));
        accounts.map(part).collect()
    }

    fn part(&self, arns: &[Arn], content: Content) -> Result<Vec<Part>, EvidenceError> {
        let account = self.account_of(arns)?;
        let own = arns.iter().find(|it| it.account() == account.as_str());
        let partition = own.map(Arn::partition);
        Ok(vec![Part {
            account,
            partition,
            at: self.options.as_of,
            content,
            notes: Vec::new(),
        }])
    }

    /// Returns the account: of the ARNs, else of a folder above, else the one that was given.
    fn account_of(&self, arns: &[Arn]) -> Result<AccountId, EvidenceError> {
        let mut whole: Vec<AccountId> = arns
            .iter()
            .filter_map(|it| it.account().parse().ok())
            .collect();
        whole.sort();
        whole.dedup();
        match whole.as_slice() {
            [one] => return Ok(one.clone()),
            [] => {}
            several => {
                let accounts = several
                    .iter()
                    .map(AccountId::as_str)
                    .collect::<Vec<_>>()
                    .join(", ");
                return Err(EvidenceError::SeveralAccounts {
                    path: self.path.to_owned(),
                    accounts,
                });
            }
        }
        // Hand-edited files name accounts that AWS could not have issued; better such a name than none.
        let written = || {
            arns.iter()
                .find_map(|it| AccountId::as_written(it.account()))
        };
        let names = self
            .path
            .parent()
            .into_iter()
            .flat_map(Path::components)
            .rev();
        let folder = names
            .into_iter()
            .find_map(|it| it.as_os_str().to_str()?.parse().ok());
        let found = folder
            .or_else(|| self.options.account.clone())
            .or_else(written);
        found.ok_or_else(|| EvidenceError::NoAccount(self.path.to_owned()))
    }

    fn listed(&self, user: &User, account: &AccountId) -> Result<ListedUser, EvidenceError> {
        if user.name.is_empty() {
            return Err(self.not_evidence("a user of the list has no name"));
        }
        let arn = user.arn.parse();
        Ok(ListedUser {
            name: user.name.clone(),
            arn: arn
                .unwrap_or_else(|_| Arn::iam_user(&Partition::commercial(), account, &user.name)),
            created_at: user.create_date.as_ref().map(|it| it.0),
            password_last_used: user.password_last_used.as_ref().map(|it| it.0),
        })
    }

    /// Returns the user whose devices are listed: the one the devices name, else the one the file's name does.
    fn owner(&self, devices: &[Device]) -> Result<String, EvidenceError> {
        let mut names: Vec<_> = devices
            .iter()
            .filter_map(|it| it.user_name.as_deref())
            .collect();
        names.sort_unstable();
        names.dedup();
        match names.as_slice() {
            [one] => Ok((*one).to_owned()),
            [] => self
                .user_of_file_name()
                .ok_or_else(|| EvidenceError::NoUser(self.path.to_owned())),
            _ => Err(self.not_evidence("the list names several users, and an answer is of one")),
        }
    }

    /// Returns what the file's name holds besides the operation's name and the one separator between them. A user's
    /// name may itself begin or end with a separator.
    fn user_of_file_name(&self) -> Option<String> {
        const SEPARATORS: [char; 4] = ['.', '-', '_', ' '];
        let stem = self.path.file_stem()?.to_str()?;
        let operations = [
            "list-mfa-devices",
            "list_mfa_devices",
            "ListMFADevices",
            "mfa-devices",
        ];
        let around = |operation: &&str| {
            let after = stem.strip_prefix(*operation);
            let before = stem.strip_suffix(*operation);
            after
                .map(|it| it.strip_prefix(SEPARATORS).unwrap_or(it))
                .or_else(|| before.map(|it| it.strip_suffix(SEPARATORS).unwrap_or(it)))
        };
        let name = operations.iter().find_map(around).unwrap_or(stem);
        let legal = |it: char| it.is_ascii_alphanumeric() || "_+=,.@-".contains(it);
        let is_name = (1..=64).contains(&name.len()) && name.chars().all(legal);
        is_name.then(|| name.to_owned())
    }
}

/// Returns an ARN for each account that a report's rows name, the root user's first.
fn arns_of(report: &CredentialReport) -> Vec<Arn> {
    let root = report.root.as_ref().and_then(|it| it.arn.as_ref());
    let users = report.users.values().filter_map(|it| it.arn.as_ref());
    let mut arns: Vec<Arn> = Vec::new();
    for arn in root.into_iter().chain(users) {
        if arns.iter().all(|it| it.account() != arn.account()) {
            arns.push(arn.clone());
        }
    }
    arns
}

fn device(saved: &Device) -> MfaDevice {
    MfaDevice::new(
        &saved.serial_number,
        saved.enable_date.as_ref().map(|it| it.0),
    )
}
