use serde_json::Value;

use crate::{
    formats::tests::{PLAIN, named, written},
    sample::{self, Sample},
};

fn batches(sample: &Sample) -> Vec<Vec<Value>> {
    let text = written(named("asff"), sample, &PLAIN);
    text.lines()
        .map(|it| serde_json::from_str(it).unwrap())
        .collect()
}

#[test]
fn a_batch_is_of_one_account_and_no_larger_than_security_hub_takes() {
    let mut sample = sample::mixed();
    let user = sample.records[1].iam_users.items[0].clone();
    let many = (0..250).map(|index| {
        let mut user = user.clone();
        user.name = format!("user-{index:03}").into();
        user.arn = format!("arn:aws:iam::100000000002:user/{}", user.name).parse().unwrap();
        user
    });
    sample.records[1].iam_users.items = many.collect();
    let batches = batches(&sample);
    assert!(batches.iter().any(|it| it.len() == 100));
    for batch in &batches {
        assert!((1..=100).contains(&batch.len()));
        let account = &batch[0]["AwsAccountId"];
        assert!(batch.iter().all(|it| it["AwsAccountId"] == *account));
    }
}

#[test]
fn what_people_decide_in_security_hub_is_left_to_them() {
    for finding in batches(&sample::excused()).concat() {
        for key in ["Workflow", "Note", "UserDefinedFields", "VerificationState", "Severity", "Types"] {
            assert!(finding.get(key).is_none(), "{key}");
        }
    }
}

#[test]
fn what_passes_or_does_not_apply_is_closed_and_nothing_else_is() {
    let mut seen = 0;
    for finding in batches(&sample::excused()).concat() {
        let fields = &finding["ProductFields"];
        let (compliance, record) = match fields["mfaudit/Status"].as_str().unwrap() {
            "pass" => ("PASSED", "ARCHIVED"),
            "not-applicable" => ("NOT_AVAILABLE", "ARCHIVED"),
            "fail" => ("FAILED", "ACTIVE"),
            _ => ("WARNING", "ACTIVE"),
        };
        assert_eq!(finding["Compliance"]["Status"], compliance);
        assert_eq!(finding["RecordState"], record);
        seen += usize::from(fields.get("mfaudit/Waived").is_some());
    }
    assert!(seen > 1, "waived failures are active and say that they are waived");
}

#[test]
fn names_are_the_same_in_every_run_and_of_every_finding_another() {
    let ids = |sample: &Sample| -> Vec<String> {
        let findings = batches(sample).concat();
        findings.iter().map(|it| it["Id"].as_str().unwrap().to_owned()).collect()
    };
    let first = ids(&sample::mixed());
    let mut later = sample::mixed();
    later.header.collected_at = Some("2026-12-24T06:00:00Z".parse().unwrap());
    assert_eq!(first, ids(&later));
    let unique: std::collections::BTreeSet<_> = first.iter().collect();
    assert_eq!(unique.len(), first.len());
}

#[test]
fn no_text_is_empty_or_longer_than_security_hub_takes() {
    let limits = [
        ("Title", 256),
        ("Description", 1024),
        ("Id", 512),
        ("GeneratorId", 512),
    ];
    let mut sample = sample::hostile();
    sample.records[0].account.name = "n".repeat(5000);
    sample.records[1].account.name = " ".into();
    for finding in batches(&sample).concat() {
        for (key, limit) in limits {
            let text = finding[key].as_str().unwrap();
            assert!(text.chars().count() <= limit && !text.trim().is_empty(), "{key}: {text}");
        }
        for (key, value) in finding["ProductFields"].as_object().unwrap() {
            let value = value.as_str().unwrap();
            assert!(value.chars().count() <= 2048 && !value.trim().is_empty(), "{key}");
        }
        let requirements = finding["Compliance"]["RelatedRequirements"].as_array().unwrap();
        assert!(requirements.len() <= 32);
        let text = finding["Remediation"]["Recommendation"]["Text"].as_str().unwrap();
        assert!(text.chars().count() <= 512);
    }
}

#[test]
fn the_product_is_the_default_one_of_the_account_in_its_partition() {
    let mut sample = sample::standalone();
    sample.records[0].account.partition = model::Partition::new("aws-us-gov");
    let findings = batches(&sample).concat();
    let arn = "arn:aws-us-gov:securityhub:us-gov-west-1:111122223333:product/111122223333/default";
    assert!(findings.iter().all(|it| it["ProductArn"] == arn));
}
