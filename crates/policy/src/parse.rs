//! From JSON to a document. What is wrong is said with its place.

#[cfg(test)]
mod tests;

use crate::{
    Condition, Document, Effect, Element, IfAbsent, Pattern, Principal, Qualifier, Selection,
    Statement, Version, json::Json,
};

/// Why a text is no policy document.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum PolicyError {
    /// It is not JSON, or names a member twice.
    #[error("not JSON that a policy can be read from: {0}")]
    Json(String),
    /// Something in it is not as the language has it.
    #[error("{place}: {problem}")]
    Language {
        /// Where: `Statement[0].Effect`.
        place: String,
        /// What is wrong there, as a sentence fragment.
        problem: String,
    },
}

type Parsed<T> = Result<T, PolicyError>;

impl Document {
    /// Reads a document.
    ///
    /// # Errors
    ///
    /// Fails if the text is not JSON, or if something in it has not the form that the language gives it. An element
    /// that the language does not have is no error: it is kept.
    pub fn parse(text: &str) -> Parsed<Self> {
        let json = serde_json::from_str(text).map_err(|it| PolicyError::Json(it.to_string()))?;
        let mut document = Self {
            version: Version::default(),
            id: None,
            statements: Vec::new(),
            unrecognized: Vec::new(),
        };
        let mut has_statements = false;
        for (name, value) in members("the document", json)? {
            match name.as_str() {
                "Version" => document.version = version(value)?,
                "Id" => document.id = Some(text_of("Id", value)?),
                "Statement" => {
                    has_statements = true;
                    document.statements = statements(value)?;
                }
                _ => document.unrecognized.push(Element {
                    place: name,
                    value: value.to_string(),
                }),
            }
        }
        if has_statements {
            Ok(document)
        } else {
            wrong("the document", "there is no `Statement`")
        }
    }
}

fn wrong<T>(place: &str, problem: impl Into<String>) -> Parsed<T> {
    Err(PolicyError::Language {
        place: place.to_owned(),
        problem: problem.into(),
    })
}

fn members(place: &str, json: Json) -> Parsed<Vec<(String, Json)>> {
    if let Json::Object(members) = json {
        return Ok(members);
    }
    wrong(place, format!("{} where an object must be", json.kind()))
}

fn version(json: Json) -> Parsed<Version> {
    match text_of("Version", json)?.as_str() {
        "2012-10-17" => Ok(Version::V2012),
        "2008-10-17" => Ok(Version::V2008),
        other => wrong(
            "Version",
            format!("`{other}` is neither 2012-10-17 nor 2008-10-17"),
        ),
    }
}

fn text_of(place: &str, json: Json) -> Parsed<String> {
    if let Json::Text(text) = json {
        return Ok(text);
    }
    wrong(place, format!("{} where a string must be", json.kind()))
}

fn texts_of(place: &str, json: Json) -> Parsed<Vec<String>> {
    match json {
        Json::List(items) => {
            let texts = items.into_iter().enumerate();
            texts
                .map(|(number, it)| text_of(&format!("{place}[{number}]"), it))
                .collect()
        }
        Json::Text(text) => Ok(vec![text]),
        other @ (Json::Null | Json::Switch(_) | Json::Number(_) | Json::Object(_)) => wrong(
            place,
            format!(
                "{} where a string or a list of strings must be",
                other.kind()
            ),
        ),
    }
}

fn statements(json: Json) -> Parsed<Vec<Statement>> {
    if let Json::List(items) = json {
        let numbered = items.into_iter().enumerate();
        return numbered
            .map(|(number, it)| statement(&format!("Statement[{number}]"), it))
            .collect();
    }
    Ok(vec![statement("Statement", json)?])
}

/// A statement in the making.
#[derive(Default)]
struct Parts {
    sid: Option<String>,
    effect: Option<Effect>,
    actions: Option<Selection<Pattern>>,
    resources: Option<Selection<Pattern>>,
    principals: Option<Selection<Principal>>,
    conditions: Vec<Condition>,
    unrecognized: Vec<Element>,
}

fn statement(place: &str, json: Json) -> Parsed<Statement> {
    let mut parts = Parts::default();
    for (name, value) in members(place, json)? {
        let here = format!("{place}.{name}");
        match name.as_str() {
            "Sid" => parts.sid = Some(text_of(&here, value)?),
            "Effect" => parts.effect = Some(effect(&here, value)?),
            "Action" | "NotAction" => {
                let all = patterns(&here, value)?;
                select(&here, &mut parts.actions, &name, all)?;
            }
            "Resource" | "NotResource" => {
                let all = patterns(&here, value)?;
                select(&here, &mut parts.resources, &name, all)?;
            }
            "Principal" | "NotPrincipal" => {
                let all = principals(&here, value)?;
                select(&here, &mut parts.principals, &name, all)?;
            }
            "Condition" => parts.conditions = conditions(&here, value)?,
            _ => parts.unrecognized.push(Element {
                place: here,
                value: value.to_string(),
            }),
        }
    }
    let Some(effect) = parts.effect else {
        return wrong(place, "there is no `Effect`");
    };
    let Some(actions) = parts.actions else {
        return wrong(place, "there is neither `Action` nor `NotAction`");
    };
    Ok(Statement {
        sid: parts.sid,
        effect,
        actions,
        resources: parts.resources,
        principals: parts.principals,
        conditions: parts.conditions,
        unrecognized: parts.unrecognized,
    })
}

fn effect(place: &str, json: Json) -> Parsed<Effect> {
    match text_of(place, json)?.as_str() {
        "Allow" => Ok(Effect::Allow),
        "Deny" => Ok(Effect::Deny),
        other => wrong(place, format!("`{other}` is neither Allow nor Deny")),
    }
}

fn select<T>(place: &str, slot: &mut Option<Selection<T>>, name: &str, all: Vec<T>) -> Parsed<()> {
    if slot.is_some() {
        return wrong(place, "a statement has the one or its opposite, not both");
    }
    *slot = Some(if name.starts_with("Not") {
        Selection::AllBut(all)
    } else {
        Selection::Only(all)
    });
    Ok(())
}

fn patterns(place: &str, json: Json) -> Parsed<Vec<Pattern>> {
    let texts = texts_of(place, json)?;
    Ok(texts.iter().map(|it| Pattern::new(it)).collect())
}

fn principals(place: &str, json: Json) -> Parsed<Vec<Principal>> {
    if let Json::Text(text) = &json {
        return if text == "*" {
            Ok(vec![Principal::Everyone])
        } else {
            wrong(place, format!("`{text}` where `*` or an object must be"))
        };
    }
    let mut all = Vec::new();
    for (kind, names) in members(place, json)? {
        let names = texts_of(&format!("{place}.{kind}"), names)?;
        let of_kind = names.into_iter().map(|name| match kind.as_str() {
            "AWS" => Principal::Aws(name),
            "Service" => Principal::Service(name),
            "Federated" => Principal::Federated(name),
            _ => Principal::Other(kind.clone(), name),
        });
        all.extend(of_kind);
    }
    Ok(all)
}

fn conditions(place: &str, json: Json) -> Parsed<Vec<Condition>> {
    let mut all = Vec::new();
    for (operator, keys) in members(place, json)? {
        let here = format!("{place}.{operator}");
        let (qualifier, bare) = qualified(&operator);
        let (if_absent, bare) = match strip_suffix(bare, "IfExists") {
            Some(bare) => (IfAbsent::Holds, bare),
            None => (IfAbsent::ByOperator, bare),
        };
        for (key, values) in members(&here, keys)? {
            all.push(Condition {
                qualifier,
                operator: bare.to_owned(),
                if_absent,
                values: values_of(&format!("{here}.{key}"), values)?,
                key,
            });
        }
    }
    Ok(all)
}

fn qualified(operator: &str) -> (Qualifier, &str) {
    let prefixes = [
        ("ForAllValues:", Qualifier::ForAllValues),
        ("ForAnyValue:", Qualifier::ForAnyValue),
    ];
    let found = prefixes.into_iter().find_map(|(prefix, qualifier)| {
        let (head, rest) = operator.split_at_checked(prefix.len())?;
        head.eq_ignore_ascii_case(prefix)
            .then_some((qualifier, rest))
    });
    found.unwrap_or((Qualifier::Single, operator))
}

fn strip_suffix<'a>(text: &'a str, suffix: &str) -> Option<&'a str> {
    let (rest, tail) = text.split_at_checked(text.len().checked_sub(suffix.len())?)?;
    tail.eq_ignore_ascii_case(suffix).then_some(rest)
}

fn values_of(place: &str, json: Json) -> Parsed<Vec<String>> {
    let items = if let Json::List(items) = json {
        items
    } else {
        vec![json]
    };
    let value = |it| match it {
        Json::Text(text) | Json::Number(text) => Ok(text),
        Json::Switch(it) => Ok(it.to_string()),
        other @ (Json::Null | Json::List(_) | Json::Object(_)) => {
            wrong(place, format!("{} where a value must be", other.kind()))
        }
    };
    items.into_iter().map(value).collect()
}
