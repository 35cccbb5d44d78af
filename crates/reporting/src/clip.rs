//! Keeps text within the length that a reader takes.

use std::borrow::Cow;

/// Returns the text, or as much of its beginning as leaves room for `…` within `limit` characters.
pub(crate) fn clipped(text: &str, limit: usize) -> Cow<'_, str> {
    if text.len() <= limit || text.chars().count() <= limit {
        return Cow::Borrowed(text);
    }
    let start: String = text.chars().take(limit.saturating_sub(1)).collect();
    Cow::Owned(start + "…")
}

/// Returns the text, or `None` of one that holds nothing but white space, which many readers refuse.
pub(crate) fn filled(text: &str) -> Option<&str> {
    (!text.trim().is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::{clipped, filled};

    #[test]
    fn what_is_too_long_ends_in_an_ellipsis_and_fits() {
        assert_eq!(clipped("four", 4), "four");
        assert_eq!(clipped("fives", 4), "fiv…");
        assert_eq!(clipped("漢字漢字", 4), "漢字漢字");
        assert_eq!(clipped("漢字漢字漢", 4).chars().count(), 4);
    }

    #[test]
    fn white_space_is_nothing() {
        assert_eq!((filled(""), filled(" \t\n")), (None, None));
        assert_eq!(filled(" a "), Some(" a "));
    }
}
