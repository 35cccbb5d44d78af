//! The documented subject, as a JSON Schema.

use serde_json::{Map, Value, json};

use crate::{
    SubjectKind,
    fields::{Field, Kind, Object},
};

/// Returns the JSON Schema of what expressions may say of each kind of subject, by the name it has in them.
pub fn schema() -> Value {
    let of = |kind: SubjectKind| (kind.variable().to_owned(), object(kind.object()));
    let subjects: Map<_, _> = SubjectKind::ALL.into_iter().map(of).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What expressions in [[rule]] may say of their subjects, and examples may tell of them",
        "type": "object",
        "additionalProperties": false,
        "properties": subjects,
    })
}

fn object(it: &Object) -> Value {
    let of = |field: &Field| (field.name.to_owned(), property(field));
    let properties: Map<_, _> = it.fields.iter().map(of).collect();
    json!({
        "type": "object",
        "description": it.about,
        "additionalProperties": false,
        "properties": properties,
    })
}

fn property(field: &Field) -> Value {
    let mut of_kind = match field.kind {
        Kind::Bool => json!({"type": "boolean"}),
        Kind::Number => json!({"type": "integer"}),
        Kind::Text => json!({"type": "string"}),
        Kind::Choice(words) => json!({"type": "string", "enum": words}),
        Kind::Object(it) => object(it),
        Kind::Objects(it) => json!({"type": "array", "items": object(it)}),
        Kind::Texts => json!({"type": "array", "items": {"type": "string"}}),
    };
    if let Some(schema) = of_kind.as_object_mut() {
        schema.insert("description".to_owned(), field.about.into());
        if let Some(dataset) = field.dataset {
            schema.insert("x-dataset".to_owned(), dataset.name().into());
        }
    }
    of_kind
}
