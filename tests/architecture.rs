//! The dependency rule: data flows one way, and so do dependencies.

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
};

use serde_json::Value;

/// Which workspace crates each crate may depend on.
const ALLOWED: &[(&str, &[&str])] = &[
    (
        "mfaudit",
        &[
            "aws",
            "inventory",
            "model",
            "reporting",
            "rules",
            "simulator",
        ],
    ),
    ("mfaudit-aws", &["model"]),
    ("mfaudit-inventory", &["aws", "model"]),
    ("mfaudit-model", &[]),
    ("mfaudit-reporting", &["model", "rules"]),
    ("mfaudit-rules", &["model"]),
    ("mfaudit-simulator", &[]),
];

/// Which crates alone may depend on a library, by how its name begins.
const RESERVED: &[(&str, &[&str])] = &[
    ("aws-", &["mfaudit-aws", "mfaudit-inventory"]),
    ("axum", &["mfaudit-simulator"]),
    ("clap", &["mfaudit"]),
    ("rayon", &["mfaudit-inventory", "mfaudit-rules"]),
    ("tracing-subscriber", &["mfaudit"]),
    (
        "tokio",
        &[
            "mfaudit",
            "mfaudit-aws",
            "mfaudit-inventory",
            "mfaudit-simulator",
        ],
    ),
];

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version=1"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Returns the normal dependencies of each package, under the names the code uses, with whether they are ours.
fn dependencies() -> BTreeMap<String, Vec<(String, bool)>> {
    let metadata = metadata();
    let text = |it: &Value| it.as_str().unwrap().to_owned();
    let of_package = |package: &Value| {
        let normal = package["dependencies"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|it| it["kind"].is_null());
        let named = normal.map(|it| {
            let ours = !it["path"].is_null();
            let name = if ours {
                it["name"]
                    .as_str()
                    .unwrap()
                    .trim_start_matches("mfaudit-")
                    .to_owned()
            } else {
                text(&it["name"])
            };
            (name, ours)
        });
        (text(&package["name"]), named.collect())
    };
    metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(of_package)
        .collect()
}

#[test]
fn crates_depend_only_on_what_is_upstream() {
    let ours = |dependencies: &Vec<(String, bool)>| -> BTreeSet<String> {
        dependencies
            .iter()
            .filter(|(_, ours)| *ours)
            .map(|(name, _)| name.clone())
            .collect()
    };
    let actual: BTreeMap<_, _> = dependencies()
        .iter()
        .map(|(name, it)| (name.clone(), ours(it)))
        .collect();
    let set = |names: &[&str]| {
        names
            .iter()
            .map(|it| (*it).to_owned())
            .collect::<BTreeSet<_>>()
    };
    let allowed: BTreeMap<_, _> = ALLOWED
        .iter()
        .map(|(name, it)| ((*name).to_owned(), set(it)))
        .collect();
    assert_eq!(actual, allowed);
}

#[test]
fn libraries_stay_where_they_belong() {
    for (package, dependencies) in dependencies() {
        for (library, _) in dependencies.iter().filter(|(_, ours)| !ours) {
            for (begin, allowed) in RESERVED {
                assert!(
                    !library.starts_with(begin) || allowed.contains(&package.as_str()),
                    "{package} depends on {library}"
                );
            }
        }
    }
}

/// The audit binary makes no call that changes anything: no declared action is a write.
#[test]
fn the_audit_declares_no_call_that_changes_anything() {
    for call in inventory::CALLS {
        let reads = ["Get", "List", "Describe", "Generate", "Assume"];
        assert!(
            reads.iter().any(|it| call.operation.starts_with(it)),
            "{}",
            call.operation
        );
    }
}

/// Clients made elsewhere would escape the guard.
#[test]
fn sdk_clients_are_made_in_one_place() {
    let crates = crate::harness::root().join("crates");
    let mut found = Vec::new();
    visit(&crates, &mut |path, text| {
        let makes = ["Client::new(", "Client::from_conf("];
        if makes.iter().any(|it| text.contains(it)) {
            found.push(path.to_owned());
        }
    });
    let expected = crates.join("aws/src/client.rs");
    assert_eq!(found, [expected]);
}

fn visit(folder: &std::path::Path, see: &mut dyn FnMut(&std::path::Path, &str)) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            visit(&path, see);
        } else if path.extension().is_some_and(|it| it == "rs") {
            see(&path, &std::fs::read_to_string(&path).unwrap());
        }
    }
}
