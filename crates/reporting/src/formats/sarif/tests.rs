use std::collections::BTreeSet;

use serde_json::Value;

use super::Sarif;
use crate::{
    Appearance, Format, Sink,
    formats::tests::{PLAIN, holds_an_empty_text, named, written},
    sample::{self, Sample},
};

fn run_of(format: &Format, sample: &Sample) -> Value {
    let document: Value = serde_json::from_str(&written(format, sample, &PLAIN)).unwrap();
    document["runs"][0].clone()
}

fn run(sample: &Sample) -> Value {
    run_of(named("sarif"), sample)
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().unwrap()
}

/// The format, with room for ten results.
fn small() -> Format {
    fn open(out: Box<dyn std::io::Write>, _: &Appearance) -> Box<dyn Sink> {
        Box::new(Sarif::new(out, 10))
    }
    Format {
        open,
        ..*named("sarif")
    }
}

#[test]
fn failures_come_first_then_what_could_not_be_judged_and_nothing_else() {
    for sample in [sample::mixed(), sample::hostile(), sample::excused()] {
        let run = run(&sample);
        let kinds: Vec<_> = list(&run, "results").iter().map(|it| it["kind"].as_str().unwrap()).collect();
        let fails = kinds.iter().take_while(|it| **it == "fail").count();
        assert!(fails > 0 && fails < kinds.len());
        assert!(kinds.iter().skip(fails).all(|it| *it == "open"));
        for result in list(&run, "results") {
            assert_eq!(result["kind"] == "fail", result["level"] != "none");
        }
    }
}

#[test]
fn every_rule_that_was_evaluated_is_in_the_driver_and_results_point_at_theirs() {
    let sample = sample::mixed();
    let run = run(&sample);
    let rules = list(&run["tool"]["driver"], "rules");
    let ids: Vec<_> = rules.iter().map(|it| it["id"].as_str().unwrap()).collect();
    let evaluated: Vec<_> = sample.rules.iter().map(|it| it.id).collect();
    assert_eq!(ids, evaluated);
    for result in list(&run, "results") {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(result["ruleId"], ids[index]);
    }
    for rule in rules {
        for relationship in list(rule, "relationships") {
            let component = &relationship["target"]["toolComponent"];
            let index = usize::try_from(component["index"].as_u64().unwrap()).unwrap();
            let taxonomy = &list(&run, "taxonomies")[index];
            assert_eq!(taxonomy["name"], component["name"]);
            let taxa = list(taxonomy, "taxa");
            assert!(taxa.iter().any(|it| it["id"] == relationship["target"]["id"]));
        }
    }
}

#[test]
fn fingerprints_are_unique_and_the_same_in_every_run() {
    let prints = |sample: &Sample| -> Vec<String> {
        let run = run(sample);
        let results = list(&run, "results").iter();
        let print = |it: &Value| it["partialFingerprints"]["primaryLocationLineHash"].as_str().unwrap().to_owned();
        results.map(print).collect()
    };
    let first = prints(&sample::mixed());
    let mut later = sample::mixed();
    later.header.collected_at = Some("2026-12-24T06:00:00Z".parse().unwrap());
    assert_eq!(first, prints(&later));
    assert_eq!(first.iter().collect::<BTreeSet<_>>().len(), first.len());
}

#[test]
fn a_waived_failure_is_a_failure_that_is_suppressed() {
    let run = run(&sample::excused());
    let mut suppressed = 0;
    for result in list(&run, "results") {
        for suppression in list(result, "suppressions") {
            suppressed += 1;
            assert_eq!(result["kind"], "fail");
            assert_eq!(suppression["kind"], "external");
            assert!(suppression["justification"].is_string());
        }
    }
    assert!(suppressed > 1);
}

#[test]
fn a_run_that_did_not_see_everything_was_no_success_and_says_why() {
    for (sample, whole) in [
        (sample::clean(), true),
        (sample::clean_with_gaps(), false),
        (sample::waived(), false),
        (sample::mixed(), false),
    ] {
        let run = run(&sample);
        let invocation = &list(&run, "invocations")[0];
        assert_eq!(invocation["executionSuccessful"], whole);
        let errors = list(invocation, "toolExecutionNotifications").iter();
        assert_eq!(errors.filter(|it| it["level"] == "error").count() == 0, whole);
    }
    let mut sample = sample::clean();
    sample.header.account_list = model::snapshot::AccountList::Cut("throttled".into());
    let run = run(&sample);
    assert_eq!(list(&run, "invocations")[0]["executionSuccessful"], false);
}

#[test]
fn where_there_are_too_many_the_worst_are_told_and_the_cut_is_stated() {
    let sample = sample::large();
    let whole = run(&sample);
    let cut = run_of(&small(), &sample);
    assert_eq!(list(&cut, "results").len(), 10);
    let critical = |run: &Value| {
        let results = list(run, "results").iter();
        results.filter(|it| it["kind"] == "fail" && it["properties"]["severity"] == "critical").count()
    };
    assert!(critical(&whole) > 0 && list(&whole, "results").len() > 20);
    assert_eq!(critical(&cut), critical(&whole).min(10));
    let counts = &cut["properties"]["results"];
    let sum: u64 = counts.as_object().unwrap().values().map(|it| it.as_u64().unwrap()).sum();
    assert_eq!(sum, list(&whole, "results").len() as u64);
    let first = &list(&list(&cut, "invocations")[0], "toolExecutionNotifications")[0];
    assert_eq!(first["descriptor"]["id"], "results-left-out");
    assert!(first["message"]["text"].as_str().unwrap().starts_with("10 results told"));
}

#[test]
fn what_could_not_be_judged_takes_the_room_that_failures_leave() {
    let cut = run_of(&small(), &sample::mixed());
    let kinds: Vec<_> = list(&cut, "results").iter().map(|it| it["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds.len(), 10);
    let all = run(&sample::mixed());
    let fails = list(&all, "results").iter().filter(|it| it["kind"] == "fail").count();
    assert_eq!(kinds.iter().filter(|it| **it == "fail").count(), fails.min(10));
}

#[test]
fn no_text_is_empty_and_no_name_makes_a_link() {
    for sample in [sample::hostile(), sample::standalone(), sample::saved_evidence(), sample::unseen()] {
        assert!(!holds_an_empty_text(&run(&sample)));
    }
    let mut sample = sample::mixed();
    sample.records[1].account.name = "[click](https://example.com)".into();
    let run = run(&sample);
    let texts = list(&run, "results").iter().map(|it| it["message"]["text"].as_str().unwrap());
    assert!(texts.clone().any(|it| it.contains(r"\[click\](https://example.com)")));
    assert!(!texts.into_iter().any(|it| it.contains("[click](")));
}

#[test]
fn texts_are_as_short_as_github_takes() {
    let run = run(&sample::hostile());
    for rule in list(&run["tool"]["driver"], "rules") {
        for key in ["shortDescription", "fullDescription"] {
            assert!(rule[key]["text"].as_str().unwrap().chars().count() <= 1024);
        }
        assert!(list(&rule["properties"], "tags").len() <= 10);
        let severity: f64 = rule["properties"]["security-severity"].as_str().unwrap().parse().unwrap();
        assert!((0.1..=10.0).contains(&severity));
    }
}
