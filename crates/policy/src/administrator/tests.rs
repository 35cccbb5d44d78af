//! Who is an administrator, who is not, and of whom it cannot be told.

use proptest::prelude::*;

use super::{Administration, Contents, IdentityPolicy, administration, is_administrator_access};
use crate::Document;

const ALL: &str = r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#;
const DENY_ALL: &str = r#"{"Effect":"Deny","Action":"*","Resource":"*"}"#;
const READ: &str = r#"{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}"#;

fn document(statements: &[&str]) -> Document {
    Document::parse(&format!(r#"{{"Statement":[{}]}}"#, statements.join(","))).unwrap()
}

fn policy<'a>(what: &str, contents: Contents<'a>) -> IdentityPolicy<'a> {
    IdentityPolicy {
        what: what.into(),
        contents,
    }
}

/// Judges a user with one policy for each list of statements, and a boundary.
fn judged(policies: &[&[&str]], boundary: Option<&[&str]>) -> Administration {
    let documents: Vec<_> = policies.iter().map(|it| document(it)).collect();
    let policies: Vec<_> = documents
        .iter()
        .map(|it| policy("p", Contents::Document(it)))
        .collect();
    let boundary = boundary.map(document);
    let boundary = boundary
        .as_ref()
        .map(|it| policy("b", Contents::Document(it)));
    administration(&policies, boundary.as_ref())
}

fn alone(statement: &str) -> Administration {
    judged(&[&[statement]], None)
}

fn yes() -> Administration {
    Administration::Yes("p".into())
}

fn is_unclear(it: &Administration) -> bool {
    matches!(it, Administration::Unclear(_))
}

#[test]
fn everything_may_be_written_in_several_ways() {
    for (action, resource) in [
        (r#""*""#, r#""*""#),
        (r#""*:*""#, r#"["*"]"#),
        (r#"["s3:Get*","*"]"#, r#"["arn:aws:s3:::x","*"]"#),
        (r#""**""#, r#""**""#),
    ] {
        let statement = format!(r#"{{"Effect":"Allow","Action":{action},"Resource":{resource}}}"#);
        assert_eq!(alone(&statement), yes(), "{statement}");
    }
    let not_action = r#"{"Effect":"Allow","NotAction":[],"Resource":"*"}"#;
    assert_eq!(alone(not_action), yes());
}

#[test]
fn less_than_everything_is_no_administrator() {
    for statement in [
        READ,
        DENY_ALL,
        r#"{"Effect":"Allow","Action":"iam:*","Resource":"*"}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::x/*"}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:*"}"#,
        r#"{"Effect":"Allow","NotAction":["iam:*","organizations:*"],"Resource":"*"}"#,
        r#"{"Effect":"Allow","NotAction":"*","Resource":"*"}"#,
        r#"{"Effect":"Allow","Action":"*","NotResource":"*"}"#,
        r#"{"Effect":"Allow","Action":[],"Resource":"*"}"#,
    ] {
        assert_eq!(alone(statement), Administration::No, "{statement}");
    }
    assert_eq!(judged(&[], None), Administration::No);
    assert_eq!(judged(&[&[]], None), Administration::No);
}

#[test]
fn what_cannot_be_told_from_everything_is_unclear() {
    for statement in [
        r#"{"Effect":"Allow","NotAction":"aws-portal:*","Resource":"*"}"#,
        r#"{"Effect":"Allow","NotAction":"iam:Delete*","Resource":"*"}"#,
        r#"{"Effect":"Allow","Action":"*:?*","Resource":"*"}"#,
        r#"{"Effect":"Allow","Action":"?*","Resource":"*"}"#,
        r#"{"Effect":"Allow","Action":"*","NotResource":"arn:aws:s3:::x"}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"arn:*"}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"arn:aws:*:*:111122223333:*"}"#,
        r#"{"Effect":"Allow","Action":"*"}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"*","condition":{}}"#,
    ] {
        let judged = alone(statement);
        assert!(is_unclear(&judged), "{statement}: {judged:?}");
    }
}

#[test]
fn everything_may_come_in_parts() {
    let but_iam = r#"{"Effect":"Allow","NotAction":["iam:*","account:Get*"],"Resource":"*"}"#;
    let iam = r#"{"Effect":"Allow","Action":["IAM:*","account:*"],"Resource":"*"}"#;
    let some_iam = r#"{"Effect":"Allow","Action":["iam:Get*","account:*"],"Resource":"*"}"#;
    let on_roles =
        r#"{"Effect":"Allow","Action":["iam:*","account:*"],"Resource":"arn:aws:iam::*:role/*"}"#;
    let both = Administration::Yes("p together with other policies".into());
    assert_eq!(judged(&[&[but_iam], &[iam]], None), both);
    assert_eq!(judged(&[&[but_iam], &[some_iam]], None), Administration::No);
    assert_eq!(judged(&[&[but_iam], &[on_roles]], None), Administration::No);
}

#[test]
fn only_a_denial_of_everything_takes_it_away() {
    assert_eq!(judged(&[&[ALL], &[DENY_ALL]], None), Administration::No);
    let under_condition = r#"{"Effect":"Deny","Action":"*","Resource":"*",
        "Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}}"#;
    let some = r#"{"Effect":"Deny","Action":"s3:*","Resource":"*"}"#;
    assert_eq!(judged(&[&[ALL, under_condition, some]], None), yes());
    let all_but_mfa = r#"{"Effect":"Deny","NotAction":"iam:EnableMFADevice","Resource":"*"}"#;
    assert!(is_unclear(&judged(&[&[ALL, all_but_mfa]], None)));
    assert_eq!(judged(&[&[READ, all_but_mfa]], None), Administration::No);
}

#[test]
fn a_boundary_must_give_everything_too() {
    let perhaps = r#"{"Effect":"Allow","NotAction":"s3:*","Resource":"*"}"#;
    assert_eq!(judged(&[&[ALL]], Some(&[ALL])), yes());
    assert_eq!(judged(&[&[ALL]], Some(&[READ])), Administration::No);
    assert_eq!(
        judged(&[&[ALL]], Some(&[ALL, DENY_ALL])),
        Administration::No
    );
    assert_eq!(judged(&[&[READ]], Some(&[ALL])), Administration::No);
    assert_eq!(judged(&[&[perhaps]], Some(&[READ])), Administration::No);
    assert!(is_unclear(&judged(&[&[ALL]], Some(&[perhaps]))));
    assert!(is_unclear(&judged(&[&[perhaps]], Some(&[ALL]))));
}

#[test]
fn a_policy_that_cannot_be_read_may_give_or_deny_everything() {
    let unread = || policy("u", Contents::Unread("gone".into()));
    let full = || policy("a", Contents::AdministratorAccess);
    let why = Administration::Unclear("u cannot be read: gone".into());
    assert_eq!(administration(&[unread()], None), why);
    assert_eq!(administration(&[full(), unread()], None), why);
    assert_eq!(administration(&[full()], Some(&unread())), why);
    let how = Administration::Yes("a".into());
    assert_eq!(administration(&[full()], None), how);
    assert_eq!(administration(&[full()], Some(&full())), how);
    let none = document(&[DENY_ALL]);
    let none = policy("d", Contents::Document(&none));
    assert_eq!(administration(&[unread(), none], None), Administration::No);
}

#[test]
fn the_policy_of_administrators_is_known_in_every_partition() {
    assert!(is_administrator_access(
        "arn:aws:iam::aws:policy/AdministratorAccess"
    ));
    assert!(is_administrator_access(
        "arn:aws-us-gov:iam::aws:policy/AdministratorAccess"
    ));
    for other in [
        "arn:aws:iam::111122223333:policy/AdministratorAccess",
        "arn:aws:iam::aws:policy/AdministratorAccess-Amplify",
        "AdministratorAccess",
    ] {
        assert!(!is_administrator_access(other), "{other}");
    }
}

fn any_statement() -> impl Strategy<Value = String> {
    let effects = prop_oneof![3 => Just("Allow"), 1 => Just("Deny")];
    let actions = prop::sample::select(vec![
        r#""Action":"*""#,
        r#""Action":"s3:*""#,
        r#""NotAction":"iam:*""#,
        r#""Action":["iam:*"]"#,
        r#""NotAction":"s3:*""#,
    ]);
    let resources =
        prop::sample::select(vec![r#""Resource":"*""#, r#""Resource":"arn:aws:s3:::x""#]);
    let conditions = prop::sample::select(vec!["", "", r#","Condition":{"Bool":{"k":"true"}}"#]);
    (effects, actions, resources, conditions).prop_map(|(effect, action, resource, condition)| {
        format!(r#"{{"Effect":"{effect}",{action},{resource}{condition}}}"#)
    })
}

proptest! {
    /// The statement as AWS would evaluate it, of sample actions on a sample resource: who is called an administrator
    /// may do all of them unless a denial says otherwise, and who is called none is not given some of them.
    #[test]
    fn the_answer_agrees_with_sample_requests(
        statements in prop::collection::vec(any_statement(), 0..5)
    ) {
        let texts: Vec<&str> = statements.iter().map(String::as_str).collect();
        let document = document(&texts);
        let actions = ["s3:GetObject", "iam:CreateUser", "ec2:RunInstances"];
        let allows = |action: &str| document.statements.iter().any(|it| {
            it.effect == crate::Effect::Allow && it.conditions.is_empty()
                && it.is_about(action) && super::reach::is_on_every_resource(it)
        });
        let whole = policy("p", Contents::Document(&document));
        match administration(&[whole], None) {
            Administration::Yes(_) => prop_assert!(actions.into_iter().all(allows)),
            Administration::No => {
                let denied = texts.contains(&DENY_ALL);
                prop_assert!(denied || !actions.into_iter().all(allows));
            }
            Administration::Unclear(_) => {}
        }
    }
}
