//! The JSON Schema of the file, for editors, made of what the sections declare.

use ::rules::CATALOG;
use clap::Parser;
use serde_json::{Map, Value as Json, json};

use super::{
    collection, coverage_waivers, custom_rules, gate, notify, owners, reports, role, rules, scope,
    waivers,
};
use crate::args::Audit;

/// The sections whose values may come from options too.
pub(super) const WITH_OPTIONS: [&str; 6] = [
    "scope",
    "role",
    "collection",
    "rules",
    "gate",
    reports::SECTION,
];

/// Returns the schema.
pub(crate) fn schema() -> Json {
    let mut properties = Map::new();
    // Without options, the defaults are clap's.
    if let Some(audit) = default_audit() {
        for (name, schema) in [
            (scope::SECTION.name, scope::SECTION.schema(&audit.scope)),
            (role::SECTION.name, role::SECTION.schema(&audit.role)),
            (
                collection::SECTION.name,
                collection::SECTION.schema(&audit.collection),
            ),
            (gate::SECTION.name, gate::SECTION.schema(&audit.gate)),
        ] {
            properties.insert(name.to_owned(), schema);
        }
    }
    properties.insert("rules".to_owned(), rules::schema(CATALOG));
    properties.insert(reports::SECTION.to_owned(), reports::schema());
    properties.insert(
        coverage_waivers::SECTION.to_owned(),
        coverage_waivers::schema(),
    );
    properties.insert(custom_rules::SECTION.to_owned(), custom_rules::schema());
    properties.insert(notify::SECTION.to_owned(), notify::schema());
    properties.insert(owners::SECTION.to_owned(), owners::schema());
    properties.insert(waivers::SECTION.to_owned(), waivers::schema());
    properties.insert(waivers::LIMITS.to_owned(), waivers::limits_schema());
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "mfaudit.toml",
        "description": "The configuration of mfaudit",
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    })
}

/// A command line that is an audit's.
#[derive(Debug, Parser)]
struct Defaults {
    #[command(flatten)]
    audit: Audit,
}

/// Returns an audit's options where nobody sets any.
pub(crate) fn default_audit() -> Option<Audit> {
    let parsed = Defaults::try_parse_from(["mfaudit"]);
    parsed.ok().map(|it| it.audit)
}
