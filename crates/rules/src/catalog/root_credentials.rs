//! Not a rule: whether a root user has any credential at all, which several rules about root users ask.

use std::borrow::Cow;

use model::{ConsolePassword, Presence, RootUser};

use crate::{Context, Unseen};

/// Whether a root user can sign in or sign a request at all.
pub(super) enum RootCredentials {
    /// It has at least the credential named.
    Present(&'static str),
    /// It has neither password, nor access key, nor signing certificate.
    Absent,
}

/// Reads the credentials. One that is present decides; only all three being absent decides otherwise.
pub(super) fn read(root: &RootUser, context: &Context<'_>) -> Result<RootCredentials, Unseen> {
    if root.password.known() == Some(&ConsolePassword::Set) {
        context.read(&root.password)?;
        return Ok(RootCredentials::Present("a password"));
    }
    for (fact, name) in [
        (&root.access_key, "an access key"),
        (&root.signing_certificate, "a signing certificate"),
    ] {
        if fact.known() == Some(&Presence::Present) {
            context.read(fact)?;
            return Ok(RootCredentials::Present(name));
        }
    }
    context.read(&root.password)?;
    context.read(&root.access_key)?;
    context.read(&root.signing_certificate)?;
    Ok(RootCredentials::Absent)
}

/// The partitions whose root users cannot sign in to the console.
///
/// Source: AWS GovCloud (US) and China user guides; their accounts are opened through other ways than a root sign-in.
pub(super) fn console_is_closed_to_root(context: &Context<'_>) -> Option<Cow<'static, str>> {
    let partition = context.account().partition.as_str();
    matches!(partition, "aws-us-gov" | "aws-cn")
        .then(|| format!("the root user has no access key and cannot sign in to the console in partition {partition}").into())
}
