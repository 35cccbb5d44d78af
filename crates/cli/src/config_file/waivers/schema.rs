//! What editors are told of waivers.

use rules::{MaxDays, Severity};
use serde_json::{Map, Value as Json, json};

use super::MOST_DAYS;

/// Returns the schema of the list.
pub(in crate::config_file) fn schema() -> Json {
    let text = |about: &str| json!({ "description": about, "type": "string", "minLength": 1 });
    let date = |about: &str| json!({ "description": about, "type": "string", "format": "date" });
    json!({
        "description": "Failures that somebody answers for until a day",
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "rule": text("The rules' identifiers, with * and ?"),
                "principal": text("The principals' ARNs or names, with * and ?"),
                "account": text("The accounts' twelve digits, or their names, with * and ?"),
                "owner": text("Who answers for it"),
                "reason": text("Why it is accepted"),
                "created": date("The first day, as a date without quotes"),
                "expires": date("The last day, as a date without quotes"),
                "ticket": text("Where there is more about it"),
            },
            "required": ["rule", "principal", "account", "owner", "reason", "expires"],
            "additionalProperties": false,
        },
    })
}

/// Returns the schema of the section that says how long waivers may hold.
pub(in crate::config_file) fn limits_schema() -> Json {
    let mut properties = Map::new();
    for severity in Severity::ALL {
        let schema = json!({
            "type": "integer",
            "minimum": 1,
            "maximum": MOST_DAYS,
            "default": MaxDays::default().of(severity),
        });
        properties.insert(severity.name().to_owned(), schema);
    }
    json!({
        "description": "What holds for all waivers",
        "type": "object",
        "properties": {
            "max-days": {
                "description": "The most days for which a waiver may hold, by the severity of what it waives",
                "type": "object",
                "properties": properties,
                "additionalProperties": false,
            },
        },
        "additionalProperties": false,
    })
}
