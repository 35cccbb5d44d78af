//! Users with policies over them.

use model::{
    IamRole, Listing, Policy, PolicyPath, PolicySet, PolicyText, Record, ScpLevel,
    ServiceControlPolicy,
};

use super::{SEEN, UserFacts, iam_user, known};

pub(crate) const ADMIN: &str = r#"{"Sid":"Admin","Effect":"Allow","Action":"*","Resource":"*"}"#;
pub(crate) const SELF_SERVICE: &str = r#"["iam:CreateVirtualMFADevice","iam:EnableMFADevice","iam:GetMFADevice","iam:GetUser",
    "iam:ListMFADevices","iam:ListVirtualMFADevices","iam:ResyncMFADevice","sts:GetSessionToken"]"#;
pub(crate) const EXEMPTS_IAM: &str = r#"{"Sid":"Enforce","Effect":"Deny","NotAction":["iam:*","sts:GetSessionToken"],
    "Resource":"*","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}}"#;
pub(crate) const EXEMPTS_ROLES: &str = r#"{"Sid":"Enforce","Effect":"Deny","NotAction":["sts:AssumeRole","iam:EnableMFADevice"],
    "Resource":"*","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}}"#;
pub(crate) const FROM_OFFICE: &str = r#"{"Effect":"Allow","Action":"s3:*","Resource":"*",
    "Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}}"#;
pub(crate) const DENY_ELSEWHERE: &str = r#"{"Sid":"Enforce","Effect":"Deny","Action":"*","Resource":"*","Condition":{
    "BoolIfExists":{"aws:MultiFactorAuthPresent":"false"},"NotIpAddress":{"aws:SourceIp":"192.0.2.0/24"}}}"#;
pub(crate) const WITH_MFA: &str = r#"{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#;

/// Returns a document of these statements.
pub(crate) fn document(statements: &[&str]) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{}]}}"#,
        statements.join(",")
    )
}

/// Returns a statement that denies all but self service where this operator finds no MFA.
pub(crate) fn deny(operator: &str) -> String {
    format!(
        r#"{{"Sid":"Enforce","Effect":"Deny","NotAction":{SELF_SERVICE},"Resource":"*",
            "Condition":{{"{operator}":{{"aws:MultiFactorAuthPresent":"false"}}}}}}"#
    )
}

/// Returns a statement that allows actions.
pub(crate) fn allow(actions: &str) -> String {
    format!(r#"{{"Effect":"Allow","Action":{actions},"Resource":"*"}}"#)
}

/// The policies over a user, statement by statement.
#[derive(Clone, Default)]
pub(crate) struct Policies {
    identity: Vec<(PolicyPath, String, PolicyText)>,
    boundary: Option<String>,
    levels: Vec<ScpLevel>,
    trust: Option<String>,
}

impl Policies {
    /// Returns those of a user with one policy of these statements, or none, in an account under `FullAWSAccess`.
    pub(crate) fn of(statements: &[&str]) -> Self {
        let level = |target: &str| ScpLevel {
            target: target.into(),
            policies: vec!["p-FullAWSAccess".into()],
        };
        let policies = Self {
            levels: ["r-ab12", "ou-ab12-11111111", "111122223333"]
                .map(level)
                .to_vec(),
            ..Self::default()
        };
        if statements.is_empty() {
            return policies;
        }
        policies.with(PolicyPath::User, "own", &document(statements))
    }

    pub(crate) fn with(mut self, path: PolicyPath, name: &str, text: &str) -> Self {
        let text = PolicyText::Document(text.into());
        self.identity.push((path, name.to_owned(), text));
        self
    }

    pub(crate) fn own(self, statement: &str) -> Self {
        self.with(PolicyPath::UserInline, "mfa", &document(&[statement]))
    }

    pub(crate) fn group(self, group: &str, statement: &str) -> Self {
        let path = PolicyPath::Group(group.into());
        self.with(path, "group-mfa", &document(&[statement]))
    }

    pub(crate) fn unread(mut self, why: &str) -> Self {
        let text = PolicyText::Unread(why.into());
        self.identity
            .push((PolicyPath::User, "hidden".to_owned(), text));
        self
    }

    pub(crate) fn boundary(mut self, statement: &str) -> Self {
        self.boundary = Some(document(&[statement]));
        self
    }

    /// Adds a service control policy of the unit: one of [`service_control_policies`], by what it says.
    pub(crate) fn scp(self, statement: &str) -> Self {
        let known = service_control_policies();
        let wanted = PolicyText::Document(document(&[statement]).into());
        let found = known.iter().find(|it| it.text == wanted).unwrap();
        self.in_unit(&found.id.clone())
    }

    pub(crate) fn unread_scp(self) -> Self {
        self.in_unit("p-unread")
    }

    fn in_unit(mut self, id: &str) -> Self {
        self.levels[1].policies.push(id.into());
        self
    }

    /// Takes the account out of the organization.
    pub(crate) fn outside(mut self) -> Self {
        self.levels.clear();
        self
    }

    /// Adds a role whose trust policy names the user under a condition.
    pub(crate) fn trusted(mut self, condition: &str) -> Self {
        self.trust = Some(document(&[&format!(
            r#"{{"Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::111122223333:user/alice"}},"Action":"sts:AssumeRole",
                "Condition":{condition}}}"#
        )]));
        self
    }

    /// Returns a user of these policies, in a unit called Workloads.
    pub(crate) fn of_user(self, mut record: Record) -> Record {
        record.account.ou_path = "Workloads".into();
        let mut set = PolicySet::default();
        for (path, name, text) in self.identity {
            let id = record.policy_id(Policy {
                name: name.into(),
                text,
            });
            set.policies.push((path, id));
        }
        set.boundary = self.boundary.map(|it| {
            record.policy_id(Policy {
                name: "boundary".into(),
                text: PolicyText::Document(it.into()),
            })
        });
        let id = record.policy_set_id(set);
        for user in &mut record.iam_users.items {
            user.policies = known(id);
        }
        record.service_control_policies = known(self.levels);
        let role = |trust: String| IamRole {
            name: "deploy".into(),
            arn: "arn:aws:iam::111122223333:role/deploy".parse().unwrap(),
            trust_policy: trust.into(),
        };
        record.iam_roles = Listing::whole(self.trust.map(role).into_iter().collect(), SEEN);
        record
    }

    pub(crate) fn over(self, facts: UserFacts) -> Record {
        self.of_user(iam_user(facts))
    }
}

/// Returns the organization's service control policies in every example.
pub(crate) fn service_control_policies() -> Vec<ServiceControlPolicy> {
    let policy = |id: &str, name: &str, text: PolicyText| ServiceControlPolicy {
        id: id.into(),
        name: name.into(),
        text,
    };
    let of = |statement: &str| PolicyText::Document(document(&[statement]).into());
    vec![
        policy("p-FullAWSAccess", "FullAWSAccess", of(ADMIN)),
        policy("p-mfa", "RequireMfa", of(&deny("BoolIfExists"))),
        policy("p-leaks", "RequireMfaByBool", of(&deny("Bool"))),
        policy(
            "p-unread",
            "Hidden",
            PolicyText::Unread("access denied".into()),
        ),
    ]
}
