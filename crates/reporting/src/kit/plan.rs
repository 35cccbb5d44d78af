//! Which steps close what a principal fails: the fewest, each with the failures that it closes.

use std::collections::BTreeMap;

use rules::SubjectKind;

use super::{
    Kit,
    case::{Case, Failure},
    run::RootPath,
    steps::{RootUser, Steps, User, of_rule},
};
use crate::escape;

/// What closes failures, in the order in which it is done.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Action<'a> {
    DeletePassword,
    Enrol,
    RemoveRootCredentials,
    DeleteRootKeys,
    DeleteRootCertificates,
    RegisterRootDevice,
    SecurityKey,
    SecondDevice,
    /// What the rule's own page says.
    OfRule(&'a str),
}

/// Steps, and the failures that they close.
#[derive(Debug)]
pub(super) struct Planned<'a> {
    pub(super) steps: Steps,
    pub(super) failures: Vec<&'a Failure>,
}

impl Kit {
    /// Returns what closes the failures of a principal that no waiver holds for.
    pub(super) fn plan<'a>(&self, case: &'a Case) -> Vec<Planned<'a>> {
        let path = self.run.root_path(case);
        let mut actions: BTreeMap<Action<'_>, Vec<&Failure>> = BTreeMap::new();
        for failure in case.to_fix() {
            let action = action(case, path, &failure.rule);
            actions.entry(action).or_default().push(failure);
        }
        let planned = actions.into_iter().map(|(action, failures)| Planned {
            steps: self.steps(action, case, path, &failures),
            failures,
        });
        planned.collect()
    }

    fn steps(&self, action: Action<'_>, case: &Case, path: RootPath, of: &[&Failure]) -> Steps {
        let root = || RootUser::of(case, path);
        let steps = match action {
            Action::DeletePassword => User::of(case).map(|it| it.delete_password()),
            Action::Enrol => User::of(case).map(|it| it.enrol()).map(|it| beyond(it, of)),
            Action::SecondDevice => User::of(case).map(|it| it.second_device()),
            Action::SecurityKey => User::of(case).map(|it| it.security_key(&advice(of))),
            Action::RemoveRootCredentials => Some(root().remove_centrally()),
            Action::DeleteRootKeys => Some(root().delete_keys()),
            Action::DeleteRootCertificates => Some(root().delete_certificates()),
            Action::RegisterRootDevice => Some(root().register()),
            Action::OfRule(_) => None,
        };
        steps.unwrap_or_else(|| {
            let steps = of.first().map(|it| of_rule(case, it, self.title(it)));
            let steps = steps.unwrap_or_else(|| Steps::new(""));
            if case.subject.kind == SubjectKind::IamUser && User::of(case).is_none() {
                return steps.text(
                    "No command is given: the name holds characters that no name in IAM has.",
                );
            }
            steps
        })
    }

    /// Returns what the report calls the failure's rule.
    fn title(&self, failure: &Failure) -> &str {
        self.titles.get(&failure.rule).map_or("", String::as_str)
    }
}

/// Returns the same steps with what a device alone does not close.
fn beyond(steps: Steps, failures: &[&Failure]) -> Steps {
    let more = |it: &&&Failure| ["iam-user-admin-mfa", "iam-user-mfa"].contains(&it.rule.as_str());
    let more: Vec<_> = failures.iter().filter(more).copied().collect();
    match advice(&more) {
        nothing if nothing.is_empty() => steps,
        advice => steps.text(advice),
    }
}

/// Returns what the rules' own pages say, each once.
fn advice(failures: &[&Failure]) -> String {
    let mut all: Vec<String> = Vec::new();
    for rule in failures.iter().filter_map(|it| it.known) {
        let text = rule.section("How to fix it");
        if !all.contains(&text) {
            all.push(text);
        }
    }
    all.join(" ")
}

fn action<'a>(case: &Case, path: RootPath, rule: &'a str) -> Action<'a> {
    match case.subject.kind {
        SubjectKind::IamUser => of_user(case, rule),
        SubjectKind::RootUser => of_root(case, path, rule),
        SubjectKind::Account | SubjectKind::Organization | SubjectKind::IamRole => {
            Action::OfRule(rule)
        }
    }
}

fn of_user<'a>(case: &Case, rule: &'a str) -> Action<'a> {
    match rule {
        "iam-user-unused-password" => Action::DeletePassword,
        "iam-user-console-mfa" | "iam-user-admin-mfa" if case.is_idle() => Action::DeletePassword,
        // Without a password the user still has no device, which the rule's own page speaks of.
        "iam-user-mfa" if case.is_idle() => Action::OfRule(rule),
        "iam-user-console-mfa" | "iam-user-admin-mfa" | "iam-user-mfa" => Action::Enrol,
        "iam-user-backup-mfa" => Action::SecondDevice,
        "iam-user-phishing-resistant-mfa"
        | "iam-user-hardware-mfa"
        | "iam-user-fido-certification" => Action::SecurityKey,
        rule => Action::OfRule(rule),
    }
}

fn of_root<'a>(case: &Case, path: RootPath, rule: &'a str) -> Action<'a> {
    let keys_alone = !RootUser::of(case, path).signs_in();
    let action = match rule {
        // A root user that cannot sign in fails for its access key.
        "root-user-mfa" | "root-user-credentials-removed" if keys_alone => Action::DeleteRootKeys,
        "root-user-mfa"
        | "root-user-hardware-mfa"
        | "root-user-phishing-resistant-mfa"
        | "root-user-backup-mfa"
        | "root-user-credentials-removed" => Action::RegisterRootDevice,
        "root-user-access-key" => Action::DeleteRootKeys,
        "root-user-signing-certificate" => Action::DeleteRootCertificates,
        rule => Action::OfRule(rule),
    };
    let is_of_rule = matches!(action, Action::OfRule(_));
    if path == RootPath::Central && !is_of_rule {
        return Action::RemoveRootCredentials;
    }
    action
}

/// Returns the rules of failures, for a line of Markdown.
pub(super) fn rules_of(failures: &[&Failure]) -> String {
    let rules: Vec<_> = failures
        .iter()
        .map(|it| escape::markdown(&it.rule))
        .collect();
    rules.join(", ")
}
