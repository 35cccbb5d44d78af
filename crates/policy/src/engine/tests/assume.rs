//! Roles that a user may assume by their trust policies alone.

use super::{
    ADMIN, Attached, BOTH, Enforcement, Level, PolicySet, SelfService, ServiceControl, alice, at,
    document, good_deny, scp,
};
use crate::Document;

const ROLE: &str = "arn:aws:iam::111122223333:role/deploy";
const ALICE: &str = r#"{"AWS":"arn:aws:iam::111122223333:user/alice"}"#;

fn trust(principal: &str, condition: &str) -> Document {
    let statement = format!(
        r#"{{"Effect":"Allow","Principal":{principal},"Action":"sts:AssumeRole","Condition":{condition}}}"#
    );
    Document::parse(&document(&[&statement])).unwrap()
}

/// Tells whether alice can assume the role without MFA, by its trust policy alone.
fn assumes(set: &PolicySet, trust: &Document) -> Option<Enforcement> {
    let set = set.assuming(ROLE, trust, &alice())?;
    let outcome = set.enforcement(&BOTH, &SelfService::default(), Some(&alice()));
    Some((*outcome).clone())
}

fn opens(set: &PolicySet, trust: &Document) -> bool {
    matches!(
        assumes(set, trust),
        Some(Enforcement::NotEnforced { actions, .. }) if actions.names().eq(["sts:AssumeRole"])
    )
}

fn of(policies: Vec<Attached>) -> PolicySet {
    PolicySet::new(policies, None, ServiceControl::None)
}

#[test]
fn a_trust_policy_that_names_the_user_lets_it_in_without_a_policy_of_its_own() {
    assert!(opens(&of(Vec::new()), &trust(ALICE, "{}")));
    assert!(opens(&of(Vec::new()), &trust(r#""*""#, "{}")));
}

#[test]
fn one_that_names_the_account_or_somebody_else_does_not() {
    for other in [
        r#"{"AWS":"arn:aws:iam::111122223333:root"}"#,
        r#"{"AWS":"arn:aws:iam::111122223333:user/bob"}"#,
        r#"{"AWS":"arn:aws:iam::444455556666:user/alice"}"#,
        r#"{"Service":"ec2.amazonaws.com"}"#,
    ] {
        assert_eq!(
            assumes(&of(Vec::new()), &trust(other, "{}")),
            None,
            "{other}"
        );
    }
}

#[test]
fn one_that_demands_mfa_does_not_let_it_in_without() {
    let asked = |condition: &str| assumes(&of(Vec::new()), &trust(ALICE, condition));
    let with = asked(r#"{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#);
    assert!(
        matches!(with, Some(Enforcement::Enforced { .. })),
        "{with:?}"
    );
    let if_exists = asked(r#"{"BoolIfExists":{"aws:MultiFactorAuthPresent":"true"}}"#);
    assert!(
        matches!(if_exists, Some(Enforcement::NotEnforced { .. })),
        "an access key slips through: {if_exists:?}"
    );
}

#[test]
fn a_denial_shuts_what_a_trust_policy_opens_and_a_boundary_that_is_silent_does_not() {
    let open = trust(ALICE, "{}");
    let denied = at(Level::User, "own", &document(&[&good_deny()]));
    assert!(!opens(&of(vec![denied.clone()]), &open));
    let silent = document(&[r#"{"Effect":"Allow","Action":"s3:*","Resource":"*"}"#]);
    let boundary = at(Level::Boundary, "b", &silent);
    let bounded = PolicySet::new(Vec::new(), Some(boundary), ServiceControl::None);
    assert!(opens(&bounded, &open));
    let denying = PolicySet::new(
        Vec::new(),
        Some(at(Level::Boundary, "b", &document(&[ADMIN, &good_deny()]))),
        ServiceControl::None,
    );
    assert!(!opens(&denying, &open));
}

#[test]
fn a_service_control_policy_has_to_allow_what_a_trust_policy_opens() {
    let open = trust(ALICE, "{}");
    let silent = document(&[r#"{"Effect":"Allow","Action":"s3:*","Resource":"*"}"#]);
    let under = |text: &str| {
        let over = ServiceControl::Levels(vec![scp("the root", &[("p", text)])]);
        PolicySet::new(Vec::new(), None, over)
    };
    assert!(!opens(&under(&silent), &open));
    assert!(opens(&under(&document(&[ADMIN])), &open));
}

#[test]
fn whom_a_statement_names_is_told_or_it_hangs() {
    let strange = assumes(&of(Vec::new()), &trust(r#"{"AWS":"somebody"}"#, "{}"));
    assert!(
        matches!(strange, Some(Enforcement::Unclear { .. })),
        "{strange:?}"
    );
    let text = document(&[
        r#"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/alice"},"Action":"sts:*"}"#,
        r#"{"Effect":"Deny","Principal":{"AWS":"111122223333"},"Action":"*",
            "Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}}"#,
    ]);
    let denying = Document::parse(&text).unwrap();
    assert!(!opens(&of(Vec::new()), &denying), "the account is denied");
}

#[test]
fn what_no_trust_policy_opens_is_known_without_any() {
    let outcome = |set: PolicySet| {
        let outcome = set
            .assuming_any()
            .enforcement(&BOTH, &SelfService::default(), None);
        matches!(*outcome, Enforcement::Enforced { .. })
    };
    let denied = at(Level::User, "own", &document(&[ADMIN, &good_deny()]));
    assert!(outcome(of(vec![denied])));
    assert!(!outcome(of(Vec::new())));
}
