//! AWS's partitions: how ARNs begin, and which Regions the global services are signed for.

use serde::Deserialize;

use crate::error::Service;

/// A partition of AWS: Regions with accounts, identities and ARNs of their own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Partition {
    /// `aws`, which has most Regions.
    #[default]
    Aws,
    /// `aws-us-gov`, AWS GovCloud (US).
    AwsUsGov,
    /// `aws-cn`, the Regions in China.
    AwsCn,
    /// `aws-eusc`, the European Sovereign Cloud.
    AwsEusc,
}

impl Partition {
    /// Returns its name, as ARNs write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::AwsUsGov => "aws-us-gov",
            Self::AwsCn => "aws-cn",
            Self::AwsEusc => "aws-eusc",
        }
    }

    /// Returns the Region that callers work in.
    pub fn region(self) -> &'static str {
        match self {
            Self::Aws => "us-east-1",
            Self::AwsUsGov => "us-gov-west-1",
            Self::AwsCn => "cn-northwest-1",
            Self::AwsEusc => "eusc-de-east-1",
        }
    }

    /// Tells whether a service takes requests that are signed for a Region.
    pub(crate) fn takes(self, service: Service, region: &str) -> bool {
        match service {
            // AWS's endpoint rules sign IAM for another Region of China than Organizations.
            Service::Iam if self == Self::AwsCn && region == "cn-north-1" => true,
            Service::Iam | Service::Organizations => region == self.region(),
            Service::Sts => is_region(region) && region.starts_with(self.region_prefix()),
        }
    }

    /// Returns an ARN of the account; ARNs of these services name no Region.
    pub(crate) fn arn(self, service: Service, account: &str, resource: &str) -> String {
        let mut arn = String::with_capacity(32 + resource.len());
        for part in ["arn", self.name(), service.name(), "", account] {
            arn.push_str(part);
            arn.push(':');
        }
        arn.push_str(resource);
        arn
    }

    /// Returns the ARN of a resource of IAM in the account.
    pub(crate) fn iam(self, account: &str, resource: &str) -> String {
        self.arn(Service::Iam, account, resource)
    }

    /// Returns what an ARN of an account's IAM holds behind the account, and the account.
    pub(crate) fn read_iam(self, arn: &str) -> Option<(&str, &str)> {
        let rest = arn.strip_prefix("arn:")?.strip_prefix(self.name())?;
        let (account, resource) = rest.strip_prefix(":iam::")?.split_once(':')?;
        is_account(account).then_some((account, resource))
    }

    /// Tells whether credential reports have a row for the root user; in China, accounts have none.
    pub(crate) fn reports_root(self) -> bool {
        self != Self::AwsCn
    }

    fn region_prefix(self) -> &'static str {
        match self {
            Self::Aws => "",
            Self::AwsUsGov => "us-gov-",
            Self::AwsCn => "cn-",
            Self::AwsEusc => "eusc-",
        }
    }
}

/// Tells whether the text has the form of an account id.
pub(crate) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|it| it.is_ascii_digit())
}

/// Tells whether the text has the form of a Region's name, such as `eu-central-1`.
fn is_region(text: &str) -> bool {
    let letters = |it: &str| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_lowercase());
    let Some((rest, number)) = text.rsplit_once('-') else {
        return false;
    };
    number.parse::<u8>().is_ok() && rest.contains('-') && rest.split('-').all(letters)
}
