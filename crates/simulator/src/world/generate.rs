//! Organizations of any size, the same for the same seed.

use super::{
    AccessKey, Account, Device, DeviceKind, Group, Joined, Organization, OrganizationalUnit,
    Password, PasswordPolicy, Report, Role, Root, Timestamp, User, World,
};
use crate::random::{Random, hash};

const DAY: i64 = 86_400;

/// 2026-11-01T00:00:00Z: nothing that is generated happened later.
const LATEST: i64 = 1_793_491_200;

const UNITS: [(&str, &str); 6] = [
    ("Security", ""),
    ("Workloads", ""),
    ("Prod", "Workloads"),
    ("Dev", "Workloads"),
    ("Retail", "Workloads/Prod"),
    ("Sandbox", ""),
];

const TEAMS: [&str; 10] = [
    "billing",
    "catalog",
    "checkout",
    "data",
    "identity",
    "logistics",
    "media",
    "network",
    "payments",
    "search",
];

const GIVEN: [&str; 16] = [
    "amir", "anna", "bruno", "chloe", "david", "elif", "farah", "george", "hana", "ivan", "jane",
    "kofi", "lena", "maria", "noah", "yuki",
];

const FAMILY: [&str; 16] = [
    "adams", "becker", "costa", "dubois", "eriksen", "fischer", "garcia", "haddad", "ito",
    "jansen", "kaya", "larsen", "mensah", "novak", "rossi", "silva",
];

impl World {
    /// Generates an organization of so many accounts with so many users each on average, the same for the same seed.
    pub fn generate(accounts: usize, users: usize, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let mut generator = Generator {
            first: random.next() % 1_000_000_000,
            random,
            spare: 0,
        };
        let accounts: Vec<Account> = (0..accounts)
            .map(|place| generator.account(place, accounts, users))
            .collect();
        let organization = accounts.first().map(|management| Organization {
            management_account: management.id.clone(),
            trusted_services: vec!["iam.amazonaws.com".into()],
            ..Organization::default()
        });
        let unit = |&(name, parent): &(&str, &str)| OrganizationalUnit {
            name: name.into(),
            parent: parent.into(),
        };
        Self {
            organization,
            ous: UNITS.iter().map(unit).collect(),
            accounts,
            ..Self::default()
        }
    }
}

struct Generator {
    first: u64,
    random: Random,
    /// How many users the account before had beyond the average; the next has as many less.
    spare: usize,
}

impl Generator {
    fn account(&mut self, place: usize, accounts: usize, users: usize) -> Account {
        let management = place == 0;
        let users = self.size(place, accounts, users);
        let team = self.pick(&TEAMS);
        let (name, parent) = self.pick(&UNITS);
        let ou = OrganizationalUnit {
            name: name.into(),
            parent: parent.into(),
        }
        .path();
        let closed = !management && self.random.percent(2);
        let reachable = management || !self.random.percent(2);
        let created = LATEST - self.days(100, 2500);
        let mut account = Account {
            id: self.id(place),
            name: format!("{team}-{place}"),
            state: if closed {
                "CLOSED".into()
            } else {
                "ACTIVE".into()
            },
            ou: if management { String::new() } else { ou },
            joined: Joined {
                at: Timestamp::from_second(created),
                ..Joined::default()
            },
            providers: u32::from(self.random.percent(30)),
            root: self.root(management, created),
            roles: if reachable {
                vec![Role {
                    name: "mfaudit-audit".into(),
                    ..Role::default()
                }]
            } else {
                Vec::new()
            },
            users: (0..users).map(|number| self.user(number)).collect(),
            unassigned_devices: if self.random.percent(5) {
                vec!["left-over".into()]
            } else {
                Vec::new()
            },
            report: Report {
                age_seconds: self.random.percent(50).then_some(1800),
                stuck: false,
            },
            ..Account::default()
        };
        grant(&mut account);
        settle(&mut account, team);
        account
    }

    /// Returns an id that no other account has: the step shares no factor with the number of all ids.
    fn id(&self, place: usize) -> String {
        const IDS: u64 = 900_000_000_000;
        const STEP: u64 = 618_033_988_751;
        let place = u64::try_from(place).unwrap_or(0) % 10_000_000;
        (100_000_000_000 + (self.first + place * STEP % IDS) % IDS).to_string()
    }

    /// Returns how many users an account has, such that all accounts together have what was asked for.
    fn size(&mut self, place: usize, accounts: usize, users: usize) -> usize {
        if place % 2 == 1 {
            return users - self.spare;
        }
        self.spare = if place + 1 < accounts {
            self.random.below(users / 2 + 1)
        } else {
            0
        };
        users + self.spare
    }

    fn root(&mut self, management: bool, created: i64) -> Root {
        let created = Timestamp::from_second(created);
        let mut root = Root {
            created,
            ..Root::default()
        };
        if !management && self.random.percent(60) {
            return root;
        }
        root.password = Some(Password {
            last_used: Some(self.past(30, 900)),
            ..Password::default()
        });
        if management || self.random.percent(85) {
            let kind = if self.random.percent(40) {
                DeviceKind::Fido
            } else {
                DeviceKind::Virtual
            };
            root.mfa.push(Device {
                kind,
                enabled: created,
                ..Device::default()
            });
        }
        if !management && self.random.percent(3) {
            root.access_keys.push(AccessKey {
                created,
                ..AccessKey::default()
            });
        }
        root
    }

    fn user(&mut self, number: usize) -> User {
        let created = Timestamp::from_second(LATEST - self.days(1, 2000));
        if self.random.percent(25) {
            let name = format!("svc-{}-{number}", self.pick(&TEAMS));
            return User {
                name,
                path: "/service/".into(),
                created,
                access_keys: self.keys(created),
                ..User::default()
            };
        }
        let name = format!("{}.{}.{number}", self.pick(&GIVEN), self.pick(&FAMILY));
        let mut user = User {
            name,
            created,
            ..User::default()
        };
        if self.random.percent(80) {
            let last_used = self.random.percent(85).then(|| self.past(0, 300));
            user.password = Some(Password {
                last_used,
                ..Password::default()
            });
        }
        if self.random.percent(85) {
            user.mfa.push(self.device(created));
        }
        if user.mfa.len() == 1 && self.random.percent(10) {
            user.mfa.push(Device {
                kind: DeviceKind::Fido,
                name: "spare".into(),
                enabled: created,
                ..Device::default()
            });
        }
        if self.random.percent(30) {
            user.access_keys = self.keys(created);
        }
        user
    }

    fn device(&mut self, enabled: Timestamp) -> Device {
        let kind = match self.random.below(100) {
            0..70 => DeviceKind::Virtual,
            70..95 => DeviceKind::Fido,
            95..99 => DeviceKind::Hardware,
            _ => DeviceKind::Sms,
        };
        Device {
            kind,
            enabled,
            ..Device::default()
        }
    }

    fn keys(&mut self, created: Timestamp) -> Vec<AccessKey> {
        let count = if self.random.percent(15) { 2 } else { 1 };
        let key = |generator: &mut Self| AccessKey {
            status: if generator.random.percent(80) {
                "Active".into()
            } else {
                "Inactive".into()
            },
            created,
            last_used: Some(generator.past(0, 400)),
            ..AccessKey::default()
        };
        (0..count).map(|_| key(self)).collect()
    }

    fn past(&mut self, from: i64, to: i64) -> Timestamp {
        Timestamp::from_second(LATEST - self.days(from, to))
    }

    fn days(&mut self, from: i64, to: i64) -> i64 {
        let span = usize::try_from((to - from) * DAY).unwrap_or(1);
        from * DAY + i64::try_from(self.random.below(span)).unwrap_or(0)
    }

    fn pick<T: Copy + Default>(&mut self, among: &[T]) -> T {
        among
            .get(self.random.below(among.len()))
            .copied()
            .unwrap_or_default()
    }
}

/// Gives most accounts a tag that names their owner, and some a password policy. As with grants, who gets what follows
/// from names.
fn settle(account: &mut Account, team: &str) {
    let share = |what: &str| hash(&[&account.id, what]) % 100;
    if share("owner") < 80 {
        account.tags.insert("owner".into(), format!("team-{team}"));
    }
    account.password_policy = match share("password-policy") {
        0..50 => Some(PasswordPolicy {
            minimum_length: 14,
            reuse_prevention: Some(24),
            max_age: None,
        }),
        50..70 => Some(PasswordPolicy::default()),
        _ => None,
    };
}

/// Gives some users policies and groups, and some accounts a role for their users.
///
/// Who gets what follows from names, not from the generator's numbers: what else is generated stays as it was.
fn grant(account: &mut Account) {
    let Account {
        id, users, roles, ..
    } = account;
    let share = |what: &str, of: &str| hash(&[id, what, of]) % 100;
    for user in &mut *users {
        let service = user.path == "/service/";
        match share("access", &user.name) {
            0..5 if !service => user.groups.push("administrators".into()),
            0..10 if service => {
                let read = r#"{"Statement":{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}}"#;
                user.inline_policies.insert("read".into(), read.into());
            }
            10..13 => {
                let power = "arn:aws:iam::aws:policy/PowerUserAccess";
                user.policies.push(power.into());
            }
            _ => {}
        }
    }
    if share("role", "operations") < 10 && !roles.is_empty() {
        let trust = format!(
            r#"{{"Statement":{{"Effect":"Allow","Principal":{{"AWS":"{id}"}},"Action":"sts:AssumeRole"}}}}"#
        );
        roles.push(Role {
            name: "operations".into(),
            trust_policy: Some(trust),
            ..Role::default()
        });
    }
    let administrators = Group {
        name: "administrators".into(),
        policies: vec!["arn:aws:iam::aws:policy/AdministratorAccess".into()],
        ..Group::default()
    };
    account.groups.push(administrators);
}
