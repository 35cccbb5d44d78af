//! The way into one account: its session, renewed before it ends, and how fast the account is asked.

use std::sync::{Arc, OnceLock};

use aws::{Connection, RoleToAssume, RootToAssume, Session, Trouble};
use aws_sdk_iam::Client;
use model::{AccountId, GapReason, Partition};
use tokio::sync::Mutex;

use crate::{
    calls::{assume_role::assume_role, assume_root::assume_root},
    deadline::Deadline,
    pace::{Limiter, Pace},
};

/// How many calls go on at once in one account at first. IAM's limits are per account and unpublished.
const AT_FIRST: usize = 4;
/// How many go on at once where AWS does not object.
const MOST: usize = 8;

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

/// How an account is entered.
#[derive(Clone, Debug)]
pub(crate) enum Way {
    /// It is the caller's own.
    Own,
    /// By assuming a role in it.
    Role(RoleToAssume),
    /// By a session of its root user.
    Root(RootToAssume),
}

/// What all doors of a run share.
#[derive(Clone)]
pub(crate) struct Hallway {
    pub(crate) connection: Connection,
    pub(crate) pace: Pace,
    /// Why the caller's own credentials serve no longer, once they do not: then no account can be entered any more.
    pub(crate) expired: Arc<OnceLock<Trouble>>,
}

impl Hallway {
    pub(crate) fn new(connection: Connection, pace: Pace) -> Self {
        Self {
            connection,
            pace,
            expired: Arc::default(),
        }
    }
}

/// The way into one account.
pub(crate) struct Door {
    hallway: Hallway,
    account: AccountId,
    way: Way,
    limiter: Arc<Limiter>,
    deadline: Deadline,
    open: Mutex<Option<Open>>,
}

struct Open {
    session: Session,
    iam: Client,
}

impl Door {
    /// Returns a closed door; it opens when it is first used.
    pub(crate) fn new(hallway: Hallway, account: AccountId, way: Way, deadline: Deadline) -> Self {
        Self {
            hallway,
            account,
            way,
            limiter: Arc::new(Limiter::new(AT_FIRST, 1..=MOST)),
            deadline,
            open: Mutex::new(None),
        }
    }

    /// Enters, without asking anything.
    ///
    /// # Errors
    ///
    /// Returns why the account cannot be entered.
    pub(crate) async fn enter(&self) -> Result<(), Trouble> {
        let entered = self
            .deadline
            .bound(self.entrance(), async { self.client().await });
        entered.await.map(drop)
    }

    /// Asks the account something, when its turn comes. A session that AWS says has ended before its time is renewed
    /// once.
    ///
    /// # Errors
    ///
    /// Returns why there is no answer: the account cannot be entered, the call's own trouble, or the deadline.
    pub(crate) async fn ask<T>(
        &self,
        operation: &str,
        call: impl AsyncFn(Client) -> Result<T, Trouble>,
    ) -> Result<T, Trouble> {
        let work = async {
            let _permit = self.limiter.admit().await;
            // Boxed: a call of the SDK is a large future, and several go on at once in one account.
            let mut answer = Box::pin(call(self.client().await?)).await;
            if is_expired(&answer) && !matches!(self.way, Way::Own) {
                *self.open.lock().await = None;
                answer = Box::pin(call(self.client().await?)).await;
            }
            match &answer {
                Ok(_) => self.limiter.succeeded(),
                Err(trouble) if trouble.reason == GapReason::ExpiredCredentials => {
                    if matches!(self.way, Way::Own) {
                        self.hallway.expired.get_or_init(|| trouble.clone());
                    }
                }
                Err(_) => {}
            }
            answer
        };
        // Boxed: a call of the SDK is a large future, and several go on at once in one account.
        self.deadline.bound(operation, work).await
    }

    /// Returns a client for the account, whose credentials last a while longer.
    async fn client(&self) -> Result<Client, Trouble> {
        let mut open = self.open.lock().await;
        if let Some(open) = open.as_ref().filter(|it| !it.session.ends_soon()) {
            return Ok(open.iam.clone());
        }
        let entered = Box::pin(self.session()).await;
        if let Err(trouble) = &entered
            && trouble.reason == GapReason::ExpiredCredentials
        {
            self.hallway.expired.get_or_init(|| trouble.clone());
        }
        let limiter = Arc::clone(&self.limiter);
        let session = entered?.on_throttle(Arc::new(move || limiter.throttled()));
        let iam = self.hallway.connection.iam(&session);
        *open = Some(Open {
            session,
            iam: iam.clone(),
        });
        Ok(iam)
    }

    async fn session(&self) -> Result<Session, Trouble> {
        let Hallway {
            connection, pace, ..
        } = &self.hallway;
        match &self.way {
            Way::Own => Ok(Session::own(&self.account)),
            Way::Role(role) => assume_role(connection, pace, &self.account, role).await,
            Way::Root(root) => assume_root(connection, pace, root).await,
        }
    }

    /// Returns the call that opens the door.
    const fn entrance(&self) -> &'static str {
        match self.way {
            // Nothing is asked to be where one is.
            Way::Own | Way::Role(_) => "AssumeRole",
            Way::Root(_) => "AssumeRoot",
        }
    }
}

fn is_expired<T>(answer: &Result<T, Trouble>) -> bool {
    answer
        .as_ref()
        .is_err_and(|it| it.reason == GapReason::ExpiredCredentials)
}
