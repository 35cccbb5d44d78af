//! The codes that a device shows, as far as their form goes.

use std::{fmt, str::FromStr};

use zeroize::Zeroizing;

/// A code that a device shows: six digits. It opens a session while it is fresh, so it shows in no `Debug`.
#[derive(Clone, Eq, PartialEq)]
pub(crate) struct Code(Zeroizing<String>);

/// Why a text is no code.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum InvalidCode {
    /// It has another number of digits.
    Length(usize),
    /// It has something else than digits.
    NotDigits,
}

impl fmt::Display for InvalidCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length(0) => f.write_str("no code was given: a code has six digits"),
            Self::Length(1) => f.write_str("a code has six digits, this has one"),
            Self::Length(length) => write!(f, "a code has six digits, this has {length}"),
            Self::NotDigits => f.write_str("a code has six digits and nothing else"),
        }
    }
}

impl std::error::Error for InvalidCode {}

impl Code {
    /// Returns the six digits.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Code {
    type Err = InvalidCode;

    /// Reads a code; apps show a space between its halves, which is left out.
    fn from_str(text: &str) -> Result<Self, InvalidCode> {
        let digits: Zeroizing<String> =
            Zeroizing::new(text.chars().filter(|it| !it.is_whitespace()).collect());
        if !digits.chars().all(|it| it.is_ascii_digit()) {
            return Err(InvalidCode::NotDigits);
        }
        if digits.len() != 6 {
            return Err(InvalidCode::Length(digits.len()));
        }
        Ok(Self(digits))
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(..)")
    }
}

/// Two codes that a device showed one after the other.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Pair {
    pub(crate) first: Code,
    pub(crate) second: Code,
}

/// Both codes are the same one, which AWS refuses.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct SameCode;

impl Pair {
    /// Returns two codes, which must not be the same.
    pub(crate) fn new(first: Code, second: Code) -> Result<Self, SameCode> {
        if first == second {
            return Err(SameCode);
        }
        Ok(Self { first, second })
    }
}

#[cfg(test)]
mod tests {
    use super::{Code, InvalidCode, Pair, SameCode};

    #[test]
    fn a_code_is_six_digits_with_or_without_a_space() {
        for text in ["123456", " 123 456\n", "123\u{a0}456"] {
            assert_eq!(text.parse::<Code>().unwrap().as_str(), "123456");
        }
        for (text, why) in [
            ("", InvalidCode::Length(0)),
            ("12345", InvalidCode::Length(5)),
            ("1234567", InvalidCode::Length(7)),
            ("12345a", InvalidCode::NotDigits),
            ("１２３４５６", InvalidCode::NotDigits),
            ("-12345", InvalidCode::NotDigits),
        ] {
            assert_eq!(text.parse::<Code>().unwrap_err(), why, "{text}");
        }
    }

    #[test]
    fn the_same_code_twice_is_no_pair() {
        let code = |text: &str| text.parse::<Code>().unwrap();
        assert_eq!(Pair::new(code("123456"), code("123 456")), Err(SameCode));
        assert!(Pair::new(code("123456"), code("123457")).is_ok());
    }

    #[test]
    fn a_code_shows_in_no_debug() {
        let code: Code = "271828".parse().unwrap();
        assert!(!format!("{code:?}").contains("271828"));
    }
}
