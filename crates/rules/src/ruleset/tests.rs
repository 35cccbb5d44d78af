use std::collections::BTreeSet;

use super::{DEFAULT, PHISHING_RESISTANT, Ruleset, Selection, default_rules};
use crate::{CATALOG, FRAMEWORK_VERSIONS, Rule, SettingValue, Settings, find_framework};

/// Rules that rulesets and frameworks name and that are not in the catalog yet. One that is must leave the list.
const AWAITED: &[&str] = &[];

fn rule(id: &str) -> Option<&'static Rule> {
    CATALOG.iter().copied().find(|it| it.id == id)
}

fn ids(rules: &[&'static Rule]) -> BTreeSet<&'static str> {
    rules.iter().map(|it| it.id).collect()
}

fn set(id: &str) -> BTreeSet<&'static str> {
    ids(&Ruleset::find(id).unwrap().rules(CATALOG))
}

#[test]
fn every_rule_that_is_named_exists_or_is_awaited() {
    let of_frameworks = FRAMEWORK_VERSIONS.iter().flat_map(|version| {
        let requirements = (version.requirements)();
        let named = requirements.into_iter().flat_map(|it| {
            let bounds = it.bounds.iter().map(|it| it.rule);
            bounds.chain(it.also.iter().copied()).collect::<Vec<_>>()
        });
        named.chain(version.settings.iter().map(|it| it.rule))
    });
    let named = DEFAULT
        .iter()
        .chain(PHISHING_RESISTANT)
        .copied()
        .chain(of_frameworks);
    for id in named {
        assert!(rule(id).is_some() != AWAITED.contains(&id), "{id}");
    }
    for id in AWAITED {
        assert!(
            rule(id).is_none(),
            "{id} is in the catalog: it is awaited no more"
        );
    }
}

#[test]
fn what_a_framework_sets_can_be_set_and_is_within_its_own_bounds() {
    for version in FRAMEWORK_VERSIONS {
        let mut settings = Settings::default();
        for implied in version.settings {
            let Some(rule) = rule(implied.rule) else {
                continue;
            };
            let setting = rule.settings.iter().find(|it| it.key == implied.key);
            let setting =
                setting.unwrap_or_else(|| panic!("{version}: {} of {}", implied.key, rule.id));
            implied.apply(&mut settings);
            assert_eq!(
                (setting.get)(&settings),
                implied.value,
                "{version}: {}",
                rule.id
            );
        }
        for bound in (version.requirements)().iter().flat_map(|it| it.bounds) {
            let Some(rule) = rule(bound.rule) else {
                continue;
            };
            let setting = rule.settings.iter().find(|it| it.key == bound.key);
            assert!(setting.is_some(), "{version}: {} of {}", bound.key, rule.id);
        }
    }
}

#[test]
fn names_are_unique() {
    let ids: BTreeSet<_> = Ruleset::all().map(|it| it.id).collect();
    assert_eq!(ids.len(), Ruleset::all().count());
}

#[test]
fn the_default_rules_are_those_of_the_default_set() {
    assert_eq!(ids(&default_rules()), set("default"));
    assert!(Selection::default().chosen(CATALOG).is_empty());
}

#[test]
fn hardware_mfa_is_of_level_2_alone() {
    for version in [
        "7.0", "6.0", "5.0", "4.0", "3.0", "2.0", "1.5", "1.4", "1.2",
    ] {
        let (one, two) = (
            set(&format!("cis-aws-{version}")),
            set(&format!("cis-aws-{version}-level-2")),
        );
        assert!(one.is_subset(&two), "{version}");
        assert!(
            one.contains("root-user-mfa") && one.contains("iam-user-console-mfa"),
            "{version}"
        );
        let hardware = "root-user-hardware-mfa";
        assert!(
            !one.contains(hardware) && two.contains(hardware),
            "{version}"
        );
        let central = "organization-root-credentials-management";
        assert_eq!(two.contains(central), version == "7.0", "{version}");
    }
}

#[test]
fn all_are_all() {
    assert_eq!(set("all"), ids(CATALOG));
}

#[test]
fn a_rule_joins_a_set() {
    let only = Selection {
        rules: vec![rule("root-user-recent-use").unwrap()],
        ..Selection::default()
    };
    assert_eq!(
        ids(&only.chosen(CATALOG)),
        BTreeSet::from(["root-user-recent-use"])
    );
    let both = Selection {
        rulesets: vec![Ruleset::find("default").unwrap()],
        ..only
    };
    assert_eq!(both.chosen(CATALOG).len(), default_rules().len() + 1);
}

#[test]
fn what_is_skipped_is_not_evaluated_whoever_asks_for_it() {
    let selection = Selection {
        rules: vec![rule("root-user-mfa").unwrap()],
        frameworks: vec![find_framework("cis-aws").unwrap()],
        skipped: vec![rule("root-user-mfa").unwrap()],
        ..Selection::default()
    };
    let chosen = ids(&selection.chosen(CATALOG));
    assert!(!chosen.contains("root-user-mfa") && chosen.contains("root-user-hardware-mfa"));
}

#[test]
fn security_hub_passes_root_users_without_credentials() {
    let selection = Selection {
        rulesets: vec![Ruleset::find("aws-security-hub").unwrap()],
        ..Selection::default()
    };
    let criteria = selection.criteria(CATALOG).unwrap();
    let root_absent = rule("root-user-mfa").unwrap().settings[0].get;
    assert_eq!(
        root_absent(&criteria.settings),
        SettingValue::Choice("pass")
    );
    assert_eq!(
        root_absent(&Settings::default()),
        SettingValue::Choice("not-applicable")
    );
}

#[test]
fn a_framework_brings_its_rules_beside_those_of_a_set() {
    let selection = Selection {
        rulesets: vec![Ruleset::find("default").unwrap()],
        frameworks: vec![find_framework("cis-aws@1.5").unwrap()],
        ..Selection::default()
    };
    let chosen = ids(&selection.chosen(CATALOG));
    assert!(set("default").is_subset(&chosen) && set("cis-aws-1.5-level-2").is_subset(&chosen));
}

#[test]
fn pci_knows_no_grace() {
    assert_eq!(
        Ruleset::find("pci-dss-4.0.1").unwrap().most_grace_days(),
        Some(0)
    );
    assert_eq!(Ruleset::find("default").unwrap().most_grace_days(), None);
}
