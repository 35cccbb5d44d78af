//! How sources are put together.

mod authorization;
mod iam_user;
mod root_user;
mod users;

use crate::credential_report::{SaidKey, Unsaid};
use aws::Trouble;
use model::{
    AccessKeyStatus, Account, AccountKind, AccountState, Arn, ConsolePassword, Dataset, Fact, Gap,
    GapReason, IamUser, LastUse, MfaDevice, MfaStatus, Partition, Presence, Record, Scope, Source,
    Timestamp,
};

use super::{Answer, Answers, Assembled, Order, Timed, UserReads, assemble};
use crate::{
    calls::{
        get_account_summary::AccountSummary, list_users::ListedUser,
        list_virtual_mfa_devices::AssignedDevice,
    },
    credential_report::CredentialReport,
};

/// When reports are made, and one hour before and after.
const REPORT: &str = "2026-11-24T06:00:00Z";
const EARLIER: &str = "2026-11-24T05:00:00Z";
const LATER: &str = "2026-11-24T07:00:00Z";
const CREATED: &str = "2026-01-01T00:00:00Z";

const HEADER: &str = "user,arn,user_creation_time,password_enabled,password_last_used,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_2_active,access_key_2_last_rotated,cert_1_active,cert_2_active";

fn time(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

#[expect(clippy::unnecessary_wraps, reason = "an answer may be trouble as well")]
fn timed<T>(value: T, at: &str) -> Answer<T> {
    Ok(Timed {
        value,
        at: time(at),
    })
}

fn denied(operation: &str) -> Trouble {
    Trouble::new(operation, GapReason::AccessDenied, "denied")
}

/// Returns a report of rows, of which each is a user and what the report says of password, MFA and the first key.
fn report(rows: &[(&str, &str, &str, &str)]) -> CredentialReport {
    let row = |(user, password, mfa, key): &(&str, &str, &str, &str)| {
        let resource = if *user == "<root_account>" {
            "root".to_owned()
        } else {
            format!("user/{user}")
        };
        let rotated = if *key == "true" { CREATED } else { "N/A" };
        format!(
            "{user},arn:aws:iam::111122223333:{resource},{CREATED},{password},no_information,{mfa},{key},{rotated},false,N/A,false,false"
        )
    };
    let lines: Vec<_> = rows.iter().map(row).collect();
    CredentialReport::parse(format!("{HEADER}\n{}", lines.join("\n")).as_bytes()).unwrap()
}

/// Returns answers of which none was had.
fn answers(order: Order) -> Answers {
    let account = Account {
        id: "111122223333".parse().unwrap(),
        name: String::new(),
        partition: Partition::commercial(),
        kind: AccountKind::Member,
        state: AccountState::Active,
        scope: Scope::Audited,
        ou_path: String::new(),
    };
    Answers::none(account, order, GapReason::NotRequested)
}

/// Returns answers with a report of these rows.
fn reported(order: Order, rows: &[(&str, &str, &str, &str)]) -> Answers {
    Answers {
        report: timed(report(rows), REPORT),
        ..answers(order)
    }
}

fn list(answers: &mut Answers, names: &[&str], at: &str) {
    let user = |name: &&str| ListedUser {
        name: (*name).to_owned(),
        arn: arn(&format!("user/{name}")),
        created_at: time(CREATED),
        password_last_used: None,
    };
    answers.users.items = names.iter().map(user).collect();
    answers.users.at = time(at);
    answers.users.missing = None;
}

fn arn(resource: &str) -> Arn {
    format!("arn:aws:iam::111122223333:{resource}")
        .parse()
        .unwrap()
}

fn device(name: &str) -> MfaDevice {
    MfaDevice::new(&format!("arn:aws:iam::111122223333:mfa/{name}"), None)
}

fn assign(answers: &mut Answers, owner: &str, name: &str, at: &str) {
    answers.virtual_devices.items.push(AssignedDevice {
        owner: arn(owner),
        device: device(name),
    });
    answers.virtual_devices.at = time(at);
    answers.virtual_devices.missing = None;
}

fn key(status: AccessKeyStatus) -> SaidKey {
    let unsaid = || Unsaid {
        reason: GapReason::NotRequested,
        detail: String::new(),
    };
    SaidKey {
        id: None,
        status,
        created_at: Err(unsaid()),
        last_used: Err(unsaid()),
    }
}

fn user<'a>(record: &'a Record, name: &str) -> &'a IamUser {
    record
        .iam_users
        .items
        .iter()
        .find(|it| &*it.name == name)
        .unwrap()
}

fn names(record: &Record) -> Vec<&str> {
    record.iam_users.items.iter().map(|it| &*it.name).collect()
}

/// Returns the value with its source, or the reason why there is none.
fn told<T: Copy>(record: &Record, fact: &Fact<T>) -> Result<(T, Source), GapReason> {
    match fact {
        Fact::Known(value, observation) => {
            Ok((*value, record.observation(*observation).unwrap().source))
        }
        Fact::Unknown(gap) => Err(record.gap(*gap).unwrap().reason),
    }
}

fn gap<'a, T>(record: &'a Record, fact: &Fact<T>) -> &'a Gap {
    record.gap(fact.get().err().unwrap()).unwrap()
}

fn record(answers: &Answers) -> Record {
    let Assembled { record, .. } = assemble(answers);
    assert!(record.is_consistent());
    record
}

const ROOT: &str = "<root_account>";
const SUMMARY: AccountSummary = AccountSummary {
    password: Some(1),
    access_keys: Some(0),
    signing_certificates: Some(0),
    mfa: Some(1),
    providers: Some(2),
};

#[test]
fn the_same_answers_make_the_same_record() {
    let mut answers = reported(
        Order::LiveIsLater,
        &[
            (ROOT, "true", "true", "false"),
            ("alice", "true", "false", "true"),
        ],
    );
    list(&mut answers, &["alice", "bob"], LATER);
    assign(&mut answers, "root", "x", LATER);
    assert_eq!(record(&answers), record(&answers));
    let gaps = record(&answers).gaps;
    assert!(
        gaps.iter()
            .all(|it| it.reason != GapReason::NotRequested || it.dataset != Dataset::RootMfa),
        "{gaps:?}"
    );
}
