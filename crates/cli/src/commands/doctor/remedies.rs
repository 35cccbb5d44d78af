//! What to add where something is missing.

use std::fmt::Write;

use aws::{ApiCall, policy};
use inventory::{CALLS, StartError};

use super::checks::{CALLER, Checks};
use crate::{
    args::{Doctor, RoleArgs},
    commands::policy::pretty,
    error::CliError,
    exit::ExitStatus,
    output,
};

impl Checks {
    /// Prints all, and what to do since no organization could be discovered.
    pub(super) fn finish_without_organization(
        mut self,
        error: &StartError,
        args: &Doctor,
        partition: &str,
    ) -> Result<(), CliError> {
        let advice = match error {
            StartError::PlainMember { .. } => {
                "run it with credentials of the management account or of a delegated administrator, or audit this account alone: mfaudit audit --account self"
            }
            StartError::Caller(_)
            | StartError::Listing(_)
            | StartError::UnknownAccount(_)
            | StartError::UnknownUnit { .. }
            | StartError::AmbiguousUnit { .. } => "the caller needs the statement below",
        };
        let _ = writeln!(self.text, "\n{advice}");
        self.statements(&args.role, partition)?;
        output::print(&self.text)
    }

    /// Prints all, and what to add; tells whether anything is missing.
    pub(super) fn finish(
        mut self,
        role: &RoleArgs,
        partition: &str,
    ) -> Result<ExitStatus, CliError> {
        if self.bad == 0 {
            self.text.push_str(
                "\nAn audit would see everything it asks for here. Start one: mfaudit audit\n",
            );
            output::print(&self.text)?;
            return Ok(ExitStatus::Clean);
        }
        self.statements(role, partition)?;
        output::print(&self.text)?;
        Ok(ExitStatus::Incomplete)
    }

    /// Prints, for each place where permissions are missing, the policy to add there.
    fn statements(&mut self, role: &RoleArgs, partition: &str) -> Result<(), CliError> {
        let names = names(role, partition);
        let entry = self
            .missing
            .iter()
            .any(|(_, call)| call.operation == "AssumeRole");
        if entry {
            let _ = writeln!(
                self.text,
                "\nThe role {} is missing there, or does not trust the caller: deploy mfaudit policy --for member --as cloudformation; the caller needs sts:AssumeRole on it.",
                names.role
            );
        }
        for arn in &self.above {
            let _ = writeln!(
                self.text,
                "\n{arn} denies calls of the audit: exempt the role {} in it.",
                names.role
            );
        }
        let mut places: Vec<&str> = self
            .missing
            .iter()
            .map(|(place, _)| place.as_str())
            .collect();
        places.dedup();
        let places: Vec<String> = places.into_iter().map(str::to_owned).collect();
        for place in places {
            let is_missing = |call: &&&'static ApiCall| {
                self.missing
                    .iter()
                    .any(|(at, it)| *at == place && it.operation == call.operation)
            };
            let calls: Vec<&'static ApiCall> = CALLS.iter().filter(is_missing).copied().collect();
            let document = policy::permitting(&calls, &names);
            let document = pretty(&document)?;
            let whose = if place == CALLER {
                "to the caller's policy".to_owned()
            } else {
                format!("to the policy of {} in {place}", names.role)
            };
            let _ = write!(self.text, "\nAdd {whose}:\n{document}");
        }
        Ok(())
    }
}

/// Returns what the statements name.
pub(super) fn names(role: &RoleArgs, partition: &str) -> policy::Names {
    policy::Names {
        partition: partition.to_owned(),
        role: role.name_with_path(),
    }
}
