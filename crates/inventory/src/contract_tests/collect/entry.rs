//! The way into an account, and what the session may do there.

use super::*;

#[tokio::test]
async fn the_callers_own_account_is_entered_as_it_is() {
    let stage = Stage::start(organization("")).await;
    let records = stage.audit(|_| {}).await;
    assert_eq!(stage.asked(MANAGEMENT, "AssumeRole"), 0);
    assert_eq!(
        stage.asked(MEMBER, "AssumeRole"),
        1,
        "once for all calls of the account"
    );
    assert!(records.iter().all(|it| it.iam_users.gap.is_none()));
}

#[tokio::test]
async fn an_account_that_is_not_active_is_listed_and_not_asked() {
    let mut world = organization("");
    "SUSPENDED".clone_into(&mut world.accounts[1].state);
    let stage = Stage::start(world).await;
    let gap = only_gap(&stage.member().await);
    assert_eq!(
        (gap.reason, gap.detail.as_str()),
        (GapReason::NotRequested, "the account is suspended")
    );
    assert_eq!(
        stage
            .simulator
            .journal()
            .iter()
            .filter(|it| it.account == MEMBER)
            .count(),
        0
    );
}

#[tokio::test]
async fn an_account_that_refuses_entry_is_a_gap_with_awss_words() {
    let mut world = organization("");
    world.accounts[1].roles.clear();
    let stage = Stage::start(world).await;
    let gap = only_gap(&stage.member().await);
    assert_eq!(
        (gap.reason, gap.operation.as_str()),
        (GapReason::EntryDenied, "AssumeRole")
    );
    assert_eq!(gap.policy.unwrap().kind, PolicyKind::Trust);
    let expected = "is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::222222222222:role/mfaudit-audit";
    assert!(gap.detail.contains(expected), "{}", gap.detail);
    assert_eq!(stage.asked(MEMBER, "GetAccountSummary"), 0);
}

#[tokio::test]
async fn a_refused_entry_names_the_kind_of_policy() {
    for (policy, kind) in [
        (simulator::PolicyKind::Identity, PolicyKind::Identity),
        (
            simulator::PolicyKind::ServiceControl,
            PolicyKind::ServiceControl,
        ),
        (
            simulator::PolicyKind::Boundary,
            PolicyKind::PermissionsBoundary,
        ),
    ] {
        let deny = FaultKind::Deny {
            message: None,
            policy,
        };
        let stage = Stage::with(organization(""), vec![fault("sts:AssumeRole", deny)]).await;
        let gap = only_gap(&stage.member().await);
        assert_eq!(
            (gap.reason, gap.policy.unwrap().kind),
            (GapReason::EntryDenied, kind)
        );
    }
}

#[tokio::test]
async fn an_entry_that_fails_otherwise_is_not_called_denied() {
    for (kind, reason) in [
        (FaultKind::HtmlBody, GapReason::Malformed),
        (FaultKind::Disconnect, GapReason::Unreachable),
        (FaultKind::Status(500), GapReason::Failed),
    ] {
        let stage = Stage::with(
            organization(""),
            vec![fault("sts:AssumeRole", kind.clone())],
        )
        .await;
        assert_eq!(only_gap(&stage.member().await).reason, reason, "{kind:?}");
    }
}

#[tokio::test]
async fn a_service_control_policy_that_denies_a_call_is_named() {
    let mut world = organization(USERS);
    world.scps.push(ServiceControlPolicy {
        id: "p-a1b2c3d4".to_owned(),
        target: MEMBER.to_owned(),
        deny: vec!["iam:ListUsers".to_owned()],
        ..ServiceControlPolicy::default()
    });
    let stage = Stage::start(world).await;
    let record = stage.member().await;
    let gap = record.gap(record.iam_users.gap.unwrap()).unwrap();
    assert_eq!(
        (gap.reason, gap.operation.as_str()),
        (GapReason::AccessDenied, "ListUsers")
    );
    let policy = gap.policy.as_ref().unwrap();
    let arn =
        "arn:aws:organizations::111111111111:policy/o-exampleorg/service_control_policy/p-a1b2c3d4";
    assert_eq!(
        (policy.kind, policy.arn.as_deref()),
        (PolicyKind::ServiceControl, Some(arn))
    );
    assert_eq!(record.iam_users.items.len(), 4, "the report names them");
}

#[tokio::test]
async fn an_external_id_is_given_where_the_role_demands_it() {
    let mut world = organization("");
    world.accounts[1].roles[0].external_id = Some("the-id".to_owned());
    let stage = Stage::start(world).await;
    for (given, entered) in [
        (Some("the-id"), true),
        (Some("another"), false),
        (None, false),
    ] {
        let records = stage
            .audit(|it| it.role.external_id = given.map(str::to_owned))
            .await;
        assert_eq!(
            record(&records, MEMBER).iam_users.gap.is_none(),
            entered,
            "{given:?}"
        );
    }
}

#[tokio::test]
async fn a_role_may_have_a_path() {
    let mut world = organization("");
    "/security/".clone_into(&mut world.accounts[1].roles[0].path);
    let stage = Stage::start(world).await;
    let records = stage
        .audit(|it| it.role.name = "security/mfaudit-audit".to_owned())
        .await;
    assert!(record(&records, MEMBER).iam_users.gap.is_none());
}

#[tokio::test]
async fn a_session_policy_shrinks_the_role() {
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:GetAccountSummary","Resource":"*"}]}"#;
    let stage = Stage::start(organization(USERS)).await;
    let records = stage
        .audit(|it| it.role.session_policy = Some(policy.to_owned()))
        .await;
    let record = record(&records, MEMBER);
    assert!(
        record.root_user.mfa.known().is_some(),
        "the summary is allowed"
    );
    let gap = record.gap(record.iam_users.gap.unwrap()).unwrap();
    assert_eq!(
        (gap.reason, gap.policy.as_ref().unwrap().kind),
        (GapReason::AccessDenied, PolicyKind::Session)
    );
    let (all, denied): (Vec<_>, Vec<_>) = {
        let journal = stage.simulator.journal();
        let iam: Vec<_> = journal
            .into_iter()
            .filter(|it| it.account == MEMBER && it.service == "iam")
            .collect();
        (
            iam.clone(),
            iam.into_iter()
                .filter(|it| it.outcome == "AccessDenied")
                .collect(),
        )
    };
    assert_eq!(
        all.len() - denied.len(),
        1,
        "the member refuses all other calls"
    );
}

#[tokio::test]
async fn the_derived_policy_is_enough_for_a_whole_record() {
    let mut datasets = rules::datasets(rules::CATALOG);
    datasets.insert(Dataset::OwnerTag);
    let selection = aws::policy::Selection {
        calls: crate::CALLS,
        sites: &[aws::Site::Member],
        datasets: Some(&datasets),
    };
    let names = aws::policy::Names {
        partition: "aws".to_owned(),
        role: "mfaudit-audit".to_owned(),
    };
    let policy = aws::policy::document(&selection, &names).to_string();
    assert!(policy.len() <= 2048, "AWS allows no longer session policy");
    let stage = Stage::start(organization(USERS)).await;
    let records = stage
        .audit_for_all_rules(|it| it.role.session_policy = Some(policy))
        .await;
    for dataset in datasets {
        let seen = model::cell(record(&records, MEMBER), dataset);
        assert_eq!(seen, as_the_role_sees(dataset), "{dataset}");
    }
}

#[tokio::test]
async fn aws_is_told_who_asks() {
    let stage = Stage::start(organization("")).await;
    let relay = Relay::start(&stage.simulator.endpoint(), |_, body| body).await;
    let connection = connect(&stage.simulator, &relay.endpoint).await;
    let found = crate::discover(
        &connection,
        &crate::Reach::Organization(ScopeFilter::default()),
    )
    .await
    .unwrap();
    collect(&collector(&connection, MANAGEMENT), found.accounts).await;
    let seen = relay.seen();
    assert!(seen.len() > 10);
    for request in &seen {
        let agent = format!("\r\nuser-agent: {USER_AGENT} ");
        assert!(request.head.contains(&agent), "{}", request.head);
    }
    let entries: Vec<_> = seen.iter().filter(|it| it.asks("AssumeRole")).collect();
    assert_eq!(entries.len(), 1);
    for parameter in ["RoleSessionName=mfaudit", "DurationSeconds=900"] {
        assert!(
            entries[0].body.split('&').any(|it| it == parameter),
            "{}",
            entries[0].body
        );
    }
    assert!(
        !entries[0].body.contains("ExternalId"),
        "none was configured"
    );
}

#[tokio::test]
async fn a_session_that_ends_soon_is_renewed_before_the_next_call() {
    let stage = Stage::start(organization(USERS)).await;
    // AWS says that each session ends in 1970, and accepts it all the same.
    let relay = Relay::start(&stage.simulator.endpoint(), |seen, body| {
        if !seen.asks("AssumeRole") {
            return body;
        }
        let (head, rest) = body.split_once("<Expiration>").unwrap();
        let (_, tail) = rest.split_once("</Expiration>").unwrap();
        format!("{head}<Expiration>1970-01-02T00:00:00Z</Expiration>{tail}")
    })
    .await;
    let connection = connect(&stage.simulator, &relay.endpoint).await;
    let found = stage.discover(ScopeFilter::default()).await.unwrap();
    let records = collect(&collector(&connection, MANAGEMENT), found.accounts).await;
    assert!(
        stage.asked(MEMBER, "AssumeRole") >= 5,
        "{}",
        stage.asked(MEMBER, "AssumeRole")
    );
    for dataset in rules::datasets(&ORDINARY) {
        assert_eq!(
            model::cell(record(&records, MEMBER), dataset),
            model::Cell::Seen,
            "{dataset}"
        );
    }
}

#[tokio::test]
async fn a_session_that_cannot_be_renewed_is_a_gap_of_what_was_left() {
    let mut later = fault("sts:AssumeRole", denial());
    later.after = Some(3);
    let stage = Stage::with(organization(USERS), vec![later]).await;
    let relay = Relay::start(&stage.simulator.endpoint(), |_, body| {
        let Some((head, rest)) = body.split_once("<Expiration>") else {
            return body;
        };
        let (_, tail) = rest.split_once("</Expiration>").unwrap();
        format!("{head}<Expiration>1970-01-02T00:00:00Z</Expiration>{tail}")
    })
    .await;
    let connection = connect(&stage.simulator, &relay.endpoint).await;
    let found = stage.discover(ScopeFilter::default()).await.unwrap();
    let records = collect(&collector(&connection, MANAGEMENT), found.accounts).await;
    let record = record(&records, MEMBER);
    assert!(
        record
            .gaps
            .iter()
            .any(|it| it.reason == GapReason::EntryDenied),
        "{:?}",
        record.gaps
    );
    assert!(
        !record.observations.is_empty(),
        "what was seen before stands"
    );
}
