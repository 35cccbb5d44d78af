use std::collections::BTreeMap;

use quick_xml::{Reader, events::Event};

use crate::{
    formats::tests::{PLAIN, named, written},
    sample::{self, Sample},
};

/// What stands in a document: the elements with their attributes, in order.
fn elements(text: &str) -> Vec<(String, BTreeMap<String, String>)> {
    let mut reader = Reader::from_str(text);
    let mut found = Vec::new();
    loop {
        let event = reader.read_event().unwrap();
        if matches!(event, Event::Eof) {
            return found;
        }
        if let Event::Start(it) | Event::Empty(it) = event {
            let attributes = it.attributes().map(|it| {
                let it = it.unwrap();
                let value = quick_xml::escape::unescape(&it.value).unwrap();
                (it.key.as_ref().to_owned(), value.into_owned())
            });
            found.push((it.name().as_ref().to_owned(), attributes.collect()));
        }
    }
}

fn report(sample: &Sample) -> String {
    written(named("junit"), sample, &PLAIN)
}

#[test]
fn every_count_is_the_number_of_what_it_counts() {
    for sample in [sample::mixed(), sample::excused(), sample::hostile(), sample::nothing_in_scope()] {
        let elements = elements(&report(&sample));
        let count = |name: &str| elements.iter().filter(|(it, _)| it == name).count() as u64;
        let told = |of: &str, key: &str| -> u64 {
            let suites = elements.iter().filter(|(it, _)| it == of);
            suites.map(|(_, it)| it[key].parse::<u64>().unwrap()).sum()
        };
        for (key, element) in [
            ("tests", "testcase"),
            ("failures", "failure"),
            ("errors", "error"),
            ("skipped", "skipped"),
        ] {
            assert_eq!(told("testsuites", key), count(element), "{key}");
            assert_eq!(told("testsuite", key), count(element), "{key}");
        }
    }
}

#[test]
fn what_could_not_be_judged_is_an_error() {
    let sample = sample::unseen();
    let elements = elements(&report(&sample));
    let count = |name: &str| elements.iter().filter(|(it, _)| it == name).count();
    assert!(count("testcase") > 0);
    assert_eq!(count("error"), count("testcase"));
}

#[test]
fn accounts_that_nobody_knows_of_are_an_error() {
    let mut sample = sample::clean();
    sample.header.account_list = model::snapshot::AccountList::Cut("throttled".into());
    let text = report(&sample);
    let elements = elements(&text);
    assert_eq!(elements[0].1["errors"], "1");
    assert!(text.contains("the list of accounts was not read to its end: throttled"));
}

#[test]
fn what_xml_may_not_hold_is_spelt_out() {
    let mut sample = sample::mixed();
    sample.records[1].account.name = "a\u{0}b\u{fffe}]]>&<x>\"'".into();
    let text = report(&sample);
    let elements = elements(&text);
    let names = elements.iter().filter_map(|(_, it)| it.get("name"));
    let shown = r#"a\u{0}b\u{fffe}]]>&<x>"'"#;
    assert!(names.clone().any(|it| it.starts_with(shown)), "{text}");
    assert!(!text.contains("]]>"));
}

#[test]
fn a_test_is_known_again_by_class_and_name() {
    let elements = elements(&report(&sample::mixed()));
    let cases: Vec<_> = elements.iter().filter(|(it, _)| it == "testcase").collect();
    let unique: std::collections::BTreeSet<_> = cases.iter().map(|(_, it)| (&it["classname"], &it["name"])).collect();
    assert_eq!(unique.len(), cases.len());
}
