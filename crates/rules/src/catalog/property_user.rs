//! Rules about IAM users, against an independent statement of each.
#![expect(
    clippy::option_option,
    clippy::too_many_lines,
    reason = "not seen, seen to be absent, and seen; one statement for each rule"
)]

mod truth;

use model::{AccessKey, AccessKeyStatus, AccountKind, ConsolePassword, LastUse};
use proptest::prelude::*;

use self::truth::{DAY, Key, Kind, Truth, truth};
use super::CATALOG;
use crate::{
    Check, Status,
    example::{
        Example, UserFacts, active_key, example, judged, known, time, user_devices, user_with,
    },
};

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
            // What policies are over the user is not seen.
            "iam-user-mfa-enforced" | "iam-user-mfa-enforcement-bypass" => {
                match (active, self.password) {
                    (Some(keys), Some(false)) if keys.is_empty() => NotApplicable,
                    _ => Indeterminate,
                }
            }
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
                (AccountKind::Management | AccountKind::Standalone, ..) | (_, Some(false), _) => {
                    NotApplicable
                }
                (AccountKind::Unstated, ..) | (_, None, _) | (_, _, None) => Indeterminate,
                (_, _, Some(true)) => Fail,
                (_, _, Some(false)) => Pass,
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
            it.iam_user_hardware_mfa.strict = true;
        }),
    ] {
        let lax = example("both", user_devices(&both), Status::Pass);
        assert_eq!(status(rule, &lax), Status::Pass, "{rule}");
        assert_eq!(status(rule, &lax.with(set)), Status::Fail, "{rule}");
    }
}

#[test]
fn a_key_in_the_second_place_alone_counts_as_any_other() {
    let inactive = || AccessKey {
        status: AccessKeyStatus::Inactive,
        ..active_key("2020-01-01T00:00:00Z", None)
    };
    let record = user_with(UserFacts::default(), |it| {
        it.password = known(ConsolePassword::NotSet);
        it.access_keys = known(vec![inactive(), active_key("2024-01-01T00:00:00Z", None)]);
    });
    let example = example("second", record, Status::Fail);
    for rule in [
        "iam-user-access-key-mfa",
        "iam-user-unused-access-key",
        "iam-user-access-key-rotation",
    ] {
        assert_eq!(status(rule, &example), Status::Fail, "{rule}");
    }
    assert_eq!(status("iam-user-single-access-key", &example), Status::Pass);
}

#[test]
fn what_was_never_used_counts_from_its_beginning_and_the_future_is_not_old() {
    let of = |begun: &str| {
        let record = user_with(
            UserFacts {
                password: true,
                ..UserFacts::default()
            },
            |it| {
                it.password_last_used = known(LastUse::NeverRecorded);
                it.password_last_changed = known(Some(time(begun)));
                it.access_keys = known(vec![active_key(begun, None)]);
            },
        );
        example("never used", record, Status::Fail)
    };
    for (begun, expected) in [
        ("2024-01-01T00:00:00Z", Status::Fail),
        ("2026-11-20T00:00:00Z", Status::Pass),
        ("2027-11-20T00:00:00Z", Status::Pass),
    ] {
        for rule in [
            "iam-user-unused-password",
            "iam-user-unused-access-key",
            "iam-user-access-key-rotation",
        ] {
            assert_eq!(status(rule, &of(begun)), expected, "{rule} {begun}");
        }
    }
}
