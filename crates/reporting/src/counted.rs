//! Numbers with their nouns.

/// Returns `count` with its noun: `1 account`, `2 accounts`.
pub(crate) fn counted(count: u64, noun: &str) -> String {
    format!("{count} {}", plural(count, noun))
}

/// Returns the noun in the number that `count` asks for. Every noun reports use takes a plain `s`.
pub(crate) fn plural(count: u64, noun: &str) -> String {
    if count == 1 {
        noun.to_owned()
    } else {
        format!("{noun}s")
    }
}

/// Joins words as prose does: `a`, `a and b`, `a, b and c`.
pub(crate) fn prose(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [start @ .., last] => format!("{} and {last}", start.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::{counted, prose};

    #[test]
    fn one_is_singular_and_nothing_is_plural() {
        let texts = [0, 1, 2].map(|it| counted(it, "account"));
        assert_eq!(texts, ["0 accounts", "1 account", "2 accounts"]);
    }

    #[test]
    fn lists_read_as_prose() {
        let words = ["a", "b", "c"].map(str::to_owned);
        let texts = [0, 1, 2, 3].map(|it| prose(&words[..it]));
        assert_eq!(texts, ["", "a", "a and b", "a, b and c"]);
    }
}
