//! Prose on a terminal: broken between words, where a terminal would break within them.

use std::io::{IsTerminal, stderr, stdout};

use textwrap::{Options, WordSeparator, WordSplitter};

/// Where prose is shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Stream {
    /// Standard output.
    Output,
    /// Standard error.
    Error,
}

/// Returns the text as a stream shows it best: in lines as long as its terminal is wide, and as it is where it is none.
///
/// Lines that go on begin with `indent` spaces, those of a numbered step with five. Other lines that begin with two spaces are
/// commands, to be copied: they stay.
pub(crate) fn for_stream(text: &str, stream: Stream, indent: usize) -> String {
    let (is_terminal, size) = match stream {
        Stream::Output => (
            stdout().is_terminal(),
            terminal_size::terminal_size_of(stdout()),
        ),
        Stream::Error => (
            stderr().is_terminal(),
            terminal_size::terminal_size_of(stderr()),
        ),
    };
    match size.filter(|_| is_terminal) {
        Some((width, _)) => wrapped(text, usize::from(width.0), indent),
        None => text.to_owned(),
    }
}

fn wrapped(text: &str, width: usize, indent: usize) -> String {
    let fill = |line: &str, indent: usize| {
        let indent = " ".repeat(indent.min(width / 2));
        // A word that is longer than a line, such as a serial number, stays whole, to be copied.
        let options = Options::new(width)
            .subsequent_indent(&indent)
            .break_words(false)
            .word_separator(WordSeparator::AsciiSpace)
            .word_splitter(WordSplitter::NoHyphenation);
        textwrap::fill(line, &options)
    };
    let line = |line: &str| match line.strip_prefix("  ") {
        Some(rest) if rest.starts_with(|it: char| it.is_ascii_digit()) => fill(line, 5),
        Some(_) => line.to_owned(),
        None => fill(line, indent),
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn lines_break_between_words_and_commands_do_not_break() {
        let text = "one two three four\n  aws iam a-command --that is-long\nlast";
        assert_eq!(
            wrapped(text, 10, 2),
            "one two\n  three\n  four\n  aws iam a-command --that is-long\nlast"
        );
    }

    #[test]
    fn the_lines_of_a_step_stand_below_one_another() {
        assert_eq!(
            wrapped("do:\n  1. one two three", 12, 0),
            "do:\n  1. one two\n     three"
        );
    }

    #[test]
    fn words_stay_whole_however_narrow_it_is() {
        assert_eq!(
            wrapped("a arn:aws:iam::1:mfa/x", 4, 22),
            "a\n  arn:aws:iam::1:mfa/x"
        );
        assert_eq!(wrapped("", 0, 0), "");
        assert_eq!(wrapped("a b\n", 1, 1), "a\nb\n");
    }
}
