//! What closes the gaps of a cause.

use model::{GapReason, PolicyKind};

use crate::{
    counted::prose,
    summary::{Cause, GapGroup, Place},
};

/// What closes the gaps of a cause.
#[derive(Debug)]
pub(crate) struct Remedy {
    /// What is wrong, and what to do, as a fragment without a full stop.
    pub(crate) text: String,
    /// The command that helps, to be copied whole.
    pub(crate) command: Option<&'static str>,
}

impl GapGroup {
    /// Returns what closes these gaps.
    pub(crate) fn remedy(&self) -> Remedy {
        if let Some((kind, name)) = &self.cause.policy {
            return self.against_policy(*kind, name.as_deref());
        }
        let plain = |text: &str| Remedy {
            text: text.to_owned(),
            command: None,
        };
        match self.cause.reason {
            GapReason::EntryDenied => Remedy {
                text: "the role could not be assumed; deploy".to_owned(),
                command: Some(self.cause.role_template()),
            },
            GapReason::AccessDenied => Remedy {
                text: format!("{} denied; compare the role with", self.what()),
                command: Some(self.cause.role_policy()),
            },
            GapReason::Throttled => plain("AWS kept throttling; run again"),
            GapReason::Unreachable => {
                plain("AWS was not reachable; check network, proxy and endpoint, then run again")
            }
            GapReason::Failed => self.with_detail("AWS answered with an error; run again"),
            GapReason::Deadline => plain("the time allowed ran out; run again and allow more"),
            GapReason::ExpiredCredentials => {
                plain("the credentials expired; sign in and run again")
            }
            GapReason::Malformed => self.with_detail("an answer or file is malformed"),
            GapReason::Contradictory => {
                self.with_detail("sources contradict each other; run again")
            }
            GapReason::Stale => plain("the evidence is older than it may be; collect again"),
            GapReason::NotVisible => plain("no call of this mode shows it"),
            GapReason::NotRequested => {
                plain("not collected; collect again with the rules that are evaluated")
            }
            GapReason::NotInEvidence => Remedy {
                text: format!("the saved evidence does not tell {}", self.datasets()),
                command: None,
            },
            GapReason::Interrupted => plain("the run was stopped before; resume it"),
        }
    }

    fn against_policy(&self, kind: PolicyKind, name: Option<&str>) -> Remedy {
        let denies = |short: &str| match name {
            Some(name) => format!("{short} {name} denies {}", self.what()),
            None => format!("{} {short} denies {}", article(short), self.what()),
        };
        let (text, command) = match kind {
            PolicyKind::ServiceControl => (denies("SCP") + "; exempt the audit role in it", None),
            PolicyKind::ResourceControl => (denies("RCP") + "; exempt the audit role in it", None),
            PolicyKind::PermissionsBoundary => {
                (denies("permissions boundary") + "; allow it there", None)
            }
            PolicyKind::Session => (denies("session policy") + "; allow it there", None),
            PolicyKind::Identity => (
                format!("the role's policy does not allow {}; give it", self.what()),
                Some(self.cause.role_policy()),
            ),
            PolicyKind::Resource | PolicyKind::Trust => (
                "the role does not exist or does not trust the caller; deploy".to_owned(),
                Some(self.cause.role_template()),
            ),
        };
        Remedy { text, command }
    }

    /// Returns the operations that would have told, or what they would have told.
    fn what(&self) -> String {
        if self.operations.is_empty() {
            return self.datasets();
        }
        prose(&self.operations.iter().cloned().collect::<Vec<_>>())
    }

    fn datasets(&self) -> String {
        prose(
            &self
                .datasets
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>(),
        )
    }

    fn with_detail(&self, text: &str) -> Remedy {
        let text = if self.detail.is_empty() {
            text.to_owned()
        } else {
            format!("{text}: {}", self.detail)
        };
        Remedy {
            text,
            command: None,
        }
    }
}

impl Cause {
    /// The management account is where the StackSet is deployed from: it has no member role.
    const fn role_template(&self) -> &'static str {
        match self.place {
            Place::Management => "mfaudit policy --for management",
            Place::Other => "mfaudit policy --for member --as cloudformation",
        }
    }

    const fn role_policy(&self) -> &'static str {
        match self.place {
            Place::Management => "mfaudit policy --for management",
            Place::Other => "mfaudit policy --for member",
        }
    }
}

fn article(noun: &str) -> &'static str {
    // Abbreviations read by letter: "an SCP", "an RCP".
    if noun.starts_with(char::is_uppercase) {
        "an"
    } else {
        "a"
    }
}

#[cfg(test)]
mod tests {
    use super::article;

    #[test]
    fn articles_follow_the_sound() {
        assert_eq!(
            ["SCP", "RCP", "session policy"].map(article),
            ["an", "an", "a"]
        );
    }
}
