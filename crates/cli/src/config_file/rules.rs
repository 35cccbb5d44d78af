//! The section `[rules]`: which rules are evaluated, and what is set of each.

mod of_rule;
mod print;
mod schema;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use rules::{
    CATALOG, Check, Criteria, PREFIX, Rule, Ruleset, Selection, Settings, Severity, SubjectKind,
};

use self::of_rule::OfRule;
pub(super) use self::schema::schema;
use super::{mistakes::Mistakes, rulesets, table::Table, value};
use crate::{
    args::{RuleArgs, RuleName},
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
        if mistakes.count() == before && self.chosen().is_empty() {
            mistakes.add(place, "no rule is left to evaluate: name one in `add`");
        }
    }

    /// Returns every rule there is, with the severity that the file gives it.
    pub(crate) fn known(&self) -> Vec<&'static Rule> {
        let known = self.known.iter().copied();
        known.map(|it| self.with_severity(it)).collect()
    }

    /// Returns the rules that the file chooses, in the order of those that are known.
    fn chosen(&self) -> Vec<&'static Rule> {
        self.selection_of_file().chosen(&self.known)
    }

    /// Returns what the file asks for. Its own rules are evaluated along, without being in any set.
    fn selection_of_file(&self) -> Selection {
        let rules = |of: &Option<(Vec<&'static Rule>, usize)>| {
            of.as_ref()
                .map(|(rules, _)| rules.clone())
                .unwrap_or_default()
        };
        let rulesets = self.rulesets.as_ref().map(|(names, _)| names.clone());
        let rulesets = rulesets.unwrap_or_else(|| vec!["default"]);
        let mut named = rules(&self.add);
        named.extend(self.own());
        Selection {
            rulesets: rulesets.into_iter().filter_map(Ruleset::find).collect(),
            rules: named,
            skipped: rules(&self.skip),
            frameworks: Vec::new(),
        }
    }

    /// Returns what this run asks for: what the command line chooses alone, if it chooses any rules.
    fn selection(&self, flags: &RuleArgs) -> Result<Selection, CliError> {
        let skipped = self.all_named(&flags.skipped)?;
        let frameworks = flags.frameworks.clone();
        if flags.choose() {
            return Ok(Selection {
                rulesets: flags.rulesets.clone(),
                rules: self.all_named(&flags.rules)?,
                skipped,
                frameworks,
            });
        }
        let mut selection = self.selection_of_file();
        selection.skipped.extend(skipped);
        selection.frameworks = frameworks;
        Ok(selection)
    }

    /// Returns the rules that a role is made for. Without a choice every one: the role outlives the first run's choice.
    pub(crate) fn of_role(&self, flags: &RuleArgs) -> Result<Vec<&'static Rule>, CliError> {
        let mut selection = Selection {
            rulesets: flags.rulesets.clone(),
            rules: self.all_named(&flags.rules)?,
            skipped: self.all_named(&flags.skipped)?,
            frameworks: flags.frameworks.clone(),
        };
        if !flags.choose() {
            let set = if flags.frameworks.is_empty() {
                "all"
            } else {
                "default"
            };
            selection.rulesets = Ruleset::find(set).into_iter().collect();
            selection.rules = self.own().collect();
        }
        Ok(selection.chosen(&self.known))
    }

    /// Returns the rules that the file's owner wrote.
    fn own(&self) -> impl Iterator<Item = &'static Rule> {
        self.known.iter().copied().filter(|it| is_own(it))
    }

    fn all_named(&self, names: &[RuleName]) -> Result<Vec<&'static Rule>, CliError> {
        names.iter().map(|it| self.named(it)).collect()
    }

    /// Returns the rule that the command line names.
    ///
    /// # Errors
    ///
    /// Fails if there is none of that name.
    pub(crate) fn named(&self, name: &RuleName) -> Result<&'static Rule, CliError> {
        let found = self.known.iter().copied().find(|it| it.id == name.id);
        found.ok_or_else(|| {
            if !name.is_custom() {
                return CliError::new(Kind::Usage, unknown_rule(&name.id, &self.known));
            }
            let what = format!("the configuration has no rule `{}`", name.id);
            let own: Vec<_> = self.own().map(|it| it.id).collect();
            let hint = if own.is_empty() {
                "write it in mfaudit.toml as a [[rule]], or name another file with --config"
                    .to_owned()
            } else {
                // They all begin alike, which makes none of them likely.
                let behind = |id: &'static str| id.strip_prefix(PREFIX).unwrap_or(id);
                let given = name.id.strip_prefix(PREFIX).unwrap_or(&name.id);
                let near = nearest(given, own.iter().map(|it| behind(it)));
                match near.and_then(|near| own.iter().find(|it| behind(it) == near)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("it has {}", own.join(", ")),
                }
            };
            CliError::new(Kind::Usage, what).hint(hint)
        })
    }

    /// Returns what this run is judged by: the rules, with the severities and settings that the file gives them.
    pub(crate) fn criteria(&self, flags: &RuleArgs) -> Result<Criteria, CliError> {
        let mut criteria = self.selection(flags)?.criteria(&self.known).map_err(|conflict| {
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
        let chosen = self.chosen();
        let is_chosen = |id: &str| chosen.iter().any(|it| it.id == id);
        let ids = self.of_rules.keys().copied();
        ids.filter(|it| !is_chosen(it)).collect()
    }
}

/// New users may have time: rules about other subjects know none that are new.
const fn has_grace(rule: &Rule) -> bool {
    matches!(rule.check.subject(), SubjectKind::IamUser)
}

/// Tells whether the file's owner wrote the rule.
const fn is_own(rule: &Rule) -> bool {
    matches!(rule.check, Check::Custom(_))
}

fn severities() -> Vec<&'static str> {
    Severity::ALL.map(Severity::name).to_vec()
}
