//! An IAM user's facts: from the credential report, the lists of users and virtual devices, and live reads.

use model::{
    AccessKey, AccessKeyStatus, Arn, ConsolePassword, Dataset, Fact, FidoCertifications, Gap,
    GapReason, IamUser, LastUse, Listing, MfaDevice, MfaStatus, ObservationId, Presence,
    ServiceSpecificCredential, Source, Timestamp,
};

use super::{
    Answer, Builder, UserReads,
    authorization::Directory,
    root_user::say_presence,
    settle::{Changed, Given, Question},
};
use crate::{
    calls::list_users::ListedUser,
    credential_report::{Said, SaidKey, Unsaid, UserRow},
};

pub(super) fn iam_user<'a>(
    builder: &mut Builder<'a>,
    directory: &Directory<'a>,
    name: &str,
    listed: Option<&ListedUser>,
) -> IamUser {
    let answers = builder.answers;
    let row = answers
        .report
        .as_ref()
        .ok()
        .and_then(|it| it.value.users.get(name));
    let row = row.filter(|row| {
        is_same_user(
            row,
            listed,
            answers.report.as_ref().ok().and_then(|it| it.at),
        )
    });
    let unread = UserReads::default();
    let reads = answers.reads.get(name).unwrap_or(&unread);
    let account = &builder.record.account;
    let arn = listed.map(|it| it.arn.clone()).or_else(|| row?.arn.clone());
    let arn = arn.unwrap_or_else(|| Arn::iam_user(&account.partition, &account.id, name));
    let virtual_devices: Vec<_> = answers
        .virtual_devices
        .items
        .iter()
        .filter(|it| it.owner == arn)
        .map(|it| it.device.clone())
        .collect();

    let (password, password_changed) = builder.password(row, reads);
    let (mfa, mfa_changed) = builder.mfa(row, reads, &virtual_devices);
    let (access_keys, keys_changed) = builder.access_keys(row, reads);
    if [password_changed, mfa_changed, keys_changed].contains(&Changed::Yes) {
        builder.changed.insert(name.to_owned());
    }
    let who = (name, &arn);
    IamUser {
        name: name.into(),
        direct_policies: builder.direct_policies(directory, who, listed),
        administrator_access: builder.administrator_access(directory, who, listed),
        policies: builder.user_policies(directory, who, listed),
        created_at: builder.created_at(row, listed),
        password_last_used: builder.password_last_used(row, listed),
        mfa_devices: builder.mfa_devices(reads, virtual_devices, &mfa),
        fido_certifications: builder.fido_certifications(reads),
        arn,
        password,
        password_last_changed: builder.password_last_changed(row),
        mfa,
        access_keys,
        signing_certificate: builder.signing_certificate(row, reads),
        service_specific_credentials: builder.service_specific_credentials(reads),
    }
}

/// A user that was created after the report was made, or anew under the name of a former one, is not the row's.
fn is_same_user(row: &UserRow, listed: Option<&ListedUser>, report_at: Option<Timestamp>) -> bool {
    let Some(created) = listed.and_then(|it| it.created_at) else {
        return true;
    };
    let another = row.created_at.as_ref().is_ok_and(|it| *it != created);
    !another && report_at.is_none_or(|it| created <= it)
}

impl Builder<'_> {
    fn fido_certifications(&mut self, reads: &UserReads) -> Option<Fact<Vec<FidoCertifications>>> {
        Some(match reads.certifications.as_ref()? {
            Ok(read) => {
                let observation = self.observed(Source::GetMfaDevice, read.at);
                Fact::Known(read.value.clone(), observation)
            }
            Err(trouble) => self.unknown(trouble.gap(Dataset::FidoCertifications)),
        })
    }

    fn password(
        &mut self,
        row: Option<&UserRow>,
        reads: &UserReads,
    ) -> (Fact<ConsolePassword>, Changed) {
        let dataset = Dataset::LoginProfiles;
        let question = Question {
            dataset,
            report: self.reported(dataset, row.map(|it| it.password.clone())),
            live: live(
                dataset,
                Source::GetLoginProfile,
                reads.login_profile.as_ref(),
                |it| *it,
            ),
            // With a password a user fails one rule, without it another.
            outlives: |_| false,
            same: ConsolePassword::eq,
            say: say_password,
        };
        self.settle(question)
    }

    fn mfa(
        &mut self,
        row: Option<&UserRow>,
        reads: &UserReads,
        virtual_devices: &[MfaDevice],
    ) -> (Fact<MfaStatus>, Changed) {
        let dataset = Dataset::MfaStatus;
        let status = |devices: &Vec<MfaDevice>| {
            if devices.is_empty() {
                MfaStatus::NotEnabled
            } else {
                MfaStatus::Enabled
            }
        };
        let read = live(
            dataset,
            Source::ListMfaDevices,
            reads.mfa_devices.as_ref(),
            status,
        );
        // A virtual device says that MFA is enabled; that there is none says nothing.
        let listed = (!virtual_devices.is_empty()).then(|| {
            let (value, source) = (MfaStatus::Enabled, Source::ListVirtualMfaDevices);
            Ok(Given {
                value,
                source,
                at: self.answers.virtual_devices.at,
            })
        });
        let question = Question {
            dataset,
            report: self.reported(dataset, row.map(|it| it.mfa.clone())),
            live: match (read, listed) {
                (Some(Err(_)), Some(listed)) => Some(listed),
                (read, listed) => read.or(listed),
            },
            outlives: |it| *it == MfaStatus::Enabled,
            same: MfaStatus::eq,
            say: say_mfa,
        };
        self.settle(question)
    }

    fn access_keys(
        &mut self,
        row: Option<&UserRow>,
        reads: &UserReads,
    ) -> (Fact<Vec<AccessKey>>, Changed) {
        let dataset = Dataset::AccessKeys;
        let question = Question {
            dataset,
            report: self.reported(dataset, row.map(|it| it.access_keys.clone())),
            live: live(
                dataset,
                Source::ListAccessKeys,
                reads.access_keys.as_ref(),
                Clone::clone,
            ),
            outlives: |it| active(it) == 0,
            same: |old, new| (active(old), old.len()) == (active(new), new.len()),
            say: |it| format!("{} active of {}", active(it), it.len()),
        };
        let (keys, changed) = self.settle(question);
        let keys = match keys {
            Fact::Unknown(gap) => Fact::Unknown(gap),
            Fact::Known(keys, observation) => {
                let keys = keys.into_iter().map(|it| AccessKey {
                    last_used: self.key_use(&it, observation, row, reads),
                    id: it.id,
                    status: it.status,
                    created_at: self.said(dataset, it.created_at, observation),
                });
                Fact::Known(keys.collect(), observation)
            }
        };
        (keys, changed)
    }

    /// Returns what a source that was settled on says in particular.
    fn said<T>(&mut self, dataset: Dataset, said: Said<T>, by: ObservationId) -> Fact<T> {
        match said {
            Ok(value) => Fact::Known(value, by),
            Err(unsaid) if unsaid.reason == GapReason::NotRequested => Fact::unasked(dataset),
            Err(unsaid) => {
                let source = self.record.observation(by).map(|it| it.source.to_string());
                self.unknown(Gap {
                    operation: source.unwrap_or_default(),
                    detail: unsaid.detail,
                    ..Gap::new(dataset, unsaid.reason)
                })
            }
        }
    }

    fn created_at(
        &mut self,
        row: Option<&UserRow>,
        listed: Option<&ListedUser>,
    ) -> Fact<Timestamp> {
        if let Some(created) = listed.and_then(|it| it.created_at) {
            let (source, at) = self.listed_by();
            return Fact::Known(created, self.observed(source, at));
        }
        match self.reported(Dataset::IamUsers, row.map(|it| it.created_at.clone())) {
            Ok(given) => Fact::Known(given.value, self.observed(given.source, given.at)),
            Err(gap) => self.unknown(gap),
        }
    }

    /// `PasswordLastUsed` of `ListUsers` is missing for many reasons, and says something only where it is there.
    fn password_last_used(
        &mut self,
        row: Option<&UserRow>,
        listed: Option<&ListedUser>,
    ) -> Fact<LastUse> {
        if let Some(used) = listed.and_then(|it| it.password_last_used) {
            return Fact::Known(
                LastUse::At(used),
                self.observed(Source::ListUsers, self.answers.users.at),
            );
        }
        match self.reported(
            Dataset::PasswordUse,
            row.map(|it| it.password_last_used.clone()),
        ) {
            Ok(given) => Fact::Known(given.value, self.observed(given.source, given.at)),
            Err(gap) => self.unknown(gap),
        }
    }

    /// What a report says of a password that was changed since is not of this password; but then it is new.
    fn password_last_changed(&mut self, row: Option<&UserRow>) -> Fact<Option<Timestamp>> {
        let said = row.map(|it| it.password_last_changed.clone());
        match self.reported(Dataset::PasswordUse, said) {
            Ok(given) => Fact::Known(given.value, self.observed(given.source, given.at)),
            Err(gap) => self.unknown(gap),
        }
    }

    fn signing_certificate(&mut self, row: Option<&UserRow>, reads: &UserReads) -> Fact<Presence> {
        let dataset = Dataset::SigningCertificates;
        let any_active = |all: &Vec<AccessKeyStatus>| {
            if all.contains(&AccessKeyStatus::Active) {
                Presence::Present
            } else {
                Presence::Absent
            }
        };
        let question = Question {
            dataset,
            report: self.reported(dataset, row.map(|it| it.signing_certificate.clone())),
            live: live(
                dataset,
                Source::ListSigningCertificates,
                reads.signing_certificates.as_ref(),
                any_active,
            ),
            outlives: |it| *it == Presence::Absent,
            same: Presence::eq,
            say: say_presence,
        };
        self.settle(question).0
    }

    fn service_specific_credentials(
        &mut self,
        reads: &UserReads,
    ) -> Fact<Vec<ServiceSpecificCredential>> {
        let dataset = Dataset::ServiceSpecificCredentials;
        match &reads.service_specific_credentials {
            None => Fact::unasked(dataset),
            Some(Ok(read)) => {
                let observation = self.observed(Source::ListServiceSpecificCredentials, read.at);
                Fact::Known(read.value.clone(), observation)
            }
            Some(Err(trouble)) => self.unknown(trouble.gap(dataset)),
        }
    }

    /// When a key was last used: as it was asked now, else as the report says of the key that was created then.
    fn key_use(
        &mut self,
        key: &SaidKey,
        by: ObservationId,
        row: Option<&UserRow>,
        reads: &UserReads,
    ) -> Fact<LastUse> {
        let dataset = Dataset::AccessKeyUse;
        if let (Some(id), Some(asked)) = (&key.id, &reads.key_use) {
            match asked {
                Ok(read) => {
                    if let Some(last_use) = read.value.get(id) {
                        let observation = self.observed(Source::GetAccessKeyLastUsed, read.at);
                        return Fact::Known(*last_use, observation);
                    }
                }
                Err(trouble) if key.status == AccessKeyStatus::Active => {
                    return self.unknown(trouble.gap(dataset));
                }
                Err(_) => {}
            }
        }
        if key.id.is_none() {
            return self.said(dataset, key.last_used.clone(), by);
        }
        let reported = row.and_then(|it| it.access_keys.as_ref().ok());
        let same = |it: &&SaidKey| it.created_at.is_ok() && it.created_at == key.created_at;
        let mut known = reported.into_iter().flatten().filter(same);
        match (known.next(), known.next(), &self.answers.report) {
            (Some(of_report), None, Ok(report)) => {
                let by = self.observed(Source::GetCredentialReport, report.at);
                self.said(dataset, of_report.last_used.clone(), by)
            }
            _ => Fact::unasked(dataset),
        }
    }

    fn mfa_devices(
        &mut self,
        reads: &UserReads,
        virtual_devices: Vec<MfaDevice>,
        mfa: &Fact<MfaStatus>,
    ) -> Listing<MfaDevice> {
        let dataset = Dataset::MfaDevices;
        let gap = match &reads.mfa_devices {
            Some(Ok(read)) => {
                let observation = self.observed(Source::ListMfaDevices, read.at);
                return Listing::whole(read.value.clone(), observation);
            }
            Some(Err(trouble)) => trouble.gap(dataset),
            None => Gap::new(dataset, GapReason::NotRequested),
        };
        if let Fact::Known(MfaStatus::NotEnabled, observation) = mfa {
            return Listing::whole(Vec::new(), *observation);
        }
        let at = self.answers.virtual_devices.at;
        let seen = !virtual_devices.is_empty();
        let observation = seen.then(|| self.observed(Source::ListVirtualMfaDevices, at));
        Listing {
            items: virtual_devices,
            observation,
            gap: Some(self.record.missing(gap)),
        }
    }

    /// Returns what the report says of a user, or the gap.
    fn reported<T>(&self, dataset: Dataset, said: Option<Said<T>>) -> Result<Given<T>, Gap> {
        let report = self
            .answers
            .report
            .as_ref()
            .map_err(|trouble| trouble.gap(dataset))?;
        let said = said.unwrap_or_else(|| Err(no_row()));
        let given = |value| Given {
            value,
            source: Source::GetCredentialReport,
            at: report.at,
        };
        said.map(given)
            .map_err(|unsaid| Self::unsaid(dataset, &unsaid))
    }
}

/// Returns what a read of the user alone says, or why it failed; `None` if it was not made.
fn live<T, U>(
    dataset: Dataset,
    source: Source,
    answer: Option<&Answer<T>>,
    map: impl Fn(&T) -> U,
) -> Option<Result<Given<U>, Gap>> {
    let given = |it: &super::Timed<T>| Given {
        value: map(&it.value),
        source,
        at: it.at,
    };
    Some(
        answer?
            .as_ref()
            .map(given)
            .map_err(|trouble| trouble.gap(dataset)),
    )
}

fn no_row() -> Unsaid {
    let detail = "the report has no row of this user, who was created since".to_owned();
    Unsaid {
        reason: GapReason::NotInEvidence,
        detail,
    }
}

fn active(keys: &[SaidKey]) -> usize {
    keys.iter()
        .filter(|it| it.status == AccessKeyStatus::Active)
        .count()
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "a `Question` compares and writes values by reference"
)]
pub(super) fn say_password(it: &ConsolePassword) -> String {
    match it {
        ConsolePassword::Set => "a password is set",
        ConsolePassword::NotSet => "no password is set",
    }
    .to_owned()
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "a `Question` compares and writes values by reference"
)]
pub(super) fn say_mfa(it: &MfaStatus) -> String {
    match it {
        MfaStatus::Enabled => "MFA is enabled",
        MfaStatus::NotEnabled => "MFA is not enabled",
    }
    .to_owned()
}
