//! Receivers that fail: the verdict stands, the report is written, and what did not arrive is told.

use std::{net::TcpListener, time::Duration};

use super::{
    JSON, SECOND, changed_by, evaluate, fail_anew,
    receiver::{Answer, Receiver, status},
};
use crate::harness::{Run, Stage};

/// Evaluates, and returns what the receiver made of it. The verdict must be that of a run without notifications.
fn told(stage: &Stage, receiver: &Receiver, keys: &str) -> Run {
    let run = evaluate(stage, receiver, &format!("{JSON}\n{keys}"), &SECOND);
    assert_eq!(run.status, 3, "{}", run.stderr);
    assert!(
        run.stdout.contains("iam-user-console-mfa"),
        "{}",
        run.stdout
    );
    run
}

fn warning(receiver: &Receiver, what: &str) -> String {
    format!(
        "warning: the notification to {} (mfaudit.toml:1) did not arrive: {what}; the verdict stands",
        receiver.host()
    )
}

#[test]
fn a_receiver_that_fails_twice_gets_one_message_three_times() {
    let stage = changed_by(fail_anew);
    let receiver = Receiver::giving(vec![status(500), status(503), status(200)]);
    let run = told(&stage, &receiver, "");
    assert!(!run.stderr.contains("warning"), "{}", run.stderr);
    let requests = receiver.received();
    assert_eq!(requests.len(), 3);
    for it in &requests {
        assert_eq!(it.body, requests[0].body);
        let delivery = it.header("mfaudit-delivery");
        assert!(delivery.is_some());
        assert_eq!(delivery, requests[0].header("mfaudit-delivery"));
    }
    let again = Receiver::giving(vec![status(200)]);
    told(&stage, &again, "");
    assert_ne!(
        again.only().header("mfaudit-delivery"),
        requests[0].header("mfaudit-delivery"),
        "another message has another identifier"
    );
}

#[test]
fn a_receiver_that_always_fails_changes_no_verdict() {
    let stage = changed_by(fail_anew);
    let receiver = Receiver::giving(vec![status(500)]);
    let run = told(&stage, &receiver, "");
    assert_eq!(receiver.received().len(), 4);
    let expected = warning(&receiver, "it answered 500 (tried 4 times)");
    assert!(run.notes().contains(&expected.as_str()), "{}", run.stderr);
}

#[test]
fn what_the_receiver_refuses_is_not_tried_again() {
    let stage = changed_by(fail_anew);
    let receiver = Receiver::giving(vec![status(404)]);
    let run = told(&stage, &receiver, "");
    receiver.only();
    let expected = warning(&receiver, "it answered 404");
    assert!(run.notes().contains(&expected.as_str()), "{}", run.stderr);
}

#[test]
fn a_receiver_that_hangs_is_not_waited_for() {
    let stage = changed_by(fail_anew);
    let receiver = Receiver::giving(vec![Answer::Hang]);
    let run = told(&stage, &receiver, "timeout = \"100ms\"");
    assert_eq!(receiver.received().len(), 4);
    let expected = warning(&receiver, "no answer in time (tried 4 times)");
    assert!(run.notes().contains(&expected.as_str()), "{}", run.stderr);
}

#[test]
fn nobody_listening_is_told() {
    let stage = changed_by(fail_anew);
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let config =
        format!("[[notify]]\nurl = \"http://{closed}/in\"\nretry-wait = \"1ms\"\n{JSON}\n");
    std::fs::write(stage.file("closed.toml"), config).unwrap();
    let run = stage.run(&[&["evaluate", "--config", "closed.toml"], &SECOND[..]].concat());
    let expected = format!(
        "warning: the notification to {closed} (closed.toml:1) did not arrive: no connection: connection refused (tried 4 \
         times); the verdict stands"
    );
    assert!(run.notes().contains(&expected.as_str()), "{}", run.stderr);
}

#[test]
fn a_redirect_is_not_followed() {
    let stage = changed_by(fail_anew);
    let elsewhere = Receiver::giving(vec![status(200)]);
    for code in [301, 307, 308] {
        let location = format!("location: {}\r\n", elsewhere.url());
        let receiver = Receiver::giving(vec![Answer::Status(code, location)]);
        let run = told(&stage, &receiver, "");
        receiver.only();
        assert!(elsewhere.received().is_empty());
        let what =
            format!("it answered {code}, a redirect, which is not followed: name the place itself");
        let expected = warning(&receiver, &what);
        assert!(run.notes().contains(&expected.as_str()), "{}", run.stderr);
        assert!(!run.stderr.contains(&elsewhere.host()), "{}", run.stderr);
    }
}

#[test]
fn a_busy_receiver_is_given_the_time_it_asks_for_within_limits() {
    let stage = changed_by(fail_anew);
    let busy = |wait: u32| Answer::Status(429, format!("retry-after: {wait}\r\n"));
    let receiver = Receiver::giving(vec![busy(1), status(200)]);
    let run = told(&stage, &receiver, "");
    assert!(!run.stderr.contains("warning"), "{}", run.stderr);
    let requests = receiver.received();
    assert_eq!(requests.len(), 2);
    assert!(requests[1].at - requests[0].at >= Duration::from_secs(1));
    let receiver = Receiver::giving(vec![busy(3600)]);
    let run = told(&stage, &receiver, "");
    receiver.only();
    let what = "it answered 429 and asks to wait for 3600 s, which is too long";
    assert!(
        run.stderr.contains(&warning(&receiver, what)),
        "{}",
        run.stderr
    );
}
