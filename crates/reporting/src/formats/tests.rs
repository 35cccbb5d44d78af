//! What must hold of every format, present and future.

mod elsewhere;
pub(crate) mod paper;

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use self::paper::{Paper, texts, write};
pub(crate) use self::{
    elsewhere::holds_an_empty_text,
    paper::{bytes, named, written},
};
use super::FORMATS;
use crate::{
    Appearance, Colour, Content, Format, Links, Verbosity,
    document::COLUMNS,
    sample::{self, Sample},
};

pub(crate) const PLAIN: Appearance = Appearance {
    width: 80,
    colour: Colour::Plain,
    links: Links::None,
    verbosity: Verbosity::Everything,
};

pub(super) fn samples() -> [Sample; 12] {
    [
        sample::mixed(),
        sample::clean(),
        sample::clean_with_gaps(),
        sample::unseen(),
        sample::standalone(),
        sample::nothing_in_scope(),
        sample::saved_evidence(),
        sample::hostile(),
        sample::waived(),
        sample::framework(),
        sample::excused(),
        sample::compared(),
    ]
}

#[test]
fn names_and_file_names_are_unique_and_words() {
    let names: BTreeSet<_> = FORMATS.iter().map(|it| it.name).collect();
    let files: BTreeSet<_> = FORMATS.iter().map(|it| it.file_name).collect();
    assert_eq!((names.len(), files.len()), (FORMATS.len(), FORMATS.len()));
    let words = files
        .iter()
        .flat_map(|it| it.split_once('.').map_or([*it, "A"], <[_; 2]>::from));
    for word in names.iter().copied().chain(words) {
        assert!(word.chars().all(|it| it.is_ascii_lowercase()), "{word}");
    }
}

#[test]
fn every_text_is_deterministic_and_ends_in_a_newline() {
    for format in texts() {
        for sample in samples() {
            let text = written(format, &sample, &PLAIN);
            assert_eq!(text, written(format, &sample, &PLAIN), "{}", format.name);
            let of_lines = ["ndjson", "ocsf", "asff"].contains(&format.name);
            let nothing_to_say = text.is_empty() && of_lines;
            assert!(text.ends_with('\n') || nothing_to_say, "{}", format.name);
        }
    }
}

#[test]
fn every_binary_format_is_deterministic_and_no_text() {
    for format in FORMATS.iter().filter(|it| it.content == Content::Binary) {
        for sample in samples() {
            let file = bytes(format, &sample, &PLAIN);
            assert!(file == bytes(format, &sample, &PLAIN), "{}", format.name);
            assert!(file.contains(&0), "{}", format.name);
        }
    }
}

#[test]
fn nothing_a_terminal_obeys_is_written_unless_colours_are_asked_for() {
    let obeyed = |it: char| {
        it != '\n' && (it.is_control() || matches!(it, '\u{200b}' | '\u{202e}' | '\u{2066}'))
    };
    for format in texts() {
        for verbosity in [Verbosity::Summary, Verbosity::Everything] {
            let text = written(
                format,
                &sample::hostile(),
                &Appearance { verbosity, ..PLAIN },
            );
            assert!(!text.contains(obeyed), "{}", format.name);
        }
    }
}

#[test]
fn colours_change_nothing_but_colours() {
    for format in texts() {
        for verbosity in [Verbosity::Summary, Verbosity::Everything] {
            let plain = Appearance { verbosity, ..PLAIN };
            let ansi = Appearance {
                colour: Colour::Ansi,
                ..plain
            };
            let mut text = written(format, &sample::mixed(), &ansi);
            for code in ["1", "2", "1;31", "33", "32", "0"] {
                text = text.replace(&format!("\u{1b}[{code}m"), "");
            }
            assert_eq!(
                text,
                written(format, &sample::mixed(), &plain),
                "{}",
                format.name
            );
        }
    }
}

type Told = BTreeSet<(String, String, String, String)>;

fn told_by_csv(text: &str) -> Told {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(true)
        .from_reader(text.as_bytes());
    let headers = reader.headers().unwrap().clone();
    let rows = reader.into_records().map(Result::unwrap);
    rows.map(|row| {
        let cell = |name| row[headers.iter().position(|it| it == name).unwrap()].to_owned();
        (
            cell("rule"),
            cell("account_id"),
            cell("principal_arn"),
            cell("status"),
        )
    })
    .collect()
}

fn told_by_json<'a>(findings: impl IntoIterator<Item = &'a serde_json::Value>) -> Told {
    let told = |it: &serde_json::Value| {
        let text = |key: &str| it[key].as_str().unwrap().to_owned();
        (
            text("rule"),
            text("account_id"),
            text("principal_arn"),
            text("status"),
        )
    };
    findings.into_iter().map(told).collect()
}

#[test]
fn formats_for_machines_tell_the_same() {
    for sample in samples() {
        let [csv, json, ndjson] =
            ["csv", "json", "ndjson"].map(|it| written(named(it), &sample, &PLAIN));
        let document: serde_json::Value = serde_json::from_str(&json).unwrap();
        let lines: Vec<serde_json::Value> = ndjson
            .lines()
            .map(|it| serde_json::from_str(it).unwrap())
            .collect();
        let findings = document["findings"].as_array().unwrap();
        let has = |key: &'static str| move |it: &&serde_json::Value| it.get(key).is_some();
        for (key, of_summary) in [
            ("coverage_waiver", "coverage_waivers"),
            ("finding_waiver", "waivers"),
        ] {
            let told = lines.iter().filter(has(key)).map(|it| &it[key]);
            let listed = document["summary"][of_summary].as_array().unwrap();
            assert!(told.eq(listed), "{key}");
        }
        let baseline = &document["summary"]["baseline"];
        let listed = ["fixed", "unknown"].map(|it| baseline[it].as_array());
        let past = lines.iter().filter(has("baseline_change"));
        assert!(
            past.map(|it| &it["baseline_change"])
                .eq(listed.into_iter().flatten().flatten())
        );
        let of_findings = lines.iter().filter(has("status"));
        assert!(of_findings.eq(findings));
        let told = told_by_json(findings);
        assert_eq!(told, told_by_csv(&csv));
        let all: usize = sample.judged().iter().map(|(_, it)| it.len()).sum();
        assert_eq!((findings.len(), told.len()), (all, all));
        let counted: u64 = document["summary"]["by_rule"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|it| it["findings"].as_object().unwrap().values())
            .map(|it| it.as_u64().unwrap())
            .sum();
        assert_eq!(counted, all as u64);
    }
}

#[test]
fn every_status_appears() {
    for name in ["csv", "json", "ndjson"] {
        let text = written(named(name), &sample::mixed(), &PLAIN);
        for status in rules::Status::ALL {
            assert!(text.contains(status.name()), "{name}: {status}");
        }
    }
    let text = written(named("table"), &sample::mixed(), &PLAIN);
    for mark in [" pass ", " FAIL ", " n/a ", " GAP "] {
        assert!(text.contains(mark), "{mark}");
    }
}

#[test]
fn csv_columns_are_json_keys_in_the_same_order() {
    let sample = sample::standalone();
    let csv = written(named("csv"), &sample, &PLAIN);
    assert_eq!(csv.lines().next().unwrap(), COLUMNS.join(","));
    let line = written(named("ndjson"), &sample, &PLAIN);
    // In a document of findings a finding's name is its `id`; in a row, which may stand anywhere, its `finding_id`.
    let at = |it: &str| {
        let key = match it {
            "finding_id" => "id",
            it if it.starts_with("waiver_") => "waiver",
            it => it,
        };
        line.find(&format!("\"{key}\":")).unwrap()
    };
    assert!(COLUMNS.is_sorted_by_key(|it| at(it)));
    let object: BTreeMap<String, serde_json::Value> =
        serde_json::from_str(line.lines().next().unwrap()).unwrap();
    let of_waivers = COLUMNS.iter().filter(|it| it.starts_with("waiver_"));
    assert_eq!(object.len(), COLUMNS.len() - of_waivers.count() + 1);
}

#[test]
fn no_cell_of_csv_is_a_formula() {
    no_formula(named("csv"), &COLUMNS);
    no_formula(named("coverage"), &super::coverage::COLUMNS);
}

fn no_formula(format: &Format, columns: &[&str]) {
    let csv = written(format, &sample::hostile(), &PLAIN);
    let mut cells = 0;
    assert_eq!(csv.lines().next().unwrap(), columns.join(","));
    for row in csv::Reader::from_reader(csv.as_bytes()).records() {
        for (column, cell) in columns.iter().zip(&row.unwrap()) {
            let number = cell.parse::<i64>().is_ok()
                && ["evidence_age_seconds", "age_days"].contains(column);
            let start = cell.trim_start();
            assert!(
                number || !start.starts_with(['=', '+', '-', '@']),
                "{column}: {cell}"
            );
            cells += 1;
        }
    }
    assert!(cells > 100);
    assert!(!csv.contains('\r'), "line ends are LF");
}

#[test]
fn names_read_back_from_json_as_they_are() {
    let json = written(named("json"), &sample::hostile(), &PLAIN);
    let document: serde_json::Value = serde_json::from_str(&json).unwrap();
    let findings = document["findings"].as_array().unwrap();
    let names: BTreeSet<_> = findings
        .iter()
        .map(|it| it["account_name"].as_str().unwrap())
        .collect();
    assert_eq!(names, sample::HOSTILE.into_iter().collect());
}

#[test]
fn a_full_disk_is_an_error_and_no_panic() {
    for format in FORMATS {
        for sample in [sample::mixed(), sample::hostile()] {
            let whole = bytes(format, &sample, &PLAIN).len();
            for room in (0..whole).step_by(whole / 40 + 1).chain([whole - 1]) {
                let paper = Paper {
                    text: Rc::default(),
                    room,
                };
                let result = write(format, &sample, &PLAIN, &paper);
                assert!(result.is_err(), "{} with room for {room}", format.name);
            }
        }
    }
}

#[test]
fn no_line_of_the_table_is_wider_than_the_screen() {
    for sample in samples() {
        for width in [60, 80, 120, 200] {
            for verbosity in [Verbosity::Summary, Verbosity::Everything] {
                let look = Appearance {
                    width,
                    verbosity,
                    ..PLAIN
                };
                let text = written(named("table"), &sample, &look);
                for line in text.lines() {
                    assert!(line.chars().count() <= width, "{width}: {line}");
                    assert_eq!(line.trim_end(), line);
                }
            }
        }
    }
}
