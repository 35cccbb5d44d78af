//! How much an expression may be, found before it is parsed.

use crate::Mistake;

/// The most bytes.
pub(crate) const LENGTH: usize = 4096;
/// How deep brackets may be nested.
pub(crate) const BRACKETS: usize = 32;
/// How deep the parsed expression may be.
pub(crate) const DEPTH: usize = 64;
/// How deep `all`, `exists`, `filter` and their like may be nested.
pub(crate) const MACROS: usize = 2;
/// The most operators: long chains of them are deep without a bracket.
pub(crate) const OPERATORS: usize = 400;

/// Returns what is too much, if anything is.
pub(crate) fn exceeded(text: &str) -> Option<Mistake> {
    if text.len() > LENGTH {
        let what = format!(
            "the expression has {} bytes, more than {LENGTH}: make several rules of it",
            text.len()
        );
        return Some(Mistake::new(0, what));
    }
    let (mut depth, mut operators) = (0_usize, 0_usize);
    for (at, it) in Code::of(text) {
        match it {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            '!' | '-' | '+' | '*' | '/' | '%' | '?' | '&' | '|' | '<' | '>' | '=' | '.' => {
                operators += 1;
            }
            _ => {}
        }
        if depth > BRACKETS {
            let what =
                format!("brackets are nested more than {BRACKETS} deep: make several rules of it");
            return Some(Mistake::new(at, what));
        }
        if operators > OPERATORS {
            let what =
                format!("there are more than {OPERATORS} operators: make several rules of it");
            return Some(Mistake::new(at, what));
        }
    }
    None
}

/// The characters of an expression that stand in no text and no comment.
struct Code<'a> {
    rest: &'a str,
    at: usize,
}

impl<'a> Code<'a> {
    const fn of(text: &'a str) -> Self {
        Self { rest: text, at: 0 }
    }

    fn skip(&mut self, bytes: usize) {
        let bytes = bytes.min(self.rest.len());
        self.rest = self.rest.get(bytes..).unwrap_or_default();
        self.at += bytes;
    }

    /// Returns how long the text or comment is that begins here; 0 if none does.
    fn passage(&self) -> usize {
        let rest = self.rest;
        if rest.starts_with("//") {
            return rest.find('\n').unwrap_or(rest.len());
        }
        let prefix = rest.find(|it: char| !"rRbB".contains(it)).unwrap_or(0);
        let (prefix, quoted) = rest.split_at_checked(prefix).unwrap_or(("", rest));
        for quote in ["\"\"\"", "'''", "\"", "'"] {
            if let Some(text) = quoted.strip_prefix(quote) {
                return prefix.len() + quote.len() + end(text, quote, prefix);
            }
        }
        0
    }
}

/// Returns the length of a text to the end of its closing quote. In a raw text a backslash means nothing.
fn end(text: &str, quote: &str, prefix: &str) -> usize {
    let raw = prefix.contains(['r', 'R']);
    let mut escaped = false;
    for (at, it) in text.char_indices() {
        if escaped {
            escaped = false;
        } else if it == '\\' {
            escaped = !raw;
        } else if text.get(at..).is_some_and(|it| it.starts_with(quote)) {
            return at + quote.len();
        }
    }
    text.len()
}

impl Iterator for Code<'_> {
    type Item = (usize, char);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let passage = self.passage();
            if passage == 0 {
                break;
            }
            self.skip(passage);
        }
        let it = self.rest.chars().next()?;
        let at = self.at;
        self.skip(it.len_utf8());
        Some((at, it))
    }
}
