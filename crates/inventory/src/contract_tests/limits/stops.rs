//! What ends a run: the caller's own credentials, and the way to AWS.

use tokio::sync::mpsc;

use super::*;

/// Returns the records that came before the stop; nothing but stops comes after it.
fn until_stop(all: Vec<Result<Record, Stop>>) -> (Vec<Record>, Stop) {
    let mut records = Vec::new();
    let mut stop = None;
    for one in all {
        match one {
            Ok(record) => {
                assert_eq!(
                    stop, None,
                    "a record of {} after the stop",
                    record.account.id
                );
                records.push(record);
            }
            Err(error) => stop = Some(error),
        }
    }
    (records, stop.expect("the run should have stopped"))
}

#[tokio::test]
async fn expired_credentials_of_the_caller_stop_the_run_and_no_record_lacks_for_their_sake() {
    for concurrency in [1, 4, 64] {
        let expired = Fault {
            after: Some(6),
            ..fault("sts:AssumeRole", FaultKind::ExpiredToken)
        };
        let stage = Stage::with(members(14, ""), vec![expired]).await;
        let mut collector = stage.collector(MANAGEMENT);
        collector.concurrency = concurrency;
        let all = as_it_comes(&collector, accounts(&stage).await).await;
        let (records, stop) = until_stop(all);
        let Stop::Expired(trouble) = &stop else {
            panic!("{stop}");
        };
        let words = "The security token included in the request is expired";
        assert_eq!(trouble.detail, words);
        assert!(records.iter().all(is_whole), "with {concurrency} at once");
        assert!(
            records.len() <= 7,
            "six were entered, and one is the caller's own"
        );
        if concurrency == 1 {
            assert_eq!(records.len(), 7);
            let entries = (0..15).map(|it| stage.asked(&id(it), "AssumeRole"));
            assert_eq!(entries.sum::<usize>(), 7, "nobody tries the door again");
        }
    }
}

#[tokio::test]
async fn credentials_that_expire_in_the_callers_own_account_stop_the_run() {
    let expired = of(0, "iam:ListUsers", FaultKind::ExpiredToken);
    let stage = Stage::with(members(3, ""), vec![expired]).await;
    let all = as_it_comes(&stage.collector(MANAGEMENT), accounts(&stage).await).await;
    let (records, stop) = until_stop(all);
    assert!(matches!(stop, Stop::Expired(_)), "{stop}");
    assert!(records.iter().all(is_whole));
    assert!(!ids(&records).contains(&MANAGEMENT));
    assert_eq!(
        stage.asked(MANAGEMENT, "ListUsers"),
        1,
        "there is nothing to renew"
    );
}

#[tokio::test]
async fn a_session_that_expires_in_one_account_stops_nothing() {
    let expired = of(2, "iam:*", FaultKind::ExpiredToken);
    let stage = Stage::with(members(3, ""), vec![expired]).await;
    let records = records(&stage.collector(MANAGEMENT), accounts(&stage).await).await;
    for record in &records {
        let its = record.account.id.as_str() == id(2);
        assert_eq!(is_whole(record), !its);
        assert_eq!(
            reasons(record).contains(&GapReason::ExpiredCredentials),
            its
        );
    }
}

/// Nine accounts out of reach are gaps. So are nine more after one that could be entered. The tenth in a row is the
/// end.
#[tokio::test]
async fn ten_entries_out_of_reach_in_a_row_stop_the_run_and_fewer_do_not() {
    let unreachable = (1..=20).filter(|it| *it != 10);
    let faults = unreachable.map(|it| of(it, "sts:AssumeRole", FaultKind::Disconnect));
    let stage = Stage::with(members(20, ""), faults.collect()).await;
    let collector = stage.collector(MANAGEMENT);
    let mut all = accounts(&stage).await;
    all.retain(|it| it.id.as_str() != MANAGEMENT);
    let (send, mut receive) = mpsc::unbounded_channel();
    let pending = stream::poll_fn(|context| receive.poll_recv(context));
    let mut collected = collector.collect(pending).boxed_local();
    for wave in [0..9, 9..10, 10..19] {
        let wave = &all[wave];
        for account in wave {
            send.send(account.clone()).unwrap();
        }
        for _ in wave {
            let record = collected.next().await.unwrap().unwrap();
            let entered = record.account.id.as_str() == id(10);
            assert_eq!(is_whole(&record), entered);
            if !entered {
                assert_eq!(reasons(&record), [GapReason::Unreachable].into());
            }
        }
    }
    send.send(all[19].clone()).unwrap();
    let last = collected.next().await.unwrap();
    assert!(matches!(last, Err(Stop::OutOfReach(_))), "{last:?}");
}
