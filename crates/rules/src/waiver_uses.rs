//! What became of each waiver in a run.

use model::{Account, Date};

use crate::{Finding, Rule, Status, Term, Waiver, Waivers, waivers::covers};

/// What became of each waiver in a run: counts, as accounts pass.
#[derive(Clone, Debug, Default)]
pub struct WaiverUses {
    /// The day of the run; `None` if the evidence tells no time.
    day: Option<Date>,
    waivers: Waivers,
    counted: Vec<Counted>,
}

#[derive(Clone, Debug)]
struct Counted {
    selected: Selected,
    matched: Matched,
    failures: u64,
    waived: u64,
    too_long: u64,
    unwaived: u64,
    ends: Option<Date>,
}

/// Whether a waiver is for a rule that was evaluated.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Selected {
    Yes,
    No,
}

/// Whether a finding of any status is what a waiver is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Matched {
    Something,
    Nothing,
}

/// What became of a waiver.
#[derive(Clone, Copy, Debug)]
pub struct WaiverOutcome<'a> {
    /// The waiver.
    pub waiver: &'a Waiver,
    /// Whether it applied, and if not, why.
    pub fate: WaiverFate,
    /// The failures that it is for.
    pub failures: u64,
    /// Of those, the ones that it holds for. Another waiver may hold for them too.
    pub waived: u64,
    /// Of those that it is for, the ones that it may not hold for any more, or not for so long.
    pub too_long: u64,
    /// Of those that it is for, the ones that no waiver holds for.
    pub unwaived: u64,
    /// The last day on which it holds for all that it holds for now.
    pub ends: Option<Date>,
    /// The days from the run to that day.
    pub days_left: Option<i64>,
}

/// Whether a waiver applied, and if not, why.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum WaiverFate {
    /// It applied.
    Active,
    /// Its last day has passed, so it applied no more.
    Expired,
    /// It would hold for longer than is allowed, so it did not apply.
    TooLong,
    /// Its first day is yet to come, so it did not apply.
    NotBegun,
    /// The evidence tells no time, so that nobody can say whether it holds: it did not apply.
    Undated,
    /// No finding is what it is for.
    Unmatched,
    /// Nothing that it is for fails.
    NotNeeded,
    /// No rule that it is for was evaluated.
    RuleNotSelected,
}

impl WaiverFate {
    /// Every fate.
    pub const ALL: [Self; 8] = [
        Self::Active,
        Self::Expired,
        Self::TooLong,
        Self::NotBegun,
        Self::Undated,
        Self::Unmatched,
        Self::NotNeeded,
        Self::RuleNotSelected,
    ];

    /// Returns the stable kebab-case name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Expired => "expired",
            Self::TooLong => "too-long",
            Self::NotBegun => "not-begun",
            Self::Undated => "undated",
            Self::Unmatched => "unmatched",
            Self::NotNeeded => "not-needed",
            Self::RuleNotSelected => "rule-not-selected",
        }
    }
}

impl WaiverUses {
    /// Returns the counts over nothing, for a run on `day` of `rules`.
    pub fn new(waivers: Waivers, rules: &[&'static Rule], day: Option<Date>) -> Self {
        let uncounted = |waiver: &Waiver| Counted {
            selected: if Waivers::is_for(waiver, rules) {
                Selected::Yes
            } else {
                Selected::No
            },
            matched: Matched::Nothing,
            failures: 0,
            waived: 0,
            too_long: 0,
            unwaived: 0,
            ends: None,
        };
        let counted = waivers.list.iter().map(uncounted).collect();
        Self {
            day,
            waivers,
            counted,
        }
    }

    /// Counts the findings of an account, which are marked already.
    pub fn count(&mut self, account: &Account, findings: &[Finding]) {
        let Self {
            day,
            waivers,
            counted,
        } = self;
        for (id, waiver) in waivers.of_account(account) {
            let Some(counted) = counted.get_mut(id.0) else {
                continue;
            };
            for finding in findings {
                match (finding.status, counted.matched) {
                    (Status::Fail, _) if covers(waiver, finding) => {
                        counted.matched = Matched::Something;
                        counted.add(waivers, waiver, finding, *day);
                    }
                    // Once is enough to know.
                    (
                        Status::Pass | Status::NotApplicable | Status::Indeterminate,
                        Matched::Nothing,
                    ) if covers(waiver, finding) => counted.matched = Matched::Something,
                    _ => {}
                }
            }
        }
    }

    /// Returns the same counts of waivers that are told otherwise, each in its place.
    #[must_use]
    pub fn told_as(self, waivers: &Waivers) -> Self {
        Self {
            waivers: waivers.clone(),
            ..self
        }
    }

    /// Returns what became of each waiver, in the order they were given.
    pub fn outcomes(&self) -> impl Iterator<Item = WaiverOutcome<'_>> {
        let all = self.waivers.list.iter().zip(&self.counted);
        all.map(|(waiver, it)| WaiverOutcome {
            waiver,
            fate: self.fate(waiver, it),
            failures: it.failures,
            waived: it.waived,
            too_long: it.too_long,
            unwaived: it.unwaived,
            ends: it.ends,
            days_left: self.day.zip(it.ends).map(|(day, end)| end.days_since(day)),
        })
    }

    fn fate(&self, waiver: &Waiver, counted: &Counted) -> WaiverFate {
        match self.day {
            None => WaiverFate::Undated,
            Some(day) if day > waiver.expires => WaiverFate::Expired,
            Some(day) if waiver.created.is_some_and(|it| day < it) => WaiverFate::NotBegun,
            Some(_) if counted.selected == Selected::No => WaiverFate::RuleNotSelected,
            Some(_) if counted.waived > 0 => WaiverFate::Active,
            Some(_) if counted.too_long > 0 => WaiverFate::TooLong,
            Some(_) if counted.matched == Matched::Something => WaiverFate::NotNeeded,
            Some(_) => WaiverFate::Unmatched,
        }
    }
}

impl Counted {
    fn add(&mut self, waivers: &Waivers, waiver: &Waiver, finding: &Finding, day: Option<Date>) {
        let severity = finding.rule.severity;
        self.failures += 1;
        self.unwaived += u64::from(finding.waiver.is_none());
        match day.map(|it| waivers.term(waiver, severity, it)) {
            Some(Term::Holds) => {
                let last_day = waivers.last_day(waiver, severity);
                self.waived += 1;
                self.ends = Some(self.ends.map_or(last_day, |it| it.min(last_day)));
            }
            Some(Term::TooLong) => self.too_long += 1,
            Some(Term::NotBegun | Term::Expired) | None => {}
        }
    }
}
