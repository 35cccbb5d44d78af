//! Documents in every form that the language has, and what is said of those it has not.

use proptest::prelude::*;

use crate::{
    Condition, Document, Effect, IfAbsent, Pattern, Principal, Qualifier, Selection, Version,
};

fn parsed(text: &str) -> Document {
    Document::parse(text).unwrap()
}

fn complaint(text: &str) -> String {
    Document::parse(text).unwrap_err().to_string()
}

#[test]
fn strings_and_lists_say_the_same() {
    let one =
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"a:B","Resource":"*"}}"#;
    let many = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["a:B"],"Resource":["*"]}]}"#;
    assert_eq!(parsed(one), parsed(many));
    let document = parsed(one);
    assert_eq!(document.version, Version::V2012);
    let statement = &document.statements[0];
    assert_eq!(statement.effect, Effect::Allow);
    assert_eq!(
        statement.actions,
        Selection::Only(vec![Pattern::new("a:B")])
    );
}

#[test]
fn what_is_not_meant_is_told_from_what_is() {
    let text = r#"{"Statement":[{"Sid":"x","Effect":"Deny","NotAction":["a:B","c:*"],"NotResource":"r",
        "NotPrincipal":{"AWS":["111122223333"],"Service":"ec2.amazonaws.com","Federated":"f","CanonicalUser":"c"}}]}"#;
    let document = parsed(text);
    assert_eq!(
        document.version,
        Version::V2008,
        "which is meant where none is named"
    );
    let statement = &document.statements[0];
    assert_eq!(statement.sid.as_deref(), Some("x"));
    assert!(!statement.is_about("A:b") && !statement.is_about("c:D") && statement.is_about("e:F"));
    let resources = statement.resources.as_ref().unwrap();
    assert_eq!(*resources, Selection::AllBut(vec![Pattern::new("r")]));
    let expected = vec![
        Principal::Aws("111122223333".into()),
        Principal::Service("ec2.amazonaws.com".into()),
        Principal::Federated("f".into()),
        Principal::Other("CanonicalUser".into(), "c".into()),
    ];
    assert_eq!(statement.principals, Some(Selection::AllBut(expected)));
}

#[test]
fn operators_are_taken_apart() {
    use IfAbsent::{ByOperator, Holds};
    use Qualifier::{ForAllValues, ForAnyValue, Single};
    let text = r#"{"Statement":{"Effect":"Allow","Principal":"*","Action":"*","Condition":{
        "Bool":{"aws:MultiFactorAuthPresent":true},
        "ForAllValues:StringLikeIfExists":{"k":["a","b"]},
        "foranyvalue:numericlessthanifexists":{"n":3600}}}}"#;
    let statement = &parsed(text).statements[0];
    assert_eq!(
        statement.principals,
        Some(Selection::Only(vec![Principal::Everyone]))
    );
    let condition = |qualifier, operator: &str, if_absent, key: &str, values: &[&str]| Condition {
        qualifier,
        operator: operator.into(),
        if_absent,
        key: key.into(),
        values: values.iter().map(|it| (*it).into()).collect(),
    };
    let mfa = "aws:MultiFactorAuthPresent";
    assert_eq!(
        statement.conditions,
        [
            condition(Single, "Bool", ByOperator, mfa, &["true"]),
            condition(ForAllValues, "StringLike", Holds, "k", &["a", "b"]),
            condition(ForAnyValue, "numericlessthan", Holds, "n", &["3600"]),
        ]
    );
}

#[test]
fn elements_that_the_language_does_not_have_are_kept_and_named() {
    let text = r#"{"Comment":[1,{"a":null}],"Statement":[{"Effect":"Allow","Action":"*","Resource":"*",
        "condition":{"Bool":{"k":true}}}]}"#;
    let document = parsed(text);
    let all: Vec<_> = document
        .all_unrecognized()
        .map(|it| (it.place.as_str(), it.value.as_str()))
        .collect();
    let expected = [
        ("Comment", r#"[1,{"a":null}]"#),
        ("Statement[0].condition", r#"{"Bool":{"k":true}}"#),
    ];
    assert_eq!(all, expected);
}

#[test]
fn an_error_says_what_and_where() {
    for (text, expected) in [
        ("[]", "the document: a list where an object must be"),
        ("{}", "the document: there is no `Statement`"),
        (
            r#"{"Version":"2012-10-18","Statement":[]}"#,
            "Version: `2012-10-18` is neither 2012-10-17 nor 2008-10-17",
        ),
        (
            r#"{"Statement":[{"Action":"*"}]}"#,
            "Statement[0]: there is no `Effect`",
        ),
        (
            r#"{"Statement":[{"Effect":"Allow"}]}"#,
            "Statement[0]: there is neither `Action` nor `NotAction`",
        ),
        (
            r#"{"Statement":{"Effect":"allow","Action":"*"}}"#,
            "Statement.Effect: `allow` is neither Allow nor Deny",
        ),
        (
            r#"{"Statement":[{"Effect":"Allow","Action":["a",1]}]}"#,
            "Statement[0].Action[1]: a number where a string must be",
        ),
        (
            r#"{"Statement":[{"Effect":"Allow","Action":"a","NotAction":"b"}]}"#,
            "Statement[0].NotAction: a statement has the one or its opposite, not both",
        ),
        (
            r#"{"Statement":[{"Effect":"Allow","Action":"a","Principal":"me"}]}"#,
            "Statement[0].Principal: `me` where `*` or an object must be",
        ),
        (
            r#"{"Statement":[{"Effect":"Allow","Action":"a","Condition":{"Bool":{"k":[null]}}}]}"#,
            "Statement[0].Condition.Bool.k: null where a value must be",
        ),
        (
            r#"{"Statement":[],"Statement":[]}"#,
            "not JSON that a policy can be read from: `Statement` is there twice at line 1 column 31",
        ),
    ] {
        assert_eq!(complaint(text), expected, "{text}");
    }
    assert!(complaint("{").contains("line 1 column"));
    assert!(
        Document::parse(&"[".repeat(10_000)).is_err(),
        "nesting is bounded"
    );
}

proptest! {
    #[test]
    fn whatever_the_text_there_is_an_answer(text in ".{0,80}") {
        let _ = Document::parse(&text);
    }
}
