//! What `[rules]` says, also of a rule with settings of every kind.

use std::{cell::Cell, path::Path, slice};

use ::rules::{
    CATALOG, Check, Rule, Setting, SettingKind, SettingValue, Settings, Severity, Verdict,
};
use serde_json::json;
use toml::de::DeTable;

use super::{RulesSection, schema, take};
use crate::{
    args::{RuleArgs, RuleName},
    config_file::{ConfigFile, mistakes::Mistakes, table::Table},
};

thread_local! {
    static DAYS: Cell<u32> = const { Cell::new(90) };
    static STRICT: Cell<bool> = const { Cell::new(false) };
    static WORD: Cell<&'static str> = const { Cell::new("fail") };
}

static FAKE: Rule = Rule {
    id: "iam-user-fake",
    title: "IAM user is fake",
    doc: "",
    severity: Severity::Low,
    controls: &[],
    requires: &[],
    settings: &[
        Setting {
            key: "max-days",
            about: "How old it may be",
            kind: SettingKind::Number { min: 1, max: 400 },
            get: |_| SettingValue::Number(DAYS.get()),
            set: |_: &mut Settings, value| {
                if let SettingValue::Number(days) = value {
                    DAYS.set(days);
                }
            },
        },
        Setting {
            key: "strict",
            about: "Whether it is strict",
            kind: SettingKind::Switch,
            get: |_| SettingValue::Switch(STRICT.get()),
            set: |_, value| {
                if let SettingValue::Switch(on) = value {
                    STRICT.set(on);
                }
            },
        },
        Setting {
            key: "absent",
            about: "What absence is",
            kind: SettingKind::Choice(&["fail", "pass"]),
            get: |_| SettingValue::Choice(WORD.get()),
            set: |_, value| {
                if let SettingValue::Choice(word) = value {
                    WORD.set(word);
                }
            },
        },
    ],
    check: Check::IamUser(|_, _| Ok(Verdict::Pass("always".into()))),
    file: "",
};

fn read(text: &str) -> Result<RulesSection, String> {
    let mut mistakes = Mistakes::new(Path::new("c.toml"), text);
    let (document, errors) = DeTable::parse_recoverable(text);
    assert!(errors.is_empty(), "{errors:?}");
    let mut table = Table::new(&document);
    let known = CATALOG.iter().copied().chain([&FAKE]).collect();
    let section = take(&mut table, known, &mut mistakes);
    mistakes.none_or(section).map_err(|error| error.to_string())
}

fn ids(section: &RulesSection, flags: &RuleArgs) -> Vec<&'static str> {
    let criteria = section.criteria(flags).unwrap();
    criteria.rules.iter().map(|it| it.id).collect()
}

#[test]
fn a_set_is_chosen_and_changed() {
    let none = RuleArgs::default();
    let default: Vec<_> = ::rules::default_rules().iter().map(|it| it.id).collect();
    assert_eq!(ids(&read("").unwrap(), &none), default);
    let changed = "[rules]\nadd = [\"iam-user-fake\"]\nskip = [\"root-user-mfa\"]\n";
    let changed = ids(&read(changed).unwrap(), &none);
    assert!(changed.contains(&"iam-user-fake") && !changed.contains(&"root-user-mfa"));
    let none_but = read("[rules]\nruleset = []\nadd = [\"iam-user-mfa\"]\n").unwrap();
    assert_eq!(ids(&none_but, &none), ["iam-user-mfa"]);
    let all = read("[rules]\nruleset = [\"default\", \"all\"]\n").unwrap();
    assert_eq!(
        ids(&all, &none).len(),
        CATALOG.len() + 1,
        "and the one that is not in the catalog"
    );
}

#[test]
fn rules_of_the_command_line_are_all_there_are() {
    let section = read("[rules]\nruleset = \"all\"\nskip = [\"iam-user-mfa\"]\n").unwrap();
    let named = RuleName {
        id: "iam-user-mfa".to_owned(),
    };
    let flags = RuleArgs {
        rules: vec![named],
        ..RuleArgs::default()
    };
    assert_eq!(ids(&section, &flags), ["iam-user-mfa"]);
}

#[test]
fn a_rule_s_severity_grace_and_settings_are_set() {
    let section = read(
        "[rules]\nadd = [\"iam-user-fake\"]\n[rules.iam-user-fake]\nseverity = \"critical\"\ngrace-days = 14\n\
         max-days = 45\nstrict = true\nabsent = \"pass\"\n",
    )
    .unwrap();
    let criteria = section.criteria(&RuleArgs::default()).unwrap();
    let fake = criteria.rules.iter().find(|it| it.id == FAKE.id).unwrap();
    assert_eq!(fake.severity, Severity::Critical);
    assert_eq!(
        FAKE.severity,
        Severity::Low,
        "the catalog's own is untouched"
    );
    assert_eq!((DAYS.get(), STRICT.get(), WORD.get()), (45, true, "pass"));
    assert_eq!(section.grace_days(), [(FAKE.id, 14)].into());
    assert!(section.set_in_vain().is_empty());
    let printed = section.print(&RuleArgs::default(), "c.toml").unwrap();
    for line in [
        "severity = \"critical\" # c.toml:4",
        "grace-days = 14 # c.toml:5",
        "max-days = 45 # c.toml:6",
        "strict = true # c.toml:7",
        "absent = \"pass\" # c.toml:8",
        "add = [\"iam-user-fake\"] # c.toml:2",
        "ruleset = [\"default\"] # default",
    ] {
        assert!(printed.contains(&format!("{line}\n")), "{line}\n{printed}");
    }
    read(&printed).unwrap();
}

#[test]
fn settings_of_a_rule_that_is_not_evaluated_are_fine_and_known() {
    let section = read("[rules.iam-user-fake]\nseverity = \"high\"\n").unwrap();
    assert_eq!(section.set_in_vain(), ["iam-user-fake"]);
    let printed = section.print(&RuleArgs::default(), "c.toml").unwrap();
    assert!(
        printed.contains("[rules.iam-user-fake] # not evaluated\n"),
        "{printed}"
    );
}

#[test]
fn every_mistake_says_what_to_do() {
    for (text, told) in [
        (
            "[rules]\nruleset = \"defalt\"\n",
            "2:11: `ruleset` cannot be `defalt`: did you mean `default`?",
        ),
        (
            "[rules]\nruleset = [\"all\", \"all\"]\n",
            "2:19: `all` stands twice in `ruleset`",
        ),
        (
            "[rules]\nruleset = 1\n",
            "2:11: `ruleset` is a list in brackets, not of type integer",
        ),
        (
            "[rules]\nadd = [\"iam-user-mfas\"]\n",
            "2:8: there is no rule `iam-user-mfas`: did you mean `iam-user-mfa`?",
        ),
        (
            "[rules]\nskip = [\"xyz\"]\n",
            "2:9: there is no rule `xyz`: `mfaudit rules` lists them",
        ),
        (
            "[rules]\nskip = \"iam-user-mfa\"\n",
            "2:8: `skip` is a list in brackets, not of type string",
        ),
        (
            "[rules]\nadd = [\"iam-user-mfa\"]\nskip = [\"iam-user-mfa\"]\n",
            "1:2: `iam-user-mfa` is in both `add` and `skip`: remove it from one",
        ),
        (
            "[rules]\nruleset = []\n",
            "1:2: no rule is left to evaluate: name one in `add`",
        ),
        (
            "[rules.iam-user-fakes]\n",
            "1:8: there is no rule `iam-user-fakes`: did you mean `iam-user-fake`?",
        ),
        (
            "[rules]\niam-user-fake = 1\n",
            "2:17: `iam-user-fake` is a table: write [rules.iam-user-fake] above its keys",
        ),
        (
            "[rules]\nskp = []\n",
            "2:1: unknown key `skp` in [rules]: did you mean `skip`?",
        ),
        (
            "[rules.iam-user-fake]\nmax-day = 1\n",
            "2:1: unknown key `max-day` in [rules.iam-user-fake]: did you mean `max-days`?",
        ),
        (
            "[rules.iam-user-fake]\nmax-days = 401\n",
            "2:12: `max-days` is a number from 1 to 400, not 401",
        ),
        (
            "[rules.iam-user-fake]\nmax-days = -1\n",
            "2:12: `max-days` is a number from 1 to 400, not -1",
        ),
        (
            "[rules.iam-user-fake]\nmax-days = \"9\"\n",
            "2:12: `max-days` is a whole number, not of type string",
        ),
        (
            "[rules.iam-user-fake]\nstrict = \"yes\"\n",
            "2:10: `strict` is true or false, without quotes",
        ),
        (
            "[rules.iam-user-fake]\nabsent = \"pas\"\n",
            "2:10: `absent` cannot be `pas`: did you mean `pass`?",
        ),
        (
            "[rules.iam-user-fake]\nseverity = \"hi\"\n",
            "2:12: `severity` cannot be `hi`: did you mean `high`?",
        ),
        (
            "[rules.iam-user-fake]\ngrace-days = 366\n",
            "2:14: `grace-days` is a number from 0 to 365, not 366",
        ),
        (
            "[rules.root-user-mfa]\ngrace-days = 3\n",
            "2:1: `grace-days` is for rules about IAM users",
        ),
    ] {
        let error = read(text).unwrap_err();
        assert!(error.contains(told), "{told}\n{error}");
        assert_eq!(error.lines().count(), 2, "one mistake: {error}");
    }
}

#[test]
fn the_schema_has_every_setting_with_its_bounds() {
    let fake: &'static Rule = &FAKE;
    let schema = schema(slice::from_ref(&fake));
    let of_fake = &schema["properties"]["iam-user-fake"]["properties"];
    assert_eq!(of_fake["max-days"]["minimum"], 1);
    assert_eq!(of_fake["max-days"]["maximum"], 400);
    assert_eq!(of_fake["strict"]["type"], "boolean");
    assert_eq!(of_fake["absent"]["enum"], json!(["fail", "pass"]));
    assert_eq!(of_fake["severity"]["default"], "low");
    assert!(of_fake["grace-days"].is_object());
}

#[test]
fn without_a_file_the_default_rules_are_evaluated() {
    let criteria = ConfigFile::default().rules.criteria(&RuleArgs::default());
    assert_eq!(
        criteria.unwrap().rules.len(),
        ::rules::default_rules().len()
    );
}
