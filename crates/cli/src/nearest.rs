//! The name that was probably meant.

/// Returns the candidate that is most like `name`, if one is like it at all.
pub(crate) fn nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let likeness = |it: &str| strsim::jaro_winkler(it, name);
    let near = candidates.into_iter().filter(|it| likeness(it) > 0.7);
    near.max_by(|a, b| likeness(a).total_cmp(&likeness(b)))
}

/// Returns advice for a name that is unknown: the one that was probably meant, else every one there is.
pub(crate) fn advice(name: &str, known: &[&str]) -> String {
    match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known are {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::{advice, nearest};

    #[test]
    fn the_most_similar_name_is_meant_and_none_where_none_is_similar() {
        let known = ["concurrency", "live", "deadline"];
        assert_eq!(nearest("dedline", known), Some("deadline"));
        assert_eq!(nearest("xyz", known), None);
        assert_eq!(advice("liv", &known), "did you mean `live`?");
        assert_eq!(
            advice("xyz", &known),
            "known are concurrency, live, deadline"
        );
    }
}
