//! What policies, groups and roles come to.

use model::{AdministratorAccess, PolicyPath, PolicyText};

use super::*;
use crate::{
    assemble::Partial,
    authorization::{
        Authorization, DATASETS, Detail, GroupDetail, ManagedPolicy, Policies, RoleDetail,
        UserDetail, parse, read,
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

/// Returns how each policy of a user comes to apply, its name, and what it says or why that is not known.
fn applied(record: &Record, name: &str) -> Vec<(PolicyPath, String, Result<String, String>)> {
    let set = *user(record, name).policies.known().unwrap();
    let policies = record.policy_set(set).unwrap().policies.iter();
    let told = policies.map(|(path, id)| {
        let policy = record.policy(*id).unwrap();
        let text = match &policy.text {
            PolicyText::Document(json) => Ok(json.to_string()),
            PolicyText::Unread(why) => Err(why.to_string()),
        };
        (path.clone(), policy.name.to_string(), text)
    });
    told.collect()
}

#[test]
fn documents_are_kept_as_json_however_they_were_encoded_and_what_is_none_says_why() {
    let encoded = |text: &str| {
        text.replace('%', "%25")
            .replace('"', "%22")
            .replace('{', "%7B")
    };
    let tidy = r#"{"Statement": {"Resource": "100%25"}}"#;
    let inline = [
        ("once", encoded(tidy)),
        ("twice", encoded(&encoded(tidy))),
        ("odd", encoded(r#"{"Version": 7}"#)),
        ("text", "Statement".to_owned()),
        ("cut", r#"{"Statement": {"#.to_owned()),
        ("bad", "%7".to_owned()),
    ];
    let inline = inline.map(|(name, text)| (name.to_owned(), read(Some(&text))));
    let policies = Policies {
        inline: inline
            .into_iter()
            .chain([("none".to_owned(), read(None))])
            .collect(),
        attached: Vec::new(),
    };
    let items = vec![Detail::User(detail("alice", policies))];
    let record = record(&detailed(&["alice"], items, None));
    let text = |name: &str| {
        let all = applied(&record, "alice").into_iter();
        all.filter(|it| it.1 == name).map(|it| it.2).next().unwrap()
    };
    assert_eq!(text("once"), Ok(tidy.to_owned()));
    assert_eq!(text("twice"), Ok(tidy.to_owned()));
    assert_eq!(
        text("odd"),
        Ok(r#"{"Version": 7}"#.to_owned()),
        "a reader tells what it lacks"
    );
    for name in ["text", "cut"] {
        let why = text(name).unwrap_err();
        assert!(why.starts_with("the document is not JSON: "), "{why}");
    }
    assert_eq!(
        text("bad"),
        Err(
            "the document is not URL-encoded: a `%` is not followed by two hexadecimal digits"
                .to_owned()
        )
    );
    assert_eq!(text("none"), Err("the answer has no document".to_owned()));
}

#[test]
fn a_group_that_the_answer_lacks_is_unread_and_one_that_did_not_come_is_a_gap() {
    let items = || {
        let alice = UserDetail {
            groups: vec!["elsewhere".to_owned()],
            ..detail("alice", Policies::default())
        };
        let bob = UserDetail {
            boundary: Some("arn:aws:iam::111122223333:policy/gone".to_owned()),
            ..detail("bob", Policies::default())
        };
        let carol = detail("carol", Policies::default());
        vec![Detail::User(alice), Detail::User(bob), Detail::User(carol)]
    };
    let users = ["alice", "bob", "carol"];
    let whole = record(&detailed(&users, items(), None));
    let why = Err("the answer does not hold the group".to_owned());
    let group = (
        PolicyPath::Group("elsewhere".into()),
        "elsewhere".to_owned(),
        why,
    );
    assert_eq!(applied(&whole, "alice"), [group]);
    let set = *user(&whole, "bob").policies.known().unwrap();
    let boundary = whole.policy_set(set).unwrap().boundary.unwrap();
    let unread = PolicyText::Unread("the answer does not hold it".into());
    assert_eq!(whole.policy(boundary).unwrap().text, unread);

    let trouble = Trouble::new("GetAccountAuthorizationDetails", GapReason::Throttled, "");
    let cut = record(&detailed(&users, items(), Some(trouble)));
    for name in ["alice", "bob"] {
        let gap = cut
            .gap(user(&cut, name).policies.get().unwrap_err())
            .unwrap();
        assert_eq!(
            (gap.dataset, gap.reason),
            (Dataset::UserPolicies, GapReason::Throttled)
        );
    }
    assert!(
        applied(&cut, "carol").is_empty(),
        "nothing of carol's is missing"
    );
}

#[test]
fn an_account_as_full_as_aws_lets_it_be_shares_policies_and_sets() {
    let arn = |number: usize| format!("arn:aws:iam::111122223333:policy/p{number}");
    let names: Vec<String> = (0..5000).map(|it| format!("u{it:04}")).collect();
    let users = names.iter().enumerate().map(|(number, name)| {
        let policies = (0..10).map(|it| (String::new(), arn((number * 10 + it) % 1500)));
        let policies = Policies {
            inline: vec![("own".to_owned(), parse(ALL))],
            attached: policies.collect(),
        };
        Detail::User(detail(name, policies))
    });
    let document = |number| format!(r#"{{"Statement": {{"Effect": "Deny", "Sid": "{number}"}}}}"#);
    let policies = (0..1500).map(|number| {
        Detail::Policy(ManagedPolicy {
            arn: arn(number),
            document: parse(&document(number)),
        })
    });
    let items = users.chain(policies).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let record = record(&detailed(&names, items, None));
    assert_eq!(
        (record.policies.len(), record.policy_sets.len()),
        (1501, 150)
    );
    assert_eq!(applied(&record, "u0007"), applied(&record, "u0157"));
    assert!(record.is_consistent());
}
