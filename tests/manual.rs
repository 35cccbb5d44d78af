//! Manual pages and completions.

use std::fs;

use crate::harness::{Run, mfaudit};

/// Returns the names of all commands that `text` of `mfaudit help` lists.
fn commands() -> Vec<String> {
    let run = Run::of(mfaudit(&["--help"]).output().unwrap());
    let (_, list) = run.stdout.split_once("Commands:\n").unwrap();
    let lines = list.lines().take_while(|it| !it.is_empty());
    let names = lines.filter(|it| it.starts_with("  ") && !it.starts_with("   "));
    let names = names.map(|it| it.split_whitespace().next().unwrap().to_owned());
    names.filter(|it| it != "help").collect()
}

#[test]
fn every_command_has_a_manual_page_with_all_its_options() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let run = Run::of(mfaudit(&["man", "--output-dir", path]).output().unwrap());
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(commands().len() > 15);
    for command in commands() {
        let page = fs::read_to_string(format!("{path}/mfaudit-{command}.1")).unwrap();
        let one = Run::of(mfaudit(&["man", &command]).output().unwrap());
        assert_eq!(one.stdout, page, "{command}");
        assert!(
            page.contains(&format!(".TH mfaudit-{command} 1 ")),
            "{page}"
        );
        if command == "enroll" {
            // Its help is the other program's.
            continue;
        }
        let help = Run::of(mfaudit(&[&command, "--help"]).output().unwrap()).stdout;
        let words = help
            .lines()
            .filter_map(|it| it.split_whitespace().find(|it| it.starts_with("--")));
        for option in words.filter(|it| it.trim_start().len() > 2) {
            let name: String = option
                .chars()
                .take_while(|it| it.is_ascii_alphanumeric() || *it == '-')
                .collect();
            assert!(
                page.contains(&name.replace('-', "\\-")),
                "{command}: {name}"
            );
        }
    }
    let own = Run::of(mfaudit(&["man"]).output().unwrap()).stdout;
    assert_eq!(
        own,
        fs::read_to_string(format!("{path}/mfaudit.1")).unwrap()
    );
    assert!(fs::read_to_string(format!("{path}/mfaudit-rules-list.1")).is_ok());
    assert!(fs::metadata(format!("{path}/mfaudit-docs.1")).is_err());
}

#[test]
fn every_shell_gets_completions_of_every_command() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let run = Run::of(mfaudit(&["completions", shell]).output().unwrap());
        assert_eq!(run.status, 0, "{}", run.stderr);
        for command in commands() {
            assert!(run.stdout.contains(&command), "{shell}: {command}");
        }
    }
}
