//! Amazon Resource Names, of which what they are of is kept, and what it is called is hidden.

use model::{AccountId, Arn};

use super::Redactor;

/// Parts of a resource that are AWS's own words, wherever they stand behind the first.
const OWN_WORDS: [&str; 4] = [
    "user",
    "root",
    "root-account-mfa-device",
    "service_control_policy",
];

impl Redactor {
    /// Returns an ARN whose account and names are hidden.
    pub(crate) fn arn(&self, arn: &Arn) -> Arn {
        let hidden = self.arn_text(arn.as_str()).parse();
        // What is made of an ARN is one; if not, what it was must not be told.
        hidden.unwrap_or_else(|_| {
            let account = AccountId::from_number(0);
            Arn::iam_user(&arn.partition(), &account, &self.name(arn.resource()))
        })
    }

    /// Returns a text that begins like an ARN, whose account and names are hidden.
    pub(super) fn arn_text(&self, text: &str) -> String {
        let parts: Vec<_> = text.splitn(6, ':').collect();
        let [arn, partition, service, region, account, resource] = parts[..] else {
            return self.name(text);
        };
        // What is AWS's own tells nothing of anybody.
        if account == "aws" {
            return text.to_owned();
        }
        let account = match account.parse::<AccountId>() {
            Ok(id) => self.account(&id).as_str().to_owned(),
            Err(_) => self.identifiers(account),
        };
        let resource = self.resource(resource);
        format!("{arn}:{partition}:{service}:{region}:{account}:{resource}")
    }

    /// Hides what follows the kind of a resource: `user/team/ana`.
    fn resource(&self, resource: &str) -> String {
        let Some((kind, name)) = resource.split_once('/') else {
            return if resource == "root" || resource == "*" {
                resource.to_owned()
            } else {
                self.name(resource)
            };
        };
        let hidden = name.split('/').map(|it| {
            if OWN_WORDS.contains(&it) && kind != "user" && kind != "role" || it == "*" {
                it.to_owned()
            } else if super::free_text::is_of_organization(it) {
                self.identifiers(it)
            } else {
                self.name(it)
            }
        });
        let hidden: Vec<_> = hidden.collect();
        format!("{kind}/{}", hidden.join("/"))
    }

    /// Returns a device's serial number: an ARN, or for a hardware token what is printed on it.
    pub(super) fn serial_number(&self, serial: &str) -> Box<str> {
        if serial.starts_with("arn:") {
            self.arn_text(serial).into()
        } else {
            self.name(serial).into()
        }
    }
}
