//! Accounts, root users and IAM users, in the words of the samples.

use model::{
    AccessKey, AccessKeyStatus, Account, AccountKind, AccountState, ConsolePassword, Dataset, Fact,
    Gap, GapReason, IamUser, LastUse, Listing, MfaStatus, Observation, Partition, Presence, Record,
    RootUser, Scope, Source, Timestamp,
    snapshot::{AccountList, Header, Mode, Parameters, ScopeFilter},
};
use rules::{CoverageWaiver, Glob, Waiver, WaiverScope};

pub(super) fn header() -> Header {
    Header {
        format: 1,
        tool_version: "1.2.3".into(),
        mode: Mode::ReportFirst,
        collected_at: Some(time("2026-11-24T06:00:00Z")),
        caller: Some(
            "arn:aws:sts::100000000001:assumed-role/auditor/me"
                .parse()
                .unwrap(),
        ),
        organization: None,
        scope: ScopeFilter::default(),
        parameters: Parameters::default(),
        endpoint: None,
        identity_center: model::snapshot::IdentityCenter::NotSeen,
        service_control_policies: Vec::new(),
        account_list: AccountList::Whole,
        shard: None,
        notes: Vec::new(),
    }
}

pub(crate) fn account(id: &str, name: &str, ou_path: &str) -> Account {
    Account {
        id: id.parse().unwrap(),
        name: name.into(),
        partition: Partition::commercial(),
        kind: AccountKind::Member,
        state: AccountState::Active,
        scope: Scope::Audited,
        ou_path: ou_path.into(),
    }
}

pub(super) fn waiver(
    scope: WaiverScope,
    expires: &str,
    owner: &str,
    reason: &str,
) -> CoverageWaiver {
    CoverageWaiver {
        scope,
        reason: reason.into(),
        owner: owner.into(),
        expires: expires.parse().unwrap(),
    }
}

pub(super) fn failure_waiver(
    [rule, principal, account]: [&str; 3],
    expires: &str,
    owner: &str,
    reason: &str,
) -> Waiver {
    Waiver {
        rule: Glob::new(rule),
        principal: Glob::new(principal),
        account: Glob::new(account),
        owner: owner.into(),
        reason: reason.into(),
        created: None,
        expires: expires.parse().unwrap(),
        ticket: None,
    }
}

/// An account of which everything was seen, by a credential report and live.
pub(super) fn seen<const N: usize>(account: Account, root: Root, users: [User; N]) -> Record {
    let mut record = Record::unseen(account, |it| Gap::new(it, GapReason::NotRequested));
    let hidden = record.missing(Gap::new(Dataset::MfaDevices, GapReason::NotRequested));
    let summary = record.observed(Observation {
        source: Source::GetAccountSummary,
        at: Some(time("2026-11-24T06:00:10Z")),
    });
    let report = record.observed(Observation {
        source: Source::GetCredentialReport,
        at: Some(time("2026-11-24T02:19:00Z")),
    });
    let presence = |it| {
        if it {
            Presence::Present
        } else {
            Presence::Absent
        }
    };
    record.root_user = RootUser {
        password: Fact::Known(password(root.password), summary),
        access_key: Fact::Known(presence(root.access_key), summary),
        signing_certificate: Fact::Known(Presence::Absent, summary),
        mfa: Fact::Known(mfa(root.mfa), summary),
        ..RootUser::unseen(hidden)
    };
    record.identity_providers = Fact::Known(u32::from(N > 1), summary);
    let mut users = users;
    users.sort_by(|a, b| a.name.cmp(&b.name));
    let partition = Partition::commercial();
    let unseen = |name: &str| {
        let arn = model::Arn::iam_user(&partition, &record.account.id, name);
        IamUser::unseen(name, arn, hidden)
    };
    let items = users.into_iter().map(|it| IamUser {
        created_at: it
            .created_at
            .map_or(Fact::Unknown(hidden), |it| Fact::Known(it, report)),
        password: Fact::Known(password(it.password), report),
        password_last_used: it
            .last_used
            .map_or(Fact::Unknown(hidden), |it| Fact::Known(it, report)),
        mfa: Fact::Known(mfa(it.mfa), report),
        access_keys: Fact::Known(it.keys, report),
        ..unseen(&it.name)
    });
    record.iam_users = Listing::whole(items.collect(), report);
    record
}

#[derive(Clone, Copy)]
pub(super) struct Root {
    password: bool,
    access_key: bool,
    mfa: bool,
}

/// A root user with a password and MFA.
pub(super) fn root() -> Root {
    Root {
        password: true,
        access_key: false,
        mfa: true,
    }
}

/// A root user without credentials.
pub(super) fn no_root() -> Root {
    Root {
        password: false,
        access_key: false,
        mfa: false,
    }
}

impl Root {
    pub(super) fn no_mfa(self) -> Self {
        Self { mfa: false, ..self }
    }

    pub(super) fn with_key(self) -> Self {
        Self {
            access_key: true,
            ..self
        }
    }
}

pub(super) struct User {
    name: String,
    password: bool,
    mfa: bool,
    created_at: Option<Timestamp>,
    last_used: Option<LastUse>,
    keys: Vec<AccessKey>,
}

/// A console user without MFA.
pub(super) fn user(name: &str) -> User {
    User {
        name: name.into(),
        password: true,
        mfa: false,
        created_at: Some(time("2024-01-01T00:00:00Z")),
        last_used: Some(LastUse::At(time("2026-11-23T00:00:00Z"))),
        keys: Vec::new(),
    }
}

impl User {
    pub(super) fn mfa(self) -> Self {
        Self { mfa: true, ..self }
    }

    pub(super) fn no_password(self) -> Self {
        Self {
            password: false,
            ..self
        }
    }

    pub(super) fn password_used(self, at: &str) -> Self {
        Self {
            last_used: Some(LastUse::At(time(at))),
            ..self
        }
    }

    pub(super) fn never_used(self, created_at: &str) -> Self {
        Self {
            last_used: Some(LastUse::NeverRecorded),
            created_at: Some(time(created_at)),
            ..self
        }
    }

    pub(super) fn use_unknown(self) -> Self {
        Self {
            last_used: None,
            ..self
        }
    }

    pub(super) fn active_key(mut self) -> Self {
        self.keys.push(AccessKey {
            id: None,
            status: AccessKeyStatus::Active,
            created_at: Fact::unasked(Dataset::AccessKeys),
            last_used: Fact::unasked(Dataset::AccessKeyUse),
        });
        self
    }
}

pub(super) fn password(is_set: bool) -> ConsolePassword {
    if is_set {
        ConsolePassword::Set
    } else {
        ConsolePassword::NotSet
    }
}

pub(super) fn mfa(is_enabled: bool) -> MfaStatus {
    if is_enabled {
        MfaStatus::Enabled
    } else {
        MfaStatus::NotEnabled
    }
}

pub(super) fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}
