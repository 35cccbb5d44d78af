//! Random organizations of accounts that each have their own faults.

use std::collections::BTreeMap;

use model::{GapReason, snapshot::RootAccess};
use proptest::{
    collection::vec,
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use simulator::{Account, Fault, Organization, OrganizationalUnit, ServiceControlPolicy, World};

use super::{
    access::is_administrator,
    accounts::account,
    faults::{self, Cause, Patience},
};
use crate::contract_tests::stage::MANAGEMENT;

/// A world, and what can leave gaps in each of its accounts.
#[derive(Clone, Debug)]
pub(super) struct Scene {
    pub(super) world: World,
    pub(super) root_access: RootAccess,
    pub(super) causes: BTreeMap<String, Vec<Cause>>,
}

/// Where an account is, and when.
#[derive(Clone, Copy, Debug)]
struct Membership {
    unit: usize,
    state: &'static str,
    appears: Option<u32>,
    vanishes: Option<u32>,
}

fn membership() -> impl Strategy<Value = Membership> {
    let closed = vec!["SUSPENDED", "CLOSED", "PENDING_CLOSURE"];
    let state = prop_oneof![9 => Just("ACTIVE"), 1 => prop::sample::select(closed)];
    let appears = prop_oneof![9 => Just(None), 1 => (0..3_u32).prop_map(Some)];
    let vanishes = prop_oneof![9 => Just(None), 1 => (1..4_u32).prop_map(Some)];
    (0..100_usize, state, appears, vanishes).prop_map(|(unit, state, appears, vanishes)| {
        Membership {
            unit,
            state,
            appears,
            vanishes,
        }
    })
}

/// Returns units of which each is below the root or one of those before it.
fn units() -> impl Strategy<Value = Vec<OrganizationalUnit>> {
    vec(0..100_usize, 0..5).prop_map(|parents| {
        let mut units: Vec<OrganizationalUnit> = Vec::new();
        for (place, parent) in parents.into_iter().enumerate() {
            let parent = parent % (place + 1);
            let parent = (parent > 0).then(|| units[parent - 1].path());
            units.push(OrganizationalUnit {
                name: format!("Unit {place}"),
                parent: parent.unwrap_or_default(),
            });
        }
        units
    })
}

#[derive(Clone, Debug)]
struct Setting {
    root_access: RootAccess,
    /// Whether the organization has the feature without which `AssumeRoot` is refused.
    feature: bool,
    /// A policy denies everything to root users: of all accounts, or of one unit or account.
    no_root: Option<usize>,
    page_size: Option<usize>,
    omit_paths: bool,
    empty_pages: bool,
    seed: u64,
}

fn setting() -> impl Strategy<Value = Setting> {
    let root_access = prop_oneof![
        2 => Just(RootAccess::Never),
        3 => Just(RootAccess::Always),
    ];
    let feature = prop_oneof![3 => Just(true), 1 => Just(false)];
    let no_root = prop_oneof![2 => Just(None), 1 => (0..100_usize).prop_map(Some)];
    let page_size = prop_oneof![1 => Just(None), 1 => (1..4_usize).prop_map(Some)];
    let seldom = || prop_oneof![3 => Just(false), 1 => Just(true)];
    (
        root_access,
        feature,
        no_root,
        page_size,
        seldom(),
        seldom(),
        any::<u64>(),
    )
        .prop_map(
            |(root_access, feature, no_root, page_size, omit_paths, empty_pages, seed)| Setting {
                root_access,
                feature,
                no_root,
                page_size,
                omit_paths,
                empty_pages,
                seed,
            },
        )
}

type Member = (Account, Vec<Fault>, Membership);

fn scene(patience: Patience) -> impl Strategy<Value = Scene> {
    let member = || (account(), faults::schedule(patience), membership());
    let members = match patience {
        Patience::Long => prop_oneof![
            1 => vec(member(), 1..4),
            2 => vec(member(), 19..23),
            3 => vec(member(), 1..46),
            1 => vec(member(), 41..46),
        ]
        .boxed(),
        Patience::Short => vec(member(), 4..10).boxed(),
    };
    (setting(), units(), members, faults::of_listing())
        .prop_map(|(setting, units, members, listing)| Scene::of(&setting, units, members, listing))
}

impl Scene {
    /// Returns a scene, the same for the same seed.
    pub(super) fn of_seed(seed: u64, patience: Patience) -> Self {
        let config = Config {
            failure_persistence: None,
            ..Config::default()
        };
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let mut runner = TestRunner::new_with_rng(config, rng);
        let scene = scene(patience).new_tree(&mut runner).unwrap().current();
        scene.world.validate().unwrap();
        scene
    }

    fn of(
        setting: &Setting,
        units: Vec<OrganizationalUnit>,
        members: Vec<Member>,
        listing: Vec<Fault>,
    ) -> Self {
        let features = if setting.feature {
            vec!["RootCredentialsManagement".to_owned()]
        } else {
            Vec::new()
        };
        let mut scene = Self {
            world: World {
                organization: Some(Organization {
                    management_account: MANAGEMENT.to_owned(),
                    trusted_services: vec!["iam.amazonaws.com".to_owned()],
                    features,
                    omit_paths: setting.omit_paths,
                    empty_pages: setting.empty_pages,
                    ..Organization::default()
                }),
                ous: units,
                iam_page_size: setting.page_size,
                seed: setting.seed,
                faults: faults::once_empty(listing, setting.empty_pages),
                ..World::default()
            },
            root_access: setting.root_access,
            causes: BTreeMap::new(),
        };
        for (place, member) in members.into_iter().enumerate() {
            scene.add(place, member);
        }
        if let Some(choice) = setting.no_root {
            scene.deny_root(choice);
        }
        scene.note_standing_causes(setting.feature);
        scene
    }

    /// Adds an account; the first is the management account, which is the caller's own and always there.
    fn add(&mut self, place: usize, (mut account, faults, membership): Member) {
        let management = place == 0;
        // Ids do not come in the order of the list.
        let number = (place * 7919 + 13) % 100_000;
        account.id = if management {
            MANAGEMENT.to_owned()
        } else {
            format!("{:012}", 200_000_000_000 + number)
        };
        let unit = membership.unit % (self.world.ous.len() + 1);
        if unit > 0 {
            account.ou = self.world.ous[unit - 1].path();
        }
        let faults = if management {
            faults::of_own_account(faults)
        } else {
            membership.state.clone_into(&mut account.state);
            account.appears_after_pages = membership.appears;
            account.vanishes_after_pages = membership.vanishes;
            faults
        };
        let causes = faults.iter().map(Cause::of_fault).collect();
        self.causes.insert(account.id.clone(), causes);
        let of_account = |it| Fault {
            account: Some(account.id.clone()),
            ..it
        };
        self.world.faults.extend(faults.into_iter().map(of_account));
        self.world.accounts.push(account);
    }

    /// Denies everything to root users of all accounts, of a unit or of one account.
    fn deny_root(&mut self, choice: usize) {
        let units = self.world.ous.iter().map(OrganizationalUnit::path);
        let accounts = self.world.accounts.iter().map(|it| it.id.clone());
        let targets: Vec<_> = std::iter::once(String::new())
            .chain(units)
            .chain(accounts)
            .collect();
        let policy = r#"{"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*",
            "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:root"}}}}"#;
        self.world.scps.push(ServiceControlPolicy {
            id: "p-noroot".to_owned(),
            target: targets[choice % targets.len()].clone(),
            policy: Some(policy.to_owned()),
            ..ServiceControlPolicy::default()
        });
    }

    /// Notes what leaves gaps though nothing goes wrong.
    fn note_standing_causes(&mut self, feature: bool) {
        let scp = self.world.scps.first().map(|it| it.target.clone());
        for account in &self.world.accounts {
            let causes = self.causes.entry(account.id.clone()).or_default();
            if account.roles.is_empty() {
                causes.push(Cause::new("sts:AssumeRole", &[GapReason::AccessDenied]));
            }
            // The report tells of users who are gone, whom AWS does not know any more.
            if !account.deleted_users.is_empty() {
                for action in ["iam:ListMFADevices", "iam:ListAccessKeys"] {
                    causes.push(Cause::new(action, &[GapReason::Failed]));
                }
            }
            // What such a user may do, AWS tells and nobody can tell from it; of users who are gone, it tells nothing.
            let action = "iam:GetAccountAuthorizationDetails";
            let mut users = account.users.iter();
            if users.any(|it| is_administrator(&it.name).is_none()) {
                causes.push(Cause::new(action, &[GapReason::Unclear]));
            }
            if !account.deleted_users.is_empty() {
                causes.push(Cause::new(action, &[GapReason::NotInEvidence]));
            }
            if account.report.stuck {
                let action = "iam:GenerateCredentialReport";
                causes.push(Cause::new(action, &[GapReason::Deadline]));
            }
            if self.root_access == RootAccess::Never {
                continue;
            }
            if !feature {
                causes.push(Cause::of_root_session("sts:AssumeRoot"));
            }
            let is_below = |target: &String| account.ou.starts_with(target.as_str());
            if scp
                .as_ref()
                .is_some_and(|it| *it == account.id || is_below(it))
            {
                causes.push(Cause::of_root_session("iam:ListMFADevices"));
            }
        }
    }
}
