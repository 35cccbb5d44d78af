//! Organizations that tests report on.

mod build;
mod excused;
mod over_time;

use std::collections::BTreeMap;

use std::sync::Arc;

use model::{
    AccountKind, AccountState, Dataset, DenyingPolicy, Fact, Gap, GapReason, Organization,
    PolicyKind, Record, Scope,
    snapshot::{Header, Mode},
};
use rules::{
    Baseline, CATALOG, CoverageWaiver, Criteria, Finding, FrameworkVersion, NewRules, Rule,
    RunContext, RunHead, Standing, Subject, SubjectKind, WaiverScope, Waivers, evaluate_record,
    find_framework,
};

use self::build::{failure_waiver, header, no_root, root, seen, user, waiver};
pub(crate) use self::{build::account, excused::excused, over_time::over_time};

/// What a run observed, and the rules it is judged by.
pub(crate) struct Sample {
    pub(crate) header: Header,
    pub(crate) records: Vec<Record>,
    pub(crate) rules: Vec<&'static Rule>,
    pub(crate) waivers: Vec<CoverageWaiver>,
    pub(crate) frameworks: Vec<&'static FrameworkVersion>,
    pub(crate) finding_waivers: Waivers,
    pub(crate) grace_days: BTreeMap<&'static str, u32>,
    pub(crate) baseline: Option<Arc<Baseline>>,
    pub(crate) trend: Option<crate::Trend>,
}

impl Sample {
    fn of_organization(records: Vec<Record>) -> Self {
        let organization = Organization {
            id: "o-ab12cd34".into(),
            management_account: "100000000001".parse().unwrap(),
        };
        Self {
            header: Header {
                organization: Some(organization),
                ..header()
            },
            records,
            rules: rules(),
            waivers: Vec::new(),
            frameworks: Vec::new(),
            finding_waivers: Waivers::default(),
            grace_days: BTreeMap::new(),
            baseline: None,
            trend: None,
        }
    }

    pub(crate) fn criteria(&self) -> Criteria {
        Criteria {
            frameworks: self.frameworks.clone(),
            waivers: self.finding_waivers.clone(),
            grace_days: self.grace_days.clone(),
            baseline: self.baseline.clone(),
            ..Criteria::of(&self.rules)
        }
    }

    pub(crate) fn judged(&self) -> Vec<(&Record, Vec<Finding>)> {
        let criteria = self.criteria();
        let judge = |record| {
            let findings = evaluate_record(record, &criteria, &RunContext::of(&self.header));
            (record, findings)
        };
        self.records.iter().map(judge).collect()
    }
}

/// A few rules; what else is of the default ones has nothing to do with how findings are written.
pub(crate) fn rules() -> Vec<&'static Rule> {
    let few = [
        "root-user-mfa",
        "root-user-access-key",
        "iam-user-console-mfa",
    ];
    let rules = CATALOG.iter().copied();
    rules.filter(|it| few.contains(&it.id)).collect()
}

/// An organization with every kind of trouble.
pub(crate) fn mixed() -> Sample {
    let users = [
        user("ana").password_used("2026-11-20T09:00:00Z"),
        user("ben").password_used("2025-01-20T09:00:00Z"),
        user("cho").never_used("2026-11-01T00:00:00Z"),
        user("dev").never_used("2024-11-01T00:00:00Z"),
        user("eve").mfa(),
        user("ci-deploy").no_password().active_key(),
        user("release-automation-for-the-nightly-build-of-every-country").use_unknown(),
    ];
    let scp = |dataset, operation: &str| {
        Gap {
        operation: operation.into(),
        policy: Some(DenyingPolicy {
            kind: PolicyKind::ServiceControl,
            arn: Some("arn:aws:organizations::100000000001:policy/o-ab12cd34/service_control_policy/p-2kgnabcd".into()),
        }),
        ..Gap::new(dataset, GapReason::AccessDenied)
    }
    };
    let quarantined = |id: &str| {
        Record::unseen(
            account(id, &format!("held-{id}"), "Quarantine"),
            |dataset| {
                let operation = if dataset == Dataset::IamUsers {
                    "ListUsers"
                } else {
                    "GetAccountSummary"
                };
                scp(dataset, operation)
            },
        )
    };
    let mut closed = account("100000000020", "old-shop", "Workloads/Prod");
    closed.state = AccountState::Suspended;
    closed.scope = Scope::NotActive;
    let mut management = Record::unseen(account("100000000001", "management", ""), |dataset| {
        Gap::new(dataset, GapReason::EntryDenied)
    });
    management.account.kind = AccountKind::Management;
    let mut throttled = seen(
        account("100000000007", "poc-7", "Sandbox"),
        root().no_mfa(),
        [user("fay").mfa()],
    );
    let gap = throttled.missing(Gap::new(Dataset::MfaStatus, GapReason::Throttled));
    throttled.iam_users.items[0].mfa = Fact::Unknown(gap);
    throttled.identity_providers = Fact::Unknown(gap);
    let mut retail = seen(
        account("100000000002", "retail-legacy", "Workloads/Prod"),
        root().no_mfa(),
        users,
    );
    retail
        .notes
        .push("1 user was created after the credential report was made".into());
    Sample::of_organization(vec![
        management,
        retail,
        seen(
            account("100000000003", "payments", "Workloads/Prod"),
            root().with_key(),
            [user("gil").mfa(), user("hal")],
        ),
        seen(
            account("100000000004", "data", "Workloads/Dev"),
            no_root(),
            [],
        ),
        quarantined("100000000005"),
        quarantined("100000000006"),
        throttled,
        Record::unseen(closed, |it| Gap::new(it, GapReason::NotRequested)),
    ])
}

/// The organization with every kind of trouble, compared with a run that did not evaluate one of its rules.
pub(crate) fn compared() -> Sample {
    let mut sample = mixed();
    let mut earlier = sample.header.clone();
    earlier.collected_at = Some(build::time("2026-11-20T06:00:00Z"));
    let rules: Vec<_> = self::rules()
        .into_iter()
        .filter(|it| it.id != "root-user-access-key")
        .collect();
    let mut baseline = Baseline::default();
    baseline.head = RunHead::of(&earlier, &rules);
    // What a sample's snapshot was asked for, its header does not say.
    baseline.head.rules = rules.iter().map(|it| it.id.into()).collect();
    let first = Some(build::time("2026-08-01T06:00:00Z"));
    let user = |account: &str, name: &str| Subject {
        kind: SubjectKind::IamUser,
        arn: format!("arn:aws:iam::{account}:user/{name}")
            .parse()
            .unwrap(),
    };
    for (subject, standing, first_seen) in [
        (user("100000000002", "ana"), Standing::Held, first),
        (user("100000000002", "ben"), Standing::Excused, None),
        (user("100000000002", "eve"), Standing::Held, None),
        (user("100000000003", "gone"), Standing::Held, first),
        (user("100000000005", "held"), Standing::Held, first),
        (user("100000000007", "fay"), Standing::Held, None),
        (user("100000000099", "left"), Standing::Held, None),
    ] {
        baseline.add(
            "iam-user-console-mfa",
            &subject,
            standing,
            first_seen,
            None,
            None,
        );
    }
    baseline.settle();
    sample.baseline = Some(Arc::new(baseline));
    sample
}

/// An organization in which everything was seen and nothing fails.
pub(crate) fn clean() -> Sample {
    Sample::of_organization(vec![
        seen(
            account("100000000002", "shop", "Workloads"),
            root(),
            [user("ana").mfa()],
        ),
        seen(account("100000000003", "data", "Workloads"), no_root(), []),
    ])
}

/// An organization in which nothing that was seen fails.
pub(crate) fn clean_with_gaps() -> Sample {
    let mut sample = clean();
    sample.records.push(Record::unseen(
        account("100000000004", "lab", "Sandbox"),
        |it| Gap::new(it, GapReason::EntryDenied),
    ));
    sample
}

/// An organization in which nothing that was seen fails, and whose gaps somebody answers for; with a waiver of every
/// state.
pub(crate) fn waived() -> Sample {
    let mut sample = clean();
    for (id, name, ou) in [
        ("100000000004", "lab", "Sandbox"),
        ("100000000005", "lab-2", "Sandbox/Old"),
    ] {
        let unseen = Record::unseen(account(id, name, ou), |it| {
            Gap::new(it, GapReason::EntryDenied)
        });
        sample.records.push(unseen);
    }
    let account = |id: &str| WaiverScope::Account(id.parse().unwrap());
    let ou = |path: &str| WaiverScope::Ou(path.to_owned());
    sample.waivers = vec![
        waiver(
            ou("Sandbox"),
            "2026-12-31",
            "cloud-team",
            "being closed, ticket CLD-114",
        ),
        waiver(
            account("100000000004"),
            "2026-10-31",
            "ana",
            "waits for the vendor",
        ),
        waiver(ou("Sandboxes"), "2027-01-31", "ben", "no role yet"),
        waiver(ou("Workloads"), "2027-03-31", "cho", "migration"),
    ];
    sample
}

/// An organization of which nothing was seen.
pub(crate) fn unseen() -> Sample {
    let record = |id: &str| {
        Record::unseen(account(id, "", "Workloads"), |it| {
            Gap::new(it, GapReason::EntryDenied)
        })
    };
    Sample::of_organization(
        (2..7)
            .map(|it| record(&format!("10000000000{it}")))
            .collect(),
    )
}

/// An organization too large to list its failures.
pub(crate) fn large() -> Sample {
    let record = |index: u32| {
        let name = format!("team-{index:03}");
        let account = account(
            &format!("1{index:011}"),
            &name,
            &format!("Workloads/Unit {:02}", index % 16),
        );
        if index % 50 == 9 {
            return Record::unseen(account, |it| Gap::new(it, GapReason::Unreachable));
        }
        if index % 40 == 11 {
            return Record::unseen(account, |it| Gap::new(it, GapReason::EntryDenied));
        }
        let root = if index % 97 == 3 {
            root().no_mfa()
        } else {
            no_root()
        };
        let ana = if index % 7 == 1 {
            user("ana")
        } else {
            user("ana").mfa()
        };
        let ben = user("ben").password_used("2025-01-20T09:00:00Z");
        let ben = if index % 31 == 2 { ben } else { ben.mfa() };
        seen(account, root, [ana, ben])
    };
    Sample::of_organization((2..400).map(record).collect())
}

/// An organization with so many findings, or a few more.
pub(crate) fn vast(findings: usize) -> Sample {
    /// One rule judges them; the others judge the root user.
    const USERS: usize = 40;
    let rules = rules().len();
    let record = |index: usize| {
        let id = format!("{:012}", 300_000_000_000 + index);
        let unit = format!("Workloads/Unit {:02}", index % 16);
        let account = account(&id, &format!("team-{index:04}"), &unit);
        let of = |number: usize| {
            let user = user(&format!("user-{index}-{number}"));
            if (index + number).is_multiple_of(9) {
                user
            } else {
                user.mfa()
            }
        };
        seen(account, no_root(), std::array::from_fn::<_, USERS, _>(of))
    };
    let each = USERS + rules - 1;
    Sample::of_organization((0..findings.div_ceil(each)).map(record).collect())
}

/// One account that belongs to no organization.
pub(crate) fn standalone() -> Sample {
    let mut record = seen(account("111122223333", "", ""), root(), [user("ana")]);
    record.account.kind = AccountKind::Standalone;
    Sample {
        header: header(),
        records: vec![record],
        rules: rules(),
        waivers: Vec::new(),
        frameworks: Vec::new(),
        finding_waivers: Waivers::default(),
        grace_days: BTreeMap::new(),
        baseline: None,
        trend: None,
    }
}

/// An organization with every kind of trouble, reported on by a framework's requirements.
pub(crate) fn framework() -> Sample {
    let mut sample = mixed();
    sample.frameworks.extend(find_framework("cis-aws@7.0"));
    sample
}

/// An organization whose only account is closed.
pub(crate) fn nothing_in_scope() -> Sample {
    let mut closed = account("100000000002", "old-shop", "");
    closed.state = AccountState::Closed;
    closed.scope = Scope::NotActive;
    Sample::of_organization(vec![Record::unseen(closed, |it| {
        Gap::new(it, GapReason::NotRequested)
    })])
}

/// One account from files that tell no times.
pub(crate) fn saved_evidence() -> Sample {
    let mut sample = standalone();
    sample.header.mode = Mode::SavedEvidence;
    sample.header.collected_at = None;
    sample.header.caller = None;
    for record in &mut sample.records {
        record.account.kind = AccountKind::Unstated;
        record.observations.iter_mut().for_each(|it| it.at = None);
        record.identity_providers = Fact::Unknown(record.missing(Gap::new(
            Dataset::IdentityProviders,
            GapReason::NotInEvidence,
        )));
    }
    sample
}

/// What no name should hold.
pub(crate) const HOSTILE: [&str; 8] = [
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "a,\"b\";'c'",
    "line\nline\r\n=1+1",
    "\u{1b}[31mred\u{1b}]0;title\u{7}\u{9b}2J",
    "\u{202e}gnp.exe\u{2066}\u{200b}",
    "\t@SUM(A1)",
    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl",
];

/// An organization named by an adversary, judged by more rules.
pub(crate) fn hostile() -> Sample {
    let record = |(index, name): (usize, &&str)| {
        let mut record = seen(
            account(
                &format!("20000000000{index}"),
                name,
                &format!("{name}/{name}"),
            ),
            root().no_mfa(),
            [
                user("=cmd"),
                user("@sum"),
                user("+1").mfa(),
                user("-1").no_password().active_key(),
                user(&"u".repeat(64)),
            ],
        );
        record.notes.push((*name).to_owned());
        let gap = record.missing(Gap {
            detail: (*name).to_owned(),
            operation: "GetLoginProfile".into(),
            ..Gap::new(Dataset::LoginProfiles, GapReason::Failed)
        });
        record.iam_users.items[4].password = Fact::Unknown(gap);
        record
    };
    let records = HOSTILE.iter().enumerate().map(record).collect();
    let mut sample = Sample::of_organization(records);
    sample.header.endpoint = Some("http://\u{1b}[31m".into());
    sample.header.scope.organizational_units = HOSTILE.map(str::to_owned).to_vec();
    sample.header.notes = HOSTILE.map(str::to_owned).to_vec();
    let users = ["iam-user-mfa", "iam-user-access-key-mfa"];
    let of_users = CATALOG.iter().copied();
    sample
        .rules
        .extend(of_users.filter(|it| users.contains(&it.id)));
    let of = |name: &str| {
        waiver(
            WaiverScope::Ou(format!("{name}/{name}")),
            "2026-12-31",
            name,
            name,
        )
    };
    sample.waivers = HOSTILE.map(of).to_vec();
    let of = |name: &str| rules::Waiver {
        ticket: Some(name.to_owned()),
        ..failure_waiver(["*-mfa", name, "*"], "2026-12-05", name, name)
    };
    sample.finding_waivers.list = HOSTILE.map(of).to_vec();
    let mut all = of("=1+1");
    all.principal = rules::Glob::new("=cmd");
    sample.finding_waivers.list.push(all);
    let mut baseline = Baseline::default();
    baseline.new_rules = NewRules::Held;
    for name in HOSTILE {
        let arn = "arn:aws:iam::200000000000:user/=gone".parse().unwrap();
        let kind = SubjectKind::IamUser;
        baseline.add(
            name,
            &Subject { kind, arn },
            Standing::Held,
            None,
            None,
            None,
        );
    }
    baseline.settle();
    sample.baseline = Some(Arc::new(baseline));
    sample
}
