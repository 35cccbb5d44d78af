//! An account of which everything is known, and ways to hide it.

use model::{
    AccessKey, AccessKeyStatus, Account, AccountKind, AccountState, AdministratorAccess,
    ConsolePassword, Dataset, Fact, FeatureState, Gap, GapId, GapReason, IamUser, LastUse, Listing,
    MfaDevice, MfaStatus, Observation, ObservationId, OrganizationFeatures, Partition,
    PasswordPolicy, Presence, Record, Scope, ServiceSpecificCredential, Source, Timestamp,
    snapshot::IdentityCenter,
};

use crate::{Expression, Facts, Subject, SubjectKind};

const NOW: i64 = 1_795_521_600;
const SEEN: ObservationId = ObservationId(0);

/// An account of which everything is known.
#[derive(Clone)]
pub(super) struct Stage {
    pub(super) record: Record,
    pub(super) now: Option<Timestamp>,
    pub(super) identity_center: IdentityCenter,
}

fn time(seconds_ago: i64) -> Timestamp {
    Timestamp::from_epoch_seconds(NOW - seconds_ago).unwrap()
}

fn days_ago(days: i64) -> Timestamp {
    time(days * 86_400)
}

fn known<T>(value: T) -> Fact<T> {
    Fact::Known(value, SEEN)
}

impl Stage {
    pub(super) fn whole() -> Self {
        let account = Account {
            id: "111122223333".parse().unwrap(),
            name: "example".into(),
            partition: Partition::commercial(),
            kind: AccountKind::Member,
            state: AccountState::Active,
            scope: Scope::Audited,
            ou_path: "Workloads/Prod".into(),
        };
        let mut record = Record::unseen(account, |it| Gap::new(it, GapReason::AccessDenied));
        record.observations = vec![Observation {
            source: Source::GetCredentialReport,
            at: Some(days_ago(0)),
        }];
        let root = &mut record.root_user;
        root.password = known(ConsolePassword::Set);
        root.access_key = known(Presence::Absent);
        root.signing_certificate = known(Presence::Absent);
        root.password_last_used = known(LastUse::At(days_ago(30)));
        root.access_key_last_used = known(LastUse::At(days_ago(500)));
        root.mfa = known(MfaStatus::Enabled);
        root.virtual_mfa_device = known(Presence::Present);
        root.mfa_devices = Listing::whole(vec![device("u2f/root/key-1")], SEEN);
        record.iam_users = Listing::whole(vec![user()], SEEN);
        record.identity_providers = known(0);
        record.password_policy = known(PasswordPolicy::Default);
        record.unassigned_virtual_mfa_devices = Listing::whole(vec!["arn".into()], SEEN);
        record.organization_features = known(OrganizationFeatures {
            root_credentials_management: FeatureState::Enabled,
            root_sessions: FeatureState::NotEnabled,
        });
        Self {
            record,
            now: Some(days_ago(0)),
            identity_center: IdentityCenter::InUse,
        }
    }

    pub(super) fn facts(&self) -> Facts<'_> {
        Facts {
            record: &self.record,
            now: self.now,
            identity_center: self.identity_center,
        }
    }

    pub(super) fn subject(&self, kind: SubjectKind) -> Subject<'_> {
        match kind {
            SubjectKind::IamUser => Subject::IamUser(&self.record.iam_users.items[0]),
            SubjectKind::RootUser => Subject::RootUser(&self.record.root_user),
            SubjectKind::Account => Subject::Account,
        }
    }

    pub(super) fn holds(&self, expression: &Expression, kind: SubjectKind) -> Result<bool, GapId> {
        expression.holds(self.subject(kind), &self.facts(), &mut Vec::new())
    }

    pub(super) fn user(&mut self) -> &mut IamUser {
        &mut self.record.iam_users.items[0]
    }

    pub(super) fn created(&mut self, seconds_ago: i64) {
        self.user().created_at = known(time(seconds_ago));
    }

    pub(super) fn without_password(&mut self) {
        self.user().password = known(ConsolePassword::NotSet);
    }

    /// Makes the password one whose change and use AWS has no record of.
    pub(super) fn without_record_of_password(&mut self) {
        self.user().password_last_changed = known(None);
        self.user().password_last_used = known(LastUse::NeverRecorded);
    }

    /// Returns the gap that stands for everything hidden.
    pub(super) const fn hidden() -> GapId {
        GapId(0)
    }

    /// Hides a field of the IAM user, by its name in expressions; of its keys and devices too.
    pub(super) fn hide(&mut self, field: &str) {
        let gap = Self::hidden();
        if field == "account.kind" {
            self.record.account.kind = AccountKind::Unstated;
            return;
        }
        let user = self.user();
        match field {
            "age_days" => user.created_at = Fact::Unknown(gap),
            "has_password" => user.password = Fact::Unknown(gap),
            "password_age_days" => user.password_last_changed = Fact::Unknown(gap),
            "password_was_used" | "password_idle_days" => {
                user.password_last_used = Fact::Unknown(gap);
            }
            "has_mfa" => user.mfa = Fact::Unknown(gap),
            // What was seen stands beside the gap.
            "mfa_devices" => user.mfa_devices.gap = Some(gap),
            "mfa_devices.age_days" => user.mfa_devices.items[1].enabled_at = None,
            "access_keys" => user.access_keys = Fact::Unknown(gap),
            "access_keys.idle_days" => {
                if let Fact::Known(keys, _) = &mut user.access_keys {
                    keys[1].last_used = Fact::Unknown(gap);
                }
            }
            "access_keys.age_days" => {
                if let Fact::Known(keys, _) = &mut user.access_keys {
                    keys[1].created_at = Fact::Unknown(gap);
                }
            }
            "has_signing_certificate" => user.signing_certificate = Fact::Unknown(gap),
            "service_specific_credentials" => {
                user.service_specific_credentials = Fact::Unknown(gap);
            }
            "direct_policies" => user.direct_policies = Fact::Unknown(gap),
            "is_administrator" => user.administrator_access = Fact::Unknown(gap),
            other => panic!("{other}"),
        }
    }
}

fn device(resource: &str) -> MfaDevice {
    let serial = format!("arn:aws:iam::111122223333:{resource}");
    MfaDevice::new(&serial, Some(days_ago(100)))
}

fn user() -> IamUser {
    let key = |id: &str, status| AccessKey {
        id: Some(id.into()),
        status,
        created_at: known(days_ago(300)),
        last_used: known(LastUse::At(days_ago(60))),
    };
    let arn = "arn:aws:iam::111122223333:user/people/alice"
        .parse()
        .unwrap();
    IamUser {
        created_at: known(days_ago(400)),
        password: known(ConsolePassword::Set),
        password_last_used: known(LastUse::At(days_ago(10))),
        password_last_changed: known(Some(days_ago(200))),
        mfa: known(MfaStatus::Enabled),
        mfa_devices: Listing::whole(
            vec![device("u2f/user/alice/key-1"), device("mfa/alice")],
            SEEN,
        ),
        access_keys: known(vec![
            key("AKIA1", AccessKeyStatus::Active),
            key("AKIA2", AccessKeyStatus::Inactive),
        ]),
        signing_certificate: known(Presence::Absent),
        service_specific_credentials: known(vec![ServiceSpecificCredential {
            id: "ACCA1".into(),
            service: "codecommit.amazonaws.com".into(),
            status: AccessKeyStatus::Active,
            created_at: Some(days_ago(20)),
            expires_at: None,
        }]),
        direct_policies: known(vec!["ReadOnly".into()]),
        administrator_access: known(AdministratorAccess::NotAdministrator),
        policies: Fact::unasked(Dataset::UserPolicies),
        ..IamUser::unseen("alice", arn, GapId::unasked(Dataset::FidoCertifications))
    }
}
