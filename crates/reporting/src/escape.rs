//! Keeps text that others chose from being anything but text: a formula, an escape code, a change of direction.

use std::{borrow::Cow, fmt::Write};

/// Returns text in which everything that moves a cursor, reverses a line or cannot be seen is spelt out as `\u{..}`.
pub fn visible(text: &str) -> Cow<'_, str> {
    replaced(text, |out, it| {
        // Writing to a string cannot fail.
        let _ = write!(out, "\\u{{{:x}}}", u32::from(it));
    })
}

/// Returns the cell of a spreadsheet that shows `text`: on one line, and not run as a formula.
pub fn cell(text: &str) -> Cow<'_, str> {
    let shown = visible(text);
    if is_formula(text) {
        Cow::Owned(format!("'{shown}"))
    } else {
        shown
    }
}

/// Returns JSON in which everything [`visible`] spells out is written as an escape, so that a parser reads the same
/// text and a terminal shows it. Such characters stand only inside strings, line ends aside.
pub fn json(document: &str) -> Cow<'_, str> {
    let mut lines = document.split('\n').map(|line| {
        replaced(line, |out, it| {
            for unit in it.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        })
    });
    let first = lines.next().unwrap_or_default();
    lines.fold(first, |text, line| text + "\n" + line)
}

/// Returns text of which Markdown makes nothing.
pub(crate) fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let shown = visible(text);
    let mut rest = shown.chars();
    while let Some(it) = rest.next() {
        match it {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // So that no host makes a link of an address, or a mention of a name.
            '@' => out.push_str("&#64;"),
            ':' if rest.as_str().starts_with("//") => out.push_str("&#58;"),
            '.' if ends_with_www(&out) => out.push_str("&#46;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '(' | ')' | '|' | '~' | '#' | '!' | '$' => {
                out.push('\\');
                out.push(it);
            }
            _ => out.push(it),
        }
    }
    out
}

/// GitHub makes a link of what begins so, with no scheme before it.
fn ends_with_www(text: &str) -> bool {
    let start = text.len().checked_sub("www".len());
    start
        .and_then(|it| text.get(it..))
        .is_some_and(|it| it.eq_ignore_ascii_case("www"))
}

/// Spreadsheets skip what cannot be seen before they look for a formula, and some read full-width signs as plain.
fn is_formula(text: &str) -> bool {
    if text.starts_with(|it: char| it.is_ascii_alphanumeric()) {
        return false;
    }
    if text.starts_with(char::is_control) {
        return true;
    }
    let start = text.trim_start_matches(|it: char| it.is_whitespace() || is_unseen(it));
    start.starts_with([
        '=', '+', '-', '@', '＝', '＋', '－', '＠', '﹦', '﹢', '﹣', '﹫', '−',
    ])
}

/// Tells whether a character is a control character (C0, DEL, C1), a line separator, changes the direction of
/// writing, or has no width.
fn is_unseen(it: char) -> bool {
    it.is_control()
        || matches!(it,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}')
}

fn replaced(text: &str, mut replace: impl FnMut(&mut String, char)) -> Cow<'_, str> {
    // Nearly all text is printable ASCII, which bytes tell much faster than characters, and all at once faster than one by
    // one to the first that is not.
    let printable = text
        .bytes()
        .fold(true, |all, it| all & (b' '..=b'~').contains(&it));
    if printable || !text.contains(is_unseen) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for it in text.chars() {
        if is_unseen(it) {
            replace(&mut out, it);
        } else {
            out.push(it);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::{cell, json, markdown, visible};

    #[test]
    fn markdown_makes_nothing_of_it() {
        for (text, escaped) in [
            ("a|b`c`", r"a\|b\`c\`"),
            ("<img src=x>", "&lt;img src=x&gt;"),
            ("@team", "&#64;team"),
            ("HTTPS://x ftp://y", "HTTPS&#58;//x ftp&#58;//y"),
            ("WWW.example.com", "WWW&#46;example.com"),
            ("arn:aws:iam::1:root", "arn:aws:iam::1:root"),
            ("##[error]", r"\#\#\[error\]"),
            ("a\n::error::b", r"a\\u{a}::error::b"),
        ] {
            assert_eq!(markdown(text), escaped);
        }
    }

    #[test]
    fn formulas_become_text() {
        for text in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "  =1",
            "\u{a0}=1",
            "\u{200b}=1",
            "\u{feff}=1",
            "＝1",
            "＋1",
            "－1",
            "＠1",
        ] {
            assert!(cell(text).starts_with('\''), "{text:?}");
        }
        for text in [
            "",
            "alice",
            "a=b",
            "'quoted",
            "arn:aws:iam::1:user/=x",
            "12-3",
        ] {
            assert_eq!(cell(text), text);
        }
    }

    #[test]
    fn what_a_terminal_obeys_is_spelt_out() {
        let text = "a\u{1b}[31m\u{9b}2J\u{7f}\u{202e}\u{2066}\u{0}\n\u{200b}b";
        let shown = r"a\u{1b}[31m\u{9b}2J\u{7f}\u{202e}\u{2066}\u{0}\u{a}\u{200b}b";
        assert_eq!(visible(text), shown);
        assert_eq!(visible("Zoë – Ünïcode 漢字 🦀"), "Zoë – Ünïcode 漢字 🦀");
    }

    #[test]
    fn json_reads_back_the_same() {
        let text = "a\u{1b}\u{9b}\u{7f}\u{202e}\u{e0041}\n\"\\";
        let document = serde_json::to_string_pretty(&[text]).unwrap();
        let escaped = json(&document);
        assert!(!escaped.contains(|it: char| it != '\n' && super::is_unseen(it)));
        let read: Vec<String> = serde_json::from_str(&escaped).unwrap();
        assert_eq!(read, [text]);
    }
}
