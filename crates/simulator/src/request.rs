//! Reads requests: which operation of which service, with what input, signed by whom.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::error::{ApiError, Service};

/// A request as it came in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    pub(crate) query: String,
    pub(crate) target: Option<String>,
    pub(crate) authorization: Option<String>,
    pub(crate) token: Option<String>,
    /// When it was signed, as `x-amz-date` says it.
    pub(crate) date: Option<String>,
    pub(crate) body: Vec<u8>,
}

/// The operation that a request asks for.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) service: Service,
    pub(crate) action: String,
    pub(crate) input: Input,
}

/// An operation's input, whichever protocol it came by.
#[derive(Debug)]
pub(crate) enum Input {
    Query(BTreeMap<String, String>),
    Json(Map<String, Value>),
}

impl Input {
    /// Returns a member's text.
    pub(crate) fn text(&self, member: &str) -> Option<&str> {
        match self {
            Self::Query(members) => members.get(member).map(String::as_str),
            Self::Json(members) => members.get(member).and_then(Value::as_str),
        }
    }

    /// Returns a member's number: nothing if it is absent, the text if it is no number.
    pub(crate) fn number(&self, member: &str) -> Result<Option<i64>, String> {
        match self {
            Self::Query(members) => members
                .get(member)
                .map(|it| it.parse().map_err(|_| it.clone()))
                .transpose(),
            Self::Json(members) => match members.get(member) {
                None | Some(Value::Null) => Ok(None),
                Some(value) => value.as_i64().map(Some).ok_or_else(|| value.to_string()),
            },
        }
    }
}

const JSON_PREFIX: &str = "AWSOrganizationsV20161128.";

/// The operations of IAM that change the world.
const CHANGING: [&str; 4] = [
    "CreateVirtualMFADevice",
    "DeactivateMFADevice",
    "DeleteVirtualMFADevice",
    "EnableMFADevice",
];

impl Operation {
    /// Reads the operation, or tells what AWS answers to a request that is none.
    pub(crate) fn read(request: &Request) -> Result<Self, (Service, ApiError)> {
        match &request.target {
            Some(target) => {
                Self::read_json(target, &request.body).map_err(|it| (Service::Organizations, it))
            }
            None => Self::read_query(request).map_err(|it| (Service::Iam, it)),
        }
    }

    /// Tells whether the operation may change the world, so that no other can be answered at the same time.
    pub(crate) fn changes_the_world(&self) -> bool {
        self.service == Service::Iam && CHANGING.contains(&self.action.as_str())
    }

    fn read_json(target: &str, body: &[u8]) -> Result<Self, ApiError> {
        let unknown = || ApiError::new("UnknownOperationException", 400, "");
        let action = target
            .strip_prefix(JSON_PREFIX)
            .filter(|it| is_name(it))
            .ok_or_else(unknown)?;
        let malformed = || ApiError::new("SerializationException", 400, "");
        let input = if body.is_empty() {
            Map::new()
        } else {
            serde_json::from_slice(body).map_err(|_| malformed())?
        };
        Ok(Self {
            service: Service::Organizations,
            action: action.to_owned(),
            input: Input::Json(input),
        })
    }

    fn read_query(request: &Request) -> Result<Self, ApiError> {
        let malformed = || ApiError::new("MalformedInput", 400, "The request is not a form.");
        let mut members = BTreeMap::new();
        for form in [request.query.as_bytes(), request.body.as_slice()] {
            read_form(form, &mut members).ok_or_else(malformed)?;
        }
        let missing = || ApiError::new("MissingAction", 400, "Missing Action");
        let action = members
            .get("Action")
            .filter(|it| is_name(it))
            .cloned()
            .ok_or_else(missing)?;
        let service = match members.get("Version").map(String::as_str) {
            Some("2010-05-08") => Service::Iam,
            Some("2011-06-15") => Service::Sts,
            version => {
                let version = version.unwrap_or("NO_VERSION_SPECIFIED");
                let message = format!("Could not find operation {action} for version {version}");
                return Err(ApiError::new("InvalidAction", 400, message));
            }
        };
        Ok(Self {
            service,
            action,
            input: Input::Query(members),
        })
    }
}

/// What a Signature Version 4 header says; the signature itself is not verified.
#[derive(Debug)]
pub(crate) struct Credential<'a> {
    pub(crate) access_key: &'a str,
    pub(crate) region: &'a str,
    pub(crate) service: &'a str,
}

impl<'a> Credential<'a> {
    /// Reads the header, which must have all its parts.
    pub(crate) fn read(header: &'a str) -> Option<Self> {
        let rest = header.strip_prefix("AWS4-HMAC-SHA256")?;
        let part = |name: &str| {
            rest.split(',')
                .find_map(|it| it.trim().strip_prefix(name)?.strip_prefix('='))
        };
        part("SignedHeaders")?;
        part("Signature")?;
        let mut scope = part("Credential")?.split('/');
        let (access_key, _date, region, service) =
            (scope.next()?, scope.next()?, scope.next()?, scope.next()?);
        (scope.next() == Some("aws4_request") && scope.next().is_none()).then_some(Self {
            access_key,
            region,
            service,
        })
    }
}

fn is_name(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_alphanumeric())
}

/// Adds the pairs of a form, or fails if they are not UTF-8 behind their escapes.
fn read_form(form: &[u8], members: &mut BTreeMap<String, String>) -> Option<()> {
    for pair in form.split(|it| *it == b'&').filter(|it| !it.is_empty()) {
        let mut halves = pair.splitn(2, |it| *it == b'=');
        let key = unescape(halves.next()?)?;
        members.insert(key, unescape(halves.next().unwrap_or_default())?);
    }
    Some(())
}

fn unescape(text: &[u8]) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => hex(*rest.next()?)? * 16 + hex(*rest.next()?)?,
            other => *other,
        });
    }
    String::from_utf8(bytes).ok()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|it| u8::try_from(it).ok())
}
