//! Not a rule: whether a root user has any credential at all, which several rules about root users ask.

use std::borrow::Cow;

use model::{ConsolePassword, Presence, RootUser};

use crate::{Context, SettingKind, SettingValue, Unseen, Verdict};

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
fn console_is_closed_to_root(context: &Context<'_>) -> Option<Cow<'static, str>> {
    let partition = context.account().partition.as_str();
    matches!(partition, "aws-us-gov" | "aws-cn")
        .then(|| format!("the root user has no access key and cannot sign in to the console in partition {partition}").into())
}

/// What a rule about the MFA of root users says of one that has no credentials: AWS Config says that the rule does not
/// apply, Security Hub that it passes.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum RootAbsent {
    /// The rule does not apply.
    #[default]
    NotApplicable,
    /// The root user passes.
    Pass,
}

impl RootAbsent {
    pub(super) const KEY: &str = "root-absent";
    pub(super) const ABOUT: &str = "what to say of a root user without any credential: AWS Config says `not-applicable`, Security Hub `pass`";
    pub(super) const KIND: SettingKind = SettingKind::Choice(&["not-applicable", "pass"]);

    pub(super) const fn value(self) -> SettingValue {
        SettingValue::Choice(match self {
            Self::NotApplicable => "not-applicable",
            Self::Pass => "pass",
        })
    }

    pub(super) fn set(&mut self, value: SettingValue) {
        match value {
            SettingValue::Choice("not-applicable") => *self = Self::NotApplicable,
            SettingValue::Choice("pass") => *self = Self::Pass,
            SettingValue::Choice(_)
            | SettingValue::Number(_)
            | SettingValue::Switch(_)
            | SettingValue::Actions(_) => {}
        }
    }
}

/// Whether a root user needs MFA.
pub(super) enum Need {
    /// It does, for it has the credential named.
    Mfa(&'static str),
    /// It does not, and this is what to say of it.
    Nothing(Verdict),
}

/// Reads whether a root user needs MFA: not without a credential, and not where its only door is closed.
pub(super) fn need(
    root: &RootUser,
    context: &Context<'_>,
    absent: RootAbsent,
) -> Result<Need, Unseen> {
    if let Some(reason) = console_is_closed_to_root(context)
        && *context.read(&root.access_key)? == Presence::Absent
    {
        return Ok(Need::Nothing(Verdict::NotApplicable(reason)));
    }
    Ok(match (read(root, context)?, absent) {
        (RootCredentials::Present(credential), _) => Need::Mfa(credential),
        (RootCredentials::Absent, RootAbsent::NotApplicable) => {
            Need::Nothing(Verdict::NotApplicable(NO_CREDENTIALS.into()))
        }
        (RootCredentials::Absent, RootAbsent::Pass) => {
            Need::Nothing(Verdict::Pass(NO_CREDENTIALS.into()))
        }
    })
}

const NO_CREDENTIALS: &str = "the root user has no credentials";
