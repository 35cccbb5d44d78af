//! A relay between the audit and the simulator: it sees what is sent, and may change what comes back.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// A request that passed.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    /// The request line and the headers, in lower case.
    pub(super) head: String,
    /// The body.
    pub(super) body: String,
}

impl Seen {
    /// Tells whether a query request asks for this operation.
    pub(super) fn asks(&self, operation: &str) -> bool {
        self.body
            .split('&')
            .any(|it| it == format!("Action={operation}"))
    }
}

type Change = Arc<dyn Fn(&Seen, String) -> String + Send + Sync>;

/// A relay; dropping it stops it.
pub(super) struct Relay {
    pub(super) endpoint: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    task: JoinHandle<()>,
}

impl Relay {
    /// Starts to relay to an endpoint, changing the bodies of answers.
    pub(super) async fn start(
        to: &str,
        change: impl Fn(&Seen, String) -> String + Send + Sync + 'static,
    ) -> Self {
        let to = to.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (change, list): (Change, _) = (Arc::new(change), Arc::clone(&seen));
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(relay(
                    stream,
                    to.clone(),
                    Arc::clone(&change),
                    Arc::clone(&list),
                ));
            }
        });
        Self {
            endpoint,
            seen,
            task,
        }
    }

    /// Returns the requests that passed.
    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Relays one request; the connection ends with it.
async fn relay(mut client: TcpStream, to: String, change: Change, list: Arc<Mutex<Vec<Seen>>>) {
    let Some((head, body)) = message(&mut client).await else {
        return;
    };
    let seen = Seen {
        head: head.to_lowercase(),
        body: String::from_utf8(body.clone()).unwrap(),
    };
    list.lock().unwrap().push(seen.clone());
    let mut server = TcpStream::connect(to).await.unwrap();
    server
        .write_all(format!("{head}\r\n\r\n").as_bytes())
        .await
        .unwrap();
    server.write_all(&body).await.unwrap();
    let (head, body) = message(&mut server).await.unwrap();
    let body = change(&seen, String::from_utf8(body).unwrap());
    let kept = head.split("\r\n").filter(|it| length(it).is_none());
    let head = kept.collect::<Vec<_>>().join("\r\n");
    let answer = format!(
        "{head}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    client.write_all(answer.as_bytes()).await.unwrap();
}

/// Reads a head and the body it announces.
async fn message(stream: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|it| it == b"\r\n\r\n") {
            break at;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let length = head.split("\r\n").find_map(length).unwrap_or(0);
    let mut body = bytes[end + 4..].to_vec();
    while body.len() < length {
        if stream.read_buf(&mut body).await.ok()? == 0 {
            return None;
        }
    }
    Some((head, body))
}

fn length(header: &str) -> Option<usize> {
    let (name, value) = header.split_once(':')?;
    name.eq_ignore_ascii_case("content-length")
        .then(|| value.trim().parse().ok())?
}
