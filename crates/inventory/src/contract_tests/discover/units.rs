//! Organizational units, and the scope they give.

use super::*;

#[tokio::test]
async fn units_are_named_whether_or_not_aws_gives_paths() {
    for (more, walked) in [
        ("", 0),
        ("omit-paths = true", 7),
        ("omit-paths = true\nempty-pages = true", 14),
    ] {
        let stage = Stage::start(with_units(more)).await;
        let found = stage.discover(all()).await.unwrap();
        assert_eq!(paths(&found), PATHS, "{more}");
        assert_eq!(
            stage.asked("000000000001", "ListAccountsForParent"),
            walked,
            "{more}"
        );
        assert!(found.notes.is_empty(), "{:?}", found.notes);
    }
}

#[tokio::test]
async fn units_whose_names_may_not_be_read_stand_as_their_ids() {
    for action in ["ListRoots", "ListOrganizationalUnitsForParent"] {
        let stage = Stage::with(
            with_units(""),
            vec![fault(&format!("organizations:{action}"), denial())],
        )
        .await;
        let found = stage.discover(all()).await.unwrap();
        assert_eq!(found.accounts.len(), 6);
        let id = found.accounts[3]
            .ou_path
            .split('/')
            .next_back()
            .unwrap()
            .to_owned();
        assert!(id.starts_with("ou-"), "{id}");
        assert!(
            found.notes[0].contains("not all organizational units were seen"),
            "{:?}",
            found.notes
        );
        let by_id = stage.discover(in_units(&[&id])).await.unwrap();
        assert_eq!(numbers(&by_id), [4, 5]);
        let by_name = stage.discover(in_units(&["Workloads"])).await.unwrap_err();
        assert!(matches!(by_name, StartError::UnknownUnit { .. }));
    }
}

#[tokio::test]
async fn a_unit_is_given_by_path_name_or_id_and_means_what_is_below_it() {
    for more in ["", "omit-paths = true"] {
        let stage = Stage::start(with_units(more)).await;
        for (given, expected) in [
            (vec!["Workloads"], vec![3, 4, 5]),
            (vec!["Workloads/Prod"], vec![4, 5]),
            (vec!["/Workloads/Prod/"], vec![4, 5]),
            (vec!["Retail"], vec![5]),
            (vec!["Security", "Sandbox"], vec![2, 6]),
            (vec!["Workloads", "Retail"], vec![3, 4, 5]),
        ] {
            let found = stage.discover(in_units(&given)).await.unwrap();
            assert_eq!(numbers(&found), expected, "{given:?} {more}");
        }
    }
}

#[tokio::test]
async fn a_unit_is_given_by_its_id_where_names_are_seen_too() {
    let stage = Stage::start(with_units("")).await;
    let client = stage.connection.organizations();
    let root = client.list_roots().send().await.unwrap().roots()[0]
        .id()
        .unwrap()
        .to_owned();
    let units = client
        .list_organizational_units_for_parent()
        .parent_id(root)
        .send()
        .await
        .unwrap();
    let workloads = units
        .organizational_units()
        .iter()
        .find(|it| it.name() == Some("Workloads"))
        .unwrap();
    let found = stage
        .discover(in_units(&[workloads.id().unwrap()]))
        .await
        .unwrap();
    assert_eq!(numbers(&found), [3, 4, 5]);
}

#[tokio::test]
async fn a_unit_that_does_not_exist_is_an_error_that_names_those_that_do() {
    let stage = Stage::start(with_units("")).await;
    for given in ["Prd", "Workloads/Retail", "ou-a1b2-nosuch00", ""] {
        let error = stage.discover(in_units(&[given])).await.unwrap_err();
        let StartError::UnknownUnit { known, .. } = &error else {
            panic!("{given}: {error}");
        };
        assert!(
            known.contains(&"Workloads/Prod/Retail".to_owned()),
            "{known:?}"
        );
    }
}

#[tokio::test]
async fn a_name_of_several_units_is_an_error_that_names_them() {
    let stage = Stage::start(with_units("")).await;
    let StartError::AmbiguousUnit { mut paths, .. } =
        stage.discover(in_units(&["Prod"])).await.unwrap_err()
    else {
        panic!("`Prod` is two units");
    };
    paths.sort();
    assert_eq!(paths, ["Sandbox/Prod", "Workloads/Prod"]);
}

#[tokio::test]
async fn an_account_whose_unit_was_not_seen_is_not_left_out_in_silence() {
    for (action, kind) in [
        ("organizations:ListAccountsForParent", denial()),
        ("organizations:ListAccountsForParent", FaultKind::Malformed),
        (
            "organizations:ListAccountsForParent",
            FaultKind::RepeatToken,
        ),
    ] {
        let mut late = fault(action, kind.clone());
        late.after = Some(2);
        let stage = Stage::with(with_units("omit-paths = true"), vec![late]).await;
        let found = stage.discover(in_units(&["Workloads"])).await;
        assert!(
            found.is_err(),
            "{kind:?}: {:?}",
            found.map(|it| numbers(&it))
        );
        let found = stage.discover(all()).await.unwrap();
        assert_eq!(
            numbers(&found),
            [1, 2, 3, 4, 5, 6],
            "without units, all are audited"
        );
        assert!(!found.notes.is_empty());
    }
}

#[tokio::test]
async fn accounts_are_chosen_and_left_out_by_id() {
    let stage = Stage::start(with_units("")).await;
    let chosen = stage
        .discover(accounts(&["000000000005", "000000000002"]))
        .await
        .unwrap();
    assert_eq!(numbers(&chosen), [2, 5]);
    let without = ScopeFilter {
        excluded_accounts: vec!["000000000004".parse().unwrap()],
        ..in_units(&["Workloads"])
    };
    assert_eq!(numbers(&stage.discover(without).await.unwrap()), [3, 5]);
    let unknown: model::AccountId = "999999999999".parse().unwrap();
    let named = accounts(&["000000000002", "999999999999"]);
    let error = stage.discover(named).await.unwrap_err();
    assert_eq!(error, StartError::UnknownAccount(unknown.clone()));
    // Nothing is lost if an account that does not exist is left out; but a reader should know.
    let excluded = ScopeFilter {
        excluded_accounts: vec![unknown],
        ..all()
    };
    let found = stage.discover(excluded).await.unwrap();
    assert_eq!(found.accounts.len(), 6);
    assert_eq!(
        found.notes,
        ["account 999999999999 was excluded and is not in the organization"]
    );
}

#[tokio::test]
async fn a_listing_that_is_denied_names_the_policy() {
    let stage = Stage::with(
        organization(""),
        vec![fault("organizations:ListAccounts", denial())],
    )
    .await;
    let Err(StartError::Listing(trouble)) = stage.discover(all()).await else {
        panic!("the listing is denied");
    };
    assert_eq!(trouble.policy.unwrap().kind, PolicyKind::Identity);
    assert!(
        trouble
            .detail
            .contains("is not authorized to perform: organizations:ListAccounts"),
        "{}",
        trouble.detail
    );
}
