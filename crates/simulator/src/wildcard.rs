//! Patterns with the wildcards that policies know.

/// One sign of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    /// Any text, even none.
    Any,
    /// Any one character.
    One,
    /// This character.
    Just(char),
}

impl Sign {
    /// Returns what a character of a pattern stands for.
    pub(crate) fn of(character: char) -> Self {
        match character {
            '*' => Self::Any,
            '?' => Self::One,
            other => Self::Just(other),
        }
    }
}

/// Tells whether the text matches the pattern, in which `*` stands for any text and `?` for any one character.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    matches_signs(pattern.chars().map(Sign::of), text)
}

/// Tells whether the text matches a pattern that is already taken apart.
pub(crate) fn matches_signs(pattern: impl Iterator<Item = Sign> + Clone, text: &str) -> bool {
    matches_by(pattern, text, |one, other| one == other)
}

/// Tells the same without regard to the case of ASCII letters, as it is with actions.
pub(crate) fn matches_action(pattern: &str, action: &str) -> bool {
    matches_by(pattern.chars().map(Sign::of), action, |one, other| {
        one.eq_ignore_ascii_case(&other)
    })
}

fn matches_by(
    mut pattern: impl Iterator<Item = Sign> + Clone,
    text: &str,
    same: impl Fn(char, char) -> bool,
) -> bool {
    let mut text = text.chars();
    // Where to go on if the last star has to swallow one character more.
    let mut retry = None;
    loop {
        let here = text.clone();
        match (pattern.next(), text.next()) {
            (None, None) => return true,
            (Some(Sign::Any), _) => {
                retry = Some((pattern.clone(), here.clone()));
                text = here;
            }
            (Some(Sign::One), Some(_)) => {}
            (Some(Sign::Just(expected)), Some(actual)) if same(expected, actual) => {}
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
