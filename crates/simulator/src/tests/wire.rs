//! What a connection can suffer: resets, silence, slowness, lateness.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use super::ORGANIZATION;
use super::server::{SUMMARY, exchange, post, start, with_fault};
use crate::clock;
use crate::faults::{Fault, FaultKind};
use crate::world::World;
use crate::{Options, Simulator};

async fn with(kind: FaultKind) -> Simulator {
    let simulator = start().await;
    let fault = Fault {
        account: None,
        action: "iam:*".into(),
        after: None,
        times: Some(1),
        kind,
    };
    simulator.update(|world| world.faults.push(fault));
    simulator
}

fn connect(simulator: &Simulator) -> TcpStream {
    let endpoint = simulator.endpoint();
    let stream = TcpStream::connect(endpoint.strip_prefix("http://").unwrap()).unwrap();
    let patience = Some(Duration::from_secs(20));
    stream.set_read_timeout(patience).unwrap();
    stream
}

/// Does what blocks, elsewhere.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap()
}

#[tokio::test]
async fn a_connection_can_be_reset_rather_than_closed() {
    let simulator = with(FaultKind::Reset).await;
    let mut stream = connect(&simulator);
    let seen = blocking(move || {
        stream.write_all(&post(SUMMARY)).unwrap();
        stream.read(&mut [0; 64]).map_err(|it| it.kind())
    });
    assert_eq!(seen.await, Err(ErrorKind::ConnectionReset));
}

#[tokio::test]
async fn a_connection_can_fall_silent_within_an_answer() {
    let simulator = with(FaultKind::HalfClosed).await;
    let mut stream = connect(&simulator);
    let read = blocking(move || {
        stream.write_all(&post(SUMMARY)).unwrap();
        let mut answer = Vec::new();
        let mut bytes = [0; 4096];
        while !String::from_utf8_lossy(&answer).contains("<GetAccountSummaryResult>") {
            let count = stream.read(&mut bytes).unwrap();
            assert!(count > 0, "closed");
            answer.extend_from_slice(&bytes[..count]);
        }
        // Neither a byte nor an end comes while we look.
        let patience = Some(Duration::from_millis(200));
        stream.set_read_timeout(patience).unwrap();
        let more = stream.read(&mut bytes).map_err(|it| it.kind());
        (String::from_utf8(answer).unwrap(), more)
    });
    let (answer, more) = read.await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"));
    assert!(!answer.contains("</GetAccountSummaryResponse>"));
    assert!(
        matches!(more, Err(ErrorKind::WouldBlock | ErrorKind::TimedOut)),
        "{more:?}"
    );
    // Others are not held up.
    let other = exchange(&simulator, post(SUMMARY)).await;
    assert!(other.ends_with("</GetAccountSummaryResponse>"));
}

#[tokio::test]
async fn an_answer_can_come_drop_by_drop() {
    let simulator = with(FaultKind::Slow {
        bytes_per_second: 10_000,
    })
    .await;
    let started = clock::moment();
    let slow = exchange(&simulator, post(SUMMARY)).await;
    // Some 3 kB, of which the first tenth of a second's worth comes at once.
    let passed = started.elapsed();
    assert!(slow.ends_with("</GetAccountSummaryResponse>"), "{slow}");
    assert!(passed >= Duration::from_millis(100), "{passed:?}");
}

#[tokio::test]
async fn a_slow_answer_does_not_slow_down_the_next() {
    let simulator = with(FaultKind::Slow {
        bytes_per_second: 100_000,
    })
    .await;
    let mut stream = connect(&simulator);
    let keep_alive = String::from_utf8(post(SUMMARY))
        .unwrap()
        .replace("connection: close\r\n", "");
    let answers = blocking(move || {
        stream.write_all(keep_alive.as_bytes()).unwrap();
        let mut first = Vec::new();
        let mut byte = [0];
        while !first.ends_with(b"</GetAccountSummaryResponse>") {
            assert_eq!(stream.read(&mut byte).unwrap(), 1);
            first.push(byte[0]);
        }
        stream.write_all(&post(SUMMARY)).unwrap();
        let mut second = String::new();
        stream.read_to_string(&mut second).unwrap();
        second
    });
    assert!(answers.await.ends_with("</GetAccountSummaryResponse>"));
}

#[tokio::test]
async fn a_content_type_can_be_wrong() {
    let strange = with_fault(FaultKind::WrongContentType).await;
    assert!(strange.contains("content-type: application/octet-stream\r\n"));
    assert!(strange.ends_with("</GetAccountSummaryResponse>"));
}

#[tokio::test]
async fn the_date_is_the_servers() {
    let text = format!("clock-skew-seconds = 315360000\n{ORGANIZATION}");
    let world = World::from_toml(&text).unwrap();
    let simulator = Simulator::start(world, Options::default()).await.unwrap();
    let year = |answer: &str| -> i32 {
        let date = answer.split("date: ").nth(1).unwrap();
        date.split(' ').nth(3).unwrap().parse().unwrap()
    };
    let ahead = exchange(&simulator, post(SUMMARY)).await;
    assert_eq!(ahead.matches("date: ").count(), 1, "{ahead}");
    let now = exchange(&start().await, post(SUMMARY)).await;
    assert!((9..=11).contains(&(year(&ahead) - year(&now))));
}

#[tokio::test]
async fn latency_makes_every_answer_late_at_the_same_time() {
    let latency = Duration::from_millis(300);
    let options = Options {
        latency,
        ..Options::default()
    };
    let world = World::from_toml(ORGANIZATION).unwrap();
    let simulator = Simulator::start(world, options).await.unwrap();
    let mut streams: Vec<_> = (0..20).map(|_| connect(&simulator)).collect();
    let passed = blocking(move || {
        let started = clock::moment();
        for stream in &mut streams {
            stream.write_all(&post(SUMMARY)).unwrap();
        }
        for stream in &mut streams {
            stream.read_to_end(&mut Vec::new()).unwrap();
        }
        started.elapsed()
    })
    .await;
    assert!(passed >= latency, "{passed:?}");
    // One after the other, they would take twenty times as long.
    assert!(passed < latency * 10, "{passed:?}");
}
