//! From a message to a body.

use minijinja::{AutoEscape, Environment, UndefinedBehavior, value::Serde};

use super::{Message, sample::samples};

/// How much work a template may be, in the library's units: a message has some ten lines.
const FUEL: u64 = 200_000;
/// The longest body that is sent, in bytes. Slack takes some 40 000 characters, Teams 28 KB.
const LONGEST: usize = 256 * 1024;

const SLACK: &str = include_str!("templates/slack.json");
const TEAMS: &str = include_str!("templates/teams.json");

/// What a body is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Content {
    /// JSON, in which every value of a template is written as JSON.
    Json,
    /// Anything else, by its media type. Values are written as they are.
    Other(String),
}

/// What makes a body of a message.
#[derive(Debug)]
pub struct Template {
    content: Content,
    /// `None` for the message itself as JSON.
    environment: Option<Environment<'static>>,
}

/// Why a template makes no body.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// It cannot be read, names what there is not, or takes too much work.
    #[error("{0}")]
    Template(#[from] minijinja::Error),
    /// What it makes is no JSON.
    #[error("what it makes of a sample is no JSON: {0}")]
    NoJson(serde_json::Error),
    /// What it makes is too long.
    #[error("what it makes is {0} bytes long, and a body has at most 262144")]
    TooLong(usize),
}

impl Content {
    /// Returns the content of a media type.
    pub fn of(media_type: &str) -> Self {
        let kind = media_type.split(';').next().unwrap_or_default().trim();
        let kind = kind.to_ascii_lowercase();
        if kind == "application/json" || kind.ends_with("+json") {
            Self::Json
        } else {
            Self::Other(media_type.to_owned())
        }
    }

    /// Returns the media type.
    pub fn media_type(&self) -> &str {
        match self {
            Self::Json => "application/json",
            Self::Other(it) => it,
        }
    }
}

impl Template {
    /// Returns the one whose body is the message itself.
    pub const fn json() -> Self {
        Self {
            content: Content::Json,
            environment: None,
        }
    }

    /// Returns the one for Slack's incoming webhooks.
    ///
    /// # Errors
    ///
    /// Fails as [`parse`](Self::parse) does.
    pub fn slack(lines: usize) -> Result<Self, TemplateError> {
        Self::parse(SLACK.to_owned(), Content::Json, lines)
    }

    /// Returns the one for Teams, where a workflow that posts to a channel takes adaptive cards.
    ///
    /// # Errors
    ///
    /// Fails as [`parse`](Self::parse) does.
    pub fn teams(lines: usize) -> Result<Self, TemplateError> {
        Self::parse(TEAMS.to_owned(), Content::Json, lines)
    }

    /// Reads a Jinja template, and tries it with messages that have all and as little as there can be, with at most `lines`
    /// examples.
    ///
    /// # Errors
    ///
    /// Fails if it is none, or makes no body of one of them.
    pub fn parse(source: String, content: Content, lines: usize) -> Result<Self, TemplateError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_fuel(Some(FUEL));
        // An error would show the template and all it is given.
        environment.set_debug(false);
        let json = content == Content::Json;
        environment.set_auto_escape_callback(move |_| {
            if json {
                AutoEscape::Json
            } else {
                AutoEscape::None
            }
        });
        environment.add_filter("mrkdwn", mrkdwn);
        environment.add_template_owned(NAME, source)?;
        let template = Self {
            content,
            environment: Some(environment),
        };
        for sample in samples(lines).all() {
            template.render(sample)?;
        }
        Ok(template)
    }

    /// Returns what the body is.
    pub const fn content(&self) -> &Content {
        &self.content
    }

    /// Returns the body that tells of `message`.
    ///
    /// # Errors
    ///
    /// Fails if it would be too long, or no JSON where it must be some. A sample does not show everything.
    pub fn render(&self, message: &Message) -> Result<String, TemplateError> {
        let body = match &self.environment {
            None => serde_json::to_string(message).map_err(TemplateError::NoJson)?,
            Some(environment) => environment.get_template(NAME)?.render(Serde(message))?,
        };
        if body.len() > LONGEST {
            return Err(TemplateError::TooLong(body.len()));
        }
        if self.content == Content::Json {
            let read = serde_json::from_str::<serde::de::IgnoredAny>(&body);
            read.map_err(TemplateError::NoJson)?;
        }
        Ok(body)
    }
}

/// What messages of the library call a template.
const NAME: &str = "template";

/// Escapes the three characters with which Slack's text begins anything but formatting: links, mentions, channels.
fn mrkdwn(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
