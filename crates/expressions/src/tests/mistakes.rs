//! Every mistake is told at its place, with what to do.

use crate::{Expression, Given, SubjectKind};

fn told(text: &str) -> Vec<(usize, String)> {
    let mistakes = Expression::read(text, SubjectKind::IamUser).expect_err(text);
    mistakes.into_iter().map(|it| (it.at, it.what)).collect()
}

/// Expressions with the place and the text of what is told of each.
const MISTAKES: &[(&str, usize, &str)] = &[
    ("usr.has_mfa", 0, "unknown name `usr`: did you mean `user`?"),
    (
        "has_mfa",
        0,
        "unknown name `has_mfa`: did you mean `user.has_mfa`?",
    ),
    (
        "user.has_mfaa",
        4,
        "unknown field `has_mfaa`: did you mean `has_mfa`?",
    ),
    (
        "user.zzz == 1",
        4,
        "unknown field `zzz`: known are name, path",
    ),
    (
        "user.has_mfa == 'yes'",
        13,
        "true or false cannot be compared with a text",
    ),
    (
        "user.age_days == '90'",
        14,
        "a number cannot be compared with a text",
    ),
    (
        "user.age_days",
        4,
        "the expression is a number: it must be true or false",
    ),
    (
        "user",
        0,
        "the expression is a thing with fields: it must be true or false",
    ),
    (
        "user.has_mfa && user.age_days",
        20,
        "this is a number: it must be true or false",
    ),
    ("!user.name", 5, "this is a text: it must be true or false"),
    (
        "user.has_mfa ? 1 : 'a'",
        13,
        "`? :` gives a number or a text: both must be of one type",
    ),
    (
        "user.age_days < '9'",
        14,
        "`<` compares two numbers or two texts, not a number and a text",
    ),
    (
        "user.age_days + user.name == 'a'",
        14,
        "`+` computes with two numbers, not a number and a text",
    ),
    ("'a' + 'b' == 'ab'", 4, "`+` computes with two numbers"),
    (
        "user.name in 'alice'",
        10,
        "`in` asks whether a list has a member, not a text",
    ),
    (
        "1 in user.direct_policies",
        2,
        "a number cannot be a member of a list of which each is a text",
    ),
    (
        "user.account.kind == 'membre'",
        21,
        "this is never `membre`: did you mean `member`?",
    ),
    (
        "user.account.kind in ['member', 'root']",
        32,
        "this is never `root`: known are management",
    ),
    (
        "user.mfa_devices.kind == 'fido'",
        16,
        "`kind` is asked of a list: ask its members, as in LIST.exists",
    ),
    ("user.name.first == 'a'", 9, "`first` is asked of a text"),
    (
        "user['has_mfa']",
        4,
        "cannot be asked for by a computed name or number",
    ),
    (
        "user.access_keys[0].is_active",
        16,
        "cannot be asked for by a computed name or number",
    ),
    (
        "has(user.has_mfa)",
        3,
        "`has()` cannot be used: a fact that was not seen gives no verdict",
    ),
    (
        "user.name.upperAscii() == 'A'",
        20,
        "unknown function `upperAscii`",
    ),
    (
        "user.name.startWith('a')",
        19,
        "unknown function `startWith`: did you mean `startsWith`?",
    ),
    ("now() > 1", 3, "unknown function `now`"),
    ("int(user.name) > 1", 3, "unknown function `int`"),
    ("dyn(user.name) == 1", 3, "unknown function `dyn`"),
    (
        "size(1) > 0",
        4,
        "`size` counts a list's members or a text's characters, not a number",
    ),
    (
        "size(user.name, 1) > 0",
        4,
        "`size` is not called so: size(LIST)",
    ),
    (
        "startsWith(user.name, 'a')",
        10,
        "`startsWith` is not called so: TEXT.startsWith",
    ),
    (
        "user.access_keys.exists(it)",
        23,
        "`exists` is not called so: LIST.exists(it, it.NAME == …)",
    ),
    (
        "user.access_keys.exists(it, it.age_days)",
        30,
        "what is asked of each member is a number",
    ),
    (
        "user.name.exists(it, true)",
        4,
        "ask the members of a list, not a text",
    ),
    (
        "user.access_keys.exists(it, other.is_active)",
        28,
        "unknown name `other`: known are user, it",
    ),
    (
        "[1, 'a'] == []",
        0,
        "the members of a list must be of one type",
    ),
    (
        "user.access_keys == user.access_keys",
        17,
        "a list cannot be compared with a list",
    ),
    (
        "user.name.matches('(')",
        18,
        "this is no regular expression",
    ),
    (
        "user.name.matches(user.path)",
        22,
        "the pattern of `matches` must be written as a text",
    ),
    (
        "user.age_days / 0 == 1",
        16,
        "`/` must be by a written number above zero",
    ),
    (
        "1 / user.age_days == 1",
        8,
        "`/` must be by a written number above zero",
    ),
    (
        "1 % size(user.access_keys) == 1",
        8,
        "`%` must be by a written number above zero",
    ),
    (
        "user.age_days * user.age_days * user.age_days > 1",
        30,
        "the result may be too great a number",
    ),
    (
        "user.age_days + 9223372036854775807 > 1",
        14,
        "the result may be too great a number",
    ),
    (
        "user.age_days > 1.5",
        16,
        "numbers are whole and have no letter behind them",
    ),
    (
        "user.age_days > 1u",
        16,
        "numbers are whole and have no letter behind them",
    ),
    ("user.name == null", 13, "there is no `null`"),
    ("user.name == b'a'", 13, "bytes cannot be written here"),
    (
        "{'a': 1} == {}",
        0,
        "maps and structures cannot be written here",
    ),
    (
        "Thing{a: 1}",
        5,
        "maps and structures cannot be written here",
    ),
    ("user.has_mfa &&", 15, "not understood"),
    ("user.has_mfa)", 12, "not understood"),
    ("", 0, "not understood"),
    ("é == 1", 0, "not understood"),
];

#[test]
fn every_mistake_is_told_where_it_stands_and_with_advice() {
    for &(text, at, what) in MISTAKES {
        let mistakes = told(text);
        assert!(mistakes[0].1.contains(what), "{text}\n{what}\n{mistakes:?}");
        assert_eq!(mistakes[0].0, at, "{text}: {mistakes:?}");
    }
}

#[test]
fn several_mistakes_are_told_at_once_in_the_order_of_the_text() {
    let mistakes = told("user.has_mfaa && user.age_days > 'a' || usr.name == 'b'");
    let places: Vec<_> = mistakes.iter().map(|it| it.0).collect();
    assert_eq!(places, [4, 31, 40], "{mistakes:?}");
}

#[test]
fn places_are_right_behind_letters_of_several_bytes_and_on_other_lines() {
    assert_eq!(told("'Sécurité' == user.nam")[0].0, 20);
    assert_eq!(told("user.has_mfa &&\n  user.has_mfaa")[0].0, 22);
    assert_eq!(told("'é' == 'é' && (")[0].0, 17);
    assert_eq!(told("'é' == 'é' &&\n  (")[0].0, 19);
}

#[test]
fn what_an_example_may_say_is_checked_against_the_same_fields() {
    let fields = |it: &[(&str, Given)]| {
        Given::Fields(
            it.iter()
                .map(|(name, it)| ((*name).to_owned(), it.clone()))
                .collect(),
        )
    };
    let key = fields(&[
        ("is_activ", Given::Bool(true)),
        ("age_days", Given::Text("9".into())),
    ]);
    let subject = fields(&[
        ("has_mfa", Given::Number(1)),
        ("account", fields(&[("kind", Given::Text("root".into()))])),
        ("access_keys", Given::List(vec![key])),
        ("age_days", Given::Number(i64::MAX)),
        ("has_password", Given::Bool(true)),
    ]);
    let mistakes = subject.mistakes(SubjectKind::IamUser);
    let told: Vec<_> = mistakes
        .iter()
        .map(|(path, what)| format!("{}: {what}", path.join(".")))
        .collect();
    assert_eq!(
        told,
        [
            "access_keys.age_days: this is a whole number, at most 1000000000",
            "access_keys.is_activ: unknown field `is_activ`: did you mean `is_active`?",
            "account.kind: this is one of management, member, standalone",
            "age_days: this is a whole number, at most 1000000000",
            "has_mfa: this is true or false",
        ]
    );
}
