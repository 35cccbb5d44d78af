//! How sources are put together.

use aws::Trouble;
use model::{
    AccessKey, AccessKeyStatus, Account, AccountKind, AccountState, Arn, ConsolePassword, Dataset,
    Fact, Gap, GapReason, IamUser, LastUse, MfaDevice, MfaStatus, Partition, Presence, Record,
    Scope, Source, Timestamp,
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

fn key(status: AccessKeyStatus) -> AccessKey {
    AccessKey {
        status,
        created_at: None,
        last_used: None,
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
fn the_summary_and_the_report_settle_the_root_user() {
    use MfaStatus::{Enabled, NotEnabled};
    use Order::{ByTime, LiveIsLater};
    let summary = Ok((Enabled, Source::GetAccountSummary));
    let report = Ok((NotEnabled, Source::GetCredentialReport));
    for (order, says, at, expected) in [
        (LiveIsLater, "true", LATER, summary),
        (LiveIsLater, "false", LATER, summary),
        (LiveIsLater, "false", EARLIER, summary),
        (LiveIsLater, "false", "", summary),
        (ByTime, "true", EARLIER, summary),
        (ByTime, "true", "", summary),
        (ByTime, "false", LATER, summary),
        (ByTime, "false", EARLIER, report),
        (ByTime, "false", REPORT, Err(GapReason::Contradictory)),
        (ByTime, "false", "", Err(GapReason::Contradictory)),
    ] {
        let mut answers = reported(order, &[(ROOT, "true", says, "false")]);
        answers.summary = timed(SUMMARY, at);
        let record = record(&answers);
        assert_eq!(
            told(&record, &record.root_user.mfa),
            expected,
            "{order:?}: report {says}, summary at {at:?}"
        );
    }
}

#[test]
fn sources_that_contradict_each_other_are_both_named() {
    let mut answers = reported(Order::ByTime, &[(ROOT, "false", "false", "true")]);
    answers.summary = timed(SUMMARY, "");
    let record = record(&answers);
    let root = &record.root_user;
    for (gap, dataset, old, new) in [
        (
            gap(&record, &root.mfa),
            Dataset::RootMfa,
            "MFA is not enabled",
            "MFA is enabled",
        ),
        (
            gap(&record, &root.password),
            Dataset::RootCredentials,
            "no password is set",
            "a password is set",
        ),
        (
            gap(&record, &root.access_key),
            Dataset::RootCredentials,
            "there is one",
            "there is none",
        ),
    ] {
        assert_eq!(
            (gap.dataset, gap.reason),
            (dataset, GapReason::Contradictory)
        );
        let expected = format!(
            "GetCredentialReport says {old}, GetAccountSummary says {new}, and nothing tells which is later"
        );
        assert_eq!(gap.detail, expected);
    }
}

#[test]
fn each_key_of_the_summary_decides_its_own_fact() {
    let mut answers = answers(Order::LiveIsLater);
    answers.summary = timed(
        AccountSummary {
            access_keys: Some(1),
            mfa: Some(0),
            ..SUMMARY
        },
        LATER,
    );
    let record = record(&answers);
    let root = &record.root_user;
    let source = Source::GetAccountSummary;
    assert_eq!(
        told(&record, &root.password),
        Ok((ConsolePassword::Set, source))
    );
    assert_eq!(
        told(&record, &root.access_key),
        Ok((Presence::Present, source))
    );
    assert_eq!(
        told(&record, &root.signing_certificate),
        Ok((Presence::Absent, source))
    );
    assert_eq!(
        told(&record, &root.mfa),
        Ok((MfaStatus::NotEnabled, source))
    );
    assert_eq!(told(&record, &record.identity_providers), Ok((2, source)));
}

#[test]
fn a_key_that_the_summary_lacks_is_the_reports_or_a_gap() {
    let lacking = AccountSummary {
        password: None,
        providers: None,
        ..SUMMARY
    };
    let mut answers = reported(Order::LiveIsLater, &[(ROOT, "false", "true", "false")]);
    answers.summary = timed(lacking, LATER);
    let of_report = record(&answers);
    let expected = Ok((ConsolePassword::NotSet, Source::GetCredentialReport));
    assert_eq!(told(&of_report, &of_report.root_user.password), expected);
    answers.report = Err(denied("GetCredentialReport"));
    let without = record(&answers);
    let gap = gap(&without, &without.root_user.password);
    assert_eq!(
        (gap.reason, gap.operation.as_str()),
        (GapReason::NotInEvidence, "GetAccountSummary")
    );
    assert_eq!(gap.detail, "the answer has no `AccountPasswordPresent`");
    assert_eq!(
        told(&without, &without.identity_providers),
        Err(GapReason::NotInEvidence)
    );
}

#[test]
fn a_negative_count_of_providers_is_no_count() {
    let mut answers = answers(Order::LiveIsLater);
    answers.summary = timed(
        AccountSummary {
            providers: Some(-1),
            ..SUMMARY
        },
        LATER,
    );
    let record = record(&answers);
    assert!(record.identity_providers.known().is_none());
}

#[test]
fn not_supported_means_a_password_in_the_commercial_partition_alone() {
    for (partition, expected) in [
        (
            "aws",
            Ok((ConsolePassword::Set, Source::GetCredentialReport)),
        ),
        ("aws-us-gov", Err(GapReason::NotInEvidence)),
        ("aws-cn", Err(GapReason::NotInEvidence)),
    ] {
        let mut answers = reported(
            Order::LiveIsLater,
            &[(ROOT, "not_supported", "false", "false")],
        );
        answers.account.partition = Partition::new(partition);
        let record = record(&answers);
        assert_eq!(
            told(&record, &record.root_user.password),
            expected,
            "{partition}"
        );
    }
}

#[test]
fn without_summary_and_report_the_summarys_trouble_is_told() {
    let mut answers = answers(Order::LiveIsLater);
    answers.summary = Err(denied("GetAccountSummary"));
    answers.report = Err(Trouble::new(
        "GetCredentialReport",
        GapReason::Throttled,
        "",
    ));
    let nothing = record(&answers);
    assert_eq!(
        gap(&nothing, &nothing.root_user.mfa).operation,
        "GetAccountSummary"
    );
    // A report that has no row of the root user says more.
    answers.report = timed(report(&[("alice", "true", "true", "false")]), REPORT);
    let rowless = record(&answers);
    let gap = gap(&rowless, &rowless.root_user.mfa);
    assert_eq!(
        (gap.operation.as_str(), gap.reason),
        ("GetCredentialReport", GapReason::NotInEvidence)
    );
}

#[test]
fn a_device_is_the_root_users_by_its_owner_and_never_by_its_name() {
    for (owner, name, is_roots) in [
        ("root", "anything", true),
        ("root", "alice", true),
        ("user/root", "root-account-mfa-device", false),
        (
            "user/root-account-mfa-device",
            "root-account-mfa-device",
            false,
        ),
        ("user/groot", "root", false),
        ("user/path:root", "x", false),
    ] {
        let mut answers = answers(Order::LiveIsLater);
        assign(&mut answers, owner, name, LATER);
        let record = record(&answers);
        let expected = if is_roots {
            Ok((MfaStatus::Enabled, Source::ListVirtualMfaDevices))
        } else {
            Err(GapReason::NotRequested)
        };
        assert_eq!(
            told(&record, &record.root_user.mfa),
            expected,
            "{owner} {name}"
        );
        assert_eq!(
            record.root_user.mfa_devices.items.len(),
            usize::from(is_roots),
            "{owner} {name}"
        );
    }
    let mut elsewhere = answers(Order::LiveIsLater);
    assign(&mut elsewhere, "root", "anything", LATER);
    elsewhere.virtual_devices.items[0].owner = "arn:aws:iam::999999999999:root".parse().unwrap();
    assert!(
        record(&elsewhere).root_user.mfa.known().is_none(),
        "another account's root user"
    );
}

#[test]
fn that_the_root_user_has_no_virtual_device_says_nothing() {
    let mut answers = reported(Order::LiveIsLater, &[(ROOT, "true", "true", "false")]);
    assign(&mut answers, "user/alice", "alice", LATER);
    answers.summary = timed(SUMMARY, LATER);
    let record = record(&answers);
    assert_eq!(
        told(&record, &record.root_user.mfa),
        Ok((MfaStatus::Enabled, Source::GetAccountSummary))
    );
    let gap = record
        .gap(record.root_user.mfa_devices.gap.unwrap())
        .unwrap();
    assert_eq!(gap.reason, GapReason::NotVisible);
}

#[test]
fn a_device_of_a_root_user_without_mfa_is_later_or_contradicts() {
    use Order::{ByTime, LiveIsLater};
    let enabled = Ok((MfaStatus::Enabled, Source::ListVirtualMfaDevices));
    let contradictory = Err(GapReason::Contradictory);
    for (order, at, expected) in [
        (LiveIsLater, EARLIER, enabled),
        (ByTime, LATER, enabled),
        (ByTime, EARLIER, contradictory),
        (ByTime, "", contradictory),
    ] {
        let mut answers = reported(order, &[(ROOT, "true", "false", "false")]);
        assign(&mut answers, "root", "x", at);
        let record = record(&answers);
        assert_eq!(
            told(&record, &record.root_user.mfa),
            expected,
            "{order:?} at {at:?}"
        );
    }
    let mut live = answers(LiveIsLater);
    live.summary = timed(
        AccountSummary {
            mfa: Some(0),
            ..SUMMARY
        },
        LATER,
    );
    assign(&mut live, "root", "x", LATER);
    let record = record(&live);
    assert_eq!(told(&record, &record.root_user.mfa), contradictory);
    assert!(
        gap(&record, &record.root_user.mfa)
            .detail
            .contains("GetAccountSummary says the root user has no MFA")
    );
}

#[test]
fn a_root_user_without_mfa_has_no_devices() {
    let mut answers = answers(Order::LiveIsLater);
    answers.summary = timed(
        AccountSummary {
            mfa: Some(0),
            ..SUMMARY
        },
        LATER,
    );
    let record = record(&answers);
    let devices = &record.root_user.mfa_devices;
    assert!(devices.items.is_empty() && devices.gap.is_none());
}

#[test]
fn a_user_of_the_report_alone_is_gone_if_the_list_is_whole_and_later() {
    use Order::{ByTime, LiveIsLater};
    for (order, at, gone) in [
        (LiveIsLater, LATER, true),
        (LiveIsLater, "", true),
        (ByTime, LATER, true),
        (ByTime, EARLIER, false),
        (ByTime, "", false),
    ] {
        let mut answers = reported(
            order,
            &[
                ("alice", "true", "true", "false"),
                ("bob", "true", "false", "false"),
            ],
        );
        list(&mut answers, &["alice"], at);
        let record = record(&answers);
        let expected = if gone {
            vec!["alice"]
        } else {
            vec!["alice", "bob"]
        };
        assert_eq!(names(&record), expected, "{order:?}: list at {at:?}");
        let note = "1 user of the credential report no longer exists and was left out";
        assert_eq!(
            record.notes.iter().any(|it| it == note),
            gone,
            "{:?}",
            record.notes
        );
        assert_eq!(record.iam_users.gap, None);
    }
}

#[test]
fn a_user_of_the_report_alone_is_kept_if_the_list_is_not_whole() {
    let mut answers = reported(
        Order::LiveIsLater,
        &[
            ("alice", "true", "true", "false"),
            ("bob", "true", "false", "false"),
        ],
    );
    list(&mut answers, &["alice"], LATER);
    answers.users.missing = Some(denied("ListUsers"));
    let record = record(&answers);
    assert_eq!(names(&record), ["alice", "bob"]);
    assert!(record.notes.is_empty());
    assert_eq!(
        record.gap(record.iam_users.gap.unwrap()).unwrap().reason,
        GapReason::AccessDenied
    );
}

#[test]
fn saved_evidence_without_a_list_has_the_users_of_the_report() {
    let answers = reported(Order::ByTime, &[("alice", "true", "true", "false")]);
    let record = record(&answers);
    assert_eq!(
        (names(&record), record.iam_users.gap),
        (vec!["alice"], None)
    );
    let source = record
        .observation(record.iam_users.observation.unwrap())
        .unwrap();
    assert_eq!(
        (source.source, source.at),
        (Source::GetCredentialReport, time(REPORT))
    );
}

#[test]
fn rows_that_name_nobody_leave_a_gap_in_the_list() {
    let text = format!(
        "{HEADER}\nalice,arn:aws:iam::111122223333:user/alice,{CREATED},true,N/A,true,false,N/A,false,N/A,false,false\n,someone,,\n"
    );
    let parsed = CredentialReport::parse(text.as_bytes()).unwrap();
    assert_eq!(parsed.unreadable.len(), 1);
    for (order, at, whole) in [
        (Order::ByTime, None, false),
        (Order::LiveIsLater, None, false),
        (Order::ByTime, Some(EARLIER), false),
        (Order::LiveIsLater, Some(LATER), true),
    ] {
        let mut answers = Answers {
            report: timed(parsed.clone(), REPORT),
            ..answers(order)
        };
        if let Some(at) = at {
            list(&mut answers, &["alice"], at);
        }
        let record = record(&answers);
        assert_eq!(record.iam_users.gap.is_none(), whole, "{order:?} {at:?}");
        if let Some(gap) = record.iam_users.gap {
            let gap = record.gap(gap).unwrap();
            assert_eq!(
                (gap.dataset, gap.reason),
                (Dataset::IamUsers, GapReason::Malformed)
            );
            assert!(gap.detail.starts_with("line 3"), "{}", gap.detail);
        }
    }
}

#[test]
fn without_list_and_report_no_user_is_known() {
    let mut answers = answers(Order::LiveIsLater);
    answers.users.missing = Some(denied("ListUsers"));
    let record = record(&answers);
    assert!(record.iam_users.items.is_empty());
    assert_eq!(
        record.gap(record.iam_users.gap.unwrap()).unwrap().operation,
        "ListUsers"
    );
}

#[test]
fn a_row_of_a_former_user_of_the_same_name_is_not_the_users() {
    for (created, is_same) in [
        (Some(CREATED), true),
        (None, true),
        (Some("2026-06-01T00:00:00Z"), false),
        (Some(LATER), false),
    ] {
        let mut answers = reported(Order::LiveIsLater, &[("alice", "false", "true", "false")]);
        list(&mut answers, &["alice"], LATER);
        answers.users.items[0].created_at = created.and_then(time);
        let record = record(&answers);
        let alice = user(&record, "alice");
        let seen = [
            alice.password.known().is_some(),
            alice.mfa.known().is_some(),
            alice.access_keys.known().is_some(),
        ];
        assert_eq!(seen, [is_same; 3], "created {created:?}");
        if !is_same {
            assert!(gap(&record, &alice.mfa).detail.contains("created since"));
        }
    }
}

#[test]
fn a_user_created_since_has_no_row_and_is_listed() {
    let mut answers = reported(Order::LiveIsLater, &[("alice", "true", "true", "false")]);
    list(&mut answers, &["alice", "newcomer"], LATER);
    let record = record(&answers);
    assert_eq!(
        told(&record, &user(&record, "newcomer").password),
        Err(GapReason::NotInEvidence)
    );
    assert_eq!(
        told(&record, &user(&record, "newcomer").created_at),
        Ok((time(CREATED).unwrap(), Source::ListUsers))
    );
}

/// Returns what the record says of alice, and whether she is said to have changed.
fn alice(answers: &Answers) -> (Record, bool) {
    let changed = assemble(answers).changed.contains("alice");
    (record(answers), changed)
}

#[test]
fn a_live_read_settles_the_password() {
    use ConsolePassword::{NotSet, Set};
    for (says, read, expected, changes) in [
        ("true", None, Ok((Set, Source::GetCredentialReport)), false),
        (
            "true",
            Some(timed(Set, LATER)),
            Ok((Set, Source::GetLoginProfile)),
            false,
        ),
        (
            "true",
            Some(timed(NotSet, LATER)),
            Ok((NotSet, Source::GetLoginProfile)),
            true,
        ),
        (
            "false",
            Some(timed(Set, LATER)),
            Ok((Set, Source::GetLoginProfile)),
            true,
        ),
        (
            "N/A",
            Some(timed(Set, LATER)),
            Ok((Set, Source::GetLoginProfile)),
            false,
        ),
        // The user may have been fixed since, or have got a password.
        (
            "true",
            Some(Err(denied("GetLoginProfile"))),
            Err(GapReason::AccessDenied),
            false,
        ),
        (
            "false",
            Some(Err(denied("GetLoginProfile"))),
            Err(GapReason::AccessDenied),
            false,
        ),
        (
            "N/A",
            Some(Err(denied("GetLoginProfile"))),
            Err(GapReason::AccessDenied),
            false,
        ),
        ("N/A", None, Err(GapReason::NotInEvidence), false),
        ("maybe", None, Err(GapReason::Malformed), false),
    ] {
        let mut answers = reported(Order::LiveIsLater, &[("alice", says, "true", "false")]);
        list(&mut answers, &["alice"], LATER);
        let named = format!("report {says}, read {read:?}");
        answers.reads.insert(
            "alice".to_owned(),
            UserReads {
                login_profile: read,
                ..UserReads::default()
            },
        );
        let (record, changed) = alice(&answers);
        assert_eq!(
            (told(&record, &user(&record, "alice").password), changed),
            (expected, changes),
            "{named}"
        );
    }
}

#[test]
fn a_live_read_or_a_virtual_device_settles_mfa() {
    use MfaStatus::{Enabled, NotEnabled};
    let one = || Some(timed(vec![device("alice")], LATER));
    let none = || Some(timed(Vec::new(), LATER));
    let failed = || Some(Err(denied("ListMFADevices")));
    let (report, read, listed) = (
        Source::GetCredentialReport,
        Source::ListMfaDevices,
        Source::ListVirtualMfaDevices,
    );
    for (says, asked, has_virtual, expected, changes) in [
        ("true", None, false, Ok((Enabled, report)), false),
        ("false", None, false, Ok((NotEnabled, report)), false),
        ("true", None, true, Ok((Enabled, listed)), false),
        ("false", None, true, Ok((Enabled, listed)), true),
        ("true", none(), false, Ok((NotEnabled, read)), true),
        ("true", none(), true, Ok((NotEnabled, read)), true),
        ("false", one(), false, Ok((Enabled, read)), true),
        ("false", none(), false, Ok((NotEnabled, read)), false),
        // That MFA was enabled outlives a read that failed; that it was not does not.
        ("true", failed(), false, Ok((Enabled, report)), false),
        (
            "false",
            failed(),
            false,
            Err(GapReason::AccessDenied),
            false,
        ),
        ("false", failed(), true, Ok((Enabled, listed)), true),
        ("N/A", failed(), false, Err(GapReason::AccessDenied), false),
        ("N/A", None, true, Ok((Enabled, listed)), false),
    ] {
        let mut answers = reported(Order::LiveIsLater, &[("alice", "true", says, "false")]);
        list(&mut answers, &["alice"], LATER);
        if has_virtual {
            assign(&mut answers, "user/alice", "anything", LATER);
        }
        let named = format!("report {says}, read {asked:?}, virtual {has_virtual}");
        answers.reads.insert(
            "alice".to_owned(),
            UserReads {
                mfa_devices: asked,
                ..UserReads::default()
            },
        );
        let (record, changed) = alice(&answers);
        assert_eq!(
            (told(&record, &user(&record, "alice").mfa), changed),
            (expected, changes),
            "{named}"
        );
    }
}

#[test]
fn a_virtual_device_is_a_users_by_its_owners_whole_arn() {
    let mut answers = reported(Order::LiveIsLater, &[("alice", "true", "false", "false")]);
    list(&mut answers, &["alice"], LATER);
    assign(&mut answers, "user/other/alice", "alice", LATER);
    assert_eq!(
        user(&record(&answers), "alice").mfa.known(),
        Some(&MfaStatus::NotEnabled)
    );
    answers.users.items[0].arn = arn("user/other/alice");
    assert_eq!(
        user(&record(&answers), "alice").mfa.known(),
        Some(&MfaStatus::Enabled)
    );
}

#[test]
fn access_keys_are_compared_by_how_many_and_how_many_active() {
    use AccessKeyStatus::{Active, Inactive};
    for (says, read, expected, changes) in [
        ("true", None, Ok(1), false),
        ("true", Some(timed(vec![key(Active)], LATER)), Ok(1), false),
        ("true", Some(timed(vec![key(Inactive)], LATER)), Ok(0), true),
        (
            "true",
            Some(timed(vec![key(Active), key(Inactive)], LATER)),
            Ok(1),
            true,
        ),
        ("false", Some(timed(vec![key(Active)], LATER)), Ok(1), true),
        (
            "true",
            Some(Err(denied("ListAccessKeys"))),
            Err(GapReason::AccessDenied),
            false,
        ),
        ("false", Some(Err(denied("ListAccessKeys"))), Ok(0), false),
    ] {
        let mut answers = reported(Order::LiveIsLater, &[("alice", "false", "true", says)]);
        list(&mut answers, &["alice"], LATER);
        let named = format!("report {says}, read {read:?}");
        answers.reads.insert(
            "alice".to_owned(),
            UserReads {
                access_keys: read,
                ..UserReads::default()
            },
        );
        let (record, changed) = alice(&answers);
        let active = user(&record, "alice")
            .access_keys
            .map(|it| it.iter().filter(|it| it.status == Active).count());
        assert_eq!(
            (told(&record, &active).map(|it| it.0), changed),
            (expected, changes),
            "{named}"
        );
    }
}

#[test]
fn saved_device_lists_are_put_in_order_by_time() {
    for (at, expected) in [
        (LATER, Ok((MfaStatus::Enabled, Source::ListMfaDevices))),
        (
            EARLIER,
            Ok((MfaStatus::NotEnabled, Source::GetCredentialReport)),
        ),
        ("", Err(GapReason::Contradictory)),
    ] {
        let mut answers = reported(Order::ByTime, &[("alice", "true", "false", "false")]);
        let reads = UserReads {
            mfa_devices: Some(timed(vec![device("alice")], at)),
            ..UserReads::default()
        };
        answers.reads.insert("alice".to_owned(), reads);
        let record = record(&answers);
        assert_eq!(
            told(&record, &user(&record, "alice").mfa),
            expected,
            "{at:?}"
        );
    }
}

#[test]
fn devices_are_whole_where_the_user_was_asked_and_else_what_lists_show() {
    let mut answers = reported(Order::LiveIsLater, &[("alice", "true", "true", "false")]);
    list(&mut answers, &["alice"], LATER);
    assign(&mut answers, "user/alice", "app", LATER);
    let listed = record(&answers);
    let devices = &user(&listed, "alice").mfa_devices;
    assert_eq!(devices.items, [device("app")]);
    assert_eq!(
        listed.gap(devices.gap.unwrap()).unwrap().reason,
        GapReason::NotRequested
    );

    let both = timed(vec![device("app"), device("second")], LATER);
    answers.reads.insert(
        "alice".to_owned(),
        UserReads {
            mfa_devices: Some(both),
            ..UserReads::default()
        },
    );
    let read = record(&answers);
    let devices = &user(&read, "alice").mfa_devices;
    assert_eq!((devices.items.len(), devices.gap), (2, None));

    let failed = UserReads {
        mfa_devices: Some(Err(denied("ListMFADevices"))),
        ..UserReads::default()
    };
    answers.reads.insert("alice".to_owned(), failed);
    let failed = record(&answers);
    let devices = &user(&failed, "alice").mfa_devices;
    assert_eq!(
        failed.gap(devices.gap.unwrap()).unwrap().reason,
        GapReason::AccessDenied
    );
}

#[test]
fn the_list_tells_of_password_use_only_where_it_has_a_time() {
    let mut answers = reported(Order::LiveIsLater, &[("alice", "true", "true", "false")]);
    list(&mut answers, &["alice"], LATER);
    let of_report = record(&answers);
    let expected = Ok((LastUse::NeverRecorded, Source::GetCredentialReport));
    assert_eq!(
        told(&of_report, &user(&of_report, "alice").password_last_used),
        expected
    );
    answers.users.items[0].password_last_used = time(LATER);
    let of_list = record(&answers);
    let expected = Ok((LastUse::At(time(LATER).unwrap()), Source::ListUsers));
    assert_eq!(
        told(&of_list, &user(&of_list, "alice").password_last_used),
        expected
    );
}

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
