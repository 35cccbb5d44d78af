//! A pattern of text: `*` stands for any characters, `?` for one.

use std::fmt;

/// A pattern of text, as in IAM policies: `*` stands for any characters, `/` and `:` among them, and `?` for one. All
/// else stands for itself, in the same case.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Glob(String);

impl Glob {
    /// Returns the pattern that is written so. Every text is one.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the pattern as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Tells whether the whole of `text` is as the pattern says.
    pub fn matches(&self, text: &str) -> bool {
        let (mut pattern, mut rest) = (self.0.chars(), text.chars());
        // What follows the last star, and the first character that the star has not taken yet.
        let mut star = None;
        loop {
            let start = rest.clone();
            match (pattern.next(), rest.next()) {
                (None, None) => return true,
                (Some('*'), _) => {
                    rest = start;
                    star = Some((pattern.clone(), rest.clone()));
                }
                (Some('?'), Some(_)) => {}
                (Some(wanted), Some(found)) if wanted == found => {}
                (Some(_) | None, _) => {
                    let Some((after, taken)) = &mut star else {
                        return false;
                    };
                    if taken.next().is_none() {
                        return false;
                    }
                    (pattern, rest) = (after.clone(), taken.clone());
                }
            }
        }
    }
}

impl fmt::Display for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Glob;

    #[test]
    fn a_star_is_any_characters_and_a_question_mark_is_one() {
        for (pattern, text) in [
            ("", ""),
            ("*", ""),
            ("*", "a/b:c"),
            ("a", "a"),
            ("a*", "a"),
            ("*a", "ba"),
            ("*groot", "groot"),
            ("a*b*c", "aXbYbZc"),
            ("a**c", "abc"),
            ("?", "ä"),
            ("??", "漢字"),
            ("*ab", "aab"),
            (
                "arn:aws:iam::*:user/ci/*",
                "arn:aws:iam::111122223333:user/ci/x/deploy",
            ),
        ] {
            assert!(Glob::new(pattern).matches(text), "{pattern}: {text}");
        }
        for (pattern, text) in [
            ("", "a"),
            ("a", ""),
            ("a", "A"),
            ("root", "groot"),
            ("?", ""),
            ("?", "ab"),
            ("a*b", "abc"),
            ("*ab", "aba"),
            ("a.c", "abc"),
            ("[ab]", "a"),
        ] {
            assert!(!Glob::new(pattern).matches(text), "{pattern}: {text}");
        }
    }

    /// The same by its definition, character by character.
    fn defined(pattern: &[char], text: &[char]) -> bool {
        match (pattern, text) {
            ([], []) => true,
            (['*', more @ ..], _) => {
                defined(more, text) || matches!(text, [_, rest @ ..] if defined(pattern, rest))
            }
            ([wanted, more @ ..], [found, rest @ ..]) => {
                (*wanted == '?' || wanted == found) && defined(more, rest)
            }
            ([], _) | (_, []) => false,
        }
    }

    proptest! {
        #[test]
        fn patterns_match_what_their_definition_says(pattern in "[ab?*]{0,8}", text in "[ab]{0,8}") {
            let chars = |it: &str| it.chars().collect::<Vec<_>>();
            let expected = defined(&chars(&pattern), &chars(&text));
            prop_assert_eq!(Glob::new(&*pattern).matches(&text), expected);
        }
    }
}
