//! Temporary credentials, found by their access key.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::policy::Document;

/// Temporary credentials of an assumed role, or of a root user.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) account: String,
    /// The ARN that `GetCallerIdentity` tells.
    pub(crate) arn: String,
    pub(crate) identity: Identity,
    pub(crate) token: String,
    /// In seconds since 1970, by the server's clock.
    pub(crate) expiration: i64,
    pub(crate) policy: Option<Document>,
}

/// Whose session it is.
#[derive(Debug)]
pub(crate) enum Identity {
    /// A role's.
    Role {
        /// The role's ARN.
        arn: String,
        /// The session's name.
        name: String,
    },
    /// The root user's, by `AssumeRoot`.
    Root,
}

/// Returns the name of the role with this ARN, without its path.
pub(crate) fn role_name(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or_default()
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
