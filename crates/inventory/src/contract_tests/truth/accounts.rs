//! Random accounts: their root users, their users, and how their users came to be what they are.

use proptest::{collection::vec, prelude::*};
use simulator::{
    AccessKey, Account, Device, DeviceKind, Password, Report, Reported, Role, Root, Timestamp, User,
};

use super::access;
use crate::contract_tests::stage::NOW;

/// How old every report is that exists at the start.
pub(super) const AGE: i64 = 3600;

fn devices() -> impl Strategy<Value = Vec<Device>> {
    let kinds = [
        DeviceKind::Virtual,
        DeviceKind::Virtual,
        DeviceKind::Fido,
        DeviceKind::Hardware,
        DeviceKind::Sms,
    ];
    // A device's name says nothing of its owner.
    let names = ["", "root-account-mfa-device", "root"];
    let device = (
        prop::sample::select(kinds.to_vec()),
        prop::sample::select(names.to_vec()),
    );
    let device = device.prop_map(|(kind, name)| Device {
        kind,
        name: name.to_owned(),
        ..Device::default()
    });
    prop_oneof![3 => Just(Vec::new()), 4 => vec(device, 1..3)]
}

fn password() -> impl Strategy<Value = Option<Password>> {
    any::<bool>().prop_map(|it| it.then(Password::default))
}

fn keys() -> impl Strategy<Value = Vec<AccessKey>> {
    let key = any::<bool>().prop_map(|active| AccessKey {
        status: if active { "Active" } else { "Inactive" }.to_owned(),
        ..AccessKey::default()
    });
    vec(key, 0..3)
}

/// Returns a user and how it came to be what it is.
fn user() -> impl Strategy<Value = User> {
    let since = prop_oneof![
        4 => Just((true, None, None)),
        3 => (any::<Option<bool>>(), any::<Option<bool>>()).prop_map(|(mfa, password)| (true, mfa, password)),
        1 => Just((false, None, None)),
    ];
    (0..6_usize, password(), devices(), keys(), since).prop_map(
        |(name, password, mfa, access_keys, since)| {
            let (in_report, mfa_active, password_enabled) = since;
            User {
                name: [
                    "alice",
                    "Doe,Jane",
                    "groot",
                    "root-account-mfa-device",
                    "a+b=c@d.e",
                    "robot_1",
                ][name]
                    .to_owned(),
                path: if name % 2 == 0 { "/" } else { "/team/root/" }.to_owned(),
                // A user that is not in the report was created after it was made.
                created: if in_report {
                    Timestamp::default()
                } else {
                    Timestamp::from_second(NOW - AGE / 2)
                },
                password,
                mfa,
                access_keys,
                in_report,
                report: Reported {
                    mfa_active,
                    password_enabled,
                    ..Reported::default()
                },
                ..User::default()
            }
        },
    )
}

fn root() -> impl Strategy<Value = Root> {
    (password(), any::<bool>(), 0..2_u32, devices()).prop_map(
        |(password, key, signing_certificates, mfa)| Root {
            password,
            access_keys: key.then(AccessKey::default).into_iter().collect(),
            signing_certificates,
            mfa,
            ..Root::default()
        },
    )
}

/// Returns a report that exists at the start, one that is made when it is asked for, or one that is never complete.
fn report() -> impl Strategy<Value = Report> {
    let report = |age_seconds, stuck| Report { age_seconds, stuck };
    prop_oneof![
        10 => Just(report(Some(AGE), false)),
        2 => Just(report(None, false)),
        1 => Just(report(None, true)),
    ]
}

/// Returns the users of which no two share a name, as IAM compares names.
fn distinct(users: Vec<User>) -> Vec<User> {
    let mut distinct: Vec<User> = Vec::new();
    for user in users {
        if !distinct.iter().any(|it| same_name(it, &user)) {
            distinct.push(user);
        }
    }
    distinct
}

fn same_name(one: &User, other: &User) -> bool {
    one.name.eq_ignore_ascii_case(&other.name)
}

/// Returns an account that has no number yet. One in a dozen cannot be entered.
pub(super) fn account() -> impl Strategy<Value = Account> {
    let role = prop_oneof![11 => Just(true), 1 => Just(false)];
    (root(), vec(user(), 0..5), vec(user(), 0..2), report(), role).prop_map(
        |(root, users, mut deleted_users, report, has_role)| {
            let users = distinct(users);
            // A former user of the name of one that was created since is a user that was created anew.
            deleted_users.retain(|it| {
                !users
                    .iter()
                    .any(|other| same_name(it, other) && other.in_report)
            });
            let role = has_role.then(|| Role {
                name: "mfaudit-audit".to_owned(),
                ..Role::default()
            });
            let mut account = Account {
                root,
                users,
                deleted_users,
                report,
                roles: role.into_iter().collect(),
                ..Account::default()
            };
            access::give(&mut account);
            account
        },
    )
}
