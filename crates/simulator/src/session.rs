//! Temporary credentials, found by their access key.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::policy::Document;

/// Temporary credentials of an assumed role.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) account: String,
    pub(crate) role_arn: String,
    pub(crate) name: String,
    pub(crate) token: String,
    /// In seconds since 1970, by the real clock.
    pub(crate) expiration: i64,
    pub(crate) policy: Option<Document>,
}

impl Session {
    /// Returns the role's name, without its path.
    pub(crate) fn role_name(&self) -> &str {
        self.role_arn.rsplit('/').next().unwrap_or_default()
    }

    /// Returns the ARN of the session.
    pub(crate) fn arn(&self) -> String {
        format!(
            "arn:aws:sts::{}:assumed-role/{}/{}",
            self.account,
            self.role_name(),
            self.name
        )
    }
}

/// All sessions since the start; expired ones are kept, since AWS tells an expired token from an unknown key.
#[derive(Debug, Default)]
pub(crate) struct Sessions(RwLock<HashMap<String, Arc<Session>>>);

impl Sessions {
    pub(crate) fn add(&self, access_key: String, session: Session) {
        self.0
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(access_key, Arc::new(session));
    }

    pub(crate) fn get(&self, access_key: &str) -> Option<Arc<Session>> {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(access_key)
            .cloned()
    }
}
