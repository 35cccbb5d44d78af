//! The section `[[notify]]`: who is told of what changed.

mod schema;
#[cfg(test)]
mod tests;

use std::{collections::BTreeSet, path::PathBuf, time::Duration};

pub(super) use self::schema::schema;
use super::{
    mistakes::Mistakes,
    table::Table,
    value::{self, Read},
};
use crate::values::duration;

pub(super) const SECTION: &str = "notify";

/// How long an attempt may take at most.
const LONGEST_TIMEOUT: Duration = Duration::from_mins(1);
/// How long may be waited before the second attempt at most.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// The most lines a message may have about single failures, accounts and waivers.
const MOST_LINES: u32 = 10;
/// The most days before its end that a waiver may be told of.
const MOST_DAYS: u32 = 366;

/// A notification that the file asks for.
#[derive(Clone, Debug)]
pub(crate) struct Notification {
    /// The line it stands on.
    pub(crate) line: usize,
    /// Where it goes.
    pub(crate) url: Kept,
    /// What it is signed with.
    pub(crate) secret: Option<Kept>,
    /// What makes its body.
    pub(crate) body: Body,
    /// What it is sent about.
    pub(crate) on: BTreeSet<Trigger>,
    /// How many days before its end a waiver is told of.
    pub(crate) within: u32,
    /// How long an attempt may take.
    pub(crate) timeout: Duration,
    /// How long to wait before the second attempt.
    pub(crate) retry_wait: Duration,
    /// How many lines it has about single failures, accounts and waivers.
    pub(crate) lines: u32,
    /// Where there is more.
    pub(crate) link: Option<Kept>,
}

/// Where a text is kept, which may be a secret.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Kept {
    /// In the file itself: it is no secret.
    Here(String),
    /// In a variable of the environment.
    Variable(String),
    /// In a file, relative to the configuration.
    File(PathBuf),
}

/// What makes a body.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Body {
    /// What Slack takes.
    Slack,
    /// What Teams takes.
    Teams,
    /// The message itself.
    Json,
    /// A template, relative to the configuration, and what it makes.
    Template { path: PathBuf, content_type: String },
}

/// What a notification is sent about.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Trigger {
    /// Something fails that did not.
    New,
    /// Something is fixed.
    Fixed,
    /// Less was seen.
    CoverageLost,
    /// A waiver ends.
    WaiverEnding,
    /// Every run.
    Always,
}

impl Trigger {
    const ALL: [Self; 5] = [
        Self::New,
        Self::Fixed,
        Self::CoverageLost,
        Self::WaiverEnding,
        Self::Always,
    ];
    /// What counts where nobody says anything: every change.
    const CHANGES: [Self; 4] = [
        Self::New,
        Self::Fixed,
        Self::CoverageLost,
        Self::WaiverEnding,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Fixed => "fixed",
            Self::CoverageLost => "coverage-lost",
            Self::WaiverEnding => "waiver-ending",
            Self::Always => "always",
        }
    }

    /// Tells whether nobody knows without a baseline whether it happened.
    pub(crate) const fn needs_baseline(self) -> bool {
        match self {
            Self::New | Self::Fixed | Self::CoverageLost => true,
            Self::WaiverEnding | Self::Always => false,
        }
    }
}

/// Takes the notifications out of the document.
pub(super) fn take(document: &mut Table<'_>, mistakes: &mut Mistakes<'_>) -> Vec<Notification> {
    let tables = document.tables(SECTION, mistakes);
    let read = tables.into_iter().filter_map(|mut table| {
        if cfg!(not(feature = "notify")) {
            let what = "this build sends no notifications: build with the feature `notify`";
            mistakes.add(table.span(), what);
        }
        let read = notification(&mut table, mistakes);
        table.end(mistakes);
        read
    });
    read.collect()
}

/// Reads every key before the first mistake ends it, so that all are told.
fn notification(table: &mut Table<'_>, mistakes: &mut Mistakes<'_>) -> Option<Notification> {
    let place = mistakes.line(table.span().start);
    let url = one_of(table, ["url", "url-env", "url-file"], mistakes);
    if let Ok(None) = url {
        let what = "any of `url-env`, `url-file`, `url`";
        table.lacks(what, "url-env = \"WEBHOOK_URL\"", mistakes);
    }
    let url = url.ok().flatten().and_then(|(kept, span)| match &kept {
        Kept::Here(url) => match plain(url) {
            Ok(()) => Some(kept),
            Err(what) => {
                mistakes.add(span, format!("`url`: {what}"));
                None
            }
        },
        Kept::Variable(_) | Kept::File(_) => Some(kept),
    });
    let secret = one_of(table, ["", "secret-env", "secret-file"], mistakes);
    let link = one_of(table, ["link", "link-env", ""], mistakes);
    let body = body(table, mistakes);
    let on = match table.take("on") {
        Some(value) => on(value, mistakes),
        None => Some(Trigger::CHANGES.into()),
    };
    let mut length = |key, longest, default, mistakes: &mut Mistakes<'_>| match table.take(key) {
        Some(value) => length(key, value, longest, mistakes),
        None => Some(default),
    };
    let timeout = length(
        "timeout",
        LONGEST_TIMEOUT,
        Duration::from_secs(10),
        mistakes,
    );
    let retry_wait = length("retry-wait", LONGEST_WAIT, Duration::from_secs(1), mistakes);
    let within = match table.take("waiver-ending-within") {
        Some(value) => days("waiver-ending-within", value, mistakes),
        None => Some(14),
    };
    let lines = match table.take("lines") {
        Some(value) => value::number("lines", value, 0, MOST_LINES, mistakes),
        None => Some(MOST_LINES),
    };
    Some(Notification {
        line: place,
        url: url?,
        secret: secret.ok()?.map(|(it, _)| it),
        body: body?,
        on: on?,
        within: within?,
        timeout: timeout?,
        retry_wait: retry_wait?,
        lines: lines?,
        link: link.ok()?.map(|(it, _)| it),
    })
}

/// Takes a text that stands in the file, or a variable or a file has, by the three keys for that, of which some may be
/// empty. Fails if there is a mistake.
fn one_of(
    table: &mut Table<'_>,
    keys: [&'static str; 3],
    mistakes: &mut Mistakes<'_>,
) -> Result<Option<(Kept, std::ops::Range<usize>)>, ()> {
    let before = mistakes.count();
    let makes: [fn(String) -> Kept; 3] = [Kept::Here, Kept::Variable, |it| {
        Kept::File(PathBuf::from(it))
    }];
    let mut found = None;
    for (key, make) in keys.into_iter().zip(makes) {
        if key.is_empty() {
            continue;
        }
        let place = table.key_span(key);
        let text = table.text(key, mistakes);
        if let (Some(place), Some((_, first, _))) = (&place, &found) {
            let what = format!("either `{first}` or `{key}`, not both");
            mistakes.add(place.clone(), what);
        }
        if let Some(text) = text {
            let kept = make((*text.get_ref()).to_owned());
            found.get_or_insert((kept, key, text.span()));
        }
    }
    if mistakes.count() > before {
        return Err(());
    }
    Ok(found.map(|(kept, _, span)| (kept, span)))
}

/// Says what is wrong with an address that stands in the file.
#[cfg(feature = "notify")]
fn plain(url: &str) -> Result<(), String> {
    delivery::notify::host(url).map_err(|error| error.to_string())?;
    if delivery::notify::is_secret(url) {
        return Err(
            "whoever knows this address may post there, so it does not belong in this file: \
                    url-env = \"NAME\" or url-file = \"PATH\""
                .to_owned(),
        );
    }
    Ok(())
}

/// Without notifications the section is a mistake anyway.
#[cfg(not(feature = "notify"))]
#[expect(clippy::unnecessary_wraps, reason = "with notifications it may fail")]
fn plain(_: &str) -> Result<(), String> {
    Ok(())
}

fn body(table: &mut Table<'_>, mistakes: &mut Mistakes<'_>) -> Option<Body> {
    const WORDS: [&str; 3] = ["slack", "teams", "json"];
    let body_span = table.key_span("body");
    let template_span = table.key_span("template");
    let type_span = table.key_span("content-type");
    let word = table.take("body");
    let word = word.map(|it| value::choice("body", it, &WORDS, mistakes));
    let template = table.text("template", mistakes);
    let content_type = table.text("content-type", mistakes);
    if let (None, Some(span)) = (&template_span, &type_span) {
        let what = "`content-type` is what a `template` makes: the other bodies are JSON";
        mistakes.add(span.clone(), what);
    }
    match (&body_span, &template_span) {
        (Some(_), Some(second)) => {
            let what = "either `body` or `template`, not both";
            mistakes.add(second.clone(), what);
            return None;
        }
        (None, None) => {
            table.lacks("`body` or `template`", "body = \"slack\"", mistakes);
            return None;
        }
        (Some(_), None) | (None, Some(_)) => {}
    }
    if let Some(template) = template {
        if type_span.is_some() && content_type.is_none() {
            return None;
        }
        let content_type = content_type.as_ref();
        if let Some(text) = content_type
            && !text.get_ref().bytes().all(|it| (b' '..=b'~').contains(&it))
        {
            let what = "`content-type` is a media type: \"text/plain; charset=utf-8\"";
            mistakes.add(text.span(), what);
            return None;
        }
        return Some(Body::Template {
            path: template.get_ref().into(),
            content_type: content_type
                .map_or("application/json", |it| it.get_ref())
                .to_owned(),
        });
    }
    match word.flatten()? {
        "slack" => Some(Body::Slack),
        "teams" => Some(Body::Teams),
        _ => Some(Body::Json),
    }
}

fn on(value: Read<'_>, mistakes: &mut Mistakes<'_>) -> Option<BTreeSet<Trigger>> {
    let words = Trigger::ALL.map(Trigger::name);
    let named = value::list("on", value, mistakes, |item, mistakes| {
        let word = value::choice("on", item, &words, mistakes)?;
        Trigger::ALL.into_iter().find(|it| it.name() == word)
    })?;
    if named.is_empty() {
        let what = "`on` is empty, so nothing would ever be sent: leave it out for every change, or remove the section";
        mistakes.add(value.span(), what);
        return None;
    }
    Some(named.into_iter().collect())
}

fn length(
    key: &str,
    value: Read<'_>,
    longest: Duration,
    mistakes: &mut Mistakes<'_>,
) -> Option<Duration> {
    let mut read = None;
    value::text(
        key,
        value,
        |text| {
            let millis = text.strip_suffix("ms").map(str::parse::<u16>);
            let it = match millis {
                Some(Ok(it)) if it > 0 => Duration::from_millis(u64::from(it)),
                Some(_) | None => duration(text)?,
            };
            if it > longest {
                return Err(format!("at most {} s", longest.as_secs()));
            }
            read = Some(it);
            Ok(())
        },
        mistakes,
    )?;
    read
}

fn days(key: &str, value: Read<'_>, mistakes: &mut Mistakes<'_>) -> Option<u32> {
    let mut read = None;
    value::text(
        key,
        value,
        |text| {
            let days = text.strip_suffix('d').and_then(|it| it.parse().ok());
            read = days.filter(|it| (1..=MOST_DAYS).contains(it));
            let wrong = || format!("a number of days from 1 to {MOST_DAYS}: \"14d\"");
            read.map(drop).ok_or_else(wrong)
        },
        mistakes,
    )?;
    read
}
