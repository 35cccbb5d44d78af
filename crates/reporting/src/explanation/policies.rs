//! What the policies over an IAM user come to.

use rules::PoliciesTold;
use serde::Serialize;

/// What the policies over an IAM user come to: sentences without their ends.
#[derive(Clone, Debug, Serialize)]
pub(super) struct PoliciesDocument {
    /// What can be done without MFA beyond self service, context by context.
    pub(super) without_mfa: Vec<String>,
    /// The statements that decide.
    pub(super) decided_by: Vec<String>,
    /// What to change.
    pub(super) to_change: Vec<String>,
}

impl PoliciesDocument {
    pub(super) fn of(told: &PoliciesTold) -> Self {
        Self {
            without_mfa: told.without_mfa.clone(),
            decided_by: told.decided_by.clone(),
            to_change: told.to_change.clone(),
        }
    }
}
