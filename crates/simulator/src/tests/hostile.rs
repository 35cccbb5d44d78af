//! Hostile requests: whatever comes, an answer goes.

use super::{Client, authorization};
use crate::authenticate::ACCESS_KEY;
use crate::random::Random;
use crate::request::Request;

#[test]
fn requests_that_are_none_are_bad_requests() {
    let client = Client::of_toml("");
    let body = |body: &[u8]| Request {
        body: body.to_vec(),
        ..client.signed("iam")
    };
    let target = |target: &str, body: &[u8]| Request {
        target: Some(target.into()),
        body: body.to_vec(),
        ..client.signed("organizations")
    };
    for request in [
        Request::default(),
        body(b""),
        body(b"%"),
        body(b"%zz=1"),
        body(b"Action=%ff"),
        body(b"Action=&Version=2010-05-08"),
        body(b"Action=ListUsers"),
        body(b"Action=<script>&Version=2010-05-08"),
        body(b"Action=ListUsers&Version=1999-01-01"),
        body(b"Action=NoSuchThing&Version=2010-05-08"),
        body(&[0xff; 300]),
        target("", b"{}"),
        target("AWSOrganizationsV20161128.", b"{}"),
        target("AWSOrganizationsV20161128.DeleteOrganization", b"{}"),
        target("AWSOrganizationsV20161128.ListAccounts", b"{"),
        target("AWSOrganizationsV20161128.ListAccounts", b"[]"),
        target(
            "AWSOrganizationsV20161128.ListAccounts",
            b"{\"MaxResults\":\"x\"}",
        ),
        target(
            "AWSOrganizationsV20161128.ListAccounts",
            &b"[".repeat(100_000),
        ),
    ] {
        let reply = client.state.answer(&request);
        assert_eq!(reply.status, 400, "{request:?}: {}", reply.body);
    }
}

#[test]
fn hostile_text_is_repeated_as_text() {
    let client = Client::in_member("");
    let reply = client.iam("GetUser", "UserName=%3Cscript%3E%26%00%1b%5B2J%22");
    assert_eq!(reply.status, 404);
    assert!(
        reply
            .body
            .contains("&lt;script&gt;&amp;\u{fffd}\u{fffd}[2J&quot;"),
        "{}",
        reply.body
    );
}

#[test]
fn noise_never_panics() {
    let client = Client::in_member("");
    let mut random = Random::new(1);
    let pieces: [&[u8]; 12] = [
        b"Action=",
        b"ListUsers",
        b"AssumeRole",
        b"&Version=2010-05-08",
        b"&Version=2011-06-15",
        b"&RoleArn=arn:aws:iam::",
        b"222222222222:role/audit",
        b"&RoleSessionName=xx",
        b"&MaxItems=99999999999999999999",
        b"%",
        b"&Marker=QUFBOjE6MQ==",
        &[0xf0, 0x9f],
    ];
    for _ in 0..3000 {
        let mut body = Vec::new();
        for _ in 0..random.below(8) {
            body.extend_from_slice(pieces[random.below(pieces.len())]);
        }
        let target = random.percent(20).then(|| {
            format!(
                "AWSOrganizationsV20161128.{}",
                String::from_utf8_lossy(&body)
            )
        });
        let header = authorization(
            ACCESS_KEY,
            "us-east-1",
            ["iam", "sts", "organizations"][random.below(3)],
        );
        let cut = random.below(header.len() * 3).min(header.len());
        let request = Request {
            target,
            body,
            authorization: Some(header[..cut].into()),
            ..client.signed("iam")
        };
        let status = client.state.answer(&request).status;
        assert!((200..500).contains(&status), "{request:?}");
    }
}
