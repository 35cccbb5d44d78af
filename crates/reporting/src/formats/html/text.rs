//! Text that others chose, as text of a page and of its data.

use std::{borrow::Cow, fmt::Write};

use serde::Serialize;

use crate::escape;

/// A space at which no line is broken, with which the table ties commands.
const TIE: char = '\u{a0}';

/// Returns HTML that shows `text` and nothing else, in an attribute's quotes too.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for it in escape::visible(text).chars() {
        match it {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(it),
        }
    }
    out
}

/// Returns words of the table as HTML, in which lines may break anywhere.
pub(super) fn words(text: &str) -> String {
    escaped(&text.replace(TIE, " "))
}

/// Returns text of which a sentence begins, as HTML.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().map(|it| it.to_uppercase().collect()).unwrap_or_default();
    words(&format!("{first}{}", letters.as_str()))
}

/// Returns a name that others chose, which may be written from right to left.
pub(super) fn name(text: &str) -> String {
    format!("<bdi>{}</bdi>", escaped(text))
}

/// Returns JSON that ends no element of HTML and begins none.
pub(super) fn json(value: &impl Serialize) -> serde_json::Result<String> {
    let text = serde_json::to_string(value)?;
    Ok(match escape::json(&text) {
        Cow::Borrowed(it) if !it.contains(['<', '>']) => it.to_owned(),
        it @ (Cow::Borrowed(_) | Cow::Owned(_)) => it.replace('<', "\\u003c").replace('>', "\\u003e"),
    })
}

/// Returns a value of the address's fragment.
pub(super) fn fragment(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => out.push(char::from(byte)),
            _ => {
                // Writing to a string cannot fail.
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{escaped, fragment, json};

    #[test]
    fn text_is_never_markup() {
        assert_eq!(
            escaped("<a href='x' title=\"y\">&\u{202e}"),
            "&lt;a href=&#39;x&#39; title=&quot;y&quot;&gt;&amp;\\u{202e}"
        );
    }

    #[test]
    fn data_end_no_element_and_read_back_the_same() {
        let text = "</script><!--<script>\u{1b}\u{2028}";
        let data = json(&text).unwrap();
        assert!(!data.contains(['<', '>']));
        let read: String = serde_json::from_str(&data).unwrap();
        assert_eq!(read, text);
    }

    #[test]
    fn a_value_of_the_address_is_one_word() {
        assert_eq!(fragment("a b/ü&=#"), "a%20b%2F%C3%BC%26%3D%23");
    }
}
