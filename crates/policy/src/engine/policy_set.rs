//! All policies that apply to a user.

use std::sync::{Arc, Mutex};

use super::{
    actions::ActionSet,
    caller::Request,
    compiled::{Clause, Compiled},
    decision::Decision,
    enforcement::Memo,
    origin::{Cite, Layer, Level, Origin},
    universe::Universe,
};

/// A policy that applies to a user.
#[derive(Clone, Debug)]
pub struct Attached {
    /// What it is.
    pub origin: Origin,
    /// What it says.
    pub contents: Arc<Compiled>,
}

/// The service control policies of one target.
#[derive(Clone, Debug)]
pub struct ScpLevel {
    /// The root, an organizational unit or the account, as it is to be called.
    pub target: String,
    /// Its policies: what none of them allows is denied below.
    pub policies: Vec<Attached>,
}

/// The service control policies over an account.
#[derive(Clone, Debug)]
pub enum ServiceControl {
    /// None: it is the management account, in no organization, or in one without such policies.
    None,
    /// Those of each level, from the root to the account. Each level has to allow.
    Levels(Vec<ScpLevel>),
}

/// All policies that apply to a user, or to many users: what was decided for one is remembered for the next.
#[derive(Debug)]
pub struct PolicySet {
    pub(super) layers: Vec<(Layer, Vec<Attached>)>,
    universe: Universe,
    /// The actions of each statement in the order of the layers, where there are some that AWS does not list.
    extended: Vec<ActionSet>,
    pub(super) memo: Mutex<Vec<Memo>>,
}

/// A statement of a set, and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed<'a> {
    pub(super) layer: usize,
    pub(super) attached: &'a Attached,
    pub(super) clause: &'a Clause,
    pub(super) actions: &'a ActionSet,
}

impl ScpLevel {
    /// Returns a level of which nobody knows the policies; why, as a sentence fragment.
    pub fn unread(target: &str, why: &str) -> Self {
        let unread = Attached {
            origin: Origin {
                policy: "that is not known".to_owned(),
                level: Level::ServiceControl(target.to_owned()),
            },
            contents: Arc::new(Compiled::unread(why)),
        };
        Self {
            target: target.to_owned(),
            policies: vec![unread],
        }
    }
}

impl ServiceControl {
    /// Returns a chain of which nothing is known; why, as a sentence fragment.
    pub fn unread(why: &str) -> Self {
        Self::Levels(vec![ScpLevel::unread("the organization", why)])
    }
}

impl PolicySet {
    /// Returns the set of the policies of a user and its groups, its boundary if it has one, and the service control
    /// policies over its account.
    pub fn new(identity: Vec<Attached>, boundary: Option<Attached>, over: ServiceControl) -> Self {
        let mut layers = vec![(Layer::Identity, identity)];
        layers.extend(boundary.map(|it| (Layer::Boundary, vec![it])));
        if let ServiceControl::Levels(levels) = over {
            let level = |it: ScpLevel| (Layer::ServiceControl(it.target), it.policies);
            layers.extend(levels.into_iter().map(level));
        }
        let all = || layers.iter().flat_map(|it| &it.1);
        let unlisted = all().flat_map(|it| &it.contents.unlisted);
        let universe = Universe::with(unlisted.cloned().collect());
        let extended = if universe.besides().is_empty() {
            Vec::new()
        } else {
            let clauses = all().flat_map(|it| &it.contents.clauses);
            clauses.map(|it| it.actions_in(&universe)).collect()
        };
        Self {
            layers,
            universe,
            extended,
            memo: Mutex::default(),
        }
    }

    /// Returns all actions that there may be.
    pub const fn universe(&self) -> &Universe {
        &self.universe
    }

    /// Returns the set of no actions.
    pub fn nothing(&self) -> ActionSet {
        ActionSet::none(&self.universe)
    }

    /// Decides of every action.
    pub fn decide(&self, request: &Request<'_>) -> Decision<'_> {
        self.decide_within(request, &ActionSet::all(&self.universe))
    }

    /// Decides of some actions; of the others it says nothing.
    pub fn decide_within(&self, request: &Request<'_>, scope: &ActionSet) -> Decision<'_> {
        Decision::new(self, request, scope)
    }

    /// Tells whether users of the same policies may differ in what they may do.
    pub fn depends_on_caller(&self) -> bool {
        self.placed().any(|it| it.clause.depends_on_caller())
    }

    /// Returns all statements.
    pub(super) fn placed(&self) -> impl Iterator<Item = Placed<'_>> {
        let layers = self.layers.iter().enumerate();
        let attached = layers.flat_map(|(layer, it)| it.1.iter().map(move |it| (layer, it)));
        let clauses = attached.flat_map(|(layer, attached)| {
            let clauses = attached.contents.clauses.iter();
            clauses.map(move |it| (layer, attached, it))
        });
        let numbered = clauses.enumerate();
        numbered.map(|(number, (layer, attached, clause))| Placed {
            layer,
            attached,
            clause,
            actions: self.extended.get(number).unwrap_or(&clause.actions),
        })
    }
}

impl Placed<'_> {
    pub(super) fn cite(&self) -> Cite {
        Cite {
            origin: self.attached.origin.clone(),
            statement: self.clause.number,
            sid: self.clause.sid.clone(),
            effect: self.clause.effect,
        }
    }
}
