//! Whose a run is.

use super::Header;
use crate::{AccountId, Record};

/// Whose a run is, and so which runs it is to be compared with: an organization's, or those of the only account that it has.
#[derive(Clone, Debug)]
pub struct Whose {
    organization: Option<String>,
    first: Option<AccountId>,
    has_several: bool,
}

impl Whose {
    /// Returns whose a run with this header is, as far as that tells.
    pub fn of(header: &Header) -> Self {
        Self {
            organization: header.organization.as_ref().map(|it| it.id.clone()),
            first: None,
            has_several: false,
        }
    }

    /// Adds an account of the run, audited or not.
    pub fn add(&mut self, record: &Record) {
        match &self.first {
            None => self.first = Some(record.account.id.clone()),
            Some(first) => self.has_several |= *first != record.account.id,
        }
    }

    /// Returns the identifier of the organization, or else of the only account; `None` if nothing tells.
    pub fn get(&self) -> Option<&str> {
        let only = self.first.as_ref().filter(|_| !self.has_several);
        let organization = self.organization.as_deref();
        organization.or_else(|| only.map(AccountId::as_str))
    }
}
