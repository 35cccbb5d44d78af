//! Documents, made ready for decisions.

use super::{
    actions::ActionSet,
    caller::{Request, is_of_caller},
    condition::{Truth, all_hold, is_known},
    hang::Hang,
    mfa::MfaContext,
    resource::{Resources, Template, resources},
    universe::Universe,
    variables::has_variables,
};
use crate::{Condition, Document, Effect, Element, Pattern, Selection, Statement, Version};

/// A document of a policy without principals, made ready for decisions. It is made once and shared by all whom it applies to.
#[derive(Debug)]
pub struct Compiled {
    pub(super) clauses: Vec<Clause>,
    /// Actions it names that AWS does not list.
    pub(super) unlisted: Vec<Box<str>>,
}

/// A statement.
#[derive(Clone, Debug)]
pub(super) struct Clause {
    pub(super) number: usize,
    pub(super) sid: Option<String>,
    pub(super) effect: Effect,
    pub(super) selection: Selection<Pattern>,
    /// Among the listed actions.
    pub(super) actions: ActionSet,
    pub(super) resources: Template,
    pub(super) conditions: Vec<Condition>,
    version: Version,
    /// What in it cannot be decided, whoever asks.
    problem: Option<Hang>,
    /// Whether its conditions hold in each context, of a user nobody knows.
    anybody: [Truth; 3],
    of_caller: Dependence,
}

/// Whether an outcome may be another one for each user.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Dependence {
    OnCaller,
    None,
}

impl Compiled {
    /// Makes a document ready.
    pub fn new(document: &Document) -> Self {
        let mut unlisted = Vec::new();
        let strange = document.unrecognized.first();
        let strange = strange.map(|it| Hang::Element(it.place.clone()));
        let numbered = document.statements.iter().enumerate();
        let clauses = numbered
            .map(|(number, it)| {
                let problem = strange.clone().or_else(|| problem(number, it));
                Clause::new(number, it, document.version, problem, &mut unlisted)
            })
            .collect();
        Self { clauses, unlisted }
    }

    /// Stands for a policy that cannot be read; why, as a sentence fragment. It may allow everything, and deny everything.
    pub fn unread(why: &str) -> Self {
        let clause = |effect| {
            let statement = Statement {
                sid: None,
                effect,
                actions: Selection::AllBut(Vec::new()),
                resources: Some(Selection::AllBut(Vec::new())),
                principals: None,
                conditions: Vec::new(),
                unrecognized: Vec::new(),
            };
            let problem = Some(Hang::Unread(why.to_owned()));
            Clause::new(0, &statement, Version::V2012, problem, &mut Vec::new())
        };
        Self {
            clauses: vec![clause(Effect::Allow), clause(Effect::Deny)],
            unlisted: Vec::new(),
        }
    }

    /// Makes a text ready: a document, or what stands for one that cannot be read.
    pub fn of_text(text: &str) -> Self {
        match Document::parse(text) {
            Ok(document) => Self::new(&document),
            Err(why) => Self::unread(&why.to_string()),
        }
    }

    /// Returns what in it cannot be decided, whoever asks: elements that such a policy has not, operators that nobody knows.
    pub fn undecidable(&self) -> impl Iterator<Item = Hang> {
        self.clauses.iter().flat_map(|clause| {
            let unknown = clause.conditions.iter().filter(|it| !is_known(it));
            let operators = unknown.map(|it| Hang::Operator {
                operator: it.operator.clone(),
                key: it.key.clone(),
            });
            clause.problem.iter().cloned().chain(operators)
        })
    }

    /// Tells whether it allows anything, or may.
    pub fn allows(&self) -> bool {
        self.clauses.iter().any(|it| it.effect == Effect::Allow)
    }

    /// Returns what it denies, and nothing of what it allows.
    pub(super) fn denials(&self) -> Self {
        let denials = self.clauses.iter().filter(|it| it.effect == Effect::Deny);
        Self {
            clauses: denials.cloned().collect(),
            unlisted: self.unlisted.clone(),
        }
    }

    /// Tells whether it says something of MFA.
    pub fn mentions_mfa(&self) -> bool {
        self.clauses.iter().any(Clause::mentions_mfa)
    }
}

/// Returns what a statement has that a policy without principals has not, or lacks.
fn problem(number: usize, statement: &Statement) -> Option<Hang> {
    let place = |it: &str| Hang::Element(format!("Statement[{number}].{it}"));
    let strange = |it: &Element| Hang::Element(it.place.clone());
    if let Some(element) = statement.unrecognized.first() {
        return Some(strange(element));
    }
    match &statement.principals {
        Some(Selection::Only(_)) => return Some(place("Principal")),
        Some(Selection::AllBut(_)) => return Some(place("NotPrincipal")),
        None => {}
    }
    let (element, actions) = match &statement.actions {
        Selection::Only(actions) => ("Action", actions),
        Selection::AllBut(actions) => ("NotAction", actions),
    };
    if !actions.iter().all(is_action) {
        return Some(place(element));
    }
    statement.resources.is_none().then(|| place("Resource"))
}

/// Tells whether AWS takes a text for actions: `*`, or those of a service that is named in full.
fn is_action(pattern: &Pattern) -> bool {
    let open = |it: &str| it == "*";
    match pattern.as_str().split_once(':') {
        None => open(pattern.as_str()),
        Some((service, name)) => {
            let plain = |it: char| it.is_ascii_alphanumeric() || it == '-' || it == '_';
            (open(service) && open(name))
                || (!service.is_empty() && service.chars().all(plain) && !name.is_empty())
        }
    }
}

impl Clause {
    fn new(
        number: usize,
        statement: &Statement,
        version: Version,
        problem: Option<Hang>,
        unlisted: &mut Vec<Box<str>>,
    ) -> Self {
        let conditions = statement.conditions.clone();
        let resources = statement.resources.as_ref();
        let depends = |it: &Condition| {
            let mut values = it.values.iter();
            is_of_caller(&it.key) || values.any(|it| has_variables(it, version))
        };
        let of_caller = if conditions.iter().any(depends) {
            Dependence::OnCaller
        } else {
            Dependence::None
        };
        let anybody = MfaContext::ALL.map(|mfa| {
            let request = Request { mfa, caller: None };
            truth(problem.as_ref(), &conditions, version, &request)
        });
        Self {
            number,
            sid: statement.sid.clone(),
            effect: statement.effect,
            selection: statement.actions.clone(),
            actions: ActionSet::of_listed(&statement.actions, unlisted),
            resources: resources.map_or_else(Template::all, |it| Template::new(it, version)),
            conditions,
            version,
            problem,
            anybody,
            of_caller,
        }
    }

    /// Tells whether the statement applies to a request, its action and resource aside.
    pub(super) fn truth(&self, request: &Request<'_>) -> Truth {
        if self.of_caller == Dependence::OnCaller && request.caller.is_some() {
            return truth(
                self.problem.as_ref(),
                &self.conditions,
                self.version,
                request,
            );
        }
        let known = self.anybody.get(request.mfa.number());
        known.cloned().unwrap_or(Truth::Fails)
    }

    pub(super) fn resources(&self, request: &Request<'_>) -> std::borrow::Cow<'_, Resources> {
        match &self.resources {
            Template::Fixed(it) => std::borrow::Cow::Borrowed(it),
            Template::Variable(selection, version) => {
                std::borrow::Cow::Owned(resources(selection, *version, request))
            }
        }
    }

    /// Returns its actions among all of a universe.
    pub(super) fn actions_in(&self, universe: &Universe) -> ActionSet {
        ActionSet::of(&self.selection, universe)
    }

    pub(super) fn depends_on_caller(&self) -> bool {
        self.of_caller == Dependence::OnCaller || self.resources.depends_on_caller()
    }

    pub(super) fn mentions_mfa(&self) -> bool {
        let keys = ["aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge"];
        let mut conditions = self.conditions.iter();
        conditions.any(|condition| keys.iter().any(|it| condition.has_key(it)))
    }
}

fn truth(
    problem: Option<&Hang>,
    conditions: &[Condition],
    version: Version,
    request: &Request<'_>,
) -> Truth {
    // A condition that fails decides, whatever else is strange.
    match (problem, all_hold(conditions, version, request)) {
        (Some(problem), Truth::Holds | Truth::Hangs(_)) => Truth::Hangs(problem.clone()),
        (_, truth) => truth,
    }
}
