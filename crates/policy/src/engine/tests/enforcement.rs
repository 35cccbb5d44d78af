//! Whether a user can do nothing without MFA but enrol.

use super::*;
use crate::engine::{Hang, LeakKind, Missing};

#[test]
fn a_denial_that_holds_where_the_key_is_absent_enforces() {
    let set = set(&[ADMIN, &good_deny()]);
    let Enforcement::Enforced { by } = &*enforcement(&set) else {
        panic!("{:?}", enforcement(&set));
    };
    assert_eq!(by[0].to_string(), "the statement Enforce of the policy own");
}

#[test]
fn a_denial_by_bool_does_not_stop_an_access_key_but_a_session() {
    let set = set(&[ADMIN, &bool_deny()]);
    let Enforcement::NotEnforced {
        context,
        actions,
        allowed_by,
        because: Missing::Leaks(leaks),
    } = &*enforcement(&set)
    else {
        panic!("{:?}", enforcement(&set));
    };
    assert_eq!(*context, MfaContext::Absent);
    assert!(actions.contains("iam:CreateAccessKey"));
    assert_eq!(allowed_by.as_ref().unwrap().sid.as_deref(), Some("Admin"));
    assert_eq!(leaks[0].kind, LeakKind::Skipped);
    assert_eq!(leaks[0].statement.sid.as_deref(), Some("Enforce"));
    let of_password = set.enforcement(&[Credential::Password], &SelfService::default(), None);
    assert!(matches!(*of_password, Enforcement::Enforced { .. }));
}

#[test]
fn a_denial_by_age_enforces_where_it_holds_without_the_key() {
    let by = |operator: &str| {
        set(&[
            ADMIN,
            &deny(&format!(
                r#"{{"{operator}":{{"aws:MultiFactorAuthAge":"3600"}}}}"#
            )),
        ])
    };
    assert!(is_enforced(&by("NumericGreaterThanIfExists")));
    assert!(is_not_enforced(&by("NumericGreaterThan")));
    assert!(is_enforced(&set(&[
        ADMIN,
        &deny(r#"{"Null":{"aws:MultiFactorAuthAge":"true"}}"#)
    ])));
}

#[test]
fn a_denial_by_null_of_the_presence_leaves_sessions() {
    let set = set(&[
        ADMIN,
        &deny(r#"{"Null":{"aws:MultiFactorAuthPresent":"true"}}"#),
    ]);
    let Enforcement::NotEnforced { context, .. } = &*enforcement(&set) else {
        panic!();
    };
    assert_eq!(*context, MfaContext::False);
}

#[test]
fn an_allowance_by_bool_enforces_and_one_that_admits_absence_does_not() {
    let allow = |operator: &str| {
        set(&[&format!(
            r#"{{"Effect":"Allow","Action":"*","Resource":"*","Condition":{{"{operator}":{{"{PRESENT}":"true"}}}}}}"#
        )])
    };
    assert!(is_enforced(&allow("Bool")));
    let admitting = allow("BoolIfExists");
    let Enforcement::NotEnforced {
        context,
        because: Missing::Leaks(leaks),
        ..
    } = &*enforcement(&admitting)
    else {
        panic!();
    };
    assert_eq!(*context, MfaContext::Absent);
    assert_eq!(leaks[0].kind, LeakKind::Admits);
}

#[test]
fn without_a_statement_nothing_is_enforced_and_without_rights_there_is_nothing_to_deny() {
    let Enforcement::NotEnforced { because, .. } = &*enforcement(&set(&[ADMIN])) else {
        panic!();
    };
    assert_eq!(*because, Missing::NoStatement);
    let nothing = PolicySet::new(Vec::new(), None, ServiceControl::None);
    assert_eq!(*enforcement(&nothing), Enforcement::Enforced { by: vec![] });
    let nobody = set(&[ADMIN]).enforcement(&[], &SelfService::default(), None);
    assert_eq!(*nobody, Enforcement::NoCredentials);
}

#[test]
fn what_is_for_self_service_and_what_needs_no_permission_is_no_failure() {
    let own = r#"{"Effect":"Allow","Action":["iam:EnableMFADevice","iam:ListMFADevices","sts:GetCallerIdentity",
        "sts:GetSessionToken"],"Resource":"*"}"#;
    assert!(is_enforced(&set(&[own])));
    let password = r#"{"Effect":"Allow","Action":"iam:ChangePassword","Resource":"*"}"#;
    let set = set(&[own, password]);
    assert!(is_not_enforced(&set));
    let wider = SelfService::default_actions().iter().copied();
    let wider = SelfService::new(wider.chain(SelfService::FIRST_SIGN_IN));
    let judged = set.enforcement(&BOTH, &wider, None);
    assert!(matches!(*judged, Enforcement::Enforced { .. }));
}

#[test]
fn a_condition_on_another_key_is_named() {
    let office = r#"{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":
        {"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}}"#;
    let set = set(&[office]);
    let Enforcement::Unclear {
        hangs_on,
        by,
        actions,
        ..
    } = &*enforcement(&set)
    else {
        panic!("{:?}", enforcement(&set));
    };
    assert_eq!(*hangs_on, Hang::Key("aws:SourceIp".to_owned()));
    assert_eq!(by.as_ref().unwrap().statement, 0);
    assert!(actions.contains("s3:GetObject"));
    assert_eq!(actions.brief(3), "s3:*");
}

#[test]
fn a_denial_that_hangs_on_another_key_is_neither() {
    let condition = r#"{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"},
        "NotIpAddress":{"aws:SourceIp":"192.0.2.0/24"}}"#;
    assert!(is_unclear(&set(&[ADMIN, &deny(condition)])));
}

#[test]
fn a_request_made_directly_is_not_via_a_service() {
    let condition = |via: &str| {
        format!(
            r#"{{"BoolIfExists":{{"aws:MultiFactorAuthPresent":"false","aws:ViaAWSService":"{via}"}}}}"#
        )
    };
    assert!(is_enforced(&set(&[ADMIN, &deny(&condition("false"))])));
    assert!(is_not_enforced(&set(&[ADMIN, &deny(&condition("true"))])));
}

#[test]
fn the_resource_of_an_own_user_is_known_of_a_user_and_unclear_of_anybody() {
    let others = r#"{"Effect":"Allow","Action":"iam:CreateAccessKey","Resource":"arn:aws:iam::*:user/${aws:username}"}"#;
    let denied =
        r#"{"Effect":"Deny","Action":"iam:*","Resource":"arn:aws:iam::111122223333:user/alice"}"#;
    let set = set(&[others, denied]);
    let anybody = set.enforcement(&BOTH, &SelfService::default(), None);
    assert!(matches!(&*anybody, Enforcement::Unclear { .. }));
    assert!(is_unclear(&set), "in other accounts it is not denied");
    let bob = Caller {
        arn: "arn:aws:iam::111122223333:user/bob".to_owned(),
        name: "bob".to_owned(),
        ..alice()
    };
    let of_bob = set.enforcement(&BOTH, &SelfService::default(), Some(&bob));
    assert!(matches!(&*of_bob, Enforcement::NotEnforced { .. }));
}

#[test]
fn what_aws_adds_later_is_covered_and_what_it_does_not_list_is_not_lost() {
    let set = set(&[r#"{"Effect":"Allow","Action":["unheard:Get*","s3:Unheard"],"Resource":"*"}"#]);
    let decision = set.decide(&crate::engine::Request {
        mfa: MfaContext::False,
        caller: None,
    });
    let names: Vec<_> = decision.surely().names().collect();
    assert_eq!(names, ["s3:Unheard", "unheard:Get*"]);
    assert!(is_not_enforced(&set));
    let everything = super::set(&[ADMIN]);
    let decision = everything.decide(&crate::engine::Request {
        mfa: MfaContext::False,
        caller: None,
    });
    assert!(decision.surely().contains("unheard:Of"));
    assert_eq!(decision.surely().brief(5), "every action");
}

#[test]
fn a_set_is_told_in_few_words() {
    let brief = |statement: &str, most: usize| {
        let set = set(&[statement]);
        let decision = set.decide(&crate::engine::Request {
            mfa: MfaContext::False,
            caller: None,
        });
        decision.surely().brief(most)
    };
    let all = |action: &str| format!(r#"{{"Effect":"Allow",{action},"Resource":"*"}}"#);
    assert_eq!(
        brief(&all(r#""Action":["s3:*","iam:Get*"]"#), 5),
        "iam:Get*, s3:*"
    );
    assert_eq!(
        brief(&all(r#""NotAction":["iam:Get*","s3:GetObject"]"#), 5),
        "every action but iam:Get*, s3:GetObject"
    );
    assert_eq!(brief(&all(r#""Action":"s3:GetObject""#), 5), "s3:GetObject");
    let some = brief(&all(r#""Action":["s3:*","iam:*","ec2:*"]"#), 2);
    assert_eq!(some, "ec2:*, iam:* and 1 more");
    assert_eq!(brief(&all(r#""NotAction":"*""#), 2), "no action");
}

#[test]
fn a_session_that_a_key_opens_without_mfa_does_nothing_in_iam() {
    let denied = deny(r#"{"Null":{"aws:MultiFactorAuthPresent":"true"}}"#);
    let iam =
        r#"{"Effect":"Allow","Action":["iam:*","sts:DecodeAuthorizationMessage"],"Resource":"*"}"#;
    let with = |statement: &str, credential| {
        let set = set(&[iam, statement, &denied]);
        set.enforcement(&[credential], &SelfService::default(), None)
    };
    let nothing = r#"{"Effect":"Deny","Action":"x:Y","Resource":"*"}"#;
    let of_key = with(nothing, Credential::AccessKey);
    assert!(
        matches!(*of_key, Enforcement::Enforced { .. }),
        "{of_key:?}"
    );
    let of_password = with(nothing, Credential::Password);
    assert!(matches!(*of_password, Enforcement::NotEnforced { .. }));
    let role = r#"{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}"#;
    let of_key = with(role, Credential::AccessKey);
    let Enforcement::NotEnforced {
        actions, context, ..
    } = &*of_key
    else {
        panic!();
    };
    assert_eq!(actions.brief(3), "sts:AssumeRole");
    assert_eq!(context.to_string(), "in a session without MFA");
}

#[test]
fn what_was_decided_is_remembered_for_the_next_user() {
    let set = set(&[ADMIN, &good_deny()]);
    let judged = |user: &Caller| set.enforcement(&BOTH, &SelfService::default(), Some(user));
    let bob = Caller {
        name: "bob".to_owned(),
        ..alice()
    };
    assert!(Arc::ptr_eq(&judged(&alice()), &judged(&bob)));
    let wider = SelfService::new(["iam:*"]);
    let other = set.enforcement(&BOTH, &wider, None);
    assert!(!Arc::ptr_eq(&judged(&alice()), &other));
}
