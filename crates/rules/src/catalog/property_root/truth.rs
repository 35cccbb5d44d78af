//! Random accounts, in other words than the model's.

use model::{
    AccountKind, ConsolePassword, Fact, FeatureState, IamUser, LastUse, Listing, MfaDevice,
    MfaDeviceKind, MfaStatus, OrganizationFeatures, Partition, PasswordPolicy, Presence, Record,
    Timestamp,
};
use proptest::{collection::vec, option, prelude::*, sample::select};

use super::super::root_credentials::RootAbsent;
use crate::{
    Settings, Status,
    example::{Example, HIDDEN, NOW, RootFacts, SEEN, example, root_user, time},
};

/// Seconds before the run; `None` if never.
type Use = Option<i64>;

/// Length, reuse and age; `None` if there is no policy.
type Policy = Option<(u32, Option<u32>, Option<u32>)>;

/// What is true of an account, in other words than the model's; `None` where it was not seen.
#[derive(Clone, Debug)]
pub(super) struct Truth {
    pub(super) partition: &'static str,
    pub(super) kind: AccountKind,
    pub(super) password: Option<bool>,
    pub(super) key: Option<bool>,
    pub(super) certificate: Option<bool>,
    pub(super) mfa: Option<bool>,
    pub(super) app: Option<bool>,
    /// The devices that were seen, and whether they are all.
    pub(super) devices: (Vec<&'static str>, bool),
    pub(super) password_used: Option<Use>,
    pub(super) key_used: Option<Use>,
    /// Root credentials management, and root sessions.
    pub(super) features: Option<(bool, bool)>,
    /// Whether each user has a password, and whether they are all.
    pub(super) users: (Vec<Option<bool>>, bool),
    pub(super) policy: Option<Policy>,
    pub(super) unassigned: (usize, bool),
    pub(super) absent_passes: bool,
    pub(super) strict: bool,
    pub(super) recent_days: u32,
    pub(super) max_age_days: u32,
}

pub(super) const DAY: i64 = 86_400;

const FIDO: &str = "arn:aws:iam::111122223333:u2f/root/key-R1234";
pub(super) const APP: &str = "arn:aws:iam::111122223333:mfa/GoogleAuth";
const TOKEN: &str = "GAHT12345678";
const SMS: &str = "arn:aws:iam::111122223333:sms-mfa/root";
const UNKNOWN: &str = "arn:aws:iam::111122223333:palm/root";

fn seen() -> impl Strategy<Value = Option<bool>> {
    option::weighted(0.85, any::<bool>())
}

fn used() -> impl Strategy<Value = Option<Use>> {
    let ages = [
        -DAY,
        0,
        DAY,
        30 * DAY - 1,
        30 * DAY,
        90 * DAY - 1,
        90 * DAY,
        90 * DAY + 1,
        3000 * DAY,
    ];
    option::weighted(0.85, option::weighted(0.7, select(ages.to_vec())))
}

pub(super) fn truth() -> impl Strategy<Value = Truth> {
    let kinds = vec![
        AccountKind::Management,
        AccountKind::Member,
        AccountKind::Standalone,
        AccountKind::Unstated,
    ];
    let account = (
        select(vec!["aws", "aws", "aws-us-gov", "aws-cn", "aws-eusc"]),
        select(kinds),
    );
    let root = (seen(), seen(), seen(), seen(), seen());
    let devices = (
        vec(select(vec![FIDO, APP, TOKEN, SMS, UNKNOWN]), 0..4),
        any::<bool>(),
    );
    let features = option::weighted(0.85, any::<(bool, bool)>());
    let users = (vec(seen(), 0..4), prop::bool::weighted(0.85));
    let length = select(vec![6_u32, 8, 13, 14, 128]);
    let reuse = option::of(select(vec![1_u32, 23, 24]));
    let age = option::of(select(vec![0_u32, 89, 90, 91]));
    let policy = option::weighted(0.85, option::weighted(0.8, (length, reuse, age)));
    let settings = (
        any::<bool>(),
        any::<bool>(),
        select(vec![30_u32, 90]),
        select(vec![0_u32, 90]),
    );
    let other = (
        used(),
        used(),
        features,
        users,
        policy,
        (0..5_usize, any::<bool>()),
    );
    (account, root, devices, other, settings).prop_map(
        |(account, root, devices, other, settings)| Truth {
            partition: account.0,
            kind: account.1,
            password: root.0,
            key: root.1,
            certificate: root.2,
            mfa: root.3,
            app: root.4,
            devices,
            password_used: other.0,
            key_used: other.1,
            features: other.2,
            users: other.3,
            policy: other.4,
            unassigned: other.5,
            absent_passes: settings.0,
            strict: settings.1,
            recent_days: settings.2,
            max_age_days: settings.3,
        },
    )
}

fn fact<T, U>(seen: Option<T>, value: impl Fn(T) -> U) -> Fact<U> {
    seen.map_or(Fact::Unknown(HIDDEN), |it| Fact::Known(value(it), SEEN))
}

fn presence(it: bool) -> Presence {
    if it {
        Presence::Present
    } else {
        Presence::Absent
    }
}

fn password(it: bool) -> ConsolePassword {
    if it {
        ConsolePassword::Set
    } else {
        ConsolePassword::NotSet
    }
}

fn feature(it: bool) -> FeatureState {
    if it {
        FeatureState::Enabled
    } else {
        FeatureState::NotEnabled
    }
}

fn last_use(ago: Option<i64>) -> LastUse {
    ago.map_or(LastUse::NeverRecorded, |it| {
        let at = time(NOW).epoch_seconds() - it;
        LastUse::At(Timestamp::from_epoch_seconds(at).unwrap())
    })
}

fn listing<T>(items: Vec<T>, whole: bool) -> Listing<T> {
    let mut listing = Listing::whole(items, SEEN);
    if !whole {
        listing.gap = Some(HIDDEN);
    }
    listing
}

impl Truth {
    fn record(&self) -> Record {
        let mut record = root_user(RootFacts::default());
        record.account.partition = Partition::new(self.partition);
        record.account.kind = self.kind;
        let root = &mut record.root_user;
        root.password = fact(self.password, password);
        root.access_key = fact(self.key, presence);
        root.signing_certificate = fact(self.certificate, presence);
        let status = |it| {
            if it {
                MfaStatus::Enabled
            } else {
                MfaStatus::NotEnabled
            }
        };
        root.mfa = fact(self.mfa, status);
        root.virtual_mfa_device = fact(self.app, presence);
        let devices = self.devices.0.iter().map(|it| MfaDevice::new(it, None));
        root.mfa_devices = listing(devices.collect(), self.devices.1);
        root.password_last_used = fact(self.password_used, last_use);
        root.access_key_last_used = fact(self.key_used, last_use);
        record.organization_features = fact(self.features, |it| OrganizationFeatures {
            root_credentials_management: feature(it.0),
            root_sessions: feature(it.1),
        });
        let user = |(index, seen): (usize, &Option<bool>)| {
            let name = format!("user-{index}");
            let arn = format!("arn:aws:iam::111122223333:user/{name}");
            IamUser {
                password: fact(*seen, password),
                ..IamUser::unseen(&name, arn.parse().unwrap(), HIDDEN)
            }
        };
        let users = self.users.0.iter().enumerate().map(user);
        record.iam_users = listing(users.collect(), self.users.1);
        record.password_policy = fact(self.policy, |it| match it {
            None => PasswordPolicy::Default,
            Some((minimum_length, reuse_prevention, max_age_days)) => PasswordPolicy::Custom {
                minimum_length,
                reuse_prevention,
                max_age_days,
            },
        });
        let left = (0..self.unassigned.0)
            .map(|it| format!("left-{it}").into())
            .collect();
        record.unassigned_virtual_mfa_devices = listing(left, self.unassigned.1);
        record
    }

    fn settings(&self, settings: &mut Settings) {
        let absent = if self.absent_passes {
            RootAbsent::Pass
        } else {
            RootAbsent::NotApplicable
        };
        settings.root_user_mfa.root_absent = absent;
        settings.root_user_hardware_mfa.root_absent = absent;
        settings.root_user_phishing_resistant_mfa.root_absent = absent;
        settings.root_user_phishing_resistant_mfa.strict = self.strict;
        settings.root_user_recent_use.max_days = self.recent_days;
        settings.account_password_policy.max_age_days = self.max_age_days;
    }

    pub(super) fn example(&self) -> Example {
        example("random", self.record(), Status::Pass).with(|it| self.settings(it))
    }

    /// Whether the root user has a credential.
    pub(super) fn credentials(&self) -> Option<bool> {
        let all = [self.password, self.key, self.certificate];
        if all.contains(&Some(true)) {
            Some(true)
        } else if all.contains(&None) {
            None
        } else {
            Some(false)
        }
    }

    /// What is said of a root user before anyone looks at its MFA; `None` if its MFA matters.
    pub(super) fn without_need(&self, absent_passes: bool) -> Option<Status> {
        if ["aws-us-gov", "aws-cn"].contains(&self.partition) {
            match self.key {
                None => return Some(Status::Indeterminate),
                Some(false) => return Some(Status::NotApplicable),
                Some(true) => {}
            }
        }
        match self.credentials() {
            None => Some(Status::Indeterminate),
            Some(false) if absent_passes => Some(Status::Pass),
            Some(false) => Some(Status::NotApplicable),
            Some(true) => None,
        }
    }

    pub(super) fn kinds(&self) -> Vec<MfaDeviceKind> {
        self.devices
            .0
            .iter()
            .map(|it| MfaDeviceKind::of(it))
            .collect()
    }
}
