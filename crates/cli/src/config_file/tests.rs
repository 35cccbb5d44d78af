//! What must hold of the configuration file as a whole.

use super::ConfigFile;

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
