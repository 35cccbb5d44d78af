//! From a record and its findings to rows.

use std::{borrow::Cow, collections::HashMap};

use model::{
    AccessKeyStatus, AccountKind, AdministratorAccess, Arn, Cell, ConsolePassword, Dataset, Fact,
    IamUser, LastUse, Listing, MfaDevice, MfaDeviceKind, MfaStatus, Presence, Record, Scope, cell,
    each_gap, snapshot::IdentityCenter,
};
use reporting::{Owners, SIGN_IN_RULES, columnar::Value};
use rules::{Finding, Status, SubjectKind};

/// Where rows go: each has a value for every column but the first, which is the publication's.
pub(super) type Row<'a, 'b> = &'a mut dyn FnMut(&[Value<'b>]);

pub(super) fn finding<'a>(
    record: &'a Record,
    finding: &'a Finding,
    owners: &'a Owners,
) -> [Value<'a>; 12] {
    let gap = finding.gap.and_then(|it| record.gap(it));
    [
        Value::Text(Cow::Owned(finding.id().to_string())),
        Value::text(finding.rule.id),
        Value::text(finding.rule.severity.name()),
        Value::text(finding.status.name()),
        Value::text(record.account.id.as_str()),
        Value::text(finding.subject.kind.name()),
        Value::text(finding.subject.arn.as_str()),
        Value::text(&finding.reason),
        finding.evidence_time.map_or(Value::Nothing, Value::Time),
        Value::text_if(gap.map(|it| it.reason.name())),
        Value::Flag(finding.waiver.is_some()),
        Value::text_if(owners.of(record, &finding.subject)),
    ]
}

/// Whether principals sign in without MFA, as the rules that tell found.
pub(super) struct SignIns<'a>(HashMap<(SubjectKind, &'a Arn), Status>);

impl<'a> SignIns<'a> {
    pub(super) fn of(findings: &'a [Finding]) -> Self {
        let told = findings.iter();
        let told = told.filter(|it| SIGN_IN_RULES.contains(&it.rule.id));
        Self(
            told.map(|it| ((it.subject.kind, &it.subject.arn), it.status))
                .collect(),
        )
    }

    /// Returns whether one does; `None` where no verdict tells.
    pub(super) fn tell(&self, kind: SubjectKind, arn: &Arn) -> Option<bool> {
        match self.0.get(&(kind, arn))? {
            Status::Fail => Some(true),
            Status::Pass | Status::NotApplicable => Some(false),
            Status::Indeterminate => None,
        }
    }
}

/// Makes the rows of the root user and the IAM users, and tells of each whether it signs in without MFA.
pub(super) fn principals(
    record: &Record,
    sign_ins: &SignIns<'_>,
    each: &mut dyn FnMut(&[Value<'_>], Option<bool>),
) {
    let root = &record.root_user;
    let arn = record.root_user_arn();
    let without = sign_ins.tell(SubjectKind::RootUser, &arn);
    let row = [
        Value::text(record.account.id.as_str()),
        Value::text(arn.as_str()),
        Value::text(SubjectKind::RootUser.name()),
        Value::text("root"),
        Value::Nothing,
        flag(&root.password, |it| *it == ConsolePassword::Set),
        gap(record, &root.password),
        flag(&root.mfa, |it| *it == MfaStatus::Enabled),
        gap(record, &root.mfa),
        without.map_or(Value::Nothing, Value::Flag),
        flag(&root.access_key, |it| *it == Presence::Present),
        how_many(&root.mfa_devices),
        last_use(&root.password_last_used),
        Value::Nothing,
    ];
    each(&row, without);
    for user in &record.iam_users.items {
        let without = sign_ins.tell(SubjectKind::IamUser, &user.arn);
        each(&of_user(record, user, without), without);
    }
}

fn of_user<'a>(record: &'a Record, user: &'a IamUser, without: Option<bool>) -> [Value<'a>; 14] {
    [
        Value::text(record.account.id.as_str()),
        Value::text(user.arn.as_str()),
        Value::text(SubjectKind::IamUser.name()),
        Value::text(&user.name),
        user.created_at
            .known()
            .map_or(Value::Nothing, |it| Value::Time(*it)),
        flag(&user.password, |it| *it == ConsolePassword::Set),
        gap(record, &user.password),
        flag(&user.mfa, |it| *it == MfaStatus::Enabled),
        gap(record, &user.mfa),
        without.map_or(Value::Nothing, Value::Flag),
        flag(&user.access_keys, |keys| {
            keys.iter().any(|it| it.status == AccessKeyStatus::Active)
        }),
        how_many(&user.mfa_devices),
        last_use(&user.password_last_used),
        flag(&user.administrator_access, |it| match it {
            AdministratorAccess::Administrator(_) => true,
            AdministratorAccess::NotAdministrator => false,
        }),
    ]
}

fn flag<T>(fact: &Fact<T>, is: impl Fn(&T) -> bool) -> Value<'static> {
    fact.known()
        .map_or(Value::Nothing, |it| Value::Flag(is(it)))
}

fn gap<'a, T>(record: &'a Record, fact: &Fact<T>) -> Value<'a> {
    let gap = fact.get().err().and_then(|it| record.gap(it));
    Value::text_if(gap.map(|it| it.reason.name()))
}

fn how_many(devices: &Listing<MfaDevice>) -> Value<'static> {
    match devices.gap {
        None => i64::try_from(devices.items.len()).map_or(Value::Nothing, Value::Number),
        Some(_) => Value::Nothing,
    }
}

fn last_use(fact: &Fact<LastUse>) -> Value<'static> {
    match fact.known() {
        Some(LastUse::At(time)) => Value::Time(*time),
        Some(LastUse::NeverRecorded) | None => Value::Nothing,
    }
}

/// Makes the rows of the devices that were seen.
pub(super) fn devices(record: &Record, each: Row<'_, '_>) {
    let arn = record.root_user_arn();
    for device in &record.root_user.mfa_devices.items {
        each(&of_device(record, &arn, SubjectKind::RootUser, device));
    }
    for user in &record.iam_users.items {
        for device in &user.mfa_devices.items {
            each(&of_device(record, &user.arn, SubjectKind::IamUser, device));
        }
    }
}

fn of_device(
    record: &Record,
    owner: &Arn,
    kind: SubjectKind,
    device: &MfaDevice,
) -> [Value<'static>; 6] {
    let text = |it: &str| Value::Text(Cow::Owned(it.to_owned()));
    [
        text(record.account.id.as_str()),
        text(owner.as_str()),
        Value::text(kind.name()),
        text(&device.serial_number),
        Value::text(match device.kind {
            MfaDeviceKind::Fido => "fido",
            MfaDeviceKind::HardwareTotp => "hardware-totp",
            MfaDeviceKind::Sms => "sms",
            MfaDeviceKind::VirtualTotp => "virtual-totp",
            MfaDeviceKind::Unrecognized => "unrecognized",
        }),
        device.enabled_at.map_or(Value::Nothing, Value::Time),
    ]
}

/// Makes the rows of what was seen of the account, and tells whether anything was.
pub(super) fn coverage(
    record: &Record,
    datasets: &[Dataset],
    identity_center: IdentityCenter,
    each: &mut dyn FnMut(&[Value<'_>]),
) -> Sight {
    if record.account.scope == Scope::NotActive {
        each(&of_cell(record, None, None, None));
        return Sight::NotAudited;
    }
    let mut sight = Sight::Nothing;
    for dataset in datasets {
        let unseen =
            *dataset == Dataset::IdentityCenter && identity_center == IdentityCenter::NotSeen;
        let seen = if unseen {
            Cell::NotSeen
        } else {
            cell(record, *dataset)
        };
        // What a run tells of itself is nothing that was seen of an account.
        let of_account = *dataset != Dataset::IdentityCenter;
        if of_account && matches!(seen, Cell::Seen | Cell::Partly) {
            sight = Sight::Something;
        }
        let mut first = None;
        each_gap(record, *dataset, |it| {
            first = first.or_else(|| record.gap(it).map(|it| it.reason.name()));
        });
        each(&of_cell(
            record,
            Some(dataset.name()),
            Some(seen.name()),
            first,
        ));
    }
    sight
}

/// What was seen of an account.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Sight {
    NotAudited,
    Nothing,
    Something,
}

fn of_cell<'a>(
    record: &'a Record,
    dataset: Option<&'a str>,
    seen: Option<&'a str>,
    gap: Option<&'a str>,
) -> [Value<'a>; 8] {
    let account = &record.account;
    [
        Value::text(account.id.as_str()),
        Value::text(&account.name),
        Value::text(match account.kind {
            AccountKind::Management => "management",
            AccountKind::Member => "member",
            AccountKind::Standalone => "standalone",
            AccountKind::Unstated => "unstated",
        }),
        Value::Text(Cow::Owned(account.state.to_string())),
        Value::text(&account.ou_path),
        Value::text_if(dataset),
        Value::text_if(seen),
        Value::text_if(gap),
    ]
}
