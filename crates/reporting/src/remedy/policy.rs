//! What to do about a policy that denies.

use model::{PolicyKind, snapshot::Header};

use super::Remedy;
use crate::summary::GapGroup;

impl GapGroup {
    pub(super) fn against_policy(
        &self,
        kind: PolicyKind,
        name: Option<&str>,
        header: &Header,
    ) -> Remedy {
        let denies = |short: &str| match name {
            Some(name) => format!("{short} {name} denies {}", self.what()),
            None => format!("{} {short} denies {}", article(short), self.what()),
        };
        match kind {
            PolicyKind::ServiceControl => {
                let (text, command) = self.exempt(name, "SERVICE_CONTROL_POLICY");
                Remedy::new(format!("{}; {text}", denies("SCP")), command)
            }
            PolicyKind::ResourceControl => {
                let (text, command) = self.exempt(name, "RESOURCE_CONTROL_POLICY");
                Remedy::new(format!("{}; {text}", denies("RCP")), command)
            }
            PolicyKind::PermissionsBoundary | PolicyKind::Session => {
                let text = format!(
                    "{}; allow there what is printed by",
                    denies(&kind.to_string())
                );
                Remedy::new(text, self.role_policy(header))
            }
            PolicyKind::Identity => {
                let text = format!("the role's policy does not allow {}; give it", self.what());
                Remedy::new(text, self.role_policy(header))
            }
            PolicyKind::Resource | PolicyKind::Trust => {
                let text = "the role does not exist or does not trust the caller; deploy";
                Remedy::new(text, self.role_template(header))
            }
        }
    }

    /// Tells how to exempt the audit role from a policy of the organization, and what shows that policy.
    fn exempt(&self, name: Option<&str>, kind: &str) -> (&'static str, String) {
        // A name comes from AWS's message; what is no policy's identifier is no text to paste into a shell.
        let is_id = |it: &&str| it.starts_with("p-") && it.chars().all(is_of_id);
        if let Some(id) = name.filter(is_id) {
            let command = format!("aws organizations describe-policy --policy-id {id}");
            return ("exempt the audit role in it", command);
        }
        let account = self.examples.first().filter(|it| it.id.is_whole());
        let target = account.map_or("ACCOUNT", |it| it.id.as_str());
        let command = format!(
            "aws organizations list-policies-for-target --filter {kind} --target-id {target}"
        );
        (
            "find it on the account or a unit above, and exempt the audit role in it",
            command,
        )
    }
}

/// The characters of a policy's identifier, as the Organizations API reference gives them.
const fn is_of_id(it: char) -> bool {
    it.is_ascii_alphanumeric() || it == '-' || it == '_'
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
    use model::{DenyingPolicy, PolicyKind, snapshot::Header};

    use super::article;
    use crate::{sample, summary::GapGroup, tally::tests::summary};

    fn denied(arn: Option<&str>) -> (GapGroup, Header) {
        let mut sample = sample::unseen();
        for gap in sample.records.iter_mut().flat_map(|it| &mut it.gaps) {
            gap.policy = Some(DenyingPolicy {
                kind: PolicyKind::ServiceControl,
                arn: arn.map(str::to_owned),
            });
        }
        let mut summary = summary(&sample);
        (summary.gaps.remove(0), summary.header)
    }

    #[test]
    fn articles_follow_the_sound() {
        assert_eq!(
            ["SCP", "RCP", "session policy"].map(article),
            ["an", "an", "a"]
        );
    }

    #[test]
    fn an_scp_is_named_and_the_audit_role_to_be_exempted() {
        let arn = "arn:aws:organizations::1:policy/o-a/service_control_policy/p-abc123";
        let (group, header) = denied(Some(arn));
        let told = group.remedy(&header);
        assert!(
            told.text.starts_with("SCP p-abc123 denies"),
            "{}",
            told.text
        );
        assert!(
            told.text.ends_with("; exempt the audit role in it"),
            "{}",
            told.text
        );
        let command = "aws organizations describe-policy --policy-id p-abc123";
        assert_eq!(told.command.unwrap(), command);
    }

    #[test]
    fn an_scp_that_aws_does_not_name_is_looked_for() {
        for arn in [
            None,
            Some("arn:aws:organizations::1:policy/o-a/s/p-$(reboot)"),
        ] {
            let (group, header) = denied(arn);
            let told = group.remedy(&header);
            assert!(
                told.text.ends_with("exempt the audit role in it"),
                "{}",
                told.text
            );
            let command = "aws organizations list-policies-for-target --filter SERVICE_CONTROL_POLICY --target-id \
                           100000000002";
            assert_eq!(told.command.unwrap(), command);
        }
    }
}
