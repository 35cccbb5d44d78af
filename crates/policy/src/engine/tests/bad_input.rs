//! What is not as it should be says so, and stops nothing.

use super::*;
use crate::engine::Hang;

fn of_text(text: &str) -> PolicySet {
    PolicySet::new(
        vec![
            at(Level::User, "good", &document(&[ADMIN])),
            at(Level::User, "bad", text),
        ],
        None,
        ServiceControl::None,
    )
}

#[test]
fn a_document_that_cannot_be_read_leaves_all_unclear() {
    let nested = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    for text in [
        "",
        "{",
        "null",
        "[]",
        "%7B%22Statement%22%3A%5B%5D%7D",
        "%257B%2522Statement%2522%253A%255B%255D%257D",
        r#"{"Statement":[{"Effect":"Deny"}]}"#,
        r#"{"Statement":[{"Effect":"deny","Action":"*","Resource":"*"}]}"#,
        &format!(
            r#"{{"Statement":[{{"Effect":"Deny","Action":"*","Resource":"*","Condition":{nested}}}]}}"#
        ),
    ] {
        let set = of_text(text);
        let Enforcement::Unclear { hangs_on, by, .. } = &*enforcement(&set) else {
            panic!("{text}");
        };
        assert!(matches!(hangs_on, Hang::Unread(_)), "{text}");
        assert_eq!(by.as_ref().unwrap().origin.policy, "bad");
    }
}

#[test]
fn elements_that_such_a_policy_has_not_leave_their_statement_unclear() {
    for (more, place) in [
        (r#""Condtion":{}"#, "Statement[0].Condtion"),
        (r#""Principal":"*""#, "Statement[0].Principal"),
        (r#""NotPrincipal":{"AWS":"*"}"#, "Statement[0].NotPrincipal"),
    ] {
        let deny = format!(r#"{{"Effect":"Deny","Action":"*","Resource":"*",{more}}}"#);
        let set = of_text(&document(&[&deny]));
        let Enforcement::Unclear { hangs_on, .. } = &*enforcement(&set) else {
            panic!("{more}");
        };
        assert_eq!(*hangs_on, Hang::Element(place.to_owned()));
    }
    let without = of_text(&document(&[r#"{"Effect":"Deny","Action":"*"}"#]));
    assert!(is_unclear(&without));
    let strange = of_text(r#"{"Statement":{"Effect":"Deny","Action":"*","Resource":"*"},"X":1}"#);
    assert!(is_unclear(&strange));
}

#[test]
fn an_operator_that_nobody_knows_leaves_its_statement_unclear() {
    let set = set(&[
        ADMIN,
        &deny(r#"{"Boole":{"aws:MultiFactorAuthPresent":"false"}}"#),
    ]);
    let Enforcement::Unclear { hangs_on, .. } = &*enforcement(&set) else {
        panic!();
    };
    assert_eq!(
        hangs_on.to_string(),
        "what `Boole` makes of `aws:MultiFactorAuthPresent`"
    );
}

#[test]
fn ten_thousand_statements_are_decided() {
    let statements: Vec<_> = (0..10_000)
        .map(|it| {
            format!(r#"{{"Sid":"S{it}","Effect":"Allow","Action":["s3:Get*","unheard{it}:Do"],"Resource":"arn:aws:s3:::b{it}/*"}}"#)
        })
        .collect();
    let statements: Vec<_> = statements.iter().map(String::as_str).collect();
    assert!(is_not_enforced(&set(&statements)));
}

#[test]
fn a_document_of_the_greatest_size_is_decided() {
    let mut resources = String::from(r#""arn:aws:s3:::a*a*a*a*a*a*a*a*a*b""#);
    while resources.len() < 5_900 {
        resources.push_str(r#","arn:aws:s3:::a*a*a*a*a*a*a*a*a*a*?*c""#);
    }
    let allow = format!(r#"{{"Effect":"Allow","Action":"s3:GetObject","Resource":[{resources}]}}"#);
    let denied = allow.replace("Allow", "Deny");
    assert!(is_enforced(&set(&[&allow, &denied])));
    let many = format!("arn:aws:s3:::{}", "*a".repeat(3_000));
    let one = |effect: &str, end: &str| {
        format!(r#"{{"Effect":"{effect}","Action":"s3:GetObject","Resource":"{many}{end}"}}"#)
    };
    assert!(is_enforced(&set(&[&one("Allow", "b"), &one("Deny", "*")])));
}

#[test]
fn the_older_version_has_no_variables() {
    let text = r#"{"Version":"2008-10-17","Statement":{"Effect":"Allow","Action":"iam:CreateAccessKey",
        "Resource":"arn:aws:iam::111122223333:user/${aws:username}"}}"#;
    let policy = at(Level::User, "old", text);
    let set = PolicySet::new(vec![policy], None, ServiceControl::None);
    assert!(!set.depends_on_caller());
}

#[test]
fn ten_thousand_statements_that_leak_are_told_in_part() {
    let statements: Vec<_> = (0..10_000)
        .map(|it| {
            let condition = if it % 2 == 0 {
                r#"{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#
            } else {
                "{}"
            };
            format!(r#"{{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b{it}/*","Condition":{condition}}}"#)
        })
        .collect();
    let statements: Vec<_> = statements.iter().map(String::as_str).collect();
    let leaks = set(&statements).bypass(&BOTH, &SelfService::default(), None);
    let crate::engine::Bypass::Leaks(leaks) = leaks else {
        panic!("{leaks:?}");
    };
    assert!(leaks.len() <= 100, "{}", leaks.len());
}
