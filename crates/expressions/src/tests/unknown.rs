//! A fact that was not seen gives no verdict, whatever operator it stands behind.

use proptest::prelude::*;

use super::of_user;
use crate::{Expression, SubjectKind, tests::subject::Stage};

/// The fields of the tests' user that can be hidden, with a way to name each so that it is a condition.
const CONDITIONS: &[(&str, &str)] = &[
    ("account.kind", "user.account.kind == 'member'"),
    ("age_days", "user.age_days > 90"),
    ("has_password", "user.has_password"),
    ("password_age_days", "user.password_age_days > 90"),
    ("password_was_used", "user.password_was_used"),
    ("password_idle_days", "user.password_idle_days > 90"),
    ("has_mfa", "user.has_mfa"),
    ("mfa_devices", "size(user.mfa_devices) > 0"),
    (
        "mfa_devices",
        "user.mfa_devices.exists(it, it.kind == 'fido')",
    ),
    (
        "mfa_devices.age_days",
        "user.mfa_devices.exists(it, it.age_days > 1)",
    ),
    ("access_keys", "user.access_keys.all(it, true)"),
    (
        "access_keys",
        "user.active_access_keys.map(it, it.id) == ['AKIA1']",
    ),
    (
        "access_keys.idle_days",
        "user.access_keys.exists(it, it.idle_days > 30)",
    ),
    (
        "access_keys.age_days",
        "user.access_keys.exists(it, it.age_days > 30)",
    ),
    ("has_signing_certificate", "user.has_signing_certificate"),
    (
        "service_specific_credentials",
        "user.service_specific_credentials.exists(it, it.is_active)",
    ),
    ("direct_policies", "'Admin' in user.direct_policies"),
    ("is_administrator", "user.is_administrator"),
];

/// Every operator and macro, around a condition that is written as `X`, so that it alone would decide nothing.
const AROUND: &[&str] = &[
    "X",
    "!X",
    "true || X",
    "X || true",
    "false && X",
    "X && false",
    "true ? true : X",
    "false ? X : false",
    "X ? true : true",
    "X == X",
    "X != true",
    "(X ? 1 : 1) == 1",
    "(X ? 1 : 2) > 0",
    "(X ? 1 : 2) + 1 < 9",
    "(X ? 1 : 2) - 1 < 9",
    "(X ? 1 : 2) * 3 <= 9",
    "(X ? 1 : 2) / 3 >= 0",
    "(X ? 1 : 2) % 3 >= 0",
    "-(X ? 1 : 2) < 0",
    "X in [true, false]",
    "true in [true, X]",
    "size([X]) == 1",
    "[X].size() == 1",
    "size(X ? 'a' : 'b') == 1",
    "(X ? 'a' : 'b').startsWith('')",
    "'a'.endsWith(X ? 'a' : 'b') || true",
    "(X ? 'a' : 'b').contains('')",
    "(X ? 'a' : 'b').matches('.')",
    "[1].all(it, it == 1 || X)",
    "[1].exists(it, it == 1 || X)",
    "[1].exists_one(it, it == 1 || X)",
    "[1].filter(it, it == 2 && X) == []",
    "[1].map(it, X) == [true]",
    "[1].map(it, it == 2 && X, it) == []",
    "[X].all(it, true)",
    "[1, 2].exists(it, [3].exists(its, its == 3 || X))",
];

#[test]
fn a_hidden_fact_gives_no_verdict_under_every_operator() {
    let whole = Stage::whole();
    for (field, condition) in CONDITIONS {
        let mut hidden = whole.clone();
        hidden.hide(field);
        for around in AROUND {
            let around = if condition.contains("it,") {
                // A macro in a macro in a macro is too deep.
                if around.contains("its,") {
                    continue;
                }
                around
                    .replace("it,", "x,")
                    .replace("it ==", "x ==")
                    .replace(", it)", ", x)")
            } else {
                (*around).to_owned()
            };
            let text = around.replace('X', &format!("({condition})"));
            assert!(of_user(&text, &whole).is_ok(), "{text}");
            assert!(of_user(&text, &hidden).is_err(), "{text}");
        }
    }
}

#[test]
fn what_is_hidden_and_not_named_changes_nothing() {
    let whole = Stage::whole();
    let mut hidden = whole.clone();
    hidden.hide("access_keys.idle_days");
    // The second key is not active, and nobody asked when it was used.
    for text in [
        "user.has_mfa",
        "user.access_keys.exists(it, it.is_active)",
        "user.active_access_keys.exists(it, it.idle_days > 30)",
    ] {
        assert_eq!(of_user(text, &hidden), of_user(text, &whole), "{text}");
        assert!(of_user(text, &hidden).is_ok(), "{text}");
    }
}

/// A condition over some of the fields, with their positions in the table.
fn condition() -> impl Strategy<Value = (String, Vec<usize>)> {
    let leaf = prop_oneof![
        (0..CONDITIONS.len()).prop_map(|it| (format!("({})", CONDITIONS[it].1), vec![it])),
        any::<bool>().prop_map(|it| (it.to_string(), Vec::new())),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let both =
            |(one, ones): (String, Vec<usize>), (two, twos): (String, Vec<usize>), sign: &str| {
                (format!("({one} {sign} {two})"), [ones, twos].concat())
            };
        prop_oneof![
            (
                inner.clone(),
                inner.clone(),
                prop::sample::select(vec!["&&", "||", "==", "!="])
            )
                .prop_map(move |(one, two, sign)| both(one, two, sign)),
            inner
                .clone()
                .prop_map(|(it, names)| (format!("!({it})"), names)),
            (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| {
                (
                    format!("({} ? {} : {})", a.0, b.0, c.0),
                    [a.1, b.1, c.1].concat(),
                )
            }),
            (inner.clone(), inner.clone())
                .prop_map(|(a, b)| (format!("({} in [{}, true])", a.0, b.0), [a.1, b.1].concat())),
            (inner.clone(), inner).prop_map(|(a, b)| (
                format!("(size([{}, {}]) == 2)", a.0, b.0),
                [a.1, b.1].concat()
            )),
        ]
    })
}

proptest! {
    #[test]
    fn no_expression_gives_a_verdict_where_a_fact_it_names_is_hidden(
        (text, named) in condition(),
        hide in 0..CONDITIONS.len(),
    ) {
        let whole = Stage::whole();
        let mut hidden = whole.clone();
        hidden.hide(CONDITIONS[hide].0);
        // Too long or too deep is refused, which is no verdict either.
        if let Ok(expression) = Expression::read(&text, SubjectKind::IamUser) {
            let seen = whole.holds(&expression, SubjectKind::IamUser);
            prop_assert!(seen.is_ok());
            let judged = hidden.holds(&expression, SubjectKind::IamUser);
            let is_named = named.iter().any(|it| {
                let (of, hidden) = (CONDITIONS[*it].0, CONDITIONS[hide].0);
                // To hide a list hides what its members say; the last use is what idle days are reckoned by.
                of == hidden || of.starts_with(&format!("{hidden}."))
                    || of.starts_with("password_") && hidden.starts_with("password_")
            });
            if judged.is_ok() {
                prop_assert!(!named.contains(&hide), "{}", text);
                prop_assert_eq!(judged, seen);
            } else {
                prop_assert!(is_named, "{}", text);
            }
        }
    }
}
