//! What must hold of a record's tables.

use super::Record;
use crate::{
    Account, AccountKind, AccountState, Arn, ConsolePassword, Dataset, Fact, Gap, GapId, GapReason,
    IamUser, Listing, MfaStatus, Observation, ObservationId, Partition, Presence, Scope, Source,
};

fn account() -> Account {
    Account {
        id: "111122223333".parse().unwrap(),
        name: String::new(),
        partition: Partition::new("aws-us-gov"),
        kind: AccountKind::Member,
        state: AccountState::Active,
        scope: Scope::Audited,
        ou_path: String::new(),
    }
}

fn unseen() -> Record {
    Record::unseen(account(), |dataset| Gap::new(dataset, GapReason::Failed))
}

/// Returns a record with a user, all of whose facts point into the tables.
fn with_user() -> Record {
    let mut record = unseen();
    let seen = record.observed(Observation {
        source: Source::ListUsers,
        at: None,
    });
    let arn = Arn::iam_user(
        &Partition::commercial(),
        &"111122223333".parse().unwrap(),
        "alice",
    );
    let user = IamUser {
        password: Fact::Known(ConsolePassword::Set, seen),
        mfa: Fact::Known(MfaStatus::Enabled, seen),
        mfa_devices: Listing::whole(Vec::new(), seen),
        access_keys: Fact::Known(Vec::new(), seen),
        ..IamUser::unseen("alice", arn, GapId(0))
    };
    record.iam_users = Listing::whole(vec![user], seen);
    record
}

#[test]
fn each_gap_stands_once_in_the_table() {
    let mut record = unseen();
    let before = record.gaps.len();
    let throttled = |detail: &str| Gap {
        detail: detail.to_owned(),
        ..Gap::new(Dataset::MfaStatus, GapReason::Throttled)
    };
    let first = record.missing(throttled(""));
    assert_eq!(record.missing(throttled("")), first);
    let second = record.missing(throttled("elsewhere"));
    assert_ne!(second, first);
    assert_eq!(record.gaps.len(), before + 2);
    assert_eq!(record.gap(first).unwrap().detail, "");
    assert_eq!(record.gap(second).unwrap().detail, "elsewhere");
    assert_eq!(record.gap(GapId(99)), None);
}

#[test]
fn each_observation_stands_once_in_the_table() {
    let mut record = unseen();
    let at = |time: &str| Observation {
        source: Source::ListUsers,
        at: time.parse().ok(),
    };
    let first = record.observed(at("2026-11-24"));
    assert_eq!(record.observed(at("2026-11-24")), first);
    let second = record.observed(at("2026-11-25"));
    let third = record.observed(at("none"));
    assert_eq!([first.0, second.0, third.0], [0, 1, 2]);
    assert_eq!(record.observation(third), Some(at("")));
    assert_eq!(record.observation(ObservationId(3)), None);
}

#[test]
fn what_was_not_seen_is_missing_for_the_reason_of_its_dataset() {
    let record = Record::unseen(account(), |dataset| Gap {
        detail: dataset.to_string(),
        ..Gap::new(dataset, GapReason::EntryDenied)
    });
    assert!(record.is_consistent());
    let root = &record.root_user;
    for (gap, dataset) in [
        (root.password.get().err(), Dataset::RootCredentials),
        (root.access_key.get().err(), Dataset::RootCredentials),
        (
            root.signing_certificate.get().err(),
            Dataset::RootCredentials,
        ),
        (root.mfa.get().err(), Dataset::RootMfa),
        (root.mfa_devices.gap, Dataset::RootMfaDevices),
        (record.iam_users.gap, Dataset::IamUsers),
        (
            record.identity_providers.get().err(),
            Dataset::IdentityProviders,
        ),
    ] {
        let gap = record.gap(gap.unwrap()).unwrap();
        assert_eq!(
            (gap.dataset, gap.detail.as_str()),
            (dataset, dataset.to_string().as_str())
        );
    }
}

#[test]
fn the_root_user_is_named_in_the_accounts_partition() {
    assert_eq!(
        unseen().root_user_arn().as_str(),
        "arn:aws-us-gov:iam::111122223333:root"
    );
}

const NO_GAP: GapId = GapId(99);
const NO_SOURCE: ObservationId = ObservationId(99);

fn user(record: &mut Record) -> &mut IamUser {
    &mut record.iam_users.items[0]
}

#[test]
fn a_fact_that_points_beyond_its_table_is_noticed() {
    assert!(unseen().is_consistent() && with_user().is_consistent());
    let breaks: [fn(&mut Record); 18] = [
        |it| it.root_user.password = Fact::Unknown(NO_GAP),
        |it| it.root_user.access_key = Fact::Known(Presence::Absent, NO_SOURCE),
        |it| it.root_user.signing_certificate = Fact::Unknown(NO_GAP),
        |it| it.root_user.mfa = Fact::Known(MfaStatus::Enabled, NO_SOURCE),
        |it| it.root_user.mfa_devices.gap = Some(NO_GAP),
        |it| it.root_user.mfa_devices.observation = Some(NO_SOURCE),
        |it| it.identity_providers = Fact::Unknown(NO_GAP),
        |it| it.iam_users.gap = Some(NO_GAP),
        |it| it.iam_users.observation = Some(NO_SOURCE),
        |it| user(it).created_at = Fact::Unknown(NO_GAP),
        |it| user(it).password = Fact::Known(ConsolePassword::Set, NO_SOURCE),
        |it| user(it).password_last_used = Fact::Unknown(NO_GAP),
        |it| user(it).mfa = Fact::Unknown(NO_GAP),
        |it| user(it).mfa_devices.gap = Some(NO_GAP),
        |it| user(it).mfa_devices.observation = Some(NO_SOURCE),
        |it| user(it).access_keys = Fact::Known(Vec::new(), NO_SOURCE),
        |it| it.gaps.clear(),
        |it| it.observations.clear(),
    ];
    for (place, change) in breaks.into_iter().enumerate() {
        let mut record = with_user();
        change(&mut record);
        assert!(!record.is_consistent(), "change {place}");
    }
}
