//! The section `[[rule]]`: rules in the words of whoever runs the tool.

mod examples;
mod schema;
#[cfg(test)]
mod tests;

use std::ops::Range;

use rules::{
    Control, CustomRule, Expression, ExpressionSubject as About, FRAMEWORKS, PREFIX, Rule, Severity,
};
use toml::Spanned;

pub(crate) use self::examples::Example;
pub(super) use self::schema::{id_pattern, schema};
use super::{mistakes::Mistakes, table::Table};

pub(super) const SECTION: &str = "rule";
/// The longest identifier.
const LONGEST_ID: usize = 64;

/// A rule of the file, with the examples that show what it does.
#[derive(Debug)]
pub(crate) struct Custom {
    /// The rule.
    pub(crate) rule: &'static Rule,
    /// Its examples.
    pub(crate) examples: Vec<Example>,
}

/// Takes the rules out of the document.
pub(super) fn take(document: &mut Table<'_>, mistakes: &mut Mistakes<'_>) -> Vec<Custom> {
    let mut ids: Vec<String> = Vec::new();
    let tables = document.tables(SECTION, mistakes);
    let rules = tables.into_iter().filter_map(|mut table| {
        let id = id(&mut table, &mut ids, mistakes);
        rule(table, id, mistakes)
    });
    rules.collect()
}

/// Reads every key before the first mistake ends it, so that all are told.
fn rule(mut table: Table<'_>, id: Option<String>, mistakes: &mut Mistakes<'_>) -> Option<Custom> {
    let title = mandatory(
        &mut table,
        "title",
        "\"what is wrong, in a sentence\"",
        mistakes,
    );
    let severity = severity(&mut table, mistakes);
    let about = about(&mut table, mistakes);
    let when = expression(&mut table, "when", about, mistakes);
    if table.key_span("fails-if").is_none() {
        table.lacks("`fails-if`", "fails-if = \"!user.has_mfa\"", mistakes);
    }
    let fails_if = expression(&mut table, "fails-if", about, mistakes);
    let reason = optional(&mut table, "reason", mistakes);
    let remediation = optional(&mut table, "remediation", mistakes);
    let controls = controls(&mut table, mistakes);
    let examples = examples::take(&mut table, about, mistakes);
    table.end(mistakes);
    let id = id?;
    let stand_in = stand_in(&id);
    let file = mistakes.file();
    let rule = || {
        Some(CustomRule {
            id,
            title: title?,
            severity: severity?,
            about: about?,
            when: when.ok()?,
            fails_if: fails_if.ok()??,
            reason: reason.ok()?,
            remediation: remediation.ok()?,
            controls: controls?,
            file,
        })
    };
    Some(Custom {
        rule: rule().or(stand_in)?.leak(),
        examples,
    })
}

/// Returns what stands for a rule that has a mistake, so that other sections may name it. One mistake is enough for
/// nothing to be done, so it judges nobody.
fn stand_in(id: &str) -> Option<CustomRule> {
    Some(CustomRule {
        id: id.to_owned(),
        title: String::new(),
        severity: Severity::Info,
        about: About::IamUser,
        when: None,
        fails_if: Expression::read("true", About::IamUser).ok()?,
        reason: None,
        remediation: None,
        controls: Vec::new(),
        file: String::new(),
    })
}

fn id(
    table: &mut Table<'_>,
    known: &mut Vec<String>,
    mistakes: &mut Mistakes<'_>,
) -> Option<String> {
    let example = format!("id = \"{PREFIX}no-stale-passwords\"");
    if table.key_span("id").is_none() {
        table.lacks("`id`", &example, mistakes);
    }
    let text = table.text("id", mistakes)?;
    let id = *text.get_ref();
    let is_kebab = |it: &str| {
        let words = it.split('-');
        let is_word = |it: &str| {
            !it.is_empty()
                && it
                    .bytes()
                    .all(|it| it.is_ascii_lowercase() || it.is_ascii_digit())
        };
        words.into_iter().all(is_word)
    };
    let rest = id.strip_prefix(PREFIX);
    if id.len() > LONGEST_ID || !rest.is_some_and(is_kebab) {
        let what = format!(
            "`id` begins with `{PREFIX}`, which no rule of the tool's does, and has at most {LONGEST_ID} small letters, \
             digits and single hyphens: {example}"
        );
        mistakes.add(text.span(), what);
        return None;
    }
    if known.iter().any(|it| it == id) {
        mistakes.add(
            text.span(),
            format!("there are two rules `{id}`: name one differently"),
        );
        return None;
    }
    known.push(id.to_owned());
    Some(id.to_owned())
}

fn mandatory(
    table: &mut Table<'_>,
    key: &'static str,
    example: &str,
    mistakes: &mut Mistakes<'_>,
) -> Option<String> {
    if table.key_span(key).is_none() {
        table.lacks(&format!("`{key}`"), &format!("{key} = {example}"), mistakes);
    }
    optional(table, key, mistakes).ok()?
}

/// A key says something wrong, which was told.
struct Wrong;

/// Returns a text that need not be there.
fn optional(
    table: &mut Table<'_>,
    key: &'static str,
    mistakes: &mut Mistakes<'_>,
) -> Result<Option<String>, Wrong> {
    if table.key_span(key).is_none() {
        table.take(key);
        return Ok(None);
    }
    let text = table.text(key, mistakes).ok_or(Wrong)?;
    Ok(Some((*text.get_ref()).to_owned()))
}

fn severity(table: &mut Table<'_>, mistakes: &mut Mistakes<'_>) -> Option<Severity> {
    if table.key_span("severity").is_none() {
        table.lacks("`severity`", "severity = \"medium\"", mistakes);
    }
    let text = table.text("severity", mistakes)?;
    let severity = text.get_ref().parse::<Severity>();
    severity
        .map_err(|error| mistakes.add(text.span(), error.to_string()))
        .ok()
}

fn about(table: &mut Table<'_>, mistakes: &mut Mistakes<'_>) -> Option<About> {
    if table.key_span("subject").is_none() {
        table.take("subject");
        return Some(About::IamUser);
    }
    let text = table.text("subject", mistakes)?;
    let about = About::ALL
        .into_iter()
        .find(|it| it.name() == *text.get_ref());
    if about.is_none() {
        let known = About::ALL.map(About::name).join(", ");
        let what = format!("`{}` is no kind of subject ({known})", text.get_ref());
        mistakes.add(text.span(), what);
    }
    about
}

/// Returns an expression, if it is there. Without a subject it cannot be told whether it is right.
fn expression(
    table: &mut Table<'_>,
    key: &'static str,
    about: Option<About>,
    mistakes: &mut Mistakes<'_>,
) -> Result<Option<Expression>, Wrong> {
    if table.key_span(key).is_none() {
        table.take(key);
        return Ok(None);
    }
    let text = table.text(key, mistakes).ok_or(Wrong)?;
    let found = match Expression::read(text.get_ref(), about.ok_or(Wrong)?) {
        Ok(expression) => return Ok(Some(expression)),
        Err(found) => found,
    };
    for mistake in found {
        let place = within(&text, mistake.at, mistakes);
        mistakes.add(place, format!("`{key}`: {mistake}"));
    }
    Err(Wrong)
}

/// Returns a place in a text of the file: exactly where the text stands there as it is, without escapes; else where it
/// begins.
fn within(text: &Spanned<&str>, at: usize, mistakes: &Mistakes<'_>) -> Range<usize> {
    let span = text.span();
    let written = mistakes.text().get(span.clone()).unwrap_or_default();
    match written.find(*text.get_ref()) {
        Some(begin) => span.start + begin + at..span.end,
        None => span,
    }
}

fn controls(table: &mut Table<'_>, mistakes: &mut Mistakes<'_>) -> Option<Vec<Control>> {
    let Some(value) = table.take("controls") else {
        return Some(Vec::new());
    };
    let wrong = "`controls` is a list of texts: controls = [\"nist-800-53 r5 AC-2(3)\"]";
    let Some(array) = value.get_ref().as_array() else {
        mistakes.add(value.span(), wrong);
        return None;
    };
    let each = array.iter().map(|it| {
        let Some(text) = it.get_ref().as_str() else {
            mistakes.add(it.span(), wrong);
            return None;
        };
        control(text)
            .map_err(|what| mistakes.add(it.span(), what))
            .ok()
    });
    // Every one is read before the first mistake ends it.
    each.collect::<Vec<_>>().into_iter().collect()
}

/// Reads `framework version id`, or `framework id` of one without versions. A framework that the tool does not know is
/// the user's own; one that looks like a mistyped one is not.
fn control(text: &str) -> Result<Control, String> {
    let words: Vec<_> = text.split_whitespace().collect();
    let (framework, version, id) = match *words.as_slice() {
        [framework, id] => (framework, "", id),
        [framework, version, id] => (framework, version, id),
        _ => {
            return Err(format!(
                "`{text}` is no requirement: write the framework, its version if it has any, and the identifier: \
                 cis-aws 7.0.0 2.10"
            ));
        }
    };
    let known = FRAMEWORKS.iter().map(|it| it.id);
    let near = known
        .clone()
        .find(|it| strsim::jaro_winkler(it, framework) > 0.9);
    match near {
        Some(near) if !known.clone().any(|it| it == framework) => Err(format!(
            "unknown framework `{framework}`: did you mean `{near}`?"
        )),
        _ => {
            let leak = |it: &str| -> &'static str { it.to_owned().leak() };
            Ok(Control {
                framework: leak(framework),
                version: leak(version),
                id: leak(id),
            })
        }
    }
}
