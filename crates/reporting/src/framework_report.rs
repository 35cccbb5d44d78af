//! What a run says of each requirement of a framework's version.

#[cfg(test)]
mod tests;

use rules::{
    Answer, CATALOG, Check, FrameworkVersion, Level, Requirement, Rule, Settings, StatusCounts,
    Totals,
};

/// What a run says of each requirement of a framework's version.
#[derive(Debug)]
pub(crate) struct FrameworkReport {
    pub(crate) version: &'static FrameworkVersion,
    /// The requirements, in the framework's order.
    pub(crate) requirements: Vec<RequirementReport>,
}

/// What a run says of one requirement.
#[derive(Debug)]
pub(crate) struct RequirementReport {
    pub(crate) requirement: Requirement,
    pub(crate) status: RequirementStatus,
    /// Why, as a phrase; empty where the counts say it all.
    pub(crate) why: String,
    /// The rules that have a say, with their findings.
    pub(crate) rules: Vec<RuleReport>,
}

/// A rule that has a say on a requirement.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RuleReport {
    pub(crate) rule: &'static Rule,
    /// Its findings; `None` if it was not evaluated.
    pub(crate) counts: Option<StatusCounts>,
}

/// Whether a requirement is met.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum RequirementStatus {
    /// A rule found a failure.
    Fail,
    /// No failure was found, and not everything was seen that a pass needs.
    NotSeen,
    /// Everything was seen, and meets the requirement.
    Pass,
    /// It concerns nobody here.
    NotApplicable,
    /// No rule answers it, or none in full.
    NotByUs,
}

impl RequirementStatus {
    /// Every status, the worst first.
    pub(crate) const ALL: [Self; 5] = [
        Self::Fail,
        Self::NotSeen,
        Self::Pass,
        Self::NotApplicable,
        Self::NotByUs,
    ];

    /// Returns the stable kebab-case name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::NotSeen => "not-seen",
            Self::Pass => "pass",
            Self::NotApplicable => "not-applicable",
            Self::NotByUs => "not-automated",
        }
    }

    /// Returns the name as people read it.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::NotSeen => "not seen",
            Self::Pass => "pass",
            Self::NotApplicable => "not applicable",
            Self::NotByUs => "not automated by us",
        }
    }
}

impl FrameworkReport {
    /// Returns the report on what a run counted under its settings.
    pub(crate) fn of(
        version: &'static FrameworkVersion,
        totals: &Totals,
        settings: &Settings,
    ) -> Self {
        let requirements = (version.requirements)().into_iter();
        let report = |requirement| {
            let rules = rules_of(version, &requirement, totals);
            let (status, why) = judge(&requirement, &rules, totals, settings);
            RequirementReport {
                requirement,
                status,
                why,
                rules,
            }
        };
        Self {
            version,
            requirements: requirements.map(report).collect(),
        }
    }

    /// Returns how many requirements have a status.
    pub(crate) fn count(&self, status: RequirementStatus) -> u64 {
        let requirements = self.requirements.iter();
        requirements.filter(|it| it.status == status).count() as u64
    }
}

impl RequirementReport {
    /// Returns the level, where the framework has levels.
    pub(crate) fn level(&self, version: &FrameworkVersion) -> Option<u8> {
        (version.framework == "cis-aws").then_some(match self.requirement.level {
            Level::One => 1,
            Level::Two => 2,
        })
    }
}

/// Returns the rules that have a say: those evaluated, which users may have written, then the catalog's others.
fn rules_of(
    version: &FrameworkVersion,
    requirement: &Requirement,
    totals: &Totals,
) -> Vec<RuleReport> {
    let answers = |rule: &Rule| version.is_answered(requirement, rule);
    let evaluated = totals.rules.iter().filter(|(rule, _)| answers(rule));
    let mut rules: Vec<_> = evaluated
        .map(|(rule, counts)| RuleReport {
            rule,
            counts: Some(*counts),
        })
        .collect();
    for rule in CATALOG.iter().copied().filter(|it| answers(it)) {
        if rules.iter().all(|it| it.rule.id != rule.id) {
            rules.push(RuleReport { rule, counts: None });
        }
    }
    rules
}

/// A failure stands whatever else was not seen; a pass only if nothing was left open.
fn judge(
    requirement: &Requirement,
    rules: &[RuleReport],
    totals: &Totals,
    settings: &Settings,
) -> (RequirementStatus, String) {
    if let Answer::NotByUs(why) = requirement.answer {
        return (RequirementStatus::NotByUs, why.to_owned());
    }
    if rules.is_empty() {
        return (RequirementStatus::NotByUs, "no rule answers it".to_owned());
    }
    let counts = || rules.iter().filter_map(|it| it.counts);
    if counts().any(|it| it.fail > 0) {
        return (RequirementStatus::Fail, String::new());
    }
    if let Some(why) = open(requirement, rules, totals, settings) {
        return (RequirementStatus::NotSeen, why);
    }
    if let Answer::InPart(why) = requirement.answer {
        return (RequirementStatus::NotByUs, format!("no failure, but {why}"));
    }
    if counts().all(|it| it.pass == 0) {
        return (RequirementStatus::NotApplicable, String::new());
    }
    (RequirementStatus::Pass, String::new())
}

/// Returns what a pass would leave open, if anything.
fn open(
    requirement: &Requirement,
    rules: &[RuleReport],
    totals: &Totals,
    settings: &Settings,
) -> Option<String> {
    if let Some(rule) = rules.iter().find(|it| it.counts.is_none()) {
        return Some(format!("{} was not evaluated", rule.rule.id));
    }
    let undecided: u64 = rules
        .iter()
        .filter_map(|it| it.counts)
        .map(|it| it.indeterminate)
        .sum();
    if undecided > 0 {
        return Some(format!(
            "{} undecided",
            crate::counted::counted(undecided, "finding")
        ));
    }
    if totals.coverage.accounts == 0 {
        return Some("no account was in scope".to_owned());
    }
    if !totals.account_list.is_whole() {
        return Some("the list of accounts was not read to its end".to_owned());
    }
    if let Some(rule) = rules.iter().find(|it| judged_nobody_though_it_should(it)) {
        return Some(format!(
            "{}: the management account was not in scope",
            rule.rule.id
        ));
    }
    // A bound on a rule that has no say here, such as one that is not there yet, is none.
    let bounds = requirement
        .bounds
        .iter()
        .filter(|it| rules.iter().any(|rule| rule.rule.id == it.rule));
    let mut broken = bounds.filter_map(|it| Some((it, it.broken_by(settings)?)));
    broken.next().map(|(bound, value)| {
        let (rule, key) = (bound.rule, bound.key);
        format!(
            "{rule} was evaluated with {key} = {value}, and {} is asked for",
            range(bound.min, bound.max)
        )
    })
}

/// Every run over an organization has one finding of a rule about it, if the management account is in scope.
fn judged_nobody_though_it_should(rule: &RuleReport) -> bool {
    let findings = |it: StatusCounts| it.pass + it.fail + it.not_applicable + it.indeterminate;
    matches!(rule.rule.check, Check::Organization(_))
        && rule.counts.is_some_and(|it| findings(it) == 0)
}

fn range(min: u32, max: u32) -> String {
    match (min, max) {
        (min, u32::MAX) => format!("{min} or more"),
        (0, max) => format!("{max} or less"),
        (min, max) => format!("{min} to {max}"),
    }
}
