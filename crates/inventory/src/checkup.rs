//! Tries each declared call once, to tell before the first audit what would be missing.

use aws::{ApiCall, Connection, Trouble};
use model::{Account, AccountId, Dataset, GapReason};

use crate::{
    ACCOUNT_DEADLINE, AuditRole, CALLS, Pace,
    calls::{
        Wanted,
        assume_root::assume_root,
        describe_organization::describe_organization,
        describe_policy::describe_policy,
        generate_credential_report::generate_credential_report,
        get_account_authorization_details::get_account_authorization_details,
        get_account_summary::get_account_summary,
        get_credential_report::get_credential_report,
        get_login_profile::get_login_profile,
        list_access_keys::list_access_keys,
        list_accounts::list_accounts,
        list_accounts_for_parent::list_accounts_for_parent,
        list_aws_service_access_for_organization::list_aws_service_access_for_organization,
        list_mfa_devices::list_mfa_devices,
        list_organizational_units_for_parent::list_organizational_units_for_parent,
        list_organizations_features::list_organizations_features,
        list_policies::list_policies,
        list_roots::list_roots,
        list_targets_for_policy::list_targets_for_policy,
        list_users::list_users,
        list_virtual_mfa_devices::{Listed, list_virtual_mfa_devices},
    },
    deadline::Deadline,
    door::{Door, Hallway, Way},
    root_access::root_of,
};

/// A call that was tried.
#[derive(Clone, Debug)]
pub struct Tried {
    /// The call.
    pub call: &'static ApiCall,
    /// Why it would not work in an audit; `None` if it works.
    pub trouble: Option<Trouble>,
}

/// A user that cannot exist by accident. AWS checks the permission before it looks for the user.
const NOBODY: &str = "mfaudit-doctor-no-such-user";

/// Tries the calls that are made once a run, with the caller's own credentials.
pub async fn try_organization(connection: &Connection) -> Vec<Tried> {
    let pace = &Pace::new(1);
    let roots = list_roots(connection, pace).await;
    let root = roots.items.first().map(|it| it.id.clone());
    // One page proves that one may ask.
    let accounts = list_accounts(connection, pace, async |_| Wanted::Enough).await;
    let services = list_aws_service_access_for_organization(connection, pace).await;
    let mut tried = vec![
        tried(
            "DescribeOrganization",
            describe_organization(connection).await.err(),
        ),
        tried("ListAccounts", accounts.err()),
        tried("ListRoots", roots.trouble),
        tried("ListAWSServiceAccessForOrganization", services.trouble),
    ];
    if let Some(root) = root {
        let units = list_organizational_units_for_parent(connection, pace, &root).await;
        tried.push(self::tried(
            "ListOrganizationalUnitsForParent",
            units.trouble,
        ));
        let accounts = list_accounts_for_parent(connection, pace, &root).await;
        tried.push(self::tried("ListAccountsForParent", accounts.trouble));
    }
    let policies = list_policies(connection, pace).await;
    tried.push(self::tried("ListPolicies", policies.trouble));
    if let Some(policy) = policies.items.first() {
        let document = describe_policy(connection, pace, &policy.id).await;
        tried.push(self::tried("DescribePolicy", document.err()));
        let targets = list_targets_for_policy(connection, pace, &policy.id).await;
        tried.push(self::tried("ListTargetsForPolicy", targets.trouble));
    }
    tried.into_iter().flatten().collect()
}

/// Tries, with the caller's own credentials, whether sessions of member accounts' root users are to be had: in general,
/// and for one member account if there is one.
pub async fn try_root_access(
    connection: &Connection,
    own_account: &AccountId,
    member: Option<&Account>,
) -> Vec<Tried> {
    let features = list_organizations_features(connection, own_account).await;
    let mut all = vec![tried("ListOrganizationsFeatures", features.err())];
    if let Some(member) = member {
        let root = root_of(&member.id, &member.partition);
        let session = assume_root(connection, &Pace::new(1), &root).await;
        all.push(tried("AssumeRoot", session.err()));
    }
    all.into_iter().flatten().collect()
}

/// Enters an account and tries the calls that are made in each.
pub async fn try_account(
    connection: &Connection,
    own_account: &AccountId,
    role: &AuditRole,
    account: &Account,
) -> Vec<Tried> {
    let own = account.id == *own_account;
    let way = if own {
        Way::Own
    } else {
        Way::Role(role.in_account(&account.partition, &account.id))
    };
    let hallway = Hallway::new(connection.clone(), Pace::new(1));
    let deadline = Deadline::of_account(ACCOUNT_DEADLINE, None);
    let door = Door::new(hallway, account.id.clone(), way, deadline);
    if let Err(trouble) = door.enter().await {
        return tried("AssumeRole", Some(trouble)).into_iter().collect();
    }
    let users = door
        .ask("ListUsers", async |iam| Ok(list_users(&iam).await))
        .await;
    let (users, unlisted) = match users {
        Ok(users) => (users.items, users.trouble),
        Err(trouble) => (Vec::new(), Some(trouble)),
    };
    let user = users.first().map_or(NOBODY, |it| it.name.as_str());
    let name = Some(user);
    let summary = door.ask("GetAccountSummary", async |iam| {
        get_account_summary(&iam).await
    });
    let generated = door.ask("GenerateCredentialReport", async |iam| {
        generate_credential_report(&iam).await
    });
    let report = door.ask("GetCredentialReport", async |iam| {
        get_credential_report(&iam).await
    });
    let devices = door.ask("ListVirtualMFADevices", async |iam| {
        let devices = list_virtual_mfa_devices(&iam, Listed::Assigned).await;
        devices.trouble.map_or(Ok(()), Err)
    });
    let profile = door.ask("GetLoginProfile", async |iam| {
        get_login_profile(&iam, name).await
    });
    let of_user = door.ask("ListMFADevices", async |iam| {
        list_mfa_devices(&iam, name).await
    });
    let datasets = [Dataset::AdministratorAccess].into();
    let authorization = door.ask("GetAccountAuthorizationDetails", async |iam| {
        let details = get_account_authorization_details(&iam, &datasets).await;
        details.trouble.map_or(Ok(()), Err)
    });
    let keys = door.ask("ListAccessKeys", async |iam| {
        list_access_keys(&iam, name).await
    });
    [
        if own { None } else { tried("AssumeRole", None) },
        tried("GetAccountSummary", summary.await.err()),
        tried("GenerateCredentialReport", generated.await.err()),
        // That the report is not ready yet is no want of permission.
        tried(
            "GetCredentialReport",
            report.await.err().filter(|it| !is_about_the_report(it)),
        ),
        tried("ListUsers", unlisted),
        tried("ListVirtualMFADevices", devices.await.err()),
        tried("GetLoginProfile", of_nobody(profile.await.err())),
        tried("ListMFADevices", of_nobody(of_user.await.err())),
        tried("ListAccessKeys", of_nobody(keys.await.err())),
        tried("GetAccountAuthorizationDetails", authorization.await.err()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn is_about_the_report(trouble: &Trouble) -> bool {
    matches!(
        trouble.code.as_str(),
        "ReportNotPresent" | "ReportInProgress" | "ReportExpired"
    )
}

/// That a user does not exist proves that one may ask.
fn of_nobody(trouble: Option<Trouble>) -> Option<Trouble> {
    trouble.filter(|it| it.code != "NoSuchEntity" || it.reason == GapReason::AccessDenied)
}

fn tried(operation: &str, trouble: Option<Trouble>) -> Option<Tried> {
    let call = CALLS.iter().copied().find(|it| it.operation == operation)?;
    Some(Tried { call, trouble })
}
