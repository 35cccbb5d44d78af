//! The rules that a world has to keep, each with a message that names who breaks it.

use std::collections::{BTreeSet, HashSet};

use super::{Account, DeviceKind, User, World, WorldError};
use crate::faults::FaultKind;
use crate::policy::Document;
use crate::totp::Codes;

impl World {
    /// Checks the rules that AWS has, and that references lead somewhere.
    ///
    /// # Errors
    ///
    /// Fails with the first rule that is broken, and by whom.
    pub fn validate(&self) -> Result<(), WorldError> {
        let units = self.validate_units()?;
        let mut accounts = HashSet::new();
        for account in &self.accounts {
            let id = account.id.as_str();
            if id.len() != 12 || !id.bytes().all(|it| it.is_ascii_digit()) {
                return broken(format!("account `{id}`: an account id has twelve digits"));
            }
            if !accounts.insert(id) {
                return broken(format!("account {id}: the id is used twice"));
            }
            if !account.ou.is_empty() && !units.contains(&account.ou) {
                return broken(format!(
                    "account {id}: unknown organizational unit `{}`",
                    account.ou
                ));
            }
            validate_account(account)?;
        }
        self.validate_faults()?;
        self.validate_references(&accounts, &units)
    }

    fn validate_faults(&self) -> Result<(), WorldError> {
        for fault in &self.faults {
            let place = format!("fault of {}", fault.action);
            let mut kind = &fault.kind;
            while let FaultKind::Sometimes { rate, kind: often } = kind {
                if !(0.0..=1.0).contains(rate) {
                    return broken(format!("{place}: a rate is from 0 to 1"));
                }
                kind = often;
            }
            if matches!(
                kind,
                FaultKind::Slow {
                    bytes_per_second: 0
                }
            ) {
                return broken(format!("{place}: the slowest answer has 1 byte a second"));
            }
        }
        Ok(())
    }

    fn validate_units(&self) -> Result<BTreeSet<String>, WorldError> {
        let mut units = BTreeSet::new();
        for unit in &self.ous {
            let path = unit.path();
            if unit.name.is_empty() || unit.name.contains('/') {
                return broken(format!(
                    "organizational unit `{path}`: the name is empty or holds a slash"
                ));
            }
            if !unit.parent.is_empty() && !units.contains(&unit.parent) {
                return broken(format!(
                    "organizational unit `{path}`: the parent is not among the units before it"
                ));
            }
            if path.split('/').count() > 5 {
                return broken(format!(
                    "organizational unit `{path}`: units are nested at most five deep"
                ));
            }
            if !units.insert(path.clone()) {
                return broken(format!(
                    "organizational unit `{path}`: the path is used twice"
                ));
            }
        }
        Ok(units)
    }

    fn validate_references(
        &self,
        accounts: &HashSet<&str>,
        units: &BTreeSet<String>,
    ) -> Result<(), WorldError> {
        if let Some(organization) = &self.organization {
            let administrators = organization.iam_administrators.iter().flatten();
            let administrators = administrators.chain(&organization.delegated_administrators);
            for id in std::iter::once(&organization.management_account).chain(administrators) {
                if !accounts.contains(id.as_str()) {
                    return broken(format!(
                        "organization {}: unknown account `{id}`",
                        organization.id
                    ));
                }
            }
        }
        if !accounts.contains(self.caller_account()) {
            return broken(format!(
                "caller: unknown account `{}`",
                self.caller_account()
            ));
        }
        validate_policy("caller", self.caller.policy.as_ref())?;
        for scp in &self.scps {
            validate_policy(
                &format!("service control policy {}", scp.id),
                scp.policy.as_ref(),
            )?;
            let target = scp.target.as_str();
            if !target.is_empty() && !accounts.contains(target) && !units.contains(target) {
                return broken(format!(
                    "service control policy {}: unknown target `{target}`",
                    scp.id
                ));
            }
        }
        Ok(())
    }
}

fn validate_account(account: &Account) -> Result<(), WorldError> {
    let id = &account.id;
    for role in &account.roles {
        let place = format!("account {id}, role {}", role.name);
        if role.name.is_empty() || !is_path(&role.path) {
            return broken(format!(
                "{place}: a role has a name, and a path with a slash at both ends"
            ));
        }
        validate_policy(&place, role.policy.as_ref())?;
        validate_policy(&place, role.boundary.as_ref())?;
    }
    if account
        .root
        .mfa
        .iter()
        .any(|it| it.kind == DeviceKind::Raw && it.serial.is_empty())
    {
        return broken(format!(
            "account {id}, root: a raw device has a serial number"
        ));
    }
    validate_seeds(account)?;
    let mut names = HashSet::new();
    for user in &account.users {
        validate_user(account, user)?;
        if !names.insert(user.name.to_lowercase()) {
            return broken(format!(
                "account {id}, user `{}`: the name is used twice",
                user.name
            ));
        }
    }
    validate_groups(account)?;
    account
        .deleted_users
        .iter()
        .try_for_each(|user| validate_user(account, user))
}

/// Checks that codes can be made of every seed. The message names the device, and not the seed.
fn validate_seeds(account: &Account) -> Result<(), WorldError> {
    let unassigned = account.unassigned_devices.iter();
    let unassigned = unassigned.filter_map(|it| Some((it.name.as_str(), it.seed.as_ref()?)));
    let tokens = account.hardware_tokens.iter();
    let tokens = tokens.map(|it| (it.serial.as_str(), &it.seed));
    let of_users = account.users.iter().flat_map(|user| {
        let seeds = user.mfa.iter().filter_map(|it| it.seed.as_ref());
        seeds.map(|it| (user.name.as_str(), it))
    });
    let of_root = account.root.mfa.iter();
    let of_root = of_root.filter_map(|it| Some(("the root user", it.seed.as_ref()?)));
    let mut all = unassigned.chain(tokens).chain(of_users).chain(of_root);
    match all.find(|it| Codes::of(it.1.reveal()).is_none()) {
        Some((name, _)) => broken(format!(
            "account {}, MFA device of {name}: the seed is not Base32",
            account.id
        )),
        None => Ok(()),
    }
}

fn validate_user(account: &Account, user: &User) -> Result<(), WorldError> {
    let place = format!("account {}, user `{}`", account.id, user.name);
    let legal = |it: char| it.is_ascii_alphanumeric() || "_+=,.@-".contains(it);
    if user.name.is_empty() || user.name.len() > 64 || !user.name.chars().all(legal) {
        return broken(format!(
            "{place}: a user name has 1 to 64 characters out of [\\w+=,.@-]"
        ));
    }
    if !is_path(&user.path) {
        return broken(format!("{place}: a path has a slash at both ends"));
    }
    if user.mfa.len() > 8 {
        return broken(format!("{place}: a user has at most eight MFA devices"));
    }
    if user
        .mfa
        .iter()
        .any(|it| it.kind == DeviceKind::Raw && it.serial.is_empty())
    {
        return broken(format!("{place}: a raw device has a serial number"));
    }
    Ok(())
}

/// Checks that groups and policies that are named exist. What documents say is not looked at: AWS shows what it was given.
fn validate_groups(account: &Account) -> Result<(), WorldError> {
    let group_exists = |name: &String| account.groups.iter().any(|it| it.name == *name);
    let policy_exists = |name: &&String| {
        name.starts_with("arn:") || account.policies.iter().any(|it| it.name == **name)
    };
    let of_users = account.users.iter();
    let of_users = of_users.flat_map(|it| it.policies.iter().chain(&it.boundary));
    let of_groups = account.groups.iter().flat_map(|it| &it.policies);
    if let Some(name) = of_users.chain(of_groups).find(|it| !policy_exists(it)) {
        return broken(format!("account {}: unknown policy `{name}`", account.id));
    }
    let mut groups = account.users.iter().flat_map(|it| &it.groups);
    match groups.find(|it| !group_exists(it)) {
        Some(name) => broken(format!("account {}: unknown group `{name}`", account.id)),
        None => Ok(()),
    }
}

fn validate_policy(place: &str, policy: Option<&String>) -> Result<(), WorldError> {
    match policy.map(|text| Document::parse(text)) {
        Some(Err(problem)) => broken(format!("{place}: the policy is malformed: {problem}")),
        Some(Ok(_)) | None => Ok(()),
    }
}

fn is_path(path: &str) -> bool {
    path.starts_with('/') && path.ends_with('/')
}

fn broken<T>(message: String) -> Result<T, WorldError> {
    Err(WorldError::Rule(message))
}
