//! What must hold of the configuration file as a whole.

use std::collections::BTreeSet;

use clap::CommandFactory;
use toml::de::DeTable;

use super::{
    ConfigFile, collection, gate, mistakes::Mistakes, role, schema, scope, section::Section,
    table::Table,
};
use crate::args::Args;

fn mistakes(text: &str) -> String {
    let path = std::path::Path::new("mfaudit.toml");
    ConfigFile::parse(path, text).unwrap_err().to_string()
}

#[test]
fn an_empty_file_says_nothing() {
    let path = std::path::Path::new("mfaudit.toml");
    for text in ["", "# a remark\n"] {
        let config = ConfigFile::parse(path, text).unwrap();
        assert!(config.coverage_waivers.is_empty());
    }
}

#[test]
fn what_is_no_toml_is_told_with_its_place() {
    let told = mistakes("a = 1\n[[coverage-waiver\n");
    assert!(told.contains("mfaudit.toml:2:"), "{told}");
}

#[test]
fn an_unknown_section_is_a_mistake_with_what_may_be_meant() {
    let told = mistakes("\n[[coverage-waivers]]\n");
    assert_eq!(
        told,
        "the configuration has a mistake:\n  mfaudit.toml:2:3: unknown key `coverage-waivers`: did you mean \
         `coverage-waiver`?"
    );
}

#[test]
fn every_mistake_is_told_in_one_run_in_the_order_of_the_file() {
    let told = mistakes(
        "[[coverage-waiver]]\naccount = \"12\"\nreason = \"\"\nexpire = 2026-02-30\n\n[scop]\nä = 1\n",
    );
    let places = told
        .lines()
        .skip(1)
        .map(|it| it.trim().split(' ').next().unwrap());
    let expected = [
        "1:1:", "1:1:", "2:11:", "3:10:", "4:1:", "4:10:", "6:2:", "7:1:",
    ];
    assert_eq!(
        places.collect::<Vec<_>>(),
        expected.map(|it| format!("mfaudit.toml:{it}")),
        "{told}"
    );
    assert!(
        told.starts_with("the configuration has 8 mistakes:"),
        "{told}"
    );
}

#[test]
fn the_schema_has_every_section_that_is_read_and_no_other() {
    let mut mistakes = Mistakes::new(std::path::Path::new("c.toml"), "");
    let (document, _) = DeTable::parse_recoverable("");
    let mut table = Table::new(&document);
    ConfigFile::sections(&mut table, &mut mistakes);
    let read: BTreeSet<_> = table.asked().iter().copied().collect();
    let schema = schema();
    let described: BTreeSet<_> = schema["properties"].as_object().unwrap().keys().collect();
    assert_eq!(
        described,
        read.iter()
            .map(|it| (*it).to_owned())
            .collect::<Vec<_>>()
            .iter()
            .collect()
    );
}

#[test]
fn every_key_names_an_option_that_there_is() {
    fn flags<T>(section: &Section<T>) -> Vec<(&'static str, &'static str)> {
        section.keys.iter().map(|it| it.flag).collect()
    }
    let mut command = Args::command();
    command.build();
    let audit = command.find_subcommand("audit").unwrap();
    let flags = [
        flags(&scope::SECTION),
        flags(&role::SECTION),
        flags(&collection::SECTION),
        flags(&gate::SECTION),
        vec![
            ("reports", "--format"),
            ("rules", "--rule"),
            ("assume_root", "--assume-root"),
        ],
    ];
    for (id, flag) in flags.concat() {
        let option = audit.get_arguments().find(|it| it.get_id() == id).unwrap();
        assert_eq!(flag, format!("--{}", option.get_long().unwrap()));
    }
}

#[test]
fn what_does_not_go_together_in_the_scope_or_the_reports_is_a_mistake() {
    for (text, told) in [
        (
            "[scope]\naccounts = [\"self\", \"111111111111\"]\n",
            "1:2: \"self\" goes with no other account",
        ),
        (
            "[scope]\naccounts = [\"self\"]\norganizational-units = [\"A\"]\n",
            "1:2: \"self\" goes with no other",
        ),
        (
            "[[report]]\nformat = \"csv\"\n[[report]]\nformat = \"json\"\n",
            "3:1: two reports cannot both go to standard output",
        ),
        (
            "[[report]]\nformat = \"csv\"\nfile = \"a\"\n[[report]]\nformat = \"json\"\nfile = \"a\"\n",
            "4:1: two reports cannot both go to the same file",
        ),
        (
            "[[report]]\nfile = \"a\"\n",
            "1:1: [[report]] has no `format`: add format = \"json\"",
        ),
        (
            "[role]\nname = \"a/b\"\n",
            "2:8: `name`: a role's name has no slash",
        ),
        ("[role]\nname = \"\"\n", "2:8: `name` is empty"),
        (
            "role = 1\n",
            "1:8: `role` is a table: write [role] above its keys",
        ),
        (
            "[collection]\ndeadline = \"5\"\n",
            "2:12: `deadline`: a length of time is",
        ),
        (
            "[collection]\nalso = [\"iam-user\"]\n",
            "2:9: `also` cannot be `iam-user`: did you mean `iam-users`?",
        ),
        (
            "[gate]\nmin-coverage = 101\n",
            "2:16: `min-coverage` is a number from 0 to 100, in percent, not 101",
        ),
        (
            "[gate]\nmin-coverage = \"9\"\n",
            "2:16: `min-coverage` is a number from 0 to 100, in percent, not of type",
        ),
    ] {
        let error = mistakes(text);
        assert!(error.contains(told), "{told}\n{error}");
        assert_eq!(error.lines().count(), 2, "one mistake: {error}");
    }
}
