//! What editors are told of rules that users write.

use rules::{ExpressionSubject as About, PREFIX, Severity, Status};
use serde_json::{Value as Json, json};

use super::LONGEST_ID;

/// Returns the schema of the list.
pub(in crate::config_file) fn schema() -> Json {
    let text = |about: &str| json!({ "description": about, "type": "string", "minLength": 1 });
    json!({
        "description": "Rules of your own",
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "id": {
                    "description": "The rule's identifier",
                    "type": "string",
                    "pattern": id_pattern(),
                    "maxLength": LONGEST_ID,
                },
                "title": text("The failure, in a sentence"),
                "severity": {
                    "description": "How bad a failure is",
                    "enum": Severity::ALL.map(Severity::name),
                },
                "subject": {
                    "description": "What is judged",
                    "enum": About::ALL.map(About::name),
                    "default": About::IamUser.name(),
                },
                "when": text("Which subjects it concerns, in CEL; all if it is left out"),
                "fails-if": text("What makes a subject fail, in CEL"),
                "reason": text("What a failure says"),
                "remediation": text("How to fix it"),
                "controls": {
                    "description": "The requirements it is evidence for: framework, version if there is any, identifier",
                    "type": "array",
                    "items": { "type": "string", "minLength": 1 },
                },
                "example": {
                    "description": "Subjects, and what the rule must say of each",
                    "type": "array",
                    "items": example(),
                },
            },
            "required": ["id", "title", "severity", "fails-if"],
            "additionalProperties": false,
        },
    })
}

/// Returns what every identifier of such a rule is like.
pub(in crate::config_file) fn id_pattern() -> String {
    format!("^{PREFIX}[a-z0-9]+(-[a-z0-9]+)*$")
}

fn example() -> Json {
    json!({
        "type": "object",
        "properties": {
            "name": { "description": "What it shows", "type": "string", "minLength": 1 },
            "expect": {
                "description": "What the rule must say",
                "enum": Status::ALL.map(Status::name),
            },
            "facts": {
                "description": "What is known of the subject; the rest is not",
                "type": "object",
            },
        },
        "required": ["name", "expect", "facts"],
        "additionalProperties": false,
    })
}
