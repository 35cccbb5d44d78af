//! Statements that mean to enforce, and leak.

use super::*;
use crate::engine::{Bypass, Leak, LeakKind};

fn bypass(set: &PolicySet) -> Bypass {
    set.bypass(&BOTH, &SelfService::default(), Some(&alice()))
}

fn leaks(set: &PolicySet) -> Vec<Leak> {
    let found = bypass(set);
    let Bypass::Leaks(leaks) = found else {
        panic!("{found:?}");
    };
    leaks
}

/// Returns a denial that exempts this besides self service.
fn exempting(action: &str) -> String {
    good_deny().replace("[\"iam:Create", &format!("[\"{action}\",\"iam:Create"))
}

#[test]
fn what_a_list_exempts_too_much_is_named() {
    for action in [
        "iam:DeactivateMFADevice",
        "iam:DeleteVirtualMFADevice",
        "iam:CreateAccessKey",
        "iam:ChangePassword",
    ] {
        let set = set(&[ADMIN, &exempting(action)]);
        let leaks = leaks(&set);
        assert_eq!(leaks.len(), 2, "in both contexts: {leaks:?}");
        assert_eq!(leaks[0].kind, LeakKind::Exempts);
        assert_eq!(leaks[0].actions.names().collect::<Vec<_>>(), [action]);
        assert!(is_not_enforced(&set));
    }
    let wide = leaks(&set(&[ADMIN, &exempting("iam:*")]));
    assert!(wide[0].actions.contains("iam:CreateUser") && wide[0].actions.contains("iam:Unheard"));
    let tight = set(&[ADMIN, &good_deny()]);
    assert!(matches!(bypass(&tight), Bypass::Tight(by) if by[0].sid.as_deref() == Some("Enforce")));
}

#[test]
fn what_is_exempt_but_not_allowed_is_no_leak() {
    let reader = r#"{"Effect":"Allow","Action":"s3:*","Resource":"*"}"#;
    let set = set(&[reader, &exempting("iam:DeactivateMFADevice")]);
    assert!(matches!(bypass(&set), Bypass::Tight(_)));
    assert!(is_enforced(&set));
}

#[test]
fn a_denial_by_bool_is_skipped_with_an_access_key_alone() {
    let set = set(&[ADMIN, &bool_deny()]);
    let found = leaks(&set);
    assert!(
        found
            .iter()
            .all(|it| it.context == MfaContext::Absent && it.kind == LeakKind::Skipped)
    );
    let session = set.bypass(&[Credential::Password], &SelfService::default(), None);
    assert!(matches!(session, Bypass::Tight(_)));
}

#[test]
fn a_second_denial_closes_what_the_first_leaves_open() {
    assert!(matches!(
        bypass(&set(&[ADMIN, &bool_deny(), &good_deny()])),
        Bypass::Tight(_)
    ));
    let keys = deny(r#"{"Null":{"aws:MultiFactorAuthPresent":"true"}}"#);
    assert!(matches!(
        bypass(&set(&[ADMIN, &bool_deny(), &keys])),
        Bypass::Tight(_)
    ));
}

#[test]
fn a_denial_on_some_resources_leaves_the_others() {
    let limited = good_deny().replace(r#""Resource":"*""#, r#""Resource":"arn:aws:s3:::*""#);
    let found = leaks(&set(&[ADMIN, &limited]));
    assert_eq!(found[0].kind, LeakKind::OtherResources);
    assert!(found[0].actions.contains("iam:CreateAccessKey"));
    assert!(!found[0].actions.contains("s3:GetObject"));
}

#[test]
fn a_second_allowance_undoes_the_first_ones_demand() {
    let with = r#"{"Sid":"With","Effect":"Allow","Action":"*","Resource":"*","Condition":
        {"Bool":{"aws:MultiFactorAuthPresent":"true"}}}"#;
    let without = r#"{"Sid":"Without","Effect":"Allow","Action":"ec2:*","Resource":"*"}"#;
    let found = leaks(&set(&[with, without]));
    let LeakKind::AllowedBy(by) = &found[0].kind else {
        panic!("{found:?}");
    };
    assert_eq!(by.sid.as_deref(), Some("Without"));
    assert_eq!(found[0].actions.brief(3), "ec2:*");
    assert!(matches!(bypass(&set(&[with])), Bypass::Tight(_)));
}

#[test]
fn what_says_nothing_of_mfa_attempts_nothing() {
    assert_eq!(bypass(&set(&[ADMIN])), Bypass::NotAttempted);
    let always = deny(r#"{"Null":{"aws:MultiFactorAuthPresent":["true","false"]}}"#);
    assert_eq!(bypass(&set(&[ADMIN, &always])), Bypass::NotAttempted);
}

#[test]
fn a_denial_that_hangs_may_leak() {
    let condition = r#"{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"},
        "StringNotEquals":{"aws:RequestedRegion":"eu-central-1"}}"#;
    let Bypass::Unclear(leaks) = bypass(&set(&[ADMIN, &deny(condition)])) else {
        panic!();
    };
    assert!(matches!(&leaks[0].kind, LeakKind::Hangs(_)));
}
