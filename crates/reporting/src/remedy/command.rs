//! The commands that help, to be copied whole.

use std::{collections::BTreeSet, fmt::Write};

use model::{Dataset, snapshot::Header};

use crate::summary::{Belonging, GapGroup, Place};

/// The role that a run assumes unless told otherwise.
const ROLE: &str = "mfaudit-audit";

impl GapGroup {
    /// Returns the command that audits the accounts again, by name if they are few.
    pub(super) fn audit(&self, options: &str) -> String {
        let mut command = format!("mfaudit audit{options}");
        // An identifier of a hand-edited file is no text to paste into a shell.
        let whole = self.examples.iter().all(|it| it.id.is_whole());
        if self.examples.len() as u64 != self.accounts || !whole {
            return command;
        }
        for account in &self.examples {
            // Writing to a string cannot fail.
            let _ = match account.kind {
                Belonging::None => write!(command, " --account self"),
                Belonging::Organization | Belonging::Unstated => {
                    write!(command, " --account {}", account.id)
                }
            };
        }
        command
    }

    /// Returns the commands whose answers tell what is missing, for saved evidence.
    pub(super) fn save(&self) -> String {
        let commands: BTreeSet<_> = self.datasets.iter().map(|it| tells(*it)).collect();
        commands.into_iter().collect::<Vec<_>>().join("; ")
    }

    /// Returns the command that prints a template of the role. The management account is where the StackSet is deployed
    /// from: it has no member role.
    pub(super) fn role_template(&self, header: &Header) -> String {
        match self.cause.place {
            Place::Management => self.role_policy(header),
            Place::Other => format!("{} --as cloudformation", self.role_policy(header)),
        }
    }

    /// Returns the command that prints the role's policy.
    pub(super) fn role_policy(&self, header: &Header) -> String {
        let site = match self.cause.place {
            Place::Management => "management",
            Place::Other => "member",
        };
        format!("mfaudit policy --for {site}{}", role(header))
    }
}

/// Returns the options that name the run's role, if it is another than the usual one.
fn role(header: &Header) -> String {
    let role = header.parameters.role.as_str();
    // The characters of the IAM API reference; anything else is no text to paste into a shell.
    let legal = |it: char| it.is_ascii_alphanumeric() || "+=,.@_-/".contains(it);
    if role.is_empty() || role == ROLE || !role.chars().all(legal) {
        return String::new();
    }
    match role.rsplit_once('/') {
        Some((path, name)) => format!(" --role-path /{path}/ --role-name {name}"),
        None => format!(" --role-name {role}"),
    }
}

/// Returns the command of AWS's own that tells a dataset.
const fn tells(dataset: Dataset) -> &'static str {
    match dataset {
        Dataset::RootCredentials | Dataset::RootMfa | Dataset::IdentityProviders => {
            "aws iam get-account-summary"
        }
        Dataset::RootMfaDevices
        | Dataset::RootVirtualMfaDevices
        | Dataset::UnassignedVirtualMfaDevices => "aws iam list-virtual-mfa-devices",
        Dataset::IamUsers
        | Dataset::LoginProfiles
        | Dataset::MfaStatus
        | Dataset::AccessKeys
        | Dataset::AccessKeyUse
        | Dataset::PasswordUse
        | Dataset::SigningCertificates
        | Dataset::RootUse => "aws iam get-credential-report",
        Dataset::MfaDevices => "aws iam list-mfa-devices --user-name NAME",
        Dataset::FidoCertifications => "aws iam get-mfa-device --serial-number ARN",
        Dataset::ServiceSpecificCredentials => {
            "aws iam list-service-specific-credentials --user-name NAME"
        }
        Dataset::DirectPolicies
        | Dataset::AdministratorAccess
        | Dataset::UserPolicies
        | Dataset::RoleTrust => "aws iam get-account-authorization-details",
        Dataset::ServiceControlPolicies => {
            "aws organizations list-policies --filter SERVICE_CONTROL_POLICY"
        }
        Dataset::PasswordPolicy => "aws iam get-account-password-policy",
        Dataset::OwnerTag => "aws organizations list-tags-for-resource --resource-id ACCOUNT",
        Dataset::OrganizationFeatures => "aws iam list-organizations-features",
        Dataset::IdentityCenter => "aws organizations list-aws-service-access-for-organization",
    }
}

#[cfg(test)]
mod tests {
    use model::snapshot::Header;

    use crate::{sample, tally::tests::summary};

    #[test]
    fn the_role_of_the_run_is_the_role_to_deploy() {
        let summary = summary(&sample::unseen());
        let command = |role: &str| {
            let mut header: Header = summary.header.clone();
            role.clone_into(&mut header.parameters.role);
            summary.gaps[0].remedy(&header).command.unwrap()
        };
        let usual = "mfaudit policy --for member --as cloudformation";
        for role in ["", "mfaudit-audit", "x; rm -rf ~"] {
            assert_eq!(command(role), usual);
        }
        let other = "mfaudit policy --for member --role-path /security/ --role-name audit --as cloudformation";
        assert_eq!(command("security/audit"), other);
    }
}
