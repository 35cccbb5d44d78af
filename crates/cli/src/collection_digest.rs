//! What decides which answers of AWS are confirmed, in one number: runs that differ in it do not make one snapshot.
//! What a snapshot is judged by has another number, in `criteria_digest`.

use std::collections::BTreeMap;

use rules::Criteria;
use sha2::{Digest, Sha256};

/// Returns the SHA-256 of the rules that are evaluated and of what is set of them, in hexadecimal. Severities, days of
/// grace and waivers decide nothing before the snapshot is judged, and are not in it.
pub(crate) fn of(criteria: &Criteria) -> String {
    let rules = criteria.rules.iter().map(|rule| {
        let set = rule.settings.iter();
        let set = set.map(|it| (it.key, (it.get)(&criteria.settings).to_string()));
        // Of a rule of the configuration, its page has the expressions.
        let checks = rule.section("What it checks");
        (rule.id, (checks, set.collect::<BTreeMap<_, _>>()))
    });
    let rules: BTreeMap<_, _> = rules.collect();
    // Keys and values are text, which cannot fail.
    let text = serde_json::to_vec(&rules).unwrap_or_default();
    crate::bundle::hexadecimal(&Sha256::digest(text))
}

#[cfg(test)]
mod tests {
    use rules::{CATALOG, Criteria, SettingValue};

    use super::of;

    #[test]
    fn what_is_confirmed_depends_on_rules_and_settings_and_not_on_their_order_or_severity() {
        let all = Criteria::of(CATALOG);
        let backwards = Criteria::of(&CATALOG.iter().rev().copied().collect::<Vec<_>>());
        assert_eq!(of(&all), of(&backwards));
        let severe: &'static [_] = &CATALOG[..1];
        let mut one = Criteria::of(severe);
        let before = of(&one);
        assert_ne!(before, of(&all));
        let severity = rules::Severity::Info;
        one.rules = vec![Box::leak(Box::new(rules::Rule {
            severity,
            ..*severe[0]
        }))];
        assert_eq!(before, of(&one));
        let (rule, setting) = CATALOG
            .iter()
            .flat_map(|rule| rule.settings.iter().map(move |it| (rule, it)))
            .find(|(_, it)| matches!((it.get)(&all.settings), SettingValue::Number(_)))
            .unwrap();
        let mut set = Criteria::of(&[rule]);
        let before = of(&set);
        let SettingValue::Number(number) = (setting.get)(&set.settings) else {
            panic!("it was a number");
        };
        (setting.set)(&mut set.settings, SettingValue::Number(number + 1));
        assert_ne!(before, of(&set));
    }
}
