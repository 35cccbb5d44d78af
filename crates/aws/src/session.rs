//! Credentials for an account: the caller's own, or those of a role in it.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_smithy_runtime::client::retries::{RetryPartition, TokenBucket};
use model::{AccountId, GapReason};

use crate::{Connection, Trouble};

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
}

impl Session {
    /// Returns the caller's own session, for the account the caller is in.
    pub fn own(account: &AccountId) -> Self {
        Self {
            credentials: None,
            retry_partition: retry_partition(account),
        }
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
    let credentials = answer.credentials.ok_or_else(|| {
        Trouble::new(
            OPERATION,
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
        "AssumeRole",
    );
    Ok(Session {
        credentials: Some(credentials),
        retry_partition: retry_partition(account),
    })
}

fn retry_partition(account: &AccountId) -> RetryPartition {
    let tokens = TokenBucket::builder().capacity(RETRY_TOKENS).build();
    RetryPartition::custom(account.to_string())
        .token_bucket(tokens)
        .build()
}
