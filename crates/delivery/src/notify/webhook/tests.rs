//! What becomes of a message when time runs out, and of an address in capitals.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    time::Duration,
};

use secrecy::SecretString;

use super::{Parts, Webhook};
use crate::notify::{InvalidUrl, Template, Trouble, sample::samples};

fn parts(url: &str) -> Parts {
    Parts {
        url: SecretString::from(url),
        secret: None,
        template: Template::json(),
        timeout: Duration::from_secs(10),
        retry_wait: Duration::from_millis(1),
        ca_bundle: None,
        user_agent: "test",
        clock: || 0,
    }
}

/// Answers each request so, or never if there is no answer, for as long as the test runs.
fn receiver(answer: Option<&'static str>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/in", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let mut open = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut line = String::new();
            BufReader::new(&stream).read_line(&mut line).unwrap();
            if let Some(answer) = answer {
                stream.write_all(answer.as_bytes()).unwrap();
            }
            open.push(stream);
        }
    });
    url
}

fn undelivered(answer: Option<&'static str>, longest: Duration) -> (u32, Trouble) {
    let mut hook = Webhook::new(parts(&receiver(answer))).unwrap();
    hook.longest = longest;
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let runtime = builder.enable_all().build().unwrap();
    let error = runtime.block_on(hook.send(&samples(10).full)).unwrap_err();
    (error.attempts, error.trouble)
}

#[test]
fn where_time_runs_out_while_it_waits_the_last_answer_is_told() {
    let busy = "HTTP/1.1 429 x\r\nretry-after: 30\r\ncontent-length: 0\r\n\r\n";
    // Long enough for a busy machine to hear the answer, and shorter than the wait that it asks for.
    let told = undelivered(Some(busy), Duration::from_secs(2));
    assert_eq!(told, (1, Trouble::Status(429)));
    let silent = undelivered(None, Duration::from_millis(300));
    assert_eq!(silent, (1, Trouble::TimedOut));
}

#[test]
fn an_address_in_capitals_is_encrypted_all_the_same() {
    for url in ["https://hook.example/in", "HTTPS://hook.example/in"] {
        let bad = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        let hook = Webhook::new(Parts {
            ca_bundle: Some(bad.into()),
            ..parts(url)
        });
        assert_eq!(hook.unwrap_err(), InvalidUrl::Certificates, "{url}");
    }
}
