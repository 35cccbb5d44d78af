//! The steps of a rule's own page, with the commands that take them where there are any.

use model::Console;
use rules::SubjectKind;

use super::{Steps, User};
use crate::kit::{
    case::{Case, Failure},
    shell,
};

/// Returns the steps of a failure's rule. `title` is what a report calls a rule that this version does not know.
pub(in crate::kit) fn of_rule(case: &Case, failure: &Failure, title: &str) -> Steps {
    let title = failure.known.map_or(title, |it| it.title);
    let what = match title {
        "" => format!("Fix what {} finds", failure.rule),
        title => format!("Fix: {title}"),
    };
    let how = failure.known.map(|it| it.section("How to fix it"));
    let how = how.filter(|it| !it.is_empty()).unwrap_or_else(|| {
        "This version of mfaudit does not know the rule: ask whoever wrote it.".to_owned()
    });
    let steps = Steps::new(what).link(link(case)).text(how);
    match commands(case, &failure.rule) {
        commands if commands.is_empty() => steps,
        commands => {
            let main = commands.last().cloned().unwrap_or_default();
            steps.command(main).commands(commands)
        }
    }
}

fn link(case: &Case) -> Option<String> {
    let console = Console::of(&case.subject.arn.partition())?;
    Some(match case.subject.kind {
        SubjectKind::RootUser => console.own_credentials(),
        SubjectKind::IamUser => console.credentials_of(case.name()),
        SubjectKind::IamRole => console.role(case.name()),
        SubjectKind::Account => console.account_settings(),
        SubjectKind::Organization => console.iam(),
    })
}

/// Returns the commands in order, the one that closes the failure last; none where the rule's own page says all.
fn commands(case: &Case, rule: &str) -> Vec<String> {
    match case.subject.kind {
        SubjectKind::IamUser => User::of(case).map_or_else(Vec::new, |it| of_user(&it, rule)),
        SubjectKind::IamRole => of_role(case, rule),
        SubjectKind::Account | SubjectKind::Organization => of_account(rule),
        SubjectKind::RootUser => Vec::new(),
    }
}

fn of_user(user: &User, rule: &str) -> Vec<String> {
    let name = &user.option;
    let list_keys = format!("aws iam list-access-keys {name}");
    let last_used = "aws iam get-access-key-last-used --access-key-id KEY_ID".to_owned();
    let deactivate =
        format!("aws iam update-access-key {name} --access-key-id KEY_ID --status Inactive");
    let delete = format!("aws iam delete-access-key {name} --access-key-id KEY_ID");
    match rule {
        "iam-user-unused-access-key"
        | "iam-user-single-access-key"
        | "iam-user-initial-access-key" => {
            vec![list_keys, last_used, deactivate, delete]
        }
        "iam-user-access-key-rotation" => {
            vec![
                list_keys,
                format!("aws iam create-access-key {name}"),
                deactivate,
                delete,
            ]
        }
        "iam-user-password-and-access-key" => vec![list_keys, last_used],
        "iam-user-access-key-mfa" => vec![list_keys, last_used, user.enroll()],
        "iam-user-signing-certificate" => vec![
            format!("aws iam list-signing-certificates {name}"),
            format!("aws iam delete-signing-certificate {name} --certificate-id CERTIFICATE_ID"),
        ],
        "iam-user-service-specific-credential" => vec![
            format!("aws iam list-service-specific-credentials {name}"),
            format!(
                "aws iam delete-service-specific-credential {name} --service-specific-credential-id CREDENTIAL_ID"
            ),
        ],
        "iam-user-direct-policy" => vec![
            format!("aws iam list-attached-user-policies {name}"),
            format!("aws iam list-user-policies {name}"),
            format!("aws iam delete-user-policy {name} --policy-name POLICY"),
            format!("aws iam detach-user-policy {name} --policy-arn POLICY_ARN"),
        ],
        "iam-user-in-federated-organization" => {
            vec![format!("aws iam delete-login-profile {name}")]
        }
        "iam-user-mfa" => vec![user.enroll()],
        "iam-user-sms-mfa" => vec![
            user.enroll(),
            format!("aws iam list-mfa-devices {name}"),
            format!("aws iam deactivate-mfa-device {name} --serial-number SERIAL"),
        ],
        _ => Vec::new(),
    }
}

fn of_role(case: &Case, rule: &str) -> Vec<String> {
    let Some(name) = shell::option("role-name", case.name()) else {
        return Vec::new();
    };
    match rule {
        "iam-role-trust-mfa" => vec![
            format!("aws iam get-role {name} --query Role.AssumeRolePolicyDocument"),
            format!(
                "aws iam update-assume-role-policy {name} --policy-document file://trust-policy.json"
            ),
        ],
        _ => Vec::new(),
    }
}

fn of_account(rule: &str) -> Vec<String> {
    let commands: &[&str] = match rule {
        "account-password-policy" => &["aws iam get-account-password-policy"],
        "account-unassigned-virtual-mfa" => &[
            "aws iam list-virtual-mfa-devices --assignment-status Unassigned",
            "aws iam delete-virtual-mfa-device --serial-number SERIAL",
        ],
        "organization-root-credentials-management" => &[
            "aws organizations enable-aws-service-access --service-principal iam.amazonaws.com",
            "aws iam enable-organizations-root-credentials-management",
        ],
        "organization-root-sessions" => &["aws iam enable-organizations-root-sessions"],
        _ => &[],
    };
    commands.iter().map(|it| (*it).to_owned()).collect()
}
