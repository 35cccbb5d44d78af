//! What must hold of rules that users write.

use std::collections::{BTreeMap, BTreeSet};

use expressions::{Expression, Given, SubjectKind as About};
use model::{Dataset, GapReason, Record};

use super::{CustomRule, PREFIX};
use crate::{
    CATALOG, Check, Criteria, Rule, RunContext, Severity, Status, SubjectKind, doubts,
    evaluate_record,
    example::{NOW, RootFacts, UserFacts, example, iam_user, judged, root_user, time, without},
};

fn rule(about: About, when: Option<&str>, fails_if: &str) -> &'static Rule {
    let read = |text: &str| Expression::read(text, about).unwrap();
    let rule = CustomRule {
        id: format!("{PREFIX}test"),
        title: "Something is not as we want it".into(),
        severity: Severity::Medium,
        about,
        when: when.map(read),
        fails_if: read(fails_if),
        reason: None,
        remediation: Some("Ask the platform team.".into()),
        controls: Vec::new(),
        file: "mfaudit.toml".into(),
    };
    rule.leak()
}

/// `iam-user-console-mfa`, in a user's words.
fn console_mfa() -> &'static Rule {
    rule(About::IamUser, Some("user.has_password"), "!user.has_mfa")
}

fn user(password: bool, mfa: bool) -> Record {
    iam_user(UserFacts {
        password,
        mfa,
        active_key: true,
        ..UserFacts::default()
    })
}

#[test]
fn the_catalog_has_no_identifier_that_a_user_s_rule_could_have() {
    assert!(CATALOG.iter().all(|it| !it.id.starts_with(PREFIX)));
}

#[test]
fn a_rule_in_a_user_s_words_judges_as_the_catalog_s_does() {
    let built_in = CATALOG
        .iter()
        .find(|it| it.id == "iam-user-console-mfa")
        .unwrap();
    let custom = console_mfa();
    let datasets = |it: &Rule| it.datasets().collect::<BTreeSet<_>>();
    assert_eq!(datasets(custom), datasets(built_in));
    for (password, mfa) in [(true, true), (true, false), (false, true), (false, false)] {
        let example = example("", user(password, mfa), Status::Pass);
        assert_eq!(judged(&example, custom), judged(&example, built_in));
        for &dataset in Dataset::ALL {
            let hidden = without(&example, dataset);
            assert_eq!(
                judged(&hidden, custom),
                judged(&hidden, built_in),
                "{dataset:?}"
            );
        }
    }
}

#[test]
fn each_kind_of_subject_is_judged() {
    let root = root_user(RootFacts {
        password: true,
        ..RootFacts::default()
    });
    for (record, about, fails_if, kind) in [
        (
            root.clone(),
            About::RootUser,
            "root.has_password && !root.has_mfa",
            SubjectKind::RootUser,
        ),
        (
            root,
            About::Account,
            "account.id == '111122223333'",
            SubjectKind::Account,
        ),
        (
            user(true, false),
            About::IamUser,
            "user.name == 'alice'",
            SubjectKind::IamUser,
        ),
        (
            user(true, false),
            About::Account,
            "account.iam_users.exists(it, !it.has_mfa)",
            SubjectKind::Account,
        ),
    ] {
        let rule = rule(about, None, fails_if);
        assert_eq!(rule.check.subject(), kind);
        assert_eq!(
            judged(&example("", record, Status::Fail), rule),
            Status::Fail,
            "{fails_if}"
        );
    }
}

#[test]
fn users_that_were_not_listed_do_not_vanish() {
    let record = Record {
        iam_users: model::Listing::unseen(model::GapId(0)),
        ..user(true, true)
    };
    let run = RunContext::at(Some(time(NOW)));
    let findings = evaluate_record(&record, &Criteria::of(&[console_mfa()]), &run);
    let told: Vec<_> = findings
        .iter()
        .map(|it| (it.subject.kind, it.status))
        .collect();
    assert_eq!(told, [(SubjectKind::Account, Status::Indeterminate)]);
}

#[test]
fn findings_say_what_was_so_and_rest_on_what_was_named() {
    let run = RunContext::at(Some(time(NOW)));
    let reason = |password, mfa| {
        let findings = evaluate_record(&user(password, mfa), &Criteria::of(&[console_mfa()]), &run);
        assert_eq!(findings[0].sources.len(), 1);
        findings[0].reason.clone().into_owned()
    };
    assert_eq!(reason(true, false), "this is so: !user.has_mfa");
    assert_eq!(reason(true, true), "this is not so: !user.has_mfa");
    assert_eq!(reason(false, true), "this is not so: user.has_password");
}

#[test]
fn what_has_no_value_is_indeterminate_and_says_what_to_do() {
    let rule = rule(About::IamUser, None, "user.password_age_days > 90 || true");
    let run = RunContext::at(Some(time(NOW)));
    let record = user(false, true);
    let findings = evaluate_record(&record, &Criteria::of(&[rule]), &run);
    assert_eq!(findings[0].status, Status::Indeterminate);
    let gap = record.gap(findings[0].gap.unwrap()).unwrap();
    assert_eq!(gap.reason, GapReason::Undefined);
    assert!(
        findings[0]
            .reason
            .contains("let `when` leave such subjects out")
    );
}

#[test]
fn a_failure_on_old_evidence_is_confirmed_live_as_the_catalog_s_is() {
    let run = Some(time(NOW));
    let built_in = CATALOG
        .iter()
        .copied()
        .find(|it| it.id == "iam-user-console-mfa")
        .unwrap();
    for (password, mfa) in [(true, true), (true, false), (false, false)] {
        let record = user(password, mfa);
        let of = |rule| doubts(&record, &Criteria::of(&[rule]), run);
        assert_eq!(of(console_mfa()), of(built_in), "{password} {mfa}");
    }
    let record = user(true, false);
    let datasets = &doubts(&record, &Criteria::of(&[console_mfa()]), run)[0].datasets;
    assert_eq!(
        *datasets,
        BTreeSet::from([Dataset::LoginProfiles, Dataset::MfaStatus])
    );
}

#[test]
fn its_page_has_the_sections_of_every_page() {
    let rule = console_mfa();
    assert_eq!(
        rule.section("What it checks"),
        "Every IAM user of which `user.has_password` holds fails if `!user.has_mfa` holds."
    );
    assert_eq!(rule.section("Why it matters"), "mfaudit.toml does not say.");
    assert_eq!(rule.section("How to fix it"), "Ask the platform team.");
}

#[test]
fn an_example_is_judged_by_what_it_tells_and_no_more() {
    let Check::Custom(check) = console_mfa().check else {
        panic!("it is a user's");
    };
    let subject = |facts: &[(&str, bool)]| {
        let fields = facts
            .iter()
            .map(|(name, it)| ((*name).to_owned(), Given::Bool(*it)));
        Given::Fields(fields.collect::<BTreeMap<_, _>>())
    };
    for (facts, status) in [
        (
            &[("has_password", true), ("has_mfa", true)][..],
            Status::Pass,
        ),
        (&[("has_password", true), ("has_mfa", false)], Status::Fail),
        (&[("has_password", false)], Status::NotApplicable),
        (&[("has_password", true)], Status::Indeterminate),
        (&[("has_mfa", false)], Status::Indeterminate),
    ] {
        assert_eq!(check.judge_example(&subject(facts)), status, "{facts:?}");
    }
}
