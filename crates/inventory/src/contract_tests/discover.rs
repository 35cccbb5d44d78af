//! Which accounts are found, and what is said when they are not.

mod units;

use model::{AccountKind, AccountState, GapReason, PolicyKind, Scope, snapshot::ScopeFilter};
use simulator::{FaultKind, World};

use super::stage::{
    ACCOUNT, MANAGEMENT, MEMBER, Stage, denial, fault, organization, standalone, throttling,
};
use crate::{Discovery, Reach, StartError, discover};

/// Returns an organization with units two of which have the same name.
fn with_units(more: &str) -> World {
    let account = |number: u32, ou: &str| {
        format!("[[account]]\nid = \"{number:012}\"\nname = \"account {number}\"\nou = \"{ou}\"\n")
    };
    let units = [
        ("Security", ""),
        ("Workloads", ""),
        ("Prod", "Workloads"),
        ("Retail", "Workloads/Prod"),
        ("Sandbox", ""),
        ("Prod", "Sandbox"),
    ];
    let units =
        units.map(|(name, parent)| format!("[[ou]]\nname = \"{name}\"\nparent = \"{parent}\"\n"));
    let units = units.concat();
    let accounts: String = [
        account(1, ""),
        account(2, "Security"),
        account(3, "Workloads"),
        account(4, "Workloads/Prod"),
        account(5, "Workloads/Prod/Retail"),
        account(6, "Sandbox/Prod"),
    ]
    .concat();
    let head = format!(
        "[organization]\nid = \"o-exampleorg\"\nmanagement-account = \"000000000001\"\n{more}\n"
    );
    World::from_toml(&format!("{head}{units}{accounts}")).unwrap()
}

fn in_units(units: &[&str]) -> ScopeFilter {
    ScopeFilter {
        organizational_units: units.iter().map(|it| (*it).to_owned()).collect(),
        ..ScopeFilter::default()
    }
}

fn accounts(given: &[&str]) -> ScopeFilter {
    ScopeFilter {
        accounts: given.iter().map(|it| it.parse().unwrap()).collect(),
        ..ScopeFilter::default()
    }
}

fn all() -> ScopeFilter {
    ScopeFilter::default()
}

fn ids(found: &Discovery) -> Vec<&str> {
    found.accounts.iter().map(|it| it.id.as_str()).collect()
}

/// Returns the last digits of the accounts found.
fn numbers(found: &Discovery) -> Vec<u32> {
    ids(found).iter().map(|it| it.parse().unwrap()).collect()
}

fn paths(found: &Discovery) -> Vec<&str> {
    found
        .accounts
        .iter()
        .map(|it| it.ou_path.as_str())
        .collect()
}

const PATHS: [&str; 6] = [
    "",
    "Security",
    "Workloads",
    "Workloads/Prod",
    "Workloads/Prod/Retail",
    "Sandbox/Prod",
];

#[tokio::test]
async fn every_account_of_every_page_is_found_in_order() {
    let mut world = World::generate(47, 0, 1);
    world.organization.as_mut().unwrap().empty_pages = true;
    let mut expected: Vec<_> = world.accounts.iter().map(|it| it.id.clone()).collect();
    expected.sort();
    let stage = Stage::start(world).await;
    let found = stage.discover(all()).await.unwrap();
    assert_eq!(ids(&found), expected);
    let management = found
        .accounts
        .iter()
        .filter(|it| it.kind == AccountKind::Management);
    assert_eq!(management.count(), 1);
    assert!(found.notes.is_empty(), "{:?}", found.notes);
}

#[tokio::test]
async fn a_page_token_that_comes_twice_is_an_error() {
    let world = organization("");
    let stage = Stage::with(
        world,
        vec![fault("organizations:ListAccounts", FaultKind::RepeatToken)],
    )
    .await;
    let error = stage.discover(all()).await.unwrap_err();
    assert!(
        matches!(&error, StartError::Listing(it) if it.reason == GapReason::Malformed),
        "{error}"
    );
    assert!(stage.asked(MANAGEMENT, "ListAccounts") <= 3);
}

#[tokio::test]
async fn throttled_calls_are_tried_again() {
    let mut throttled = fault("organizations:*", throttling());
    throttled.times = Some(3);
    let stage = Stage::with(organization(""), vec![throttled]).await;
    assert_eq!(
        ids(&stage.discover(all()).await.unwrap()),
        [MANAGEMENT, MEMBER]
    );
}

#[tokio::test]
async fn accounts_that_cannot_be_listed_are_an_error_that_says_why() {
    for (kind, reason) in [
        (denial(), GapReason::AccessDenied),
        (FaultKind::Malformed, GapReason::Malformed),
        (FaultKind::HtmlBody, GapReason::Malformed),
        (FaultKind::Disconnect, GapReason::Unreachable),
        (FaultKind::Status(500), GapReason::Failed),
        (FaultKind::ExpiredToken, GapReason::ExpiredCredentials),
    ] {
        let stage = Stage::with(
            organization(""),
            vec![fault("organizations:ListAccounts", kind.clone())],
        )
        .await;
        let error = stage.discover(all()).await.unwrap_err();
        let StartError::Listing(trouble) = &error else {
            panic!("{kind:?}: {error}");
        };
        assert_eq!(trouble.reason, reason, "{kind:?}: {trouble:?}");
        assert!(!trouble.detail.is_empty(), "{kind:?}");
    }
}

#[tokio::test]
async fn a_second_page_that_fails_is_an_error_and_not_a_shorter_list() {
    let mut second = fault("organizations:ListAccounts", denial());
    second.after = Some(1);
    let stage = Stage::with(World::generate(30, 0, 2), vec![second]).await;
    assert!(matches!(
        stage.discover(all()).await,
        Err(StartError::Listing(_))
    ));
}

#[tokio::test]
async fn a_caller_that_is_not_told_is_an_error() {
    for kind in [
        FaultKind::ExpiredToken,
        FaultKind::HtmlBody,
        FaultKind::Disconnect,
    ] {
        let fault = fault("sts:GetCallerIdentity", kind.clone());
        let stage = Stage::with(organization(""), vec![fault]).await;
        let found = stage.discover(all()).await;
        assert!(
            matches!(found, Err(StartError::Caller(_))),
            "{kind:?}: {found:?}"
        );
    }
}

#[tokio::test]
async fn a_plain_member_is_told_so() {
    let mut world = organization("");
    world.caller.account = MEMBER.to_owned();
    let stage = Stage::start(world).await;
    let expected = StartError::PlainMember {
        account: MEMBER.parse().unwrap(),
        organization: "o-exampleorg".to_owned(),
    };
    assert_eq!(stage.discover(all()).await.unwrap_err(), expected);
}

#[tokio::test]
async fn a_plain_member_may_audit_itself_alone() {
    let mut world = organization("");
    world.caller.account = MEMBER.to_owned();
    let stage = Stage::start(world).await;
    let found = discover(&stage.connection, &Reach::OwnAccount)
        .await
        .unwrap();
    assert_eq!(ids(&found), [MEMBER]);
    assert_eq!(found.accounts[0].kind, AccountKind::Member);
    assert_eq!(stage.asked(MEMBER, "ListAccounts"), 0);
}

#[tokio::test]
async fn an_account_whose_organization_was_not_seen_may_be_audited_alone() {
    let stage = Stage::with(organization(""), vec![fault("organizations:*", denial())]).await;
    let found = discover(&stage.connection, &Reach::OwnAccount)
        .await
        .unwrap();
    assert_eq!(found.accounts[0].kind, AccountKind::Unstated);
    assert!(found.notes[0].contains("was not seen"), "{:?}", found.notes);
}

#[tokio::test]
async fn a_delegated_administrator_lists_all() {
    let mut world = organization("");
    world.caller.account = MEMBER.to_owned();
    world
        .organization
        .as_mut()
        .unwrap()
        .delegated_administrators = vec![MEMBER.to_owned()];
    let stage = Stage::start(world).await;
    let found = stage.discover(all()).await.unwrap();
    assert_eq!(ids(&found), [MANAGEMENT, MEMBER]);
    assert_eq!(found.own_account.as_str(), MEMBER);
    let kinds: Vec<_> = found.accounts.iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [AccountKind::Management, AccountKind::Member]);
}

#[tokio::test]
async fn an_organization_that_may_not_be_described_is_told_from_its_accounts() {
    let stage = Stage::with(
        organization(""),
        vec![fault("organizations:DescribeOrganization", denial())],
    )
    .await;
    let found = stage.discover(all()).await.unwrap();
    let organization = found.organization.unwrap();
    assert_eq!(
        (
            organization.id.as_str(),
            organization.management_account.as_str()
        ),
        ("o-exampleorg", MANAGEMENT)
    );
    assert_eq!(found.accounts[0].kind, AccountKind::Management);
}

#[tokio::test]
async fn an_account_in_no_organization_is_audited_alone() {
    let stage = Stage::start(standalone()).await;
    for filter in [all(), accounts(&[ACCOUNT])] {
        let found = stage.discover(filter).await.unwrap();
        assert_eq!(ids(&found), [ACCOUNT]);
        assert_eq!(found.accounts[0].kind, AccountKind::Standalone);
        assert_eq!(found.accounts[0].scope, Scope::Audited);
        assert!(found.organization.is_none() && !found.notes.is_empty());
    }
    let other = stage.discover(accounts(&[MEMBER])).await.unwrap_err();
    assert_eq!(other, StartError::UnknownAccount(MEMBER.parse().unwrap()));
    let unit = stage.discover(in_units(&["Prod"])).await.unwrap_err();
    assert!(matches!(unit, StartError::UnknownUnit { .. }));
    let excluded = ScopeFilter {
        excluded_accounts: vec![ACCOUNT.parse().unwrap()],
        ..all()
    };
    assert!(stage.discover(excluded).await.unwrap().accounts.is_empty());
}

#[tokio::test]
async fn only_states_that_are_known_not_to_be_active_are_out_of_scope() {
    for (state, expected, scope) in [
        ("ACTIVE", AccountState::Active, Scope::Audited),
        (
            "LIMBO",
            AccountState::Unrecognized("LIMBO".to_owned()),
            Scope::Audited,
        ),
        ("SUSPENDED", AccountState::Suspended, Scope::NotActive),
        ("CLOSED", AccountState::Closed, Scope::NotActive),
        (
            "PENDING_CLOSURE",
            AccountState::PendingClosure,
            Scope::NotActive,
        ),
        (
            "PENDING_ACTIVATION",
            AccountState::PendingActivation,
            Scope::NotActive,
        ),
    ] {
        let mut world = organization("");
        state.clone_into(&mut world.accounts[1].state);
        let found = Stage::start(world).await.discover(all()).await.unwrap();
        assert_eq!(ids(&found), [MANAGEMENT, MEMBER], "{state} is listed");
        assert_eq!(
            (&found.accounts[1].state, found.accounts[1].scope),
            (&expected, scope),
            "{state}"
        );
    }
}

#[tokio::test]
async fn the_older_status_is_read_where_there_is_no_state() {
    for (status, omit_status, expected, scope) in [
        ("ACTIVE", false, AccountState::Active, Scope::Audited),
        (
            "SUSPENDED",
            false,
            AccountState::Suspended,
            Scope::NotActive,
        ),
        ("SUSPENDED", true, AccountState::Unstated, Scope::Audited),
    ] {
        let mut world = organization("");
        world.accounts[1].status = Some(status.to_owned());
        let organization = world.organization.as_mut().unwrap();
        (organization.omit_state, organization.omit_status) = (true, omit_status);
        let found = Stage::start(world).await.discover(all()).await.unwrap();
        assert_eq!(
            (&found.accounts[1].state, found.accounts[1].scope),
            (&expected, scope),
            "{status}"
        );
    }
}

#[tokio::test]
async fn the_state_counts_where_the_status_says_otherwise() {
    let mut world = organization("");
    world.accounts[1].status = Some("SUSPENDED".to_owned());
    let found = Stage::start(world).await.discover(all()).await.unwrap();
    assert_eq!(found.accounts[1].scope, Scope::Audited);
}
