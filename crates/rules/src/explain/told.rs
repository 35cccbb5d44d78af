//! Values of facts, in words.

use model::{
    AccessKey, AccessKeyStatus, AdministratorAccess, ConsolePassword, FeatureState,
    FidoCertifications, LastUse, MfaDevice, MfaStatus, OrganizationFeatures, PasswordPolicy,
    Presence, ServiceSpecificCredential,
};

pub(super) fn password(it: ConsolePassword) -> String {
    match it {
        ConsolePassword::Set => "set",
        ConsolePassword::NotSet => "not set",
    }
    .to_owned()
}

pub(super) fn presence(it: Presence) -> String {
    match it {
        Presence::Present => "present",
        Presence::Absent => "absent",
    }
    .to_owned()
}

pub(super) fn mfa(it: MfaStatus) -> String {
    match it {
        MfaStatus::Enabled => "at least one device enabled",
        MfaStatus::NotEnabled => "no device enabled",
    }
    .to_owned()
}

pub(super) fn last_use(it: LastUse) -> String {
    match it {
        LastUse::At(time) => time.to_string(),
        LastUse::NeverRecorded => "never recorded".to_owned(),
    }
}

pub(super) fn device(it: &MfaDevice) -> String {
    format!("{} ({})", it.kind, it.serial_number)
}

const fn status(it: AccessKeyStatus) -> &'static str {
    match it {
        AccessKeyStatus::Active => "active",
        AccessKeyStatus::Inactive => "inactive",
    }
}

pub(super) fn keys(keys: &[AccessKey]) -> String {
    let key = |(index, it): (usize, &AccessKey)| {
        let number = || (index + 1).to_string();
        let name = it.id.as_deref().map_or_else(number, str::to_owned);
        format!("{name} {}", status(it.status))
    };
    list(keys.iter().enumerate().map(key))
}

pub(super) fn service_credentials(credentials: &[ServiceSpecificCredential]) -> String {
    let one = |it: &ServiceSpecificCredential| {
        format!("{} for {} {}", it.id, it.service, status(it.status))
    };
    list(credentials.iter().map(one))
}

pub(super) fn names(names: &[Box<str>]) -> String {
    list(names.iter().map(ToString::to_string))
}

pub(super) fn certifications(devices: &[FidoCertifications]) -> String {
    let one = |it: &FidoCertifications| {
        let levels = it.certifications.iter();
        let levels = list(levels.map(|(scheme, level)| format!("{scheme} {level}")));
        format!("{}: {levels}", it.serial_number)
    };
    list(devices.iter().map(one))
}

pub(super) fn administrator(it: &AdministratorAccess) -> String {
    match it {
        AdministratorAccess::Administrator(how) => format!("administrator by {how}"),
        AdministratorAccess::NotAdministrator => "not an administrator".to_owned(),
    }
}

pub(super) fn password_policy(it: PasswordPolicy) -> String {
    match it {
        PasswordPolicy::Default => "none set: AWS's default".to_owned(),
        PasswordPolicy::Custom {
            minimum_length,
            reuse_prevention,
            max_age_days,
        } => {
            let or = |it: Option<u32>, none: &str| {
                it.map_or_else(|| none.to_owned(), |it| it.to_string())
            };
            format!(
                "at least {minimum_length} characters, former passwords refused: {}, days until a change: {}",
                or(reuse_prevention, "none"),
                or(max_age_days, "any number"),
            )
        }
    }
}

pub(super) fn features(it: OrganizationFeatures) -> String {
    let state = |it: FeatureState| match it {
        FeatureState::Enabled => "enabled",
        FeatureState::NotEnabled => "not enabled",
    };
    format!(
        "RootCredentialsManagement {}, RootSessions {}",
        state(it.root_credentials_management),
        state(it.root_sessions)
    )
}

fn list(items: impl Iterator<Item = String>) -> String {
    let items: Vec<_> = items.collect();
    if items.is_empty() {
        "none".to_owned()
    } else {
        items.join(", ")
    }
}
