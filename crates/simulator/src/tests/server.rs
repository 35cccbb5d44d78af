//! The server: what goes over a socket.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use super::{ORGANIZATION, authorization};
use crate::authenticate::ACCESS_KEY;
use crate::faults::{Fault, FaultKind};
use crate::world::World;
use crate::{Options, Simulator, StartError};

pub(super) async fn start() -> Simulator {
    Simulator::start(World::from_toml(ORGANIZATION).unwrap(), Options::default())
        .await
        .unwrap()
}

/// Sends bytes and returns what comes back before the connection closes.
pub(super) async fn exchange(simulator: &Simulator, bytes: Vec<u8>) -> String {
    let address = simulator
        .endpoint()
        .strip_prefix("http://")
        .unwrap()
        .to_owned();
    let exchange = move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        stream.write_all(&bytes).unwrap();
        let mut answer = Vec::new();
        // A connection that is cut may be reset; what came before counts.
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8(answer).unwrap()
    };
    tokio::task::spawn_blocking(exchange).await.unwrap()
}

pub(super) fn post(body: &str) -> Vec<u8> {
    let authorization = authorization(ACCESS_KEY, "us-east-1", "iam");
    let length = body.len();
    format!(
        "POST / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nauthorization: {authorization}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

pub(super) const SUMMARY: &str = "Action=GetAccountSummary&Version=2010-05-08";

pub(super) async fn with_fault(kind: FaultKind) -> String {
    let simulator = start().await;
    let fault = Fault {
        account: None,
        action: "iam:*".into(),
        after: None,
        times: None,
        kind,
    };
    simulator.update(|world| world.faults.push(fault));
    exchange(&simulator, post(SUMMARY)).await
}

#[tokio::test]
async fn a_request_is_answered_and_noted() {
    let simulator = start().await;
    let answer = exchange(&simulator, post(SUMMARY)).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("content-type: text/xml"));
    assert!(answer.contains("x-amzn-requestid: "));
    assert!(answer.ends_with("</GetAccountSummaryResponse>"));
    let journal = simulator.journal();
    assert_eq!(journal.len(), 1);
    let entry = &journal[0];
    assert_eq!(
        (
            entry.account.as_str(),
            entry.service,
            entry.action.as_str(),
            entry.outcome.as_str()
        ),
        (super::MANAGEMENT, "iam", "GetAccountSummary", "200")
    );
}

#[tokio::test]
async fn a_connection_can_close_before_the_answer_or_within_it() {
    assert_eq!(with_fault(FaultKind::Disconnect).await, "");
    let truncated = with_fault(FaultKind::Truncated).await;
    assert!(truncated.starts_with("HTTP/1.1 200 OK\r\n"), "{truncated}");
    assert!(truncated.contains("<GetAccountSummaryResponse"));
    assert!(!truncated.contains("</GetAccountSummaryResponse>"));
}

#[tokio::test]
async fn hostile_bytes_do_not_stop_the_server() {
    let simulator = start().await;
    for bytes in [
        b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n".to_vec(),
        b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".to_vec(),
        b"GET /%00?Action=%ff HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".to_vec(),
        b"POST / HTTP/1.1\r\nhost: x\r\nx-amz-target: \xff\r\nauthorization: \xfe\r\nconnection: close\r\n\r\n".to_vec(),
    ] {
        let answer = exchange(&simulator, bytes).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    }
    assert!(
        exchange(&simulator, post(SUMMARY))
            .await
            .starts_with("HTTP/1.1 200 ")
    );
}

#[tokio::test]
async fn only_the_loopback_interface_is_served() {
    let options = Options {
        listen: "0.0.0.0:0".parse().unwrap(),
        ..Options::default()
    };
    let refused = Simulator::start(World::default(), options).await;
    assert!(matches!(refused, Err(StartError::NotLoopback(_))));
}

#[tokio::test]
async fn the_environment_points_to_the_simulator() {
    let simulator = start().await;
    let environment = simulator.environment();
    let names: Vec<_> = environment.iter().map(|it| it.0).collect();
    let expected = [
        "AWS_ENDPOINT_URL",
        "AWS_REGION",
        "AWS_DEFAULT_REGION",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
    ];
    assert_eq!(names, expected);
    assert_eq!(environment[0].1, simulator.endpoint());
}

#[tokio::test]
async fn a_dropped_simulator_no_longer_answers() {
    let simulator = start().await;
    let address = simulator
        .endpoint()
        .strip_prefix("http://")
        .unwrap()
        .to_owned();
    let idle = TcpStream::connect(&address).unwrap();
    drop(simulator);
    let end = tokio::task::spawn_blocking(move || {
        idle.set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        (&idle).read(&mut [0; 1]).unwrap_or(0)
    });
    assert_eq!(end.await.unwrap(), 0);
}
