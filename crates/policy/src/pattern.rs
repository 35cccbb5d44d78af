//! Patterns of actions and resources: `*` stands for any text, `?` for any one character.

use std::fmt;

/// A pattern, as it is written.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Pattern(Box<str>);

impl Pattern {
    /// Returns the pattern of this text.
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Tells whether the pattern matches a text, in which case counts: an ARN.
    pub fn matches(&self, text: &str) -> bool {
        matches_by(&self.0, text, |one, other| one == other)
    }

    /// Tells whether the pattern matches an action, in which case does not count.
    pub fn matches_action(&self, action: &str) -> bool {
        matches_by(&self.0, action, |one, other| {
            one.eq_ignore_ascii_case(&other)
        })
    }

    /// Tells whether the pattern is known to match every action that another one does. `false` says nothing.
    pub fn covers_actions_of(&self, other: &Self) -> bool {
        matches_by(&self.0, &other.0, |one, other| {
            one.eq_ignore_ascii_case(&other)
        })
    }

    /// Tells whether the pattern matches every text there is.
    pub fn matches_all(&self) -> bool {
        !self.0.is_empty() && self.0.chars().all(|it| it == '*')
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Takes time that grows with the product of both lengths at most, whatever the number of stars.
///
/// A star in the text, which is itself a pattern then, is matched by a star alone: it may stand for nothing, or for
/// more than one character.
fn matches_by(pattern: &str, text: &str, same: impl Fn(char, char) -> bool) -> bool {
    let (mut pattern, mut text) = (pattern.chars(), text.chars());
    // Where to go on if the last star has to swallow one character more.
    let mut retry = None;
    loop {
        let here = text.clone();
        match (pattern.next(), text.next()) {
            (None, None) => return true,
            (Some('*'), _) => {
                retry = Some((pattern.clone(), here.clone()));
                text = here;
            }
            (Some('?'), Some(actual)) if actual != '*' => {}
            (Some(expected), Some(actual)) if expected != '?' && same(expected, actual) => {}
            _ => {
                let Some((after_star, swallowed)) = &mut retry else {
                    return false;
                };
                if swallowed.next().is_none() {
                    return false;
                }
                pattern = after_star.clone();
                text = swallowed.clone();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Pattern;

    #[test]
    fn stars_and_question_marks_stand_for_what_they_should() {
        let holds = |pattern: &str, text: &str| Pattern::new(pattern).matches(text);
        assert!(holds("*", "") && holds("*", "anything") && holds("**", "anything"));
        assert!(holds("a*c", "ac") && holds("a*c", "abbbc") && !holds("a*c", "abcd"));
        assert!(holds("a?c", "abc") && !holds("a?c", "ac") && !holds("?", ""));
        assert!(holds("*a*b*", "xxaxxbxx") && !holds("*a*b", "ba"));
        assert!(
            !holds("ABC", "abc"),
            "the case of an ARN's characters counts"
        );
    }

    #[test]
    fn the_case_of_an_action_does_not_count() {
        assert!(Pattern::new("STS:assume*").matches_action("sts:AssumeRole"));
        assert!(!Pattern::new("iam:*").matches_action("sts:AssumeRole"));
    }

    #[test]
    fn a_pattern_covers_another() {
        let covers =
            |one: &str, other: &str| Pattern::new(one).covers_actions_of(&Pattern::new(other));
        assert!(covers("iam:*", "iam:Get*") && covers("*", "iam:*") && covers("IAM:*", "iam:*"));
        assert!(!covers("iam:Get*", "iam:*") && !covers("iam:?", "iam:*"));
        assert!(covers("iam:?", "iam:?") && !covers("iam:a", "iam:?"));
    }

    #[test]
    fn many_stars_take_no_longer_than_few() {
        let pattern = Pattern::new(&"*a".repeat(2000));
        assert!(!pattern.matches(&"a".repeat(1999)));
    }

    /// The rule as one would write it down first.
    fn plainly(pattern: &[char], text: &[char]) -> bool {
        match pattern {
            [] => text.is_empty(),
            ['*', rest @ ..] => (0..=text.len()).any(|it| plainly(rest, &text[it..])),
            ['?', rest @ ..] => !text.is_empty() && plainly(rest, &text[1..]),
            [first, rest @ ..] => text.first() == Some(first) && plainly(rest, &text[1..]),
        }
    }

    proptest! {
        #[test]
        fn matching_is_what_it_says(pattern in "[ab*?]{0,8}", text in "[ab]{0,8}") {
            let chars = |it: &str| it.chars().collect::<Vec<_>>();
            let expected = plainly(&chars(&pattern), &chars(&text));
            prop_assert_eq!(Pattern::new(&pattern).matches(&text), expected);
        }

        #[test]
        fn what_a_covered_pattern_matches_the_covering_one_does(
            one in "[ab*?]{0,5}", other in "[ab*?]{0,5}", text in "[ab]{0,5}"
        ) {
            let (one, other) = (Pattern::new(&one), Pattern::new(&other));
            if one.covers_actions_of(&other) && other.matches_action(&text) {
                prop_assert!(one.matches_action(&text));
            }
        }
    }
}
