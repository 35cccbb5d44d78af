use std::collections::BTreeSet;

use super::{Answer, FRAMEWORK_VERSIONS, find_framework, is_short_for};
use crate::{CATALOG, FRAMEWORKS};

#[test]
fn versions_are_of_known_frameworks_and_listed_once() {
    let all: BTreeSet<_> = FRAMEWORK_VERSIONS.iter().map(ToString::to_string).collect();
    assert_eq!(all.len(), FRAMEWORK_VERSIONS.len());
    for version in FRAMEWORK_VERSIONS {
        assert!(
            FRAMEWORKS.iter().any(|it| it.id == version.framework),
            "{version}"
        );
    }
}

#[test]
fn requirements_are_listed_once_and_named() {
    for version in FRAMEWORK_VERSIONS {
        let requirements = (version.requirements)();
        let ids: BTreeSet<_> = requirements.iter().map(|it| it.id).collect();
        assert_eq!(ids.len(), requirements.len(), "{version}");
        for requirement in requirements {
            let title = requirement.title;
            assert!(
                title.starts_with(char::is_uppercase) && !title.ends_with('.'),
                "{version}: {title}"
            );
        }
    }
}

/// A rule that names a requirement nobody lists would be missing from the report.
#[test]
fn every_requirement_that_a_rule_names_is_listed() {
    for rule in CATALOG {
        for control in rule.controls {
            let mut versions = FRAMEWORK_VERSIONS
                .iter()
                .filter(|it| it.framework == control.framework);
            if versions.clone().count() == 0 {
                continue;
            }
            let version = versions.find(|it| it.version == control.version);
            let version =
                version.unwrap_or_else(|| panic!("{}: {control}: no such version", rule.id));
            let listed = (version.requirements)();
            assert!(
                listed.iter().any(|it| it.id == control.id),
                "{}: {control}",
                rule.id
            );
        }
    }
}

#[test]
fn what_is_not_answered_by_us_is_answered_by_no_rule() {
    for version in FRAMEWORK_VERSIONS {
        for requirement in (version.requirements)() {
            if let Answer::NotByUs(_) = requirement.answer {
                let answering = CATALOG
                    .iter()
                    .find(|it| version.is_answered(&requirement, it));
                assert!(answering.is_none(), "{version} {}", requirement.id);
            }
        }
    }
}

#[test]
fn a_version_may_be_short_and_none_means_the_newest() {
    let found = |text: &str| find_framework(text).map(ToString::to_string);
    assert_eq!(found("cis-aws").as_deref(), Some("cis-aws@7.0.0"));
    assert_eq!(found("cis-aws@4.0").as_deref(), Some("cis-aws@4.0.1"));
    assert_eq!(found("pci-dss@4.0").as_deref(), Some("pci-dss@4.0"));
    assert_eq!(
        found("aws-security-hub").as_deref(),
        Some("aws-security-hub")
    );
    assert_eq!(found("cis-aws@8.0"), None);
    assert_eq!(found("cis-aws@"), None);
    assert_eq!(found("cis"), None);
    assert!(is_short_for("7", "7.0.0") && !is_short_for("7.0", "7.01"));
}
