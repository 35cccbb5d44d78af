//! What speaks like S3, keeps nothing, and serves at most a folder of this machine.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    sync::{
        Arc,
        mpsc::{Receiver, Sender, channel},
    },
};

/// What becomes of what is withheld.
#[derive(Clone, Copy)]
pub(super) enum Habit {
    /// It is refused.
    Refuses,
    /// It is never answered.
    Hangs,
    /// It is said to be done, and is not.
    Forgets,
}

/// A server, which listens until the tests end.
pub(super) struct Server {
    address: SocketAddr,
    /// Told of each request that was withheld.
    pub(super) sent: Receiver<()>,
}

/// What it does.
struct Conduct {
    habit: Habit,
    /// What is in the bucket; `None` if nothing is.
    folder: Option<PathBuf>,
    /// How requests begin that are withheld.
    withheld: &'static str,
}

impl Server {
    /// Serves an empty bucket that withholds all that is sent.
    pub(super) fn new(habit: Habit) -> Self {
        Self::with(Conduct {
            habit,
            folder: None,
            withheld: "PUT ",
        })
    }

    /// Serves what is in a folder as the bucket `bucket`, but for what begins with `withheld`.
    pub(super) fn of_folder(folder: PathBuf, withheld: &'static str, habit: Habit) -> Self {
        Self::with(Conduct {
            habit,
            folder: Some(folder),
            withheld,
        })
    }

    fn with(conduct: Conduct) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (tell, sent) = channel();
        let conduct = Arc::new(conduct);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (tell, conduct) = (tell.clone(), Arc::clone(&conduct));
                std::thread::spawn(move || serve(stream.unwrap(), &conduct, &tell));
            }
        });
        Self { address, sent }
    }

    /// Returns the variable that leads there.
    pub(super) fn variable(&self) -> (&'static str, String) {
        ("AWS_ENDPOINT_URL_S3", format!("http://{}", self.address))
    }
}

fn serve(mut stream: TcpStream, conduct: &Conduct, tell: &Sender<()>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    while matches!(reader.read_line(&mut line), Ok(1..)) {
        let request = line.clone();
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
        let (status, body) = if request.starts_with(conduct.withheld) {
            // Nobody listens any more when the test has ended.
            let _ = tell.send(());
            match conduct.habit {
                Habit::Refuses => (403, error("AccessDenied")),
                Habit::Forgets => (200, Vec::new()),
                Habit::Hangs => {
                    // Until the other side has gone.
                    let _ = reader.read_line(&mut line);
                    return;
                }
            }
        } else {
            let found = conduct.folder.as_deref();
            let found = found.and_then(|it| found_in(it, &request));
            found.map_or_else(|| (404, error("NoSuchKey")), |it| (200, it))
        };
        let mut answer = format!(
            "HTTP/1.1 {status} X\r\nETag: \"e\"\r\nContent-Length: {}\r\n\r\n",
            body.len()
        )
        .into_bytes();
        if !request.starts_with("HEAD ") {
            answer.extend(body);
        }
        if stream.write_all(&answer).is_err() {
            return;
        }
        line.clear();
    }
}

fn error(code: &str) -> Vec<u8> {
    format!("<Error><Code>{code}</Code><Message>so it is</Message></Error>").into_bytes()
}

/// Returns the list or the object that is asked for.
fn found_in(folder: &Path, request: &str) -> Option<Vec<u8>> {
    let target = request.split(' ').nth(1)?;
    let target = target.replace("%2F", "/").replace("%3D", "=");
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let key = path.strip_prefix("/bucket")?.trim_start_matches('/');
    if !key.is_empty() {
        return fs::read(folder.join(key)).ok();
    }
    let prefix = query.split('&').find_map(|it| it.strip_prefix("prefix="))?;
    let names = fs::read_dir(folder.join(prefix)).ok()?;
    let listed = names.map(|it| {
        let it = it.unwrap();
        let (name, size) = (it.file_name(), it.metadata().unwrap().len());
        format!(
            "<Contents><Key>{prefix}{}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>e</ETag><Size>{size}</Size></Contents>",
            name.to_string_lossy()
        )
    });
    let listed: String = listed.collect();
    let list =
        format!("<ListBucketResult><IsTruncated>false</IsTruncated>{listed}</ListBucketResult>");
    Some(list.into_bytes())
}
