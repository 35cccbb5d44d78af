//! Examples: the one test form every rule shares.

use model::{
    AccessKey, AccessKeyStatus, Account, AccountKind, AccountState, ConsolePassword, Dataset, Fact,
    Gap, GapId, GapReason, IamUser, Listing, MfaStatus, Observation, ObservationId, Partition,
    Presence, Record, RootUser, Scope, Source, Timestamp, snapshot::IdentityCenter,
};

use crate::{
    CoverageWaiver, Criteria, Rule, RunContext, Settings, Status, WaiverScope, evaluate_record,
};

/// A subject and the status a rule must give it.
#[derive(Clone)]
pub(crate) struct Example {
    pub(crate) name: &'static str,
    pub(crate) subject: Record,
    pub(crate) run: RunContext,
    pub(crate) settings: Settings,
    pub(crate) expect: Expect,
}

pub(crate) type Expect = Status;

pub(crate) fn example(name: &'static str, subject: Record, expect: Expect) -> Example {
    Example {
        name,
        subject,
        run: RunContext {
            now: Some(time(NOW)),
            identity_center: IdentityCenter::InUse,
        },
        settings: Settings::default(),
        expect,
    }
}

impl Example {
    /// Returns the example with other settings than the default ones.
    #[expect(dead_code, reason = "rules with settings come next")]
    pub(crate) fn with(mut self, set: impl FnOnce(&mut Settings)) -> Self {
        set(&mut self.settings);
        self
    }
}

/// When examples are judged.
pub(crate) const NOW: &str = "2026-11-24T12:00:00Z";

pub(crate) fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// What a root user has; nothing by default.
#[derive(Clone, Copy, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent switches of a test's table"
)]
pub(crate) struct RootFacts {
    pub(crate) password: bool,
    pub(crate) access_key: bool,
    pub(crate) certificate: bool,
    pub(crate) mfa: bool,
}

/// What an IAM user has; nothing by default.
#[derive(Clone, Copy, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent switches of a test's table"
)]
pub(crate) struct UserFacts {
    pub(crate) password: bool,
    pub(crate) mfa: bool,
    pub(crate) active_key: bool,
    pub(crate) inactive_key: bool,
}

pub(crate) fn root_user(facts: RootFacts) -> Record {
    root_user_in("aws", facts)
}

pub(crate) fn root_user_in(partition: &str, facts: RootFacts) -> Record {
    let mut record = record(partition);
    let presence = |it| {
        if it {
            Presence::Present
        } else {
            Presence::Absent
        }
    };
    record.root_user = RootUser {
        password: known(password(facts.password)),
        access_key: known(presence(facts.access_key)),
        signing_certificate: known(presence(facts.certificate)),
        mfa: known(mfa(facts.mfa)),
        mfa_devices: Listing::whole(Vec::new(), SEEN),
        ..RootUser::unseen(HIDDEN)
    };
    record
}

pub(crate) fn iam_user(facts: UserFacts) -> Record {
    let key = |status| AccessKey {
        id: None,
        status,
        created_at: Fact::Unknown(HIDDEN),
        last_used: Fact::Unknown(HIDDEN),
    };
    let active = facts.active_key.then(|| key(AccessKeyStatus::Active));
    let inactive = facts.inactive_key.then(|| key(AccessKeyStatus::Inactive));
    let user = IamUser {
        password: known(password(facts.password)),
        mfa: known(mfa(facts.mfa)),
        access_keys: known(inactive.into_iter().chain(active).collect()),
        ..IamUser::unseen(
            "alice",
            "arn:aws:iam::111122223333:user/alice".parse().unwrap(),
            HIDDEN,
        )
    };
    let mut record = record("aws");
    record.iam_users = Listing::whole(vec![user], SEEN);
    record
}

const SEEN: ObservationId = ObservationId(0);
const HIDDEN: GapId = GapId(0);

fn known<T>(value: T) -> Fact<T> {
    Fact::Known(value, SEEN)
}

fn password(is_set: bool) -> ConsolePassword {
    if is_set {
        ConsolePassword::Set
    } else {
        ConsolePassword::NotSet
    }
}

fn mfa(is_enabled: bool) -> MfaStatus {
    if is_enabled {
        MfaStatus::Enabled
    } else {
        MfaStatus::NotEnabled
    }
}

/// An account of which only the tables are filled.
fn record(partition: &str) -> Record {
    let account = Account {
        id: "111122223333".parse().unwrap(),
        name: "example".into(),
        partition: Partition::new(partition),
        kind: AccountKind::Member,
        state: AccountState::Active,
        scope: Scope::Audited,
        ou_path: String::new(),
    };
    let mut record = Record::unseen(account, |it| Gap::new(it, GapReason::NotRequested));
    record
        .gaps
        .insert(0, Gap::new(Dataset::MfaStatus, GapReason::AccessDenied));
    record.observations = vec![Observation {
        source: Source::GetCredentialReport,
        at: Some("2026-11-24T06:00:00Z".parse::<Timestamp>().unwrap()),
    }];
    record
}

/// Returns the one status `rule` gives the example's subject, as `evaluate` would.
pub(crate) fn judged(example: &Example, rule: &'static Rule) -> Status {
    let wanted = rule.check.subject();
    let criteria = Criteria {
        settings: example.settings.clone(),
        ..Criteria::of(&[rule])
    };
    let findings = evaluate_record(&example.subject, &criteria, example.run);
    let statuses: Vec<_> = findings
        .iter()
        .filter(|it| it.subject.kind == wanted)
        .map(|it| it.status)
        .collect();
    assert_eq!(
        statuses.len(),
        1,
        "{}: one subject has one finding",
        rule.id
    );
    statuses[0]
}

/// Returns the same example with one dataset unobserved.
pub(crate) fn without(example: &Example, dataset: Dataset) -> Example {
    let mut example = example.clone();
    let masked = &mut example.subject;
    let root = &mut masked.root_user;
    match dataset {
        Dataset::RootCredentials => {
            root.password = Fact::Unknown(HIDDEN);
            root.access_key = Fact::Unknown(HIDDEN);
            root.signing_certificate = Fact::Unknown(HIDDEN);
        }
        Dataset::RootMfa => root.mfa = Fact::Unknown(HIDDEN),
        Dataset::RootMfaDevices => root.mfa_devices = Listing::unseen(HIDDEN),
        Dataset::IdentityProviders => masked.identity_providers = Fact::Unknown(HIDDEN),
        Dataset::IamUsers => masked.iam_users.gap = Some(HIDDEN),
        Dataset::LoginProfiles => each(masked, |it| it.password = Fact::Unknown(HIDDEN)),
        Dataset::MfaStatus => each(masked, |it| it.mfa = Fact::Unknown(HIDDEN)),
        Dataset::MfaDevices => each(masked, |it| it.mfa_devices = Listing::unseen(HIDDEN)),
        Dataset::FidoCertifications => each(masked, |it| {
            it.fido_certifications = Some(Fact::Unknown(HIDDEN));
        }),
        Dataset::AccessKeys => each(masked, |it| it.access_keys = Fact::Unknown(HIDDEN)),
        Dataset::RootUse => {
            root.password_last_used = Fact::Unknown(HIDDEN);
            root.access_key_last_used = Fact::Unknown(HIDDEN);
        }
        Dataset::RootVirtualMfaDevices => root.virtual_mfa_device = Fact::Unknown(HIDDEN),
        Dataset::PasswordUse => each(masked, |it| {
            it.password_last_used = Fact::Unknown(HIDDEN);
            it.password_last_changed = Fact::Unknown(HIDDEN);
        }),
        Dataset::AccessKeyUse => each(masked, |it| {
            if let Fact::Known(keys, _) = &mut it.access_keys {
                keys.iter_mut()
                    .for_each(|it| it.last_used = Fact::Unknown(HIDDEN));
            }
        }),
        Dataset::SigningCertificates => {
            each(masked, |it| it.signing_certificate = Fact::Unknown(HIDDEN));
        }
        Dataset::ServiceSpecificCredentials => each(masked, |it| {
            it.service_specific_credentials = Fact::Unknown(HIDDEN);
        }),
        Dataset::DirectPolicies => {
            each(masked, |it| it.direct_policies = Fact::Unknown(HIDDEN));
        }
        Dataset::AdministratorAccess => {
            each(masked, |it| it.administrator_access = Fact::Unknown(HIDDEN));
        }
        Dataset::PasswordPolicy => masked.password_policy = Fact::Unknown(HIDDEN),
        Dataset::UnassignedVirtualMfaDevices => {
            masked.unassigned_virtual_mfa_devices = Listing::unseen(HIDDEN);
        }
        Dataset::RoleTrust => masked.iam_roles.gap = Some(HIDDEN),
        Dataset::OrganizationFeatures => masked.organization_features = Fact::Unknown(HIDDEN),
        Dataset::IdentityCenter => example.run.identity_center = IdentityCenter::NotSeen,
    }
    example
}

fn each(record: &mut Record, hide: impl Fn(&mut IamUser)) {
    record.iam_users.items.iter_mut().for_each(hide);
}

/// Returns a waiver until a day.
pub(crate) fn waiver(scope: WaiverScope, expires: &str) -> CoverageWaiver {
    CoverageWaiver {
        scope,
        reason: "being closed".into(),
        owner: "cloud-team".into(),
        expires: expires.parse().unwrap(),
    }
}

/// Returns an account in a unit.
pub(crate) fn waived_account(id: &str, ou_path: &str) -> Account {
    Account {
        id: id.parse().unwrap(),
        ou_path: ou_path.into(),
        ..record("aws").account
    }
}
