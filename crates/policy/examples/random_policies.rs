//! Writes random policy sets with requests, and what the engine says of them, as JSON lines: for another simulator to contradict.
//!
//! `cargo run -p mfaudit-policy --example random_policies -- SEED CASES`

use std::{
    io::{self, BufWriter, Write},
    sync::Arc,
};

use mfaudit_policy::engine::{
    Attached, Caller, Certainty, Compiled, Level, MfaContext, Origin, PolicySet, Request, Ruling,
    ScpLevel, ServiceControl, ServiceReference,
};
use serde_json::{Map, Value, json};

const ACTIONS: &[&str] = &[
    "iam:CreateUser",
    "iam:GetUser",
    "iam:ListUsers",
    "iam:CreateAccessKey",
    "iam:DeactivateMFADevice",
    "iam:EnableMFADevice",
    "iam:CreateVirtualMFADevice",
    "iam:ListVirtualMFADevices",
    "iam:ListMFADevices",
    "iam:PassRole",
    "iam:ChangePassword",
    "s3:GetObject",
    "s3:PutObject",
    "s3:ListAllMyBuckets",
    "s3:ListBucket",
    "s3:DeleteBucket",
    "ec2:RunInstances",
    "ec2:TerminateInstances",
    "ec2:DescribeInstances",
    "ec2:StopInstances",
    "sts:AssumeRole",
    "sts:GetSessionToken",
    "dynamodb:GetItem",
    "dynamodb:ListTables",
    "lambda:InvokeFunction",
    "lambda:ListFunctions",
    "sqs:SendMessage",
    "logs:CreateLogGroup",
    "ssm:GetParameter",
    "cloudtrail:StopLogging",
    "budgets:ViewBudget",
];

const PATTERNS: &[&str] = &[
    "*",
    "*",
    "iam:*",
    "iam:*MFA*",
    "iam:Get*",
    "IAM:list*",
    "iam:Create?*",
    "s3:*",
    "s3:Get*",
    "S3:getobject",
    "s3:*Bucket*",
    "ec2:*",
    "ec2:Describe*",
    "ec2:*Instances",
    "sts:*",
    "sts:Assume*",
    "dynamodb:*",
    "lambda:*",
    "lambda:List*",
];

const RESOURCES: &[&str] = &[
    "*",
    "*",
    "*",
    "*",
    "arn:aws:iam::111122223333:user/*",
    "arn:aws:iam::*:user/${aws:username}",
    "arn:aws:iam::111122223333:user/alice",
    "arn:aws:iam::*:mfa/*",
    "arn:aws:iam::*:role/app-*",
    "arn:aws:s3:::*",
    "arn:aws:s3:::logs",
    "arn:aws:s3:::logs/*",
    "arn:aws:s3:::logs/${aws:username}/*",
    "arn:aws:s3:::logs/a?c",
    "arn:*:s3:::*",
    "arn:aws:ec2:*:*:*",
    "arn:aws:ec2:*:*:instance/*",
    "arn:aws:ec2:eu-central-1:111122223333:instance/i-1",
    "arn:aws:*:*:*:*",
    "arn:aws:dynamodb:*:*:table/*",
    "arn:aws:sqs:*:111122223333:*",
    "arn:aws:iam::*:user/${aws:PrincipalTag/team}",
    "arn:aws:lambda:*:*:function:*",
    "arn:aws:s3:::logs/${aws:PrincipalTag/team, 'alice'}/*",
    "arn:aws:iam",
    "arn:aws:iam::*",
];

const TARGETS: &[&str] = &[
    "arn:aws:iam::111122223333:user/alice",
    "arn:aws:iam::111122223333:user/bob",
    "arn:aws:iam::111122223333:user/team/alice",
    "arn:aws:iam::111122223333:mfa/alice",
    "arn:aws:iam::111122223333:role/app-shop",
    "arn:aws:s3:::logs",
    "arn:aws:s3:::logs/alice/x",
    "arn:aws:s3:::logs/abc",
    "arn:aws:s3:::other",
    "arn:aws-cn:s3:::logs/abc",
    "arn:aws:ec2:eu-central-1:111122223333:instance/i-1",
    "arn:aws:ec2:us-east-1:111122223333:volume/v-1",
    "arn:aws:dynamodb:eu-central-1:111122223333:table/t",
    "arn:aws:sqs:eu-central-1:111122223333:q",
    "arn:aws:lambda:eu-central-1:111122223333:function:f",
];

const CONDITIONS: &[&str] = &[
    r#"{"Bool":{"aws:MultiFactorAuthPresent":"false"}}"#,
    r#"{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#,
    r#"{"Bool":{"AWS:multifactorauthpresent":"TRUE"}}"#,
    r#"{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}"#,
    r#"{"BoolIfExists":{"aws:MultiFactorAuthPresent":"true"}}"#,
    r#"{"Bool":{"aws:MultiFactorAuthPresent":["true","false"]}}"#,
    r#"{"Null":{"aws:MultiFactorAuthPresent":"true"}}"#,
    r#"{"Null":{"aws:MultiFactorAuthPresent":"false"}}"#,
    r#"{"StringNotEquals":{"aws:MultiFactorAuthPresent":"true"}}"#,
    r#"{"NumericGreaterThan":{"aws:MultiFactorAuthAge":"3600"}}"#,
    r#"{"NumericGreaterThanIfExists":{"aws:MultiFactorAuthAge":"3600"}}"#,
    r#"{"NumericLessThan":{"aws:MultiFactorAuthAge":"3600"}}"#,
    r#"{"Null":{"aws:MultiFactorAuthAge":"true"}}"#,
    r#"{"Null":{"aws:TokenIssueTime":"true"}}"#,
    r#"{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false","aws:ViaAWSService":"false"}}"#,
    r#"{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/a*"}}"#,
    r#"{"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/a*"}}"#,
    r#"{"ArnLike":{"aws:PrincipalArn":"arn:*:iam::*:role/*"}}"#,
    r#"{"ArnEquals":{"aws:PrincipalArn":["arn:aws:iam::111122223333:user/bob","arn:aws:iam::111122223333:user/alice"]}}"#,
    r#"{"StringLike":{"aws:PrincipalArn":"*:user/team/*"}}"#,
    r#"{"StringNotLike":{"aws:PrincipalArn":["*:role/*","*:user/break-glass"]}}"#,
    r#"{"StringEquals":{"aws:username":"alice"}}"#,
    r#"{"StringNotEquals":{"aws:username":["alice","bob"]}}"#,
    r#"{"StringEqualsIgnoreCase":{"aws:username":"ALICE"}}"#,
    r#"{"StringNotEqualsIgnoreCase":{"aws:username":"Alice"}}"#,
    r#"{"StringEquals":{"aws:PrincipalTag/team":"shop"}}"#,
    r#"{"StringNotEquals":{"aws:PrincipalTag/team":"shop"}}"#,
    r#"{"StringEqualsIfExists":{"aws:PrincipalTag/team":"shop"}}"#,
    r#"{"StringEquals":{"aws:PrincipalOrgID":"o-a"}}"#,
    r#"{"StringNotEquals":{"aws:PrincipalOrgID":"o-a"}}"#,
    r#"{"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-a/r-b/*"}}"#,
    r#"{"ForAllValues:StringNotLike":{"aws:PrincipalOrgPaths":"o-a/r-b/*"}}"#,
    r#"{"StringEquals":{"aws:PrincipalType":"User"}}"#,
    r#"{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}"#,
    r#"{"NotIpAddress":{"aws:SourceIp":"192.0.2.0/24"}}"#,
    r#"{"NotIpAddressIfExists":{"aws:SourceIp":"192.0.2.0/24"}}"#,
    r#"{"StringEquals":{"aws:RequestedRegion":["eu-central-1","us-east-1"]}}"#,
    r#"{"StringNotEquals":{"aws:RequestedRegion":"eu-central-1"}}"#,
    r#"{"StringLikeIfExists":{"aws:RequestedRegion":"*"}}"#,
    r#"{"StringLike":{"aws:RequestedRegion":"*"}}"#,
    r#"{"ForAllValues:StringLike":{"aws:TagKeys":"*"}}"#,
    r#"{"ForAllValues:StringEquals":{"aws:TagKeys":["team"]}}"#,
    r#"{"ForAnyValue:StringEquals":{"aws:TagKeys":["team"]}}"#,
    r#"{"Null":{"aws:TagKeys":"false"}}"#,
    r#"{"Bool":{"aws:SecureTransport":"false"}}"#,
    r#"{"Bool":{"aws:ViaAWSService":"true"}}"#,
    r#"{"StringEquals":{"aws:username":"${aws:PrincipalTag/team}"}}"#,
    r#"{"StringEquals":{"aws:username":"${aws:PrincipalTag/team, 'bob'}"}}"#,
    r#"{"StringLike":{"aws:PrincipalArn":"*/${aws:username}"}}"#,
    r#"{"ForAllValues:Bool":{"aws:MultiFactorAuthPresent":"false"}}"#,
    r#"{"ForAnyValue:Bool":{"aws:MultiFactorAuthPresent":"false"}}"#,
    r#"{"ForAnyValue:StringNotEquals":{"aws:TagKeys":"team"}}"#,
    r#"{"ForAllValues:StringNotEquals":{"aws:TagKeys":"team"}}"#,
    r#"{"ForAnyValue:StringEquals":{"aws:CalledVia":"athena.amazonaws.com"}}"#,
    r#"{"ForAllValues:StringEquals":{"aws:CalledVia":"athena.amazonaws.com"}}"#,
    r#"{"StringNotEqualsIfExists":{"aws:PrincipalTag/team":"shop"}}"#,
    r#"{"NumericNotEquals":{"aws:MultiFactorAuthAge":"0"}}"#,
    r#"{"DateGreaterThan":{"aws:TokenIssueTime":"2026-01-01T00:00:00Z"}}"#,
    r#"{"DateLessThanIfExists":{"aws:TokenIssueTime":"2026-01-01T00:00:00Z"}}"#,
    r#"{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"},"StringNotLike":{"aws:PrincipalArn":"*:user/alice"}}"#,
    r#"{"BoolIfExists":{"aws:MultiFactorAuthPresent":"true"},"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}"#,
];

const EXEMPT: &[&str] = &[
    "iam:CreateVirtualMFADevice",
    "iam:EnableMFADevice",
    "iam:GetUser",
    "iam:ListMFADevices",
    "iam:ListVirtualMFADevices",
    "iam:ResyncMFADevice",
    "sts:GetSessionToken",
    "iam:DeactivateMFADevice",
    "iam:ChangePassword",
];

/// Numbers that are the same on every machine: splitmix64.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut it = self.0;
        it = (it ^ (it >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        it ^ (it >> 31)
    }

    fn below(&mut self, past: usize) -> usize {
        usize::try_from(self.next() % past as u64).unwrap_or_default()
    }

    fn one_in(&mut self, past: usize) -> bool {
        self.below(past) == 0
    }

    fn pick(&mut self, from: &[&'static str]) -> &'static str {
        let place = self.below(from.len());
        from.get(place).copied().unwrap_or_default()
    }

    fn some(&mut self, from: &[&'static str], most: usize) -> Vec<&'static str> {
        let count = 1 + self.below(most);
        (0..count).map(|_| self.pick(from)).collect()
    }
}

fn statement(dice: &mut Dice, denies_in: usize) -> Value {
    let denies = dice.one_in(denies_in);
    let mut members = Map::new();
    members.insert(
        "Effect".into(),
        if denies { "Deny" } else { "Allow" }.into(),
    );
    if dice.one_in(4) {
        let exempt = if dice.one_in(3) {
            dice.some(PATTERNS, 3)
        } else {
            dice.some(EXEMPT, 7)
        };
        members.insert("NotAction".into(), json!(exempt));
    } else if dice.one_in(3) {
        members.insert("Action".into(), json!(dice.some(ACTIONS, 5)));
    } else {
        members.insert("Action".into(), json!(dice.some(PATTERNS, 2)));
    }
    let element = if dice.one_in(8) {
        "NotResource"
    } else {
        "Resource"
    };
    let most = if dice.one_in(3) { 3 } else { 1 };
    members.insert(element.into(), json!(dice.some(RESOURCES, most)));
    if denies || dice.one_in(2) {
        let condition = dice.pick(CONDITIONS);
        if !dice.one_in(6) {
            members.insert(
                "Condition".into(),
                serde_json::from_str(condition).unwrap_or_default(),
            );
        }
    }
    Value::Object(members)
}

fn policy(dice: &mut Dice, most: usize, denies_in: usize) -> Value {
    let count = 1 + dice.below(most);
    let statements: Vec<_> = (0..count).map(|_| statement(dice, denies_in)).collect();
    // The simulator replaces variables in documents of the older version too, of which AWS says that it does not.
    let has_variables = json!(statements).to_string().contains("${");
    let version = if !has_variables && dice.one_in(8) {
        "2008-10-17"
    } else {
        "2012-10-17"
    };
    json!({ "Version": version, "Statement": statements })
}

fn full() -> Value {
    let all = json!({ "Effect": "Allow", "Action": "*", "Resource": "*" });
    json!({ "Version": "2012-10-17", "Statement": [all] })
}

fn attached(level: Level, document: &Value) -> Attached {
    Attached {
        origin: Origin {
            policy: "random".into(),
            level,
        },
        contents: Arc::new(Compiled::of_text(&document.to_string())),
    }
}

/// Policies as documents, and as a set.
struct Case {
    identity: Vec<Value>,
    boundary: Option<Value>,
    over: Vec<Vec<Value>>,
    set: PolicySet,
}

fn case(dice: &mut Dice) -> Case {
    let identity: Vec<_> = (0..=dice.below(3)).map(|_| policy(dice, 3, 3)).collect();
    let boundary = dice.one_in(4).then(|| {
        if dice.one_in(3) {
            full()
        } else {
            policy(dice, 3, 4)
        }
    });
    let levels = if dice.one_in(2) { 0 } else { 1 + dice.below(3) };
    let over: Vec<Vec<_>> = (0..levels)
        .map(|_| {
            let mut policies = Vec::new();
            if !dice.one_in(5) {
                policies.push(full());
            }
            if policies.is_empty() || dice.one_in(2) {
                policies.push(policy(dice, 2, 2));
            }
            policies
        })
        .collect();
    let level = |(number, policies): (usize, &Vec<Value>)| {
        let target = format!("level {number}");
        let level = Level::ServiceControl(target.clone());
        ScpLevel {
            target,
            policies: policies
                .iter()
                .map(|it| attached(level.clone(), it))
                .collect(),
        }
    };
    let control = if over.is_empty() {
        ServiceControl::None
    } else {
        ServiceControl::Levels(over.iter().enumerate().map(level).collect())
    };
    let set = PolicySet::new(
        identity
            .iter()
            .map(|it| attached(Level::User, it))
            .collect(),
        boundary.as_ref().map(|it| attached(Level::Boundary, it)),
        control,
    );
    Case {
        identity,
        boundary,
        over,
        set,
    }
}

fn caller(dice: &mut Dice) -> Caller {
    let (path, name) = [
        ("", "alice"),
        ("team/", "alice"),
        ("", "bob"),
        ("", "break-glass"),
    ]
    .get(dice.below(4))
    .copied()
    .unwrap_or_default();
    Caller {
        arn: format!("arn:aws:iam::111122223333:user/{path}{name}"),
        name: name.into(),
        account: "111122223333".into(),
        user_id: Some("AIDAEXAMPLEEXAMPLE123".into()),
        organization: Some(if dice.one_in(3) { "o-b" } else { "o-a" }.into()),
        organization_path: Some(
            if dice.one_in(3) {
                "o-a/r-c/"
            } else {
                "o-a/r-b/ou-1/"
            }
            .into(),
        ),
        tags: Some(if dice.one_in(2) {
            [(
                "team".into(),
                if dice.one_in(2) { "shop" } else { "alice" }.into(),
            )]
            .into()
        } else {
            [].into()
        }),
    }
}

/// Returns a context that agrees with what is known, and has something or nothing for the rest.
fn context(dice: &mut Dice, mfa: MfaContext, caller: &Caller) -> Value {
    let mut keys = Map::new();
    let mut put = |key: &str, value: Value| keys.insert(key.to_owned(), value);
    put("aws:PrincipalArn", json!(caller.arn));
    put("aws:username", json!(caller.name));
    put("aws:userid", json!(caller.user_id));
    put("aws:PrincipalAccount", json!(caller.account));
    put("aws:PrincipalType", json!("User"));
    put("aws:PrincipalOrgID", json!(caller.organization));
    put("aws:PrincipalOrgPaths", json!([caller.organization_path]));
    put("aws:ViaAWSService", json!("false"));
    put("aws:PrincipalIsAWSService", json!("false"));
    for (tag, value) in caller.tags.iter().flatten() {
        put(&format!("aws:PrincipalTag/{tag}"), json!(value));
    }
    if mfa != MfaContext::Absent {
        put(
            "aws:MultiFactorAuthPresent",
            json!((mfa == MfaContext::True).to_string()),
        );
        put("aws:TokenIssueTime", json!("2026-11-24T09:00:00Z"));
    }
    if mfa == MfaContext::True {
        put(
            "aws:MultiFactorAuthAge",
            json!(if dice.one_in(2) { "60" } else { "7200" }),
        );
    }
    if dice.one_in(2) {
        put(
            "aws:SourceIp",
            json!(if dice.one_in(2) {
                "192.0.2.7"
            } else {
                "203.0.113.7"
            }),
        );
    }
    if dice.one_in(2) {
        put(
            "aws:RequestedRegion",
            json!(if dice.one_in(2) {
                "eu-central-1"
            } else {
                "ap-south-1"
            }),
        );
    }
    if dice.one_in(2) {
        put(
            "aws:TagKeys",
            json!([["team"].as_slice(), &["cost"], &["team", "cost"]].get(dice.below(3))),
        );
    }
    if dice.one_in(2) {
        put(
            "aws:SecureTransport",
            json!(if dice.one_in(2) { "true" } else { "false" }),
        );
    }
    Value::Object(keys)
}

fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default: u64| {
        arguments
            .next()
            .and_then(|it| it.parse().ok())
            .unwrap_or(default)
    };
    let (seed, most) = (number(1), number(20_000));
    let mut dice = Dice(seed);
    let mut out = BufWriter::new(io::stdout().lock());
    let mut written = 0;
    let mut told = [0_u64; 3];
    while written < most {
        let case = case(&mut dice);
        let user = caller(&mut dice);
        let known = (!dice.one_in(3)).then_some(&user);
        for mfa in MfaContext::ALL {
            let decision = case
                .set
                .decide_within(&Request { mfa, caller: known }, &case.set.nothing());
            for _ in 0..6 {
                let action = dice.pick(ACTIONS);
                let ruling = decision.ruling(action);
                let (expected, resources) = match &ruling {
                    Ruling::Allowed { on, .. } => ("allowed", [on.as_slice(), on, on].concat()),
                    Ruling::Hangs { .. } => ("", Vec::new()),
                    Ruling::Denied(_) | Ruling::NotAllowed(_) => {
                        let on_resources = ServiceReference::get().is_on_resources(action);
                        let mut resources = dice.some(TARGETS, 2);
                        if !on_resources {
                            resources.push("*");
                        }
                        let resources = resources.into_iter().map(str::to_owned).collect();
                        ("denied", resources)
                    }
                };
                let count = match ruling.certainty() {
                    Certainty::SurelyAllowed => &mut told[0],
                    Certainty::PossiblyAllowed => &mut told[1],
                    Certainty::SurelyNot => &mut told[2],
                };
                *count += 1;
                for resource in resources {
                    // What a pattern leaves open may be anything.
                    let resource = if resource == "*" {
                        resource
                    } else {
                        resource.replace('*', "x")
                    };
                    let line = json!({
                        "principal": user.arn,
                        "identity": case.identity,
                        "boundary": case.boundary,
                        "over": case.over,
                        "context": context(&mut dice, mfa, &user),
                        "action": action,
                        "resource": resource,
                        "expected": expected,
                        "mfa": format!("{mfa:?}"),
                    });
                    writeln!(out, "{line}")?;
                    written += 1;
                }
            }
        }
    }
    let [surely, possibly, not] = told;
    writeln!(
        out,
        "{}",
        json!({ "surely": surely, "possibly": possibly, "not": not })
    )?;
    out.flush()
}
