//! The least-privilege policies, derived from a registry of declared calls.

mod cloudformation;
mod hcl;
mod parameters;
mod statement;
mod terraform;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use model::Dataset;
use serde_json::{Value, json};

use self::statement::{Words, statements};
pub use self::{cloudformation::cloudformation, parameters::Defaults, terraform::terraform};
use crate::{ApiCall, Site};

/// What a policy must name beyond actions.
#[derive(Clone, Debug)]
pub struct Names {
    /// The partition's name, `aws`.
    pub partition: String,
    /// The audit role's name with its path: `mfaudit-audit`, `security/mfaudit-audit`.
    pub role: String,
}

/// Which calls a policy permits.
#[derive(Clone, Copy, Debug)]
pub struct Selection<'a> {
    /// The registry.
    pub calls: &'static [&'static ApiCall],
    /// The sites whose calls are permitted.
    pub sites: &'a [Site],
    /// The datasets whose calls are permitted; `None` for all. Calls that feed no dataset are always permitted.
    pub datasets: Option<&'a BTreeSet<Dataset>>,
}

impl Selection<'_> {
    /// Returns the selected calls.
    pub fn calls(&self) -> impl Iterator<Item = &'static ApiCall> {
        let is_wanted = |call: &&ApiCall| {
            let feeds = self.datasets.is_none_or(|wanted| {
                call.feeds.is_empty() || call.feeds.iter().any(|it| wanted.contains(it))
            });
            self.sites.contains(&call.site) && feeds
        };
        self.calls.iter().copied().filter(move |it| is_wanted(it))
    }
}

/// Returns the policy document that permits exactly the selected calls.
pub fn document(selection: &Selection<'_>, names: &Names) -> Value {
    permitting(&selection.calls().collect::<Vec<_>>(), names)
}

/// Returns the policy document that permits exactly `calls`.
pub fn permitting(calls: &[&'static ApiCall], names: &Names) -> Value {
    written(
        calls,
        &Words {
            partition: &names.partition,
            role: &format!("/{}", names.role),
            users: &[],
        },
    )
}

/// Whose MFA devices may be managed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Whose {
    /// Those of whoever the policy is attached to.
    Own,
    /// Those of every user of the account.
    Everyones,
}

/// Returns the policy document that permits exactly `calls`, which manage the MFA devices of users.
pub fn managing_devices(calls: &[&'static ApiCall], partition: &str, whose: Whose) -> Value {
    let users: &[&str] = match whose {
        // The second is for users with a path. One pattern for both would match a user whose name ends like it.
        Whose::Own => &["/${aws:username}", "/*/${aws:username}"],
        Whose::Everyones => &["/*"],
    };
    written(
        calls,
        &Words {
            partition,
            role: "",
            users,
        },
    )
}

fn written(calls: &[&'static ApiCall], words: &Words<'_>) -> Value {
    let statements: Value = statements(calls, words)
        .iter()
        .map(|it| it.to_json(|arn| json!(arn)))
        .collect();
    json!({ "Version": "2012-10-17", "Statement": statements })
}
