//! Who signed a request.

use std::borrow::Cow;
use std::sync::Arc;

use crate::clock;
use crate::error::{ApiError, Service};
use crate::index::Index;
use crate::request::{Credential, Request};
use crate::session::{Identity, Key, Session, Sessions};
use crate::world::{Account, Partition, User, World};

/// The long-term access key of the caller: the one that AWS's documentation uses in examples.
pub(crate) const ACCESS_KEY: &str = "AKIAIOSFODNN7EXAMPLE";

/// The secret that belongs to it, from the same place.
pub(crate) const SECRET_KEY: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/// How far a client's clock may be from AWS's.
const MAX_SKEW_SECONDS: i64 = 300;

/// Who signed a request.
#[derive(Debug)]
pub(crate) struct Principal {
    pub(crate) account: String,
    pub(crate) arn: String,
    /// The session, or nothing if a long-term key signed the request.
    pub(crate) session: Option<Arc<Session>>,
    /// The long-term key that signed it, or that the session was asked for with; nothing for roles and root users.
    pub(crate) key: Option<Key>,
}

/// What is known of an MFA device that a principal has shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mfa {
    /// A long-term key does not tell.
    Untold,
    /// The session was opened without a device.
    Absent,
    /// The session was opened with one, so many seconds ago.
    Present(i64),
}

impl Principal {
    fn of_session(session: Arc<Session>) -> Self {
        let key = match &session.identity {
            Identity::User { key, .. } => Some(*key),
            Identity::Role { .. } | Identity::Root => None,
        };
        Self {
            account: session.account.clone(),
            arn: session.arn.clone(),
            session: Some(session),
            key,
        }
    }

    /// Returns the ARN that `aws:PrincipalArn` and trust policies see: the role's, not the session's.
    pub(crate) fn lasting_arn(&self) -> Cow<'_, str> {
        if let Some(Identity::Role { arn, .. }) = self.identity() {
            return Cow::Borrowed(arn);
        }
        match self.assumed_role() {
            Some((role, _)) if self.session.is_none() => {
                let partition = self.arn.split(':').nth(1).unwrap_or_default();
                Cow::Owned(format!("arn:{partition}:iam::{}:role/{role}", self.account))
            }
            Some(_) | None => Cow::Borrowed(&self.arn),
        }
    }

    /// Returns whose session it is, if it is one.
    pub(crate) fn identity(&self) -> Option<&Identity> {
        self.session.as_ref().map(|it| &it.identity)
    }

    /// Returns the world's user who it is, if it is one, with the account.
    pub(crate) fn user<'a>(
        &self,
        world: &'a World,
        index: &Index,
    ) -> Option<(&'a Account, &'a User)> {
        let account = world.accounts.get(index.account(&self.account)?)?;
        let directory = index.directory(&self.account)?;
        let user = directory.user(account, self.user_name()?)?;
        let same = user.arn_in(world.partition, &account.id) == self.arn;
        same.then_some((account, user))
    }

    /// Tells whether an MFA device was shown, at this time by the server's clock.
    pub(crate) fn mfa(&self, now: i64) -> Mfa {
        match self.identity() {
            Some(Identity::User { mfa: Some(at), .. }) => Mfa::Present(now.saturating_sub(*at)),
            Some(_) => Mfa::Absent,
            // The caller can be described as a role's session.
            None if self.assumed_role().is_some() => Mfa::Absent,
            None => Mfa::Untold,
        }
    }

    /// Tells whether it is the root user, in a session of `AssumeRoot`.
    pub(crate) fn is_assumed_root(&self) -> bool {
        matches!(self.identity(), Some(Identity::Root))
    }

    /// Returns the names of the role and the session, if the caller itself is described as a role's session.
    pub(crate) fn assumed_role(&self) -> Option<(&str, &str)> {
        self.arn.split_once(":assumed-role/")?.1.split_once('/')
    }

    /// Returns the name of the IAM user, if it is one.
    pub(crate) fn user_name(&self) -> Option<&str> {
        let (_, path) = self.arn.split_once(":user/")?;
        path.rsplit('/').next()
    }
}

/// Tells who signed the request; the signature itself is taken for granted.
pub(crate) fn authenticate(
    request: &Request,
    service: Service,
    world: &World,
    index: &Index,
    sessions: &Sessions,
) -> Result<Principal, ApiError> {
    let Some(header) = &request.authorization else {
        let message = "Request is missing Authentication Token";
        return Err(service.error(
            ("MissingAuthenticationToken", 403),
            "MissingAuthenticationTokenException",
            message,
        ));
    };
    let credential = Credential::read(header).ok_or_else(|| {
        let message = "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters.";
        service.error(("IncompleteSignature", 400), "IncompleteSignatureException", message)
    })?;
    let now = clock::real().saturating_add(world.clock_skew_seconds);
    let session = sessions.get(credential.access_key);
    let principal = match session {
        Some(session) => {
            (request.token.as_ref() == Some(&session.token)).then(|| Principal::of_session(session))
        }
        None if request.token.is_some() => None,
        None if credential.access_key == ACCESS_KEY => Some(Principal {
            account: world.caller_account().into(),
            arn: world.caller_arn(),
            session: None,
            key: Some(Key::Caller),
        }),
        None => index
            .key_owner(world, credential.access_key)
            .map(|(account, user)| Principal {
                account: account.id.clone(),
                arn: user.arn_in(world.partition, &account.id),
                session: None,
                key: Some(Key::User),
            }),
    };
    // IAM takes no session of a user who has shown no device.
    let without = |it: &Principal| matches!(it.identity(), Some(Identity::User { mfa: None, .. }));
    let principal = principal
        .filter(|it| service != Service::Iam || !without(it))
        .ok_or_else(|| {
            let message = "The security token included in the request is invalid.";
            let code = ("InvalidClientTokenId", 403);
            service.error(code, "UnrecognizedClientException", message)
        })?;
    check_scope(&credential, service, world.partition)?;
    check_date(request.date.as_deref(), service, now)?;
    let ended = |it: &Arc<Session>| it.expiration <= now;
    if principal.session.as_ref().is_some_and(ended) {
        return Err(expired(service));
    }
    Ok(principal)
}

/// Returns the error for credentials that are no longer valid.
pub(crate) fn expired(service: Service) -> ApiError {
    let message = "The security token included in the request is expired";
    service.error(("ExpiredToken", 403), "ExpiredTokenException", message)
}

/// Refuses a signature of more than five minutes ago, or ahead, by the server's clock.
fn check_date(date: Option<&str>, service: Service, now: i64) -> Result<(), ApiError> {
    let Some(date) = date else {
        return Ok(());
    };
    let Some(signed) = clock::read_basic(date) else {
        let message = format!("Date must be in ISO-8601 'basic format'. Got '{date}'.");
        return Err(service.error(
            ("IncompleteSignature", 400),
            "IncompleteSignatureException",
            message,
        ));
    };
    let (oldest, latest) = (
        now.saturating_sub(MAX_SKEW_SECONDS),
        now.saturating_add(MAX_SKEW_SECONDS),
    );
    if (oldest..=latest).contains(&signed) {
        return Ok(());
    }
    let [oldest_text, latest_text, now_text] = [oldest, latest, now].map(clock::basic);
    let message = if signed < oldest {
        format!("Signature expired: {date} is now earlier than {oldest_text} ({now_text} - 5 min.)")
    } else {
        format!(
            "Signature not yet current: {date} is still later than {latest_text} ({now_text} + 5 min.)"
        )
    };
    Err(service.error(
        ("SignatureDoesNotMatch", 403),
        "InvalidSignatureException",
        message,
    ))
}

fn check_scope(
    credential: &Credential,
    service: Service,
    partition: Partition,
) -> Result<(), ApiError> {
    let right_region = partition.takes(service, credential.region);
    let mut message = String::new();
    if !right_region {
        message.push_str("Credential should be scoped to a valid region. ");
    }
    if credential.service != service.name() {
        message.push_str("Credential should be scoped to correct service: '");
        message.push_str(service.name());
        message.push_str("'. ");
    }
    if message.is_empty() {
        return Ok(());
    }
    Err(service.error(
        ("SignatureDoesNotMatch", 403),
        "InvalidSignatureException",
        message,
    ))
}
