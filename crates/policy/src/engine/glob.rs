//! Patterns, of which variables have been replaced: which texts they match, and which of each other's.

/// One part of a pattern.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Token {
    /// Any text.
    Any,
    /// Any text without a colon: a part of a resource's ARN.
    Part,
    /// Any one character.
    One,
    /// This character.
    Char(char),
}

/// Whether the case of letters counts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Case {
    Counts,
    Ignored,
}

/// A pattern.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Glob(pub(super) Vec<Token>);

impl Token {
    /// Tells whether it stands for a text of any length.
    const fn is_open(self) -> bool {
        matches!(self, Self::Any | Self::Part)
    }

    /// Tells whether it may stand for what another one does, and more.
    fn swallows(self, other: Self) -> bool {
        match self {
            Self::Any => true,
            Self::Part => other != Self::Char(':'),
            Self::One | Self::Char(_) => false,
        }
    }

    fn fits(self, other: Self, case: Case) -> bool {
        match (self, other) {
            (Self::Char(one), Self::Char(other)) => {
                one == other || case == Case::Ignored && one.eq_ignore_ascii_case(&other)
            }
            (Self::Any | Self::Part, _) | (_, Self::Any | Self::Part) => false,
            (Self::One, _) | (_, Self::One) => true,
        }
    }
}

impl Glob {
    /// Returns the pattern of a text, in which `*` and `?` stand for what they do.
    pub(super) fn new(text: &str) -> Self {
        let token = |it| match it {
            '*' => Token::Any,
            '?' => Token::One,
            other => Token::Char(other),
        };
        Self(text.chars().map(token).collect())
    }

    /// Returns the pattern that matches this text alone.
    pub(super) fn literal(text: &str) -> Self {
        Self(text.chars().map(Token::Char).collect())
    }

    /// Tells whether the pattern matches every text.
    pub(super) fn is_any(&self) -> bool {
        !self.0.is_empty() && self.0.iter().all(|it| *it == Token::Any)
    }

    /// Tells whether a part of it stands for any text, colons included.
    pub(super) fn has_star(&self) -> bool {
        self.0.contains(&Token::Any)
    }

    /// Tells whether the pattern is known to match all that another one does. `false` says nothing.
    ///
    /// Takes time that grows with the product of both lengths at most.
    pub(super) fn covers(&self, other: &Self, case: Case) -> bool {
        let (mut pattern, mut text) = (self.0.as_slice(), other.0.as_slice());
        // Where to go on if the last star has to swallow one part more.
        let mut retry: Option<(&[Token], &[Token])> = None;
        loop {
            match (pattern.split_first(), text.split_first()) {
                (None, None) => return true,
                (Some((Token::Any, rest)), _) => {
                    retry = Some((rest, text));
                    pattern = rest;
                    continue;
                }
                (Some((Token::One, rest)), Some((Token::One | Token::Char(_), after))) => {
                    (pattern, text) = (rest, after);
                    continue;
                }
                (Some((one @ Token::Char(_), rest)), Some((other @ Token::Char(_), after)))
                    if one.fits(*other, case) =>
                {
                    (pattern, text) = (rest, after);
                    continue;
                }
                _ => {}
            }
            let Some((after_star, swallowed)) = retry else {
                return false;
            };
            let Some((_, left)) = swallowed.split_first() else {
                return false;
            };
            retry = Some((after_star, left));
            (pattern, text) = (after_star, left);
        }
    }

    /// Tells whether some text matches both patterns.
    pub(super) fn overlaps(&self, other: &Self, case: Case) -> bool {
        let (mut one, mut other) = (self.0.as_slice(), other.0.as_slice());
        // The commonest patterns need no table, nor does what both begin and end with.
        if let ([open], rest) | (rest, [open]) = (one, other)
            && open.is_open()
        {
            return *open == Token::Any || !rest.contains(&Token::Char(':'));
        }
        while let (Some((a, rest)), Some((b, after))) = (one.split_first(), other.split_first()) {
            if a.is_open() || b.is_open() {
                break;
            }
            if !a.fits(*b, case) {
                return false;
            }
            (one, other) = (rest, after);
        }
        while let (Some((a, rest)), Some((b, after))) = (one.split_last(), other.split_last()) {
            if a.is_open() || b.is_open() {
                break;
            }
            if !a.fits(*b, case) {
                return false;
            }
            (one, other) = (rest, after);
        }
        table(one, other, case)
            .first()
            .and_then(|it| it.first())
            .is_some_and(|it| *it)
    }

    /// Returns a text that matches both patterns, with a `*` where it may be any.
    pub(super) fn common(&self, other: &Self) -> Option<String> {
        let table = table(&self.0, &other.0, Case::Counts);
        let holds = |i: usize, j: usize| table.get(i).and_then(|it| it.get(j)).copied();
        if holds(0, 0) != Some(true) {
            return None;
        }
        let mut text = String::new();
        let (mut i, mut j) = (0, 0);
        loop {
            let (a, b) = (self.0.get(i), other.0.get(j));
            let (open, others_open) = (
                a.is_some_and(|it| it.is_open()),
                b.is_some_and(|it| it.is_open()),
            );
            if open && others_open && !text.ends_with('*') {
                text.push('*');
            }
            match (a, b) {
                (None, None) => return Some(text),
                _ if open && holds(i + 1, j) == Some(true) => i += 1,
                _ if others_open && holds(i, j + 1) == Some(true) => j += 1,
                (_, Some(it)) if open => {
                    push(&mut text, *it);
                    j += 1;
                }
                (Some(it), _) if others_open => {
                    push(&mut text, *it);
                    i += 1;
                }
                (Some(Token::One), Some(it)) | (Some(it), Some(_)) => {
                    push(&mut text, *it);
                    (i, j) = (i + 1, j + 1);
                }
                (Some(_), None) | (None, Some(_)) => return None,
            }
        }
    }
}

fn push(text: &mut String, token: Token) {
    match token {
        Token::Char(it) => text.push(it),
        Token::One => text.push('x'),
        Token::Any | Token::Part => {}
    }
}

/// Returns, for each two ends of both patterns, whether some text matches both.
fn table(one: &[Token], other: &[Token], case: Case) -> Vec<Vec<bool>> {
    let mut rows: Vec<Vec<bool>> = Vec::with_capacity(one.len() + 1);
    for a in std::iter::once(None).chain(one.iter().rev().map(Some)) {
        let below = rows.last();
        // From the end to the beginning.
        let mut row: Vec<bool> = Vec::with_capacity(other.len() + 1);
        for (done, b) in std::iter::once(None)
            .chain(other.iter().rev().map(Some))
            .enumerate()
        {
            let skip_one = || below.and_then(|it| it.get(done)).is_some_and(|it| *it);
            let skip_other = || row.last().is_some_and(|it| *it);
            let skip_both = || {
                let before = done.checked_sub(1);
                let found = below.zip(before).and_then(|(row, at)| row.get(at));
                found.is_some_and(|it| *it)
            };
            let holds = match (a, b) {
                (None, None) => true,
                (Some(a), None) => a.is_open() && skip_one(),
                (None, Some(b)) => b.is_open() && skip_other(),
                (Some(a), Some(b)) if a.is_open() && b.is_open() => skip_one() || skip_other(),
                (Some(a), Some(b)) if a.is_open() => skip_one() || a.swallows(*b) && skip_other(),
                (Some(a), Some(b)) if b.is_open() => skip_other() || b.swallows(*a) && skip_one(),
                (Some(a), Some(b)) => a.fits(*b, case) && skip_both(),
            };
            row.push(holds);
        }
        rows.push(row);
    }
    for row in &mut rows {
        row.reverse();
    }
    rows.reverse();
    rows
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Case, Glob};
    use crate::Pattern;

    proptest! {
        #[test]
        fn what_both_match_is_matched_by_both(one in "[ab*?]{0,6}", other in "[ab*?]{0,6}") {
            let (left, right) = (Glob::new(&one), Glob::new(&other));
            let common = left.common(&right);
            prop_assert_eq!(common.is_some(), left.overlaps(&right, Case::Counts));
            if let Some(text) = common {
                prop_assert!(Pattern::new(&one).matches(&text) && Pattern::new(&other).matches(&text), "{}", text);
            }
        }

        #[test]
        fn what_a_text_matches_overlaps(one in "[ab*?]{0,6}", other in "[ab*?]{0,6}", text in "[ab]{0,5}") {
            let (left, right) = (Glob::new(&one), Glob::new(&other));
            let matches = |pattern: &str| Pattern::new(pattern).matches(&text);
            if matches(&one) && matches(&other) {
                prop_assert!(left.overlaps(&right, Case::Counts));
            }
            if left.covers(&right, Case::Counts) && matches(&other) {
                prop_assert!(matches(&one));
            }
            prop_assert_eq!(left.covers(&Glob::literal(&text), Case::Counts), matches(&one));
        }
    }
}
