//! Random users, in other words than the model's.

use model::{
    AccessKey, AccessKeyStatus, AccountKind, ConsolePassword, Fact, FidoCertifications, LastUse,
    Listing, MfaDevice, MfaStatus, Presence, ServiceSpecificCredential, Timestamp,
    snapshot::IdentityCenter,
};
use proptest::{collection::vec, option, prelude::*, sample::select};

use super::super::iam_user_fido_certification::{Fips, Level};
use crate::{
    Status,
    example::{Example, HIDDEN, NOW, SEEN, UserFacts, example, time, user_with},
};

pub(super) const DAY: i64 = 86_400;

/// Seconds before the run.
pub(super) type Ago = i64;

/// What is true of a user, in other words than the model's; `None` where it was not seen.
#[derive(Clone, Debug)]
pub(super) struct Truth {
    pub(super) name: &'static str,
    pub(super) password: Option<bool>,
    pub(super) mfa: Option<bool>,
    /// The kinds of the devices that were seen, and whether they are all.
    pub(super) devices: (Vec<Kind>, bool),
    /// The level of each passkey and whether it has FIPS; `None` if they were not seen.
    pub(super) certified: Option<(Option<u8>, bool)>,
    pub(super) created: Option<Ago>,
    pub(super) used: Option<Option<Ago>>,
    pub(super) changed: Option<Option<Ago>>,
    pub(super) keys: Option<Vec<Key>>,
    pub(super) certificate: Option<bool>,
    /// Whether each service-specific credential is active.
    pub(super) credentials: Option<Vec<bool>>,
    pub(super) kind: AccountKind,
    pub(super) center: Option<bool>,
    pub(super) settings: Knobs,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Fido,
    App,
    Token,
    Sms,
    New,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    pub(super) active: bool,
    pub(super) created: Option<Ago>,
    pub(super) used: Option<Option<Ago>>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Knobs {
    pub(super) strict: bool,
    pub(super) unused_days: u32,
    pub(super) age_days: u32,
    pub(super) rotation_days: u32,
    pub(super) level: u8,
    pub(super) fips: bool,
}

impl Truth {
    pub(super) fn example(&self) -> Example {
        fn fact<T>(value: Option<T>) -> Fact<T> {
            value.map_or(Fact::Unknown(HIDDEN), |it| Fact::Known(it, SEEN))
        }
        let at = |ago: Ago| Timestamp::from_epoch_seconds(time(NOW).epoch_seconds() - ago).unwrap();
        let used = |it: Option<Ago>| it.map_or(LastUse::NeverRecorded, |it| LastUse::At(at(it)));
        let serial = |(place, kind): (usize, &Kind)| match kind {
            Kind::Fido => format!(
                "arn:aws:iam::111122223333:u2f/user/{}/key-{place}",
                self.name
            ),
            Kind::App => format!("arn:aws:iam::111122223333:mfa/{}", self.name),
            Kind::Token => format!("GAHT0000{place}"),
            Kind::Sms => format!("arn:aws:iam::111122223333:sms-mfa/{}", self.name),
            Kind::New => format!("arn:aws:iam::111122223333:palm/{}", self.name),
        };
        let devices: Vec<_> = self.devices.0.iter().enumerate().map(serial).collect();
        let certified = |it: (Option<u8>, bool)| {
            let level = it.0.map(|level| ("FIDO".to_owned(), format!("L{level}")));
            let fips =
                it.1.then(|| ("FIDO-FIPS-140-3".to_owned(), "L1".to_owned()));
            let certifications = level
                .into_iter()
                .chain(fips)
                .collect::<std::collections::BTreeMap<_, _>>();
            let of = |serial: &String| FidoCertifications {
                serial_number: serial.as_str().into(),
                certifications: certifications.clone(),
            };
            devices.iter().map(of).collect()
        };
        let status = |active: bool| {
            if active {
                AccessKeyStatus::Active
            } else {
                AccessKeyStatus::Inactive
            }
        };
        let key = |it: &Key| AccessKey {
            id: None,
            status: status(it.active),
            created_at: fact(it.created.map(at)),
            last_used: fact(it.used.map(used)),
        };
        let credential = |active: &bool| ServiceSpecificCredential {
            id: "ACCA0000".into(),
            service: "codecommit.amazonaws.com".into(),
            status: status(*active),
            created_at: None,
            expires_at: None,
        };
        let mut record = user_with(UserFacts::default(), |user| {
            user.name = self.name.into();
            user.password = fact(self.password.map(|it| {
                if it {
                    ConsolePassword::Set
                } else {
                    ConsolePassword::NotSet
                }
            }));
            user.mfa = fact(self.mfa.map(|it| {
                if it {
                    MfaStatus::Enabled
                } else {
                    MfaStatus::NotEnabled
                }
            }));
            let items = devices.iter().map(|it| MfaDevice::new(it, None)).collect();
            user.mfa_devices = Listing::whole(items, SEEN);
            user.mfa_devices.gap = (!self.devices.1).then_some(HIDDEN);
            user.fido_certifications = Some(fact(self.certified.map(certified)));
            user.created_at = fact(self.created.map(at));
            user.password_last_used = fact(self.used.map(used));
            user.password_last_changed = fact(self.changed.map(|it| it.map(at)));
            user.access_keys = fact(self.keys.as_ref().map(|it| it.iter().map(key).collect()));
            user.signing_certificate = fact(self.certificate.map(|it| {
                if it {
                    Presence::Present
                } else {
                    Presence::Absent
                }
            }));
            user.service_specific_credentials = fact(
                self.credentials
                    .as_ref()
                    .map(|it| it.iter().map(credential).collect()),
            );
        });
        record.account.kind = self.kind;
        let mut example = example("random", record, Status::Pass);
        example.run.identity_center = match self.center {
            None => IdentityCenter::NotSeen,
            Some(true) => IdentityCenter::InUse,
            Some(false) => IdentityCenter::NotInUse,
        };
        let knobs = self.settings;
        example.with(|it| {
            it.iam_user_phishing_resistant_mfa.strict = knobs.strict;
            it.iam_user_hardware_mfa.strict = knobs.strict;
            it.iam_user_unused_password.max_days = knobs.unused_days;
            it.iam_user_unused_access_key.max_days = knobs.unused_days;
            it.iam_user_access_key_rotation.max_days = knobs.age_days;
            it.iam_user_single_access_key.rotation_days = knobs.rotation_days;
            it.iam_user_fido_certification.min_level = match knobs.level {
                1 => Level::L1,
                2 => Level::L2,
                _ => Level::L3,
            };
            it.iam_user_fido_certification.fips = if knobs.fips {
                Fips::Required
            } else {
                Fips::NotRequired
            };
        })
    }
}

fn seen() -> impl Strategy<Value = Option<bool>> {
    option::weighted(0.85, any::<bool>())
}

/// Times about every threshold, to the second, and in the future.
fn ago() -> impl Strategy<Value = Ago> {
    let days = [0, 7, 45, 90].map(|it| it * DAY);
    let around = days.into_iter().flat_map(|it| [it - 1, it, it + 1]);
    select(
        around
            .chain([-DAY, 299, 300, 301, 3000 * DAY])
            .collect::<Vec<_>>(),
    )
}

fn key() -> impl Strategy<Value = Key> {
    let used = option::weighted(0.85, option::weighted(0.6, ago()));
    (any::<bool>(), option::weighted(0.9, ago()), used).prop_map(|(active, created, used)| Key {
        active,
        created,
        used,
    })
}

pub(super) fn truth() -> impl Strategy<Value = Truth> {
    let names = vec!["alice", "groot", "root-account-mfa-device", "root"];
    let kinds = select(vec![
        Kind::Fido,
        Kind::App,
        Kind::Token,
        Kind::Sms,
        Kind::New,
    ]);
    let who = (
        select(names),
        seen(),
        seen(),
        (vec(kinds, 0..4), prop::bool::weighted(0.8)),
    );
    let certified = option::weighted(0.85, (option::of(1..=3_u8), any::<bool>()));
    let times = (
        option::weighted(0.85, ago()),
        option::weighted(0.85, option::weighted(0.7, ago())),
        option::weighted(0.85, option::weighted(0.8, ago())),
    );
    let keys = option::weighted(0.9, vec(key(), 0..3));
    let others = (seen(), option::weighted(0.85, vec(any::<bool>(), 0..3)));
    let accounts = vec![
        AccountKind::Management,
        AccountKind::Member,
        AccountKind::Standalone,
        AccountKind::Unstated,
    ];
    let place = (select(accounts), seen());
    let knobs = (
        any::<bool>(),
        select(vec![45_u32, 90]),
        select(vec![7_u32, 90]),
        select(vec![0_u32, 7]),
        1..=3_u8,
        any::<bool>(),
    );
    (who, certified, times, keys, others, place, knobs).prop_map(
        |(who, certified, times, keys, others, place, knobs)| Truth {
            name: who.0,
            password: who.1,
            mfa: who.2,
            devices: who.3,
            certified,
            created: times.0,
            used: times.1,
            changed: times.2,
            keys,
            certificate: others.0,
            credentials: others.1,
            kind: place.0,
            center: place.1,
            settings: Knobs {
                strict: knobs.0,
                unused_days: knobs.1,
                age_days: knobs.2,
                rotation_days: knobs.3,
                level: knobs.4,
                fips: knobs.5,
            },
        },
    )
}
