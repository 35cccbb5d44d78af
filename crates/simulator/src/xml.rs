//! Writes the XML of AWS's Query protocol.

use std::borrow::Cow;
use std::fmt::{Display, Write};

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
        self.open(tag);
        let start = self.0.len();
        // Writing to a string cannot fail.
        let _ = write!(self.0, "{text}");
        // Nearly all texts are plain, and stay where they are.
        if self.0.bytes().skip(start).any(needs_care) {
            let text = self.0.split_off(start);
            self.0.push_str(&quick_xml::escape::escape(legal(&text)));
        }
        self.close(tag);
        self
    }

    /// Appends another fragment.
    pub(crate) fn append(&mut self, fragment: &Self) {
        self.0.push_str(&fragment.0);
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
        let (head, tail) = (
            format!("<{action}Response xmlns=\"{namespace}\"><{action}Result>"),
            format!(
                "</{action}Result><ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>\
                 </{action}Response>"
            ),
        );
        [head.as_str(), &self.0, &tail].concat()
    }

    /// Returns the whole answer to an action that has no result.
    pub(crate) fn done(action: &str, namespace: &str, request_id: &str) -> String {
        format!(
            "<{action}Response xmlns=\"{namespace}\"><ResponseMetadata><RequestId>{request_id}</RequestId>\
             </ResponseMetadata></{action}Response>"
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

/// Tells whether a text with this byte may have to be written otherwise: markup, a control character, or the first
/// byte of U+FFFE and U+FFFF.
fn needs_care(byte: u8) -> bool {
    byte < b' ' || matches!(byte, b'<' | b'>' | b'&' | b'\'' | b'"' | 0xef)
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
