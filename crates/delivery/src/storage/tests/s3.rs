//! What speaks like S3 on this machine, and misbehaves as a test says.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use object_store::{RetryConfig, aws::AmazonS3Builder, aws::S3CopyIfNotExists};

use super::super::*;

/// A request, as far as a test may want to know.
pub(super) struct Request {
    pub(super) method: String,
    /// The key, without the bucket.
    pub(super) key: String,
    pub(super) query: String,
    headers: String,
    body: Vec<u8>,
}

impl Request {
    fn has(&self, header: &str) -> bool {
        self.headers.contains(header)
    }

    fn value(&self, name: &str) -> String {
        let pairs = self.query.split('&');
        let mut found = pairs.filter_map(|it| it.strip_prefix(&format!("{name}=")));
        found.next().unwrap_or_default().to_owned()
    }
}

/// What becomes of a request.
pub(super) enum Deed {
    /// What S3 would do.
    Proper,
    /// Nothing is done, and this is answered.
    Refused(u16, String),
    /// It is done, and this is answered all the same.
    DoneBut(u16, String),
}

impl Deed {
    pub(super) fn refused(status: u16, code: &str) -> Self {
        Self::Refused(status, error(code))
    }

    pub(super) fn done_but(status: u16, code: &str) -> Self {
        Self::DoneBut(status, error(code))
    }
}

pub(super) fn error(code: &str) -> String {
    format!("<Error><Code>{code}</Code><Message>so it is</Message></Error>")
}

#[derive(Default)]
pub(super) struct Bucket {
    pub(super) objects: BTreeMap<String, Vec<u8>>,
    pub(super) uploads: BTreeMap<String, BTreeMap<usize, Vec<u8>>>,
    /// The methods of all requests, with their keys.
    pub(super) asked: Vec<String>,
}

impl Bucket {
    fn answer(&mut self, it: &Request) -> (u16, String) {
        let upload = it.value("uploadId");
        let condition = it.has("if-none-match: *") && self.objects.contains_key(&it.key);
        match it.method.as_str() {
            "POST" if it.query.starts_with("delete") => {
                let text = String::from_utf8(it.body.clone()).unwrap();
                let keys = text.split("<Key>").skip(1);
                for key in keys.filter_map(|it| it.split("</Key>").next()) {
                    self.objects.remove(key);
                }
                let one = "<DeleteResult><Deleted><Key>x</Key></Deleted></DeleteResult>";
                (200, one.to_owned())
            }
            "POST" if it.query.starts_with("uploads") => {
                let id = format!("upload-{}", self.asked.len());
                self.uploads.insert(id.clone(), BTreeMap::new());
                let text = format!(
                    "<InitiateMultipartUploadResult><UploadId>{id}</UploadId></InitiateMultipartUploadResult>"
                );
                (200, text)
            }
            "POST" if condition => (412, error("PreconditionFailed")),
            "POST" => {
                let Some(parts) = self.uploads.remove(&upload) else {
                    return (404, error("NoSuchUpload"));
                };
                let whole = parts.into_values().flatten().collect();
                self.objects.insert(it.key.clone(), whole);
                let text = "<CompleteMultipartUploadResult><ETag>\"e\"</ETag></CompleteMultipartUploadResult>";
                (200, text.to_owned())
            }
            "PUT" if !upload.is_empty() => {
                let number = it.value("partNumber").parse().unwrap();
                let source = it.headers.split("x-amz-copy-source: b/").nth(1);
                let source = source.map(|it| it.lines().next().unwrap().trim().to_owned());
                let content = source.map_or(it.body.clone(), |key| self.objects[&key].clone());
                self.uploads
                    .get_mut(&upload)
                    .unwrap()
                    .insert(number, content);
                (
                    200,
                    "<CopyPartResult><ETag>\"e\"</ETag></CopyPartResult>".to_owned(),
                )
            }
            "PUT" if condition => (412, error("PreconditionFailed")),
            "PUT" => {
                self.objects.insert(it.key.clone(), it.body.clone());
                (200, String::new())
            }
            "DELETE" => {
                self.uploads.remove(&upload);
                (204, String::new())
            }
            _ => (404, error("NoSuchKey")),
        }
    }
}

type Habit = Box<dyn FnMut(&Request, &mut Bucket) -> Deed + Send>;

/// A bucket that is served.
pub(super) struct Scene {
    pub(super) store: Store,
    pub(super) bucket: Arc<Mutex<Bucket>>,
}

impl Scene {
    /// Serves a bucket; `habit` tells what becomes of each request.
    pub(super) fn new(habit: impl FnMut(&Request, &mut Bucket) -> Deed + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let bucket = Arc::new(Mutex::new(Bucket::default()));
        let served = Arc::clone(&bucket);
        let habit: Arc<Mutex<Habit>> = Arc::new(Mutex::new(Box::new(habit)));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (bucket, habit) = (Arc::clone(&served), Arc::clone(&habit));
                thread::spawn(move || serve(&stream.unwrap(), &bucket, &habit));
            }
        });
        let short = Duration::from_millis(1);
        let objects = AmazonS3Builder::new()
            .with_endpoint(endpoint)
            .with_allow_http(true)
            .with_bucket_name("b")
            .with_access_key_id("AKIA")
            .with_secret_access_key("secret")
            .with_copy_if_not_exists(S3CopyIfNotExists::Multipart)
            .with_retry(RetryConfig {
                backoff: object_store::BackoffConfig {
                    init_backoff: short,
                    max_backoff: 2 * short,
                    base: 2.0,
                },
                max_retries: 2,
                retry_timeout: Duration::from_mins(1),
            })
            .build()
            .unwrap();
        let mut store = Store::open(
            &"file:///nowhere".parse().unwrap(),
            &StorageOptions::default(),
        )
        .unwrap();
        store.root = "s3://b".parse().unwrap();
        store.objects = Arc::new(objects);
        store.pause = short;
        Self { store, bucket }
    }

    /// Returns what is in the bucket.
    pub(super) fn keys(&self) -> Vec<String> {
        let bucket = self.bucket.lock().unwrap();
        bucket.objects.keys().cloned().collect()
    }

    pub(super) fn object(&self, key: &str) -> Vec<u8> {
        self.bucket.lock().unwrap().objects[key].clone()
    }

    /// Returns how often something was asked, such as `PUT x`.
    pub(super) fn asked(&self, what: &str) -> usize {
        let bucket = self.bucket.lock().unwrap();
        bucket.asked.iter().filter(|it| *it == what).count()
    }
}

fn serve(stream: &TcpStream, bucket: &Mutex<Bucket>, habit: &Mutex<Habit>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    while let Some(request) = read(&mut reader) {
        let (status, body) = {
            let mut bucket = bucket.lock().unwrap();
            let asked = format!("{} {}", request.method, request.key);
            bucket.asked.push(asked);
            match habit.lock().unwrap()(&request, &mut bucket) {
                Deed::Refused(status, body) => (status, body.into_bytes()),
                Deed::DoneBut(status, body) => {
                    bucket.answer(&request);
                    (status, body.into_bytes())
                }
                Deed::Proper => match bucket.objects.get(&request.key) {
                    Some(object) if ["GET", "HEAD"].contains(&request.method.as_str()) => {
                        (200, object.clone())
                    }
                    _ => {
                        let (status, body) = bucket.answer(&request);
                        (status, body.into_bytes())
                    }
                },
            }
        };
        let length = body.len();
        let head_lines =
            format!("HTTP/1.1 {status} X\r\nETag: \"e\"\r\nContent-Length: {length}\r\n\r\n");
        let mut answer = head_lines.into_bytes();
        if request.method != "HEAD" {
            answer.extend(body);
        }
        let mut stream = stream;
        let sent = stream.write_all(&answer);
        if sent.is_err() {
            return;
        }
    }
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Request> {
    let mut line = String::new();
    if reader.read_line(&mut line).ok()? == 0 {
        return None;
    }
    let mut words = line.split(' ');
    let method = words.next()?.to_owned();
    let target = words.next()?.to_owned();
    let mut headers = String::new();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        if header.trim().is_empty() {
            break;
        }
        headers.push_str(&header);
    }
    let length = headers.lines().find_map(|it| {
        let (name, value) = it.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse().unwrap())
    });
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let key = path.trim_start_matches("/b").trim_start_matches('/');
    Some(Request {
        method,
        key: key.to_owned(),
        query: query.to_owned(),
        headers,
        body,
    })
}
