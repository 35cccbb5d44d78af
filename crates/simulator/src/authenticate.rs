//! Who signed a request.

use std::borrow::Cow;
use std::sync::Arc;

use crate::clock;
use crate::error::{ApiError, Service};
use crate::request::{Credential, Request};
use crate::session::{Identity, Session, Sessions};
use crate::world::{Partition, World};

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
    /// The session, or nothing if it is the caller itself.
    pub(crate) session: Option<Arc<Session>>,
}

impl Principal {
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
    let known = match &session {
        Some(session) => request.token.as_ref() == Some(&session.token),
        None => credential.access_key == ACCESS_KEY && request.token.is_none(),
    };
    if !known {
        let message = "The security token included in the request is invalid.";
        return Err(service.error(
            ("InvalidClientTokenId", 403),
            "UnrecognizedClientException",
            message,
        ));
    }
    check_scope(&credential, service, world.partition)?;
    check_date(request.date.as_deref(), service, now)?;
    match session {
        Some(session) if session.expiration <= now => Err(expired(service)),
        Some(session) => Ok(Principal {
            account: session.account.clone(),
            arn: session.arn.clone(),
            session: Some(session),
        }),
        None => Ok(Principal {
            account: world.caller_account().into(),
            arn: world.caller_arn(),
            session: None,
        }),
    }
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
