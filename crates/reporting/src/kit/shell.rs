//! Words of a POSIX shell: text that others chose stays one argument.

use crate::escape;

/// Returns a text as one word; `None` of one that cannot be shown as it is, so that what is pasted is not what is read.
pub(super) fn word(text: &str) -> Option<String> {
    if text.is_empty() || escape::visible(text) != text {
        return None;
    }
    // `=` and `~` begin what some shells expand.
    let plain = |it: char| it.is_ascii_alphanumeric() || "_./:@%+,-".contains(it);
    if text.chars().all(plain) {
        return Some(text.to_owned());
    }
    Some(format!("'{}'", text.replace('\'', r"'\''")))
}

/// Returns an option with its value, which may begin with a dash: `--user-name ana`, `--user-name=-ana`.
pub(super) fn option(name: &str, value: &str) -> Option<String> {
    let separator = if value.starts_with('-') { '=' } else { ' ' };
    Some(format!("--{name}{separator}{}", word(value)?))
}

#[cfg(test)]
mod tests {
    use super::{option, word};

    #[test]
    fn a_name_is_one_word_whatever_is_in_it() {
        for (text, expected) in [
            ("ana", "ana"),
            ("ana.lima@example.com", "ana.lima@example.com"),
            ("a,b+c-d_e", "a,b+c-d_e"),
            ("=cmd", "'=cmd'"),
            ("$(reboot)", "'$(reboot)'"),
            ("a;b", "'a;b'"),
            ("it's", r"'it'\''s'"),
            ("`id`", "'`id`'"),
            ("~root", "'~root'"),
            ("a b", "'a b'"),
            ("Zoë", "'Zoë'"),
        ] {
            assert_eq!(word(text).unwrap(), expected);
        }
    }

    #[test]
    fn what_cannot_be_shown_is_no_word() {
        for text in ["", "a\nb", "a\u{1b}[31m", "\u{202e}ana", "a\u{200b}b"] {
            assert_eq!(word(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_value_that_begins_with_a_dash_is_no_option() {
        assert_eq!(option("user-name", "-x").unwrap(), "--user-name=-x");
        assert_eq!(option("user-name", "x").unwrap(), "--user-name x");
        assert_eq!(option("user-name", "-'").unwrap(), r"--user-name='-'\'''");
    }
}
