//! What must hold of every expression.

mod fields;
mod hostile;
mod mistakes;
mod subject;
mod unknown;

use model::{Dataset, GapId};

use crate::{Expression, Step, SubjectKind, tests::subject::Stage};

/// Reads an expression that is right.
fn expression(text: &str, kind: SubjectKind) -> Expression {
    Expression::read(text, kind).unwrap_or_else(|it| panic!("{text}: {it:?}"))
}

/// Computes an expression about the IAM user of a stage.
fn of_user(text: &str, stage: &Stage) -> Result<bool, GapId> {
    let expression = expression(text, SubjectKind::IamUser);
    stage.holds(&expression, SubjectKind::IamUser)
}

#[test]
fn expressions_say_what_is_so() {
    let stage = Stage::whole();
    for (text, expected) in [
        ("user.has_password && !user.has_mfa", false),
        ("user.name == 'alice' && user.path == \"/people/\"", true),
        ("user.account.ou_path.startsWith('Workloads/')", true),
        ("user.account.kind in ['member', 'standalone']", true),
        ("user.age_days", true),
        ("user.age_days == 400", true),
        (
            "user.password_age_days == 200 && user.password_idle_days == 10",
            true,
        ),
        ("user.mfa_devices.exists(it, it.kind == 'fido')", true),
        ("user.mfa_devices.all(it, it.kind == 'fido')", false),
        (
            "size(user.access_keys) == 2 && user.active_access_keys.size() == 1",
            true,
        ),
        (
            "user.access_keys.exists_one(it, it.is_active && it.idle_days > 30)",
            true,
        ),
        (
            "user.access_keys.filter(it, it.is_active).map(it, it.age_days) == [300]",
            true,
        ),
        (
            "user.access_keys.map(it, it.is_active, it.id) == ['AKIA1']",
            true,
        ),
        ("user.name.matches('^al[a-z]+$')", true),
        (
            "user.has_mfa ? user.age_days / 7 > 50 : user.age_days % 7 == 0",
            true,
        ),
        (
            "-user.age_days < 0 && user.age_days - 1 < user.age_days * 2 + 1",
            true,
        ),
        (
            "user.direct_policies.exists(it, it.contains('Admin'))",
            false,
        ),
        ("'Sécurité' != user.account.ou_path", true),
        (
            "user.service_specific_credentials.all(it, it.service.endsWith('amazonaws.com') && !it.expires)",
            true,
        ),
        (
            "user.access_keys.all(key, user.mfa_devices.exists(it, it.age_days < key.age_days))",
            true,
        ),
    ] {
        if text == "user.age_days" {
            assert!(Expression::read(text, SubjectKind::IamUser).is_err());
        } else {
            assert_eq!(of_user(text, &stage), Ok(expected), "{text}");
        }
    }
}

#[test]
fn root_users_and_accounts_are_spoken_of_too() {
    let stage = Stage::whole();
    for (kind, text, expected) in [
        (
            SubjectKind::RootUser,
            "root.has_password && !root.has_mfa",
            false,
        ),
        (
            SubjectKind::RootUser,
            "root.password_was_used && root.password_idle_days < 90",
            true,
        ),
        (
            SubjectKind::RootUser,
            "root.account.id == '111122223333'",
            true,
        ),
        (
            SubjectKind::Account,
            "account.iam_users.exists(it, it.name == 'alice' && it.has_mfa)",
            true,
        ),
        (
            SubjectKind::Account,
            "account.password_policy.minimum_length < 14",
            true,
        ),
        (
            SubjectKind::Account,
            "account.uses_identity_center && account.identity_provider_count == 0",
            true,
        ),
        (
            SubjectKind::Account,
            "size(account.unassigned_virtual_mfa_devices) > 0",
            true,
        ),
    ] {
        let expression = expression(text, kind);
        assert_eq!(stage.holds(&expression, kind), Ok(expected), "{text}");
    }
}

#[test]
fn days_are_whole_and_below_zero_for_what_is_to_come() {
    let mut stage = Stage::whole();
    for (seconds, days) in [
        (0, 0),
        (86_399, 0),
        (86_400, 1),
        (-1, -1),
        (-86_400, -1),
        (-86_401, -2),
    ] {
        stage.created(seconds);
        let text = format!("user.age_days == {days}");
        assert_eq!(of_user(&text, &stage), Ok(true), "{seconds}");
    }
}

#[test]
fn what_has_no_value_gives_no_verdict_and_says_what_to_do() {
    let mut stage = Stage::whole();
    stage.without_password();
    for text in [
        "user.password_age_days > 90",
        "user.password_was_used",
        "user.password_idle_days > 90",
    ] {
        let gap = of_user(text, &stage).unwrap_err();
        let told = stage.record.gap(gap).unwrap().to_string();
        assert!(
            told.contains("let `when` leave such subjects out"),
            "{told}"
        );
    }
    assert_eq!(of_user("user.has_password", &stage), Ok(false));
}

#[test]
fn an_age_that_aws_has_no_record_of_has_no_value() {
    let mut stage = Stage::whole();
    stage.without_record_of_password();
    for text in [
        "user.password_age_days > 90",
        "user.password_idle_days > 90",
    ] {
        let gap = of_user(text, &stage).unwrap_err();
        assert_eq!(gap, GapId::undefined(Dataset::PasswordUse), "{text}");
    }
    assert_eq!(of_user("user.password_was_used", &stage), Ok(false));
}

#[test]
fn the_evidence_is_what_was_named() {
    let stage = Stage::whole();
    let expression = expression("user.has_mfa || user.has_password", SubjectKind::IamUser);
    let mut evidence = Vec::new();
    let facts = stage.facts();
    let holds = expression.holds(stage.subject(SubjectKind::IamUser), &facts, &mut evidence);
    let seen = evidence.iter().filter_map(Step::observation).count();
    assert_eq!((holds, seen), (Ok(true), 2));
    let datasets: Vec<_> = expression.datasets().iter().map(|it| it.name()).collect();
    assert_eq!(datasets, ["login-profiles", "mfa-status"]);
}
