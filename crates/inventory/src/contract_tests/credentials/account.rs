//! What is asked about the whole account, or the organization, where a rule needs it.

use std::time::Duration;

use futures_util::FutureExt;
use model::{FeatureState, OrganizationFeatures, PasswordPolicy, Presence, snapshot::RootAccess};

use super::{
    super::stage::{ACCOUNT, MANAGEMENT, OWNER_TAG, ask_for_all_rules, collect, standalone},
    *,
};
use crate::contract_tests::stage::throttling;

/// Lets a collector ask for one dataset alone.
fn alone(dataset: Dataset) -> impl FnOnce(&mut Collector) {
    move |it| {
        it.plan.datasets = [dataset].into();
        it.confirm = Arc::new(|_| Vec::new());
    }
}

#[tokio::test]
async fn the_password_policy_is_the_accounts_own_or_awss_default() {
    let own = "[account.password-policy]\nminimum-length = 14\nreuse-prevention = 24\nmax-age = 90";
    let custom = PasswordPolicy::Custom {
        minimum_length: 14,
        reuse_prevention: Some(24),
        max_age_days: Some(90),
    };
    let plain = PasswordPolicy::Custom {
        minimum_length: 8,
        reuse_prevention: None,
        max_age_days: None,
    };
    for (world, expected) in [
        (own, custom),
        ("[account.password-policy]", plain),
        ("", PasswordPolicy::Default),
    ] {
        let stage = stage(organization(world), &[]).await;
        let record = collected(&stage, alone(Dataset::PasswordPolicy)).await;
        assert_eq!(
            seen(&record, &record.password_policy),
            (expected, Source::GetAccountPasswordPolicy, NOW)
        );
        assert_eq!(stage.asked(MEMBER, "ListUsers"), 0);
    }
}

#[tokio::test]
async fn a_password_policy_that_may_not_be_read_is_a_gap_and_no_default() {
    let stage = stage(organization(""), &["iam:GetAccountPasswordPolicy"]).await;
    let record = collected(&stage, alone(Dataset::PasswordPolicy)).await;
    assert_eq!(
        missing(&record, &record.password_policy),
        denied("GetAccountPasswordPolicy")
    );
    let record = collected(&stage, |_| {}).await;
    assert!(record.password_policy.is_unasked());
}

#[tokio::test]
async fn devices_that_belong_to_nobody_are_listed_beside_those_in_use() {
    let user = "[[account.user]]\nname = \"alice\"\npassword = {}\nmfa = [{}]";
    let mut world = organization(user);
    world.accounts[1].unassigned_devices = vec!["left-over".into(), "another".into()];
    let stage = stage(world, &[]).await;
    let record = collected(&stage, for_rule("account-unassigned-virtual-mfa")).await;
    let listing = &record.unassigned_virtual_mfa_devices;
    let serials: Vec<_> = listing.items.iter().map(|it| &**it).collect();
    assert_eq!(
        serials,
        [
            "arn:aws:iam::222222222222:mfa/another",
            "arn:aws:iam::222222222222:mfa/left-over"
        ]
    );
    let observation = record.observation(listing.observation.unwrap()).unwrap();
    assert_eq!(
        (observation.source, observation.at),
        (
            Source::ListVirtualMfaDevices,
            Timestamp::from_epoch_seconds(NOW)
        )
    );
    assert_eq!(listing.gap, None);
    let record = collected(&stage, |_| {}).await;
    assert!(record.unassigned_virtual_mfa_devices.is_unasked());
    let alice = &record.iam_users.items[0];
    assert_eq!(alice.mfa_devices.items.len(), 1);
}

#[tokio::test]
async fn devices_that_may_not_be_listed_are_a_gap() {
    let stage = stage(organization(""), &["iam:ListVirtualMFADevices"]).await;
    let record = collected(&stage, alone(Dataset::UnassignedVirtualMfaDevices)).await;
    let listing = &record.unassigned_virtual_mfa_devices;
    let gap = record.gap(listing.gap.unwrap()).unwrap();
    assert_eq!(
        (gap.reason, gap.operation.as_str()),
        (GapReason::AccessDenied, "ListVirtualMFADevices")
    );
    assert_eq!(listing.observation, None);
}

const ROOT: &str = r#"
    [account.root]
    password = { last-used = "2026-11-20T00:00:00Z" }
    access-keys = [{ last-used = "2026-10-01T00:00:00Z" }]
    mfa = [{ kind = "fido" }]
"#;

#[tokio::test]
async fn when_the_root_user_was_at_work_the_report_alone_tells() {
    let stage = stage(organization(ROOT), &[]).await;
    let record = collected(&stage, alone(Dataset::RootUse)).await;
    let root = &record.root_user;
    let report = Source::GetCredentialReport;
    assert_eq!(
        seen(&record, &root.password_last_used),
        (at("2026-11-20T00:00:00Z"), report, REPORTED)
    );
    assert_eq!(
        seen(&record, &root.access_key_last_used),
        (at("2026-10-01T00:00:00Z"), report, REPORTED)
    );
    assert_eq!(stage.asked(MEMBER, "GetCredentialReport"), 1);
    assert_eq!(stage.asked(MEMBER, "ListUsers"), 0);
}

#[tokio::test]
async fn without_a_report_the_root_users_last_use_is_a_gap() {
    let stage = stage(organization(ROOT), &["iam:GetCredentialReport"]).await;
    let record = collected(&stage, alone(Dataset::RootUse)).await;
    let root = &record.root_user;
    for fact in [&root.password_last_used, &root.access_key_last_used] {
        assert_eq!(missing(&record, fact), denied("GetCredentialReport"));
    }
    let record = collected(&stage, |it| {
        it.plan.freshness = crate::Freshness::Live;
        it.plan.datasets = [Dataset::RootUse].into();
    })
    .await;
    let (reason, _) = missing(&record, &record.root_user.password_last_used);
    assert_eq!(reason, GapReason::NotRequested, "live calls do not tell it");
}

#[tokio::test]
async fn an_authenticator_app_of_the_root_user_is_seen_and_so_is_that_there_is_none() {
    for (device, expected) in [
        ("{}", Presence::Present),
        ("{ kind = \"fido\" }", Presence::Absent),
    ] {
        let root = format!("[account.root]\npassword = {{}}\nmfa = [{device}]");
        let stage = stage(organization(&root), &[]).await;
        let record = collected(&stage, alone(Dataset::RootVirtualMfaDevices)).await;
        assert_eq!(
            seen(&record, &record.root_user.virtual_mfa_device),
            (expected, Source::ListVirtualMfaDevices, NOW)
        );
    }
}

#[tokio::test]
async fn without_the_list_of_devices_the_root_users_app_is_a_gap_unless_it_has_no_mfa_at_all() {
    for (mfa, expected) in [("[{}]", None), ("[]", Some(Presence::Absent))] {
        let root = format!("[account.root]\npassword = {{}}\nmfa = {mfa}");
        let stage = stage(organization(&root), &["iam:ListVirtualMFADevices"]).await;
        let record = collected(&stage, alone(Dataset::RootVirtualMfaDevices)).await;
        let fact = &record.root_user.virtual_mfa_device;
        assert_eq!(fact.known().copied(), expected);
        if expected.is_none() {
            assert_eq!(missing(&record, fact), denied("ListVirtualMFADevices"));
        }
    }
}

#[tokio::test]
async fn a_session_of_the_root_user_tells_of_its_app_too() {
    let mut world = organization("[account.root]\npassword = {}\nmfa = [{}]");
    enable(&mut world, &["RootCredentialsManagement"]);
    let stage = stage(world, &["iam:ListVirtualMFADevices"]).await;
    let record = collected(&stage, |it| {
        it.root_access = RootAccess::Always;
        alone(Dataset::RootVirtualMfaDevices)(it);
    })
    .await;
    assert_eq!(
        seen(&record, &record.root_user.virtual_mfa_device),
        (Presence::Present, Source::ListMfaDevices, NOW)
    );
}

fn enable(world: &mut World, features: &[&str]) {
    let organization = world.organization.as_mut().unwrap();
    organization.trusted_services = vec!["iam.amazonaws.com".to_owned()];
    organization.features = features.iter().map(|it| (*it).to_owned()).collect();
}

#[tokio::test]
async fn the_organizations_features_are_asked_for_once_and_stand_in_each_record() {
    let (on, off) = (FeatureState::Enabled, FeatureState::NotEnabled);
    for (features, management, sessions) in [
        (&["RootCredentialsManagement", "RootSessions"][..], on, on),
        (&["RootCredentialsManagement"], on, off),
        (&[], off, off),
    ] {
        let mut world = organization("");
        enable(&mut world, features);
        let stage = stage(world, &[]).await;
        let records = stage.audit_for_all_rules(|_| {}).await;
        let expected = OrganizationFeatures {
            root_credentials_management: management,
            root_sessions: sessions,
        };
        for record in &records {
            assert_eq!(
                seen(record, &record.organization_features),
                (expected, Source::ListOrganizationsFeatures, NOW)
            );
        }
        assert_eq!(stage.asked(MANAGEMENT, "ListOrganizationsFeatures"), 1);
    }
}

#[tokio::test]
async fn features_that_may_not_be_asked_for_are_a_gap_and_not_missing() {
    let denied_call = fault("iam:ListOrganizationsFeatures", denial());
    let stage = Stage::with(organization(""), vec![denied_call]).await;
    for record in stage.audit_for_all_rules(|_| {}).await {
        assert_eq!(
            missing(&record, &record.organization_features),
            denied("ListOrganizationsFeatures")
        );
    }
    for record in stage.audit(|_| {}).await {
        assert!(record.organization_features.is_unasked());
    }
}

#[tokio::test]
async fn an_account_without_an_organization_has_no_features_and_no_gap_for_them() {
    let stage = Stage::start(standalone()).await;
    let reach = crate::Reach::OwnAccount;
    let found = crate::discover(&stage.connection, &reach).await.unwrap();
    let mut collector = stage.collector(ACCOUNT);
    ask_for_all_rules(&mut collector).await;
    let records = collect(&collector, found.accounts).await;
    let record = &records[0];
    assert!(record.organization_features.is_unasked());
    let cell = model::cell(record, Dataset::OrganizationFeatures);
    assert_eq!(cell, model::Cell::Seen);
}

fn tagged(tags: &[(&str, &str)]) -> World {
    let mut world = organization("");
    let tag = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    world.accounts[1].tags = tags.iter().map(tag).collect();
    world
}

fn with_owner(it: &mut Collector) {
    it.plan.datasets.insert(Dataset::OwnerTag);
    it.plan.owner_tag = Some(OWNER_TAG.to_owned());
}

#[tokio::test]
async fn the_owner_of_an_account_is_what_its_tag_says() {
    let (owner, other) = (("owner", "team-shop"), ("Owner", "another key"));
    for (tags, expected) in [
        (&[owner, other][..], Some("team-shop")),
        (&[other], None),
        (&[], None),
    ] {
        let stage = stage(tagged(tags), &[]).await;
        let record = collected(&stage, with_owner).await;
        let expected = expected.map(Into::into);
        assert_eq!(
            seen(&record, &record.owner_tag),
            (expected, Source::ListTagsForResource, NOW)
        );
        let asked = stage.simulator.journal();
        let asked = asked.iter().filter(|it| it.action == "ListTagsForResource");
        assert_eq!(asked.count(), 2, "once for each account");
    }
}

#[tokio::test]
async fn an_account_that_waits_for_the_organizations_limit_loses_no_time_of_its_own() {
    const OPERATION: &str = "ListTagsForResource";
    let stage = stage(tagged(&[("owner", "team-shop")]), &[]).await;
    let record = collected(&stage, |it| {
        with_owner(it);
        it.account_deadline = Duration::from_secs(1);
        // Others have had all of AWS's fifteen at once, and two seconds' worth of those that follow.
        for _ in 0..35 {
            let _ = it.pace.turn(&stage.connection, OPERATION).now_or_never();
        }
    })
    .await;
    let owner = Some("team-shop".into());
    assert_eq!(
        seen(&record, &record.owner_tag),
        (owner, Source::ListTagsForResource, NOW)
    );
}

#[tokio::test]
async fn an_owner_who_cannot_be_asked_for_is_a_gap() {
    for (kind, reason) in [
        (denial(), GapReason::AccessDenied),
        (throttling(), GapReason::Throttled),
    ] {
        let refused = fault("organizations:ListTagsForResource", kind);
        let stage = Stage::with(tagged(&[("owner", "team-shop")]), vec![refused]).await;
        let record = collected(&stage, with_owner).await;
        let gap = missing(&record, &record.owner_tag);
        assert_eq!(gap, (reason, "ListTagsForResource".to_owned()));
        assert_eq!(record.iam_users.gap, None, "the account itself is seen");
        let record = collected(&stage, |_| {}).await;
        assert!(record.owner_tag.is_unasked());
    }
}
