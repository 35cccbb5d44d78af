//! Which users there are.

use super::*;

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
