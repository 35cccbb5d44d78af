//! What speaks like S3, has nothing in it, and takes nothing.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::mpsc::{Receiver, Sender, channel},
};

/// What becomes of an object that is sent.
#[derive(Clone, Copy)]
pub(super) enum Habit {
    /// It is refused.
    Refuses,
    /// It is never answered.
    Hangs,
}

/// A server, which listens until the tests end.
pub(super) struct Server {
    address: SocketAddr,
    /// Told of each object that was sent.
    pub(super) sent: Receiver<()>,
}

impl Server {
    pub(super) fn new(habit: Habit) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (tell, sent) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let tell = tell.clone();
                std::thread::spawn(move || serve(stream.unwrap(), habit, &tell));
            }
        });
        Self { address, sent }
    }

    /// Returns the variable that leads there.
    pub(super) fn variable(&self) -> (&'static str, String) {
        ("AWS_ENDPOINT_URL_S3", format!("http://{}", self.address))
    }
}

fn serve(mut stream: TcpStream, habit: Habit, tell: &Sender<()>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    while matches!(reader.read_line(&mut line), Ok(1..)) {
        let method = line.split(' ').next().unwrap().to_owned();
        let mut length = 0;
        loop {
            line.clear();
            reader.read_line(&mut line).unwrap();
            let header = line.to_ascii_lowercase();
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            if header.trim().is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        let (status, code) = if method == "PUT" {
            // Nobody listens any more when the test has ended.
            let _ = tell.send(());
            match habit {
                Habit::Refuses => (403, "AccessDenied"),
                Habit::Hangs => {
                    // Until the other side has gone.
                    let _ = reader.read_line(&mut line);
                    return;
                }
            }
        } else {
            (404, "NoSuchKey")
        };
        let body = if method == "HEAD" {
            String::new()
        } else {
            format!("<Error><Code>{code}</Code><Message>so it is</Message></Error>")
        };
        let answer = format!(
            "HTTP/1.1 {status} X\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        if stream.write_all(answer.as_bytes()).is_err() {
            return;
        }
        line.clear();
    }
}
