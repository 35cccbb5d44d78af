//! The derived policy is sufficient, and minimal but for what is documented.

use std::collections::BTreeSet;

use serde_json::Value;
use simulator::World;

use crate::harness::{Findings, Run, Stage, mfaudit};

/// Returns the policy that the binary prints for an account.
pub(crate) fn printed(site: &str, more: &[&str]) -> Value {
    let args = [&["policy", "--for", site], more].concat();
    let run = Run::of(mfaudit(&args).output().unwrap());
    assert_eq!(run.status, 0, "{}", run.stderr);
    serde_json::from_str(&run.stdout).unwrap()
}

/// A small organization in which every account is entered, and which allows what the policies allow, and no more.
pub(crate) fn world(management: &Value, member: &Value) -> World {
    let mut world = World::generate(5, 6, 11);
    let management_account = world
        .organization
        .as_ref()
        .unwrap()
        .management_account
        .clone();
    world.caller.policy = Some(management.to_string());
    for account in &mut world.accounts {
        // What must be asked of single users.
        if let Some(user) = account.users.first_mut() {
            user.signing_certificates = 1;
            user.service_credentials
                .push(simulator::ServiceCredential::default());
        }
        if account.roles.is_empty() && account.id != management_account {
            account.roles.push(simulator::Role {
                name: "mfaudit-audit".to_owned(),
                ..simulator::Role::default()
            });
        }
        for role in &mut account.roles {
            role.policy = Some(member.to_string());
        }
        // A report that is not there yet must be made, which takes a permission of its own.
        account.report = simulator::Report::default();
    }
    world
}

/// Returns a policy that allows all but one of its actions.
pub(crate) fn without(policy: &Value, action: &str) -> Value {
    let mut policy = policy.clone();
    for statement in policy["Statement"].as_array_mut().unwrap() {
        statement["Action"]
            .as_array_mut()
            .unwrap()
            .retain(|it| it != action);
    }
    policy["Statement"]
        .as_array_mut()
        .unwrap()
        .retain(|it| !it["Action"].as_array().unwrap().is_empty());
    policy
}

/// Returns what a policy allows.
pub(crate) fn actions(policy: &Value) -> Vec<String> {
    let statements = policy["Statement"].as_array().unwrap().iter();
    let actions = statements.flat_map(|it| it["Action"].as_array().unwrap());
    actions.map(|it| it.as_str().unwrap().to_owned()).collect()
}

/// Returns the rule, the principal and the status of every finding.
pub(crate) fn verdicts(findings: &Findings) -> Vec<(String, String, String)> {
    let text = |it: &Value, key: &str| it[key].as_str().unwrap().to_owned();
    findings
        .all()
        .map(|it| {
            (
                text(it, "rule"),
                text(it, "principal_arn"),
                text(it, "status"),
            )
        })
        .collect()
}

#[test]
fn the_printed_policies_are_enough_for_a_full_audit() {
    let stage = Stage::new(world(&printed("management", &[]), &printed("member", &[])));
    let (run, findings) = stage.audit(&all_rules());
    assert!(matches!(run.status, 0 | 3), "{}", run.stderr);
    assert_eq!(run.notes(), [""; 0]);
    for finding in findings.all() {
        let seen = finding["status"] != "indeterminate";
        assert!(seen || is_hidden(finding), "{finding}");
    }
}

/// Returns the arguments that choose every rule.
pub(crate) fn all_rules() -> Vec<&'static str> {
    let ids = rules::CATALOG.iter().map(|it| it.id);
    ids.flat_map(|it| ["--rule", it]).collect()
}

/// Tells whether a finding has no verdict since no permission makes AWS show the root user's own devices or certificates.
pub(crate) fn is_hidden(finding: &Value) -> bool {
    finding["principal_kind"] == "root-user" && finding["gap_reason"] == "not-visible"
}

/// What an audit does without one of the member role's actions.
#[derive(Debug, PartialEq)]
pub(crate) enum Without {
    /// A gap opens.
    Gap,
    /// The same verdicts come by another way, but for these rules.
    FallbackBut(&'static [&'static str]),
}

/// Returns what the call's declaration says of an action.
pub(crate) fn documented(action: &str) -> Without {
    match action {
        "iam:GetAccountSummary" => Without::FallbackBut(&[]),
        "iam:ListVirtualMFADevices" => {
            Without::FallbackBut(&["account-unassigned-virtual-mfa", "root-user-hardware-mfa"])
        }
        "iam:GenerateCredentialReport" | "iam:GetCredentialReport" => {
            Without::FallbackBut(&["iam-user-unused-password", "root-user-recent-use"])
        }
        _ => Without::Gap,
    }
}

/// Returns the rules that have no verdict of a principal of which they have one in `whole`. All other verdicts are to be
/// the same.
pub(crate) fn undecided_beside(
    what: &str,
    findings: &Findings,
    whole: &Findings,
) -> BTreeSet<String> {
    let expected: BTreeSet<_> = verdicts(whole).into_iter().collect();
    let mut undecided = BTreeSet::new();
    for found in verdicts(findings) {
        if expected.contains(&found) {
            continue;
        }
        assert_eq!(found.2, "indeterminate", "{what}: {found:?}");
        undecided.insert(found.0);
    }
    undecided
}

/// Checks that an audit did without an action what is documented.
pub(crate) fn assert_documented(action: &str, undecided: &BTreeSet<String>) {
    match documented(action) {
        Without::Gap => assert!(!undecided.is_empty(), "{action}: no gap"),
        Without::FallbackBut(rules) => {
            let undecided: Vec<_> = undecided.iter().collect();
            assert_eq!(undecided, rules, "{action}");
        }
    }
}

#[test]
fn without_any_one_member_action_a_gap_opens_or_the_documented_fallback_is_taken() {
    let (management, member) = (printed("management", &[]), printed("member", &[]));
    let (_, whole) = Stage::new(world(&management, &member)).audit(&all_rules());
    for action in actions(&member) {
        // The management account is entered with the caller's own policy, which holds the same actions.
        let world = world(&without(&management, &action), &without(&member, &action));
        let (run, findings) = Stage::new(world).audit(&all_rules());
        assert_documented(&action, &undecided_beside(&action, &findings, &whole));
        assert!(matches!(run.status, 3 | 4), "{action}: {}", run.status);
    }
}

#[test]
fn without_any_one_management_action_nothing_turns_to_pass() {
    let (management, member) = (printed("management", &[]), printed("member", &[]));
    let (_, whole) = Stage::new(world(&management, &member)).audit(&[]);
    for action in actions(&management)
        .iter()
        .filter(|it| !it.starts_with("iam:"))
    {
        let stage = Stage::new(world(&without(&management, action), &member));
        let (run, findings) = stage.audit(&[]);
        let expected = verdicts(&whole);
        for found in verdicts(&findings) {
            assert!(
                found.2 == "indeterminate" || expected.contains(&found),
                "{action}: {found:?}"
            );
        }
        match action.as_str() {
            "organizations:ListAccounts" => assert_eq!(run.status, 1, "{}", run.stderr),
            "sts:AssumeRole" => assert!(matches!(run.status, 3 | 4)),
            // Told by ARNs instead; names of units are a note.
            _ => assert_eq!(verdicts(&findings), expected, "{action}"),
        }
    }
}

#[test]
fn the_session_policy_fits_what_aws_allows() {
    let member = printed("member", &[]).to_string();
    assert!(member.len() < 2048, "{}", member.len());
}

#[test]
fn the_template_trusts_one_principal_of_one_organization() {
    for site in ["member", "management"] {
        let args = [
            "policy",
            "--for",
            site,
            "--as",
            "cloudformation",
            "--external-id",
            "x-1",
        ];
        let run = Run::of(mfaudit(&args).output().unwrap());
        let template: Value = serde_json::from_str(&run.stdout).unwrap();
        let trust = &template["Resources"]["AuditRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
            [0];
        assert_eq!(trust["Principal"]["AWS"]["Ref"], "AuditPrincipalArn");
        assert!(
            trust["Condition"]
                .to_string()
                .contains("aws:PrincipalOrgID"),
            "{trust}"
        );
        assert_eq!(template["Parameters"]["ExternalId"]["Default"], "x-1");
        assert!(template["Parameters"]["AuditPrincipalArn"]["Default"].is_null());
    }
}

#[test]
fn the_configuration_is_of_the_same_role_and_takes_names_as_text() {
    for site in ["member", "management"] {
        let args = [
            "policy",
            "--for",
            site,
            "--as",
            "terraform",
            "--external-id",
            "${file(\"x\")}",
            "--role-path",
            "/security/",
        ];
        let run = Run::of(mfaudit(&args).output().unwrap());
        assert_eq!(run.status, 0, "{}", run.stderr);
        for expected in [
            r#"  default     = "$${file(\"x\")}""#,
            r#"  default     = "/security/""#,
            "Principal = { AWS = var.audit_principal_arn }",
            r#"{ "aws:PrincipalOrgID" = var.organization_id }"#,
        ] {
            assert!(
                run.stdout.contains(expected),
                "no {expected} in {}",
                run.stdout
            );
        }
        for action in actions(&printed(site, &[])) {
            assert!(run.stdout.contains(&format!("\"{action}\",")), "{action}");
        }
    }
}
