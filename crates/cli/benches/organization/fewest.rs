//! The fewest calls that can give the same answer, told from the organization itself.

use std::collections::BTreeMap;

use simulator::{Account, DeviceKind, User, World};

/// The most users, and the most devices, that IAM puts on a page.
const PAGE: usize = 1000;

/// What must be asked of one account.
pub(crate) struct Needs<'a> {
    pub(crate) account: &'a str,
    pub(crate) way: Way,
    user_pages: u64,
    device_pages: u64,
    /// The pages of `GetAccountAuthorizationDetails`, if it must be asked.
    authorization_pages: u64,
    /// Whose `GetLoginProfile` must be asked.
    pub(crate) login_profiles: Vec<&'a str>,
    /// Whose `ListMFADevices` must be asked.
    pub(crate) mfa_devices: Vec<&'a str>,
    /// Whose `ListAccessKeys` must be asked.
    pub(crate) access_keys: Vec<&'a str>,
}

/// How an account is entered.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Way {
    /// It is the caller's own, and nothing is asked to be in it.
    Own,
    /// By its role.
    Role,
    /// It has no role, and the attempt to assume it is the only call.
    Closed,
}

/// Returns what must be asked of each active account; of the others nothing is asked.
pub(crate) fn needs(world: &World) -> Vec<Needs<'_>> {
    let active = world.accounts.iter().filter(|it| it.state == "ACTIVE");
    active
        .map(|it| of_account(it, it.id == world.caller_account()))
        .collect()
}

fn of_account(account: &Account, is_own: bool) -> Needs<'_> {
    let way = match (is_own, account.roles.is_empty()) {
        (true, _) => Way::Own,
        (false, false) => Way::Role,
        (false, true) => Way::Closed,
    };
    let names = |is_asked: fn(&User) -> bool| {
        let asked = account.users.iter().filter(|it| is_asked(it));
        asked.map(|it| it.name.as_str()).collect()
    };
    let devices = account
        .users
        .iter()
        .flat_map(|it| &it.mfa)
        .chain(&account.root.mfa);
    let assigned = devices.filter(|it| it.kind == DeviceKind::Virtual).count();
    Needs {
        account: &account.id,
        way,
        user_pages: pages(account.users.len()),
        device_pages: pages(assigned),
        authorization_pages: if account.users.iter().any(can_act_without_mfa) {
            let entries = account.users.len() + account.groups.len() + account.roles.len();
            pages(entries)
        } else {
            0
        },
        login_profiles: names(|it| is_failing(it) || is_failing_administrator(it)),
        mfa_devices: names(|it| is_failing(it) || is_failing_administrator(it) || has_no_app(it)),
        access_keys: names(is_failing_administrator),
    }
}

/// The user fails, and the report that says so may be four hours old: what the failure rests on, the password and the
/// missing device, is asked once more (`rules::doubts`).
fn is_failing(user: &User) -> bool {
    user.password.is_some() && user.mfa.is_empty()
}

/// The user passes by devices of which the report alone tells, since `ListVirtualMFADevices` lists apps only: they are
/// asked for, as they may have been removed since (`rules::doubts`), whether or not the user has a password: an
/// administrator needs a device for its keys too.
fn has_no_app(user: &User) -> bool {
    let is_app = |kind| kind == DeviceKind::Virtual;
    !user.mfa.is_empty() && !user.mfa.iter().any(|it| is_app(it.kind))
}

/// Who is an administrator is asked only where a user can sign in or sign a request without MFA.
fn can_act_without_mfa(user: &User) -> bool {
    let has_key = user.access_keys.iter().any(|it| it.status == "Active");
    user.mfa.is_empty() && (user.password.is_some() || has_key)
}

/// Such an administrator fails, and its password, keys and devices are asked once more. In a generated organization
/// administrators are those of one group.
fn is_failing_administrator(user: &User) -> bool {
    can_act_without_mfa(user) && user.groups.iter().any(|it| it == "administrators")
}

/// A list has a page even if nothing is on it.
fn pages(items: usize) -> u64 {
    items.div_ceil(PAGE).max(1) as u64
}

impl Needs<'_> {
    /// Tells whether `GetAccountAuthorizationDetails` must be asked.
    pub(crate) const fn asks_authorization(&self) -> bool {
        self.authorization_pages > 0
    }

    /// Returns the calls, by operation.
    ///
    /// `GenerateCredentialReport` is one of them even where a report is ready: nobody can know that it is. Asking for
    /// the report at once saves that call where there is one, and costs one more where there is none.
    pub(crate) fn calls(&self) -> BTreeMap<&'static str, u64> {
        let entry = match self.way {
            Way::Own => 0,
            Way::Role => 1,
            Way::Closed => return BTreeMap::from([("AssumeRole", 1)]),
        };
        BTreeMap::from([
            ("AssumeRole", entry),
            // The root user's password, key and MFA.
            ("GetAccountSummary", 1),
            // All users' passwords, and whether they have a device.
            ("GenerateCredentialReport", 1),
            ("GetCredentialReport", 1),
            // The users there are now: some are newer than the report, some in it are gone.
            ("ListUsers", self.user_pages),
            // Whose device is an app that is there now: saves asking each user who has one.
            ("ListVirtualMFADevices", self.device_pages),
            ("GetLoginProfile", self.login_profiles.len() as u64),
            ("ListMFADevices", self.mfa_devices.len() as u64),
            ("ListAccessKeys", self.access_keys.len() as u64),
            // Who is an administrator.
            ("GetAccountAuthorizationDetails", self.authorization_pages),
            // Once a run, in the caller's own account.
            ("ListOrganizationsFeatures", u64::from(self.way == Way::Own)),
        ])
    }
}
