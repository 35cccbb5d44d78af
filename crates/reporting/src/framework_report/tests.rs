use model::snapshot::AccountList;
use rules::{
    CATALOG, CoverageWaivers, Rule, Settings, Status, StatusCounts, Totals, find_framework,
};

use super::{FrameworkReport, RequirementStatus};

/// Totals over one account that was seen: how many findings of each rule have which status.
fn totals(rules: &[(&str, &[Status])]) -> Totals {
    let rule =
        |id: &str| -> &'static Rule { CATALOG.iter().copied().find(|it| it.id == id).unwrap() };
    let waivers = CoverageWaivers::at(None, Vec::new());
    let mut totals = Totals::new(&[], AccountList::Whole, waivers);
    totals.coverage.accounts = 1;
    totals.rules = rules
        .iter()
        .map(|(id, statuses)| {
            let mut counts = StatusCounts::default();
            for status in *statuses {
                let count = match status {
                    Status::Pass => &mut counts.pass,
                    Status::Fail => &mut counts.fail,
                    Status::NotApplicable => &mut counts.not_applicable,
                    Status::Indeterminate => &mut counts.indeterminate,
                };
                *count += 1;
            }
            (rule(id), counts)
        })
        .collect();
    totals
}

fn told(
    framework: &str,
    id: &str,
    totals: &Totals,
    settings: &Settings,
) -> (RequirementStatus, String) {
    let version = find_framework(framework).unwrap();
    let report = FrameworkReport::of(version, totals, settings);
    let requirement = report
        .requirements
        .into_iter()
        .find(|it| it.requirement.id == id)
        .unwrap();
    (requirement.status, requirement.why)
}

fn status(id: &str, rules: &[(&str, &[Status])]) -> RequirementStatus {
    told("cis-aws@7.0", id, &totals(rules), &Settings::default()).0
}

#[test]
fn a_failure_outweighs_a_gap_and_a_gap_a_pass() {
    use Status::{Fail, Indeterminate, NotApplicable, Pass};
    for (findings, expected) in [
        (
            &[Pass, Fail, Indeterminate] as &[_],
            RequirementStatus::Fail,
        ),
        (
            &[Pass, NotApplicable, Indeterminate],
            RequirementStatus::NotSeen,
        ),
        (&[Pass, NotApplicable], RequirementStatus::Pass),
        (&[NotApplicable], RequirementStatus::NotApplicable),
        (&[], RequirementStatus::NotApplicable),
    ] {
        assert_eq!(
            status("2.5", &[("root-user-mfa", findings)]),
            expected,
            "{findings:?}"
        );
    }
}

#[test]
fn a_rule_that_was_not_evaluated_was_not_seen() {
    let (status, why) = told("cis-aws@7.0", "2.5", &totals(&[]), &Settings::default());
    assert_eq!(status, RequirementStatus::NotSeen);
    assert_eq!(why, "root-user-mfa was not evaluated");
}

#[test]
fn hardware_mfa_needs_mfa() {
    use Status::{Fail, NotApplicable};
    let rules: &[(&str, &[Status])] = &[
        ("root-user-mfa", &[Fail]),
        ("root-user-hardware-mfa", &[NotApplicable]),
    ];
    assert_eq!(status("2.6", rules), RequirementStatus::Fail);
}

#[test]
fn an_organization_whose_management_account_was_not_in_scope_was_not_seen() {
    let none: &[(&str, &[Status])] = &[
        ("organization-root-credentials-management", &[]),
        ("root-user-credentials-removed", &[Status::Pass]),
    ];
    assert_eq!(status("2.1.1", none), RequirementStatus::NotSeen);
}

#[test]
fn a_requirement_that_no_rule_answers_says_why() {
    let (status, why) = told("cis-aws@7.0", "2.15", &totals(&[]), &Settings::default());
    assert_eq!(status, RequirementStatus::NotByUs);
    assert!(!why.is_empty());
}

/// IAM.7 asks for kinds of character too: that no rule found a failure does not make it a pass.
#[test]
fn a_requirement_that_is_answered_in_part_never_passes() {
    let settings = Settings::default();
    let of = |found: &[Status]| {
        let totals = totals(&[("account-password-policy", found)]);
        told("aws-security-hub", "IAM.7", &totals, &settings).0
    };
    assert_eq!(of(&[Status::Pass]), RequirementStatus::NotByUs);
    assert_eq!(of(&[Status::Fail]), RequirementStatus::Fail);
    assert_eq!(of(&[Status::Indeterminate]), RequirementStatus::NotSeen);
}

#[test]
fn a_pass_with_laxer_settings_than_asked_for_is_none() {
    let mut settings = Settings::default();
    let totals = totals(&[("account-password-policy", &[Status::Pass])]);
    let of = |settings: &Settings| told("cis-aws@7.0", "2.8", &totals, settings);
    assert_eq!(of(&settings).0, RequirementStatus::Pass);
    settings.account_password_policy.min_length = 10;
    let (status, why) = of(&settings);
    assert_eq!(status, RequirementStatus::NotSeen);
    assert_eq!(
        why,
        "account-password-policy was evaluated with min-length = 10, and 14 or more is asked for"
    );
    let (status, why) = told("pci-dss@4.0.1", "8.3.9", &totals, &settings);
    assert_eq!(status, RequirementStatus::NotSeen);
    assert!(
        why.contains("max-age-days = 0") || why.contains("was not evaluated"),
        "{why}"
    );
}

#[test]
fn nothing_passes_where_accounts_may_be_missing() {
    let mut totals = totals(&[("root-user-mfa", &[Status::Pass])]);
    totals.account_list = AccountList::Cut("throttled".to_owned());
    let told = told("cis-aws@7.0", "2.5", &totals, &Settings::default());
    assert_eq!(told.0, RequirementStatus::NotSeen);
}
