//! Tests, most of them without a socket.

mod answers;
mod authenticators;
mod authorization;
mod callers;
mod chance;
mod credentials;
mod documentation;
mod enrolling;
mod faults;
mod features;
mod hostile;
mod limits;
mod membership;
mod organizations;
mod pages;
mod partitions;
mod policies;
mod report;
mod root;
mod server;
mod service_control_policies;
mod sessions;
mod skew;
mod wire;
mod worlds;

use std::time::Duration;

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

use crate::authenticate::ACCESS_KEY;
use crate::reply::Reply;
use crate::request::Request;
use crate::state::State;
use crate::world::World;

/// 2026-11-24T09:00:00Z.
const NOW: i64 = World::DEMO_NOW;

const MANAGEMENT: &str = "111111111111";
const MEMBER: &str = "222222222222";

/// A management account and a member with one role that trusts it.
const ORGANIZATION: &str = r#"
    [organization]
    id = "o-exampleorg"
    management-account = "111111111111"
    [[account]]
    id = "111111111111"
    [[account]]
    id = "222222222222"
    [[account.role]]
    name = "audit"
"#;

/// A client of a simulator without a socket.
struct Client {
    state: State,
    access_key: String,
    token: Option<String>,
}

impl Client {
    fn of(world: World) -> Self {
        Self::with_delay(world, Duration::ZERO)
    }

    fn with_delay(world: World, delay: Duration) -> Self {
        Self {
            state: State::new(world, Some(NOW), delay, Duration::ZERO),
            access_key: ACCESS_KEY.into(),
            token: None,
        }
    }

    /// Returns a client of a world that is made of the usual organization and of what follows it.
    fn of_toml(more: &str) -> Self {
        Self::of(World::from_toml(&format!("{ORGANIZATION}{more}")).unwrap())
    }

    /// Returns a client in the member account.
    fn in_member(more: &str) -> Self {
        let mut client = Self::of_toml(more);
        client.enter("arn:aws:iam::222222222222:role/audit", "");
        client
    }

    /// Goes on with the credentials of a role.
    fn enter(&mut self, role: &str, more: &str) {
        let answer = self.sts(
            "AssumeRole",
            &format!("RoleArn={role}&RoleSessionName=mfaudit{more}"),
        );
        self.go_on_with(&answer);
    }

    /// Goes on with the credentials of an answer.
    fn go_on_with(&mut self, answer: &Reply) {
        assert_eq!(answer.status, 200, "{}", answer.body);
        self.access_key = element(&answer.body, "AccessKeyId").unwrap();
        self.token = element(&answer.body, "SessionToken");
    }

    fn iam(&self, action: &str, more: &str) -> Reply {
        self.query("iam", "2010-05-08", action, more)
    }

    fn sts(&self, action: &str, more: &str) -> Reply {
        self.query("sts", "2011-06-15", action, more)
    }

    fn organizations(&self, action: &str, input: &Value) -> (u16, Value) {
        let request = Request {
            target: Some(format!("AWSOrganizationsV20161128.{action}")),
            body: input.to_string().into_bytes(),
            ..self.signed("organizations")
        };
        let reply = self.state.answer(&request);
        (reply.status, serde_json::from_str(&reply.body).unwrap())
    }

    fn query(&self, service: &str, version: &str, action: &str, more: &str) -> Reply {
        let body = format!("Action={action}&Version={version}&{more}").into_bytes();
        let reply = self.state.answer(&Request {
            body,
            ..self.signed(service)
        });
        assert_well_formed(&reply.body);
        reply
    }

    fn signed(&self, service: &str) -> Request {
        let authorization = authorization(&self.access_key, self.state.region(), service);
        Request {
            authorization: Some(authorization),
            token: self.token.clone(),
            ..Request::default()
        }
    }
}

fn authorization(access_key: &str, region: &str, service: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential={access_key}/20261124/{region}/{service}/aws4_request, \
         SignedHeaders=host;x-amz-date, Signature=00"
    )
}

/// Returns the text of the first element of this name.
fn element(xml: &str, tag: &str) -> Option<String> {
    elements(xml, tag).into_iter().next()
}

/// Returns the texts of all elements of this name.
fn elements(xml: &str, tag: &str) -> Vec<String> {
    let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
    let rest = xml.split(&open).skip(1);
    rest.map(|it| {
        it.split(&close)
            .next()
            .unwrap()
            .replace("&apos;", "'")
            .replace("&quot;", "\"")
    })
    .collect()
}

fn assert_well_formed(xml: &str) {
    let mut reader = Reader::from_str(xml);
    let mut elements = 0;
    loop {
        let event = reader.read_event().unwrap();
        if event == Event::Eof {
            break;
        }
        elements += u32::from(matches!(event, Event::Start(_)));
    }
    assert!(elements > 0, "{xml}");
}

fn error_of(reply: &Reply) -> (u16, String, String) {
    let text = |tag| element(&reply.body, tag).unwrap_or_default();
    (reply.status, text("Code"), text("Message"))
}
