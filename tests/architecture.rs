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
            "program",
            "reporting",
            "rules",
            "simulator",
        ],
    ),
    ("mfaudit-aws", &["model"]),
    ("mfaudit-enrolment", &["aws", "model", "program"]),
    ("mfaudit-expressions", &["model"]),
    ("mfaudit-inventory", &["aws", "model", "policy"]),
    ("mfaudit-model", &[]),
    ("mfaudit-policy", &[]),
    ("mfaudit-program", &["aws", "model"]),
    ("mfaudit-reporting", &["model", "rules"]),
    ("mfaudit-rules", &["expressions", "model", "policy"]),
    ("mfaudit-simulator", &[]),
];

/// Which crates alone may depend on a library, by how its name begins.
const RESERVED: &[(&str, &[&str])] = &[
    (
        "aws-",
        &["mfaudit-aws", "mfaudit-enrolment", "mfaudit-inventory"],
    ),
    ("axum", &["mfaudit-simulator"]),
    ("cel", &["mfaudit-expressions"]),
    ("clap", &["mfaudit", "mfaudit-enrolment", "mfaudit-program"]),
    ("rayon", &["mfaudit-inventory", "mfaudit-rules"]),
    ("tracing-subscriber", &["mfaudit-program"]),
    (
        "tokio",
        &[
            "mfaudit",
            "mfaudit-aws",
            "mfaudit-enrolment",
            "mfaudit-inventory",
            "mfaudit-simulator",
        ],
    ),
];

/// Which crates may besides have such a library for their tests and benchmarks. The benchmarks compare the audit with a
/// plain loop over the SDK, which must not go through what it is compared with.
const RESERVED_FOR_MEASURING: &[(&str, &[&str])] = &[("aws-", &["mfaudit"])];

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version=1"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    Normal,
    Dev,
}

/// Returns the dependencies of one kind of each package, under the names the code uses, with whether they are ours.
fn dependencies(kind: Kind) -> BTreeMap<String, Vec<(String, bool)>> {
    let metadata = metadata();
    let text = |it: &Value| it.as_str().unwrap().to_owned();
    let of_package = |package: &Value| {
        let of_kind = package["dependencies"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|it| match kind {
                Kind::Normal => it["kind"].is_null(),
                Kind::Dev => it["kind"] == "dev",
            });
        let named = of_kind.map(|it| {
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
    let actual: BTreeMap<_, _> = dependencies(Kind::Normal)
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
    let is_in = |table: &[(&str, &[&str])], begin: &str, package: &str| {
        let allowed = table.iter().filter(|it| it.0 == begin);
        allowed.flat_map(|it| it.1).any(|it| *it == package)
    };
    for kind in [Kind::Normal, Kind::Dev] {
        for (package, dependencies) in dependencies(kind) {
            for (library, _) in dependencies.iter().filter(|(_, ours)| !ours) {
                for (begin, _) in RESERVED.iter().filter(|it| library.starts_with(it.0)) {
                    let measures = kind == Kind::Dev;
                    assert!(
                        is_in(RESERVED, begin, &package)
                            || measures && is_in(RESERVED_FOR_MEASURING, begin, &package),
                        "{package} depends on {library}"
                    );
                }
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

/// Clients made elsewhere would escape the guard. The plain loop that the audit is compared with is no part of it.
#[test]
fn sdk_clients_are_made_in_one_place() {
    let crates = crate::harness::root().join("crates");
    let mut found = BTreeSet::new();
    visit(&crates, &mut |path, text| {
        let makes = ["Client::new(", "Client::from_conf("];
        if makes.iter().any(|it| text.contains(it)) {
            found.insert(path.to_owned());
        }
    });
    let places = ["aws/src/client.rs", "cli/benches/organization/plain.rs"];
    assert_eq!(found, BTreeSet::from(places.map(|it| crates.join(it))));
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
