//! Tries each declared call once, to tell before the first audit what would be missing.

use aws::{ApiCall, Connection, Trouble};
use model::{Account, AccountId, GapReason};

use crate::{
    AuditRole, CALLS,
    calls::{
        describe_organization::describe_organization,
        generate_credential_report::try_generate_credential_report,
        get_account_summary::get_account_summary, get_credential_report::get_credential_report,
        get_login_profile::get_login_profile, list_access_keys::list_access_keys,
        list_accounts::list_accounts, list_accounts_for_parent::list_accounts_for_parent,
        list_mfa_devices::list_mfa_devices,
        list_organizational_units_for_parent::list_organizational_units_for_parent,
        list_roots::list_roots, list_users::list_users,
        list_virtual_mfa_devices::list_virtual_mfa_devices,
    },
    door::Door,
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
    let roots = list_roots(connection).await;
    let root = roots.items.first().cloned();
    let mut tried = vec![
        tried(
            "DescribeOrganization",
            describe_organization(connection).await.err(),
        ),
        tried("ListAccounts", list_accounts(connection).await.trouble),
        tried("ListRoots", roots.trouble),
    ];
    if let Some(root) = root {
        let units = list_organizational_units_for_parent(connection, &root).await;
        tried.push(self::tried(
            "ListOrganizationalUnitsForParent",
            units.trouble,
        ));
        let accounts = list_accounts_for_parent(connection, &root).await;
        tried.push(self::tried("ListAccountsForParent", accounts.trouble));
    }
    tried.into_iter().flatten().collect()
}

/// Enters an account and tries the calls that are made in each.
pub async fn try_account(
    connection: &Connection,
    own_account: &AccountId,
    role: &AuditRole,
    account: &Account,
) -> Vec<Tried> {
    let own = account.id == *own_account;
    let role = (!own).then(|| role.in_account(&account.partition, &account.id));
    let door = Door::new(connection.clone(), account.id.clone(), role);
    let iam = match door.iam().await {
        Ok(iam) => iam,
        Err(trouble) => return tried("AssumeRole", Some(trouble)).into_iter().collect(),
    };
    let users = list_users(&iam).await;
    let user = users
        .items
        .first()
        .map_or(NOBODY, |it| it.name.as_str())
        .to_owned();
    let generated = try_generate_credential_report(&iam).await;
    // That the report is not ready yet is no want of permission.
    let report = get_credential_report(&iam)
        .await
        .err()
        .filter(|it| !is_about_the_report(it));
    [
        if own { None } else { tried("AssumeRole", None) },
        tried("GetAccountSummary", get_account_summary(&iam).await.err()),
        tried("GenerateCredentialReport", generated.err()),
        tried("GetCredentialReport", report),
        tried("ListUsers", users.trouble),
        tried(
            "ListVirtualMFADevices",
            list_virtual_mfa_devices(&iam).await.trouble,
        ),
        tried(
            "GetLoginProfile",
            of_nobody(get_login_profile(&iam, &user).await.err()),
        ),
        tried(
            "ListMFADevices",
            of_nobody(list_mfa_devices(&iam, &user).await.err()),
        ),
        tried(
            "ListAccessKeys",
            of_nobody(list_access_keys(&iam, &user).await.err()),
        ),
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
