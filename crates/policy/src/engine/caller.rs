//! Who asks, and what AWS puts into a request's context for it.

use std::collections::BTreeMap;

use super::mfa::MfaContext;

/// An IAM user, as conditions and variables see it. What is `None` is not known.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Caller {
    /// Its ARN: `aws:PrincipalArn`.
    pub arn: String,
    /// Its name: `aws:username`.
    pub name: String,
    /// Its account: `aws:PrincipalAccount`.
    pub account: String,
    /// Its unique identifier: `aws:userid`.
    pub user_id: Option<String>,
    /// The organization of its account: `aws:PrincipalOrgID`.
    pub organization: Option<String>,
    /// The account's path in the organization, as `aws:PrincipalOrgPaths` has it: `o-a1b2/r-ab12/ou-ab12-11111111/`.
    pub organization_path: Option<String>,
    /// Its tags: `aws:PrincipalTag/…`.
    pub tags: Option<BTreeMap<String, String>>,
}

/// A request that an IAM user makes itself; what AWS's services ask on its behalf is none.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// What it carries of MFA.
    pub mfa: MfaContext,
    /// Who makes it; without, it may be any user.
    pub caller: Option<&'a Caller>,
}

/// What kind of value a key has.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    Text,
    Arn,
    Switch,
}

/// What a request has of a key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Value {
    /// Nothing.
    Absent,
    /// This.
    Known(Kind, String),
    /// This, in a list, which `ForAnyValue` and `ForAllValues` are for.
    Listed(String),
    /// Something of this pattern.
    Like(Kind, &'static str),
    /// Something, but nobody knows what.
    Present,
    /// Perhaps something.
    Unknown,
}

impl Request<'_> {
    /// Returns what the request has of a key, whose case does not count.
    ///
    /// Source: "AWS global condition context keys" in the IAM user guide.
    pub(super) fn value(&self, key: &str) -> Value {
        let lower = key.to_ascii_lowercase();
        let text = |it: &str| Value::Known(Kind::Text, it.to_owned());
        let switch = |it: &str| Value::Known(Kind::Switch, it.to_owned());
        let of_caller = |read: &dyn Fn(&Caller) -> Option<String>| {
            let known = self.caller.and_then(read);
            known.map_or(Value::Present, |it| Value::Known(Kind::Text, it))
        };
        match lower.as_str() {
            "aws:multifactorauthpresent" => match self.mfa {
                MfaContext::Absent => Value::Absent,
                MfaContext::False => switch("false"),
                MfaContext::True => switch("true"),
            },
            "aws:multifactorauthage" => match self.mfa {
                MfaContext::Absent | MfaContext::False => Value::Absent,
                MfaContext::True => Value::Present,
            },
            "aws:tokenissuetime" => match self.mfa {
                MfaContext::Absent => Value::Absent,
                MfaContext::False | MfaContext::True => Value::Present,
            },
            "aws:principaltype" => text("User"),
            "aws:viaawsservice" | "aws:principalisawsservice" => switch("false"),
            "aws:calledvia"
            | "aws:calledviafirst"
            | "aws:calledvialast"
            | "aws:federatedprovider"
            | "aws:principalservicename" => Value::Absent,
            "aws:principalarn" => match self.caller {
                Some(caller) => Value::Known(Kind::Arn, caller.arn.clone()),
                None => Value::Like(Kind::Arn, "arn:*:iam::*:user/*"),
            },
            "aws:username" => of_caller(&|it| Some(it.name.clone())),
            "aws:principalaccount" => of_caller(&|it| Some(it.account.clone())),
            "aws:userid" => of_caller(&|it| it.user_id.clone()),
            "aws:principalorgid" => self.perhaps(&|it| it.organization.clone().map(|it| text(&it))),
            "aws:principalorgpaths" => {
                self.perhaps(&|it| it.organization_path.clone().map(Value::Listed))
            }
            _ => match lower.strip_prefix("aws:principaltag/") {
                Some(tag) => self.perhaps(&|it| {
                    let tags = it.tags.as_ref()?;
                    let found = tags.iter().find(|(key, _)| key.eq_ignore_ascii_case(tag));
                    Some(found.map_or(Value::Absent, |(_, value)| text(value)))
                }),
                None => Value::Unknown,
            },
        }
    }

    fn perhaps(&self, read: &dyn Fn(&Caller) -> Option<Value>) -> Value {
        self.caller.and_then(read).unwrap_or(Value::Unknown)
    }
}

/// Tells whether a key's value is one user's, and not another's.
pub(super) fn is_of_caller(key: &str) -> bool {
    let lower = key.to_ascii_lowercase();
    matches!(
        lower.as_str(),
        "aws:principalarn"
            | "aws:username"
            | "aws:principalaccount"
            | "aws:userid"
            | "aws:principalorgid"
            | "aws:principalorgpaths"
    ) || lower.starts_with("aws:principaltag/")
}
