//! Groups, boundaries and service control policies.

use super::*;
use crate::engine::{Certainty, Hang, Layer, Request, Ruling};

const FULL: &str = r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#;

fn user(name: &str, statements: &[&str]) -> Attached {
    at(Level::UserInline, name, &document(statements))
}

fn under(levels: Vec<ScpLevel>) -> PolicySet {
    PolicySet::new(
        vec![user("own", &[ADMIN])],
        None,
        ServiceControl::Levels(levels),
    )
}

fn ruling(set: &PolicySet, mfa: MfaContext, action: &str) -> Ruling {
    set.decide(&Request { mfa, caller: None }).ruling(action)
}

#[test]
fn a_denial_of_one_unit_is_for_its_accounts_alone() {
    let full = document(&[FULL]);
    let enforcing = document(&[&good_deny()]);
    let root = || scp("the root", &[("FullAWSAccess", &full)]);
    let inside = under(vec![
        root(),
        scp(
            "the unit prod",
            &[("FullAWSAccess", &full), ("p-mfa", &enforcing)],
        ),
        scp("the account", &[("FullAWSAccess", &full)]),
    ]);
    let Enforcement::Enforced { by } = &*enforcement(&inside) else {
        panic!("{:?}", enforcement(&inside));
    };
    assert_eq!(
        by[0].to_string(),
        "the statement Enforce of the service control policy p-mfa of the unit prod"
    );
    let outside = under(vec![
        root(),
        scp("the account", &[("FullAWSAccess", &full)]),
    ]);
    assert!(is_not_enforced(&outside));
    let management = PolicySet::new(vec![user("own", &[ADMIN])], None, ServiceControl::None);
    assert!(is_not_enforced(&management));
}

#[test]
fn every_level_has_to_allow() {
    let full = document(&[FULL]);
    let only_s3 = document(&[r#"{"Effect":"Allow","Action":"s3:*","Resource":"*"}"#]);
    let set = under(vec![
        scp("the root", &[("all", &full)]),
        scp("the unit shop", &[("s3", &only_s3)]),
    ]);
    let of = |action: &str| ruling(&set, MfaContext::Absent, action);
    assert_eq!(of("s3:GetObject").certainty(), Certainty::SurelyAllowed);
    assert_eq!(
        of("ec2:RunInstances"),
        Ruling::NotAllowed(Layer::ServiceControl("the unit shop".to_owned()))
    );
    let empty = under(vec![
        scp("the root", &[("all", &full)]),
        scp("the unit", &[]),
    ]);
    assert!(
        is_enforced(&empty),
        "what no policy of a level allows is denied"
    );
}

#[test]
fn what_cannot_be_read_is_neither_a_pass_nor_a_failure() {
    let unread = || ScpLevel::unread("the root", "AccessDenied");
    let set = under(vec![unread()]);
    let Enforcement::Unclear { hangs_on, .. } = &*enforcement(&set) else {
        panic!();
    };
    assert_eq!(*hangs_on, Hang::Unread("AccessDenied".to_owned()));
    let chain = PolicySet::new(
        vec![user("own", &[ADMIN])],
        None,
        ServiceControl::unread("AccessDenied"),
    );
    assert!(is_unclear(&chain));
    let enforcing = document(&[&good_deny(), FULL]);
    let seen = under(vec![unread(), scp("the account", &[("p", &enforcing)])]);
    assert!(
        is_enforced(&seen),
        "a denial that is seen denies, whatever is not seen"
    );
    let own = PolicySet::new(
        vec![
            user("own", &[ADMIN, &good_deny()]),
            at(Level::User, "lost", "{"),
        ],
        None,
        ServiceControl::unread("AccessDenied"),
    );
    assert!(is_enforced(&own));
}

#[test]
fn a_group_without_the_denial_does_not_enforce() {
    let admins = |statements: &[&str]| {
        let policy = at(
            Level::Group("ops".to_owned()),
            "ops-policy",
            &document(statements),
        );
        PolicySet::new(vec![policy], None, ServiceControl::None)
    };
    assert!(is_not_enforced(&admins(&[ADMIN])));
    let set = admins(&[ADMIN, &good_deny()]);
    let Enforcement::Enforced { by } = &*enforcement(&set) else {
        panic!();
    };
    assert_eq!(
        by[0].to_string(),
        "the statement Enforce of the policy ops-policy of the group ops"
    );
}

#[test]
fn a_boundary_limits_and_denies() {
    let with = |boundary: &[&str]| {
        let boundary = at(Level::Boundary, "limit", &document(boundary));
        PolicySet::new(
            vec![user("own", &[ADMIN])],
            Some(boundary),
            ServiceControl::None,
        )
    };
    let own = format!(r#"{{"Effect":"Allow","Action":{EXEMPT},"Resource":"*"}}"#);
    assert!(is_enforced(&with(&[&own])));
    assert!(is_enforced(&with(&[FULL, &good_deny()])));
    assert!(is_not_enforced(&with(&[FULL])));
    assert!(is_enforced(&with(&[])), "an empty boundary allows nothing");
    let buckets = r#"{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::logs/*"}"#;
    let set = with(&[buckets]);
    let Ruling::Allowed { on, .. } = ruling(&set, MfaContext::Absent, "s3:GetObject") else {
        panic!();
    };
    assert_eq!(on, ["arn:aws:s3:::logs/*"]);
    let none = ruling(&set, MfaContext::Absent, "s3:ListAllMyBuckets");
    assert_eq!(
        none.certainty(),
        Certainty::PossiblyAllowed,
        "it is on no resource"
    );
    let other = at(
        Level::UserInline,
        "own",
        &document(&[r#"{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::shop/*"}"#]),
    );
    let boundary = at(Level::Boundary, "limit", &document(&[buckets]));
    let apart = PolicySet::new(vec![other], Some(boundary), ServiceControl::None);
    assert_eq!(
        ruling(&apart, MfaContext::Absent, "s3:GetObject"),
        Ruling::NotAllowed(Layer::Boundary)
    );
}

#[test]
fn who_is_exempt_by_its_arn_is_told_from_the_others() {
    let condition = r#"{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"},
        "ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/break-glass"}}"#;
    let enforcing = document(&[&deny(condition), FULL]);
    let set = under(vec![scp("the root", &[("p", &enforcing)])]);
    let anybody = set.enforcement(&BOTH, &SelfService::default(), None);
    assert!(matches!(*anybody, Enforcement::Unclear { .. }));
    assert!(is_enforced(&set), "of alice");
    let glass = Caller {
        arn: "arn:aws:iam::111122223333:user/break-glass".to_owned(),
        name: "break-glass".to_owned(),
        ..alice()
    };
    let of_glass = set.enforcement(&BOTH, &SelfService::default(), Some(&glass));
    assert!(matches!(*of_glass, Enforcement::NotEnforced { .. }));
}

#[test]
fn a_denial_for_roles_alone_is_none_for_users() {
    let condition = |pattern: &str| {
        format!(
            r#"{{"BoolIfExists":{{"aws:MultiFactorAuthPresent":"false"}},"ArnLike":{{"aws:PrincipalArn":"{pattern}"}}}}"#
        )
    };
    let with = |pattern: &str| {
        let enforcing = document(&[&deny(&condition(pattern)), FULL]);
        let set = under(vec![scp("the root", &[("p", &enforcing)])]);
        set.enforcement(&BOTH, &SelfService::default(), None)
    };
    assert!(matches!(
        *with("arn:aws:iam::*:role/*"),
        Enforcement::NotEnforced { .. }
    ));
    assert!(matches!(
        *with("arn:*:iam::*:user/*"),
        Enforcement::Enforced { .. }
    ));
}

#[test]
fn explicit_denial_wins_wherever_it_is() {
    let deny_all = r#"{"Effect":"Deny","Action":"*","Resource":"*"}"#;
    let set = under(vec![scp(
        "the root",
        &[("p", &document(&[FULL, deny_all]))],
    )]);
    let Ruling::Denied(by) = ruling(&set, MfaContext::True, "s3:GetObject") else {
        panic!();
    };
    assert_eq!((by.statement, by.sid), (1, None));
}

#[test]
fn a_denial_elsewhere_leaves_an_action_and_one_on_all_of_its_kind_does_not() {
    let of = |denied: &str, action: &str| {
        let deny = format!(r#"{{"Effect":"Deny","Action":"*","Resource":"{denied}"}}"#);
        ruling(&super::set(&[ADMIN, &deny]), MfaContext::Absent, action).certainty()
    };
    assert_eq!(
        of("arn:aws:s3:::*", "iam:CreateUser"),
        Certainty::SurelyAllowed
    );
    assert_eq!(
        of("arn:aws:s3:::a", "s3:DeleteBucket"),
        Certainty::PossiblyAllowed
    );
    assert_eq!(of("*", "s3:GetObject"), Certainty::SurelyNot);
    let reader = r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::a/b"}"#;
    let deny = |but: &str| format!(r#"{{"Effect":"Deny","Action":"s3:*","NotResource":"{but}"}}"#);
    let of = |but: &str| {
        let set = super::set(&[reader, &deny(but)]);
        ruling(&set, MfaContext::Absent, "s3:GetObject").certainty()
    };
    assert_eq!(of("arn:aws:s3:::a/*"), Certainty::SurelyAllowed);
    assert_eq!(of("arn:aws:s3:::c/*"), Certainty::SurelyNot);
}

#[test]
fn an_action_that_takes_several_resources_is_allowed_if_all_are() {
    let of = |resources: &str| {
        let allow =
            format!(r#"{{"Effect":"Allow","Action":"ec2:RunInstances","Resource":{resources}}}"#);
        ruling(
            &super::set(&[&allow]),
            MfaContext::Absent,
            "ec2:RunInstances",
        )
        .certainty()
    };
    assert_eq!(
        of(r#""arn:aws:ec2:*:*:instance/*""#),
        Certainty::PossiblyAllowed
    );
    assert_eq!(of(r#""arn:aws:ec2:*:*:*""#), Certainty::SurelyAllowed);
}

#[test]
fn what_a_short_arn_is_completed_to_is_certain_in_one_direction_alone() {
    let of = |element: &str, action: &str| {
        let allow = format!(r#"{{"Effect":"Allow","Action":"*","{element}":"arn:aws:iam::*"}}"#);
        ruling(&super::set(&[&allow]), MfaContext::Absent, action).certainty()
    };
    assert_eq!(of("Resource", "iam:CreateUser"), Certainty::SurelyAllowed);
    assert_eq!(
        of("NotResource", "s3:DeleteBucket"),
        Certainty::PossiblyAllowed
    );
}
