//! The way into one account: its session, renewed before it ends.

use std::sync::Arc;

use aws::{Connection, RoleToAssume, Session, Trouble};
use aws_sdk_iam::Client;
use model::{AccountId, Partition};
use tokio::sync::Mutex;

use crate::calls::assume_role::assume_role;

/// The role that is assumed in every account but the caller's own.
#[derive(Clone, Debug)]
pub struct AuditRole {
    /// Its name with its path, without a slash at the beginning: `mfaudit-audit`, `security/mfaudit-audit`.
    pub name: String,
    /// The external id its trust policy demands.
    pub external_id: Option<String>,
    /// A policy that shrinks the role for the session.
    pub session_policy: Option<String>,
}

impl AuditRole {
    /// Returns the role in one account.
    pub fn in_account(&self, partition: &Partition, account: &AccountId) -> RoleToAssume {
        RoleToAssume {
            arn: format!("arn:{partition}:iam::{account}:role/{}", self.name),
            external_id: self.external_id.clone(),
            session_policy: self.session_policy.clone(),
        }
    }
}

/// The way into one account.
pub(crate) struct Door {
    connection: Connection,
    account: AccountId,
    /// `None` for the caller's own account.
    role: Option<RoleToAssume>,
    open: Mutex<Option<Arc<Open>>>,
}

struct Open {
    session: Session,
    iam: Client,
}

impl Door {
    /// Returns a closed door; it opens when it is first used.
    pub(crate) fn new(
        connection: Connection,
        account: AccountId,
        role: Option<RoleToAssume>,
    ) -> Self {
        Self {
            connection,
            account,
            role,
            open: Mutex::new(None),
        }
    }

    /// Returns a client for the account, whose credentials last a while longer.
    pub(crate) async fn iam(&self) -> Result<Client, Trouble> {
        let mut open = self.open.lock().await;
        if let Some(open) = open.as_ref().filter(|it| !it.session.ends_soon()) {
            return Ok(open.iam.clone());
        }
        let session = match &self.role {
            None => Session::own(&self.account),
            Some(role) => assume_role(&self.connection, &self.account, role).await?,
        };
        let iam = self.connection.iam(&session);
        *open = Some(Arc::new(Open {
            session,
            iam: iam.clone(),
        }));
        Ok(iam)
    }
}
