//! What policies come to, in both directions.

mod assume;
mod bad_input;
mod bypass;
mod conditions;
mod consistency;
mod enforcement;
mod layers;
mod shipped;
mod told;

use std::sync::Arc;

use super::{
    Attached, Caller, Compiled, Credential, Enforcement, Level, MfaContext, Origin, PolicySet,
    ScpLevel, SelfService, ServiceControl,
};

const BOTH: [Credential; 2] = [Credential::Password, Credential::AccessKey];
const WITHOUT_MFA: [MfaContext; 2] = [MfaContext::Absent, MfaContext::False];
const ADMIN: &str = r#"{"Sid":"Admin","Effect":"Allow","Action":"*","Resource":"*"}"#;
const EXEMPT: &str = r#"["iam:CreateVirtualMFADevice","iam:EnableMFADevice","iam:GetUser","iam:ListMFADevices",
    "iam:ListVirtualMFADevices","iam:ResyncMFADevice","sts:GetSessionToken"]"#;
const PRESENT: &str = "aws:MultiFactorAuthPresent";

/// Returns a document of these statements.
fn document(statements: &[&str]) -> String {
    let all = statements.join(",");
    format!(r#"{{"Version":"2012-10-17","Statement":[{all}]}}"#)
}

/// Returns a statement that denies all but self service under a condition.
fn deny(condition: &str) -> String {
    format!(
        r#"{{"Sid":"Enforce","Effect":"Deny","NotAction":{EXEMPT},"Resource":"*","Condition":{condition}}}"#
    )
}

/// The denial that AWS recommends.
fn good_deny() -> String {
    deny(r#"{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}"#)
}

/// The denial that is skipped where an access key signs.
fn bool_deny() -> String {
    deny(r#"{"Bool":{"aws:MultiFactorAuthPresent":"false"}}"#)
}

fn at(level: Level, name: &str, text: &str) -> Attached {
    Attached {
        origin: Origin {
            policy: name.to_owned(),
            level,
        },
        contents: Arc::new(Compiled::of_text(text)),
    }
}

fn scp(target: &str, policies: &[(&str, &str)]) -> ScpLevel {
    let level = || Level::ServiceControl(target.to_owned());
    let policies = policies.iter().map(|(name, text)| at(level(), name, text));
    ScpLevel {
        target: target.to_owned(),
        policies: policies.collect(),
    }
}

/// Returns the set of one policy of a user.
fn set(statements: &[&str]) -> PolicySet {
    let policy = at(Level::User, "own", &document(statements));
    PolicySet::new(vec![policy], None, ServiceControl::None)
}

fn alice() -> Caller {
    Caller {
        arn: "arn:aws:iam::111122223333:user/alice".to_owned(),
        name: "alice".to_owned(),
        account: "111122223333".to_owned(),
        ..Caller::default()
    }
}

/// Judges a user with a password and an access key.
fn enforcement(set: &PolicySet) -> Arc<Enforcement> {
    set.enforcement(&BOTH, &SelfService::default(), Some(&alice()))
}

fn is_enforced(set: &PolicySet) -> bool {
    matches!(*enforcement(set), Enforcement::Enforced { .. })
}

fn is_not_enforced(set: &PolicySet) -> bool {
    matches!(*enforcement(set), Enforcement::NotEnforced { .. })
}

fn is_unclear(set: &PolicySet) -> bool {
    matches!(*enforcement(set), Enforcement::Unclear { .. })
}
