//! Roles that a user may assume by their trust policies alone.

use std::sync::Arc;

use super::{
    caller::Caller,
    compiled::Compiled,
    origin::{Layer, Level, Origin},
    policy_set::{Attached, PolicySet, ScpLevel, ServiceControl},
};
use crate::{
    Document, Effect, Element, Pattern, Principal, PrincipalKind, Selection, Statement, Version,
};

const ASSUME_ROLE: &str = "sts:AssumeRole";

/// What a statement of a trust policy is to a user.
enum About {
    /// It names the user.
    User,
    /// It does not.
    Others,
    /// Nobody can tell.
    Perhaps,
}

impl PolicySet {
    /// Returns what decides whether a user of these policies may assume a role whose trust policy names it; `None` if the
    /// trust policy does not.
    ///
    /// A role's trust policy that names a user lets it in by itself: neither its own policies nor its boundary have to allow
    /// it. What they deny stays denied, and the service control policies have to allow it all the same. A trust policy that
    /// names the account leaves it to the user's own policies, and is not meant here.
    ///
    /// Source: "Policy evaluation for requests within a single account" in the IAM user guide.
    #[must_use]
    pub fn assuming(&self, role: &str, trust: &Document, caller: &Caller) -> Option<Self> {
        let about = Document {
            version: trust.version,
            id: None,
            statements: part_of(trust, role, caller),
            unrecognized: trust.unrecognized.clone(),
        };
        let mut statements = about.statements.iter();
        let names = statements.any(|it| it.effect == Effect::Allow);
        names.then(|| self.with_trust(role, &about))
    }

    /// Returns the same for a role of any name, whose trust policy lets everyone in: what is denied here, no trust policy
    /// opens.
    #[must_use]
    pub fn assuming_any(&self) -> Self {
        let statement = Statement {
            sid: None,
            effect: Effect::Allow,
            actions: Selection::Only(vec![Pattern::new(ASSUME_ROLE)]),
            resources: Some(Selection::Only(vec![Pattern::new("*")])),
            principals: None,
            conditions: Vec::new(),
            unrecognized: Vec::new(),
        };
        let document = Document {
            version: Version::V2012,
            id: None,
            statements: vec![statement],
            unrecognized: Vec::new(),
        };
        self.with_trust("of any name", &document)
    }

    fn with_trust(&self, role: &str, trust: &Document) -> Self {
        let mut identity = vec![Attached {
            origin: Origin {
                policy: role.to_owned(),
                level: Level::Trust,
            },
            contents: Arc::new(Compiled::new(trust)),
        }];
        let mut levels = Vec::new();
        for (layer, policies) in &self.layers {
            match layer {
                Layer::Identity | Layer::Boundary => {
                    identity.extend(policies.iter().map(|it| Attached {
                        origin: it.origin.clone(),
                        contents: Arc::new(it.contents.denials()),
                    }));
                }
                Layer::ServiceControl(target) => levels.push(ScpLevel {
                    target: target.clone(),
                    policies: policies.clone(),
                }),
            }
        }
        let over = if levels.is_empty() {
            ServiceControl::None
        } else {
            ServiceControl::Levels(levels)
        };
        Self::new(identity, None, over)
    }
}

/// Returns the statements of a trust policy about a user, as if they stood in a policy of the user.
fn part_of(trust: &Document, role: &str, caller: &Caller) -> Vec<Statement> {
    let mut part = Vec::new();
    for (number, statement) in trust.statements.iter().enumerate() {
        if !statement.is_about(ASSUME_ROLE) {
            continue;
        }
        let mut unrecognized = statement.unrecognized.clone();
        match about(statement, caller) {
            About::User => {}
            About::Others => continue,
            About::Perhaps => unrecognized.push(Element {
                place: format!("Statement[{number}].Principal"),
                value: String::new(),
            }),
        }
        part.push(Statement {
            actions: Selection::Only(vec![Pattern::new(ASSUME_ROLE)]),
            resources: Some(Selection::Only(vec![Pattern::new(role)])),
            principals: None,
            unrecognized,
            ..statement.clone()
        });
    }
    part
}

fn about(statement: &Statement, caller: &Caller) -> About {
    let is_caller = |it: &Principal| matches!(it, Principal::Aws(arn) if *arn == caller.arn);
    let is_among = |it: &Principal| match (it.kind(), statement.effect) {
        (PrincipalKind::Everyone, _) => true,
        // To be let in, the user needs a policy of its own; to be shut out, it does not.
        (PrincipalKind::Account(account), Effect::Deny) => account == caller.account,
        _ => is_caller(it),
    };
    match &statement.principals {
        Some(Selection::Only(named)) => {
            if named.iter().any(is_among) {
                About::User
            } else if named
                .iter()
                .any(|it| it.kind() == PrincipalKind::Unrecognized)
            {
                About::Perhaps
            } else {
                About::Others
            }
        }
        Some(Selection::AllBut(named)) if named.iter().any(is_caller) => About::Others,
        Some(Selection::AllBut(_)) | None => About::Perhaps,
    }
}
