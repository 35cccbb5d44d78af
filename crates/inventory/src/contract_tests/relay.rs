//! A relay between the audit and the simulator: it sees what is sent, and may change what comes back.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

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
    /// How many requests were under way when it came, itself included.
    pub(super) at_once: usize,
}

impl Seen {
    /// Tells whether a query request asks for this operation.
    pub(super) fn asks(&self, operation: &str) -> bool {
        self.body
            .split('&')
            .any(|it| it == format!("Action={operation}"))
    }
}

type Change = dyn Fn(&Seen, String) -> String + Send + Sync;

/// What all requests share.
struct Shared {
    to: String,
    change: Box<Change>,
    seen: Mutex<Vec<Seen>>,
    under_way: AtomicUsize,
}

/// A relay; dropping it stops it.
pub(super) struct Relay {
    pub(super) endpoint: String,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl Relay {
    /// Starts to relay to an endpoint, changing the bodies of answers.
    pub(super) async fn start(
        to: &str,
        change: impl Fn(&Seen, String) -> String + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            to: to.trim_start_matches("http://").to_owned(),
            change: Box::new(change),
            seen: Mutex::default(),
            under_way: AtomicUsize::new(0),
        });
        let of_task = Arc::clone(&shared);
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(relay(stream, Arc::clone(&of_task)));
            }
        });
        Self {
            endpoint,
            shared,
            task,
        }
    }

    /// Returns the requests that passed.
    pub(super) fn seen(&self) -> Vec<Seen> {
        self.shared.seen.lock().unwrap().clone()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Relays one request; the connection ends with it.
async fn relay(mut client: TcpStream, shared: Arc<Shared>) {
    let Some((head, body)) = message(&mut client).await else {
        return;
    };
    let seen = Seen {
        head: head.to_lowercase(),
        body: String::from_utf8(body.clone()).unwrap(),
        at_once: shared.under_way.fetch_add(1, Ordering::Relaxed) + 1,
    };
    shared.seen.lock().unwrap().push(seen.clone());
    let mut server = TcpStream::connect(&shared.to).await.unwrap();
    server
        .write_all(format!("{head}\r\n\r\n").as_bytes())
        .await
        .unwrap();
    server.write_all(&body).await.unwrap();
    let (head, body) = message(&mut server).await.unwrap();
    let body = (shared.change)(&seen, String::from_utf8(body).unwrap());
    let kept = head.split("\r\n").filter(|it| length(it).is_none());
    let head = kept.collect::<Vec<_>>().join("\r\n");
    let answer = format!(
        "{head}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    // Counted down before the client can ask anew.
    shared.under_way.fetch_sub(1, Ordering::Relaxed);
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
