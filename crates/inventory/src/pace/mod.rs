//! How fast each service and account may be asked.
//!
//! Three things are shared and three bounds follow: Organizations limits each operation for the whole organization,
//! STS limits the caller's account, and IAM limits each account by itself. The first two are documented and are kept
//! by [`Bucket`]s of AWS's own numbers; IAM's are not published, so each account has a [`Limiter`] that asks more
//! until AWS says "too fast". The SDK's adaptive mode is not used: it has one limiter for all accounts, and one
//! throttled account would slow all others.

mod bucket;
mod limiter;
mod report_wait;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use aws::Connection;

use self::bucket::Bucket;
pub(crate) use self::{limiter::Limiter, report_wait::ReportWait};

/// The documented limits, as requests a second and requests at once.
///
/// Source: "Throttling limits" in the AWS Organizations user guide, for one account; and the STS quota of 600 requests
/// a second for an account and Region, which `AssumeRole` is charged to.
const DOCUMENTED: [(&str, f64, f64); 12] = [
    ("DescribeOrganization", 1.0, 2.0),
    ("ListAccounts", 8.0, 12.0),
    ("ListRoots", 1.0, 2.0),
    ("ListOrganizationalUnitsForParent", 5.0, 8.0),
    ("ListAccountsForParent", 5.0, 8.0),
    ("ListAWSServiceAccessForOrganization", 1.0, 3.0),
    ("ListPolicies", 5.0, 8.0),
    ("ListTargetsForPolicy", 5.0, 8.0),
    // The guide that was at hand names no limit for it: this is that of `DescribeOrganizationalUnit`, the lowest of its like.
    ("DescribePolicy", 2.0, 2.0),
    ("ListTagsForResource", 10.0, 15.0),
    ("AssumeRole", 600.0, 600.0),
    ("AssumeRoot", 600.0, 600.0),
];
/// How many requests fewer at once than AWS allows: its clock and ours do not tick together, and a request that is
/// refused costs more time than one that waits. A quarter of a request of `ListAccounts` is 31 ms.
const SPARE: f64 = 0.25;

/// How many accounts are collected at once at first; more while AWS does not object.
const ACCOUNTS_AT_FIRST: usize = 128;
/// How many are collected at once even when AWS objects.
const FEWEST_ACCOUNTS: usize = 4;

/// How fast everything is asked, for one run. Clones share it.
#[derive(Clone)]
pub struct Pace(Arc<Shared>);

struct Shared {
    buckets: BTreeMap<&'static str, Bucket>,
    accounts: Arc<Limiter>,
    report_wait: ReportWait,
}

impl Pace {
    /// Returns the pace of a run that collects at most so many accounts at once.
    pub fn new(most_accounts: usize) -> Self {
        Self::shared(most_accounts, 0, 1)
    }

    /// Returns the pace of one machine, told by its place from 0, of so many that share AWS's limits: each takes its
    /// part of what is the organization's and the caller's account's. What is an account's own is asked by one machine
    /// alone.
    pub fn shared(most_accounts: usize, machine: u32, machines: u32) -> Self {
        let bucket = |&(operation, rate, burst): &(&'static str, f64, f64)| {
            let bucket = Bucket::part(rate, burst - SPARE, machine, machines);
            (operation, bucket)
        };
        let most = most_accounts.max(1);
        Self(Arc::new(Shared {
            buckets: DOCUMENTED.iter().map(bucket).collect(),
            accounts: Arc::new(Limiter::new(
                ACCOUNTS_AT_FIRST.min(most),
                FEWEST_ACCOUNTS.min(most)..=most,
            )),
            report_wait: ReportWait::default(),
        }))
    }

    /// Waits until an operation with a documented limit may be asked again; not at all for any other.
    pub(crate) async fn turn(&self, connection: &Connection, operation: &str) {
        if let Some(bucket) = self.0.buckets.get(operation) {
            let refusals = || connection.meter().throttled(operation);
            bucket.take(refusals).await;
        }
    }

    /// Returns what bounds the accounts that are collected at once.
    pub(crate) fn accounts(&self) -> &Arc<Limiter> {
        &self.0.accounts
    }

    /// Returns how long reports take.
    pub(crate) fn report_wait(&self) -> &ReportWait {
        &self.0.report_wait
    }
}

/// Returns how long a list of so many requests of `operation` takes at AWS's limits.
pub(crate) fn shortest(operation: &str, requests: u64) -> Duration {
    let documented = DOCUMENTED.iter().find(|it| it.0 == operation);
    let Some((_, rate, burst)) = documented else {
        return Duration::ZERO;
    };
    // More requests than a float counts exactly cannot be made.
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    let beyond = (requests as f64 - burst).max(0.0);
    Duration::from_secs_f64(beyond / rate)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use aws::Service;

    use super::{DOCUMENTED, shortest};
    use crate::calls::CALLS;

    #[test]
    fn every_call_that_shares_a_limit_is_paced_by_it() {
        let shared = CALLS.iter().filter(|it| it.service != Service::Iam);
        let shared: BTreeSet<_> = shared.map(|it| it.operation).collect();
        let mut paced: BTreeSet<_> = DOCUMENTED.iter().map(|it| it.0).collect();
        // Made once a run, before there is anything to pace.
        paced.insert("GetCallerIdentity");
        assert_eq!(paced, shared);
    }

    #[test]
    fn five_thousand_accounts_take_half_a_minute_to_list() {
        assert_eq!(shortest("ListAccounts", 250).as_millis(), 29_750);
        assert!(shortest("ListAccounts", 12).is_zero());
        assert!(shortest("ListUsers", 1000).is_zero());
    }
}
