//! The steps that close failures, in Markdown that holds others' text as text alone.

mod of_rules;
mod root_user;
mod user;

pub(super) use self::{of_rules::of_rule, root_user::RootUser, user::User};

/// What one has to do, once, about one or more failures of a principal.
#[derive(Debug)]
pub(super) struct Steps {
    /// What, in a few words without a full stop.
    pub(super) what: String,
    /// The page of the console where it is done.
    pub(super) link: Option<String>,
    /// The command that does it, or the first of those that do.
    pub(super) command: Option<String>,
    /// How.
    pub(super) parts: Vec<Part>,
}

/// A part of the steps.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Part {
    /// A paragraph of Markdown.
    Text(String),
    /// Points to go through in order, each of Markdown.
    Points(Vec<String>),
    /// Commands, to be copied whole.
    Commands(Vec<String>),
}

impl Steps {
    pub(super) fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            link: None,
            command: None,
            parts: Vec::new(),
        }
    }

    pub(super) fn link(self, link: Option<String>) -> Self {
        Self { link, ..self }
    }

    pub(super) fn command(self, command: impl Into<String>) -> Self {
        Self {
            command: Some(command.into()),
            ..self
        }
    }

    pub(super) fn text(mut self, text: impl Into<String>) -> Self {
        self.parts.push(Part::Text(text.into()));
        self
    }

    pub(super) fn points(mut self, points: Vec<String>) -> Self {
        self.parts.push(Part::Points(points));
        self
    }

    pub(super) fn commands(
        mut self,
        commands: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let commands = commands.into_iter().map(Into::into);
        self.parts.push(Part::Commands(commands.collect()));
        self
    }
}

/// Returns a link in Markdown, or its text where there is none.
pub(super) fn linked(text: &str, link: Option<&str>) -> String {
    link.map_or_else(|| text.to_owned(), |it| format!("[{text}]({it})"))
}
