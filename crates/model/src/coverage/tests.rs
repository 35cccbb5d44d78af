//! What a cell says of the facts in it.

use super::{Cell, cell};
use crate::{
    Account, AccountKind, AccountState, Arn, ConsolePassword, Dataset, Fact, Gap, GapId, GapReason,
    IamUser, Listing, MfaStatus, Observation, ObservationId, Partition, Presence, Record, Scope,
    Source,
};

const SEEN: ObservationId = ObservationId(0);

/// Returns a record in which nothing was seen for one reason, with an observation to point to.
fn unseen(reason: GapReason) -> Record {
    let account = Account {
        id: "111122223333".parse().unwrap(),
        name: String::new(),
        partition: Partition::commercial(),
        kind: AccountKind::Member,
        state: AccountState::Active,
        scope: Scope::Audited,
        ou_path: String::new(),
    };
    let mut record = Record::unseen(account, |dataset| Gap::new(dataset, reason));
    let observation = Observation {
        source: Source::ListUsers,
        at: None,
    };
    assert_eq!(record.observed(observation), SEEN);
    record
}

fn gap(record: &mut Record, reason: GapReason) -> GapId {
    record.missing(Gap::new(Dataset::MfaStatus, reason))
}

/// Returns a user whose every fact is known, or missing for the same reason.
fn user(name: &str, missing: Option<GapId>) -> IamUser {
    fn fact<T>(value: T, missing: Option<GapId>) -> Fact<T> {
        missing.map_or(Fact::Known(value, SEEN), Fact::Unknown)
    }
    let arn = Arn::iam_user(
        &Partition::commercial(),
        &"111122223333".parse().unwrap(),
        name,
    );
    IamUser {
        created_at: fact(crate::Timestamp::EPOCH, missing),
        password: fact(ConsolePassword::Set, missing),
        password_last_used: fact(crate::LastUse::NeverRecorded, missing),
        mfa: fact(MfaStatus::Enabled, missing),
        mfa_devices: missing.map_or(Listing::whole(Vec::new(), SEEN), Listing::unseen),
        access_keys: fact(Vec::new(), missing),
        password_last_changed: fact(None, missing),
        signing_certificate: fact(Presence::Absent, missing),
        service_specific_credentials: fact(Vec::new(), missing),
        direct_policies: fact(Vec::new(), missing),
        policies: fact(crate::PolicySetId(0), missing),
        ..IamUser::unseen(name, arn, GapId::unasked(Dataset::IamUsers))
    }
}

const OF_USERS: [Dataset; 4] = [
    Dataset::LoginProfiles,
    Dataset::MfaStatus,
    Dataset::MfaDevices,
    Dataset::AccessKeys,
];

/// Every dataset that a record can lack: whether Identity Center is in use stands in the header.
fn of_records() -> impl Iterator<Item = &'static Dataset> {
    let of_run = Dataset::IdentityCenter;
    Dataset::ALL.iter().filter(move |it| **it != of_run)
}

#[test]
fn of_an_account_of_which_nothing_was_seen_no_cell_is_seen() {
    for reason in [
        GapReason::AccessDenied,
        GapReason::Interrupted,
        GapReason::NotRequested,
    ] {
        let record = unseen(reason);
        for dataset in of_records() {
            assert_eq!(cell(&record, *dataset), Cell::NotSeen, "{dataset}");
        }
    }
}

#[test]
fn what_no_call_can_show_is_not_visible() {
    let record = unseen(GapReason::NotVisible);
    for dataset in of_records() {
        assert_eq!(cell(&record, *dataset), Cell::NotVisible, "{dataset}");
    }
}

#[test]
fn of_an_account_of_which_everything_was_seen_every_cell_is_seen() {
    let mut record = unseen(GapReason::Failed);
    let root = &mut record.root_user;
    root.password = Fact::Known(ConsolePassword::Set, SEEN);
    root.access_key = Fact::Known(Presence::Absent, SEEN);
    root.signing_certificate = Fact::Known(Presence::Absent, SEEN);
    root.mfa = Fact::Known(MfaStatus::Enabled, SEEN);
    root.mfa_devices = Listing::whole(Vec::new(), SEEN);
    root.password_last_used = Fact::Known(crate::LastUse::NeverRecorded, SEEN);
    root.access_key_last_used = Fact::Known(crate::LastUse::NeverRecorded, SEEN);
    root.virtual_mfa_device = Fact::Known(Presence::Absent, SEEN);
    record.password_policy = Fact::Known(crate::PasswordPolicy::Default, SEEN);
    record.unassigned_virtual_mfa_devices = Listing::whole(Vec::new(), SEEN);
    record.iam_roles = Listing::whole(Vec::new(), SEEN);
    record.owner_tag = Fact::Known(None, SEEN);
    record.service_control_policies = Fact::Known(Vec::new(), SEEN);
    record.account.kind = AccountKind::Standalone;
    record.identity_providers = Fact::Known(0, SEEN);
    record.iam_users = Listing::whole(vec![user("alice", None), user("bob", None)], SEEN);
    for dataset in Dataset::ALL {
        assert_eq!(cell(&record, *dataset), Cell::Seen, "{dataset}");
    }
}

#[test]
fn an_account_without_users_is_seen_and_not_missing() {
    let mut record = unseen(GapReason::Failed);
    record.iam_users = Listing::whole(Vec::new(), SEEN);
    for dataset in OF_USERS.into_iter().chain([Dataset::IamUsers]) {
        assert_eq!(cell(&record, dataset), Cell::Seen, "{dataset}");
    }
}

#[test]
fn one_root_credential_of_three_is_part_of_the_cell() {
    let mut record = unseen(GapReason::Failed);
    record.root_user.access_key = Fact::Known(Presence::Absent, SEEN);
    assert_eq!(cell(&record, Dataset::RootCredentials), Cell::Partly);
    assert_eq!(cell(&record, Dataset::RootMfa), Cell::NotSeen);
}

#[test]
fn one_user_of_two_is_part_of_the_cell() {
    for (reason, expected) in [
        (GapReason::Throttled, Cell::Partly),
        (GapReason::NotVisible, Cell::NotVisible),
    ] {
        let mut record = unseen(GapReason::Failed);
        let gap = gap(&mut record, reason);
        record.iam_users = Listing::whole(vec![user("alice", None), user("bob", Some(gap))], SEEN);
        for dataset in OF_USERS {
            assert_eq!(cell(&record, dataset), expected, "{dataset} {reason}");
        }
        assert_eq!(cell(&record, Dataset::IamUsers), Cell::Seen);
    }
}

#[test]
fn no_user_of_two_is_not_seen() {
    let mut record = unseen(GapReason::Failed);
    let gap = gap(&mut record, GapReason::Throttled);
    record.iam_users = Listing::whole(vec![user("alice", Some(gap)), user("bob", Some(gap))], SEEN);
    for dataset in OF_USERS {
        assert_eq!(cell(&record, dataset), Cell::NotSeen, "{dataset}");
    }
}

#[test]
fn facts_of_users_that_were_not_listed_are_missing_too() {
    let mut record = unseen(GapReason::Failed);
    let rest = gap(&mut record, GapReason::AccessDenied);
    record.iam_users = Listing {
        items: vec![user("alice", None)],
        observation: Some(SEEN),
        gap: Some(rest),
    };
    for dataset in OF_USERS.into_iter().chain([Dataset::IamUsers]) {
        assert_eq!(cell(&record, dataset), Cell::Partly, "{dataset}");
    }
}

#[test]
fn what_is_missing_outweighs_what_is_not_visible() {
    let mut record = unseen(GapReason::Failed);
    let hidden = gap(&mut record, GapReason::NotVisible);
    record.root_user.password = Fact::Unknown(hidden);
    assert_eq!(cell(&record, Dataset::RootCredentials), Cell::NotSeen);
    record.root_user.access_key = Fact::Known(Presence::Absent, SEEN);
    assert_eq!(cell(&record, Dataset::RootCredentials), Cell::Partly);
}

#[test]
fn a_gap_that_is_in_no_table_is_never_seen() {
    let mut record = unseen(GapReason::NotVisible);
    record.root_user.mfa = Fact::Unknown(GapId(99));
    assert_eq!(cell(&record, Dataset::RootMfa), Cell::NotSeen);
}

#[test]
fn devices_of_a_partial_list_are_part_of_the_cell() {
    let mut record = unseen(GapReason::Failed);
    let hidden = gap(&mut record, GapReason::NotVisible);
    let device = crate::MfaDevice::new("arn:aws:iam::111122223333:mfa/any", None);
    record.root_user.mfa_devices = Listing {
        items: vec![device],
        observation: Some(SEEN),
        gap: Some(hidden),
    };
    assert_eq!(cell(&record, Dataset::RootMfaDevices), Cell::NotVisible);
    let failed = gap(&mut record, GapReason::Failed);
    record.root_user.mfa_devices.gap = Some(failed);
    assert_eq!(cell(&record, Dataset::RootMfaDevices), Cell::Partly);
}
