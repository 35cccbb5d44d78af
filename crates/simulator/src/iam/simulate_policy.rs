//! `SimulatePrincipalPolicy`: what a user's policies would say of actions that no one asks for.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::authenticate::Mfa;
use crate::authorize::{Resource, denying_scp};
use crate::call::Call;
use crate::error::ApiError;
use crate::iam::write_page;
use crate::policy::{Opinion, Question};
use crate::user_policies::UserPolicies;
use crate::world::{Account, User};
use crate::xml::Xml;

/// What is decided of one action and one resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Decision {
    Allowed,
    Implicit,
    Explicit,
}

impl Decision {
    fn name(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Implicit => "implicitDeny",
            Self::Explicit => "explicitDeny",
        }
    }
}

pub(super) fn simulate_principal_policy(call: &Call) -> Result<Xml, ApiError> {
    let source = call.text("PolicySourceArn").unwrap_or_default();
    let actions = list(call, "ActionNames");
    for (member, absent) in [
        ("policySourceArn", source.is_empty()),
        ("actionNames", actions.is_empty()),
    ] {
        if absent {
            let message = format!(
                "1 validation error detected: Value null at '{member}' failed to satisfy constraint: Member must not be null"
            );
            return Err(ApiError::validation(message));
        }
    }
    let account = call.own_account()?;
    call.authorize(&Resource::arn(source))?;
    let (account, user) = find_user(call, account, source)?;
    let resources = list(call, "ResourceArns");
    let simulation = Simulation {
        call,
        account,
        arn: user.arn_in(call.world.partition, &account.id),
        user,
        policies: UserPolicies::of(call.world.partition, account, user),
        given: context(call),
    };
    write_page(call, "EvaluationResults", &actions, |xml, action| {
        simulation.write(xml, action, &resources);
    })
}

/// Returns the user whom an ARN names; like AWS, whatever path it has.
fn find_user<'a>(
    call: &Call<'a>,
    account: &'a Account,
    arn: &str,
) -> Result<(&'a Account, &'a User), ApiError> {
    let malformed = || {
        let message =
            format!("Invalid Entity Arn: {arn} does not clearly define entity type and name.");
        ApiError::new("InvalidInput", 400, message)
    };
    let (owner, resource) = call.world.partition.read_iam(arn).ok_or_else(malformed)?;
    let path = resource.strip_prefix("user/").ok_or_else(malformed)?;
    let name = path.rsplit('/').next().unwrap_or_default();
    let directory = call.index.directory(&account.id);
    let user = directory
        .filter(|_| owner == account.id)
        .and_then(|it| it.user(account, name));
    let missing =
        || ApiError::no_such_entity(format!("The user with name {name} cannot be found."));
    Ok((account, user.ok_or_else(missing)?))
}

/// One simulation, with what all its actions have in common.
struct Simulation<'a> {
    call: &'a Call<'a>,
    account: &'a Account,
    user: &'a User,
    arn: String,
    policies: UserPolicies,
    given: BTreeMap<String, String>,
}

impl Simulation<'_> {
    fn write(&self, xml: &mut Xml, action: &str, resources: &[&str]) {
        let asked = if resources.is_empty() {
            &["*"]
        } else {
            resources
        };
        let decisions: Vec<_> = asked
            .iter()
            .map(|it| (*it, self.decide(action, it)))
            .collect();
        let strictest = decisions.iter().map(|it| it.1).max();
        xml.text("EvalActionName", action)
            .text("EvalResourceName", asked.first().unwrap_or(&"*"));
        xml.text(
            "EvalDecision",
            strictest.unwrap_or(Decision::Implicit).name(),
        );
        self.write_details(xml);
        if resources.is_empty() {
            return;
        }
        xml.element("ResourceSpecificResults", |xml| {
            for (resource, decision) in decisions {
                xml.element("member", |xml| {
                    xml.text("EvalResourceName", resource)
                        .text("EvalResourceDecision", decision.name());
                    self.write_details(xml);
                });
            }
        });
    }

    /// Writes what is missing to judge better. Which statements decided is not told.
    fn write_details(&self, xml: &mut Xml) {
        xml.element("MatchedStatements", |_| {});
        let question = self.question("", "");
        let missing: BTreeSet<&str> = self
            .policies
            .condition_keys()
            .filter(|it| question.told(&it.to_ascii_lowercase()).value().is_none())
            .collect();
        xml.element("MissingContextValues", |xml| {
            for key in missing {
                xml.text("member", key);
            }
        });
    }

    fn decide(&self, action: &str, resource: &str) -> Decision {
        let question = self.question(action, resource);
        let Call { world, index, .. } = *self.call;
        let opinions = [
            self.policies.opinion(&question),
            self.policies.boundary(&question),
        ];
        let scp = denying_scp(world, index, self.account, &question);
        if scp.is_some() || opinions.contains(&Opinion::Deny) {
            Decision::Explicit
        } else if opinions == [Opinion::Allow; 2] {
            Decision::Allowed
        } else {
            Decision::Implicit
        }
    }

    fn question<'a>(&'a self, action: &'a str, resource: &'a str) -> Question<'a> {
        let organization = self.call.world.organization.as_ref();
        Question {
            action,
            resource,
            principal: Cow::Borrowed(&self.arn),
            organization: organization.map(|it| it.id.as_str()),
            external_id: None,
            task_policy: None,
            assumed_root: false,
            user_name: Some(&self.user.name),
            // A simulation is told of MFA, or it knows nothing.
            mfa: Mfa::Untold,
            given: Some(&self.given),
        }
    }
}

/// Returns the members of a list of texts.
fn list<'a>(call: &Call<'a>, name: &str) -> Vec<&'a str> {
    let members = (1..).map_while(|it| call.text(&format!("{name}.member.{it}")));
    members.collect()
}

/// Returns what `ContextEntries` tell, the first value of each key.
fn context(call: &Call) -> BTreeMap<String, String> {
    let entry = |number: usize| {
        let member = |part: &str| call.text(&format!("ContextEntries.member.{number}.{part}"));
        let key = member("ContextKeyName")?.to_ascii_lowercase();
        let value = member("ContextKeyValues.member.1").unwrap_or_default();
        Some((key, value.to_owned()))
    };
    (1..).map_while(entry).collect()
}
