//! Who is let in without MFA, and what stands in the way of it.

use proptest::prelude::*;

use super::{Instead, Trust, trust};
use crate::Document;

const ROOT: &str = r#""AWS":"arn:aws:iam::111122223333:root""#;
const USER: &str = r#""AWS":"arn:aws:iam::111122223333:user/a""#;
const PRESENT: &str = r#"{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#;

fn judged(statements: &[String]) -> Trust {
    let text = format!(r#"{{"Statement":[{}]}}"#, statements.join(","));
    trust(&Document::parse(&text).unwrap())
}

fn allow(principal: &str, condition: &str) -> String {
    statement("Allow", &format!("{{{principal}}}"), condition)
}

fn deny(principal: &str, condition: &str) -> String {
    statement("Deny", principal, condition)
}

fn statement(effect: &str, principal: &str, condition: &str) -> String {
    let condition = if condition.is_empty() {
        "{}"
    } else {
        condition
    };
    format!(
        r#"{{"Effect":"{effect}","Principal":{principal},"Action":"sts:AssumeRole","Condition":{condition}}}"#
    )
}

fn is_open(it: &Trust) -> bool {
    matches!(it, Trust::WithoutMfa(_))
}

fn is_unclear(it: &Trust) -> bool {
    matches!(it, Trust::Unclear(_))
}

fn open(statements: &[String]) -> Vec<String> {
    match judged(statements) {
        Trust::WithoutMfa(open) => open.iter().map(|it| it.principal.to_string()).collect(),
        other @ (Trust::NotForUsers | Trust::WithMfa | Trust::Unclear(_)) => panic!("{other:?}"),
    }
}

#[test]
fn users_and_accounts_without_a_condition_are_open() {
    for principal in [
        ROOT,
        USER,
        r#""AWS":"111122223333""#,
        r#""AWS":"*""#,
        r#""AWS":["arn:aws:iam::111122223333:role/r","444455556666"]"#,
        r#""AWS":"arn:aws:sts::111122223333:federated-user/f""#,
    ] {
        assert!(is_open(&judged(&[allow(principal, "")])), "{principal}");
    }
    assert!(is_open(&judged(&[statement("Allow", r#""*""#, "")])));
    let but = r#"{"Effect":"Allow","NotPrincipal":{"AWS":"111122223333"},"Action":"*"}"#;
    assert_eq!(open(&[but.into()]), ["*"]);
    let both = r#""AWS":["111122223333","arn:aws:iam::111122223333:user/a"]"#;
    assert_eq!(
        open(&[allow(both, ""), allow(USER, "")]),
        ["111122223333", "arn:aws:iam::111122223333:user/a"]
    );
}

#[test]
fn roles_services_and_identity_providers_are_not_asked_for_mfa() {
    for principal in [
        r#""Service":"ec2.amazonaws.com""#,
        r#""Federated":"arn:aws:iam::111122223333:saml-provider/AWSSSO_x""#,
        r#""AWS":"arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_x""#,
        r#""AWS":"arn:aws:sts::111122223333:assumed-role/r/s""#,
        r#""AWS":"AIDAIOSFODNN7EXAMPLE1""#,
    ] {
        let judged = judged(&[allow(principal, "")]);
        assert_eq!(judged, Trust::NotForUsers, "{principal}");
    }
    let web = r#"{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRoleWithWebIdentity"}"#;
    assert_eq!(judged(&[web.into()]), Trust::NotForUsers);
    let tag = r#"{"Effect":"Allow","Principal":"*","NotAction":"sts:Assume*"}"#;
    assert_eq!(judged(&[tag.into()]), Trust::NotForUsers);
    assert_eq!(judged(&[]), Trust::NotForUsers);
}

#[test]
fn an_effective_condition_demands_mfa() {
    for condition in [
        PRESENT,
        r#"{"bool":{"AWS:multifactorauthpresent":true}}"#,
        r#"{"ForAnyValue:Bool":{"aws:MultiFactorAuthPresent":["true"]}}"#,
        r#"{"NumericLessThan":{"aws:MultiFactorAuthAge":"3600"}}"#,
        r#"{"Null":{"aws:MultiFactorAuthAge":"false"}}"#,
        r#"{"Bool":{"aws:MultiFactorAuthPresent":"true"},"StringEquals":{"sts:ExternalId":"x"}}"#,
    ] {
        let judged = judged(&[allow(ROOT, condition)]);
        assert_eq!(judged, Trust::WithMfa, "{condition}");
    }
}

#[test]
fn a_condition_that_holds_without_mfa_demands_nothing() {
    for condition in [
        r#"{"BoolIfExists":{"aws:MultiFactorAuthPresent":"true"}}"#,
        r#"{"ForAllValues:Bool":{"aws:MultiFactorAuthPresent":"true"}}"#,
        r#"{"Bool":{"aws:MultiFactorAuthPresent":"false"}}"#,
        r#"{"Bool":{"aws:MultiFactorAuthPresent":["true","false"]}}"#,
        r#"{"NumericNotEquals":{"aws:MultiFactorAuthAge":"1"}}"#,
        r#"{"Null":{"aws:MultiFactorAuthPresent":"false"}}"#,
        r#"{"NumericLessThanIfExists":{"aws:MultiFactorAuthAge":"3600"}}"#,
        r#"{"Null":{"aws:MultiFactorAuthAge":"true"}}"#,
        r#"{"Bool":{"aws:SecureTransport":"true"}}"#,
        r#"{"StringEquals":{"aws:PrincipalOrgID":"o-x"}}"#,
    ] {
        assert!(is_open(&judged(&[allow(ROOT, condition)])), "{condition}");
    }
}

#[test]
fn an_external_id_is_named_and_is_no_second_factor() {
    let condition = r#"{"StringEquals":{"sts:ExternalId":"x"}}"#;
    match judged(&[allow(ROOT, condition)]) {
        Trust::WithoutMfa(open) => assert_eq!(open[0].instead, Instead::ExternalId),
        other @ (Trust::NotForUsers | Trust::WithMfa | Trust::Unclear(_)) => panic!("{other:?}"),
    }
}

#[test]
fn a_condition_on_who_assumes_is_heeded() {
    let sso = "arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Admin_*";
    for condition in [
        format!(r#"{{"ArnLike":{{"aws:PrincipalArn":"{sso}"}}}}"#),
        r#"{"StringLike":{"aws:PrincipalArn":["arn:*:iam::1:role/a","arn:*:sts::1:assumed-role/a/*"]}}"#.into(),
        r#"{"StringEquals":{"aws:PrincipalType":"AssumedRole"}}"#.into(),
        r#"{"StringLike":{"aws:userid":"AROAIOSFODNN7EXAMPLE:*"}}"#.into(),
        r#"{"Bool":{"aws:PrincipalIsAWSService":"true"}}"#.into(),
    ] {
        let judged = judged(&[allow(ROOT, &condition)]);
        assert_eq!(judged, Trust::NotForUsers, "{condition}");
    }
    for condition in [
        r#"{"ArnLike":{"aws:PrincipalArn":["arn:aws:iam::1:role/a","arn:aws:iam::1:user/b"]}}"#,
        r#"{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::1:*"}}"#,
        r#"{"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::1:role/a"}}"#,
        r#"{"ArnLikeIfExists":{"aws:PrincipalArn":"arn:aws:iam::1:role/a"}}"#,
        r#"{"StringEquals":{"aws:PrincipalType":["AssumedRole","User"]}}"#,
    ] {
        assert!(is_open(&judged(&[allow(ROOT, condition)])), "{condition}");
    }
}

#[test]
fn a_denial_without_mfa_demands_it() {
    let without = r#"{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}"#;
    let older = r#"{"NumericGreaterThanIfExists":{"aws:MultiFactorAuthAge":"3600"}}"#;
    let missing = r#"{"Null":{"aws:MultiFactorAuthAge":"true"}}"#;
    for condition in [without, older, missing] {
        let all = judged(&[allow(ROOT, ""), deny(r#""*""#, condition)]);
        assert_eq!(all, Trust::WithMfa, "{condition}");
    }
    let of_account = deny(r#"{"AWS":"111122223333"}"#, without);
    assert_eq!(
        judged(&[allow(ROOT, ""), of_account.clone()]),
        Trust::WithMfa
    );
    assert_eq!(
        judged(&[allow(USER, ""), of_account.clone()]),
        Trust::WithMfa
    );
    let other = allow(r#""AWS":"444455556666""#, "");
    assert_eq!(
        open(&[allow(ROOT, ""), other, of_account]),
        ["444455556666"]
    );
    let everything = deny(r#""*""#, "");
    assert_eq!(judged(&[allow(ROOT, ""), everything]), Trust::NotForUsers);
}

#[test]
fn a_denial_that_access_keys_slip_through_demands_nothing() {
    for condition in [
        r#"{"Bool":{"aws:MultiFactorAuthPresent":"false"}}"#,
        r#"{"Null":{"aws:MultiFactorAuthPresent":"true"}}"#,
        r#"{"NumericGreaterThan":{"aws:MultiFactorAuthAge":"3600"}}"#,
        r#"{"StringNotEquals":{"aws:PrincipalOrgID":"o-x"}}"#,
    ] {
        let judged = judged(&[allow(ROOT, ""), deny(r#""*""#, condition)]);
        assert!(is_open(&judged), "{condition}");
    }
    let of_user = deny(&format!("{{{USER}}}"), "");
    assert!(is_open(&judged(&[allow(ROOT, ""), of_user])));
}

#[test]
fn what_cannot_be_told_is_unclear() {
    for statements in [
        vec![allow(r#""AWS":"somebody""#, "")],
        vec![allow(r#""CanonicalUser":"x""#, "")],
        vec![allow(
            ROOT,
            r#"{"StringEquals":{"aws:MultiFactorAuthPresent":"true"}}"#,
        )],
        vec![allow(ROOT, r#"{"Bool":{"aws:MultiFactorAuthPresent":[]}}"#)],
        vec![r#"{"Effect":"Allow","Action":"sts:AssumeRole"}"#.into()],
        vec![r#"{"Effect":"Allow","Action":"*","Principal":"*","condition":{}}"#.into()],
        vec![
            allow(ROOT, ""),
            r#"{"Effect":"Deny","NotPrincipal":{"AWS":"111122223333"},"Action":"*"}"#.into(),
        ],
    ] {
        let judged = judged(&statements);
        assert!(is_unclear(&judged), "{statements:?}: {judged:?}");
    }
}

#[test]
fn who_is_open_for_certain_stays_so_beside_what_is_unclear() {
    let unclear = allow(r#""AWS":"somebody""#, "");
    assert!(is_open(&judged(&[unclear.clone(), allow(ROOT, "")])));
    assert!(is_unclear(&judged(&[unclear, allow(ROOT, PRESENT)])));
}

proptest! {
    /// The rule in other words, over single statements: open is who is a user or an account, without `Bool` true.
    #[test]
    fn one_statement_is_open_as_it_says(
        who in prop::sample::select(vec![ROOT, USER, r#""Service":"s""#, r#""AWS":"arn:aws:iam::1:role/r""#]),
        operator in prop::sample::select(vec!["Bool", "BoolIfExists", "ForAllValues:Bool"]),
        value in prop::sample::select(vec!["true", "false"]),
    ) {
        let condition = format!(r#"{{"{operator}":{{"aws:MultiFactorAuthPresent":"{value}"}}}}"#);
        let judged = judged(&[allow(who, &condition)]);
        let user = who == ROOT || who == USER;
        let demanded = operator == "Bool" && value == "true";
        let expected = match (user, demanded) {
            (false, _) => judged == Trust::NotForUsers,
            (true, true) => judged == Trust::WithMfa,
            (true, false) => is_open(&judged),
        };
        prop_assert!(expected);
    }
}
