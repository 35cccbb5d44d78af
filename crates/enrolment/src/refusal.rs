//! What AWS's errors mean, in words: the cause, the likely reason, and the next step.

use aws::Trouble;
use model::{GapReason, PolicyKind};
use program::{CliError, Kind};

/// The words for an error of AWS.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Words {
    /// What AWS refused, as a fragment.
    cause: String,
    /// The likely reason and the next step, as a fragment.
    next: String,
}

/// Returns an error of AWS in words, with AWS's own behind them.
pub(crate) fn explain(trouble: &Trouble) -> CliError {
    let Words { cause, next } = words(trouble);
    CliError::new(Kind::Failed, said(trouble, &cause)).hint(next)
}

/// Returns an error of AWS in words, with a next step of the caller's that knows more.
pub(crate) fn explain_with(trouble: &Trouble, next: impl Into<String>) -> CliError {
    let cause = words(trouble).cause;
    CliError::new(Kind::Failed, said(trouble, &cause)).hint(next)
}

/// Tells whether AWS wants a session with MFA.
///
/// The sentence is AWS's own since bulletin AWS-2023-001: whoever has a device may add or remove devices of their own only in
/// a session that was opened with one.
pub(crate) fn wants_mfa(trouble: &Trouble) -> bool {
    trouble.code == "AccessDenied" && trouble.detail.contains("authenticated with an MFA device")
}

/// Tells whether AWS is busy with the user or the device, so that the same request is taken a little later.
pub(crate) fn is_busy(trouble: &Trouble) -> bool {
    let codes = ["EntityTemporarilyUnmodifiable", "ConcurrentModification"];
    codes.contains(&trouble.code.as_str()) || trouble.reason == GapReason::Throttled
}

/// Returns AWS's code for what went wrong, or what is told instead of one.
pub(crate) fn brief(trouble: &Trouble) -> &str {
    if trouble.code.is_empty() {
        &trouble.detail
    } else {
        &trouble.code
    }
}

/// Returns the action that a denial names.
pub(crate) fn denied_action(trouble: &Trouble) -> Option<&str> {
    let (_, rest) = trouble.detail.split_once("not authorized to perform: ")?;
    rest.split_whitespace().next()
}

fn said(trouble: &Trouble, cause: &str) -> String {
    let code = if trouble.code.is_empty() {
        String::new()
    } else {
        format!(" ({})", trouble.code)
    };
    let theirs = trouble.detail.trim().trim_end_matches('.');
    let theirs = if theirs.is_empty() {
        String::new()
    } else {
        format!("; AWS says: {theirs}")
    };
    format!("{}{code}: {cause}{theirs}", trouble.operation)
}

fn words(trouble: &Trouble) -> Words {
    let says = |it: &str| trouble.detail.contains(it);
    let operation = trouble.operation.as_str();
    let (cause, next) = match trouble.code.as_str() {
        "InvalidAuthenticationCode" => (
            "the two codes are not two consecutive codes of this device, in their order",
            "wait for a code that you did not use yet, type it, then the very next one; if that fails too, set the clock of the device that shows them to the time of the network",
        ),
        "EntityTemporarilyUnmodifiable" => (
            "the user or the device was changed a moment ago, and AWS has not finished",
            "wait a minute, then run the same command again",
        ),
        "LimitExceeded" if operation == "EnableMFADevice" => (
            "the user has as many MFA devices as AWS allows: eight",
            "see them with `mfaudit-enroll devices`, and let an administrator deactivate one that is lost: `aws iam deactivate-mfa-device`",
        ),
        "LimitExceeded" => (
            "the account has as many of these as AWS allows",
            "see what failed enrolments left with `mfaudit-enroll remove-orphans`, or ask for a higher quota",
        ),
        "EntityAlreadyExists" if operation == "CreateVirtualMFADevice" => (
            "a virtual device of this name exists already",
            "take another name with --name; if an earlier enrolment left it, `mfaudit-enroll remove-orphans` shows and deletes it",
        ),
        "EntityAlreadyExists" if says("in use") => (
            "the device is enabled for somebody else",
            "take another device, or let an administrator deactivate it there first",
        ),
        "EntityAlreadyExists" => (
            "the device is enabled for this user already",
            "there is nothing to do: `mfaudit-enroll devices` lists it",
        ),
        "NoSuchEntity" if says("user with name") || operation == "GetUser" => (
            "there is no such user in this account",
            "check the name, and that the credentials are of the account that the user is in: `aws sts get-caller-identity`; people of IAM Identity Center are no IAM users",
        ),
        "NoSuchEntity" => (
            "there is no such device, or it is not this user's",
            "check the serial number: `mfaudit-enroll devices` lists the user's, `mfaudit-enroll remove-orphans` those of nobody",
        ),
        "DeleteConflict" => (
            "the device is enabled for a user, so AWS does not delete it",
            "nothing is left to clean up; to remove it for good, deactivate it first: `aws iam deactivate-mfa-device`",
        ),
        "ConcurrentModification" => (
            "somebody else is changing the same user or device",
            "wait a few seconds, then run the same command again",
        ),
        "AccessDenied" if wants_mfa(trouble) => (
            "whoever has an MFA device can add or remove one of their own only in a session that was opened with MFA",
            "open one: add --mfa-serial SERIAL --mfa-code CODE with a device that you have (`mfaudit-enroll devices` lists them); with passkeys alone no such session can be had: use the console, or let an administrator enrol the device with --user",
        ),
        "AccessDenied" if says("invalid MFA one time pass code") => (
            "the code is not the one that this device shows now",
            "wait for the next code and use that; if it fails again and again, the device's clock is off: `mfaudit-enroll resync`",
        ),
        "AccessDenied" if says("unable to validate MFA code") => (
            "AWS does not take a code of this device now",
            "check that the serial number is of a device of yours; wait about three minutes if many codes were tried; a device that was enabled within the last seconds is not known everywhere yet",
        ),
        "AccessDenied" => return denied(trouble),
        "ExpiredToken" | "ExpiredTokenException" => (
            "the credentials have expired",
            "sign in again, then run the same command again",
        ),
        "InvalidClientTokenId" | "UnrecognizedClientException" => (
            "AWS does not know these credentials",
            "check that the access key is active, and of the partition that is asked: `aws sts get-caller-identity`",
        ),
        "SignatureDoesNotMatch" | "RequestExpired" | "InvalidSignatureException" => (
            "AWS does not take the signature: the secret key is wrong, or this machine's clock is off",
            "set this machine's clock to the time of the network, and check the secret key: `aws sts get-caller-identity`",
        ),
        "ValidationError" | "InvalidInput" => (
            "AWS does not take a value",
            "correct the value that AWS names",
        ),
        _ => return of_reason(trouble),
    };
    Words {
        cause: cause.to_owned(),
        next: next.to_owned(),
    }
}

/// Names the action that was denied and the kind of policy that denies it.
fn denied(trouble: &Trouble) -> Words {
    let action = denied_action(trouble).unwrap_or(&trouble.operation);
    let explicit = trouble.detail.contains("explicit deny");
    let by = trouble.policy.as_ref().map(|it| match &it.arn {
        Some(arn) => format!("{} {arn}", it.kind),
        None => it.kind.to_string(),
    });
    let cause = match (&by, explicit) {
        (Some(by), true) => format!("{action} is denied by the {by}"),
        (Some(by), false) => format!("no {by} allows {action}"),
        (None, _) => format!("{action} is not allowed"),
    };
    let next = match (trouble.policy.as_ref().map(|it| it.kind), explicit) {
        (Some(PolicyKind::ServiceControl | PolicyKind::ResourceControl), _) => {
            "whoever administers the organization has to except this action there".to_owned()
        }
        (Some(PolicyKind::PermissionsBoundary), _) => {
            format!(
                "whoever administers the account has to allow {action} in the permissions boundary"
            )
        }
        (_, true) => format!(
            "if the policy demands MFA, open a session with it (--mfa-serial, --mfa-code); for a first device, whoever administers the account has to except {action} in it"
        ),
        (_, false) => format!(
            "whoever administers the account has to allow {action}: `mfaudit-enroll policy` prints the statement"
        ),
    };
    Words { cause, next }
}

fn of_reason(trouble: &Trouble) -> Words {
    let (cause, next) = match trouble.reason {
        GapReason::Throttled => (
            "AWS is busy",
            "wait a minute, then run the same command again",
        ),
        GapReason::Unreachable => (
            "AWS was not reachable",
            "check the network, the proxy variables, --ca-bundle and --endpoint-url",
        ),
        GapReason::Deadline => (
            "AWS did not answer in time",
            "check the network, then run the same command again",
        ),
        GapReason::ExpiredCredentials => (
            "the credentials have expired",
            "sign in again, then run the same command again",
        ),
        GapReason::Malformed => (
            "the answer cannot be read",
            "check that no proxy answers in AWS's place, then run the same command again",
        ),
        GapReason::AccessDenied
        | GapReason::EntryDenied
        | GapReason::Failed
        | GapReason::Contradictory
        | GapReason::Stale
        | GapReason::NotVisible
        | GapReason::NotRequested
        | GapReason::NotInEvidence
        | GapReason::Unclear
        | GapReason::Interrupted
        | GapReason::ShardMissing
        | GapReason::Undefined => (
            "AWS answered with an error",
            "run the same command again; if it stays, AWS's own words are the best hint",
        ),
    };
    Words {
        cause: cause.to_owned(),
        next: next.to_owned(),
    }
}

#[cfg(test)]
mod tests;
