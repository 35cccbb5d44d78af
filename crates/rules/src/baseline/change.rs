//! How a failure of this run stands to the baseline.

use crate::Finding;

/// How a failure of this run stands to the baseline.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Change {
    /// It is the first time: the baseline evaluated the rule, and this was no failure there. It may have been
    /// indeterminate there, for a baseline excuses what was seen, and no more.
    New,
    /// It was a failure there, or in a run before and not seen there.
    Known,
    /// It was a failure there that a waiver or a time of grace excused, and is not excused any more.
    Lapsed,
    /// The baseline did not evaluate the rule.
    NewRule(NewRules),
}

/// What becomes of failures of rules that the baseline did not evaluate.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub enum NewRules {
    /// They are held against the run.
    Held,
    /// They are listed: another version of mfaudit does not close a gate that nobody touched.
    #[default]
    Listed,
}

/// Whether a failure was held against its run, its baseline aside.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Standing {
    /// It was.
    Held,
    /// A waiver or a time of grace excused it.
    Excused,
}

impl Change {
    /// Every value, in the order reports list them.
    pub const ALL: [Self; 4] = [
        Self::New,
        Self::Lapsed,
        Self::NewRule(NewRules::Listed),
        Self::Known,
    ];

    /// Returns the stable kebab-case name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Known => "known",
            Self::Lapsed => "lapsed",
            Self::NewRule(_) => "new-rule",
        }
    }

    /// Tells whether a failure that stands so is held against the run.
    pub const fn is_held(self) -> bool {
        match self {
            Self::New | Self::Lapsed | Self::NewRule(NewRules::Held) => true,
            Self::Known | Self::NewRule(NewRules::Listed) => false,
        }
    }
}

impl Standing {
    /// Every value.
    pub const ALL: [Self; 2] = [Self::Held, Self::Excused];

    /// Returns the stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Excused => "excused",
        }
    }

    /// Returns the standing of a failure that was not yet compared with a baseline.
    pub fn of(finding: &Finding) -> Self {
        if finding.is_held() {
            Self::Held
        } else {
            Self::Excused
        }
    }
}

/// Whether a run evaluated a rule.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Evaluated {
    Yes,
    No,
}

/// Returns how a failure stands to a baseline in which it had a standing, or did not fail.
///
/// What was excused there is not known for that: else a waiver that ends would be a pardon for ever.
pub(crate) const fn change_of(
    earlier: Option<Standing>,
    now: Standing,
    rule: Evaluated,
    new_rules: NewRules,
) -> Change {
    match (earlier, now, rule) {
        (Some(Standing::Held), _, _) | (Some(Standing::Excused), Standing::Excused, _) => {
            Change::Known
        }
        (Some(Standing::Excused), Standing::Held, _) => Change::Lapsed,
        (None, _, Evaluated::Yes) => Change::New,
        (None, _, Evaluated::No) => Change::NewRule(new_rules),
    }
}
