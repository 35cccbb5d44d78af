//! What the section `[[notify]]` may say.

use std::{path::Path, time::Duration};

use super::{Body, Kept, Notification, Trigger};
use crate::config_file::ConfigFile;

fn read(text: &str) -> Result<Vec<Notification>, String> {
    let config = ConfigFile::parse(Path::new("c.toml"), text);
    config
        .map(|it| it.notifications)
        .map_err(|it| it.to_string())
}

#[test]
fn little_need_be_said() {
    let read = read("[[notify]]\nurl-env = \"HOOK\"\nbody = \"slack\"\n").unwrap();
    let [it] = read.as_slice() else {
        panic!("{read:?}")
    };
    assert_eq!(it.url, Kept::Variable("HOOK".into()));
    assert_eq!((&it.secret, &it.link), (&None, &None));
    assert_eq!(it.body, Body::Slack);
    assert_eq!(it.on, Trigger::CHANGES.into());
    assert_eq!((it.within, it.lines, it.line), (14, 10, 1));
    assert_eq!(it.timeout, Duration::from_secs(10));
    assert_eq!(it.retry_wait, Duration::from_secs(1));
}

#[test]
fn all_that_can_be_said_is_read() {
    let text = "[[notify]]\nurl-file = \"url\"\nsecret-file = \"key\"\ntemplate = \"t.j2\"\n\
                content-type = \"text/plain\"\non = [\"always\"]\nwaiver-ending-within = \"30d\"\ntimeout = \"250ms\"\n\
                retry-wait = \"10ms\"\nlines = 0\nlink-env = \"JOB\"\n[[notify]]\nurl = \"https://siem.example/in\"\n\
                body = \"json\"\nlink = \"https://ci.example\"\n";
    let read = read(text).unwrap();
    let [first, second] = read.as_slice() else {
        panic!("{read:?}")
    };
    assert_eq!(first.url, Kept::File("url".into()));
    assert_eq!(first.secret, Some(Kept::File("key".into())));
    let content_type = "text/plain".to_owned();
    let path = "t.j2".into();
    assert_eq!(first.body, Body::Template { path, content_type });
    assert_eq!(first.on, [Trigger::Always].into());
    assert_eq!((first.within, first.lines), (30, 0));
    assert_eq!(first.timeout, Duration::from_millis(250));
    assert_eq!(first.retry_wait, Duration::from_millis(10));
    assert_eq!(first.link, Some(Kept::Variable("JOB".into())));
    assert_eq!(second.url, Kept::Here("https://siem.example/in".into()));
    assert_eq!(second.line, 12);
}

#[test]
fn every_mistake_says_what_to_do() {
    const URL: &str = "url-env = \"A\"\n";
    const BODY: &str = "body = \"json\"\n";
    for (keys, told) in [
        (
            BODY.to_owned(),
            "1:1: [[notify]] has no any of `url-env`, `url-file`, `url`: add url-env = \"WEBHOOK_URL\"",
        ),
        (
            format!("{URL}{BODY}url-file = \"b\""),
            "4:1: either `url-env` or `url-file`, not both",
        ),
        (
            format!("{BODY}url = \"https://hooks.slack.com/services/T/B/canary\""),
            "3:7: `url`: whoever knows this address may post there",
        ),
        (
            format!("{BODY}url = \"http://siem.example/in\""),
            "3:7: `url`: it begins with http://, which only a receiver on this machine may",
        ),
        (
            URL.to_owned(),
            "1:1: [[notify]] has no `body` or `template`: add body = \"slack\"",
        ),
        (
            format!("{URL}body = \"slak\""),
            "`body` cannot be `slak`: did you mean `slack`?",
        ),
        (
            format!("{URL}{BODY}template = \"t\""),
            "either `body` or `template`",
        ),
        (
            format!("{URL}{BODY}content-type = \"text/plain\""),
            "4:1: `content-type` is what a `template` makes",
        ),
        (
            format!("{URL}template = \"t\"\ncontent-type = \"a\\r\\nb: c\""),
            "4:16: `content-type` is a media type",
        ),
        (format!("{URL}{BODY}on = []"), "4:6: `on` is empty"),
        (
            format!("{URL}{BODY}on = [\"news\"]"),
            "`on` cannot be `news`: did you mean `new`?",
        ),
        (
            format!("{URL}{BODY}waiver-ending-within = \"2w\""),
            "a number of days from 1 to 366: \"14d\"",
        ),
        (
            format!("{URL}{BODY}waiver-ending-within = \"0d\""),
            "a number of days from 1",
        ),
        (format!("{URL}{BODY}timeout = \"2m\""), "at most 60 s"),
        (
            format!("{URL}{BODY}timeout = \"0ms\""),
            "a length of time is a number of seconds",
        ),
        (format!("{URL}{BODY}retry-wait = \"11s\""), "at most 10 s"),
        (format!("{URL}{BODY}lines = 11"), "from 0 to 10"),
        (
            format!("{URL}{BODY}secret = \"x\""),
            "unknown key `secret` in [[notify]]",
        ),
        (
            format!("{URL}{BODY}secret-env = \"\""),
            "`secret-env` is empty",
        ),
    ] {
        let error = read(&format!("[[notify]]\n{keys}\n")).unwrap_err();
        assert!(error.contains(told), "{told}\n{error}");
        assert_eq!(error.lines().count(), 2, "one mistake: {error}");
        assert!(!error.contains("canary"), "{error}");
    }
}
