//! What a run is judged by: rules, their settings, what is not held against a failure, and an earlier run; and what judges
//! may know of the run.

use std::{collections::BTreeMap, sync::Arc};

use model::{
    Timestamp,
    snapshot::{Header, IdentityCenter},
};

use crate::{Baseline, FrameworkVersion, Rule, Settings, Waivers, enforcement::RunPolicies};

/// What a run is judged by.
#[derive(Clone, Debug, Default)]
pub struct Criteria {
    /// The rules, in the order reports list them. A rule whose severity was set is a copy of the catalog's.
    pub rules: Vec<&'static Rule>,
    /// The rules' settings.
    pub settings: Settings,
    /// The frameworks to report on.
    pub frameworks: Vec<&'static FrameworkVersion>,
    /// The failures that somebody answers for.
    pub waivers: Waivers,
    /// The days for which the failure of a new user is not held against the run, by the rule's identifier.
    pub grace_days: BTreeMap<&'static str, u32>,
    /// The earlier run whose failures are known.
    pub baseline: Option<Arc<Baseline>>,
}

impl Criteria {
    /// Returns rules with the settings they have if nobody sets any.
    pub fn of(rules: &[&'static Rule]) -> Self {
        Self {
            rules: rules.to_vec(),
            ..Self::default()
        }
    }

    /// Returns for how many days from its creation a user's failure of `rule` is not held against the run.
    pub fn grace_days(&self, rule: &Rule) -> u32 {
        self.grace_days.get(rule.id).copied().unwrap_or_default()
    }
}

/// What judges may know of the run, beside the account. A copy shares what was made ready of policies.
#[derive(Clone, Debug, Default)]
pub struct RunContext {
    /// When the run began; `None` for saved evidence that does not tell.
    pub now: Option<Timestamp>,
    /// Whether the organization uses Identity Center.
    pub identity_center: IdentityCenter,
    pub(crate) policies: Arc<RunPolicies>,
}

impl RunContext {
    /// Returns what a snapshot's header tells.
    pub fn of(header: &Header) -> Self {
        Self {
            now: header.collected_at,
            identity_center: header.identity_center,
            policies: Arc::new(RunPolicies::of(header)),
        }
    }

    /// Returns a run of which only the time is known, if that.
    pub fn at(now: Option<Timestamp>) -> Self {
        Self {
            now,
            ..Self::default()
        }
    }
}
