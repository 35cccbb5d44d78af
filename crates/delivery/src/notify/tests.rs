//! What must hold of templates, messages and signatures.

use secrecy::SecretString;
use serde_json::Value;

use super::{BySeverity, Content, Message, Template, TemplateError, sample::samples, sign};

/// As many lines as a message may have.
const LINES: usize = 10;

fn given() -> [Template; 3] {
    [
        Template::json(),
        Template::slack(LINES).unwrap(),
        Template::teams(LINES).unwrap(),
    ]
}

fn full() -> Message {
    samples(LINES).full
}

fn json(template: &Template, message: &Message) -> Value {
    serde_json::from_str(&template.render(message).unwrap()).unwrap()
}

/// Visits every text of a document.
fn texts(value: &Value, visit: &mut dyn FnMut(&str)) {
    match value {
        Value::String(it) => visit(it),
        Value::Array(it) => it.iter().for_each(|it| texts(it, visit)),
        Value::Object(it) => it.values().for_each(|it| texts(it, visit)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[test]
fn every_template_tells_of_every_sample() {
    for template in given() {
        for message in samples(LINES).all() {
            let mut all = String::new();
            texts(&json(&template, message), &mut |it| all.push_str(it));
            assert!(all.contains(&message.headline), "{all}");
        }
    }
}

#[test]
fn hostile_names_stay_text() {
    let mut message = full();
    let hostile = "a\", \"b\": \"<!channel> <https://evil.example|x> {{ 7 * 7 }} \\ [x](https://evil.example) & *b*";
    let changes = message.changes.as_mut().unwrap();
    changes.new.examples[0].text = hostile.to_owned();
    let [_, slack, teams] = given();
    let escaped = hostile
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let slack = json(&slack, &message);
    let mut found = 0;
    texts(&slack, &mut |it| {
        assert!(
            !it.contains("<!channel>") && !it.contains("<https://evil"),
            "{it}"
        );
        found += usize::from(it.contains(&escaped));
    });
    assert_eq!(found, 1, "{slack}");
    // Of a text run no Markdown is made, of a text block some is.
    let card = json(&teams, &message);
    let body = card["attachments"][0]["content"]["body"]
        .as_array()
        .unwrap();
    let holding: Vec<_> = body
        .iter()
        .filter(|it| it.to_string().contains("evil"))
        .collect();
    assert_eq!(holding.len(), 1);
    assert_eq!(holding[0]["type"], "RichTextBlock");
    assert_eq!(holding[0]["inlines"][0]["text"], hostile);
}

#[test]
fn what_is_not_known_is_said() {
    let samples = samples(LINES);
    for template in &given()[1..] {
        let told = template.render(&samples.first).unwrap();
        assert!(told.contains("no baseline was given"), "{told}");
        let told = template.render(&samples.unchanged).unwrap();
        assert!(told.contains("does not tell what it saw"), "{told}");
        let told = template.render(&full()).unwrap();
        assert!(told.contains("not to say that they are fixed"), "{told}");
    }
}

#[test]
fn a_message_has_at_most_so_many_lines_and_every_count() {
    let mut message = full();
    let changes = message.changes.as_mut().unwrap();
    changes.new.count = 40;
    changes.new.by_severity = BySeverity {
        critical: 2,
        high: 38,
        ..BySeverity::default()
    };
    changes.new.examples = vec![changes.new.examples[0].clone(); 5];
    let lost = changes.coverage_lost.as_mut().unwrap();
    lost.examples = vec![lost.examples[0].clone(); 4];
    changes.fixed.examples = vec![changes.fixed.examples[0].clone(); 5];
    let lines = |most| {
        let told = message.clone().told(most);
        let changes = told.changes.unwrap();
        [
            changes.new.examples.len(),
            changes.coverage_lost.unwrap().examples.len(),
            told.waivers_ending.examples.len(),
            changes.fixed.examples.len(),
        ]
    };
    assert_eq!(lines(LINES), [5, 4, 1, 0]);
    assert_eq!(lines(7), [5, 2, 0, 0]);
    assert_eq!(lines(0), [0; 4]);
    let told = message.clone().told(0);
    assert_eq!(
        told.headline,
        "mfaudit: 40 new failures (2 critical, 38 high), 1 fixed, 1 account with coverage lost, not every account listed, gate \
         closed for what was not seen, 1 waiver ending"
    );
}

#[test]
fn the_headline_does_not_call_unknown_unchanged() {
    let samples = samples(LINES);
    let told = [
        &samples.full,
        &samples.kept,
        &samples.unchanged,
        &samples.first,
    ];
    let headlines = told.map(|it| it.headline.as_str());
    assert_eq!(
        headlines,
        [
            "mfaudit: 1 new failure (1 high), 1 fixed, 1 account with coverage lost, not every account listed, gate closed for \
             what was not seen, 1 waiver ending",
            "mfaudit: no change",
            "mfaudit: coverage not compared",
            "mfaudit: 0 failures, compared with nothing",
        ]
    );
}

#[test]
fn a_template_that_makes_no_json_is_refused_before_there_is_a_message() {
    for (source, told) in [
        ("{", "no JSON"),
        ("{\"text\": \"{{ headline }}\"}", "no JSON"),
        ("{\"text\": {{ headlin }}}", "undefined"),
        ("{\"text\": {{ changes.new.count }}}", "undefined"),
        ("{% if %}", "syntax error"),
        (
            "{% for it in range(100000) %}{% for b in range(9) %}{% endfor %}{% endfor %}1",
            "fuel",
        ),
        ("{% include \"/etc/passwd\" %}", "include"),
    ] {
        let error = Template::parse(source.to_owned(), Content::Json, LINES).unwrap_err();
        let error = error.to_string();
        assert!(error.contains(told), "{source}: {error}");
        // Neither the template nor what it is given is shown, whatever the build.
        assert_eq!(error.lines().count(), 1, "{source}: {error}");
    }
    let long = "x".repeat(300_000);
    let error = Template::parse(long, Content::Other("text/plain".into()), LINES).unwrap_err();
    assert!(matches!(error, TemplateError::TooLong(300_000)), "{error}");
}

/// Most messages have a baseline that tells what it saw and nothing lost, or counts without examples.
#[test]
fn a_template_that_fails_at_a_usual_message_is_refused_before_there_is_one() {
    let lost = "{% if changes and changes.coverage_lost %}{{ changes.coverage_lost.examples[0].text }}{% endif %}";
    let new = "{% if changes and changes.new.count %}{{ changes.new.examples[0].text }}{% endif %}";
    for (source, expected) in [
        (lost.to_owned(), false),
        (new.to_owned(), false),
        (
            lost.replace(
                "coverage_lost %}",
                "coverage_lost and changes.coverage_lost.examples %}",
            ),
            true,
        ),
        (new.replace("new.count", "new.examples"), true),
    ] {
        let told = Template::parse(source.clone(), Content::of("text/plain"), LINES);
        assert_eq!(told.is_ok(), expected, "{source}: {told:?}");
    }
}

/// A template of a section that names nobody need not know what to do with names, and the other way round.
#[test]
fn a_template_is_tried_with_as_many_lines_as_it_gets() {
    let named = "{% if changes and changes.new.examples %}{{ nothing }}{% endif %}";
    let told = |lines| Template::parse(named.to_owned(), Content::of("text/plain"), lines);
    assert!(told(0).is_ok());
    assert!(told(1).is_err());
}

#[test]
fn a_template_of_text_writes_values_as_they_are() {
    let content = Content::of("text/plain; charset=utf-8");
    let template =
        Template::parse("{{ headline }}\n{{ exit_code }}".to_owned(), content, LINES).unwrap();
    let body = template.render(&full()).unwrap();
    assert_eq!(body, format!("{}\n3", full().headline));
    assert_eq!(
        Content::of("Application/JSON; charset=utf-8"),
        Content::Json
    );
    assert_eq!(Content::of("application/cloudevents+json"), Content::Json);
}

#[test]
fn a_template_may_use_values_as_json_or_with_the_filter_that_makes_it() {
    let source = "{\"a\": {{ because }}, \"b\": {{ because|tojson }}}".to_owned();
    let body = Template::parse(source, Content::Json, LINES)
        .unwrap()
        .render(&full())
        .unwrap();
    let read: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(read["a"], read["b"]);
    assert_eq!(read["a"][2], "coverage-lost");
}

/// The vector was made with Python's `hmac`, the way the guide shows.
#[test]
fn a_signature_is_over_the_time_and_the_body() {
    let secret = SecretString::from("wh-secret");
    let signed = |at, body: &str| sign(&secret, at, body.as_bytes());
    assert_eq!(
        signed(1_764_000_000, "{\"a\":\"é\"}"),
        "v1=240a3cd64110125f5ba577b76c8b2295390be51abd119620c37fc64778ad1b9e"
    );
    assert_ne!(signed(1_764_000_000, "{}"), signed(1_764_000_001, "{}"));
    assert_ne!(signed(1_764_000_000, "{}"), signed(1_764_000_000, "{ }"));
    assert_ne!(
        signed(1, "{}"),
        sign(&SecretString::from("another"), 1, b"{}")
    );
}
