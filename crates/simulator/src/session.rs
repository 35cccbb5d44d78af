//! Temporary credentials, found by their access key.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::policy::Document;

/// Temporary credentials of an assumed role, of a root user, or of a user.
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
    /// A user's, by `GetSessionToken`.
    User {
        /// Which policies say what it may do.
        key: Key,
        /// When the user showed a device, by the server's clock; nothing if it did not.
        mfa: Option<i64>,
    },
}

/// A long-term access key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// The one of the world's caller, which has a policy of its own.
    Caller,
    /// One of an IAM user, who has those of its account.
    User,
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
