//! What must hold of every rule, present and future.

use std::{collections::BTreeSet, path::Path};

use model::{Dataset, Fact, GapId};

use super::{CATALOG, examples};
use crate::{
    Check, FRAMEWORKS,
    enforcement::AccountPolicies,
    example::{Expect, judged, judged_with, without},
};

#[test]
fn examples_hold() {
    for (rule, examples) in examples() {
        for example in examples {
            assert_eq!(
                judged(&example, rule),
                example.expect,
                "{}: {}",
                rule.id,
                example.name
            );
        }
    }
}

#[test]
fn every_rule_has_an_example_that_passes_and_one_that_fails() {
    for (rule, examples) in examples() {
        for expect in [Expect::Pass, Expect::Fail] {
            assert!(
                examples.iter().any(|it| it.expect == expect),
                "{}: no {expect:?} example",
                rule.id
            );
        }
    }
}

#[test]
fn hiding_a_dataset_never_decides_a_verdict() {
    for (rule, examples) in examples() {
        for example in examples {
            for &dataset in Dataset::ALL {
                let hidden = judged(&without(&example, dataset), rule);
                assert!(
                    hidden == example.expect || hidden == Expect::Indeterminate,
                    "{}: {}: hiding {dataset:?} gave {hidden:?}",
                    rule.id,
                    example.name,
                );
            }
        }
    }
}

type Hide = fn(&mut model::Record, GapId);

fn each_user(record: &mut model::Record, hide: impl Fn(&mut model::IamUser)) {
    record.iam_users.items.iter_mut().for_each(hide);
}

fn each_key(record: &mut model::Record, hide: impl Fn(&mut model::AccessKey)) {
    each_user(record, |it| {
        if let Fact::Known(keys, _) = &mut it.access_keys {
            keys.iter_mut().for_each(&hide);
        }
    });
}

/// Every fact that a rule may read, one by one.
const HIDE: &[Hide] = &[
    |it, gap| it.root_user.password = Fact::Unknown(gap),
    |it, gap| it.root_user.access_key = Fact::Unknown(gap),
    |it, gap| it.root_user.signing_certificate = Fact::Unknown(gap),
    |it, gap| it.root_user.mfa = Fact::Unknown(gap),
    |it, gap| it.root_user.mfa_devices.gap = Some(gap),
    |it, gap| it.root_user.virtual_mfa_device = Fact::Unknown(gap),
    |it, gap| it.root_user.password_last_used = Fact::Unknown(gap),
    |it, gap| it.root_user.access_key_last_used = Fact::Unknown(gap),
    |it, gap| it.organization_features = Fact::Unknown(gap),
    |it, gap| it.password_policy = Fact::Unknown(gap),
    |it, gap| it.unassigned_virtual_mfa_devices.gap = Some(gap),
    |it, gap| each_user(it, |it| it.password = Fact::Unknown(gap)),
    |it, gap| each_user(it, |it| it.password_last_used = Fact::Unknown(gap)),
    |it, gap| each_user(it, |it| it.password_last_changed = Fact::Unknown(gap)),
    |it, gap| each_user(it, |it| it.mfa = Fact::Unknown(gap)),
    |it, gap| each_user(it, |it| it.mfa_devices.gap = Some(gap)),
    |it, gap| each_user(it, |it| it.fido_certifications = Some(Fact::Unknown(gap))),
    |it, gap| each_user(it, |it| it.access_keys = Fact::Unknown(gap)),
    |it, gap| each_key(it, |it| it.created_at = Fact::Unknown(gap)),
    |it, gap| each_key(it, |it| it.last_used = Fact::Unknown(gap)),
    |it, gap| each_user(it, |it| it.created_at = Fact::Unknown(gap)),
    |it, gap| each_user(it, |it| it.signing_certificate = Fact::Unknown(gap)),
    |it, gap| {
        each_user(it, |it| {
            it.service_specific_credentials = Fact::Unknown(gap);
        });
    },
    |it, gap| each_user(it, |it| it.direct_policies = Fact::Unknown(gap)),
    |it, gap| each_user(it, |it| it.administrator_access = Fact::Unknown(gap)),
    |it, gap| each_user(it, |it| it.policies = Fact::Unknown(gap)),
    |it, gap| it.service_control_policies = Fact::Unknown(gap),
    |it, gap| it.iam_roles.gap = Some(gap),
];

/// A dataset may be seen in part. Whatever one, two or three facts are hidden, the verdict stands or there is none: two
/// missing ones must not cancel out.
#[test]
fn hiding_any_few_facts_never_decides_a_verdict() {
    let gap = GapId(0);
    for (rule, examples) in examples() {
        for example in examples {
            // What is hidden is no policy: what was decided of them stands.
            let policies = AccountPolicies::default();
            for (one, hide_one) in HIDE.iter().enumerate() {
                for (other, hide_other) in HIDE.iter().enumerate().skip(one) {
                    for hide_third in HIDE.iter().skip(other) {
                        let mut hiding = example.clone();
                        for hide in [hide_one, hide_other, hide_third] {
                            hide(&mut hiding.subject, gap);
                        }
                        let hidden = judged_with(&hiding, rule, &policies);
                        assert!(
                            hidden == example.expect || hidden == Expect::Indeterminate,
                            "{}: {}: hiding {one}, {other} and more gave {hidden:?}",
                            rule.id,
                            example.name,
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn requires_is_exactly_what_the_check_reads() {
    for (rule, examples) in examples() {
        let is_read = |dataset: &Dataset| {
            examples
                .iter()
                .filter(|it| it.expect != Expect::Indeterminate)
                .any(|it| judged(&without(it, *dataset), rule) == Expect::Indeterminate)
        };
        let read: BTreeSet<_> = Dataset::ALL.iter().copied().filter(is_read).collect();
        assert_eq!(read, rule.requires.iter().copied().collect(), "{}", rule.id);
    }
}

#[test]
fn rules_are_named_after_their_files_and_subjects() {
    for rule in CATALOG {
        let stem = Path::new(rule.file).file_stem().unwrap().to_str().unwrap();
        assert_eq!(rule.id, stem.replace('_', "-"));
        let subject = match rule.check {
            Check::RootUser(_) => "root-user-",
            Check::IamUser(_) => "iam-user-",
            Check::IamRole(_) => "iam-role-",
            Check::Account(_) => "account-",
            Check::Organization(_) => "organization-",
            Check::Custom(_) => panic!("{}: custom rules are users' own", rule.id),
        };
        assert!(rule.id.starts_with(subject), "{}", rule.id);
    }
}

#[test]
fn every_rule_file_is_listed() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/catalog");
    let others = [
        "age.rs",
        "mod.rs",
        "property_authorization.rs",
        "property_root",
        "property_root.rs",
        "property_user",
        "property_user.rs",
        "root_credentials.rs",
        "tests.rs",
    ];
    let files = std::fs::read_dir(dir).unwrap().count() - others.len();
    assert_eq!(files, CATALOG.len());
}

#[test]
fn identifiers_and_titles_are_unique() {
    let ids: BTreeSet<_> = CATALOG.iter().map(|it| it.id).collect();
    let titles: BTreeSet<_> = CATALOG.iter().map(|it| it.title).collect();
    assert_eq!((ids.len(), titles.len()), (CATALOG.len(), CATALOG.len()));
}

#[test]
fn titles_name_the_failure_in_one_sentence() {
    for rule in CATALOG {
        assert!(rule.title.starts_with(char::is_uppercase), "{}", rule.id);
        assert!(
            !rule.title.ends_with('.') && rule.title.len() < 80,
            "{}",
            rule.id
        );
    }
}

#[test]
fn documentation_has_the_three_sections() {
    for rule in CATALOG {
        for section in ["What it checks", "Why it matters", "How to fix it"] {
            assert!(
                !rule.section(section).is_empty(),
                "{}: no `{section}`",
                rule.id
            );
        }
    }
}

#[test]
fn controls_are_of_known_frameworks_and_listed_once() {
    for rule in CATALOG {
        let unique: BTreeSet<_> = rule.controls.iter().collect();
        assert_eq!(unique.len(), rule.controls.len(), "{}", rule.id);
        for control in rule.controls {
            let framework = FRAMEWORKS.iter().find(|it| it.id == control.framework);
            assert!(framework.is_some(), "{}: {control}", rule.id);
        }
    }
}
