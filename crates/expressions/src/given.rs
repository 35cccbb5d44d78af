//! The subject of an example, which says what is known of it.

use std::collections::{BTreeMap, HashMap};

use cel::Value;

use crate::{
    SubjectKind,
    fields::{Kind, Object},
    mistake::advice,
    needs::Needs,
    read::{list, number, object, text},
    types::MOST,
};

/// The subject of an example, or a part of it. What it leaves out is not known.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// True or false.
    Bool(bool),
    /// A whole number.
    Number(i64),
    /// A text.
    Text(String),
    /// Several.
    List(Vec<Given>),
    /// Fields by name.
    Fields(BTreeMap<String, Given>),
}

impl Given {
    /// Returns what is wrong with a subject: the path to it, and what it is.
    pub fn mistakes(&self, kind: SubjectKind) -> Vec<(Vec<String>, String)> {
        let mut mistakes = Vec::new();
        self.check(&Kind::Object(kind.object()), &[], &mut mistakes);
        mistakes
    }

    fn check(&self, kind: &Kind, path: &[String], mistakes: &mut Vec<(Vec<String>, String)>) {
        let expected = match (self, kind) {
            (Self::Bool(_), Kind::Bool) | (Self::Text(_), Kind::Text) => return,
            (Self::Number(it), Kind::Number) if (-MOST..=MOST).contains(it) => return,
            (Self::Text(it), Kind::Choice(words)) if words.contains(&it.as_str()) => return,
            (Self::List(items), Kind::Texts) => {
                return items
                    .iter()
                    .for_each(|it| it.check(&Kind::Text, path, mistakes));
            }
            (Self::List(items), Kind::Objects(object)) => {
                let kind = Kind::Object(object);
                return items.iter().for_each(|it| it.check(&kind, path, mistakes));
            }
            (Self::Fields(fields), Kind::Object(object)) => {
                return check_fields(fields, object, path, mistakes);
            }
            (_, Kind::Bool) => "true or false".to_owned(),
            (_, Kind::Number) => format!("a whole number, at most {MOST}"),
            (_, Kind::Text) => "a text".to_owned(),
            (_, Kind::Choice(words)) => format!("one of {}", words.join(", ")),
            (_, Kind::Texts) => "a list of texts".to_owned(),
            (_, Kind::Object(_)) => "a table of fields".to_owned(),
            (_, Kind::Objects(_)) => "a list of tables of fields".to_owned(),
        };
        mistakes.push((path.to_vec(), format!("this is {expected}")));
    }

    /// Returns what an expression needs of it; `None` if a part is left out.
    pub(crate) fn value(&self, of: &'static Object, needs: &Needs) -> Option<Value> {
        let Self::Fields(given) = self else {
            return None;
        };
        let mut fields = HashMap::new();
        for (name, needs) in needs.fields() {
            let value = given.get(name)?.field(of.field(name)?.kind, needs)?;
            fields.insert(name, value);
        }
        Some(object(fields))
    }

    fn field(&self, kind: Kind, needs: &Needs) -> Option<Value> {
        match (self, kind) {
            (Self::Bool(it), Kind::Bool) => Some(Value::Bool(*it)),
            (Self::Number(it), Kind::Number) => Some(number(*it)),
            (Self::Text(it), Kind::Text | Kind::Choice(_)) => Some(text(it)),
            (Self::Fields(_), Kind::Object(object)) => self.value(object, needs),
            (Self::List(items), Kind::Objects(object)) => {
                let members = items.iter().map(|it| it.value(object, needs));
                Some(list(members.collect::<Option<_>>()?))
            }
            (Self::List(items), Kind::Texts) => {
                let members = items.iter().map(|it| it.field(Kind::Text, needs));
                Some(list(members.collect::<Option<_>>()?))
            }
            _ => None,
        }
    }
}

fn check_fields(
    fields: &BTreeMap<String, Given>,
    object: &Object,
    path: &[String],
    mistakes: &mut Vec<(Vec<String>, String)>,
) {
    for (name, given) in fields {
        let path = [path, std::slice::from_ref(name)].concat();
        if let Some(field) = object.field(name) {
            given.check(&field.kind, &path, mistakes);
        } else {
            let advice = advice(name, object.fields.iter().map(|it| it.name));
            mistakes.push((path, format!("unknown field `{name}`: {advice}")));
        }
    }
}
