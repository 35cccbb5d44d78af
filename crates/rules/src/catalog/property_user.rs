//! Rules about IAM users, against an independent statement of each.

use model::{
    AccessKey, AccessKeyStatus, AccountKind, ConsolePassword, Fact, FidoCertifications, LastUse,
    Listing, MfaDevice, MfaStatus, Presence, ServiceSpecificCredential, Timestamp,
    snapshot::IdentityCenter,
};
use proptest::{collection::vec, option, prelude::*, sample::select};

use super::CATALOG;
use crate::{
    Check, Status,
    example::{
        Example, HIDDEN, NOW, SEEN, UserFacts, example, judged, time, user_devices, user_with,
    },
};

const DAY: i64 = 86_400;

/// Seconds before the run.
type Ago = i64;

/// What is true of a user, in other words than the model's; `None` where it was not seen.
#[derive(Clone, Debug)]
struct Truth {
    name: &'static str,
    password: Option<bool>,
    mfa: Option<bool>,
    /// The kinds of the devices that were seen, and whether they are all.
    devices: (Vec<Kind>, bool),
    /// The level of each passkey and whether it has FIPS; `None` if they were not seen.
    certified: Option<(Option<u8>, bool)>,
    created: Option<Ago>,
    used: Option<Option<Ago>>,
    changed: Option<Option<Ago>>,
    keys: Option<Vec<Key>>,
    certificate: Option<bool>,
    /// Whether each service-specific credential is active.
    credentials: Option<Vec<bool>>,
    kind: AccountKind,
    center: Option<bool>,
    settings: Knobs,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Fido,
    App,
    Token,
    Sms,
    New,
}

#[derive(Clone, Copy, Debug)]
struct Key {
    active: bool,
    created: Option<Ago>,
    used: Option<Option<Ago>>,
}

#[derive(Clone, Copy, Debug)]
struct Knobs {
    strict: bool,
    unused_days: u32,
    age_days: u32,
    rotation_days: u32,
    level: u8,
    fips: bool,
}

impl Truth {
    /// The independent statement.
    fn expected(&self, rule: &str) -> Status {
        use Status::{Fail, Indeterminate, NotApplicable, Pass};
        let knobs = self.settings;
        let active: Option<Vec<Key>> = self
            .keys
            .as_ref()
            .map(|it| it.iter().copied().filter(|it| it.active).collect());
        let days = |it: u32| i64::from(it) * DAY;
        match rule {
            "iam-user-console-mfa" => match (self.password, self.mfa) {
                (None, _) | (Some(true), None) => Indeterminate,
                (Some(false), _) => NotApplicable,
                (Some(true), Some(mfa)) => {
                    if mfa {
                        Pass
                    } else {
                        Fail
                    }
                }
            },
            "iam-user-mfa" => self
                .mfa
                .map_or(Indeterminate, |it| if it { Pass } else { Fail }),
            "iam-user-access-key-mfa" => match (active, self.password, self.mfa) {
                (None, ..) => Indeterminate,
                (Some(keys), ..) if keys.is_empty() => NotApplicable,
                (_, Some(true), _) => NotApplicable,
                (_, None, _) | (_, _, None) => Indeterminate,
                (_, _, Some(mfa)) => {
                    if mfa {
                        Pass
                    } else {
                        Fail
                    }
                }
            },
            "iam-user-phishing-resistant-mfa" => self.of_console_devices(|it| it == Kind::Fido),
            "iam-user-hardware-mfa" => {
                self.of_console_devices(|it| matches!(it, Kind::Fido | Kind::Token))
            }
            "iam-user-sms-mfa" => match &self.devices {
                (seen, _) if seen.contains(&Kind::Sms) => Fail,
                (_, false) => Indeterminate,
                (all, true) if all.is_empty() => NotApplicable,
                (all, true) => {
                    if all.contains(&Kind::New) {
                        Indeterminate
                    } else {
                        Pass
                    }
                }
            },
            "iam-user-fido-certification" => match &self.devices {
                (_, false) => Indeterminate,
                (all, true) if all.contains(&Kind::New) => Indeterminate,
                (all, true) if !all.contains(&Kind::Fido) => NotApplicable,
                _ => match self.certified {
                    None => Indeterminate,
                    Some((level, fips)) => {
                        let low = level.is_none_or(|it| it < knobs.level);
                        if low || knobs.fips && !fips {
                            Fail
                        } else {
                            Pass
                        }
                    }
                },
            },
            "iam-user-backup-mfa" => match (self.devices.0.len(), self.devices.1) {
                (2.., _) => Pass,
                (_, false) => Indeterminate,
                (1, true) => Fail,
                (0, true) => NotApplicable,
            },
            "iam-user-unused-password" => self.unused_password(),
            "iam-user-unused-access-key" => self.each_key(&|key: Key| {
                let limit = days(knobs.unused_days);
                match (key.used, key.created) {
                    (Some(Some(used)), _) => Some(used > limit),
                    (Some(None), Some(created)) => Some(created > limit),
                    (Some(None), None) | (None, _) => None,
                }
            }),
            "iam-user-access-key-rotation" => {
                self.each_key(&|key: Key| Some(key.created? > days(knobs.age_days)))
            }
            "iam-user-single-access-key" => match active {
                None => Indeterminate,
                Some(keys) => match keys.len() {
                    0 => NotApplicable,
                    1 => Pass,
                    _ if knobs.rotation_days == 0 => Fail,
                    _ => {
                        let new =
                            |it: &Key| it.created.is_some_and(|it| it <= days(knobs.rotation_days));
                        if keys.iter().any(new) {
                            Pass
                        } else if keys.iter().any(|it| it.created.is_none()) {
                            Indeterminate
                        } else {
                            Fail
                        }
                    }
                },
            },
            "iam-user-initial-access-key" => match self.password {
                None => Indeterminate,
                Some(false) => NotApplicable,
                Some(true) => self.each_key(&|key: Key| match key.used {
                    Some(Some(_)) => Some(false),
                    never => {
                        let soon = (key.created? - self.created?).abs() <= 5 * 60;
                        if soon {
                            never.map(|_| true)
                        } else {
                            Some(false)
                        }
                    }
                }),
            },
            "iam-user-password-and-access-key" => match (self.password, active) {
                (None, _) | (_, None) => Indeterminate,
                (Some(password), Some(keys)) => match (password, !keys.is_empty()) {
                    (true, true) => Fail,
                    (false, false) => NotApplicable,
                    (true, false) | (false, true) => Pass,
                },
            },
            "iam-user-signing-certificate" => self
                .certificate
                .map_or(Indeterminate, |it| if it { Fail } else { Pass }),
            "iam-user-service-specific-credential" => match &self.credentials {
                None => Indeterminate,
                Some(all) => {
                    if all.contains(&true) {
                        Fail
                    } else {
                        Pass
                    }
                }
            },
            "iam-user-in-federated-organization" => match (self.kind, self.center, self.password) {
                (AccountKind::Management | AccountKind::Standalone, ..) => NotApplicable,
                (AccountKind::Unstated, ..) | (_, None, _) => Indeterminate,
                (_, Some(false), _) => NotApplicable,
                (_, _, None) => Indeterminate,
                (_, _, Some(password)) => {
                    if password {
                        Fail
                    } else {
                        Pass
                    }
                }
            },
            other => panic!("{other} has no independent statement"),
        }
    }

    /// Fails if a key is bad for certain, passes if none can be.
    fn each_key(&self, is_bad: &dyn Fn(Key) -> Option<bool>) -> Status {
        let Some(keys) = &self.keys else {
            return Status::Indeterminate;
        };
        let told: Vec<_> = keys
            .iter()
            .filter(|it| it.active)
            .map(|it| is_bad(*it))
            .collect();
        if told.is_empty() {
            Status::NotApplicable
        } else if told.contains(&Some(true)) {
            Status::Fail
        } else if told.contains(&None) {
            Status::Indeterminate
        } else {
            Status::Pass
        }
    }

    fn of_console_devices(&self, is_good: fn(Kind) -> bool) -> Status {
        use Status::{Fail, Indeterminate, NotApplicable, Pass};
        match (self.password, self.mfa) {
            (None, _) | (Some(true), None) => return Indeterminate,
            (Some(false), _) | (_, Some(false)) => return NotApplicable,
            (Some(true), Some(true)) => {}
        }
        let (seen, whole) = &self.devices;
        let bad = |it: &Kind| !is_good(*it) && *it != Kind::New;
        match (self.settings.strict, whole) {
            (false, _) if seen.iter().any(|it| is_good(*it)) => Pass,
            (true, _) if seen.iter().any(bad) => Fail,
            (_, false) => Indeterminate,
            (_, true) if seen.contains(&Kind::New) => Indeterminate,
            (_, true) if seen.is_empty() => NotApplicable,
            (strict, true) => {
                if strict {
                    Pass
                } else {
                    Fail
                }
            }
        }
    }

    fn unused_password(&self) -> Status {
        use Status::{Fail, Indeterminate, NotApplicable, Pass};
        match self.password {
            None => return Indeterminate,
            Some(false) => return NotApplicable,
            Some(true) => {}
        }
        let limit = i64::from(self.settings.unused_days) * DAY;
        let known = [self.used.flatten(), self.changed.flatten()];
        if known.iter().flatten().any(|ago| *ago <= limit) {
            return Pass;
        }
        match (self.used, self.changed, self.created) {
            (None, ..) | (_, None, _) | (Some(None), Some(None), None) => Indeterminate,
            (Some(None), Some(None), Some(created)) if created <= limit => Pass,
            _ => Fail,
        }
    }

    fn example(&self) -> Example {
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
                1 => super::iam_user_fido_certification::Level::L1,
                2 => super::iam_user_fido_certification::Level::L2,
                _ => super::iam_user_fido_certification::Level::L3,
            };
            it.iam_user_fido_certification.fips = if knobs.fips {
                super::iam_user_fido_certification::Fips::Required
            } else {
                super::iam_user_fido_certification::Fips::NotRequired
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

fn truth() -> impl Strategy<Value = Truth> {
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

/// The rules about users that rest on a user's own credentials. Those on policies have statements of their own.
fn rules() -> impl Iterator<Item = &'static crate::Rule> {
    const ON_POLICIES: [&str; 2] = ["iam-user-admin-mfa", "iam-user-direct-policy"];
    let of_users = CATALOG
        .iter()
        .copied()
        .filter(|it| matches!(it.check, Check::IamUser(_)));
    of_users.filter(|it| !ON_POLICIES.contains(&it.id))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn every_rule_says_what_an_independent_statement_says(truth in truth()) {
        let example = truth.example();
        for rule in rules() {
            prop_assert_eq!(judged(&example, rule), truth.expected(rule.id), "{}", rule.id);
        }
    }

    /// Whatever more was not seen, a verdict stands or there is none.
    #[test]
    fn seeing_less_never_decides(truth in truth(), hidden in any::<u16>()) {
        let mut less = truth.clone();
        let hides = |bit: u16| hidden & (1 << bit) != 0;
        if hides(0) { less.password = None; }
        if hides(1) { less.mfa = None; }
        if hides(2) { less.devices = (Vec::new(), false); }
        if hides(3) { less.certified = None; }
        if hides(4) { less.created = None; }
        if hides(5) { less.used = None; }
        if hides(6) { less.changed = None; }
        if hides(7) { less.keys = None; }
        if hides(8) { less.certificate = None; }
        if hides(9) { less.credentials = None; }
        if hides(10) { less.center = None; }
        for key in less.keys.iter_mut().flatten() {
            if hides(11) { key.created = None; }
            if hides(12) { key.used = None; }
        }
        for rule in rules() {
            let (before, after) = (judged(&truth.example(), rule), judged(&less.example(), rule));
            prop_assert!(after == before || after == Status::Indeterminate, "{}: {before} became {after}", rule.id);
        }
    }
}

fn status(rule: &str, example: &Example) -> Status {
    let rule = CATALOG.iter().find(|it| it.id == rule).unwrap();
    judged(example, rule)
}

#[test]
fn a_users_name_makes_it_no_root_user() {
    for name in ["groot", "root", "root-account-mfa-device"] {
        let mut record = user_with(
            UserFacts {
                password: true,
                ..UserFacts::default()
            },
            |it| it.name = name.into(),
        );
        record.iam_users.items[0].arn = format!("arn:aws:iam::111122223333:user/{name}")
            .parse()
            .unwrap();
        let example = example("named", record, Status::Fail);
        assert_eq!(
            status("iam-user-console-mfa", &example),
            Status::Fail,
            "{name}"
        );
    }
}

#[test]
fn a_user_with_a_key_and_an_app_is_good_enough_unless_one_is_strict() {
    let both = [
        "arn:aws:iam::111122223333:mfa/alice",
        "arn:aws:iam::111122223333:u2f/user/alice/key-1",
    ];
    for (rule, set) in [
        (
            "iam-user-phishing-resistant-mfa",
            (|it| it.iam_user_phishing_resistant_mfa.strict = true) as fn(&mut crate::Settings),
        ),
        ("iam-user-hardware-mfa", |it| {
            it.iam_user_hardware_mfa.strict = true
        }),
    ] {
        let lax = example("both", user_devices(&both), Status::Pass);
        assert_eq!(status(rule, &lax), Status::Pass, "{rule}");
        assert_eq!(status(rule, &lax.with(set)), Status::Fail, "{rule}");
    }
}
