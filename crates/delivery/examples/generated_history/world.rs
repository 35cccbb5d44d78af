//! An organization over the days: principals appear, are fixed, regress and vanish; accounts are closed, leave, and are out of
//! sight for a while or for good; lists are cut, and rules are left out.

use std::error::Error;

use delivery::dataset::{Judged, Staged, Staging};
use model::{
    Account, AccountId, AccountKind, AccountState, ConsolePassword, Fact, Gap, GapReason, IamUser,
    Listing, MfaDevice, MfaStatus, Observation, Organization, Partition, Presence, Record, Scope,
    Source, Timestamp,
    snapshot::{AccountList, Header, IdentityCenter, Mode, Parameters, ScopeFilter},
};
use reporting::Owners;
use rules::{CATALOG, Criteria, Rule, RunContext};

const DAY: i64 = 86_400;
/// 2025-01-01T06:00:00Z.
const BEGIN: i64 = 1_735_711_200;
const RULES: [&str; 3] = ["root-user-mfa", "iam-user-console-mfa", "iam-user-mfa"];

/// A sequence that a seed decides: xorshift64*.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn new(seed: u64) -> Self {
        // Nothing would come of nothing.
        Self(seed.wrapping_mul(2).wrapping_add(1))
    }

    const fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % bound
    }

    pub(crate) const fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Standing {
    Active,
    Closed,
    Left,
}

struct Member {
    id: AccountId,
    standing: Standing,
    never_seen: bool,
    unseen_until: i64,
    root_mfa: bool,
    users: Vec<User>,
    made: u64,
}

struct User {
    name: String,
    password: bool,
    mfa: bool,
    mfa_hidden: bool,
}

/// An organization.
pub(crate) struct World {
    members: Vec<Member>,
    users: u64,
}

impl World {
    /// Returns an organization of so many accounts with so many users each.
    pub(crate) fn new(accounts: u64, users: u64, random: &mut Random) -> Self {
        let members = (0..accounts).map(|it| Member::new(it, users, random));
        Self {
            members: members.collect(),
            users,
        }
    }

    /// Lets a day pass.
    pub(crate) fn pass_a_day(&mut self, day: i64, random: &mut Random) {
        if day > 0 && random.one_in(60) {
            let next = self.members.len() as u64;
            let member = Member::new(next, self.users, random);
            self.members.push(member);
        }
        for member in &mut self.members {
            member.pass_a_day(day, random);
        }
    }

    /// Looks at everything, and judges it.
    pub(crate) fn run(&self, day: i64, random: &mut Random) -> Result<Staged, Box<dyn Error>> {
        let now = Timestamp::from_epoch_seconds(BEGIN + day * DAY).ok_or("no such day")?;
        let left_out = random.one_in(30);
        // Some days nobody asks who can sign in without MFA.
        let asked = if day % 90 == 50 {
            &RULES[2..]
        } else {
            &RULES[..]
        };
        let rules =
            |it: &&&'static Rule| asked.contains(&it.id) && !(left_out && it.id == "iam-user-mfa");
        let rules: Vec<_> = CATALOG.iter().filter(rules).copied().collect();
        let criteria = Criteria::of(&rules);
        let account_list = if random.one_in(25) {
            AccountList::Cut("throttled".to_owned())
        } else {
            AccountList::Whole
        };
        let header = header(now, account_list.clone(), &rules);
        let digest = format!("{day:064x}");
        let mut staging = Staging::new(&Judged {
            header: &header,
            snapshot_sha256: digest.get(52..).unwrap_or_default(),
            criteria_sha256: "made up",
            rules: &rules,
            tool_version: env!("CARGO_PKG_VERSION"),
        })?;
        let context = RunContext::of(&header);
        let mut owners = Owners::default();
        for member in &self.members {
            let cut = !account_list.is_whole() && random.one_in(4);
            if member.standing == Standing::Left || cut {
                continue;
            }
            if member.id.number() % 2 == 0 {
                owners.of_account(member.id.clone(), "platform");
            }
            let record = member.record(day, now, random);
            let findings = rules::evaluate_record(&record, &criteria, &context);
            staging.add(&record, &findings, &owners)?;
        }
        Ok(staging.finish()?)
    }
}

impl Member {
    fn new(number: u64, users: u64, random: &mut Random) -> Self {
        let mut member = Self {
            id: AccountId::from_number(100_000_000_000 + number),
            standing: Standing::Active,
            never_seen: number % 16 == 7,
            unseen_until: -1,
            root_mfa: !random.one_in(5),
            users: Vec::new(),
            made: 0,
        };
        for _ in 0..users {
            member.hire(random);
        }
        member
    }

    fn hire(&mut self, random: &mut Random) {
        self.made += 1;
        self.users.push(User {
            // In the order that a record has them.
            name: format!("user-{:06}", self.made),
            password: !random.one_in(4),
            mfa: !random.one_in(5),
            mfa_hidden: false,
        });
    }

    fn pass_a_day(&mut self, day: i64, random: &mut Random) {
        if random.one_in(900) {
            self.standing = if random.one_in(2) {
                Standing::Closed
            } else {
                Standing::Left
            };
        } else if self.standing != Standing::Active && random.one_in(60) {
            self.standing = Standing::Active;
        }
        if self.unseen_until < day && random.one_in(50) {
            self.unseen_until = day + 1 + random.below(20).cast_signed();
        }
        if random.one_in(80) {
            self.root_mfa = !self.root_mfa;
        }
        if random.one_in(20) {
            self.hire(random);
        }
        if !self.users.is_empty() && random.one_in(20) {
            let at = random.below(self.users.len() as u64);
            self.users.remove(usize::try_from(at).unwrap_or_default());
        }
        for user in &mut self.users {
            let chance = if user.mfa { 200 } else { 30 };
            if random.one_in(chance) {
                user.mfa = !user.mfa;
            }
            if random.one_in(300) {
                user.password = !user.password;
            }
            user.mfa_hidden = random.one_in(100);
        }
    }

    fn record(&self, day: i64, now: Timestamp, random: &mut Random) -> Record {
        let closed = self.standing == Standing::Closed;
        let account = Account {
            id: self.id.clone(),
            name: format!("account {}", self.id.number() % 1000),
            partition: Partition::commercial(),
            kind: AccountKind::Member,
            state: if closed {
                AccountState::Closed
            } else {
                AccountState::Active
            },
            scope: if closed {
                Scope::NotActive
            } else {
                Scope::Audited
            },
            ou_path: "Workloads".to_owned(),
        };
        let unseen = self.never_seen || day <= self.unseen_until;
        let reason = if unseen {
            GapReason::EntryDenied
        } else {
            GapReason::NotRequested
        };
        let mut record = Record::unseen(account, |dataset| Gap::new(dataset, reason));
        if unseen || closed {
            return record;
        }
        let seen = |source| Observation {
            source,
            at: Some(now),
        };
        let summary = record.observed(seen(Source::GetAccountSummary));
        let report = record.observed(seen(Source::GetCredentialReport));
        let hidden = record.missing(Gap::new(model::Dataset::MfaStatus, GapReason::Throttled));
        let root = &mut record.root_user;
        root.password = Fact::Known(ConsolePassword::Set, report);
        root.access_key = Fact::Known(Presence::Absent, summary);
        root.signing_certificate = Fact::Known(Presence::Absent, summary);
        root.mfa = Fact::Known(mfa(self.root_mfa), summary);
        let users = self.users.iter().map(|it| {
            let arn = format!("arn:aws:iam::{}:user/{}", self.id, it.name);
            // Made of digits, a dash and letters.
            let arn = arn.parse().unwrap_or_else(|_| record.root_user_arn());
            let mut user = IamUser::unseen(&it.name, arn, hidden);
            let password = if it.password {
                ConsolePassword::Set
            } else {
                ConsolePassword::NotSet
            };
            user.password = Fact::Known(password, report);
            user.access_keys = Fact::Known(Vec::new(), report);
            if !it.mfa_hidden {
                user.mfa = Fact::Known(mfa(it.mfa), report);
                let serial = format!("arn:aws:iam::{}:mfa/{}", self.id, it.name);
                let devices = it.mfa.then(|| MfaDevice::new(&serial, Some(now)));
                user.mfa_devices = Listing::whole(devices.into_iter().collect(), report);
            }
            user
        });
        let users = users.collect();
        record.iam_users = Listing::whole(users, report);
        if random.one_in(40) {
            let cut = record.missing(Gap::new(model::Dataset::IamUsers, GapReason::Throttled));
            record.iam_users.gap = Some(cut);
            record.iam_users.items.pop();
        }
        record
    }
}

const fn mfa(enabled: bool) -> MfaStatus {
    if enabled {
        MfaStatus::Enabled
    } else {
        MfaStatus::NotEnabled
    }
}

fn header(now: Timestamp, account_list: AccountList, rules: &[&'static Rule]) -> Header {
    Header {
        format: model::snapshot::FORMAT_VERSION,
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        mode: Mode::ReportFirst,
        collected_at: Some(now),
        caller: None,
        organization: Some(Organization {
            id: "o-madeup0001".to_owned(),
            management_account: AccountId::from_number(100_000_000_000),
        }),
        scope: ScopeFilter::default(),
        parameters: Parameters {
            datasets: rules::datasets(rules),
            ..Parameters::default()
        },
        endpoint: None,
        identity_center: IdentityCenter::NotInUse,
        service_control_policies: Vec::new(),
        account_list,
        shard: None,
        notes: Vec::new(),
    }
}
