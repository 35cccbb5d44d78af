//! What is true of a world, and what a finding says that is not.

use model::{MfaDevice, Record};
use rules::{Finding, Status};
use simulator::{Account, Partition, Root, User};

use super::{
    KNOWN,
    access::{direct_policy_status, is_administrator, role_status},
    accounts::AGE,
};
use crate::contract_tests::stage::NOW;

/// What is true of a user at one moment.
#[derive(Clone, Copy)]
struct UserTruth {
    password: bool,
    mfa: bool,
    active_keys: usize,
    administrator: Option<bool>,
    direct_policy: Status,
}

impl UserTruth {
    fn now(user: &User) -> Self {
        let keys = user.access_keys.iter();
        let active = keys.filter(|it| it.status == "Active");
        Self {
            password: user.password.is_some(),
            mfa: !user.mfa.is_empty(),
            active_keys: active.count(),
            administrator: is_administrator(&user.name),
            direct_policy: direct_policy_status(&user.name),
        }
    }

    /// Returns what the report that was made earlier says.
    fn then(user: &User) -> Self {
        let now = Self::now(user);
        Self {
            password: user.report.password_enabled.unwrap_or(now.password),
            mfa: user.report.mfa_active.unwrap_or(now.mfa),
            ..now
        }
    }

    fn status(self, rule: &str) -> Status {
        if rule == "iam-user-direct-policy" {
            return self.direct_policy;
        }
        if rule == "iam-user-admin-mfa" {
            let acts = self.password || self.active_keys > 0;
            return match (self.mfa, acts, self.administrator) {
                (true, _, _) => Status::Pass,
                (false, false, _) | (false, true, Some(false)) => Status::NotApplicable,
                (false, true, Some(true)) => Status::Fail,
                (false, true, None) => Status::Indeterminate,
            };
        }
        if rule == "iam-user-single-access-key" {
            return match self.active_keys {
                0 => Status::NotApplicable,
                1 => Status::Pass,
                _ => Status::Fail,
            };
        }
        let applies = match rule {
            "iam-user-console-mfa" => self.password,
            "iam-user-mfa" => true,
            "iam-user-access-key-mfa" => self.active_keys > 0 && !self.password,
            other => panic!("{other} is no rule about users"),
        };
        match (applies, self.mfa) {
            (false, _) => Status::NotApplicable,
            (true, true) => Status::Pass,
            (true, false) => Status::Fail,
        }
    }
}

/// Returns the status of a rule that wants something not to be there.
const fn present(is_there: bool) -> Status {
    if is_there { Status::Fail } else { Status::Pass }
}

fn root_status(root: &Root, rule: &str) -> Status {
    let key = !root.access_keys.is_empty();
    let credentials = root.password.is_some() || key || root.signing_certificates > 0;
    match rule {
        "root-user-access-key" => present(key),
        "root-user-signing-certificate" => present(root.signing_certificates > 0),
        _ if !credentials => Status::NotApplicable,
        _ if root.mfa.is_empty() => Status::Fail,
        _ => Status::Pass,
    }
}

/// Checks one finding, and tells what is wrong with it.
///
/// A failure must be true now. Any other verdict must be true now or, if its evidence is the report's, of the time
/// the report was made, which the finding states.
pub(super) fn lie(finding: &Finding, account: &Account) -> Option<String> {
    if finding.status == Status::Indeterminate {
        return finding
            .gap
            .is_none()
            .then(|| "it is indeterminate and names no gap".to_owned());
    }
    let arn = finding.subject.arn.as_str();
    let rule = finding.rule.id;
    if rule.starts_with("root-user") {
        let truth = root_status(&account.root, rule);
        return (truth != finding.status).then(|| format!("the root user is {truth}"));
    }
    if rule.starts_with("iam-role") {
        let truth = role_status(finding.subject.arn.resource());
        return (truth != finding.status).then(|| format!("the role is {truth}"));
    }
    let user = account.users.iter().find(|it| it.arn(&account.id) == arn);
    let gone = account
        .deleted_users
        .iter()
        .find(|it| it.arn(&account.id) == arn);
    let of_report = finding
        .evidence_time
        .is_some_and(|it| it.epoch_seconds() == NOW - AGE);
    let now = user.map(|it| UserTruth::now(it).status(rule));
    let then = user
        .filter(|it| it.in_report)
        .or(gone)
        .map(|it| UserTruth::then(it).status(rule));
    let true_now = now == Some(finding.status);
    let true_then = of_report && then == Some(finding.status) && finding.status != Status::Fail;
    // Of a user that is gone AWS says it has no password, as it does of one that has none.
    let gone_since = user.is_none() && gone.is_some() && finding.status == Status::NotApplicable;
    (!true_now && !true_then && !gone_since).then(|| {
        let when = finding.evidence_time;
        format!(
            "now {now:?}, then {then:?}, by {:?} of {when:?}",
            finding.sources
        )
    })
}

/// Returns the subjects without a finding, of which the account has none in their place either.
pub(super) fn forgotten(record: &Record, found: &[Finding], account: &Account) -> Vec<String> {
    let mut missing = Vec::new();
    for rule in KNOWN.iter() {
        let subjects: Vec<&str> = found
            .iter()
            .filter(|it| it.rule.id == rule.id)
            .map(|it| it.subject.arn.as_str())
            .collect();
        let root = record.root_user_arn();
        // As subject of a rule about users the root's ARN stands for the account.
        let has = |arn: &str| subjects.contains(&arn) || subjects.contains(&root.as_str());
        let arns: Vec<_> = if rule.id.starts_with("iam-role") {
            let names = account.roles.iter().map(|it| &it.name);
            names
                .map(|it| format!("arn:aws:iam::{}:role/{it}", account.id))
                .collect()
        } else {
            account.users.iter().map(|it| it.arn(&account.id)).collect()
        };
        missing.extend(
            arns.iter()
                .filter(|it| !has(it))
                .map(|it| format!("{}: {it}", rule.id)),
        );
        if rule.id.starts_with("root-user") && subjects != [root.as_str()] {
            missing.push(format!("{}: the root user", rule.id));
        }
    }
    missing
}

/// Returns the principals of which a list of devices claims to be whole and is not theirs.
pub(super) fn wrong_devices(record: &Record, account: &Account) -> Vec<String> {
    let id = account.id.as_str();
    let serials =
        |devices: &[MfaDevice]| sorted(devices.iter().map(|it| it.serial_number.to_string()));
    let mut wrong = Vec::new();
    let listing = &record.root_user.mfa_devices;
    let of_root = account.root.mfa.iter();
    let truth = sorted(of_root.map(|it| it.root_serial(Partition::Aws, id)));
    if listing.gap.is_none() && serials(&listing.items) != truth {
        wrong.push(format!("the root user: {:?}", listing.items));
    }
    for user in &account.users {
        let arn = user.arn(id);
        let listed = record
            .iam_users
            .items
            .iter()
            .find(|it| it.arn.as_str() == arn);
        let Some(listing) = listed.map(|it| &it.mfa_devices) else {
            continue;
        };
        let truth = sorted(
            user.mfa
                .iter()
                .map(|it| it.user_serial(Partition::Aws, id, &user.name)),
        );
        // The report's word that there is none was true when it was made.
        let of_report = listing
            .observation
            .and_then(|it| record.observation(it))
            .is_some_and(|it| !it.source.is_live());
        if listing.gap.is_none() && !of_report && serials(&listing.items) != truth {
            wrong.push(format!("{arn}: {:?}", listing.items));
        }
    }
    wrong
}

/// Returns serial numbers in order. Two devices of a random world may have the same one.
fn sorted(serials: impl Iterator<Item = String>) -> Vec<String> {
    let mut serials: Vec<_> = serials.collect();
    serials.sort();
    serials.dedup();
    serials
}
