//! What a user has to be able to do without MFA, to come by it.

use super::{actions::ActionSet, mfa::Way, universe::Universe};
use crate::{Pattern, Selection};

/// What a user may do without MFA although MFA is enforced: what it takes to enrol a device.
#[derive(Clone, Debug)]
pub struct SelfService {
    selection: Selection<Pattern>,
    listed: ActionSet,
}

/// What AWS's own policy for users who manage their devices leaves to them without MFA.
///
/// Source: "AWS: Allows MFA-authenticated IAM users to manage their own credentials" in the IAM user guide.
const BY_DEFAULT: [&str; 8] = [
    "iam:CreateVirtualMFADevice",
    "iam:EnableMFADevice",
    "iam:GetMFADevice",
    "iam:GetUser",
    "iam:ListMFADevices",
    "iam:ListVirtualMFADevices",
    "iam:ResyncMFADevice",
    "sts:GetSessionToken",
];

/// Whoever has credentials may do this, whatever policies say: to deny it is in vain.
///
/// Source: `GetCallerIdentity` and `GetSessionToken` in the STS API reference.
const WITHOUT_PERMISSION: [&str; 2] = ["sts:GetCallerIdentity", "sts:GetSessionToken"];

impl SelfService {
    /// What is left besides by who lets users choose a password at their first sign-in before they enrol.
    pub const FIRST_SIGN_IN: [&'static str; 2] =
        ["iam:ChangePassword", "iam:GetAccountPasswordPolicy"];

    /// Returns the set of these actions, which may be patterns, and of those that need no permission.
    pub fn new<'a>(actions: impl IntoIterator<Item = &'a str>) -> Self {
        let all = actions.into_iter().chain(WITHOUT_PERMISSION);
        let selection = Selection::Only(all.map(Pattern::new).collect());
        Self {
            listed: ActionSet::of(&selection, &Universe::default()),
            selection,
        }
    }

    /// Returns what counts unless something else is said.
    pub fn default_actions() -> &'static [&'static str] {
        &BY_DEFAULT
    }

    /// Returns all actions but these.
    pub fn beyond(&self, universe: &Universe) -> ActionSet {
        let all = ActionSet::all(universe);
        if universe.besides().is_empty() {
            return all.without(&self.listed);
        }
        all.without(&ActionSet::of(&self.selection, universe))
    }

    /// Returns all actions but these that can be done in some way.
    pub(super) fn beyond_by(&self, way: Way, universe: &Universe) -> ActionSet {
        let beyond = self.beyond(universe);
        if way != Way::KeySession {
            return beyond;
        }
        let pattern = |it| Pattern::new(it);
        let closed = Selection::Only(["iam:*", "sts:*"].map(pattern).to_vec());
        let open = Selection::Only(vec![pattern("sts:AssumeRole")]);
        let closed = ActionSet::of(&closed, universe).without(&ActionSet::of(&open, universe));
        beyond.without(&closed)
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.selection == other.selection
    }
}

impl Default for SelfService {
    fn default() -> Self {
        Self::new(BY_DEFAULT)
    }
}
