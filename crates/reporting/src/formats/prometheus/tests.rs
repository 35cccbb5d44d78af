use crate::{
    Appearance, Colour, Links, Verbosity,
    formats::tests::{named, written},
    sample::{self, Sample},
};

fn metrics(sample: &Sample) -> String {
    let look = Appearance {
        width: 80,
        colour: Colour::Plain,
        links: Links::None,
        verbosity: Verbosity::Summary,
    };
    written(named("prometheus"), sample, &look)
}

#[test]
fn what_was_not_seen_has_no_count_of_failures() {
    let text = metrics(&sample::unseen());
    for part in ["status=\"fail\"", "status=\"pass\"", "mfaudit_ou_failures{", "mfaudit_failures{", "can_sign_in"] {
        assert!(!text.contains(part), "{part}:\n{text}");
    }
    for line in [
        "mfaudit_complete 0",
        "mfaudit_coverage_ratio 0.0000",
        "mfaudit_accounts{seen=\"not-fully\"} 5",
        "mfaudit_accounts{seen=\"fully\"} 0",
    ] {
        assert!(text.lines().any(|it| it == line), "{line}:\n{text}");
    }
}

#[test]
fn a_run_that_saw_all_says_so() {
    let text = metrics(&sample::clean());
    for line in [
        "mfaudit_complete 1",
        "mfaudit_coverage_ratio 1.0000",
        "mfaudit_findings{rule=\"root-user-mfa\",severity=\"critical\",status=\"fail\"} 0",
    ] {
        assert!(text.lines().any(|it| it == line), "{line}:\n{text}");
    }
    assert!(metrics(&sample::clean_with_gaps()).contains("\nmfaudit_complete 0\n"));
    assert!(metrics(&sample::nothing_in_scope()).contains("\nmfaudit_complete 0\n"));
}

#[test]
fn every_sample_stands_once_below_its_head() {
    for sample in [sample::mixed(), sample::hostile(), sample::waived(), sample::excused()] {
        let text = metrics(&sample);
        let mut seen = std::collections::BTreeSet::new();
        let mut head = "";
        for line in text.lines() {
            if let Some(of) = line.strip_prefix("# TYPE ") {
                head = of.strip_suffix(" gauge").unwrap();
            } else if !line.starts_with('#') {
                let (name, value) = line.rsplit_once(' ').unwrap();
                assert!(value.parse::<f64>().is_ok(), "{line}");
                assert_eq!(name.split('{').next().unwrap(), head, "{line}");
                assert!(seen.insert(name.to_owned()), "{line}");
            }
        }
    }
}
