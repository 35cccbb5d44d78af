//! `mfaudit policy`: prints what an audit needs to be allowed.

use aws::{Site, policy};
use inventory::CALLS;
use model::Dataset;

use crate::{
    args::{AssumeRoot, Policy, PolicyForm, PolicySite},
    config_file::ConfigFile,
    error::{CliError, Kind},
    exit::ExitStatus,
    given::Given,
    output, run,
};

pub(super) fn run(mut args: Policy, given: &Given) -> Result<ExitStatus, CliError> {
    let config = ConfigFile::read(args.config.config.as_deref())?;
    config.role.apply(&mut args.role, given);
    config.assume_root(&mut args.assume_root, given);
    let args = &args;
    let mut datasets = run::datasets(&config.rules.of_role(&args.rules)?, &args.also);
    if args.assume_root != AssumeRoot::Never {
        datasets.insert(Dataset::OrganizationFeatures);
    }
    let sites = sites(args.site, args.assume_root);
    let selection = policy::Selection {
        calls: CALLS,
        sites,
        datasets: Some(&datasets),
    };
    let text = match args.form {
        PolicyForm::Json => pretty(&policy::document(&selection, &names(args)))?,
        PolicyForm::Cloudformation => pretty(&policy::cloudformation(
            &selection,
            description(args.site),
            &defaults(args),
        ))?,
        PolicyForm::Terraform => policy::terraform(&selection, reach(args.site), &defaults(args)),
    };
    output::print(&text)?;
    Ok(ExitStatus::Clean)
}

/// Returns where the calls are made that an account's policy must permit.
pub(super) const fn sites(site: PolicySite, assume_root: AssumeRoot) -> &'static [Site] {
    match (site, assume_root) {
        (PolicySite::Member, _) => &[Site::Member],
        (PolicySite::Management, AssumeRoot::Never) => &[Site::Management, Site::Member],
        (PolicySite::Management, AssumeRoot::Auto | AssumeRoot::Always) => {
            &[Site::Management, Site::RootAccess, Site::Member]
        }
    }
}

fn names(args: &Policy) -> policy::Names {
    policy::Names {
        partition: args.partition.clone(),
        role: args.role.name_with_path(),
    }
}

fn defaults(args: &Policy) -> policy::Defaults {
    policy::Defaults {
        audit_principal_arn: args.principal.clone(),
        organization_id: args.organization.clone(),
        external_id: args.role.external_id.clone(),
        role_name: args.role.role_name.clone(),
        role_path: args.role.role_path.clone(),
    }
}

const fn description(site: PolicySite) -> &'static str {
    match site {
        PolicySite::Member => {
            "The read-only role that mfaudit assumes in every account. Deploy it as a StackSet to the member accounts."
        }
        PolicySite::Management => {
            "The read-only role of mfaudit in the management account, which StackSets do not reach. Deploy it as a plain stack there."
        }
    }
}

/// Returns what the configuration makes, and how to make it everywhere: lines for the top of the file.
const fn reach(site: PolicySite) -> &'static str {
    match site {
        PolicySite::Member => {
            "The read-only role that mfaudit assumes, in one account: the one whose credentials the AWS provider has.

A provider reaches one account. To reach every member account, either
- apply this in each, with a provider of its own: one configuration that calls this as a module once for each account,
  or a run with a state of its own for each. An account that joins later needs another;
- or let AWS deploy the same role: `mfaudit policy --for member --as cloudformation` prints a template for a
  service-managed StackSet (`aws_cloudformation_stack_set` with automatic deployment), which also reaches accounts
  that join later. It never reaches the management account: see `mfaudit policy --for management`."
        }
        PolicySite::Management => {
            "The read-only role of mfaudit in the management account: apply it there, with a provider that has the
account's credentials. It makes no role in any member account: see `mfaudit policy --for member`."
        }
    }
}

/// Returns a document as text, two spaces an indent, a newline at the end.
pub(super) fn pretty(document: &serde_json::Value) -> Result<String, CliError> {
    let text = serde_json::to_string_pretty(document)
        .map_err(|error| CliError::new(Kind::Failed, error))?;
    Ok(text + "\n")
}
