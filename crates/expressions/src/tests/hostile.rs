//! Whatever stands in an expression, reading it ends soon and never in a panic.

use proptest::prelude::*;

use crate::{Expression, SubjectKind, limits, tests::subject::Stage};

fn told(text: &str) -> String {
    let mistakes = Expression::read(text, SubjectKind::IamUser).unwrap_err();
    mistakes[0].what.clone()
}

#[test]
fn length_brackets_operators_and_macros_are_bounded() {
    let long = format!("user.has_mfa{}", " ".repeat(limits::LENGTH));
    assert!(told(&long).contains("more than 4096"));
    let deep = |by: usize| format!("{}true{}", "(".repeat(by), ")".repeat(by));
    assert!(Expression::read(&deep(limits::BRACKETS), SubjectKind::IamUser).is_ok());
    assert!(told(&deep(limits::BRACKETS + 1)).contains("nested more than 32 deep"));
    let chain = "!".repeat(limits::OPERATORS + 1) + "true";
    assert!(told(&chain).contains("more than 400 operators"));
    let twice = "[1].all(a, [1].all(b, true))";
    assert!(Expression::read(twice, SubjectKind::IamUser).is_ok());
    let thrice = "[1].all(a, [1].all(b, [1].all(c, true)))";
    assert!(told(thrice).contains("nested more than 2 deep"));
    let sum = format!("{} == 1", vec!["1"; 200].join(" + "));
    assert!(told(&sum).contains("nested more than 64 deep"));
}

#[test]
fn brackets_in_texts_and_comments_are_not_counted_and_hide_none() {
    let open = "(".repeat(40);
    for text in [
        format!("user.name == '{open}'"),
        format!("user.name == r'\\' || user.name == '{open}'"),
        format!("user.name == '\\'{open}'"),
        format!("user.name == \"\"\"\"{open}\"\"\""),
        format!("true // {open}\n && true"),
    ] {
        assert!(
            Expression::read(&text, SubjectKind::IamUser).is_ok(),
            "{text}"
        );
    }
    // Closing brackets in texts make no room for opening ones.
    let sly = format!("{}true", "(')' == ')' && ".repeat(40));
    assert!(told(&sly).contains("nested more than 32 deep"));
    let sly = format!("r'\\' == '' && {}true", "(".repeat(40));
    assert!(told(&sly).contains("nested more than 32 deep"));
}

#[test]
fn known_tricks_end_in_a_mistake() {
    for text in [
        "[".repeat(30),
        "{".repeat(30),
        "a?".repeat(150),
        "a.".repeat(190),
        "-".repeat(390),
        "!".repeat(390),
        "[[[[[[[[[[".repeat(3) + "]]]]",
        "'".to_owned(),
        "\"\"\"".to_owned(),
        "r'".to_owned(),
        "\\".to_owned(),
        "'\\u12'".to_owned(),
        "'\\U00110000'".to_owned(),
        "'\\xZZ'".to_owned(),
        "'\\777'".to_owned(),
        "99999999999999999999999".to_owned(),
        "0x".to_owned(),
        "1e999999".to_owned(),
        "\u{0}".to_owned(),
        "\u{202e}user".to_owned(),
        "@result".to_owned(),
        "user.@result".to_owned(),
        "user.`has_mfa`".to_owned(),
        "user.?has_mfa".to_owned(),
        "user[?'has_mfa']".to_owned(),
        ".user".to_owned(),
        "user.has_mfa.has_mfa".to_owned(),
        "[1].all(user.x, true)".to_owned(),
        "[1].all([1], true)".to_owned(),
        "has(user)".to_owned(),
        "cel.bind(x, 1, x)".to_owned(),
        "optional.of(1)".to_owned(),
        "type(user) == type(1)".to_owned(),
        "'a'.matches('(a{1000}){1000}')".to_owned(),
    ] {
        assert!(
            Expression::read(&text, SubjectKind::IamUser).is_err(),
            "{text:?}"
        );
    }
}

#[test]
fn the_longest_chains_fit_on_a_small_stack() {
    let work = || {
        for piece in [
            "1+", "1-", "true&&", "true||", "true?1:", "user.", "!", "-", "1<", "[", "x.f(",
            "1 in [",
        ] {
            let text = piece.repeat(limits::LENGTH / piece.len());
            assert!(
                Expression::read(&text, SubjectKind::IamUser).is_err(),
                "{piece}"
            );
            let text = piece.repeat(limits::OPERATORS / 2) + "1";
            drop(Expression::read(&text, SubjectKind::IamUser));
        }
    };
    // As small as the threads of rayon have, in a build that is not optimized.
    let thread = std::thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(work)
        .unwrap();
    thread.join().unwrap();
}

/// Pieces that expressions are made of, and some that they are not.
const PIECES: &[&str] = &[
    "user",
    ".",
    "has_mfa",
    "access_keys",
    "age_days",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    "?",
    "&&",
    "||",
    "!",
    "==",
    "<",
    ">=",
    "+",
    "-",
    "*",
    "/",
    "%",
    " in ",
    "1",
    "0",
    "90",
    "'a'",
    "\"b\"",
    "true",
    "null",
    ".all(it, ",
    ".exists(it, ",
    ".map(it, ",
    ".filter(it, ",
    "it",
    "size(",
    "has(",
    "r'",
    "'",
    "\\",
    "//",
    "\n",
    "é",
    "1.5",
    "2u",
    "9223372036854775807",
    "-9223372036854775808",
    "@",
    "`",
    "\u{0}",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_sequence_of_pieces_panics(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40)) {
        let text = pieces.concat();
        if let Ok(expression) = Expression::read(&text, SubjectKind::IamUser) {
            let judged = Stage::whole().holds(&expression, SubjectKind::IamUser);
            prop_assert!(judged.is_ok(), "what was checked is computed: {}", text);
        }
    }

    #[test]
    fn no_text_panics(text in ".{0,60}") {
        drop(Expression::read(&text, SubjectKind::IamUser));
    }
}
