//! The pitfalls of enforcing MFA, each in both directions, with what the reason says.

use model::{Dataset, PolicyPath, PolicyText};

use crate::{
    CATALOG, Criteria, Finding, Rule, Status, evaluate_record,
    example::{Expect, UserFacts, example, policies::*},
};

const PERSON: UserFacts = UserFacts {
    password: true,
    active_key: true,
    mfa: true,
    inactive_key: false,
};
const KEY: UserFacts = UserFacts {
    password: false,
    ..PERSON
};
const PASSWORD: UserFacts = UserFacts {
    active_key: false,
    ..PERSON
};

const ENFORCED: &str = "iam-user-mfa-enforced";
const BYPASS: &str = "iam-user-mfa-enforcement-bypass";

fn rule(id: &str) -> &'static Rule {
    CATALOG.iter().find(|it| it.id == id).unwrap()
}

/// Returns what both rules say of a user: whether MFA is enforced, and whether a statement leaks.
fn both(policies: Policies, facts: UserFacts) -> [Finding; 2] {
    let example = example("", policies.over(facts), Expect::Pass);
    [ENFORCED, BYPASS].map(rule).map(|rule| {
        let findings = evaluate_record(&example.subject, &Criteria::of(&[rule]), &example.run);
        findings.into_iter().next().unwrap()
    })
}

fn statuses(policies: Policies, facts: UserFacts) -> [Status; 2] {
    both(policies, facts).map(|it| it.status)
}

/// Returns the reason of the rule that asks whether MFA is enforced.
fn reason(policies: Policies, facts: UserFacts) -> String {
    let [enforced, _] = both(policies, facts);
    enforced.reason.into_owned()
}

fn admin() -> Policies {
    Policies::of(&[ADMIN])
}

use Status::{Fail, Indeterminate, NotApplicable, Pass};

#[test]
fn a_denial_by_bool_is_skipped_where_an_access_key_signs_and_not_in_a_console_session() {
    let leaky = || admin().own(&deny("Bool"));
    assert_eq!(statuses(leaky(), KEY), [Fail, Fail]);
    assert_eq!(statuses(leaky(), PASSWORD), [Pass, Pass]);
    assert_eq!(
        statuses(admin().own(&deny("BoolIfExists")), KEY),
        [Pass, Pass]
    );
    let [enforced, bypass] = both(leaky(), KEY);
    for reason in [&enforced.reason, &bypass.reason] {
        let why = "the condition of the statement Enforce of the user's own policy mfa does not hold with an access key";
        assert!(reason.contains(why), "{reason}");
        assert!(
            reason.contains("iam:CreateAccessKey, iam:DeactivateMFADevice"),
            "{reason}"
        );
    }
    let by = "can be done with an access key, by the statement Admin of the policy own; ";
    assert!(enforced.reason.contains(by), "{}", enforced.reason);
}

#[test]
fn a_device_that_no_policy_asks_for_enforces_nothing() {
    assert_eq!(statuses(admin(), PERSON), [Fail, NotApplicable]);
    assert!(reason(admin(), PERSON).ends_with("; no statement asks for MFA"));
}

#[test]
fn a_denial_of_a_group_holds_for_its_members_alone() {
    let member = || admin().group("everyone", &deny("BoolIfExists"));
    assert_eq!(statuses(member(), PERSON), [Pass, Pass]);
    let why = "by the statement Enforce of the policy group-mfa of the group everyone";
    assert!(reason(member(), PERSON).contains(why));
    assert_eq!(statuses(admin(), PERSON)[0], Fail);
}

#[test]
fn a_denial_in_one_unit_holds_for_its_accounts_alone() {
    let inside = || admin().scp(&deny("BoolIfExists"));
    assert_eq!(statuses(inside(), PERSON), [Pass, Pass]);
    let why = "the statement Enforce of the service control policy RequireMfa (p-mfa) of the unit Workloads (ou-ab12-11111111)";
    assert!(
        reason(inside(), PERSON).contains(why),
        "{}",
        reason(inside(), PERSON)
    );
    assert_eq!(statuses(admin(), PERSON)[0], Fail);
    assert_eq!(statuses(admin().outside(), PERSON)[0], Fail);
}

#[test]
fn a_service_control_policy_that_leaks_is_named() {
    let [enforced, bypass] = both(admin().scp(&deny("Bool")), KEY);
    assert_eq!([enforced.status, bypass.status], [Fail, Fail]);
    assert!(
        bypass.reason.contains("RequireMfaByBool (p-leaks)"),
        "{}",
        bypass.reason
    );
}

#[test]
fn a_service_control_policy_that_cannot_be_read_is_never_taken_for_a_denial_or_for_none() {
    let [enforced, _] = both(admin().unread_scp(), PERSON);
    assert_eq!(enforced.status, Indeterminate);
    assert!(
        enforced.reason.contains("cannot be read: access denied"),
        "{}",
        enforced.reason
    );
    assert!(
        enforced
            .reason
            .contains("Hidden (p-unread) of the unit Workloads"),
        "{}",
        enforced.reason
    );
    let mut record = admin().own(&deny("BoolIfExists")).over(PERSON);
    record.service_control_policies = model::Fact::Unknown(crate::example::HIDDEN);
    for rule in [ENFORCED, BYPASS].map(rule) {
        let unseen = example("", record.clone(), Expect::Indeterminate);
        assert_eq!(
            crate::example::judged(&unseen, rule),
            Indeterminate,
            "{}",
            rule.id
        );
    }
}

#[test]
fn a_policy_that_was_not_read_hangs_where_it_matters_and_not_where_a_denial_is_certain() {
    let hidden = |it: Policies| it.unread("it is no JSON");
    let [enforced, _] = both(hidden(Policies::of(&[])), PERSON);
    assert_eq!(enforced.status, Indeterminate);
    assert!(
        enforced.reason.contains("it is no JSON"),
        "{}",
        enforced.reason
    );
    assert!(
        enforced.reason.contains("the policy hidden"),
        "{}",
        enforced.reason
    );
    let denied = hidden(admin().own(&deny("BoolIfExists")));
    assert_eq!(statuses(denied, PERSON)[0], Pass);
}

#[test]
fn a_denial_that_exempts_too_much_leaks_and_one_of_self_service_does_not() {
    let [enforced, bypass] = both(admin().own(EXEMPTS_IAM), PERSON);
    assert_eq!([enforced.status, bypass.status], [Fail, Fail]);
    let why =
        "the statement Enforce of the user's own policy mfa exempts more than self service: iam:";
    assert!(bypass.reason.contains(why), "{}", bypass.reason);
    assert_eq!(
        statuses(admin().own(&deny("BoolIfExists")), PERSON),
        [Pass, Pass]
    );
}

#[test]
fn a_denial_of_other_actions_enforces_nothing_of_these() {
    let s3 = r#"{"Sid":"Buckets","Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{
        "BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}}"#;
    let [enforced, bypass] = both(admin().own(s3), PERSON);
    assert_eq!([enforced.status, bypass.status], [Fail, Pass]);
    let why = "the statement Buckets of the user's own policy mfa asks for MFA, of other actions";
    assert!(enforced.reason.contains(why), "{}", enforced.reason);
    let only_buckets = Policies::of(&[&allow(r#""s3:*""#)]).own(s3);
    assert_eq!(statuses(only_buckets, PERSON), [Pass, Pass]);
}

#[test]
fn an_allowance_with_mfa_is_worth_nothing_beside_one_without() {
    let with = r#"{"Sid":"WithMfa","Effect":"Allow","Action":"ec2:*","Resource":"*","Condition":{
        "Bool":{"aws:MultiFactorAuthPresent":"true"}}}"#;
    assert_eq!(statuses(Policies::of(&[with]), PERSON), [Pass, Pass]);
    let [enforced, bypass] = both(Policies::of(&[with, &allow(r#""ec2:Describe*""#)]), PERSON);
    assert_eq!([enforced.status, bypass.status], [Fail, Fail]);
    assert!(
        bypass
            .reason
            .contains("what the statement WithMfa of the policy own allows with MFA"),
        "{}",
        bypass.reason
    );
}

#[test]
fn an_allowance_by_bool_if_exists_lets_access_keys_in() {
    let allowance = |operator: &str| {
        format!(
            r#"{{"Effect":"Allow","Action":"ec2:*","Resource":"*","Condition":{{"{operator}":{{"aws:MultiFactorAuthPresent":"true"}}}}}}"#
        )
    };
    assert_eq!(
        statuses(Policies::of(&[&allowance("BoolIfExists")]), KEY),
        [Fail, Fail]
    );
    assert_eq!(
        statuses(Policies::of(&[&allowance("Bool")]), KEY),
        [Pass, Pass]
    );
}

#[test]
fn a_boundary_can_enforce_and_one_that_allows_everything_does_not() {
    assert_eq!(
        statuses(admin().boundary(&allow(SELF_SERVICE)), PERSON)[0],
        Pass
    );
    assert_eq!(statuses(admin().boundary(ADMIN), PERSON)[0], Fail);
}

#[test]
fn a_condition_on_something_else_is_named_as_what_it_hangs_on() {
    let [enforced, bypass] = both(Policies::of(&[FROM_OFFICE]), PERSON);
    assert_eq!(
        [enforced.status, bypass.status],
        [Indeterminate, NotApplicable]
    );
    assert!(
        enforced
            .reason
            .contains("the condition key `aws:SourceIp`, in the statement [0] of the policy own"),
        "{}",
        enforced.reason
    );
    assert!(enforced.gap.is_some());
    let strange = r#"{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringSounds":{"aws:username":"x"}}}"#;
    let reason = reason(Policies::of(&[strange]), PERSON);
    assert!(reason.contains("`StringSounds`"), "{reason}");
}

#[test]
fn a_role_that_names_the_user_needs_no_policy_of_the_user() {
    let [enforced, bypass] = both(Policies::of(&[]).trusted("{}"), PERSON);
    assert_eq!([enforced.status, bypass.status], [Fail, NotApplicable]);
    let why = "the role arn:aws:iam::111122223333:role/deploy can be assumed with an access key, since its trust policy names the user";
    assert!(enforced.reason.contains(why), "{}", enforced.reason);
    assert_eq!(
        statuses(Policies::of(&[]).trusted(WITH_MFA), PERSON)[0],
        Pass
    );
    let denied = Policies::of(&[&deny("BoolIfExists")]).trusted("{}");
    assert_eq!(statuses(denied, PERSON), [Pass, Pass]);
    let leaky = Policies::of(&[&deny("Bool")]).trusted("{}");
    assert_eq!(statuses(leaky, KEY), [Fail, Fail]);
}

#[test]
fn roles_matter_only_where_nothing_denies_to_assume_one() {
    let hidden = |policies: Policies| {
        let mut record = policies.over(PERSON);
        record.iam_roles.gap = Some(crate::example::HIDDEN);
        let example = example("", record, Expect::Pass);
        crate::example::judged(&example, rule(ENFORCED))
    };
    assert_eq!(hidden(admin().own(&deny("BoolIfExists"))), Pass);
    assert_eq!(hidden(Policies::of(&[])), Indeterminate);
    assert_eq!(hidden(admin()), Fail);
}

#[test]
fn a_trust_policy_that_cannot_be_read_hangs_and_says_so() {
    let mut record = Policies::of(&[]).trusted("{}").over(PERSON);
    record.iam_roles.items[0].trust_policy = "[]".into();
    let example = example("", record, Expect::Indeterminate);
    let rule = rule(ENFORCED);
    let found = evaluate_record(&example.subject, &Criteria::of(&[rule]), &example.run);
    assert_eq!(found[0].status, Indeterminate);
    assert!(
        found[0]
            .reason
            .contains("whom the role arn:aws:iam::111122223333:role/deploy lets in cannot be told")
    );
    assert_eq!(
        found[0].gap,
        Some(model::GapId::unclear(Dataset::RoleTrust))
    );
}

#[test]
fn the_recommended_policies_enforce_and_leave_enrolment_possible() {
    let policy = policy::engine::self_management_policy(&["aws"]);
    let with = admin().with(PolicyPath::Group("everyone".into()), "manage", &policy);
    assert_eq!(statuses(with, PERSON), [Pass, Pass]);
    let alone = Policies::of(&[]).with(PolicyPath::User, "manage", &policy);
    assert_eq!(statuses(alone, PERSON), [Pass, Pass]);
}

#[test]
fn a_reason_has_a_sensible_length_whatever_names_there_are() {
    let long = format!(
        r#"{{"Sid":"{}","Effect":"Allow","Action":"*","Resource":"*"}}"#,
        "x".repeat(5000)
    );
    let text = reason(Policies::of(&[&long]), PERSON);
    assert!(text.chars().count() <= 900 && text.ends_with('…'), "{text}");
}

#[test]
fn what_both_rules_need_is_made_ready_once() {
    let mut record = admin().own(&deny("BoolIfExists")).over(PERSON);
    let user = record.iam_users.items[0].clone();
    record.iam_users.items = vec![user; 2];
    let policies = super::AccountPolicies::default();
    let over = record.service_control_policies.known().unwrap();
    let run = super::RunPolicies::with(&service_control_policies());
    let id = *record.iam_users.items[0].policies.known().unwrap();
    let one = policies.set(&record, id, over, &run);
    let other = policies.set(&record, id, over, &run);
    assert!(std::rc::Rc::ptr_eq(&one, &other));
    let text = PolicyText::Document(document(&[ADMIN]).into());
    assert!(std::sync::Arc::ptr_eq(
        &run.document(&text),
        &run.document(&text)
    ));
}
