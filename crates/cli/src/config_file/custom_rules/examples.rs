//! The section `[[rule.example]]`: subjects, and what the rule must say of each.

use rules::{ExpressionSubject as About, Given, Status};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{Mistakes, Table, mandatory};

/// A subject, and what the rule must say of it.
#[derive(Debug)]
pub(crate) struct Example {
    /// What it is an example of.
    pub(crate) name: String,
    /// What is known of the subject. The rest is not.
    pub(crate) facts: Given,
    /// What the rule must say.
    pub(crate) expect: Status,
}

/// Takes the examples out of a rule.
pub(super) fn take(
    rule: &mut Table<'_>,
    about: Option<About>,
    mistakes: &mut Mistakes<'_>,
) -> Vec<Example> {
    let tables = rule.tables("example", mistakes);
    let examples = tables
        .into_iter()
        .filter_map(|it| example(it, about, mistakes));
    examples.collect()
}

fn example(
    mut table: Table<'_>,
    about: Option<About>,
    mistakes: &mut Mistakes<'_>,
) -> Option<Example> {
    let name = mandatory(&mut table, "name", "\"what it shows\"", mistakes);
    let expect = expect(&mut table, mistakes);
    let facts = facts(&mut table, about, mistakes);
    table.end(mistakes);
    Some(Example {
        name: name?,
        facts: facts?,
        expect: expect?,
    })
}

fn expect(table: &mut Table<'_>, mistakes: &mut Mistakes<'_>) -> Option<Status> {
    if table.key_span("expect").is_none() {
        table.lacks("`expect`", "expect = \"fail\"", mistakes);
    }
    let text = table.text("expect", mistakes)?;
    let status = Status::ALL
        .into_iter()
        .find(|it| it.name() == *text.get_ref());
    if status.is_none() {
        let known = Status::ALL.map(Status::name).join(", ");
        let what = format!("`{}` is no status ({known})", text.get_ref());
        mistakes.add(text.span(), what);
    }
    status
}

fn facts(
    table: &mut Table<'_>,
    about: Option<About>,
    mistakes: &mut Mistakes<'_>,
) -> Option<Given> {
    let Some(value) = table.take("facts") else {
        table.lacks("`facts`", "facts = { has_mfa = false }", mistakes);
        return None;
    };
    let Some(fields) = value.get_ref().as_table() else {
        let what =
            "`facts` is a table of what is known of the subject: facts = { has_mfa = false }";
        mistakes.add(value.span(), what);
        return None;
    };
    let given = given(value, mistakes)?;
    let found = given.mistakes(about?);
    for (path, what) in &found {
        let place = place(fields, path).unwrap_or_else(|| value.span());
        mistakes.add(place, format!("`facts`: {what}"));
    }
    found.is_empty().then_some(given)
}

/// Returns a value of the file as an example's.
fn given(value: &Spanned<DeValue<'_>>, mistakes: &mut Mistakes<'_>) -> Option<Given> {
    match value.get_ref() {
        DeValue::Boolean(it) => Some(Given::Bool(*it)),
        DeValue::String(it) => Some(Given::Text(it.to_string())),
        DeValue::Integer(it) => {
            let number = i64::from_str_radix(it.as_str(), it.radix()).ok();
            // Greater than any number of a subject, which is told where types are.
            Some(Given::Number(number.unwrap_or(i64::MAX)))
        }
        DeValue::Array(items) => {
            let items: Vec<_> = items.iter().map(|it| given(it, mistakes)).collect();
            Some(Given::List(items.into_iter().collect::<Option<_>>()?))
        }
        DeValue::Table(fields) => {
            let field = |(name, value): (&Spanned<_>, _)| {
                let name: &std::borrow::Cow<'_, str> = name.get_ref();
                Some((name.clone().into_owned(), given(value, mistakes)?))
            };
            let fields: Vec<_> = fields.iter().map(field).collect();
            Some(Given::Fields(fields.into_iter().collect::<Option<_>>()?))
        }
        DeValue::Float(_) | DeValue::Datetime(_) => {
            let what =
                "`facts` are true, false, whole numbers, texts, and lists and tables of them";
            mistakes.add(value.span(), what);
            None
        }
    }
}

/// Returns where the last name of a path stands, if the tables on the way are in no list.
fn place(fields: &DeTable<'_>, path: &[String]) -> Option<std::ops::Range<usize>> {
    let [name, rest @ ..] = path else {
        return None;
    };
    let (key, value) = fields.iter().find(|(key, _)| key.get_ref() == name)?;
    let deeper = value.get_ref().as_table().and_then(|it| place(it, rest));
    Some(deeper.unwrap_or_else(|| key.span()))
}
