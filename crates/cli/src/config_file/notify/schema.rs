//! The section's part of the file's schema.

use serde_json::{Map, Value as Json, json};

use super::{MOST_LINES, Trigger};

/// Returns the schema of the list.
pub(in crate::config_file) fn schema() -> Json {
    let mut properties: Map<_, _> = TEXTS
        .into_iter()
        .map(|(key, about)| {
            let schema = json!({ "description": about, "type": "string", "minLength": 1 });
            (key.to_owned(), schema)
        })
        .collect();
    let others = json!({
        "body": { "description": "What the receiver takes", "enum": ["slack", "teams", "json"] },
        "on": {
            "description": "What is told; every change if nothing is said",
            "type": "array",
            "items": { "enum": Trigger::ALL.map(Trigger::name) },
            "minItems": 1,
            "uniqueItems": true,
            "default": Trigger::CHANGES.map(Trigger::name),
        },
        "waiver-ending-within": {
            "description": "How many days before its end a waiver is told of",
            "type": "string",
            "pattern": "^ *[0-9]+d *$",
            "default": "14d",
        },
        "timeout": {
            "description": "How long an attempt may take, at most 60 s",
            "type": "string",
            "pattern": LENGTH,
            "default": "10s",
        },
        "retry-wait": {
            "description": "How long to wait before the second attempt, at most 10 s; twice as long before each one after",
            "type": "string",
            "pattern": LENGTH,
            "default": "1s",
        },
        "lines": {
            "description": "How many single failures, accounts and waivers are named; 0 tells counts alone",
            "type": "integer",
            "minimum": 0,
            "maximum": MOST_LINES,
            "default": MOST_LINES,
        },
    });
    properties.extend(others.as_object().cloned().unwrap_or_default());
    let required = |key: &str| json!({ "required": [key] });
    let not_both = |keys: [&str; 2]| json!({ "not": { "required": keys } });
    json!({
        "description": "Who is told of what changed",
        "type": "array",
        "items": {
            "type": "object",
            "properties": properties,
            "allOf": [
                { "oneOf": [required("url"), required("url-env"), required("url-file")] },
                { "oneOf": [required("body"), required("template")] },
                not_both(["secret-env", "secret-file"]),
                not_both(["link", "link-env"]),
            ],
            "dependentRequired": { "content-type": ["template"] },
            "additionalProperties": false,
        },
    })
}

const LENGTH: &str = "^ *[0-9]+(ms|s|m|h) *$";

/// The keys that are texts of any kind, with what each says.
const TEXTS: [(&str, &str); 9] = [
    (
        "url",
        "The webhook's address, if whoever knows it may do nothing with it",
    ),
    (
        "url-env",
        "The variable of the environment that has the webhook's address",
    ),
    (
        "url-file",
        "The file that has the webhook's address, relative to this file",
    ),
    (
        "secret-env",
        "The variable of the environment that has the key of the signature",
    ),
    (
        "secret-file",
        "The file that has the key of the signature, relative to this file",
    ),
    (
        "template",
        "A Jinja template that makes the body, relative to this file",
    ),
    (
        "content-type",
        "What the template makes; application/json if nothing is said",
    ),
    (
        "link",
        "Where there is more: the address of the report, or of a dashboard",
    ),
    (
        "link-env",
        "The variable of the environment that has such an address, of the job for example",
    ),
];
