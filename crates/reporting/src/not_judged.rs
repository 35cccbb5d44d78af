//! What no verdict of a report speaks of, told in every report so that none reads as "everyone has MFA".

use crate::{Summary, counted::counted};

impl Summary {
    /// Returns what was not judged, as phrases.
    pub(crate) fn not_judged(&self) -> Vec<String> {
        let mut phrases = vec!["Identity Center users".to_owned()];
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
