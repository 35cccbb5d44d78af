//! Where in AWS's management console something is done, in each partition.

use std::fmt::Write;

use crate::Partition;

/// The console of a partition.
#[derive(Clone, Copy, Debug)]
pub struct Console {
    host: &'static str,
}

impl Console {
    /// Returns the console of a partition; `None` where its address is not known.
    ///
    /// Source: AWS's partition metadata and the console addresses in the IAM user guide; for the European Sovereign Cloud the
    /// AWS CLI, which opens it there.
    pub fn of(partition: &Partition) -> Option<Self> {
        let host = match partition.as_str() {
            "aws" => "console.aws.amazon.com",
            "aws-us-gov" => "console.amazonaws-us-gov.com",
            "aws-cn" => "console.amazonaws.cn",
            "aws-eusc" => "eusc-de-east-1.console.amazonaws-eusc.eu",
            _ => return None,
        };
        Some(Self { host })
    }

    /// Returns where one signs in.
    pub fn sign_in(self) -> String {
        format!("https://{}/", self.host)
    }

    /// Returns the first page of IAM.
    pub fn iam(self) -> String {
        self.page("home")
    }

    /// Returns the page where whoever is signed in, a root user too, keeps passwords, keys and devices.
    pub fn own_credentials(self) -> String {
        self.page("security_credentials")
    }

    /// Returns the page where an administrator keeps those of a user.
    pub fn credentials_of(self, user: &str) -> String {
        let user = percent(user);
        self.page(&format!(
            "users/details/{user}?section=security_credentials"
        ))
    }

    /// Returns the page of a role.
    pub fn role(self, role: &str) -> String {
        self.page(&format!("roles/details/{}", percent(role)))
    }

    /// Returns the page of an account's settings.
    pub fn account_settings(self) -> String {
        self.page("account_settings")
    }

    fn page(self, fragment: &str) -> String {
        format!("https://{}/iam/home#/{fragment}", self.host)
    }
}

/// Returns a text as a part of an address.
fn percent(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for it in text.bytes() {
        if it.is_ascii_alphanumeric() || b"-._".contains(&it) {
            out.push(char::from(it));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{it:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::Console;
    use crate::Partition;

    #[test]
    fn each_partition_has_its_own_console() {
        for (partition, start) in [
            ("aws", "https://console.aws.amazon.com/iam/home#/"),
            (
                "aws-us-gov",
                "https://console.amazonaws-us-gov.com/iam/home#/",
            ),
            ("aws-cn", "https://console.amazonaws.cn/iam/home#/"),
            (
                "aws-eusc",
                "https://eusc-de-east-1.console.amazonaws-eusc.eu/iam/home#/",
            ),
        ] {
            let console = Console::of(&Partition::new(partition)).unwrap();
            assert!(console.own_credentials().starts_with(start), "{partition}");
        }
        assert!(Console::of(&Partition::new("aws-iso")).is_none());
    }

    #[test]
    fn a_name_is_a_part_of_the_address_and_no_more() {
        let console = Console::of(&Partition::commercial()).unwrap();
        let link = console.credentials_of("a/../b?x=1#)[y] ë");
        let end =
            "users/details/a%2F..%2Fb%3Fx%3D1%23%29%5By%5D%20%C3%AB?section=security_credentials";
        assert!(link.ends_with(end), "{link}");
    }
}
