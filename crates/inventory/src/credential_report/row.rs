//! A row of a credential report.

use std::fmt;

use csv::StringRecord;
use model::{
    AccessKeyStatus, Arn, ConsolePassword, GapReason, LastUse, MfaStatus, Presence, Timestamp,
};

use super::{ReportError, Said, Unsaid};

/// An IAM user's row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct UserRow {
    pub(crate) name: String,
    pub(crate) arn: Option<Arn>,
    pub(crate) created_at: Said<Timestamp>,
    pub(crate) password: Said<ConsolePassword>,
    pub(crate) password_last_used: Said<LastUse>,
    pub(crate) password_last_changed: Said<Option<Timestamp>>,
    pub(crate) mfa: Said<MfaStatus>,
    pub(crate) access_keys: Said<Vec<SaidKey>>,
    pub(crate) signing_certificate: Said<Presence>,
}

/// An access key, as a source tells of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct SaidKey {
    /// The identifier; `None` in a report, which numbers keys only.
    pub(crate) id: Option<Box<str>>,
    pub(crate) status: AccessKeyStatus,
    pub(crate) created_at: Said<Timestamp>,
    pub(crate) last_used: Said<LastUse>,
}

/// The root user's row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RootRow {
    pub(crate) arn: Option<Arn>,
    pub(crate) password: Said<RootPassword>,
    pub(crate) mfa: Said<MfaStatus>,
    pub(crate) access_key: Said<Presence>,
    pub(crate) signing_certificate: Said<Presence>,
    pub(crate) password_last_used: Said<LastUse>,
    /// The latest use of any of the keys that have columns.
    pub(crate) access_key_last_used: Said<LastUse>,
}

/// What a report says of the root user's password.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum RootPassword {
    /// `true`.
    Set,
    /// `false`.
    NotSet,
    /// `not_supported`, as reports read until root credentials could be removed (November 2024). In partition `aws`
    /// it means that there is one; elsewhere it means nothing.
    NotSupported,
}

impl UserRow {
    /// Returns a row of which only the user can be told.
    pub(super) fn unsaid(name: &str, why: &str, arn: Option<Arn>) -> Self {
        let unsaid = Unsaid {
            reason: GapReason::Malformed,
            detail: why.to_owned(),
        };
        Self {
            name: name.to_owned(),
            arn,
            created_at: Err(unsaid.clone()),
            password: Err(unsaid.clone()),
            password_last_used: Err(unsaid.clone()),
            password_last_changed: Err(unsaid.clone()),
            mfa: Err(unsaid.clone()),
            access_keys: Err(unsaid.clone()),
            signing_certificate: Err(unsaid),
        }
    }

    /// Joins two rows of one user: what agrees stands, what differs is a gap.
    pub(super) fn merge(self, other: &Self) -> Self {
        Self {
            name: self.name,
            arn: self.arn.or_else(|| other.arn.clone()),
            created_at: agreed(self.created_at, &other.created_at),
            password: agreed(self.password, &other.password),
            password_last_used: agreed(self.password_last_used, &other.password_last_used),
            password_last_changed: agreed(self.password_last_changed, &other.password_last_changed),
            mfa: agreed(self.mfa, &other.mfa),
            access_keys: agreed(self.access_keys, &other.access_keys),
            signing_certificate: agreed(self.signing_certificate, &other.signing_certificate),
        }
    }
}

impl RootRow {
    /// Returns a row that says nothing.
    pub(super) fn unsaid(why: &str, arn: Option<Arn>) -> Self {
        let unsaid = Unsaid {
            reason: GapReason::Malformed,
            detail: why.to_owned(),
        };
        Self {
            arn,
            password: Err(unsaid.clone()),
            mfa: Err(unsaid.clone()),
            access_key: Err(unsaid.clone()),
            signing_certificate: Err(unsaid.clone()),
            password_last_used: Err(unsaid.clone()),
            access_key_last_used: Err(unsaid),
        }
    }

    /// Joins two rows: what agrees stands, what differs is a gap.
    pub(super) fn merge(self, other: &Self) -> Self {
        Self {
            arn: self.arn.or_else(|| other.arn.clone()),
            password: agreed(self.password, &other.password),
            mfa: agreed(self.mfa, &other.mfa),
            access_key: agreed(self.access_key, &other.access_key),
            signing_certificate: agreed(self.signing_certificate, &other.signing_certificate),
            password_last_used: agreed(self.password_last_used, &other.password_last_used),
            access_key_last_used: agreed(self.access_key_last_used, &other.access_key_last_used),
        }
    }
}

fn agreed<T: Eq>(first: Said<T>, second: &Said<T>) -> Said<T> {
    if first == *second {
        return first;
    }
    let detail = "two rows of the report differ".to_owned();
    Err(Unsaid {
        reason: GapReason::Contradictory,
        detail,
    })
}

/// The columns that are read. Their names are AWS's.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Column {
    User,
    Arn,
    UserCreationTime,
    PasswordEnabled,
    PasswordLastUsed,
    PasswordLastChanged,
    MfaActive,
    AccessKey1Active,
    AccessKey1LastRotated,
    AccessKey1LastUsedDate,
    AccessKey2Active,
    AccessKey2LastRotated,
    AccessKey2LastUsedDate,
    Cert1Active,
    Cert2Active,
    AdditionalCredentialsInfo,
}

impl Column {
    const ALL: [Self; 16] = [
        Self::User,
        Self::Arn,
        Self::UserCreationTime,
        Self::PasswordEnabled,
        Self::PasswordLastUsed,
        Self::PasswordLastChanged,
        Self::MfaActive,
        Self::AccessKey1Active,
        Self::AccessKey1LastRotated,
        Self::AccessKey1LastUsedDate,
        Self::AccessKey2Active,
        Self::AccessKey2LastRotated,
        Self::AccessKey2LastUsedDate,
        Self::Cert1Active,
        Self::Cert2Active,
        Self::AdditionalCredentialsInfo,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Arn => "arn",
            Self::UserCreationTime => "user_creation_time",
            Self::PasswordEnabled => "password_enabled",
            Self::PasswordLastUsed => "password_last_used",
            Self::PasswordLastChanged => "password_last_changed",
            Self::MfaActive => "mfa_active",
            Self::AccessKey1Active => "access_key_1_active",
            Self::AccessKey1LastRotated => "access_key_1_last_rotated",
            Self::AccessKey1LastUsedDate => "access_key_1_last_used_date",
            Self::AccessKey2Active => "access_key_2_active",
            Self::AccessKey2LastRotated => "access_key_2_last_rotated",
            Self::AccessKey2LastUsedDate => "access_key_2_last_used_date",
            Self::Cert1Active => "cert_1_active",
            Self::Cert2Active => "cert_2_active",
            Self::AdditionalCredentialsInfo => "additional_credentials_info",
        }
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Where each column is. A name that occurs twice counts where it occurs first.
pub(super) struct Columns {
    len: usize,
    positions: [Option<usize>; Column::ALL.len()],
}

impl Columns {
    pub(super) fn of(header: &StringRecord) -> Result<Self, ReportError> {
        let names: Vec<_> = header
            .iter()
            .map(|it| it.trim().to_ascii_lowercase())
            .collect();
        let position = |column: Column| names.iter().position(|it| it == column.name());
        let columns = Self {
            len: names.len(),
            positions: Column::ALL.map(position),
        };
        for needed in [Column::User, Column::MfaActive] {
            if columns.position(needed).is_none() {
                return Err(ReportError::NoColumn(needed.name()));
            }
        }
        Ok(columns)
    }

    pub(super) const fn len(&self) -> usize {
        self.len
    }

    pub(super) fn name<'r>(&self, row: &'r StringRecord) -> Option<&'r str> {
        self.cell(row, Column::User).ok().map(str::trim)
    }

    pub(super) fn arn<'r>(&self, row: &'r StringRecord) -> Option<&'r str> {
        self.cell(row, Column::Arn).ok()
    }

    pub(super) fn user(&self, row: &StringRecord, arn: Option<Arn>) -> UserRow {
        UserRow {
            name: self.name(row).unwrap_or_default().to_owned(),
            arn,
            created_at: self.time(row, Column::UserCreationTime),
            password: self.user_password(row),
            password_last_used: self.last_use(row, Column::PasswordLastUsed),
            password_last_changed: self.last_change(row),
            mfa: self.mfa(row),
            access_keys: self.access_keys(row),
            signing_certificate: self.user_certificate(row),
        }
    }

    pub(super) fn root(&self, row: &StringRecord, arn: Option<Arn>) -> RootRow {
        RootRow {
            arn,
            password: match self.token(row, Column::PasswordEnabled) {
                Ok(Token::NotSupported) => Ok(RootPassword::NotSupported),
                other => yes_or_no(
                    other,
                    Column::PasswordEnabled,
                    RootPassword::Set,
                    RootPassword::NotSet,
                ),
            },
            mfa: self.mfa(row),
            access_key: self.any_of(row, [Column::AccessKey1Active, Column::AccessKey2Active]),
            signing_certificate: self.any_of(row, [Column::Cert1Active, Column::Cert2Active]),
            password_last_used: self.last_use(row, Column::PasswordLastUsed),
            access_key_last_used: self.keys_last_use(row),
        }
    }

    /// For a user, `not_supported` is the report's word that there is no password to sign in with.
    fn user_password(&self, row: &StringRecord) -> Said<ConsolePassword> {
        match self.token(row, Column::PasswordEnabled) {
            Ok(Token::NotSupported) => Ok(ConsolePassword::NotSet),
            other => yes_or_no(
                other,
                Column::PasswordEnabled,
                ConsolePassword::Set,
                ConsolePassword::NotSet,
            ),
        }
    }

    fn mfa(&self, row: &StringRecord) -> Said<MfaStatus> {
        let token = self.token(row, Column::MfaActive);
        yes_or_no(
            token,
            Column::MfaActive,
            MfaStatus::Enabled,
            MfaStatus::NotEnabled,
        )
    }

    /// One that is active decides; only all being inactive decides otherwise.
    fn any_of(&self, row: &StringRecord, columns: [Column; 2]) -> Said<Presence> {
        let [first, second] = columns
            .map(|it| yes_or_no(self.token(row, it), it, Presence::Present, Presence::Absent));
        match (first, second) {
            (Ok(Presence::Present), _) | (_, Ok(Presence::Present)) => Ok(Presence::Present),
            (Ok(Presence::Absent), other) | (other, Ok(Presence::Absent)) => other,
            (Err(unsaid), Err(_)) => Err(unsaid),
        }
    }

    /// The guide's 23rd column counts keys and certificates beyond the two that have columns.
    fn no_more(&self, row: &StringRecord, what: &str) -> Said<()> {
        match self.cell(row, Column::AdditionalCredentialsInfo) {
            Ok(more) if !is_no_time(more.trim()) => Err(not_in_evidence(format!(
                "the report has columns for two {what} only: {more}"
            ))),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// One that is active is enough; that none of two is says nothing of more.
    fn user_certificate(&self, row: &StringRecord) -> Said<Presence> {
        let of_two = self.any_of(row, [Column::Cert1Active, Column::Cert2Active])?;
        if of_two == Presence::Absent {
            self.no_more(row, "certificates")?;
        }
        Ok(of_two)
    }

    fn access_keys(&self, row: &StringRecord) -> Said<Vec<SaidKey>> {
        self.no_more(row, "keys")?;
        let mut keys = Vec::new();
        for [active, rotated, used] in [
            [
                Column::AccessKey1Active,
                Column::AccessKey1LastRotated,
                Column::AccessKey1LastUsedDate,
            ],
            [
                Column::AccessKey2Active,
                Column::AccessKey2LastRotated,
                Column::AccessKey2LastUsedDate,
            ],
        ] {
            let token = self.token(row, active);
            let status = yes_or_no(
                token,
                active,
                AccessKeyStatus::Active,
                AccessKeyStatus::Inactive,
            )?;
            // "false" with a date is a key that is switched off; without one there is no key.
            let absent = status == AccessKeyStatus::Inactive && self.holds_no_time(row, rotated);
            let created_at = if absent {
                continue;
            } else {
                self.time(row, rotated)
            };
            if status == AccessKeyStatus::Active || created_at.is_ok() {
                keys.push(SaidKey {
                    id: None,
                    status,
                    created_at,
                    last_used: self.last_use(row, used),
                });
            }
        }
        Ok(keys)
    }

    /// AWS has no record of it where it says so, as it does of what was never changed.
    fn last_change(&self, row: &StringRecord) -> Said<Option<Timestamp>> {
        match self.cell(row, Column::PasswordLastChanged)?.trim() {
            "no_information" | "N/A" | "not_supported" => Ok(None),
            text => time(text, Column::PasswordLastChanged).map(Some),
        }
    }

    /// The later of the two; a key that was never used, or is not there, was not used.
    fn keys_last_use(&self, row: &StringRecord) -> Said<LastUse> {
        let mut latest = None;
        for column in [
            Column::AccessKey1LastUsedDate,
            Column::AccessKey2LastUsedDate,
        ] {
            if let LastUse::At(at) = self.last_use(row, column)? {
                latest = latest.max(Some(at));
            }
        }
        Ok(latest.map_or(LastUse::NeverRecorded, LastUse::At))
    }

    fn last_use(&self, row: &StringRecord, column: Column) -> Said<LastUse> {
        match self.cell(row, column)?.trim() {
            "no_information" | "N/A" => Ok(LastUse::NeverRecorded),
            text => time(text, column).map(LastUse::At),
        }
    }

    /// Tells whether a cell says that there is no time, which is cheaper to ask than why.
    fn holds_no_time(&self, row: &StringRecord, column: Column) -> bool {
        let cell = self.position(column).and_then(|it| row.get(it));
        cell.is_some_and(|it| is_no_time(it.trim()))
    }

    fn time(&self, row: &StringRecord, column: Column) -> Said<Timestamp> {
        time(self.cell(row, column)?, column)
    }

    fn token(&self, row: &StringRecord, column: Column) -> Said<Token> {
        let text = self.cell(row, column)?.trim();
        Ok(match text.to_ascii_lowercase().as_str() {
            "true" => Token::True,
            "false" => Token::False,
            "not_supported" => Token::NotSupported,
            "no_information" | "n/a" | "" => Token::Nothing,
            _ => {
                let detail =
                    format!("column `{column}` holds `{text}`, which is neither true nor false");
                return Err(Unsaid {
                    reason: GapReason::Malformed,
                    detail,
                });
            }
        })
    }

    fn cell<'r>(&self, row: &'r StringRecord, column: Column) -> Said<&'r str> {
        let cell = self.position(column).and_then(|it| row.get(it));
        cell.ok_or_else(|| not_in_evidence(format!("the report has no column `{column}`")))
    }

    fn position(&self, column: Column) -> Option<usize> {
        self.positions.get(column as usize).copied().flatten()
    }
}

/// What a boolean column may hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Token {
    True,
    False,
    NotSupported,
    Nothing,
}

fn yes_or_no<T>(token: Said<Token>, column: Column, yes: T, no: T) -> Said<T> {
    match token? {
        Token::True => Ok(yes),
        Token::False => Ok(no),
        Token::NotSupported => Err(not_in_evidence(format!(
            "column `{column}` says not_supported"
        ))),
        Token::Nothing => Err(not_in_evidence(format!("column `{column}` says nothing"))),
    }
}

fn time(text: &str, column: Column) -> Said<Timestamp> {
    match text.trim() {
        nothing if is_no_time(nothing) => {
            Err(not_in_evidence(format!("column `{column}` holds no time")))
        }
        text => text
            .parse()
            .map_err(|error: model::InvalidTimestamp| Unsaid {
                reason: GapReason::Malformed,
                detail: format!("column `{column}`: {error}"),
            }),
    }
}

fn is_no_time(text: &str) -> bool {
    matches!(text, "" | "N/A" | "no_information" | "not_supported")
}

const fn not_in_evidence(detail: String) -> Unsaid {
    Unsaid {
        reason: GapReason::NotInEvidence,
        detail,
    }
}
