//! What a judge read is told, in order, with value, source and time; what it did not read, apart.

use model::{Dataset, GapId};

use super::{Explanation, explain};
use crate::{
    CATALOG, Criteria, RunContext, Status, Subject, SubjectKind, catalog, evaluate_record,
    example::{Example, RootFacts, UserFacts, example, iam_user, root_user},
};

fn explained(rule: &str, example: &Example) -> Explanation {
    let criteria = Criteria {
        settings: example.settings.clone(),
        ..Criteria::of(CATALOG)
    };
    let findings = evaluate_record(&example.subject, &criteria, &example.run);
    let finding = findings.iter().find(|it| it.rule.id == rule).unwrap();
    explain(
        &example.subject,
        rule,
        &finding.subject,
        &criteria,
        &example.run,
    )
    .unwrap()
}

fn read(explanation: &Explanation) -> Vec<(&str, Option<&str>)> {
    let read = explanation.read.iter();
    read.map(|it| (it.name.as_str(), it.value.as_deref()))
        .collect()
}

#[test]
fn facts_are_told_in_the_order_they_were_read() {
    let with = UserFacts {
        password: true,
        ..UserFacts::default()
    };
    let told = explained(
        "iam-user-console-mfa",
        &example("", iam_user(with), Status::Fail),
    );
    assert_eq!(
        read(&told),
        [
            ("console password", Some("set")),
            ("MFA", Some("no device enabled"))
        ]
    );
    let observation = told.read[0].observation.unwrap();
    assert_eq!(observation.source.to_string(), "GetCredentialReport");
    assert_eq!(observation.at.unwrap().to_string(), "2026-11-24T06:00:00Z");
}

#[test]
fn what_was_not_needed_is_told_apart() {
    let told = explained(
        "iam-user-console-mfa",
        &example("", iam_user(UserFacts::default()), Status::NotApplicable),
    );
    assert_eq!(read(&told), [("console password", Some("not set"))]);
    let unread: Vec<_> = told.unread.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(unread, ["creation", "MFA"]);
    let root = RootFacts {
        access_key: true,
        ..RootFacts::default()
    };
    let told = explained("root-user-mfa", &example("", root_user(root), Status::Fail));
    assert_eq!(
        read(&told),
        [
            ("root access key", Some("present")),
            ("root MFA", Some("no device enabled"))
        ]
    );
    let unread: Vec<_> = told.unread.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(unread, ["root password", "root signing certificate"]);
}

#[test]
fn the_gap_that_prevents_a_verdict_is_the_last_that_was_read() {
    let mut record = iam_user(UserFacts {
        password: true,
        ..UserFacts::default()
    });
    record.iam_users.items[0].mfa = model::Fact::Unknown(GapId(0));
    let told = explained(
        "iam-user-console-mfa",
        &example("", record, Status::Indeterminate),
    );
    assert_eq!(
        read(&told),
        [("console password", Some("set")), ("MFA", None)]
    );
    assert_eq!(told.read[1].gap, told.finding.gap);
}

#[test]
fn an_account_that_stands_for_unlisted_users_is_explained_by_its_list() {
    let mut record = iam_user(UserFacts::default());
    record.iam_users.gap = Some(GapId(0));
    let subject = Subject {
        kind: SubjectKind::Account,
        arn: record.root_user_arn(),
    };
    let run = RunContext::at(None);
    let told = explain(
        &record,
        "iam-user-mfa",
        &subject,
        &Criteria::of(CATALOG),
        &run,
    )
    .unwrap();
    assert_eq!(read(&told), [("IAM users", Some("1 listed"))]);
    assert_eq!(told.finding.status, Status::Indeterminate);
}

#[test]
fn a_rule_without_a_finding_for_a_subject_is_not_explained() {
    let record = iam_user(UserFacts::default());
    let subject = Subject {
        kind: SubjectKind::IamUser,
        arn: "arn:aws:iam::111122223333:user/nobody".parse().unwrap(),
    };
    let criteria = Criteria::of(CATALOG);
    let run = RunContext::at(None);
    assert!(explain(&record, "iam-user-mfa", &subject, &criteria, &run).is_none());
    assert!(explain(&record, "no-rule", &subject, &criteria, &run).is_none());
}

/// Whatever a rule reads has a name, and is of a dataset the rule declares, or the verdict's gap.
#[test]
fn every_fact_of_every_rule_has_a_name() {
    for (rule, examples) in catalog::examples() {
        let datasets: Vec<_> = rule.datasets().chain([Dataset::IamUsers]).collect();
        for example in examples {
            let told = explained(rule.id, &example);
            assert_eq!(told.finding.status, example.expect);
            for fact in &told.read {
                assert_ne!(fact.name, "another fact", "{}: {}", rule.id, example.name);
                assert!(
                    datasets.contains(&fact.dataset),
                    "{}: {}",
                    rule.id,
                    fact.name
                );
            }
        }
    }
}
