//! Each operator, in each context.

use super::*;
use crate::{
    Document,
    engine::{Hang, Request, Truth, condition::all_hold},
};

/// Returns whether a condition holds: with an access key, in a session without MFA, in one with.
fn truths(condition: &str, caller: Option<&Caller>) -> String {
    let statement =
        format!(r#"{{"Effect":"Deny","Action":"*","Resource":"*","Condition":{condition}}}"#);
    let document = Document::parse(&super::document(&[&statement])).unwrap();
    let conditions = &document.statements[0].conditions;
    let letter = |mfa| match all_hold(conditions, document.version, &Request { mfa, caller }) {
        Truth::Holds => 'y',
        Truth::Fails => 'n',
        Truth::Hangs(_) => '?',
    };
    MfaContext::ALL.map(letter).into_iter().collect()
}

#[test]
fn of_the_presence() {
    for (condition, expected) in [
        (r#"{"Bool":{"KEY":"false"}}"#, "nyn"),
        (r#"{"Bool":{"KEY":false}}"#, "nyn"),
        (r#"{"bool":{"KEY":"False"}}"#, "nyn"),
        (r#"{"Bool":{"KEY":"true"}}"#, "nny"),
        (r#"{"Bool":{"KEY":["true","false"]}}"#, "nyy"),
        (r#"{"Bool":{"KEY":"perhaps"}}"#, "nnn"),
        (r#"{"BoolIfExists":{"KEY":"false"}}"#, "yyn"),
        (r#"{"BoolIfExists":{"KEY":"true"}}"#, "yny"),
        (r#"{"ForAllValues:Bool":{"KEY":"false"}}"#, "yyn"),
        (r#"{"ForAnyValue:Bool":{"KEY":"false"}}"#, "nyn"),
        (r#"{"ForAnyValue:BoolIfExists":{"KEY":"false"}}"#, "yyn"),
        (r#"{"Null":{"KEY":"true"}}"#, "ynn"),
        (r#"{"Null":{"KEY":"false"}}"#, "nyy"),
        (r#"{"Null":{"KEY":["true","false"]}}"#, "yyy"),
        (r#"{"StringEquals":{"KEY":"false"}}"#, "n??"),
        (r#"{"StringNotEquals":{"KEY":"true"}}"#, "y??"),
        (r#"{"StringEqualsIfExists":{"KEY":"false"}}"#, "y??"),
        (r#"{"Boole":{"KEY":"false"}}"#, "???"),
        (r#"{"BoolIfExists":{"KEY":[]}}"#, "???"),
        (r#"{"Bool":{"KEY":"false"},"Null":{"KEY":"true"}}"#, "nnn"),
    ] {
        let condition = condition.replace("KEY", PRESENT);
        assert_eq!(truths(&condition, None), expected, "{condition}");
        let lower = condition.replace(PRESENT, &PRESENT.to_lowercase());
        assert_eq!(truths(&lower, None), expected, "{lower}");
    }
}

#[test]
fn of_the_age() {
    for (condition, expected) in [
        (r#"{"NumericGreaterThan":{"KEY":"3600"}}"#, "nn?"),
        (r#"{"NumericGreaterThanIfExists":{"KEY":3600}}"#, "yy?"),
        (r#"{"NumericLessThan":{"KEY":"3600"}}"#, "nn?"),
        (r#"{"NumericLessThanEquals":{"KEY":"3600"}}"#, "nn?"),
        (r#"{"NumericNotEquals":{"KEY":"0"}}"#, "yy?"),
        (r#"{"Null":{"KEY":"true"}}"#, "yyn"),
        (r#"{"Null":{"KEY":"false"}}"#, "nny"),
    ] {
        let condition = condition.replace("KEY", "aws:MultiFactorAuthAge");
        assert_eq!(truths(&condition, None), expected, "{condition}");
    }
}

#[test]
fn of_keys_that_nobody_knows() {
    for (condition, expected) in [
        (
            r#"{"StringEquals":{"aws:RequestedRegion":"eu-central-1"}}"#,
            "???",
        ),
        (r#"{"StringLike":{"aws:RequestedRegion":"*"}}"#, "???"),
        (
            r#"{"StringLikeIfExists":{"aws:RequestedRegion":"*"}}"#,
            "yyy",
        ),
        (r#"{"ForAllValues:StringLike":{"aws:TagKeys":"*"}}"#, "yyy"),
        (r#"{"StringNotLike":{"aws:RequestedRegion":"*"}}"#, "???"),
        (r#"{"Null":{"aws:RequestedRegion":"true"}}"#, "???"),
        (r#"{"Null":{"aws:TokenIssueTime":"true"}}"#, "ynn"),
        (
            r#"{"DateLessThan":{"aws:TokenIssueTime":"2026-01-01T00:00:00Z"}}"#,
            "n??",
        ),
        (r#"{"Bool":{"aws:ViaAWSService":"true"}}"#, "nnn"),
        (
            r#"{"ForAnyValue:StringEquals":{"aws:CalledVia":"athena.amazonaws.com"}}"#,
            "nnn",
        ),
        (
            r#"{"Bool":{"aws:SecureTransport":"false"},"Null":{"aws:CalledVia":"false"}}"#,
            "nnn",
        ),
    ] {
        assert_eq!(truths(condition, None), expected, "{condition}");
    }
}

#[test]
fn of_who_asks() {
    let caller = Caller {
        organization: Some("o-a".to_owned()),
        organization_path: Some("o-a/r-b/ou-c/".to_owned()),
        tags: Some([("Team".to_owned(), "shop".to_owned())].into()),
        ..alice()
    };
    for (condition, anybody, of_alice) in [
        (
            r#"{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/a*"}}"#,
            "???",
            "yyy",
        ),
        (
            r#"{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam:*:user/a*"}}"#,
            "nnn",
            "nnn",
        ),
        (
            r#"{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/*"}}"#,
            "nnn",
            "nnn",
        ),
        (
            r#"{"ArnNotLike":{"aws:PrincipalArn":"arn:*:iam::*:user/*"}}"#,
            "nnn",
            "nnn",
        ),
        (
            r#"{"StringLike":{"aws:PrincipalArn":"*:user/ALICE"}}"#,
            "???",
            "nnn",
        ),
        (
            r#"{"StringEquals":{"aws:username":["bob","alice"]}}"#,
            "???",
            "yyy",
        ),
        (
            r#"{"StringNotEquals":{"aws:username":["bob","alice"]}}"#,
            "???",
            "nnn",
        ),
        (
            r#"{"StringEqualsIgnoreCase":{"aws:username":"ALICE"}}"#,
            "???",
            "yyy",
        ),
        (
            r#"{"StringEquals":{"aws:PrincipalType":"User"}}"#,
            "yyy",
            "yyy",
        ),
        (
            r#"{"StringEquals":{"aws:PrincipalOrgID":"o-a"}}"#,
            "???",
            "yyy",
        ),
        (
            r#"{"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-a/*"}}"#,
            "???",
            "yyy",
        ),
        (
            r#"{"StringLike":{"aws:PrincipalOrgPaths":"o-a/*"}}"#,
            "???",
            "???",
        ),
        (
            r#"{"StringEquals":{"aws:PrincipalTag/team":"shop"}}"#,
            "???",
            "yyy",
        ),
        (
            r#"{"StringEquals":{"aws:PrincipalTag/other":"shop"}}"#,
            "???",
            "nnn",
        ),
        (
            r#"{"Null":{"aws:PrincipalTag/other":"true"}}"#,
            "???",
            "yyy",
        ),
        (
            r#"{"StringEquals":{"aws:username":"${aws:username}"}}"#,
            "???",
            "yyy",
        ),
        (
            r#"{"StringEquals":{"aws:username":"b${aws:SourceIp}"}}"#,
            "???",
            "nnn",
        ),
        (
            r#"{"StringEquals":{"aws:username":"a${aws:SourceIp}"}}"#,
            "???",
            "???",
        ),
        (
            r#"{"StringEquals":{"aws:PrincipalTag/Team":"${aws:PrincipalTag/none, 'shop'}"}}"#,
            "???",
            "yyy",
        ),
    ] {
        assert_eq!(truths(condition, None), anybody, "{condition}");
        assert_eq!(truths(condition, Some(&caller)), of_alice, "{condition}");
    }
}

#[test]
fn what_a_condition_hangs_on_is_named() {
    let document = Document::parse(&super::document(&[
        r#"{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Boole":{"aws:X":"1"}}}"#,
    ]));
    let request = Request {
        mfa: MfaContext::False,
        caller: None,
    };
    let document = document.unwrap();
    let truth = all_hold(
        &document.statements[0].conditions,
        document.version,
        &request,
    );
    let Truth::Hangs(on) = truth else { panic!() };
    assert_eq!(on.to_string(), "what `Boole` makes of `aws:X`");
    assert_eq!(
        Hang::Variable("aws:X".to_owned()).to_string(),
        "the policy variable `${aws:X}`"
    );
}

#[test]
fn wildcards_may_be_written_as_text() {
    let with_star = Caller {
        name: "a*".to_owned(),
        ..alice()
    };
    for (condition, of_alice, of_star) in [
        (r#"{"StringLike":{"aws:username":"a${*}"}}"#, "nnn", "yyy"),
        (r#"{"StringLike":{"aws:username":"a${?}"}}"#, "nnn", "nnn"),
        (r#"{"StringLike":{"aws:username":"a*"}}"#, "yyy", "yyy"),
        (r#"{"StringEquals":{"aws:username":"a*"}}"#, "nnn", "yyy"),
        (r#"{"StringLike":{"aws:username":"a${"}}"#, "nnn", "nnn"),
    ] {
        assert_eq!(truths(condition, Some(&alice())), of_alice, "{condition}");
        assert_eq!(truths(condition, Some(&with_star)), of_star, "{condition}");
    }
}

#[test]
fn a_variable_without_a_value_leaves_its_whole_statement_unclear() {
    let deny = |resources: &str, condition: &str| {
        format!(
            r#"{{"Effect":"Deny","Action":"*","Resource":{resources},"Condition":{condition}}}"#
        )
    };
    let nothing = Caller {
        tags: Some([].into()),
        ..alice()
    };
    let judged = |deny: &str| {
        let reader = r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::a/b"}"#;
        let set = set(&[reader, deny]);
        set.enforcement(&BOTH, &SelfService::default(), Some(&nothing))
    };
    let plain = judged(&deny(r#""arn:aws:s3:::a/*""#, "{}"));
    assert!(matches!(*plain, Enforcement::Enforced { .. }));
    let tag = "${aws:PrincipalTag/team}";
    for denied in [
        deny(
            &format!(r#"["arn:aws:s3:::a/*","arn:aws:s3:::{tag}/*"]"#),
            "{}",
        ),
        deny(
            r#""*""#,
            &format!(r#"{{"StringEquals":{{"aws:username":["alice","{tag}"]}}}}"#),
        ),
        deny(
            r#""*""#,
            &format!(r#"{{"StringNotEquals":{{"aws:username":"x{tag}"}}}}"#),
        ),
    ] {
        let Enforcement::Unclear { hangs_on, .. } = &*judged(&denied) else {
            panic!("{denied}");
        };
        assert_eq!(
            *hangs_on,
            Hang::Variable("aws:PrincipalTag/team".to_owned())
        );
    }
}
