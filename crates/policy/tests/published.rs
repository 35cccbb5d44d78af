//! Policies that others published, where they are at hand: beside the workspace, in `../shared/evidence`.

use std::{fs, path::Path};

use mfaudit_policy::{Document, engine::Compiled, url_decoded};
use serde_json::Value;

#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn skip(folder: &Path) {
    eprintln!("skipped: {} is not here", folder.display());
}

/// Collects whatever is the value of a member that holds documents.
fn documents(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|it| documents(it, found)),
        Value::Object(members) => {
            for (name, value) in members {
                let holds = ["PolicyDocument", "Document", "AssumeRolePolicyDocument"];
                match value {
                    Value::String(text) if holds.contains(&name.as_str()) => {
                        found.push(url_decoded(text).unwrap());
                    }
                    Value::Object(_) if holds.contains(&name.as_str()) => {
                        found.push(value.to_string());
                    }
                    other => documents(other, found),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_published_policy_parses_completely() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/evidence/authorization-details");
    if !folder.is_dir() {
        return skip(&folder);
    }
    let mut read = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let mut found = Vec::new();
        documents(&value, &mut found);
        for text in found {
            let document = Document::parse(&text).unwrap();
            assert_eq!(document.all_unrecognized().count(), 0, "{text}");
            let of_role = document.statements.iter().any(|it| it.principals.is_some());
            if !of_role {
                let compiled = Compiled::new(&document);
                assert_eq!(compiled.undecidable().count(), 0, "{text}");
            }
            read += 1;
        }
    }
    assert!(read > 100, "{read}");
}
