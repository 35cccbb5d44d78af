//! Text for a terminal: its width and its breaks.

/// A space at which no line is broken, for commands that are copied whole. It is written as a plain space.
const TIE: char = '\u{a0}';

/// What a text means, which its colour shows.
#[derive(Clone, Copy, Debug)]
pub(in crate::formats) enum Style {
    Plain,
    Strong,
    Faint,
    Bad,
    Doubtful,
    Good,
}

/// Returns `text` so that no line is broken within it.
pub(super) fn tied(text: &str) -> String {
    text.replace(' ', "\u{a0}")
}

/// Returns hundredths of a percent as a percentage.
pub(super) fn hundredths(it: u64) -> String {
    match (it / 100, it % 100) {
        (whole, 0) => tied(&format!("{whole} %")),
        (whole, part) => tied(&format!("{whole}.{part:02} %")),
    }
}

/// Returns the width of `text`: one column a character.
pub(super) fn width(text: &str) -> usize {
    text.chars().count()
}

/// Returns `text` in at most `most` columns, its end replaced by `…` if there is more.
pub(super) fn cut(text: &str, most: usize) -> String {
    let text = text.replace(TIE, " ");
    if width(&text) <= most {
        return text;
    }
    let start: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", start.trim_end())
}

/// Returns `text` in lines of at most `most` columns, broken at spaces, and within words that are longer.
pub(super) fn wrapped(text: &str, most: usize) -> Vec<String> {
    let most = most.max(1);
    let mut lines = vec![String::new()];
    for word in words(text, most) {
        let mut rest = word.replace(TIE, " ");
        let room = lines.last().map_or(0, |it| most.saturating_sub(width(it) + 1));
        if lines.last().is_some_and(String::is_empty) || width(&rest) > room {
            while width(&rest) > most {
                let head: String = rest.chars().take(most).collect();
                rest = rest.chars().skip(most).collect();
                push(&mut lines, head);
            }
            push(&mut lines, rest);
        } else if let Some(line) = lines.last_mut() {
            line.push(' ');
            line.push_str(&rest);
        }
    }
    for line in &mut lines {
        line.truncate(line.trim_end().len());
    }
    lines
}

/// Splits at spaces, and at ties where what they hold together is too long to stay so.
fn words(text: &str, most: usize) -> impl Iterator<Item = &str> {
    let split = move |it| {
        let breaks = if width(it) > most { &[TIE][..] } else { &[] };
        str::split(it, breaks)
    };
    text.split(' ').flat_map(split).filter(|it| !it.is_empty())
}

fn push(lines: &mut Vec<String>, text: String) {
    match lines.last_mut() {
        Some(line) if line.is_empty() => *line = text,
        Some(_) | None => lines.push(text),
    }
}

#[cfg(test)]
mod tests {
    use super::{cut, tied, wrapped};

    #[test]
    fn lines_break_at_spaces_that_are_not_tied() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(
            wrapped(&format!("run {} now", tied("a b c")), 7),
            ["run", "a b c", "now"]
        );
        assert_eq!(wrapped("", 7), [""]);
    }

    #[test]
    fn long_words_break_anywhere() {
        assert_eq!(wrapped("a abcdefghij b", 4), ["a", "abcd", "efgh", "ij b"]);
        assert_eq!(wrapped(&tied("abc def"), 4), ["abc", "def"]);
        assert_eq!(wrapped("漢字漢字漢", 2), ["漢字", "漢字", "漢"]);
    }

    #[test]
    fn what_is_cut_says_so() {
        assert_eq!(cut("abcdef", 6), "abcdef");
        assert_eq!(cut("abcdefg", 6), "abcde…");
    }
}
