//! The named sets of rules, and what a set of rules needs to see.

mod selection;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use model::Dataset;

pub use self::selection::{Selection, SettingConflict};
use crate::{CATALOG, FRAMEWORK_VERSIONS, FrameworkVersion, Implied, Level, Rule, find_framework};

/// A named set of rules.
#[derive(Debug)]
pub struct Ruleset {
    /// The stable name, in kebab case.
    pub id: &'static str,
    /// What the set is for, as a phrase without a full stop.
    pub about: &'static str,
    /// Which rules are in it.
    members: Members,
}

/// Which rules are in a set.
#[derive(Clone, Copy, Debug)]
enum Members {
    /// These.
    Named(&'static [&'static str]),
    /// Those that answer a framework's requirements up to a level, by the framework's name and version.
    Answering(&'static str, Level),
    /// Every one.
    All,
}

/// The rules of the ruleset `default`: what concerns every organization and drowns nobody in service users.
const DEFAULT: &[&str] = &[
    "root-user-mfa",
    "root-user-access-key",
    "iam-user-console-mfa",
    "iam-user-admin-mfa",
    "root-user-credentials-removed",
    "organization-root-credentials-management",
];

/// Rules about kinds of device say nothing of who has none, so those about any device are in the set too.
const PHISHING_RESISTANT: &[&str] = &[
    "root-user-mfa",
    "root-user-phishing-resistant-mfa",
    "iam-user-console-mfa",
    "iam-user-phishing-resistant-mfa",
    "iam-user-sms-mfa",
];

/// Declares the two levels of each version of the CIS benchmark.
macro_rules! cis {
    ($level_1:literal, $level_2:literal, $version:literal) => {
        [
            Ruleset {
                id: $level_1,
                about: concat!("CIS AWS Foundations Benchmark ", $version, ", level 1"),
                members: Members::Answering(concat!("cis-aws@", $version), Level::One),
            },
            Ruleset {
                id: $level_2,
                about: concat!(
                    "CIS AWS Foundations Benchmark ",
                    $version,
                    ", levels 1 and 2"
                ),
                members: Members::Answering(concat!("cis-aws@", $version), Level::Two),
            },
        ]
    };
}

static GENERAL: [Ruleset; 6] = [
    Ruleset {
        id: "default",
        about: "what concerns every organization",
        members: Members::Named(DEFAULT),
    },
    Ruleset {
        id: "phishing-resistant",
        about: "MFA that a false sign-in page cannot get past",
        members: Members::Named(PHISHING_RESISTANT),
    },
    Ruleset {
        id: "aws-security-hub",
        about: "AWS Security Hub CSPM controls; root users without credentials pass",
        members: Members::Answering("aws-security-hub", Level::One),
    },
    Ruleset {
        id: "nist-800-53-r5",
        about: "NIST SP 800-53 revision 5",
        members: Members::Answering("nist-800-53@r5", Level::One),
    },
    Ruleset {
        id: "pci-dss-4.0.1",
        about: "PCI DSS 4.0.1",
        members: Members::Answering("pci-dss@4.0.1", Level::One),
    },
    Ruleset {
        id: "all",
        about: "every rule",
        members: Members::All,
    },
];

static CIS: [[Ruleset; 2]; 9] = [
    cis!("cis-aws-7.0", "cis-aws-7.0-level-2", "7.0.0"),
    cis!("cis-aws-6.0", "cis-aws-6.0-level-2", "6.0.0"),
    cis!("cis-aws-5.0", "cis-aws-5.0-level-2", "5.0.0"),
    cis!("cis-aws-4.0", "cis-aws-4.0-level-2", "4.0.1"),
    cis!("cis-aws-3.0", "cis-aws-3.0-level-2", "3.0.0"),
    cis!("cis-aws-2.0", "cis-aws-2.0-level-2", "2.0.0"),
    cis!("cis-aws-1.5", "cis-aws-1.5-level-2", "1.5.0"),
    cis!("cis-aws-1.4", "cis-aws-1.4-level-2", "1.4.0"),
    cis!("cis-aws-1.2", "cis-aws-1.2-level-2", "1.2.0"),
];

impl Ruleset {
    /// Returns every ruleset, in the order pages list them.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        GENERAL.iter().chain(CIS.iter().flatten())
    }

    /// Returns the ruleset of that name.
    pub fn find(id: &str) -> Option<&'static Self> {
        Self::all().find(|it| it.id == id)
    }

    /// Returns the rules of the set among those that are known, in their order.
    pub fn rules(&self, known: &[&'static Rule]) -> Vec<&'static Rule> {
        match self.members {
            Members::All => known.to_vec(),
            Members::Named(ids) => {
                let named = known.iter().filter(|it| ids.contains(&it.id));
                named.copied().collect()
            }
            Members::Answering(_, level) => self
                .framework()
                .map(|it| it.rules(level, known))
                .unwrap_or_default(),
        }
    }

    /// Returns the settings that the set asks for.
    pub fn settings(&self) -> &'static [Implied] {
        self.framework().map_or(&[], |it| it.settings)
    }

    /// Returns for how many days at most the failure of a new user may be passed over; `None` if the set does not say.
    pub fn most_grace_days(&self) -> Option<u32> {
        let framework = self.framework()?;
        (framework.framework == "pci-dss").then_some(0)
    }

    fn framework(&self) -> Option<&'static FrameworkVersion> {
        match self.members {
            Members::Answering(framework, _) => find_framework(framework),
            Members::Named(_) | Members::All => None,
        }
    }
}

/// Returns the rules that are evaluated when none is named, in catalog order.
pub fn default_rules() -> Vec<&'static Rule> {
    Ruleset::find("default")
        .map(|it| it.rules(CATALOG))
        .unwrap_or_default()
}

/// Returns every dataset that `rules` need.
pub fn datasets(rules: &[&'static Rule]) -> BTreeSet<Dataset> {
    rules.iter().flat_map(|it| it.datasets()).collect()
}

/// Returns the framework versions that are known of a framework.
pub fn versions_of(framework: &str) -> impl Iterator<Item = &'static FrameworkVersion> {
    let all = FRAMEWORK_VERSIONS.iter().copied();
    all.filter(move |it| it.framework == framework)
}
