//! The dependency rule: data flows one way, and so do dependencies.

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
};

use aws::{ConnectOptions, Connection, Proxy};
use serde_json::Value;
use simulator::World;

use crate::harness::Stage;

/// Which workspace crates each crate may depend on.
const ALLOWED: &[(&str, &[&str])] = &[
    (
        "mfaudit",
        &[
            "aws",
            "delivery",
            "inventory",
            "model",
            "policy",
            "program",
            "reporting",
            "rules",
            "simulator",
        ],
    ),
    ("mfaudit-aws", &["model"]),
    ("mfaudit-delivery", &["model", "reporting", "rules"]),
    ("mfaudit-enrolment", &["aws", "model", "program"]),
    ("mfaudit-expressions", &["model"]),
    ("mfaudit-inventory", &["aws", "model", "policy"]),
    ("mfaudit-model", &[]),
    ("mfaudit-policy", &[]),
    ("mfaudit-program", &["aws", "model"]),
    ("mfaudit-reporting", &["model", "policy", "rules"]),
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
    ("object_store", &["mfaudit-delivery"]),
    ("parquet", &["mfaudit-delivery", "mfaudit-reporting"]),
    ("clap", &["mfaudit", "mfaudit-enrolment", "mfaudit-program"]),
    ("rayon", &["mfaudit-inventory", "mfaudit-rules"]),
    ("tracing-subscriber", &["mfaudit-program"]),
    (
        "tokio",
        &[
            "mfaudit",
            "mfaudit-aws",
            "mfaudit-delivery",
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

/// What changes IAM is in a program of its own, with whatever features the audit is built.
#[test]
fn the_audit_does_not_link_the_crate_that_enrols() {
    let tree = |package: &str| {
        let output = Command::new(env!("CARGO"))
            .args([
                "tree",
                "--offline",
                "--all-features",
                "--edges=normal,build",
                "--prefix=none",
            ])
            .args(["--package", package])
            .current_dir(crate::harness::root())
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let enrolment = "mfaudit-enrolment ";
    assert!(!tree("mfaudit").contains(enrolment));
    // That it would be found.
    assert!(tree("mfaudit-enrolment").contains(enrolment));
}

/// Were a call that changes something slipped into the audit, it would be stopped before it is sent.
#[test]
fn the_guard_refuses_a_call_that_changes_something() {
    let stage = Stage::new(World::demo());
    let endpoint = stage.simulator().endpoint();
    let caller = ("AKIAIOSFODNN7EXAMPLE".to_owned(), "secret".to_owned());
    let options = ConnectOptions {
        region: Some("us-east-1".to_owned()),
        endpoint_url: Some(endpoint),
        credentials: Some(caller),
        proxy: Proxy::None,
        ..ConnectOptions::default()
    };
    let refused = stage.block_on(async {
        let connection = Connection::open(options, inventory::CALLS).await.unwrap();
        let account = "111111111111".parse().unwrap();
        let iam = connection.iam(&aws::Session::own(&account));
        let create = iam
            .create_virtual_mfa_device()
            .virtual_mfa_device_name("x")
            .send()
            .await;
        let enable = iam
            .enable_mfa_device()
            .user_name("x")
            .serial_number("y")
            .authentication_code1("000000")
            .authentication_code2("000001")
            .send()
            .await;
        // One that is declared passes.
        iam.list_users().send().await.unwrap();
        [
            format!("{:?}", create.unwrap_err()),
            format!("{:?}", enable.unwrap_err()),
        ]
    });
    for (error, operation) in refused
        .iter()
        .zip(["CreateVirtualMFADevice", "EnableMFADevice"])
    {
        assert!(
            error.contains(operation) && error.contains("is not a declared call"),
            "{error}"
        );
    }
    let asked: Vec<_> = stage
        .asked_after(0)
        .into_iter()
        .map(|it| it.action)
        .collect();
    assert_eq!(asked, ["ListUsers"]);
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
