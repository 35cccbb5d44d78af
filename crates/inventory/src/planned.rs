//! What a plan comes to before anything is asked: the calls in each account, and the least they take.

use std::time::Duration;

use aws::ApiCall;
use model::{Account, Dataset, Scope, snapshot::RootAccess};

use crate::{
    CALLS, Discovery, Freshness, Plan, calls::list_accounts::PAGE, pace::shortest,
    root_access::is_reachable,
};

/// How long a credential report was seen to take. AWS documents nothing.
const USUAL_REPORT: Duration = Duration::from_secs(2);

/// A call that an audit makes, and how often in one account.
#[derive(Clone, Copy, Debug)]
pub struct PlannedCall {
    /// The call.
    pub call: &'static ApiCall,
    /// How often.
    pub times: Times,
}

/// How often a call is made in one account.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Times {
    /// Once.
    Once,
    /// Once for each page of a list; all but the largest accounts have one.
    Pages,
    /// As often as users, or what else there is, need it, in these words.
    ForUsers(&'static str),
}

/// The least that an audit of so many accounts takes at AWS's limits.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Estimate {
    /// The calls in the accounts, those for single users aside.
    pub calls: u64,
    /// The time that the accounts take to be listed, and one account to be collected.
    pub duration: Duration,
}

impl Plan {
    /// Returns the calls that are made in each account. The caller's own is not entered, and the management account's
    /// root user is not to be had.
    pub fn calls(&self, root_access: RootAccess) -> Vec<PlannedCall> {
        let live = self.freshness == Freshness::Live;
        let mut planned = vec![
            ("AssumeRole", Times::Once),
            ("GetAccountSummary", Times::Once),
        ];
        if self.needs_users() {
            if !live {
                planned.push(("GenerateCredentialReport", Times::Once));
                planned.push(("GetCredentialReport", Times::Once));
            }
            planned.push(("ListUsers", Times::Pages));
            planned.push(("ListVirtualMFADevices", Times::Pages));
            planned.extend(self.for_users(live));
        }
        if !self.needs_users() {
            if self.needs_virtual_devices() {
                planned.push(("ListVirtualMFADevices", Times::Pages));
            }
            if !live && self.datasets.contains(&Dataset::RootUse) {
                planned.push(("GenerateCredentialReport", Times::Once));
                planned.push(("GetCredentialReport", Times::Once));
            }
        }
        if self.datasets.contains(&Dataset::PasswordPolicy) {
            planned.push(("GetAccountPasswordPolicy", Times::Once));
        }
        if self.owner_tag.is_some() {
            planned.push(("ListTagsForResource", Times::Once));
        }
        if self.asks_authorization_of_all() {
            planned.push(("GetAccountAuthorizationDetails", Times::Pages));
        } else if self.datasets.contains(&Dataset::AdministratorAccess) {
            let where_one = "all users, where one can act without MFA";
            planned.push(("GetAccountAuthorizationDetails", Times::ForUsers(where_one)));
        }
        if root_access != RootAccess::Never && self.needs_root_user() {
            planned.extend(ROOT_SESSION.map(|it| (it, Times::Once)));
        }
        declared(planned)
    }

    /// Returns the calls that are made once a run for the sake of rules, besides those that list the accounts.
    pub fn calls_of_run(&self) -> Vec<PlannedCall> {
        if !self.datasets.contains(&Dataset::ServiceControlPolicies) {
            return Vec::new();
        }
        let planned = vec![
            ("ListPolicies", Times::Pages),
            (
                "ListTargetsForPolicy",
                Times::ForUsers("each policy, and each 20 of its targets"),
            ),
            (
                "DescribePolicy",
                Times::ForUsers("each policy that is attached to anything"),
            ),
        ];
        declared(planned)
    }

    fn for_users(&self, live: bool) -> Vec<(&'static str, Times)> {
        let needs = |dataset| self.datasets.contains(&dataset);
        let failing = "each user that would fail, and each that the report does not know";
        let without = "each such user, and each whose MFA device is no authenticator app";
        let every = "each passkey or security key";
        let mut calls = Vec::new();
        if needs(Dataset::LoginProfiles) {
            calls.push(("GetLoginProfile", failing));
        }
        if [
            Dataset::MfaStatus,
            Dataset::MfaDevices,
            Dataset::FidoCertifications,
        ]
        .into_iter()
        .any(needs)
        {
            calls.push(("ListMFADevices", without));
        }
        if needs(Dataset::FidoCertifications) {
            calls.push(("GetMFADevice", every));
        }
        if needs(Dataset::AccessKeys) || needs(Dataset::AccessKeyUse) {
            calls.push(("ListAccessKeys", failing));
        }
        if needs(Dataset::AccessKeyUse) {
            calls.push(("GetAccessKeyLastUsed", "each active key of such a user"));
        }
        if needs(Dataset::SigningCertificates) {
            calls.push(("ListSigningCertificates", failing));
        }
        if needs(Dataset::ServiceSpecificCredentials) {
            calls.push(("ListServiceSpecificCredentials", "each user"));
        }
        let who = |who| {
            if live && who != every {
                "each user"
            } else {
                who
            }
        };
        calls
            .into_iter()
            .map(|(operation, it)| (operation, Times::ForUsers(who(it))))
            .collect()
    }

    /// Returns the least that an audit of what was discovered takes at AWS's limits.
    pub fn estimate(&self, root_access: RootAccess, discovery: &Discovery) -> Estimate {
        let in_account = |account: &Account| {
            let reachable = is_reachable(account.kind);
            let access = if reachable {
                root_access
            } else {
                RootAccess::Never
            };
            let calls = self.calls(access).into_iter();
            let once = calls.filter(|it| !matches!(it.times, Times::ForUsers(_)));
            let own = account.id == discovery.own_account;
            once.filter(|it| !own || it.call.operation != "AssumeRole")
                .count() as u64
        };
        let accounts = &discovery.accounts;
        let audited = accounts.iter().filter(|it| it.scope == Scope::Audited);
        let pages = (accounts.len() as u64).div_ceil(PAGE.unsigned_abs().into());
        let one = if self.needs_users() && self.freshness == Freshness::ReportFirst {
            USUAL_REPORT
        } else {
            Duration::ZERO
        };
        // The policy that AWS attaches to every account takes longer to list than they do.
        let listed = shortest("ListAccounts", pages);
        let listed = if self.datasets.contains(&Dataset::ServiceControlPolicies) {
            listed.max(shortest("ListTargetsForPolicy", pages))
        } else {
            listed
        };
        let audited: Vec<_> = audited.collect();
        let listed = if self.owner_tag.is_some() {
            listed.max(shortest("ListTagsForResource", audited.len() as u64))
        } else {
            listed
        };
        Estimate {
            calls: audited.into_iter().map(in_account).sum(),
            duration: listed + one,
        }
    }
}

fn declared(planned: Vec<(&'static str, Times)>) -> Vec<PlannedCall> {
    let declared = |operation: &str| CALLS.iter().copied().find(|it| it.operation == operation);
    let call = |(operation, times)| {
        let call = declared(operation)?;
        Some(PlannedCall { call, times })
    };
    planned.into_iter().filter_map(call).collect()
}

/// The calls for a member account's root user, and in its session.
const ROOT_SESSION: [&str; 5] = [
    "AssumeRoot",
    "GetLoginProfile",
    "ListAccessKeys",
    "ListSigningCertificates",
    "ListMFADevices",
];

#[cfg(test)]
mod tests {
    use model::{Account, AccountKind, AccountState, Partition, Scope, snapshot::RootAccess};

    use super::Times;
    use crate::{Discovery, Freshness, Plan};

    fn plan(rules: &[&'static rules::Rule], freshness: Freshness) -> Plan {
        Plan {
            datasets: rules::datasets(rules),
            freshness,
            owner_tag: None,
        }
    }

    fn operations(plan: &Plan, root_access: RootAccess) -> Vec<&'static str> {
        plan.calls(root_access)
            .iter()
            .map(|it| it.call.operation)
            .collect()
    }

    #[test]
    fn a_plan_names_the_calls_that_its_rules_need() {
        let all = plan(&rules::default_rules(), Freshness::ReportFirst);
        let fixed = all.calls(RootAccess::Never);
        let fixed = fixed
            .iter()
            .filter(|it| !matches!(it.times, Times::ForUsers(_)));
        assert_eq!(fixed.count(), 6);
        let root = plan(&rules::CATALOG[..2], Freshness::ReportFirst);
        assert_eq!(
            operations(&root, RootAccess::Never),
            ["AssumeRole", "GetAccountSummary"]
        );
        assert_eq!(operations(&root, RootAccess::Always).len(), 7);
        let live = plan(&rules::default_rules(), Freshness::Live);
        assert!(!operations(&live, RootAccess::Never).contains(&"GetCredentialReport"));
    }

    #[test]
    fn policies_are_asked_of_all_accounts_or_where_one_can_act_without_mfa() {
        let times = |id: &str| {
            let all = rules::CATALOG.iter().copied();
            let rules: Vec<_> = all.filter(|it| it.id == id).collect();
            let calls = plan(&rules, Freshness::ReportFirst).calls(RootAccess::Never);
            let mut calls = calls.into_iter();
            let call = calls.find(|it| it.call.operation == "GetAccountAuthorizationDetails");
            call.map(|it| it.times)
        };
        assert_eq!(times("iam-user-console-mfa"), None);
        assert_eq!(times("iam-user-direct-policy"), Some(Times::Pages));
        assert_eq!(times("iam-role-trust-mfa"), Some(Times::Pages));
        let where_one = times("iam-user-admin-mfa");
        assert!(matches!(where_one, Some(Times::ForUsers(_))));
    }

    #[test]
    fn an_estimate_is_the_time_of_the_list_and_of_one_account() {
        let all = plan(&rules::default_rules(), Freshness::ReportFirst);
        let account = |number: u64| Account {
            id: format!("{number:012}").parse().unwrap(),
            name: String::new(),
            partition: Partition::commercial(),
            kind: if number == 1 {
                AccountKind::Management
            } else {
                AccountKind::Member
            },
            state: AccountState::Active,
            scope: if number <= 4000 {
                Scope::Audited
            } else {
                Scope::NotActive
            },
            ou_path: String::new(),
        };
        let discovery = Discovery {
            caller: "arn:aws:iam::000000000001:user/me".parse().unwrap(),
            own_account: account(1).id,
            organization: None,
            accounts: (1..=5000).map(account).collect(),
            notes: Vec::new(),
        };
        let estimate = all.estimate(RootAccess::Never, &discovery);
        assert_eq!(
            estimate.calls,
            4000 * 6 - 1,
            "the caller's own account is not entered"
        );
        assert_eq!(estimate.duration.as_millis(), 31_750);
        let owned = Plan {
            owner_tag: Some("owner".to_owned()),
            ..all.clone()
        };
        let with_owners = owned.estimate(RootAccess::Never, &discovery);
        assert_eq!(with_owners.duration.as_millis(), 398_500 + 2000);
        let with_root = all.estimate(RootAccess::Always, &discovery);
        assert_eq!(with_root.calls, estimate.calls + 3999 * 5);
    }
}
