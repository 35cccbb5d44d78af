//! Documents that come to something, and files that are none.

use policy::engine::SelfService;

use super::{
    Given,
    answer::{Answer, Outcome},
    document,
    read::{self, ReadPolicy, parse},
};
use crate::args::Recommended;

fn read(name: &str, text: &str) -> ReadPolicy {
    let document = parse(text.as_bytes()).unwrap();
    ReadPolicy {
        name: name.to_owned(),
        contents: std::sync::Arc::new(policy::engine::Compiled::new(&document)),
    }
}

fn check(identity: &[&str], over: &[&str], boundary: Option<&str>) -> Answer {
    let all = |texts: &[&str], name: &str| texts.iter().map(|it| read(name, it)).collect();
    let given = Given {
        identity: all(identity, "user.json"),
        over: all(over, "scp.json"),
        boundary: boundary.map(|it| read("boundary.json", it)),
    };
    given.answer(&SelfService::default())
}

const ADMIN: &str =
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;

fn by_bool() -> String {
    document(Recommended::Scp, &[]).replace("BoolIfExists", "Bool")
}

#[test]
fn the_recommended_documents_are_enforced_by_their_own_measure() {
    let scp = document(Recommended::Scp, &[]);
    assert_eq!(check(&[], &[&scp], None).outcome, Outcome::Enforced);
    let policy = document(Recommended::Policy, &["aws".to_owned()]);
    assert_eq!(check(&[&policy], &[], None).outcome, Outcome::Enforced);
    assert_eq!(
        check(&[&policy, ADMIN], &[], None).outcome,
        Outcome::Enforced
    );
    assert_eq!(check(&[ADMIN], &[], None).outcome, Outcome::NotEnforced);
}

#[test]
fn a_denial_by_bool_leaks_with_its_statement_and_what_to_change() {
    let answer = check(&[], &[&by_bool()], None);
    assert_eq!(answer.outcome, Outcome::NotEnforced);
    let text = answer.text();
    for part in [
        "MFA is NOT ENFORCED: iam:CreateAccessKey",
        "the condition of the statement NothingElseWithoutMfa of the service control policy scp.json of the target does not hold with an access key",
        "deny by `BoolIfExists`",
        "  with an access key\n    surely:   iam:CreateAccessKey",
        "FullAWSAccess is attached beside them",
        "its own policies allow everything",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let json: serde_json::Value = serde_json::from_str(&answer.json().unwrap()).unwrap();
    assert_eq!(json["outcome"], "not-enforced");
    assert_eq!(json["leaks"][0]["sid"], "NothingElseWithoutMfa");
    assert_eq!(json["leaks"][0]["context"], "access-key");
    assert_eq!(
        json["contexts"][1]["surely"]["count"], 0,
        "sessions are denied"
    );
}

#[test]
fn a_list_of_what_is_allowed_is_taken_as_it_is() {
    let only_s3 =
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#;
    let answer = check(&[], &[only_s3], None);
    assert_eq!(answer.outcome, Outcome::NotEnforced);
    assert!(!answer.text().contains("FullAWSAccess"));
    assert!(
        answer.contexts[0]
            .surely
            .examples
            .iter()
            .all(|it| it.starts_with("s3:"))
    );
    let bounded = check(&[ADMIN], &[], Some(only_s3));
    assert!(
        bounded.contexts[0]
            .surely
            .examples
            .iter()
            .all(|it| it.starts_with("s3:"))
    );
}

#[test]
fn what_is_not_known_is_told_with_its_file_and_place() {
    let strange = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*","Condtion":{}}]}"#;
    let answer = check(&[ADMIN, strange], &[], None);
    assert_eq!(answer.outcome, Outcome::Unclear);
    assert_eq!(answer.not_known[0].file, "user.json");
    assert!(answer.not_known[0].what.contains("Statement[0].Condtion"));
    assert!(answer.text().contains("user.json: `Statement[0].Condtion`"));
}

#[test]
fn files_that_are_no_document_are_refused_with_the_place() {
    let wrong = |bytes: &[u8]| parse(bytes).unwrap_err().what;
    assert!(wrong(b"\xef\xbb\xbf{}").contains("line 1: begins with a byte order mark"));
    assert_eq!(wrong(b"{\n\"Statement\": \"\xff\"}"), "line 2: not UTF-8");
    assert_eq!(wrong(b" \n"), "is empty");
    assert!(wrong(b"%7B%22Statement%22%3A%5B%5D%7D").contains("URL-encoded once"));
    assert!(wrong(b"%257B%2522Statement%2522%253A%255B%255D%257D").contains("URL-encoded twice"));
    assert!(wrong(b"{\"Statement\": [\n}").contains("line 2"));
    assert!(
        wrong(br#"{"Statement":[{"Effect":"deny","Action":"*"}]}"#)
            .starts_with("Statement[0].Effect")
    );
    let nested = format!(
        "{{\"Statement\":{}{}}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    assert!(
        wrong(nested.as_bytes()).contains("recursion limit"),
        "{}",
        wrong(nested.as_bytes())
    );
    assert!(wrong(&[0; 64]).contains("line 1"));
    let missing = read::policy(std::path::Path::new("no such file.json"));
    assert!(missing.is_err());
}

#[test]
fn ten_thousand_statements_are_answered() {
    let one = |number: usize, condition: &str| {
        format!(
            r#"{{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b{number}/*","Condition":{condition}}}"#
        )
    };
    let with = r#"{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#;
    let statements = (0..10_000).map(|it| one(it, if it % 2 == 0 { with } else { "{}" }));
    let statements: Vec<_> = statements.collect();
    let text = format!(
        r#"{{"Version":"2012-10-17","Statement":[{}]}}"#,
        statements.join(",")
    );
    let answer = check(&[&text], &[], None);
    assert_eq!(answer.outcome, Outcome::NotEnforced);
    assert!(answer.leaks.len() <= 50 && answer.text().len() < 100_000);
}
