//! The policies of one account, each set made ready once for all its users and for all rules.

use std::{
    cell::{OnceCell, RefCell},
    collections::BTreeMap,
    rc::Rc,
    sync::Arc,
};

use model::{IamRole, PolicyId, PolicyPath, PolicySetId, Record, ScpLevel};
use policy::{
    Document, Effect, PrincipalKind, Selection,
    engine::{
        self, Attached, Bypass, Caller, Compiled, Credential, Level, Origin, PolicySet,
        SelfService, ServiceControl,
    },
};

use super::organization::RunPolicies;
use crate::Settings;

/// The policies of one account that were made ready so far.
#[derive(Debug, Default)]
pub(crate) struct AccountPolicies {
    self_service: OnceCell<SelfService>,
    policies: RefCell<BTreeMap<PolicyId, Arc<Compiled>>>,
    sets: RefCell<BTreeMap<PolicySetId, Rc<UserSet>>>,
    doors: OnceCell<Vec<Door>>,
}

/// The policies over some users, and what was decided of them.
#[derive(Debug)]
pub(super) struct UserSet {
    pub(super) policies: PolicySet,
    /// What decides whether a trust policy alone opens a role.
    any_role: OnceCell<PolicySet>,
    bypass: RefCell<Vec<(Vec<Credential>, Arc<Bypass>)>>,
}

/// A role whose trust policy may let users in by itself.
#[derive(Debug)]
pub(super) struct Door {
    pub(super) role: String,
    /// The trust policy, or why it cannot be read.
    pub(super) trust: Result<Document, String>,
}

impl AccountPolicies {
    /// Returns what users may do without MFA.
    pub(super) fn self_service(&self, settings: &Settings) -> &SelfService {
        self.self_service.get_or_init(|| {
            let actions = settings.iam_user_mfa_enforced.self_service;
            SelfService::new(actions.iter().copied())
        })
    }

    /// Returns a policy set of the record under its service control policies.
    pub(super) fn set(
        &self,
        record: &Record,
        id: PolicySetId,
        over: &[ScpLevel],
        run: &RunPolicies,
    ) -> Rc<UserSet> {
        if let Some(known) = self.sets.borrow().get(&id) {
            return Rc::clone(known);
        }
        let set = record.policy_set(id).cloned().unwrap_or_default();
        let paths = set.policies.iter();
        let identity = paths.map(|(path, id)| self.attached(record, *id, level(path), run));
        let identity: Vec<_> = identity.collect();
        let boundary = (set.boundary).map(|it| self.attached(record, it, Level::Boundary, run));
        let over = service_control(record, over, run);
        let made = Rc::new(UserSet {
            policies: PolicySet::new(identity, boundary, over),
            any_role: OnceCell::new(),
            bypass: RefCell::default(),
        });
        self.sets.borrow_mut().insert(id, Rc::clone(&made));
        made
    }

    fn attached(&self, record: &Record, id: PolicyId, level: Level, run: &RunPolicies) -> Attached {
        let policy = record.policy(id);
        let known = self.policies.borrow().get(&id).map(Arc::clone);
        let contents = known.unwrap_or_else(|| {
            let contents = policy.map_or_else(
                || Arc::new(Compiled::unread("the snapshot does not hold it")),
                |it| run.document(&it.text),
            );
            self.policies.borrow_mut().insert(id, Arc::clone(&contents));
            contents
        });
        Attached {
            origin: Origin {
                policy: policy.map_or("that is not known", |it| &it.name).to_owned(),
                level,
            },
            contents,
        }
    }

    /// Returns the roles whose trust policies may let users in by themselves.
    pub(super) fn doors(&self, roles: &[IamRole]) -> &[Door] {
        self.doors
            .get_or_init(|| roles.iter().filter_map(door).collect())
    }
}

impl UserSet {
    /// Returns what decides whether a trust policy alone opens a role to these users.
    pub(super) fn any_role(&self) -> &PolicySet {
        self.any_role.get_or_init(|| self.policies.assuming_any())
    }

    /// Tells whether statements that mean to enforce MFA leak, and remembers it unless it hangs on who the user is.
    pub(super) fn bypass(
        &self,
        credentials: &[Credential],
        self_service: &SelfService,
        caller: &Caller,
    ) -> Arc<Bypass> {
        let known = || {
            let known = self.bypass.borrow();
            let found = known.iter().find(|it| it.0 == credentials);
            found.map(|it| Arc::clone(&it.1))
        };
        let of_anybody = known().unwrap_or_else(|| {
            let outcome = Arc::new(self.policies.bypass(credentials, self_service, None));
            self.bypass
                .borrow_mut()
                .push((credentials.to_vec(), Arc::clone(&outcome)));
            outcome
        });
        let is_unclear = matches!(*of_anybody, Bypass::Unclear(_));
        if is_unclear && self.policies.depends_on_caller() {
            return Arc::new(
                self.policies
                    .bypass(credentials, self_service, Some(caller)),
            );
        }
        of_anybody
    }
}

fn level(path: &PolicyPath) -> Level {
    match path {
        PolicyPath::UserInline => Level::UserInline,
        PolicyPath::User => Level::User,
        PolicyPath::GroupInline(group) => Level::GroupInline(group.to_string()),
        PolicyPath::Group(group) => Level::Group(group.to_string()),
    }
}

/// Returns the chain of service control policies over an account; each document is made ready once in a run.
fn service_control(record: &Record, over: &[ScpLevel], run: &RunPolicies) -> ServiceControl {
    if over.is_empty() {
        return ServiceControl::None;
    }
    let levels = over.iter().zip(targets(record, over)).map(|(it, target)| {
        let policies = it.policies.iter().map(|id| run.over(id, &target));
        engine::ScpLevel {
            policies: policies.collect(),
            target,
        }
    });
    ServiceControl::Levels(levels.collect())
}

/// Returns what the levels of a chain are called: the units by their path, where it is known.
pub(super) fn targets(record: &Record, over: &[ScpLevel]) -> Vec<String> {
    let units = over.iter().filter(|it| it.target.starts_with("ou-"));
    let path = &record.account.ou_path;
    let names: Vec<_> = path.split('/').filter(|it| !it.is_empty()).collect();
    let has_names = units.count() == names.len();
    let mut depth = 0;
    let name = |it: &ScpLevel| {
        let target = &it.target;
        if target.starts_with("r-") {
            return format!("the root {target}");
        }
        if !target.starts_with("ou-") {
            return format!("the account {target}");
        }
        depth += 1;
        if has_names {
            let path: Vec<_> = names.iter().take(depth).copied().collect();
            format!("the unit {} ({target})", path.join("/"))
        } else {
            format!("the unit {target}")
        }
    };
    over.iter().map(name).collect()
}

/// Returns a role if its trust policy names users, everyone, or whom cannot be told.
fn door(role: &IamRole) -> Option<Door> {
    let trust = Document::parse(&role.trust_policy).map_err(|it| it.to_string());
    let names_users = match &trust {
        Err(_) => true,
        Ok(document) => document.statements.iter().any(|it| {
            it.effect == Effect::Allow
                && match &it.principals {
                    None | Some(Selection::AllBut(_)) => true,
                    Some(Selection::Only(named)) => named.iter().any(|it| {
                        matches!(
                            it.kind(),
                            PrincipalKind::Everyone
                                | PrincipalKind::IamUser { .. }
                                | PrincipalKind::Unrecognized
                        )
                    }),
                }
        }),
    };
    names_users.then(|| Door {
        role: role.arn.to_string(),
        trust,
    })
}
