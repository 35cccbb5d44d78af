//! Evidence that others published, where it is at hand: beside the workspace, in `../shared/evidence`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use rules::Status;
use serde::Deserialize;

use super::{ACCOUNT, Evidence, EvidenceOptions, all, given};

/// Returns the folder, or says that the test is skipped.
fn published() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/evidence");
    if folder.is_dir() {
        return Some(folder);
    }
    skip(&folder);
    None
}

#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn skip(folder: &Path) {
    eprintln!("skipped: {} is not here", folder.display());
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

#[test]
fn no_published_file_makes_it_panic() {
    let Some(folder) = published() else {
        return;
    };
    let mut read = 0;
    for file in files(&folder) {
        for options in [EvidenceOptions::default(), given(ACCOUNT)] {
            match Evidence::open(std::slice::from_ref(&file), options) {
                Ok(mut evidence) => {
                    assert!(
                        all(&mut evidence).iter().all(model::Record::is_consistent),
                        "{}",
                        file.display()
                    );
                    read += 1;
                }
                Err(error) => assert!(
                    error.to_string().contains(&file.display().to_string()),
                    "{error}"
                ),
            }
        }
    }
    assert!(read > 40, "only {read} were read");
}

#[test]
fn no_published_file_cut_short_makes_it_panic() {
    let Some(folder) = published() else {
        return;
    };
    let scratch = tempfile::tempdir().unwrap();
    for file in files(&folder.join("credential-report")) {
        let whole = fs::read(&file).unwrap();
        let cut = scratch.path().join(file.file_name().unwrap());
        for part in 1..8 {
            fs::write(&cut, &whole[..whole.len() * part / 8]).unwrap();
            if let Ok(mut evidence) = Evidence::open(std::slice::from_ref(&cut), given(ACCOUNT)) {
                assert!(
                    all(&mut evidence).iter().all(model::Record::is_consistent),
                    "{}",
                    file.display()
                );
            }
        }
    }
}

/// What must be found in a published report.
#[derive(Deserialize)]
struct Expected {
    #[serde(rename = "iam-user-console-mfa")]
    users: Option<Users>,
    #[serde(rename = "root-user-mfa")]
    root: Option<String>,
    needs: Option<String>,
}

#[derive(Debug, Deserialize, Eq, PartialEq)]
struct Users {
    fail: BTreeSet<String>,
    pass: BTreeSet<String>,
    indeterminate: BTreeSet<String>,
}

#[test]
fn published_reports_have_the_statuses_that_are_listed() {
    let Some(folder) = published() else {
        return;
    };
    let list = fs::read_to_string(folder.join("expected_credential_reports.json")).unwrap();
    let list: BTreeMap<String, Expected> = serde_json::from_str(&list).unwrap();
    assert!(list.len() > 20);
    for (name, expected) in list {
        let file = folder.join("credential-report").join(&name);
        let options = if expected.needs.is_some() {
            given(ACCOUNT)
        } else {
            EvidenceOptions::default()
        };
        let evidence = Evidence::open(&[file], options);
        let (Some(users), Some(root)) = (expected.users, expected.root) else {
            assert!(evidence.is_err(), "{name} is told apart by guessing");
            continue;
        };
        let records = all(&mut evidence.unwrap());
        assert_eq!(records.len(), 1, "{name}");
        let mut found = Users {
            fail: BTreeSet::new(),
            pass: BTreeSet::new(),
            indeterminate: BTreeSet::new(),
        };
        let mut found_root = None;
        for finding in rules::evaluate_record(
            &records[0],
            &rules::Criteria::of(rules::CATALOG),
            &rules::RunContext::default(),
        ) {
            match finding.rule.id {
                "root-user-mfa" => found_root = Some(finding.status.name()),
                "iam-user-console-mfa" => {
                    let user = finding
                        .subject
                        .arn
                        .resource()
                        .rsplit('/')
                        .next()
                        .unwrap()
                        .to_owned();
                    match finding.status {
                        Status::Fail => found.fail.insert(user),
                        Status::Pass => found.pass.insert(user),
                        Status::Indeterminate => found.indeterminate.insert(user),
                        Status::NotApplicable => false,
                    };
                }
                _ => {}
            }
        }
        assert_eq!(found, users, "{name}");
        assert_eq!(found_root, Some(root.as_str()), "{name}");
    }
}

#[test]
fn published_authorization_details_name_the_users_that_are_listed() {
    let Some(folder) = published() else {
        return;
    };
    let listed: BTreeMap<&str, &[&str]> = BTreeMap::from([
        (
            "salesforce__cloudsplaining__example-authz-details.json",
            &["biden", "obama", "userwithlotsofpermissions"][..],
        ),
        (
            "salesforce__cloudsplaining__example_authz_v2.json",
            &["BlakeBortles"],
        ),
        (
            "duo-labs__cloudmapper__iam-get-account-authorization-details.json",
            &["USER", "USER_WITH_BAD_INLINE_POLICY"],
        ),
        (
            "aws__aws-cli__iam_get-account-authorization-details.block1.json",
            &["Alice", "Bob", "Charlie"],
        ),
        ("WithSecureLabs__IAMSpy__basic-allow.json", &[]),
        ("WithSecureLabs__IAMSpy__batch-allow.json", &[]),
    ]);
    let details = folder.join("authorization-details");
    for file in files(&details) {
        let mut evidence = Evidence::open(std::slice::from_ref(&file), given(ACCOUNT)).unwrap();
        let record = all(&mut evidence).remove(0);
        let name = file.file_name().unwrap().to_str().unwrap();
        for user in &record.iam_users.items {
            assert!(user.mfa.known().is_none(), "{name} says nothing of MFA");
            assert!(user.direct_policies.known().is_some(), "{name}");
        }
        let Some(expected) = listed.get(name) else {
            continue;
        };
        let users: Vec<_> = record.iam_users.items.iter().map(|it| &*it.name).collect();
        assert_eq!(users, *expected, "{name}");
        let cut = name.starts_with("aws__");
        assert_eq!(
            record.iam_users.gap.is_some(),
            cut || expected.is_empty(),
            "{name}"
        );
    }
}
