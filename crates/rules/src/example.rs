//! Examples: the one test form every rule shares.

pub(crate) mod policies;

use std::sync::{Arc, LazyLock};

use model::{
    AccessKey, AccessKeyStatus, Account, AccountKind, AccountState, AdministratorAccess,
    ConsolePassword, Dataset, Fact, FeatureState, Gap, GapId, GapReason, IamRole, IamUser, LastUse,
    Listing, MfaDevice, MfaStatus, Observation, ObservationId, OrganizationFeatures, Partition,
    Presence, Record, RootUser, Scope, Source, Timestamp, snapshot::IdentityCenter,
};

use crate::{
    CoverageWaiver, Criteria, Glob, Rule, RunContext, Settings, Status, Waiver, WaiverScope,
    enforcement::{AccountPolicies, RunPolicies},
    evaluate::evaluate_with,
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
            policies: Arc::clone(&POLICIES),
        },
        settings: Settings::default(),
        expect,
    }
}

impl Example {
    /// Returns the example with other settings than the default ones.
    pub(crate) fn with(mut self, set: impl FnOnce(&mut Settings)) -> Self {
        set(&mut self.settings);
        self
    }
}

/// The organization's policies, which all examples share.
static POLICIES: LazyLock<Arc<RunPolicies>> =
    LazyLock::new(|| Arc::new(RunPolicies::with(&policies::service_control_policies())));

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
        administrator_access: known(AdministratorAccess::NotAdministrator),
        policies: Fact::unasked(Dataset::UserPolicies),
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

/// Returns an IAM user of whom `set` says what the facts do not.
pub(crate) fn user_with(facts: UserFacts, set: impl FnOnce(&mut IamUser)) -> Record {
    let mut record = iam_user(facts);
    record.iam_users.items.iter_mut().take(1).for_each({
        let mut set = Some(set);
        move |it| {
            if let Some(set) = set.take() {
                set(it);
            }
        }
    });
    record
}

/// Returns the same user as an administrator.
pub(crate) fn administrator(mut record: Record) -> Record {
    let how = || AdministratorAccess::Administrator("the policy AdministratorAccess".into());
    each(&mut record, |it| it.administrator_access = known(how()));
    record
}

/// Returns the same user with policies of its own.
pub(crate) fn direct_policies(mut record: Record, policies: &[&str]) -> Record {
    let names = || policies.iter().map(|it| (*it).into()).collect();
    each(&mut record, |it| it.direct_policies = known(names()));
    record
}

/// Returns a role with a trust policy.
pub(crate) fn iam_role(trust_policy: &str) -> Record {
    let role = IamRole {
        name: "deploy".into(),
        arn: "arn:aws:iam::111122223333:role/deploy".parse().unwrap(),
        trust_policy: trust_policy.into(),
    };
    let mut record = record("aws");
    record.iam_roles = Listing::whole(vec![role], SEEN);
    record
}

/// Returns a console user with MFA by these devices, all of which are seen.
pub(crate) fn user_devices(serials: &[&str]) -> Record {
    let facts = UserFacts {
        password: true,
        mfa: !serials.is_empty(),
        ..UserFacts::default()
    };
    user_with(facts, |it| {
        let devices = serials.iter().map(|it| MfaDevice::new(it, None));
        it.mfa_devices = Listing::whole(devices.collect(), SEEN);
    })
}

/// Returns a console user with MFA that may have more devices than these.
pub(crate) fn some_user_devices(serials: &[&str]) -> Record {
    let mut record = user_devices(serials);
    for user in &mut record.iam_users.items {
        user.mfa = known(MfaStatus::Enabled);
        user.mfa_devices.gap = Some(HIDDEN);
    }
    record
}

/// Returns an active access key.
pub(crate) fn active_key(created_at: &str, last_used: Option<&str>) -> AccessKey {
    AccessKey {
        id: None,
        status: AccessKeyStatus::Active,
        created_at: known(time(created_at)),
        last_used: known(last_used.map_or(LastUse::NeverRecorded, |it| LastUse::At(time(it)))),
    }
}

/// Returns a root user whose devices are all seen.
pub(crate) fn root_devices(mut record: Record, serials: &[&str]) -> Record {
    let devices = serials.iter().map(|it| MfaDevice::new(it, None));
    record.root_user.mfa_devices = Listing::whole(devices.collect(), SEEN);
    record
}

/// Returns a root user that may have more devices than these.
pub(crate) fn some_root_devices(record: Record, serials: &[&str]) -> Record {
    let mut record = root_devices(record, serials);
    record.root_user.mfa_devices.gap = Some(HIDDEN);
    record
}

/// Returns the account as one of that kind, of an organization with these features.
pub(crate) fn features(
    mut record: Record,
    kind: AccountKind,
    root_credentials_management: FeatureState,
    root_sessions: FeatureState,
) -> Record {
    record.account.kind = kind;
    record.organization_features = known(OrganizationFeatures {
        root_credentials_management,
        root_sessions,
    });
    record
}

pub(crate) const SEEN: ObservationId = ObservationId(0);
pub(crate) const HIDDEN: GapId = GapId(0);

pub(crate) fn known<T>(value: T) -> Fact<T> {
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
    judged_with(example, rule, &AccountPolicies::default())
}

/// Returns the same; what it makes ready of policies is there for other examples of the same policies.
pub(crate) fn judged_with(
    example: &Example,
    rule: &'static Rule,
    policies: &AccountPolicies,
) -> Status {
    let wanted = rule.check.subject();
    let criteria = Criteria {
        settings: example.settings.clone(),
        ..Criteria::of(&[rule])
    };
    let findings = evaluate_with(&example.subject, &criteria, &example.run, policies);
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
                for key in keys {
                    key.last_used = Fact::Unknown(HIDDEN);
                }
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
        Dataset::UserPolicies => each(masked, |it| it.policies = Fact::Unknown(HIDDEN)),
        Dataset::ServiceControlPolicies => {
            masked.service_control_policies = Fact::Unknown(HIDDEN);
        }
        Dataset::PasswordPolicy => masked.password_policy = Fact::Unknown(HIDDEN),
        Dataset::UnassignedVirtualMfaDevices => {
            masked.unassigned_virtual_mfa_devices = Listing::unseen(HIDDEN);
        }
        Dataset::RoleTrust => masked.iam_roles.gap = Some(HIDDEN),
        Dataset::OrganizationFeatures => masked.organization_features = Fact::Unknown(HIDDEN),
        Dataset::OwnerTag => masked.owner_tag = Fact::Unknown(HIDDEN),
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

/// Returns a waiver of every failure until a day.
pub(crate) fn failure_waiver(expires: &str) -> Waiver {
    Waiver {
        rule: Glob::new("*"),
        principal: Glob::new("*"),
        account: Glob::new("*"),
        owner: "ana".into(),
        reason: "break-glass".into(),
        created: None,
        expires: expires.parse().unwrap(),
        ticket: None,
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
