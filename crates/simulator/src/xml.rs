//! Writes the XML of AWS's Query protocol.

use std::borrow::Cow;
use std::fmt::Display;

/// An XML fragment that grows; every element that is opened is closed.
#[derive(Default)]
pub(crate) struct Xml(String);

impl Xml {
    /// Appends an element that holds what `content` appends.
    pub(crate) fn element(&mut self, tag: &str, content: impl FnOnce(&mut Self)) -> &mut Self {
        self.open(tag);
        content(self);
        self.close(tag);
        self
    }

    /// Appends an element that holds text.
    pub(crate) fn text(&mut self, tag: &str, text: impl Display) -> &mut Self {
        let text = text.to_string();
        self.open(tag);
        self.0.push_str(&quick_xml::escape::escape(legal(&text)));
        self.close(tag);
        self
    }

    /// Appends an element that holds text, if there is any.
    pub(crate) fn optional(&mut self, tag: &str, text: Option<impl Display>) -> &mut Self {
        if let Some(text) = text {
            self.text(tag, text);
        }
        self
    }

    /// Returns the whole answer to `action`.
    pub(crate) fn answer(self, action: &str, namespace: &str, request_id: &str) -> String {
        format!(
            "<{action}Response xmlns=\"{namespace}\"><{action}Result>{}</{action}Result>\
             <ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{action}Response>",
            self.0
        )
    }

    /// Returns the fragment.
    pub(crate) fn into_string(self) -> String {
        self.0
    }

    fn open(&mut self, tag: &str) {
        self.0.push('<');
        self.0.push_str(tag);
        self.0.push('>');
    }

    fn close(&mut self, tag: &str) {
        self.0.push_str("</");
        self.0.push_str(tag);
        self.0.push('>');
    }
}

/// Replaces the characters that XML 1.0 cannot hold, which a hostile request may have us repeat.
fn legal(text: &str) -> Cow<'_, str> {
    let illegal =
        |it: char| (it < ' ' && !"\t\n\r".contains(it)) || matches!(it, '\u{fffe}' | '\u{ffff}');
    if text.contains(illegal) {
        Cow::Owned(text.replace(illegal, "\u{fffd}"))
    } else {
        Cow::Borrowed(text)
    }
}
