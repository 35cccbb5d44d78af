//! Pseudonyms in the place of names and identifiers, so that a report may leave the team.

mod arn;
mod findings;
mod free_text;
mod pseudonym;
mod record;
mod run;
mod vocabulary;
mod waivers;

#[cfg(test)]
mod tests;

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use model::AccountId;

pub use self::{pseudonym::RedactionKey, run::Told};

/// What is redacted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Redaction {
    /// Names of users, roles, accounts, owners, devices and policies, and every text that may hold some.
    Names,
    /// Identifiers of accounts, units and the organization, and the units' names.
    Accounts,
    /// Both.
    All,
}

impl Redaction {
    /// Every value.
    pub const ALL: [Self; 3] = [Self::Names, Self::Accounts, Self::All];

    /// Returns the name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Names => "names",
            Self::Accounts => "accounts",
            Self::All => "all",
        }
    }

    const fn hides_names(self) -> bool {
        matches!(self, Self::Names | Self::All)
    }

    /// Tells whether accounts get pseudonyms. Their order then tells what their identifiers do, and must be another.
    pub const fn hides_accounts(self) -> bool {
        matches!(self, Self::Accounts | Self::All)
    }
}

/// Gives everything that is to be hidden its pseudonym: a keyed hash, so that the same text has the same pseudonym in every
/// report with the same key, and nobody without the key can try names out.
///
/// It is applied to records and findings before a format sees them, never within one.
#[derive(Debug)]
pub struct Redactor {
    key: RedactionKey,
    what: Redaction,
    /// What was replaced by what, if somebody asked.
    replaced: Option<RefCell<BTreeMap<String, BTreeSet<String>>>>,
}

impl Redactor {
    /// Returns a redactor.
    pub const fn new(key: RedactionKey, what: Redaction) -> Self {
        Self {
            key,
            what,
            replaced: None,
        }
    }

    /// Returns the same redactor, which remembers what it replaces.
    #[must_use]
    pub fn remembering(self) -> Self {
        Self {
            replaced: Some(RefCell::default()),
            ..self
        }
    }

    /// Returns what was replaced, by pseudonym. Texts that differ in case alone share one.
    pub fn replaced(&self) -> BTreeMap<String, BTreeSet<String>> {
        self.replaced
            .as_ref()
            .map(|it| it.borrow().clone())
            .unwrap_or_default()
    }

    /// Tells what is redacted.
    pub const fn what(&self) -> Redaction {
        self.what
    }

    /// Returns a name's pseudonym. Names of IAM are the same in any case, so their pseudonyms are too.
    pub(crate) fn name(&self, text: &str) -> String {
        if text.is_empty() {
            return String::new();
        }
        if self.what.hides_names() {
            let hidden = self.key.tag("name", text.to_ascii_lowercase().as_bytes());
            self.noted(text, format!("name-{hidden}"))
        } else {
            self.identifiers(text)
        }
    }

    /// Returns the path of a resource, each part of it hidden.
    pub(crate) fn name_with_path(&self, path: &str) -> String {
        let parts: Vec<_> = path.split('/').map(|it| self.name(it)).collect();
        parts.join("/")
    }

    /// Returns an account's pseudonym, which is made of twelve digits too. No two accounts share one.
    pub(crate) fn account(&self, id: &AccountId) -> AccountId {
        if !self.what.hides_accounts() {
            return id.clone();
        }
        let hidden = AccountId::from_number(self.key.permuted(id.number()));
        self.note(id.as_str(), hidden.as_str());
        hidden
    }

    /// Returns where an account stands among the others, of which their identifiers tell nothing.
    pub fn place(&self, account: u64) -> u64 {
        if self.what.hides_accounts() {
            self.key.permuted(account)
        } else {
            account
        }
    }

    /// Returns the path of an organizational unit, each unit hidden.
    pub(crate) fn unit(&self, path: &str) -> String {
        if !self.what.hides_accounts() {
            return path.to_owned();
        }
        let hidden = |unit: &str| {
            if unit.is_empty() {
                return String::new();
            }
            self.noted(
                unit,
                format!("unit-{}", self.key.tag("unit", unit.as_bytes())),
            )
        };
        let parts: Vec<_> = path.split('/').map(hidden).collect();
        parts.join("/")
    }

    /// Returns the identifier of an organization, or of its root.
    pub(crate) fn organization(&self, id: &str) -> String {
        if !self.what.hides_accounts() {
            return id.to_owned();
        }
        let hidden = self.key.tag("organization", id.as_bytes());
        let prefix = id.split('-').next().unwrap_or_default();
        self.noted(id, format!("{prefix}-{hidden}"))
    }

    /// Returns the identifier of a key or other credential, which tells the account to whoever can read it.
    pub(crate) fn credential(&self, id: &str) -> String {
        let hidden = self.key.tag("credential", id.as_bytes());
        self.noted(id, format!("credential-{hidden}"))
    }

    /// Returns what stands for a text that somebody wrote, of which nothing can be kept.
    pub(crate) fn text(&self, text: &str) -> String {
        if text.is_empty() {
            return String::new();
        }
        if self.what.hides_names() {
            self.noted(
                text,
                format!("text-{}", self.key.tag("text", text.as_bytes())),
            )
        } else {
            self.identifiers(text)
        }
    }

    fn noted(&self, text: &str, hidden: String) -> String {
        self.note(text, &hidden);
        hidden
    }

    fn note(&self, text: &str, hidden: &str) {
        if let Some(replaced) = &self.replaced {
            let mut replaced = replaced.borrow_mut();
            let texts = replaced.entry(hidden.to_owned()).or_default();
            texts.insert(text.to_owned());
        }
    }
}
