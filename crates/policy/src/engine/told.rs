//! What was decided, in words.

use std::fmt;

use super::{
    bypass::{Leak, LeakKind},
    enforcement::{Enforcement, Missing},
    origin::Cite,
};

/// How many patterns of actions are named.
const MOST: usize = 4;

/// Writes what gets past, and why, as a sentence without its end.
impl fmt::Display for Leak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (statement, context) = (&self.statement, self.context);
        let actions = self.actions.brief(MOST);
        match &self.kind {
            LeakKind::Skipped => {
                write!(
                    f,
                    "the condition of {statement} does not hold {context}: {actions}"
                )
            }
            LeakKind::Exempts => write!(f, "{statement} exempts {context}: {actions}"),
            LeakKind::OtherResources => {
                write!(
                    f,
                    "{statement} is about some resources, and {context} leaves others: {actions}"
                )
            }
            LeakKind::Admits => {
                write!(
                    f,
                    "the condition of {statement} also holds {context}: {actions}"
                )
            }
            LeakKind::AllowedBy(by) => {
                write!(
                    f,
                    "what {statement} allows with MFA, {by} allows {context}: {actions}"
                )
            }
            LeakKind::Hangs(on) => {
                write!(
                    f,
                    "whether {statement} applies {context} hangs on {on}: {actions}"
                )
            }
        }
    }
}

impl Leak {
    /// Returns what to change, as a sentence without its end.
    pub fn remedy(&self) -> String {
        let statement = &self.statement;
        match &self.kind {
            LeakKind::Skipped => format!(
                "in {statement}, deny by `BoolIfExists` of `aws:MultiFactorAuthPresent` `false`, which also holds where the key is absent"
            ),
            LeakKind::Exempts => {
                format!(
                    "take {} out of what {statement} exempts",
                    self.actions.brief(MOST)
                )
            }
            LeakKind::OtherResources => format!("let {statement} be about the resource `*`"),
            LeakKind::Admits => format!(
                "in {statement}, demand `Bool` of `aws:MultiFactorAuthPresent` `true`, which does not hold where the key is absent"
            ),
            LeakKind::AllowedBy(by) => {
                format!("demand MFA in {by} too, or deny what is without it")
            }
            LeakKind::Hangs(on) => format!("see to it that {statement} does not hang on {on}"),
        }
    }
}

/// Writes the outcome as a sentence without its end.
impl fmt::Display for Enforcement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCredentials => f.write_str("it has no credential that acts without MFA"),
            Self::Enforced { by } if by.is_empty() => {
                f.write_str("nothing but enrolling is allowed without MFA")
            }
            Self::Enforced { by } => {
                write!(
                    f,
                    "nothing but enrolling can be done without MFA, by {}",
                    cites(by)
                )
            }
            Self::NotEnforced {
                context,
                actions,
                allowed_by,
                because,
            } => {
                write!(f, "{} can be done {context}", actions.brief(MOST))?;
                if let Some(by) = allowed_by {
                    write!(f, ", by {by}")?;
                }
                write!(f, "; {because}")
            }
            Self::Unclear {
                context,
                example,
                hangs_on,
                by,
                ..
            } => {
                write!(
                    f,
                    "whether {example} can be done {context} hangs on {hangs_on}"
                )?;
                by.iter().try_for_each(|it| write!(f, ", in {it}"))
            }
        }
    }
}

/// Writes why nothing denies it, as a sentence without its end.
impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoStatement => f.write_str("no statement asks for MFA"),
            Self::OtherActions(by) => write!(f, "it is not what {} asks MFA for", cites(by)),
            Self::Leaks(leaks) => {
                let told: Vec<_> = leaks.iter().map(ToString::to_string).collect();
                f.write_str(&told.join("; "))
            }
        }
    }
}

fn cites(all: &[Cite]) -> String {
    let told: Vec<_> = all.iter().map(ToString::to_string).collect();
    told.join(", ")
}
