//! A receiver of webhooks on this machine, which fails on demand.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    time::Instant,
};

use serde_json::Value;

/// What a receiver does with a request.
#[derive(Clone, Debug)]
pub(super) enum Answer {
    /// Answers with a status, and header lines.
    Status(u16, String),
    /// Never answers.
    Hang,
}

pub(super) fn status(code: u16) -> Answer {
    Answer::Status(code, String::new())
}

/// A request as it came.
#[derive(Clone, Debug)]
pub(super) struct Received {
    pub(super) at: Instant,
    pub(super) line: String,
    headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl Received {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(it, _)| it == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

/// A receiver, which listens until the tests end.
pub(super) struct Receiver {
    address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Receiver {
    /// Listens, and gives these answers; the last one to everything that follows.
    pub(super) fn giving(answers: Vec<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let received = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&received);
        std::thread::spawn(move || {
            let mut open = Vec::new();
            let mut answers = answers.into_iter().peekable();
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                // Whoever is gone has nothing to say.
                let Some(request) = read(&stream) else {
                    continue;
                };
                let answer = answers.peek().unwrap().clone();
                if answers.len() > 1 {
                    answers.next();
                }
                kept.lock().unwrap().push(request);
                match answer {
                    Answer::Status(code, headers) => {
                        let answer = format!(
                            "HTTP/1.1 {code} x\r\n{headers}content-length: 0\r\nconnection: close\r\n\r\n"
                        );
                        let _ = stream.write_all(answer.as_bytes());
                    }
                    Answer::Hang => open.push(stream),
                }
            }
        });
        Self { address, received }
    }

    pub(super) fn host(&self) -> String {
        self.address.to_string()
    }

    /// Returns an address with a path and a query that are secret.
    pub(super) fn url(&self) -> String {
        format!("http://{}/canary-path?sig=canary-query", self.address)
    }

    pub(super) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// Returns the only request.
    pub(super) fn only(&self) -> Received {
        let mut all = self.received();
        assert_eq!(all.len(), 1, "{all:#?}");
        all.remove(0)
    }
}

fn read(stream: &TcpStream) -> Option<Received> {
    let mut reader = BufReader::new(stream);
    let mut text = || {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        Some(line.trim_end().to_owned())
    };
    let line = text()?;
    let mut headers = Vec::new();
    loop {
        let header = text()?;
        let Some((name, value)) = header.split_once(':') else {
            break;
        };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(it, _)| it == "content-length")?;
    let mut body = vec![0; length.1.parse().ok()?];
    reader.read_exact(&mut body).ok()?;
    Some(Received {
        at: Instant::now(),
        line,
        headers,
        body: String::from_utf8(body).ok()?,
    })
}
