//! AWS's request limits as token buckets, per account and per organization.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use serde::Deserialize;

use crate::clock;
use crate::error::{ApiError, Service};

/// Which request limits are in force; by default none.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Organizations and STS have the limits that AWS documents.
    pub documented: bool,
    /// The limit of each account's IAM, which AWS does not publish.
    pub iam: Option<Rate>,
}

/// How many requests are served.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Rate {
    /// How many in a second, over time.
    pub per_second: f64,
    /// How many at once.
    pub burst: f64,
}

const fn rate(per_second: f64, burst: f64) -> Rate {
    Rate { per_second, burst }
}

/// The buckets from which requests take their tokens.
#[derive(Debug, Default)]
pub(crate) struct Buckets(Mutex<HashMap<(String, String), Bucket>>);

#[derive(Debug)]
struct Bucket {
    tokens: f64,
    filled: Instant,
}

impl Bucket {
    fn take(&mut self, rate: Rate, now: Instant) -> bool {
        let passed = now.saturating_duration_since(self.filled).as_secs_f64();
        self.tokens = (self.tokens + passed * rate.per_second).min(rate.burst);
        self.filled = now;
        let enough = self.tokens >= 1.0;
        if enough {
            self.tokens -= 1.0;
        }
        enough
    }
}

impl Buckets {
    /// Returns the error for a request that comes too fast.
    pub(crate) fn refusal(
        &self,
        limits: &Limits,
        service: Service,
        name: &str,
        account: &str,
    ) -> Option<ApiError> {
        let now = clock::moment();
        // Every bucket is asked: a request that one refuses has still come in at the others.
        let refused = applicable(limits, service, name, account)
            .into_iter()
            .filter(|(key, rate)| !self.take(key.clone(), *rate, now))
            .count();
        if refused == 0 {
            return None;
        }
        let message = match service {
            Service::Organizations => {
                "You have sent too many requests in too short a period of time."
            }
            Service::Iam | Service::Sts => "Rate exceeded",
        };
        Some(service.error(("Throttling", 400), "TooManyRequestsException", message))
    }

    fn take(&self, key: (String, String), rate: Rate, now: Instant) -> bool {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let full = || Bucket {
            tokens: rate.burst,
            filled: now,
        };
        buckets.entry(key).or_insert_with(full).take(rate, now)
    }
}

/// Returns the limits that apply to a request, with the names of their buckets.
fn applicable(
    limits: &Limits,
    service: Service,
    name: &str,
    account: &str,
) -> Vec<((String, String), Rate)> {
    let key = |owner: &str, of: &str| (owner.to_owned(), format!("{}:{of}", service.name()));
    match service {
        Service::Iam => limits
            .iam
            .map(|it| (key(account, ""), it))
            .into_iter()
            .collect(),
        _ if !limits.documented => Vec::new(),
        // AWS counts this per Region as well; here, all Regions share one bucket.
        Service::Sts => vec![(key(account, ""), rate(600.0, 600.0))],
        Service::Organizations => {
            let (own, shared) = documented(name);
            let own = own.map(|it| (key(account, name), it));
            own.into_iter()
                .chain(shared.map(|it| (key("organization", name), it)))
                .collect()
        }
    }
}

/// Returns the limits per account and per organization.
fn documented(name: &str) -> (Option<Rate>, Option<Rate>) {
    let (own, shared) = match name {
        "ListAccounts" => (rate(8.0, 12.0), rate(9.0, 15.0)),
        "DescribeAccount" => (rate(20.0, 30.0), rate(24.0, 36.0)),
        "ListChildren" => (rate(6.0, 10.0), rate(7.0, 12.0)),
        "ListParents"
        | "ListAccountsForParent"
        | "ListOrganizationalUnitsForParent"
        | "ListDelegatedAdministrators"
        | "ListPolicies"
        | "ListTargetsForPolicy" => (rate(5.0, 8.0), rate(6.0, 10.0)),
        "ListTagsForResource" => (rate(10.0, 15.0), rate(12.0, 18.0)),
        "DescribeOrganizationalUnit" | "DescribePolicy" => (rate(2.0, 2.0), rate(2.0, 3.0)),
        "ListRoots" => (rate(1.0, 2.0), rate(1.0, 3.0)),
        "ListAWSServiceAccessForOrganization" => (rate(1.0, 3.0), rate(1.0, 4.0)),
        "DescribeOrganization" => return (Some(rate(1.0, 2.0)), None),
        _ => return (None, None),
    };
    (Some(own), Some(shared))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Bucket, rate};
    use crate::clock;

    #[test]
    fn a_bucket_gives_its_burst_at_once_and_then_its_rate() {
        let start = clock::moment();
        let mut bucket = Bucket {
            tokens: 3.0,
            filled: start,
        };
        let mut taken = |ms| bucket.take(rate(2.0, 3.0), start + Duration::from_millis(ms));
        assert_eq!(
            [taken(0), taken(0), taken(0), taken(0)],
            [true, true, true, false]
        );
        assert_eq!([taken(500), taken(600), taken(1000)], [true, false, true]);
        assert_eq!(
            [taken(9000), taken(9000), taken(9000), taken(9000)],
            [true, true, true, false]
        );
    }
}
