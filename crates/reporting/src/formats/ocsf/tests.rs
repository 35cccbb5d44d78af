use serde_json::Value;

use crate::{
    formats::tests::{PLAIN, holds_an_empty_text, named, written},
    sample::{self, Sample},
};

fn events(sample: &Sample) -> Vec<Value> {
    let text = written(named("ocsf"), sample, &PLAIN);
    text.lines()
        .map(|it| serde_json::from_str(it).unwrap())
        .collect()
}

#[test]
fn what_is_required_is_there_and_adds_up() {
    for event in events(&sample::compared()) {
        let number = |key: &str| event[key].as_u64().unwrap();
        assert_eq!(number("class_uid"), 2003);
        assert_eq!(number("type_uid"), 2003 * 100 + number("activity_id"));
        assert_eq!(number("time") % 1000, 0);
        assert!(number("time") > 1_700_000_000_000);
        assert_eq!(event["metadata"]["version"], "1.5.0");
        assert_eq!(event["metadata"]["tenant_uid"], "o-ab12cd34");
        assert_eq!(event["cloud"]["org"]["uid"], "o-ab12cd34");
        assert!(event["finding_info"]["uid"].is_string());
    }
}

#[test]
fn a_gap_is_unknown_and_as_bad_as_a_failure_and_a_waived_failure_is_suppressed() {
    let mut suppressed = 0;
    let events = events(&sample::excused());
    for event in &events {
        let waived = event["unmapped"].get("waiver").is_some();
        let (status, compliance) = match (event["unmapped"]["status"].as_str().unwrap(), waived) {
            ("pass", _) => (4, 1),
            ("fail", true) => (3, 3),
            ("fail", false) => (1, 3),
            ("not-applicable", _) => (99, 99),
            _ => (0, 0),
        };
        assert_eq!(event["status_id"], status);
        assert_eq!(event["compliance"]["status_id"], compliance);
        let of_rule = &event["compliance"]["checks"][0]["severity_id"];
        let is_bad = compliance == 3 || compliance == 0;
        assert_eq!(event["severity_id"] == *of_rule && *of_rule != 1, is_bad);
        suppressed += usize::from(waived);
    }
    assert!(suppressed > 1);
}

#[test]
fn a_finding_keeps_its_name_and_every_run_is_another_event() {
    let uids = |sample: &Sample| -> Vec<(String, String)> {
        let events = events(sample);
        let uid = |it: &Value| it["uid"].as_str().unwrap().to_owned();
        events.iter().map(|it| (uid(&it["finding_info"]), uid(&it["metadata"]))).collect()
    };
    let first = uids(&sample::mixed());
    let mut later = sample::mixed();
    later.header.collected_at = Some("2026-12-24T06:00:00Z".parse().unwrap());
    for ((finding, event), (again, other)) in first.iter().zip(uids(&later)) {
        assert_eq!(*finding, again);
        assert_ne!(*event, other);
    }
    let unique: std::collections::BTreeSet<_> = first.iter().collect();
    assert_eq!(unique.len(), first.len());
}

#[test]
fn no_text_is_empty() {
    for sample in [sample::hostile(), sample::standalone(), sample::unseen()] {
        assert!(!events(&sample).iter().any(holds_an_empty_text));
    }
}
