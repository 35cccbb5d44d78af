//! The operators and functions that expressions may use: none that could fail when it is computed.

use cel::common::ast::{
    CallExpr, Expr, IdedExpr, LiteralValue,
    operators::{
        ADD, CONDITIONAL, DIVIDE, EQUALS, GREATER, GREATER_EQUALS, IN, INDEX, LESS, LESS_EQUALS,
        LOGICAL_AND, LOGICAL_NOT, LOGICAL_OR, MODULO, MULTIPLY, NEGATE, NOT_EQUALS, OPT_INDEX,
        OPT_SELECT, SUBSTRACT,
    },
};

use crate::{check::Checker, mistake::advice, types::Type};

/// The functions that may be called.
const FUNCTIONS: &[&str] = &[
    "size",
    "startsWith",
    "endsWith",
    "contains",
    "matches",
    "all",
    "exists",
    "exists_one",
    "filter",
    "map",
];

/// Checks a call.
pub(crate) fn check(checker: &mut Checker<'_>, it: &IdedExpr, call: &CallExpr) -> Option<Type> {
    let function = call.func_name.as_str();
    match function {
        INDEX | OPT_INDEX | OPT_SELECT => {
            let what = "a field or member cannot be asked for by a computed name or number: write subject.field, and \
                        LIST.exists(it, …) for lists";
            return checker.mistake(it, what);
        }
        _ if is_known(function) => {}
        _ => {
            let advice = advice(function, FUNCTIONS.iter().copied());
            return checker.mistake(it, format!("unknown function `{function}`: {advice}"));
        }
    }
    let arguments = call.target.as_deref().into_iter().chain(&call.args);
    let arguments: Vec<_> = arguments.map(|it| (it, checker.check(it))).collect();
    let is_method = call.target.is_some();
    match (function, arguments.as_slice()) {
        (LOGICAL_AND | LOGICAL_OR, [one, two]) => {
            let (one, two) = (bool(checker, one), bool(checker, two));
            one.and(two)
        }
        (LOGICAL_NOT, [one]) => bool(checker, one),
        (CONDITIONAL, [condition, one, two]) => {
            let condition = bool(checker, condition);
            let (one, two) = (one.1.as_ref()?, two.1.as_ref()?);
            let Some(both) = one.either(two) else {
                let what = format!("`? :` gives {one} or {two}: both must be of one type");
                return checker.mistake(it, what);
            };
            condition.and(Some(both))
        }
        (EQUALS | NOT_EQUALS, [one, two]) => same(checker, it, one, two),
        (LESS | LESS_EQUALS | GREATER | GREATER_EQUALS, [(_, one), (_, two)]) => {
            match (one.as_ref()?, two.as_ref()?) {
                (Type::Number(_), Type::Number(_)) | (Type::Text, Type::Text) => Some(Type::Bool),
                (one, two) => {
                    let what = format!(
                        "`{}` compares two numbers or two texts, not {one} and {two}",
                        sign(function)
                    );
                    checker.mistake(it, what)
                }
            }
        }
        (ADD | SUBSTRACT | MULTIPLY | DIVIDE | MODULO, [one, two]) => {
            arithmetic(checker, it, function, one, two)
        }
        (NEGATE, [(_, one)]) => {
            let one = one.as_ref()?;
            if let Type::Number(most) = one {
                return Some(Type::Number(*most));
            }
            checker.mistake(it, format!("`-` is put before a number, not {one}"))
        }
        (IN, [one, list]) => member(checker, it, one, list),
        ("size", [(_, one)]) => {
            let one = one.as_ref()?;
            if matches!(one, Type::Text | Type::Choice(_) | Type::List(_)) {
                return Some(Type::Number(i128::from(crate::types::MOST)));
            }
            let what = format!("`size` counts a list's members or a text's characters, not {one}");
            checker.mistake(it, what)
        }
        ("startsWith" | "endsWith" | "contains", [one, two]) if is_method => {
            texts(checker, it, function, one, two)
        }
        ("matches", [one, two]) if is_method => {
            let found = texts(checker, it, function, one, two);
            pattern(checker, two.0).and(found)
        }
        _ => {
            let what = format!("`{function}` is not called so: {}", usage(function));
            checker.mistake(it, what)
        }
    }
}

fn is_known(function: &str) -> bool {
    const OPERATORS: &[&str] = &[
        ADD,
        CONDITIONAL,
        DIVIDE,
        EQUALS,
        GREATER,
        GREATER_EQUALS,
        IN,
        LESS,
        LESS_EQUALS,
        LOGICAL_AND,
        LOGICAL_NOT,
        LOGICAL_OR,
        MODULO,
        MULTIPLY,
        NEGATE,
        NOT_EQUALS,
        SUBSTRACT,
    ];
    OPERATORS.contains(&function) || FUNCTIONS.contains(&function)
}

/// Returns how an operator is written.
fn sign(function: &str) -> &str {
    function.trim_matches(['_', '@'])
}

fn usage(function: &str) -> &'static str {
    match function {
        "size" => "size(LIST)",
        "startsWith" => "TEXT.startsWith(\"…\")",
        "endsWith" => "TEXT.endsWith(\"…\")",
        "contains" => "TEXT.contains(\"…\")",
        "matches" => "TEXT.matches(\"PATTERN\")",
        "map" => "LIST.map(it, it.NAME)",
        _ => "LIST.exists(it, it.NAME == …), and so `all`, `exists_one` and `filter`",
    }
}

/// An argument, and its type if it is right.
type Argument<'a> = (&'a IdedExpr, Option<Type>);

fn bool(checker: &mut Checker<'_>, (at, found): &Argument<'_>) -> Option<Type> {
    let found = found.as_ref()?;
    if matches!(found, Type::Bool) {
        return Some(Type::Bool);
    }
    checker.mistake(at, format!("this is {found}: it must be true or false"))
}

/// Checks `==` and `!=`.
fn same(
    checker: &mut Checker<'_>,
    it: &IdedExpr,
    one: &Argument<'_>,
    two: &Argument<'_>,
) -> Option<Type> {
    let (left, right) = (one.1.as_ref()?, two.1.as_ref()?);
    if !are_alike(left, right) {
        let what = format!("{left} cannot be compared with {right}");
        return checker.mistake(it, what);
    }
    word(checker, left, two.0).and_then(|()| word(checker, right, one.0))?;
    Some(Type::Bool)
}

/// Tells whether values of two types can be the same, and be compared for it.
fn are_alike(one: &Type, two: &Type) -> bool {
    one.either(two).is_some_and(|it| it.is_comparable())
}

/// Checks `in`.
fn member(
    checker: &mut Checker<'_>,
    it: &IdedExpr,
    one: &Argument<'_>,
    list: &Argument<'_>,
) -> Option<Type> {
    let (found, members) = (one.1.as_ref()?, list.1.as_ref()?);
    let Type::List(member) = members else {
        let what = format!(
            "`in` asks whether a list has a member, not {members}: write x in [\"a\", \"b\"]"
        );
        return checker.mistake(it, what);
    };
    if !are_alike(found, member) {
        let what = format!("{found} cannot be a member of a list of which each is {member}");
        return checker.mistake(it, what);
    }
    if let Expr::List(literal) = &list.0.expr {
        for element in &literal.elements {
            word(checker, found, element)?;
        }
    }
    Some(Type::Bool)
}

/// Says so if a text is written that is none of the words it is compared with: it would never be the same.
fn word(checker: &mut Checker<'_>, of: &Type, written: &IdedExpr) -> Option<()> {
    let (Type::Choice(words), Some(text)) = (of, text(written)) else {
        return Some(());
    };
    if words.contains(&text) {
        return Some(());
    }
    let advice = advice(text, words.iter().copied());
    checker.mistake(written, format!("this is never `{text}`: {advice}"));
    None
}

fn text(written: &IdedExpr) -> Option<&str> {
    if let Expr::Literal(LiteralValue::String(text)) = &written.expr {
        Some(text.inner())
    } else {
        None
    }
}

/// Checks arithmetic: neither its result nor any step on the way may be too great to hold, nor may it divide by zero.
fn arithmetic(
    checker: &mut Checker<'_>,
    it: &IdedExpr,
    function: &str,
    one: &Argument<'_>,
    two: &Argument<'_>,
) -> Option<Type> {
    let (left, right) = (one.1.as_ref()?, two.1.as_ref()?);
    let (Type::Number(left), Type::Number(right)) = (left, right) else {
        let what = format!(
            "`{}` computes with two numbers, not {left} and {right}",
            sign(function)
        );
        return checker.mistake(it, what);
    };
    let most = match function {
        DIVIDE | MODULO => {
            let divisor = if let Expr::Literal(LiteralValue::Int(number)) = &two.0.expr {
                *number.inner()
            } else {
                0
            };
            // -1 is left out too: the least number divided by it is too great.
            if divisor < 1 {
                let what = format!(
                    "`{}` must be by a written number above zero: SUM / 7",
                    sign(function)
                );
                return checker.mistake(two.0, what);
            }
            Some(*left)
        }
        MULTIPLY => left.checked_mul(*right),
        _ => left.checked_add(*right),
    };
    match most {
        Some(most) if most <= i128::from(i64::MAX) => Some(Type::Number(most)),
        _ => checker.mistake(
            it,
            "the result may be too great a number: compute with smaller ones",
        ),
    }
}

/// Checks a method of a text that takes a text.
fn texts(
    checker: &mut Checker<'_>,
    it: &IdedExpr,
    function: &str,
    one: &Argument<'_>,
    two: &Argument<'_>,
) -> Option<Type> {
    match (one.1.as_ref()?, two.1.as_ref()?) {
        (Type::Text | Type::Choice(_), Type::Text | Type::Choice(_)) => Some(Type::Bool),
        (one, two) => {
            let what = format!(
                "`{function}` is asked of a text, with a text, not of {one} with {two}: {}",
                usage(function)
            );
            checker.mistake(it, what)
        }
    }
}

/// Checks the pattern of `matches`, which must be written as such to be checked at all.
fn pattern(checker: &mut Checker<'_>, written: &IdedExpr) -> Option<Type> {
    let Some(pattern) = text(written) else {
        return checker.mistake(
            written,
            "the pattern of `matches` must be written as a text",
        );
    };
    if crate::expression::is_pattern(pattern) {
        return Some(Type::Bool);
    }
    checker.mistake(
        written,
        "this is no regular expression (of RE2's syntax), or too great a one",
    )
}
