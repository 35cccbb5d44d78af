//! Policies that others published, where they are at hand: beside the workspace, in `../shared/evidence`.

use std::{fs, path::Path};

use mfaudit_policy::{Document, engine::Compiled, url_decoded};
use serde_json::Value;

#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn skip(folder: &Path) {
    eprintln!("skipped: {} is not here", folder.display());
}

const HOLDING: [&str; 3] = ["PolicyDocument", "Document", "AssumeRolePolicyDocument"];

/// Collects whatever is the value of a member that holds documents.
fn documents(value: &Value, found: &mut Vec<Value>) {
    match value {
        Value::Array(items) => items.iter().for_each(|it| documents(it, found)),
        Value::Object(members) => {
            for (name, value) in members {
                if HOLDING.contains(&name.as_str()) {
                    found.push(value.clone());
                } else {
                    documents(value, found);
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
        let file = fs::File::open(&path).unwrap();
        let value = serde_json::from_reader(file).unwrap();
        let mut found = Vec::new();
        documents(&value, &mut found);
        for document in found {
            let encoded = document.as_str().map(|it| url_decoded(it).unwrap());
            let text = encoded.unwrap_or_else(|| document.to_string());
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
