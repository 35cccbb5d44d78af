//! The root user's facts: from a session of its own where there was one, else from the account summary, the credential
//! report, and the list of virtual devices.

use model::{
    ConsolePassword, Dataset, Fact, Gap, GapReason, LastUse, Listing, MfaDevice, MfaDeviceKind,
    MfaStatus, Presence, RootUser, Source,
};

use super::{
    Answer, Builder,
    iam_user::{say_mfa, say_password},
    lacks,
    settle::{Given, Question},
};
use crate::{
    calls::get_account_summary::AccountSummary,
    credential_report::{RootPassword, RootRow, Said, Unsaid},
};

pub(super) fn root_user(builder: &mut Builder<'_>) -> RootUser {
    let own = builder.answers.root.as_ref();
    let password = builder.root_fact(
        Dataset::RootCredentials,
        ("AccountPasswordPresent", |it| it.password),
        root_password,
        password_of,
        say_password,
    );
    let password = builder.own_word(
        own.map(|it| &it.password),
        Source::GetLoginProfile,
        password,
    );
    let access_key = builder.root_fact(
        Dataset::RootCredentials,
        ("AccountAccessKeysPresent", |it| it.access_keys),
        |row, _| row.access_key.clone(),
        presence_of,
        say_presence,
    );
    let access_key = builder.own_word(
        own.map(|it| &it.access_key),
        Source::ListAccessKeys,
        access_key,
    );
    let signing_certificate = builder.root_fact(
        Dataset::RootCredentials,
        ("AccountSigningCertificatesPresent", |it| {
            it.signing_certificates
        }),
        |row, _| row.signing_certificate.clone(),
        presence_of,
        say_presence,
    );
    let signing_certificate = builder.own_word(
        own.map(|it| &it.signing_certificate),
        Source::ListSigningCertificates,
        signing_certificate,
    );
    let password_last_used = builder.root_use(|row| &row.password_last_used);
    let access_key_last_used = builder.root_use(|row| &row.access_key_last_used);
    if let Some(Ok(devices)) = own.map(|it| &it.mfa_devices) {
        let observation = builder.observed(Source::ListMfaDevices, devices.at);
        let status = if devices.value.is_empty() {
            MfaStatus::NotEnabled
        } else {
            MfaStatus::Enabled
        };
        return RootUser {
            password,
            access_key,
            signing_certificate,
            mfa: Fact::Known(status, observation),
            mfa_devices: Listing::whole(sorted(devices.value.clone()), observation),
            password_last_used,
            access_key_last_used,
            virtual_mfa_device: Fact::Known(virtual_among(&devices.value), observation),
        };
    }
    let mfa = builder.root_fact(
        Dataset::RootMfa,
        ("AccountMFAEnabled", |it| it.mfa),
        |row, _| row.mfa.clone(),
        mfa_of,
        say_mfa,
    );
    let devices = builder.root_virtual_devices();
    let mfa = builder.with_devices(mfa, &devices);
    let virtual_mfa_device = builder.virtual_mfa_device(&mfa, &devices);
    let mfa_devices = builder.root_devices(&mfa, devices);
    RootUser {
        password,
        access_key,
        signing_certificate,
        password_last_used,
        access_key_last_used,
        mfa,
        virtual_mfa_device,
        mfa_devices,
    }
}

fn sorted(mut devices: Vec<MfaDevice>) -> Vec<MfaDevice> {
    devices.sort();
    devices
}

fn virtual_among(devices: &[MfaDevice]) -> Presence {
    if devices
        .iter()
        .any(|it| it.kind == MfaDeviceKind::VirtualTotp)
    {
        Presence::Present
    } else {
        Presence::Absent
    }
}

/// A key of the account summary, and how to get it.
type SummaryKey = (&'static str, fn(&AccountSummary) -> Option<i32>);

impl Builder<'_> {
    /// Returns what a session of the root user says, which comes before any other witness; else what they say.
    fn own_word<T: Copy>(
        &mut self,
        own: Option<&Answer<T>>,
        source: Source,
        others: Fact<T>,
    ) -> Fact<T> {
        match own {
            Some(Ok(said)) => Fact::Known(said.value, self.observed(source, said.at)),
            Some(Err(_)) | None => others,
        }
    }

    fn root_fact<T: Copy + PartialEq>(
        &mut self,
        dataset: Dataset,
        (key, get): SummaryKey,
        reported: impl Fn(&RootRow, &str) -> Said<T>,
        of_count: fn(i32) -> T,
        say: fn(&T) -> String,
    ) -> Fact<T> {
        let report = match &self.answers.report {
            Err(trouble) => Err(trouble.gap(dataset)),
            Ok(report) => match &report.value.root {
                Some(row) => reported(row, self.record.account.partition.as_str())
                    .map(|value| Given {
                        value,
                        source: Source::GetCredentialReport,
                        at: report.at,
                    })
                    .map_err(|unsaid| Self::unsaid(dataset, &unsaid)),
                None => Err(Self::unsaid(dataset, &no_root_row())),
            },
        };
        let live = match &self.answers.summary {
            // Without a summary the report's own gap says more, unless there is no report either.
            Err(trouble) if report.is_err() && self.answers.report.is_err() => {
                Some(Err(trouble.gap(dataset)))
            }
            Err(_) => None,
            Ok(summary) => match get(&summary.value) {
                Some(count) => {
                    let (value, source) = (of_count(count), Source::GetAccountSummary);
                    Some(Ok(Given {
                        value,
                        source,
                        at: summary.at,
                    }))
                }
                None if report.is_err() => Some(Err(lacks(dataset, key))),
                None => None,
            },
        };
        let question = Question {
            dataset,
            report,
            live,
            outlives: |_| true,
            same: T::eq,
            say,
        };
        self.settle(question).0
    }

    /// Returns the virtual devices whose owner is exactly this account's root user. The device's name says nothing:
    /// a user's may be called `root-account-mfa-device`, and the root user's anything.
    fn root_virtual_devices(&self) -> Vec<MfaDevice> {
        let root = self.record.root_user_arn();
        let devices = self.answers.virtual_devices.items.iter();
        devices
            .filter(|it| it.owner == root)
            .map(|it| it.device.clone())
            .collect()
    }

    /// When a credential was last used, of which the report alone tells.
    fn root_use(&mut self, of: fn(&RootRow) -> &Said<LastUse>) -> Fact<LastUse> {
        let dataset = Dataset::RootUse;
        let report = match &self.answers.report {
            Ok(report) => report,
            Err(trouble) => return self.unknown(trouble.gap(dataset)),
        };
        let said = match &report.value.root {
            Some(row) => of(row).clone(),
            None => Err(no_root_row()),
        };
        match said {
            Ok(last_use) => {
                let observation = self.observed(Source::GetCredentialReport, report.at);
                Fact::Known(last_use, observation)
            }
            Err(unsaid) => self.unknown(Self::unsaid(dataset, &unsaid)),
        }
    }

    /// Whether an authenticator app is among the root user's devices: the list of all apps tells, if it is whole.
    fn virtual_mfa_device(
        &mut self,
        mfa: &Fact<MfaStatus>,
        devices: &[MfaDevice],
    ) -> Fact<Presence> {
        let dataset = Dataset::RootVirtualMfaDevices;
        let at = self.answers.virtual_devices.at;
        if !devices.is_empty() {
            let observation = self.observed(Source::ListVirtualMfaDevices, at);
            return Fact::Known(Presence::Present, observation);
        }
        if let Fact::Known(MfaStatus::NotEnabled, observation) = mfa {
            return Fact::Known(Presence::Absent, *observation);
        }
        match &self.answers.virtual_devices.missing {
            None => {
                let observation = self.observed(Source::ListVirtualMfaDevices, at);
                Fact::Known(Presence::Absent, observation)
            }
            Some(trouble) => self.unknown(trouble.gap(dataset)),
        }
    }

    /// A virtual device of the root user says that MFA is enabled. That there is none says nothing.
    fn with_devices(&mut self, mfa: Fact<MfaStatus>, devices: &[MfaDevice]) -> Fact<MfaStatus> {
        if devices.is_empty() || mfa.known() == Some(&MfaStatus::Enabled) {
            return mfa;
        }
        let at = self.answers.virtual_devices.at;
        let denied = mfa.observation().and_then(|it| self.record.observation(it));
        let contradicts =
            |it: &model::Observation| it.source.is_live() || !self.is_later(at, it.at);
        if let Some(denied) = denied.filter(contradicts) {
            let detail = format!(
                "{} says the root user has no MFA, ListVirtualMFADevices lists a device of it",
                denied.source
            );
            let gap = Gap {
                detail,
                ..Gap::new(Dataset::RootMfa, GapReason::Contradictory)
            };
            return self.unknown(gap);
        }
        Fact::Known(
            MfaStatus::Enabled,
            self.observed(Source::ListVirtualMfaDevices, at),
        )
    }

    fn root_devices(&mut self, mfa: &Fact<MfaStatus>, items: Vec<MfaDevice>) -> Listing<MfaDevice> {
        let dataset = Dataset::RootMfaDevices;
        if let Fact::Known(MfaStatus::NotEnabled, observation) = mfa {
            return Listing::whole(Vec::new(), *observation);
        }
        let own = self.answers.root.as_ref();
        let gap = if let Some(trouble) = own.and_then(|it| it.mfa_devices.as_ref().err()) {
            trouble.gap(dataset)
        } else if let Some(trouble) = &self.answers.virtual_devices.missing {
            trouble.gap(dataset)
        } else {
            let detail =
                "passkeys and hardware tokens of a root user are shown to the root user alone";
            Gap {
                detail: detail.to_owned(),
                ..Gap::new(dataset, GapReason::NotVisible)
            }
        };
        let at = self.answers.virtual_devices.at;
        let observation =
            (!items.is_empty()).then(|| self.observed(Source::ListVirtualMfaDevices, at));
        Listing {
            items,
            observation,
            gap: Some(self.record.missing(gap)),
        }
    }
}

fn root_password(row: &RootRow, partition: &str) -> Said<ConsolePassword> {
    match row.password.clone()? {
        RootPassword::Set => Ok(ConsolePassword::Set),
        RootPassword::NotSet => Ok(ConsolePassword::NotSet),
        RootPassword::NotSupported if partition == "aws" => Ok(ConsolePassword::Set),
        RootPassword::NotSupported => {
            let detail = format!(
                "the report says not_supported, which means nothing in partition {partition}"
            );
            Err(Unsaid {
                reason: GapReason::NotInEvidence,
                detail,
            })
        }
    }
}

fn no_root_row() -> Unsaid {
    let detail = "the report has no row of the root user".to_owned();
    Unsaid {
        reason: GapReason::NotInEvidence,
        detail,
    }
}

const fn password_of(count: i32) -> ConsolePassword {
    if count > 0 {
        ConsolePassword::Set
    } else {
        ConsolePassword::NotSet
    }
}

const fn presence_of(count: i32) -> Presence {
    if count > 0 {
        Presence::Present
    } else {
        Presence::Absent
    }
}

const fn mfa_of(count: i32) -> MfaStatus {
    if count > 0 {
        MfaStatus::Enabled
    } else {
        MfaStatus::NotEnabled
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "a `Question` compares and writes values by reference"
)]
pub(super) fn say_presence(it: &Presence) -> String {
    match it {
        Presence::Present => "there is one",
        Presence::Absent => "there is none",
    }
    .to_owned()
}
