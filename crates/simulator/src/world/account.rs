//! An account: how the organization knows it, its root user, its users, roles and devices.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::credentials::{AccessKey, Password, PasswordPolicy};
use super::devices::{Device, HardwareToken, UnassignedDevice};
use super::organization::Joined;
use super::policies::{Group, ManagedPolicy};
use super::time::Timestamp;
use super::user::User;

/// An AWS account.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Account {
    /// Twelve digits.
    pub id: String,
    /// Any text, even none.
    pub name: String,
    /// The address of its root user; if empty, one is made from the id.
    pub email: String,
    /// What `State` says; any text, so that a state unknown to readers can be served.
    pub state: String,
    /// What the older `Status` says; without it, what follows from `state`.
    pub status: Option<String>,
    /// The path of the organizational unit that holds it; empty for the organization's root.
    pub ou: String,
    /// How many pages of `ListAccounts` are served before it is in the organization; without it, it always was.
    pub appears_after_pages: Option<u32>,
    /// How many pages of `ListAccounts` are served before it is no longer in the organization; without it, it stays.
    pub vanishes_after_pages: Option<u32>,
    /// When and how it joined the organization.
    pub joined: Joined,
    /// Its tags in the organization.
    pub tags: BTreeMap<String, String>,
    /// Its one account alias.
    pub alias: Option<String>,
    /// How many identity providers it has, as `GetAccountSummary` counts them.
    pub providers: u32,
    /// Its root user.
    pub root: Root,
    /// The roles that can be assumed; without any, the account refuses entry.
    #[serde(rename = "role")]
    pub roles: Vec<Role>,
    /// Its IAM users.
    #[serde(rename = "user")]
    pub users: Vec<User>,
    /// Its groups.
    #[serde(rename = "group")]
    pub groups: Vec<Group>,
    /// Its own managed policies.
    #[serde(rename = "policy")]
    pub policies: Vec<ManagedPolicy>,
    /// Users that only the cached credential report still tells of.
    #[serde(rename = "deleted-user")]
    pub deleted_users: Vec<User>,
    /// Its password policy; without one, AWS's default applies.
    pub password_policy: Option<PasswordPolicy>,
    /// Its virtual MFA devices that no one has enabled.
    pub unassigned_devices: Vec<UnassignedDevice>,
    /// The tokens with seeds of their vendor's that its users can enable.
    pub hardware_tokens: Vec<HardwareToken>,
    /// How its credential report behaves.
    pub report: Report,
}

impl Account {
    /// Returns the address of the account's root user.
    pub fn address(&self) -> String {
        if self.email.is_empty() {
            format!("aws+{}@example.com", self.id)
        } else {
            self.email.clone()
        }
    }

    /// Tells whether listings show the account once so many pages of `ListAccounts` were served.
    pub(crate) fn is_listed(&self, pages: u32) -> bool {
        self.appears_after_pages.is_none_or(|it| pages >= it)
            && self.vanishes_after_pages.is_none_or(|it| pages < it)
    }

    /// Tells whether no one can work in the account, since it is not active yet or no more.
    pub(crate) fn is_closed(&self) -> bool {
        let closed = [
            "SUSPENDED",
            "CLOSED",
            "PENDING_CLOSURE",
            "PENDING_ACTIVATION",
        ];
        closed.contains(&self.state.as_str())
    }

    /// Returns what the older `Status` says of the account.
    pub fn status(&self) -> &str {
        match (&self.status, self.state.as_str()) {
            (Some(status), _) => status,
            (None, "ACTIVE" | "PENDING_ACTIVATION") => "ACTIVE",
            (None, "PENDING_CLOSURE") => "PENDING_CLOSURE",
            (None, _) => "SUSPENDED",
        }
    }
}

impl Default for Account {
    fn default() -> Self {
        Self {
            id: String::new(),
            name: String::new(),
            email: String::new(),
            state: "ACTIVE".into(),
            status: None,
            ou: String::new(),
            appears_after_pages: None,
            vanishes_after_pages: None,
            joined: Joined::default(),
            tags: BTreeMap::new(),
            alias: None,
            providers: 0,
            root: Root::default(),
            roles: Vec::new(),
            users: Vec::new(),
            groups: Vec::new(),
            policies: Vec::new(),
            deleted_users: Vec::new(),
            password_policy: None,
            unassigned_devices: Vec::new(),
            hardware_tokens: Vec::new(),
            report: Report::default(),
        }
    }
}

/// The root user; by default without any credentials, as AWS creates it in a member account.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Root {
    /// When the account was created.
    pub created: Timestamp,
    /// Its password, if it has one.
    pub password: Option<Password>,
    /// Its access keys.
    pub access_keys: Vec<AccessKey>,
    /// How many active signing certificates it has.
    pub signing_certificates: u32,
    /// Its MFA devices.
    pub mfa: Vec<Device>,
}

/// A role that principals of other accounts may assume.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Role {
    /// Its name.
    pub name: String,
    /// Its path.
    pub path: String,
    /// Its identity-based policy as JSON; without it, everything is allowed.
    pub policy: Option<String>,
    /// Its permissions boundary as JSON.
    pub boundary: Option<String>,
    /// The ARNs or account ids it trusts; if empty, the caller's account.
    pub trust: Vec<String>,
    /// Its trust policy as JSON, which is shown and not obeyed: a role with one is not assumed. Without it, the one that
    /// the other settings amount to is shown.
    pub trust_policy: Option<String>,
    /// The external id its trust policy demands.
    pub external_id: Option<String>,
    /// Its trust policy demands a principal of this organization.
    pub require_org_id: bool,
    /// The longest session it grants, in seconds.
    pub max_session_seconds: i64,
}

impl Default for Role {
    fn default() -> Self {
        Self {
            name: String::new(),
            path: "/".into(),
            policy: None,
            boundary: None,
            trust: Vec::new(),
            trust_policy: None,
            external_id: None,
            require_org_id: false,
            max_session_seconds: 3600,
        }
    }
}

/// How an account's credential report behaves; by default there is none until it is generated.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Report {
    /// How old the cached report is when it is first asked for; without it, there is none.
    pub age_seconds: Option<i64>,
    /// A report that is asked for is never completed.
    pub stuck: bool,
}
