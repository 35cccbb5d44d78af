//! How long it takes to judge the users of a large organization: `cargo bench -p mfaudit-policy --bench enforcement`, of
//! fewer accounts with `-- ACCOUNTS`.
//!
//! A million users of 50 000 accounts, each with 20 sets of policies of its own: documents that name the account, beside some
//! that all accounts have. The accounts are made and judged one after the other, and nothing of them is kept.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark takes the time, and tells it"
)]

use std::{sync::Arc, time::Instant};

use mfaudit_policy::engine::{
    Attached, Caller, Compiled, Credential, Enforcement, Level, Library, Origin, PolicySet,
    ScpLevel, SelfService, ServiceControl, self_management_policy, service_control_policy,
};

const ACCOUNTS: u64 = 50_000;
const SETS: u64 = 20;
const FULL: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;

fn own(account: u64, number: u64) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[
        {{"Sid":"Read","Effect":"Allow","Action":["s3:Get*","s3:List*","ec2:Describe*","logs:*"],"Resource":"*"}},
        {{"Effect":"Allow","Action":["dynamodb:*Item","sqs:*"],"Resource":["arn:aws:dynamodb:*:{account:012}:table/t{number}",
        "arn:aws:sqs:*:{account:012}:q{number}-*"]}},
        {{"Effect":"Allow","Action":"iam:*AccessKey*","Resource":"arn:aws:iam::{account:012}:user/${{aws:username}}"}},
        {{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::secret-{account:012}-{number}/*"}}]}}"#
    )
}

fn attached(level: Level, contents: &Arc<Compiled>) -> Attached {
    Attached {
        origin: Origin {
            policy: "p".to_owned(),
            level,
        },
        contents: Arc::clone(contents),
    }
}

fn main() {
    let mut library = Library::new(100);
    let full = library.compiled(FULL);
    let enforcing = library.compiled(&service_control_policy());
    let manage = library.compiled(&self_management_policy(&["aws"]));
    let self_service = SelfService::default();
    let credentials = [Credential::Password, Credential::AccessKey];
    let (mut enforced, mut not, mut other) = (0_u64, 0_u64, 0_u64);
    let given = std::env::args().find_map(|it| it.parse().ok());
    let start = Instant::now();
    for account in 0..given.unwrap_or(ACCOUNTS) {
        for number in 0..SETS {
            let root = "the root".to_owned();
            let level = || Level::ServiceControl("the root".to_owned());
            let mut over = vec![attached(level(), &full)];
            if number % 4 == 0 {
                over.push(attached(level(), &enforcing));
            }
            let own = Arc::new(Compiled::of_text(&own(account, number)));
            let mut identity = vec![attached(Level::UserInline, &own)];
            if number % 4 == 1 {
                identity.push(attached(Level::Group("everyone".to_owned()), &manage));
            }
            let over = ServiceControl::Levels(vec![ScpLevel {
                target: root,
                policies: over,
            }]);
            let set = PolicySet::new(identity, None, over);
            let caller = Caller {
                arn: format!("arn:aws:iam::{account:012}:user/u{number}"),
                name: format!("u{number}"),
                account: format!("{account:012}"),
                ..Caller::default()
            };
            match *set.enforcement(&credentials, &self_service, Some(&caller)) {
                Enforcement::Enforced { .. } => enforced += 1,
                Enforcement::NotEnforced { .. } => not += 1,
                Enforcement::NoCredentials | Enforcement::Unclear { .. } => other += 1,
            }
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    let users = enforced + not + other;
    println!("{users} users in {seconds:.1} s: {enforced} enforced, {not} not, {other} unclear");
}
