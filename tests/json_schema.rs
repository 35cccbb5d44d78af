//! As much of JSON Schema as our schemas use; an unknown keyword fails, so that nothing goes unchecked.

use serde_json::Value;

/// Returns what is wrong with `value`, each with its place.
pub(crate) fn errors(schema: &Value, value: &Value) -> Vec<String> {
    let mut errors = Vec::new();
    check(schema, value, "", &mut errors);
    errors
}

fn check(schema: &Value, value: &Value, place: &str, errors: &mut Vec<String>) {
    for (keyword, wanted) in schema.as_object().unwrap() {
        let holds = match keyword.as_str() {
            "$schema" | "title" | "description" | "default" | "format" => true,
            "type" => is(wanted.as_str().unwrap(), value),
            "enum" => wanted.as_array().unwrap().contains(value),
            "minimum" => value
                .as_f64()
                .is_none_or(|it| it >= wanted.as_f64().unwrap()),
            "maximum" => value
                .as_f64()
                .is_none_or(|it| it <= wanted.as_f64().unwrap()),
            "minLength" => value
                .as_str()
                .is_none_or(|it| it.len() as u64 >= wanted.as_u64().unwrap()),
            "maxLength" => value
                .as_str()
                .is_none_or(|it| it.len() as u64 <= wanted.as_u64().unwrap()),
            // The only patterns there are: an account id, and a rule's identifier.
            "pattern" => value.as_str().is_none_or(|it| {
                if wanted == "^[0-9]{12}$" {
                    it.len() == 12 && it.bytes().all(|it| it.is_ascii_digit())
                } else {
                    is_rule(wanted.as_str().unwrap(), it)
                }
            }),
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    check(wanted, item, &format!("{place}/{index}"), errors);
                }
                true
            }
            "uniqueItems" => value.as_array().is_none_or(|items| {
                let twice = |(index, it): (usize, &Value)| items[..index].contains(it);
                !items.iter().enumerate().any(twice)
            }),
            "properties" => {
                for (name, it) in value.as_object().into_iter().flatten() {
                    if let Some(schema) = wanted.get(name) {
                        check(schema, it, &format!("{place}/{name}"), errors);
                    }
                }
                true
            }
            "patternProperties" => {
                for (pattern, schema) in wanted.as_object().unwrap() {
                    for (name, it) in value.as_object().into_iter().flatten() {
                        if is_rule(pattern, name) {
                            check(schema, it, &format!("{place}/{name}"), errors);
                        }
                    }
                }
                true
            }
            "additionalProperties" => {
                assert_eq!(*wanted, Value::Bool(false));
                let known = schema["properties"].as_object().unwrap();
                let patterns = schema["patternProperties"].as_object();
                let has_pattern = |name: &str| {
                    patterns
                        .into_iter()
                        .flatten()
                        .any(|(it, _)| is_rule(it, name))
                };
                for (name, _) in value.as_object().into_iter().flatten() {
                    if !known.contains_key(name) && !has_pattern(name) {
                        errors.push(format!("{place}/{name}: unknown"));
                    }
                }
                true
            }
            "required" => wanted
                .as_array()
                .unwrap()
                .iter()
                .all(|it| value.get(it.as_str().unwrap()).is_some()),
            "anyOf" => matching(wanted, value) > 0,
            "oneOf" => matching(wanted, value) == 1,
            other => panic!("the keyword {other} is not known here"),
        };
        if !holds {
            errors.push(format!("{place}: {keyword} {wanted}"));
        }
    }
}

/// Tells whether a text matches the pattern of rules' identifiers, or of those that users write.
fn is_rule(pattern: &str, text: &str) -> bool {
    let prefix = match pattern {
        "^[a-z0-9]+(-[a-z0-9]+)*$" => "",
        "^custom-[a-z0-9]+(-[a-z0-9]+)*$" => "custom-",
        other => panic!("the pattern {other} is not known here"),
    };
    let is_of = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-';
    text.strip_prefix(prefix)
        .is_some_and(|it| it.bytes().all(is_of))
}

fn matching(schemas: &Value, value: &Value) -> usize {
    let schemas = schemas.as_array().unwrap().iter();
    schemas.filter(|it| errors(it, value).is_empty()).count()
}

fn is(name: &str, value: &Value) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        other => panic!("the type {other} is not known here"),
    }
}
