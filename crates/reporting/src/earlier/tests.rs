//! What is read of an earlier report, and what is refused.

use std::sync::Arc;

use rules::{Change, Comparison, Criteria, RunContext, Sight, Standing, evaluate_record};
use serde_json::{Value, json};

use super::read_baseline;
use crate::{
    Appearance, Colour, Links, Verbosity,
    formats::tests::{named, written},
    sample::{self, Sample},
};

fn report(sample: &Sample) -> String {
    let look = Appearance {
        width: 80,
        colour: Colour::Plain,
        links: Links::None,
        verbosity: Verbosity::Summary,
    };
    written(named("json"), sample, &look)
}

fn refused(text: &str) -> String {
    read_baseline(text.as_bytes()).unwrap_err().to_string()
}

#[test]
fn a_run_that_is_compared_with_its_own_report_has_nothing_new_and_nothing_fixed() {
    for sample in [sample::mixed(), sample::large(), sample::standalone()] {
        let baseline = Arc::new(read_baseline(report(&sample).as_bytes()).unwrap());
        let criteria = Criteria {
            baseline: Some(Arc::clone(&baseline)),
            ..Criteria::of(&sample.rules)
        };
        let mut comparison = Comparison::new(baseline, &sample.header, &sample.rules);
        for record in &sample.records {
            let findings = evaluate_record(record, &criteria, &RunContext::of(&sample.header));
            let changes = findings.iter().filter_map(|it| it.change);
            assert!(changes.into_iter().all(|it| it == Change::Known));
            comparison.add(record, &findings);
        }
        let counts = comparison.finish().counts;
        assert!(counts.known > 0);
        let others = [counts.new, counts.new_rule, counts.fixed, counts.unknown];
        assert_eq!(others, [0; 4]);
    }
}

#[test]
fn times_and_what_is_unknown_are_carried_over() {
    let mut sample = sample::compared();
    sample.baseline = Some(Arc::new(read_baseline(report(&sample).as_bytes()).unwrap()));
    let again: Value = serde_json::from_str(&report(&sample)).unwrap();
    let baseline = &again["summary"]["baseline"];
    let unknown: Vec<_> = baseline["unknown"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| [&it["principal_arn"], &it["first_seen"], &it["last_seen"]].map(Value::clone))
        .collect();
    let held = "arn:aws:iam::100000000005:user/held";
    let fay = "arn:aws:iam::100000000007:user/fay";
    let (first, last) = ("2026-08-01T06:00:00Z", "2026-11-20T06:00:00Z");
    let expected = [[held, first, last], [fay, last, last]].map(|it| it.map(|it| json!(it)));
    assert_eq!(unknown, expected);
    let findings = again["findings"].as_array().unwrap();
    let ana = findings
        .iter()
        .find(|it| it["principal_arn"] == "arn:aws:iam::100000000002:user/ana")
        .unwrap();
    assert_eq!(
        (&ana["change"], &ana["first_seen"]),
        (&json!("known"), &json!(first))
    );
}

#[test]
fn a_report_tells_whether_its_run_saw_enough_whatever_closed_its_gate() {
    let of = |summary: Value| {
        let mut document: Value = serde_json::from_str(&report(&sample::compared())).unwrap();
        let into = document["summary"].as_object_mut().unwrap();
        for (key, value) in summary.as_object().unwrap() {
            match (into.get_mut(key), value.as_object()) {
                (Some(Value::Object(into)), Some(from)) => into.extend(from.clone()),
                _ => drop(into.insert(key.clone(), value.clone())),
            }
        }
        let told = read_baseline(document.to_string().as_bytes());
        told.unwrap().sight
    };
    let failing = |coverage: Value| {
        let whole = json!({"percent": 97.5, "percent_not_waived": 100.0, "account_list_cut": null,
            "management_unseen": 0, "management_waived": 0});
        let mut all = whole.as_object().unwrap().clone();
        all.extend(coverage.as_object().unwrap().clone());
        of(json!({"decision": "failures", "min_coverage": 99.5, "coverage": all}))
    };
    assert_eq!(of(json!({"decision": "open"})), Sight::Enough);
    assert_eq!(of(json!({"decision": "incomplete"})), Sight::TooLittle);
    assert_eq!(
        of(json!({"decision": "failures", "min_coverage": null})),
        Sight::Unknown
    );
    for (coverage, expected) in [
        (json!({}), Sight::Enough),
        (json!({"percent_not_waived": 99.5}), Sight::Enough),
        (json!({"percent_not_waived": 99.49}), Sight::TooLittle),
        (json!({"percent_not_waived": null}), Sight::Enough),
        (
            json!({"percent_not_waived": null, "percent": null}),
            Sight::TooLittle,
        ),
        (json!({"account_list_cut": "throttled"}), Sight::TooLittle),
        (json!({"management_unseen": 1}), Sight::TooLittle),
        (
            json!({"management_unseen": 1, "management_waived": 1}),
            Sight::Enough,
        ),
    ] {
        assert_eq!(failing(coverage.clone()), expected, "{coverage}");
    }
}

#[test]
fn keys_may_be_in_any_order_and_unknown_ones_are_ignored() {
    let text = report(&sample::compared());
    // A `Value` keeps its keys in alphabetical order: the version comes last.
    let mut document: Value = serde_json::from_str(&text).unwrap();
    document["a_key_of_tomorrow"] = json!({"nested": [1, null, {"deep": "text"}]});
    document["findings"][0]["another"] = json!([true]);
    document["summary"]["baseline"]["third"] = json!("x");
    let told = |text: &str| format!("{:?}", read_baseline(text.as_bytes()).unwrap());
    assert_eq!(told(&document.to_string()), told(&text));
}

#[test]
fn what_was_waived_in_the_report_was_not_accepted_for_good() {
    let mut document: Value = serde_json::from_str(&report(&sample::standalone())).unwrap();
    let findings = document["findings"].as_array_mut().unwrap();
    let failing = findings.iter_mut().filter(|it| it["status"] == "fail");
    failing.for_each(|it| it["waiver"] = json!({"owner": "ana"}));
    let baseline = read_baseline(document.to_string().as_bytes()).unwrap();
    let excused = format!("{baseline:?}")
        .matches(&format!("{:?}", Standing::Excused))
        .count();
    assert_eq!(excused, 1);
    let mut sample = sample::standalone();
    sample.baseline = Some(Arc::new(baseline));
    let judged = sample.judged();
    let changes = judged
        .iter()
        .flat_map(|(_, it)| it)
        .filter_map(|it| it.change);
    assert_eq!(changes.collect::<Vec<_>>(), [Change::Lapsed]);
}

#[test]
fn a_report_that_was_cut_anywhere_is_refused() {
    let text = report(&sample::standalone());
    let whole = text.trim_end();
    assert!(read_baseline(whole.as_bytes()).is_ok());
    for end in (0..whole.len()).step_by(7) {
        assert!(read_baseline(&whole.as_bytes()[..end]).is_err(), "{end}");
    }
    assert!(refused(&format!("{text}{{}}")).contains("trailing characters"));
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let document: Value = serde_json::from_str(&report(&sample::standalone())).unwrap();
    let with = |pointer: &str, value: Value| {
        let mut document = document.clone();
        *document.pointer_mut(pointer).unwrap() = value;
        refused(&serde_json::to_string_pretty(&document).unwrap())
    };
    for (pointer, value, told) in [
        (
            "/schema",
            json!("mfaudit-diff"),
            "its `schema` is not `mfaudit-report`",
        ),
        (
            "/version",
            json!(2),
            "has version 2, and this version reads up to 1",
        ),
        ("/version", json!(0), "there is no version 0"),
        ("/version", json!("1"), "invalid type: string"),
        (
            "/collected_at",
            json!("yesterday"),
            "`yesterday` is not a point in time",
        ),
        (
            "/findings/0/status",
            json!("failed"),
            "`failed` is none of pass, fail",
        ),
        (
            "/findings/0/principal_kind",
            json!("robot"),
            "`robot` is none of root-user",
        ),
        (
            "/findings/0/principal_arn",
            json!("alice"),
            "`alice` is not an ARN",
        ),
        ("/findings", json!({}), "expected a list"),
        ("/summary", json!(null), "invalid type: null"),
    ] {
        let error = with(pointer, value);
        assert!(error.contains(told), "{pointer}: {error}");
        assert!(error.contains(" at line "), "{pointer}: {error}");
    }
    let error = with("/summary/findings/fail", json!(7));
    assert!(
        error.contains("it lists 1 findings that it counts as 7"),
        "{error}"
    );
    for key in ["schema", "version", "rules", "summary", "findings"] {
        let mut document = document.clone();
        document.as_object_mut().unwrap().remove(key);
        let error = refused(&document.to_string());
        assert!(error.contains(&format!("it has no `{key}`")), "{error}");
    }
    for text in [
        "",
        "[]",
        "7",
        "\"x\"",
        "null",
        "{]",
        &"[".repeat(1000),
        &"{\"a\":".repeat(1000),
    ] {
        refused(text);
    }
}
