//! Patterns with the wildcards that policies know.

/// Tells whether the text matches the pattern, in which `*` stands for any text and `?` for any one character.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    matches_by(pattern, text, |one, other| one == other)
}

/// Tells the same without regard to the case of ASCII letters, as it is with actions.
pub(crate) fn matches_action(pattern: &str, action: &str) -> bool {
    matches_by(pattern, action, |one, other| {
        one.eq_ignore_ascii_case(&other)
    })
}

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
            (Some('?'), Some(_)) => {}
            (Some(expected), Some(actual)) if same(expected, actual) => {}
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
