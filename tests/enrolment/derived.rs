//! Files that are derived from code are committed, and equal to what the code says.
//!
//! Run with `BLESS=1` to rewrite them.

use std::{env, fs, path::Path};

use crate::harness::printed;

fn assert_derived(path: &str, actual: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../docs")
        .join(path);
    if env::var_os("BLESS").is_some() {
        fs::write(&path, actual).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == actual,
        "{} is not what the code says: run the tests with BLESS=1",
        path.display()
    );
}

#[test]
fn the_policies_that_are_shown_are_those_that_are_printed() {
    for who in ["self", "administrator"] {
        let path = format!("permissions/enrolment-{who}.json");
        assert_derived(&path, &printed(&["policy", "--for", who]));
    }
}

/// The page ends with the help of every command.
#[test]
fn the_page_shows_the_command_line() {
    const BEGIN: &str = "## The command line\n\n```text\n";
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/enrolment.md");
    let page = fs::read_to_string(page).unwrap();
    let (before, _) = page.split_once(BEGIN).unwrap();
    let commands: [&[&str]; 5] = [
        &["--help"],
        &["resync", "-h"],
        &["devices", "-h"],
        &["remove-orphans", "-h"],
        &["policy", "-h"],
    ];
    let shown = commands.map(|arguments| {
        let command = arguments.join(" ");
        format!("$ mfaudit-enroll {command}\n{}", printed(arguments))
    });
    let shown = shown.join("\n");
    let shown = shown.trim_end();
    assert_derived("enrolment.md", &format!("{before}{BEGIN}{shown}\n```\n"));
}
