//! What no verdict of a report speaks of, told in every report so that none reads as "everyone has MFA".

use model::snapshot::IdentityCenter;

use crate::{Summary, counted::counted};

impl Summary {
    /// Returns what was not judged, as phrases.
    pub(crate) fn not_judged(&self) -> Vec<String> {
        let mut phrases = vec![identity_center(self.header.identity_center).to_owned()];
        let providers = &self.identity_providers;
        match (providers.present, providers.unknown) {
            (0, 0) => {}
            (0, unknown) => {
                let accounts = counted(unknown, "account");
                phrases.push(format!("identity providers (not known in {accounts})"));
            }
            (with, 0) => {
                phrases.push(format!(
                    "identity providers in {}",
                    counted(with, "account")
                ));
            }
            (with, unknown) => phrases.push(format!(
                "identity providers in {} (not known in {unknown})",
                counted(with, "account")
            )),
        }
        if let Some(users @ 1..) = self.access_key_users {
            phrases.push(format!(
                "{} with access keys and no MFA: --rule iam-user-access-key-mfa",
                counted(users, "user")
            ));
        }
        phrases
    }
}

const fn identity_center(seen: IdentityCenter) -> &'static str {
    match seen {
        IdentityCenter::InUse => {
            "Identity Center users (in use; no API shows their MFA: check Settings → Authentication in its console)"
        }
        // Whether an account has an instance of its own, the organization's list does not tell.
        IdentityCenter::NotInUse => "Identity Center users (not in use by the organization)",
        IdentityCenter::NotSeen => "Identity Center users (whether it is in use was not seen)",
    }
}

#[cfg(test)]
mod tests {
    use model::snapshot::IdentityCenter;

    use crate::{sample, tally::tests::summary};

    #[test]
    fn what_was_seen_of_identity_center_is_told_and_no_more() {
        for (seen, told) in [
            (IdentityCenter::InUse, "in use; no API shows their MFA"),
            (IdentityCenter::NotInUse, "not in use by the organization"),
            (IdentityCenter::NotSeen, "whether it is in use was not seen"),
        ] {
            let mut sample = sample::clean();
            sample.header.identity_center = seen;
            let phrases = summary(&sample).not_judged();
            assert!(phrases[0].contains(told), "{phrases:?}");
        }
    }
}
