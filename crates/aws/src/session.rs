//! Credentials for an account: the caller's own, those of a role in it, or those of its root user.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use aws_credential_types::Credentials;
use aws_sdk_sts::types::PolicyDescriptorType;
use aws_smithy_runtime::client::retries::{RetryPartition, TokenBucket};
use model::{AccountId, GapReason};

use crate::{Connection, Trouble, throttled::ThrottleWatch};

/// How long a role's credentials last: AWS's minimum, long enough for one account.
const DURATION_SECONDS: i32 = 900;
/// How long before their end credentials are renewed.
const RENEW_BEFORE: Duration = Duration::from_mins(2);
/// The name of the session in CloudTrail; always the same, so that policies and queries may rely on it.
const SESSION_NAME: &str = "mfaudit";
/// Retry tokens of one account. Apart from the others', so that one throttled account starves no other.
const RETRY_TOKENS: usize = 200;

/// The right to call one account.
#[derive(Clone, Debug)]
pub struct Session {
    pub(crate) credentials: Option<Credentials>,
    pub(crate) retry_partition: RetryPartition,
    pub(crate) watch: Option<ThrottleWatch>,
}

impl Session {
    /// Returns the caller's own session, for the account the caller is in.
    pub fn own(account: &AccountId) -> Self {
        Self {
            credentials: None,
            retry_partition: retry_partition(account),
            watch: None,
        }
    }

    /// Returns the session with a listener that is called for every answer that says "too fast", retries included.
    #[must_use]
    pub fn on_throttle(mut self, listener: Arc<dyn Fn() + Send + Sync>) -> Self {
        self.watch = Some(ThrottleWatch(listener));
        self
    }

    /// Tells whether the credentials end so soon that they should be renewed first.
    pub fn ends_soon(&self) -> bool {
        let expiry = self.credentials.as_ref().and_then(Credentials::expiry);
        expiry.is_some_and(|it| it <= crate::clock::system_now() + RENEW_BEFORE)
    }
}

/// A role to be assumed.
#[derive(Clone, Debug)]
pub struct RoleToAssume {
    /// Its ARN.
    pub arn: String,
    /// The external id its trust policy demands.
    pub external_id: Option<String>,
    /// A policy that shrinks the role for this session, as JSON of at most 2048 characters.
    pub session_policy: Option<String>,
}

/// Assumes a role in `account`, with a call of the connection's guarded STS client.
///
/// The SDK's own assume-role provider makes a client of its own, outside the guard; and given to a client that
/// lives for one call it would assume the role anew for each.
///
/// # Errors
///
/// Returns AWS's denial or whatever else went wrong.
pub async fn assume_role(
    connection: &Connection,
    account: &AccountId,
    role: &RoleToAssume,
) -> Result<Session, Trouble> {
    const OPERATION: &str = "AssumeRole";
    let answer = connection
        .sts()
        .assume_role()
        .role_arn(&role.arn)
        .role_session_name(SESSION_NAME)
        .duration_seconds(DURATION_SECONDS)
        .set_external_id(role.external_id.clone())
        .set_policy(role.session_policy.clone())
        .send()
        .await
        .map_err(|error| Trouble::from_sdk(OPERATION, &error))?;
    session(OPERATION, account, answer.credentials)
}

/// The root user of a member account, whose session is to be had.
#[derive(Clone, Debug)]
pub struct RootToAssume {
    /// The account.
    pub account: AccountId,
    /// The ARN of the task policy that bounds what the session may do.
    pub task_policy_arn: String,
}

/// Gets a session of a member account's root user, bounded by a task policy of AWS.
///
/// Source: the STS API reference of `AssumeRoot`; it lasts 900 seconds at most, and the endpoint must be a regional
/// one, which is what the SDK uses.
///
/// # Errors
///
/// Returns AWS's denial or whatever else went wrong.
pub async fn assume_root(connection: &Connection, root: &RootToAssume) -> Result<Session, Trouble> {
    const OPERATION: &str = "AssumeRoot";
    let policy = PolicyDescriptorType::builder()
        .arn(&root.task_policy_arn)
        .build();
    let answer = connection
        .sts()
        .assume_root()
        .target_principal(root.account.as_str())
        .task_policy_arn(policy)
        .duration_seconds(DURATION_SECONDS)
        .send()
        .await
        .map_err(|error| Trouble::from_sdk(OPERATION, &error))?;
    session(OPERATION, &root.account, answer.credentials)
}

/// Gets a session of the caller's own with MFA, by the code that a device of the caller's shows now.
///
/// Source: the STS API reference of `GetSessionToken`; 900 seconds are the least it grants.
///
/// # Errors
///
/// Returns AWS's denial or whatever else went wrong.
pub async fn mfa_session(
    connection: &Connection,
    account: &AccountId,
    serial_number: &str,
    code: &str,
) -> Result<Session, Trouble> {
    const OPERATION: &str = "GetSessionToken";
    let answer = connection
        .sts()
        .get_session_token()
        .serial_number(serial_number)
        .token_code(code)
        .duration_seconds(DURATION_SECONDS)
        .send()
        .await
        .map_err(|error| Trouble::from_sdk(OPERATION, &error))?;
    session(OPERATION, account, answer.credentials)
}

fn session(
    operation: &'static str,
    account: &AccountId,
    credentials: Option<aws_sdk_sts::types::Credentials>,
) -> Result<Session, Trouble> {
    let credentials = credentials.ok_or_else(|| {
        Trouble::new(
            operation,
            GapReason::Malformed,
            "the answer holds no credentials",
        )
    })?;
    let expiry = SystemTime::try_from(credentials.expiration).ok();
    let credentials = Credentials::new(
        credentials.access_key_id,
        credentials.secret_access_key,
        Some(credentials.session_token),
        expiry,
        operation,
    );
    Ok(Session {
        credentials: Some(credentials),
        retry_partition: retry_partition(account),
        watch: None,
    })
}

fn retry_partition(account: &AccountId) -> RetryPartition {
    let tokens = TokenBucket::builder().capacity(RETRY_TOKENS).build();
    RetryPartition::custom(account.to_string())
        .token_bucket(tokens)
        .build()
}
