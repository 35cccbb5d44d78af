//! The formats of others, read back, tell what the JSON report tells, within what each of them holds.

use std::collections::BTreeSet;

use quick_xml::{Reader, events::Event};
use serde_json::Value;

use super::{PLAIN, named, samples, written};
use crate::sample::{self, HOSTILE, Sample};

/// What a finding is about and how it ended: rule, account, principal, status, and whether it is waived.
type Told = BTreeSet<(String, String, String, String, bool)>;

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// Tells whether a text within the value is empty, which many readers refuse.
pub(crate) fn holds_an_empty_text(value: &Value) -> bool {
    let within_list = value.as_array().into_iter().flatten();
    let within_map = value.as_object().into_iter().flat_map(|it| it.values());
    value.as_str().is_some_and(str::is_empty)
        || within_list.chain(within_map).any(holds_an_empty_text)
}

fn json(sample: &Sample) -> Vec<Value> {
    let document = written(named("json"), sample, &PLAIN);
    let document: Value = serde_json::from_str(&document).unwrap();
    document["findings"].as_array().unwrap().clone()
}

fn told_by_json(sample: &Sample) -> Told {
    let told = |it: &Value| {
        let texts = ["rule", "account_id", "principal_arn", "status"].map(|key| text(&it[key]));
        let [rule, account, principal, status] = texts;
        (rule, account, principal, status, !it["waiver"].is_null())
    };
    json(sample).iter().map(told).collect()
}

fn lines(format: &str, sample: &Sample) -> Vec<Value> {
    let text = written(named(format), sample, &PLAIN);
    text.lines()
        .map(|it| serde_json::from_str(it).unwrap())
        .collect()
}

fn told_by_ocsf(sample: &Sample) -> Told {
    let told = |it: &Value| {
        let status = match it["compliance"]["status_id"].as_u64().unwrap() {
            1 => "pass",
            3 => "fail",
            99 => "not-applicable",
            _ => "indeterminate",
        };
        (
            text(&it["compliance"]["control"]),
            text(&it["cloud"]["account"]["uid"]),
            text(&it["resources"][0]["uid"]),
            status.to_owned(),
            it["status_id"] == 3,
        )
    };
    lines("ocsf", sample).iter().map(told).collect()
}

fn told_by_asff(sample: &Sample) -> Told {
    let told = |it: &Value| {
        let fields = &it["ProductFields"];
        let status = match (
            text(&it["Compliance"]["Status"]).as_str(),
            text(&it["RecordState"]).as_str(),
        ) {
            ("PASSED", "ARCHIVED") => "pass",
            ("FAILED", "ACTIVE") => "fail",
            ("NOT_AVAILABLE", "ARCHIVED") => "not-applicable",
            ("WARNING", "ACTIVE") => "indeterminate",
            other => panic!("{other:?}"),
        };
        (
            text(&it["GeneratorId"])
                .strip_prefix("mfaudit/")
                .unwrap()
                .to_owned(),
            text(&it["AwsAccountId"]),
            text(&fields["mfaudit/PrincipalArn"]),
            status.to_owned(),
            fields.get("mfaudit/Waived").is_some(),
        )
    };
    let batches = lines("asff", sample);
    batches
        .iter()
        .flat_map(|it| it.as_array().unwrap())
        .map(told)
        .collect()
}

fn told_by_sarif(sample: &Sample) -> Told {
    let document = written(named("sarif"), sample, &PLAIN);
    let document: Value = serde_json::from_str(&document).unwrap();
    let told = |it: &Value| {
        let location = &it["locations"][0];
        let uri = text(&location["physicalLocation"]["artifactLocation"]["uri"]);
        let status = match it["kind"].as_str().unwrap() {
            "fail" => "fail",
            "open" => "indeterminate",
            other => panic!("{other}"),
        };
        (
            text(&it["ruleId"]),
            uri.strip_prefix("aws/").unwrap().to_owned(),
            text(&location["logicalLocations"][0]["fullyQualifiedName"]),
            status.to_owned(),
            !it["suppressions"].as_array().unwrap().is_empty(),
        )
    };
    document["runs"][0]["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(told)
        .collect()
}

fn told_by_junit(sample: &Sample) -> Told {
    let document = written(named("junit"), sample, &PLAIN);
    let mut reader = Reader::from_str(&document);
    let (mut told, mut account) = (Told::new(), String::new());
    let mut case: Option<(String, String)> = None;
    loop {
        let event = reader.read_event().unwrap();
        if matches!(event, Event::Eof) {
            return told;
        }
        let (Event::Start(element) | Event::Empty(element)) = &event else {
            continue;
        };
        let attribute = |key: &str| {
            let value = element.try_get_attribute(key).unwrap().unwrap().value;
            quick_xml::escape::unescape(&value).unwrap().into_owned()
        };
        let mut add = |case: &Option<(String, String)>, status: &str, waived| {
            let (rule, principal) = case.clone().unwrap();
            told.insert((rule, account.clone(), principal, status.to_owned(), waived));
        };
        match element.name().as_ref() {
            "property" if attribute("name") == "account_id" => account = attribute("value"),
            "testcase" => {
                case = Some((attribute("classname"), attribute("name")));
                if matches!(event, Event::Empty(_)) {
                    add(&case, "pass", false);
                }
            }
            "failure" => add(&case, "fail", false),
            "error" => add(&case, "indeterminate", false),
            "skipped" if attribute("message").starts_with("waived ") => add(&case, "fail", true),
            "skipped" => add(&case, "not-applicable", false),
            _ => {}
        }
    }
}

#[test]
fn formats_of_others_tell_what_json_tells() {
    let mut waived = 0;
    for sample in samples() {
        let told = told_by_json(&sample);
        waived += told.iter().filter(|(.., it)| *it).count();
        assert_eq!(told_by_ocsf(&sample), told);
        assert_eq!(told_by_asff(&sample), told);
        assert_eq!(told_by_junit(&sample), told);
        let is_result = |(_, _, _, status, _): &&(_, _, _, String, _)| {
            ["fail", "indeterminate"].contains(&status.as_str())
        };
        let results: Told = told.iter().filter(is_result).cloned().collect();
        assert_eq!(told_by_sarif(&sample), results);
    }
    assert!(waived > 2);
}

#[test]
fn names_read_back_as_they_are() {
    let sample = sample::hostile();
    let of_ocsf: BTreeSet<_> = lines("ocsf", &sample)
        .iter()
        .map(|it| text(&it["cloud"]["account"]["name"]))
        .collect();
    let batches = lines("asff", &sample);
    let findings = batches.iter().flat_map(|it| it.as_array().unwrap());
    let of_asff: BTreeSet<_> = findings
        .map(|it| text(&it["ProductFields"]["mfaudit/AccountName"]))
        .collect();
    let document: Value = serde_json::from_str(&written(named("sarif"), &sample, &PLAIN)).unwrap();
    let results = document["runs"][0]["results"].as_array().unwrap();
    let of_sarif: BTreeSet<_> = results
        .iter()
        .map(|it| text(&it["properties"]["accountName"]))
        .collect();
    let names: BTreeSet<_> = HOSTILE.into_iter().map(str::to_owned).collect();
    for read in [of_ocsf, of_asff, of_sarif] {
        assert_eq!(read, names);
    }
}
