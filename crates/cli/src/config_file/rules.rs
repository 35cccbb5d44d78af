//! The section `[rules]`: which rules are evaluated, and what is set of each.

mod of_rule;
mod print;
mod schema;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use rules::{CATALOG, Check, Criteria, Rule, Ruleset, Selection, Settings, Severity};

use self::of_rule::OfRule;
pub(super) use self::schema::schema;
use super::{mistakes::Mistakes, rulesets, table::Table, value};
use crate::{
    args::RuleArgs,
    error::{CliError, Kind},
    nearest::nearest,
};

const SECTION: &str = "rules";

/// The most days of grace that a new user may have.
const MOST_GRACE_DAYS: u32 = 365;

/// What the file says of rules.
#[derive(Debug)]
pub(crate) struct RulesSection {
    /// Every rule there is.
    known: Vec<&'static Rule>,
    rulesets: Option<(Vec<&'static str>, usize)>,
    add: Option<(Vec<&'static Rule>, usize)>,
    skip: Option<(Vec<&'static Rule>, usize)>,
    of_rules: BTreeMap<&'static str, OfRule>,
}

impl Default for RulesSection {
    fn default() -> Self {
        Self {
            known: CATALOG.to_vec(),
            rulesets: None,
            add: None,
            skip: None,
            of_rules: BTreeMap::new(),
        }
    }
}

/// Takes the section out of the document. `known` is every rule there is, in the order reports list them.
pub(super) fn take(
    document: &mut Table<'_>,
    known: Vec<&'static Rule>,
    mistakes: &mut Mistakes<'_>,
) -> RulesSection {
    let mut section = RulesSection {
        known,
        ..RulesSection::default()
    };
    let place = document.key_span(SECTION);
    let Some(mut table) = document.table(SECTION, mistakes) else {
        return section;
    };
    let before = mistakes.count();
    section.rulesets = rulesets(&mut table, mistakes);
    section.add = rule_list(&mut table, "add", &section.known, mistakes);
    section.skip = rule_list(&mut table, "skip", &section.known, mistakes);
    section.contradictions(place.unwrap_or_default(), before, mistakes);
    for rule in section.known.clone() {
        if let Some(of_rule) = OfRule::take(rule, &mut table, mistakes) {
            section.of_rules.insert(rule.id, of_rule);
        }
    }
    for (name, span) in table.other_tables() {
        let advice = unknown_rule(name, &section.known);
        mistakes.add(span, advice);
    }
    table.end(mistakes);
    section
}

/// Reads a name, or a list of names.
fn rulesets(
    table: &mut Table<'_>,
    mistakes: &mut Mistakes<'_>,
) -> Option<(Vec<&'static str>, usize)> {
    const KEY: &str = "ruleset";
    let value = table.take(KEY)?;
    let names = rulesets::names();
    let line = mistakes.line(value.span().start);
    if value.get_ref().is_str() {
        let name = value::choice(KEY, value, &names, mistakes)?;
        return Some((vec![name], line));
    }
    let listed = value::list(KEY, value, mistakes, |item, mistakes| {
        value::choice(KEY, item, &names, mistakes)
    });
    Some((listed?, line))
}

fn rule_list(
    table: &mut Table<'_>,
    key: &'static str,
    known: &[&'static Rule],
    mistakes: &mut Mistakes<'_>,
) -> Option<(Vec<&'static Rule>, usize)> {
    let value = table.take(key)?;
    let line = mistakes.line(value.span().start);
    let listed = value::list(key, value, mistakes, |item, mistakes| {
        let id = value::text(key, item, |_| Ok(()), mistakes)?;
        let found = known.iter().copied().find(|it| it.id == id);
        if found.is_none() {
            mistakes.add(item.span(), unknown_rule(&id, known));
        }
        found
    });
    Some((listed?, line))
}

/// Says that there is no such rule, and which one may be meant.
pub(super) fn unknown_rule(id: &str, known: &[&'static Rule]) -> String {
    let advice = nearest(id, known.iter().map(|it| it.id)).map_or_else(
        || "`mfaudit rules` lists them".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    format!("there is no rule `{id}`: {advice}")
}

impl RulesSection {
    fn contradictions(
        &self,
        place: std::ops::Range<usize>,
        before: usize,
        mistakes: &mut Mistakes<'_>,
    ) {
        let skipped = self.skip.iter().flat_map(|(rules, _)| rules);
        let added: Vec<_> = self.add.iter().flat_map(|(rules, _)| rules).collect();
        for rule in skipped.filter(|it| added.iter().any(|added| added.id == it.id)) {
            let what = format!(
                "`{}` is in both `add` and `skip`: remove it from one",
                rule.id
            );
            mistakes.add(place.clone(), what);
        }
        // What was not understood may have named rules.
        if mistakes.count() == before && self.chosen(&RuleArgs::default()).is_empty() {
            mistakes.add(place, "no rule is left to evaluate: name one in `add`");
        }
    }

    /// Returns every rule there is, with the severity that the file gives it.
    pub(crate) fn known(&self) -> Vec<&'static Rule> {
        let known = self.known.iter().copied();
        known.map(|it| self.with_severity(it)).collect()
    }

    /// Returns the rules of this run, in catalog order: those of the command line alone, if it names any.
    fn chosen(&self, flags: &RuleArgs) -> Vec<&'static Rule> {
        self.selection(flags).chosen(&self.known)
    }

    fn selection(&self, flags: &RuleArgs) -> Selection {
        let rules = |of: &Option<(Vec<&'static Rule>, usize)>| {
            of.as_ref()
                .map(|(rules, _)| rules.clone())
                .unwrap_or_default()
        };
        let frameworks = flags.frameworks.clone();
        if flags.choose() {
            return Selection {
                rulesets: flags.rulesets.clone(),
                rules: flags.rules.clone(),
                skipped: flags.skipped.clone(),
                frameworks,
            };
        }
        let rulesets = self.rulesets.as_ref().map(|(names, _)| names.clone());
        let rulesets = rulesets.unwrap_or_else(|| vec!["default"]);
        let mut skipped = rules(&self.skip);
        skipped.extend(&flags.skipped);
        Selection {
            rulesets: rulesets.into_iter().filter_map(Ruleset::find).collect(),
            rules: rules(&self.add),
            skipped,
            frameworks,
        }
    }

    /// Returns what this run is judged by: the rules, with the severities and settings that the file gives them.
    pub(crate) fn criteria(&self, flags: &RuleArgs) -> Result<Criteria, CliError> {
        let mut criteria = self.selection(flags).criteria(&self.known).map_err(|conflict| {
            let error = CliError::new(Kind::Usage, conflict);
            error.hint("collect once with --snapshot FILE, and judge it in two runs: mfaudit evaluate FILE")
        })?;
        if criteria.rules.is_empty() {
            let error = CliError::new(Kind::Usage, "no rule is left to evaluate");
            return Err(error.hint("name one with --rule; `mfaudit rules` lists them"));
        }
        for rule in &mut criteria.rules {
            *rule = self.with_severity(rule);
        }
        self.set(&mut criteria.settings);
        criteria.grace_days = self.grace_days();
        Ok(criteria)
    }

    /// Returns rules with the severities and settings that the file gives them.
    pub(crate) fn criteria_of(&self, rules: &[&'static Rule]) -> Criteria {
        let rules = rules.iter().map(|it| self.with_severity(it));
        let mut criteria = Criteria::of(&rules.collect::<Vec<_>>());
        self.set(&mut criteria.settings);
        criteria.grace_days = self.grace_days();
        criteria
    }

    /// Sets what the file sets of rules.
    fn set(&self, settings: &mut Settings) {
        for of_rule in self.of_rules.values() {
            of_rule.set(settings);
        }
    }

    /// Returns a rule with the severity that the file gives it.
    fn with_severity(&self, rule: &'static Rule) -> &'static Rule {
        let severity = self.of_rules.get(rule.id).and_then(OfRule::severity);
        match severity {
            Some(severity) if severity != rule.severity => {
                // A few for a process, which ends soon.
                Box::leak(Box::new(Rule { severity, ..*rule }))
            }
            Some(_) | None => rule,
        }
    }

    /// Returns the days for which the failure of a new user does not close the gate, by rule.
    fn grace_days(&self) -> BTreeMap<&'static str, u32> {
        let days = |(id, of_rule): (&&'static str, &OfRule)| Some((*id, of_rule.grace_days()?));
        self.of_rules.iter().filter_map(days).collect()
    }

    /// Returns the rules that the file sets something of, though it does not choose them.
    pub(crate) fn set_in_vain(&self) -> Vec<&'static str> {
        let chosen = self.chosen(&RuleArgs::default());
        let is_chosen = |id: &str| chosen.iter().any(|it| it.id == id);
        let ids = self.of_rules.keys().copied();
        ids.filter(|it| !is_chosen(it)).collect()
    }
}

/// New users may have time: rules about other subjects know none that are new.
const fn has_grace(rule: &Rule) -> bool {
    matches!(rule.check, Check::IamUser(_))
}

fn severities() -> Vec<&'static str> {
    Severity::ALL.map(Severity::name).to_vec()
}
