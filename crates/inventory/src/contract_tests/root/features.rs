//! Whether sessions of root users are to be had at all, and what is said if not.

use super::*;

/// What stands in the way of root sessions, and what the note says of it.
fn situations() -> Vec<(&'static str, World, &'static str)> {
    let with = |change: &dyn Fn(&mut World)| {
        let mut world = central(FULL);
        change(&mut world);
        world
    };
    let features = |features: &[&str]| {
        let features: Vec<_> = features.iter().map(|it| (*it).to_owned()).collect();
        with(&|world| world.organization.as_mut().unwrap().features = features.clone())
    };
    let fault = |kind: FaultKind| {
        with(&|world| {
            let fault = fault("iam:ListOrganizationsFeatures", kind.clone());
            world.faults.push(fault);
        })
    };
    let not_enabled = "RootCredentialsManagement is not enabled in the organization";
    vec![
        ("no feature", features(&[]), not_enabled),
        ("another feature", features(&["RootSessions"]), not_enabled),
        (
            "no trusted access",
            with(&|world| {
                let organization = world.organization.as_mut().unwrap();
                organization.trusted_services.clear();
            }),
            not_enabled,
        ),
        (
            "not all features",
            with(&|world| {
                "CONSOLIDATED_BILLING"
                    .clone_into(&mut world.organization.as_mut().unwrap().feature_set);
            }),
            "does not have all features enabled",
        ),
        (
            "a plain member",
            with(&|world| MEMBER.clone_into(&mut world.caller.account)),
            "is not the management account or a delegated administrator",
        ),
        ("no organization", standalone(), "Organization not found"),
        (
            "no permission",
            fault(denial()),
            "is not authorized to perform: iam:ListOrganizationsFeatures",
        ),
        (
            "a service that fails",
            fault(FaultKind::Status(500)),
            "unable to process",
        ),
        ("no answer", fault(FaultKind::HtmlBody), "was not seen"),
    ]
}

async fn decide(
    stage: &Stage,
    own: &model::AccountId,
    wanted: RootAccess,
) -> (RootAccess, Option<String>) {
    let clock = stage.collector(MANAGEMENT).clock;
    let features = crate::SeenFeatures::ask(&stage.connection, own, clock).await;
    decide_root_access(Some(&features), wanted)
}

#[tokio::test]
async fn root_sessions_are_used_where_the_organization_has_the_feature() {
    let stage = Stage::start(central("")).await;
    let own = MANAGEMENT.parse().unwrap();
    for wanted in [RootAccess::Auto, RootAccess::Always] {
        let decided = decide(&stage, &own, wanted).await;
        assert_eq!(decided, (RootAccess::Always, None), "{wanted:?}");
    }
    assert_eq!(stage.asked(MANAGEMENT, "ListOrganizationsFeatures"), 2);
    let decided = decide_root_access(None, RootAccess::Never);
    assert_eq!(decided, (RootAccess::Never, None));
    assert_eq!(
        stage.asked(MANAGEMENT, "ListOrganizationsFeatures"),
        2,
        "nothing is asked where they are not wanted"
    );
}

#[tokio::test]
async fn where_root_sessions_are_not_to_be_had_auto_does_without_and_says_why() {
    for (situation, world, why) in situations() {
        let own = world.caller_account().parse().unwrap();
        let stage = Stage::start(world).await;
        let (decided, note) = decide(&stage, &own, RootAccess::Auto).await;
        assert_eq!(decided, RootAccess::Never, "{situation}");
        let note = note.unwrap();
        assert!(note.starts_with("AssumeRoot is not used"), "{note}");
        assert!(
            note.contains(why) && !note.ends_with('.'),
            "{situation}: {note}"
        );
    }
}

#[tokio::test]
async fn where_root_sessions_seem_not_to_be_had_always_tries_them_and_says_so() {
    for (situation, world, why) in situations() {
        let own = world.caller_account().parse().unwrap();
        let stage = Stage::start(world).await;
        let (decided, note) = decide(&stage, &own, RootAccess::Always).await;
        assert_eq!(decided, RootAccess::Always, "{situation}");
        let note = note.unwrap();
        assert!(note.starts_with("AssumeRoot is tried"), "{note}");
        assert!(
            note.contains(why) && !note.ends_with('.'),
            "{situation}: {note}"
        );
    }
}
