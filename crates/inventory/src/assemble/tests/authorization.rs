//! What policies, groups and roles come to.

use model::AdministratorAccess;

use super::*;
use crate::{
    assemble::Partial,
    authorization::{
        Authorization, DATASETS, Detail, GroupDetail, ManagedPolicy, Policies, RoleDetail,
        UserDetail, parse,
    },
};

const ALL: &str = r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;

fn detail(name: &str, policies: Policies) -> UserDetail {
    UserDetail {
        name: name.to_owned(),
        arn: arn(&format!("user/{name}")),
        created_at: time(CREATED),
        policies,
        groups: Vec::new(),
        boundary: None,
    }
}

fn attached(arn: &str) -> Policies {
    let name = arn.rsplit('/').next().unwrap().to_owned();
    Policies {
        inline: Vec::new(),
        attached: vec![(name, arn.to_owned())],
    }
}

/// Returns answers of which the users were listed, and these details told.
fn detailed(users: &[&str], items: Vec<Detail>, missing: Option<Trouble>) -> Answers {
    let mut answers = answers(Order::LiveIsLater);
    list(&mut answers, users, LATER);
    answers.authorization = Some(Authorization {
        datasets: DATASETS.into(),
        details: Partial {
            items,
            at: time(LATER),
            missing,
        },
    });
    answers
}

fn access<'a>(record: &'a Record, name: &str) -> Result<&'a AdministratorAccess, &'a Gap> {
    let fact = &user(record, name).administrator_access;
    fact.get().map_err(|gap| record.gap(gap).unwrap())
}

#[test]
fn the_policy_of_administrators_is_known_without_its_document() {
    let of_aws = |partition: &str| format!("arn:{partition}:iam::aws:policy/AdministratorAccess");
    let user = detail("alice", attached(&of_aws("aws-cn")));
    let limited = UserDetail {
        boundary: Some(of_aws("aws")),
        ..detail("bob", attached(&of_aws("aws")))
    };
    let answers = detailed(
        &["alice", "bob"],
        vec![Detail::User(user), Detail::User(limited)],
        None,
    );
    let record = record(&answers);
    let how = AdministratorAccess::Administrator("the policy AdministratorAccess".into());
    assert_eq!(access(&record, "alice"), Ok(&how));
    assert_eq!(access(&record, "bob"), Ok(&how));
}

#[test]
fn a_document_that_cannot_be_read_is_a_gap_of_its_users_alone() {
    let arn = "arn:aws:iam::111122223333:policy/broken";
    let policy = ManagedPolicy {
        arn: arn.to_owned(),
        document: parse("{}"),
    };
    let items = vec![
        Detail::User(detail("alice", attached(arn))),
        Detail::User(detail("bob", Policies::default())),
        Detail::Policy(policy),
    ];
    let record = record(&detailed(&["alice", "bob"], items, None));
    let gap = access(&record, "alice").unwrap_err();
    let why = "the policy broken cannot be read: the document: there is no `Statement`";
    assert_eq!((gap.reason, gap.detail.as_str()), (GapReason::Unclear, why));
    let none = AdministratorAccess::NotAdministrator;
    assert_eq!(access(&record, "bob"), Ok(&none));
}

#[test]
fn a_user_that_was_created_between_the_calls_is_a_gap() {
    let anew = UserDetail {
        created_at: time(LATER),
        ..detail("bob", Policies::default())
    };
    let elsewhere = UserDetail {
        arn: arn("user/path/carol"),
        ..detail("carol", Policies::default())
    };
    let items = vec![Detail::User(anew), Detail::User(elsewhere)];
    let record = record(&detailed(&["alice", "bob", "carol"], items, None));
    for (name, why) in [
        ("alice", "does not know the user"),
        ("bob", "of another user of this name"),
        ("carol", "of another user of this name"),
    ] {
        let gap = access(&record, name).unwrap_err();
        assert_eq!(gap.reason, GapReason::NotInEvidence);
        assert!(gap.detail.contains(why), "{gap}");
        assert!(user(&record, name).direct_policies.known().is_none());
    }
}

#[test]
fn a_group_on_a_page_that_did_not_come_is_a_gap_for_the_trouble_there_was() {
    let group = |name: &str, document: &str| {
        Detail::Group(GroupDetail {
            name: name.to_owned(),
            policies: Policies {
                inline: vec![("p".to_owned(), parse(document))],
                attached: Vec::new(),
            },
        })
    };
    let member = |name: &str, groups: &[&str]| {
        Detail::User(UserDetail {
            groups: groups.iter().map(|it| (*it).to_owned()).collect(),
            ..detail(name, Policies::default())
        })
    };
    let items = || {
        vec![
            member("alice", &["here"]),
            member("bob", &["here", "elsewhere"]),
            group("here", ALL),
        ]
    };
    let users = ["alice", "bob"];
    let how = AdministratorAccess::Administrator("the inline policy p of the group here".into());
    let trouble = Trouble::new("GetAccountAuthorizationDetails", GapReason::Throttled, "");
    let cut = record(&detailed(&users, items(), Some(trouble)));
    assert_eq!(access(&cut, "alice"), Ok(&how));
    let gap = access(&cut, "bob").unwrap_err();
    assert_eq!(
        gap.reason,
        GapReason::Throttled,
        "the other group may deny all"
    );
    let whole = record(&detailed(&users, items(), None));
    let gap = access(&whole, "bob").unwrap_err();
    assert!(gap.detail.contains("the group elsewhere"), "{gap}");
}

#[test]
fn a_trust_policy_that_cannot_be_decoded_leaves_a_gap_in_the_list() {
    let role = |name: &str, trust_policy| {
        Detail::Role(RoleDetail {
            name: name.to_owned(),
            arn: arn(&format!("role/{name}")),
            trust_policy,
        })
    };
    let items = vec![
        role("b", Ok("{}".to_owned())),
        role("a", Ok("{}".to_owned())),
        role("c", Err("not URL-encoded".to_owned())),
    ];
    let record = record(&detailed(&[], items, None));
    let names: Vec<&str> = record.iam_roles.items.iter().map(|it| &*it.name).collect();
    assert_eq!(names, ["a", "b"]);
    let gap = record.gap(record.iam_roles.gap.unwrap()).unwrap();
    let why = "the trust policy of role c: not URL-encoded";
    assert_eq!(
        (gap.reason, gap.detail.as_str()),
        (GapReason::Malformed, why)
    );
}

#[test]
fn what_was_not_asked_for_is_not_missing() {
    let mut answers = detailed(&["alice"], Vec::new(), None);
    answers.authorization = None;
    let live = record(&answers);
    assert!(user(&live, "alice").direct_policies.is_unasked());
    assert!(live.iam_roles.is_unasked());
    answers.order = Order::ByTime;
    let saved = record(&answers);
    let gap = saved.gap(saved.iam_roles.gap.unwrap()).unwrap();
    assert_eq!(gap.reason, GapReason::NotInEvidence);
}
