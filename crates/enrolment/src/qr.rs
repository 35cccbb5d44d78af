//! The QR code on a terminal: two modules a character, by half blocks.

use program::{CliError, Kind};
use qrcode::{Color, EcLevel, QrCode};

/// The modules of light around a code, which readers need.
const QUIET: usize = 4;

/// A QR code.
pub(crate) struct Qr {
    modules: Vec<Color>,
    width: usize,
}

/// In which colours a QR code is drawn.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Ink {
    /// Black on white, by colour codes: it can be read on every background.
    Colour,
    /// Light modules in the text's colour: for light text on a dark background.
    LightText,
    /// Dark modules in the text's colour: for dark text on a light background.
    DarkText,
}

impl Qr {
    /// Returns the code that says `text`.
    pub(crate) fn of(text: &str) -> Result<Self, CliError> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M)
            .or_else(|_| QrCode::with_error_correction_level(text, EcLevel::L))
            .map_err(|error| CliError::new(Kind::Failed, error))?;
        Ok(Self {
            width: code.width(),
            modules: code.into_colors(),
        })
    }

    /// Returns how many modules the code is wide with the light around it: columns, on a terminal.
    pub(crate) const fn width(&self) -> usize {
        self.width + 2 * QUIET
    }

    /// Tells whether a module is dark; all around the code are light.
    pub(crate) fn is_dark(&self, x: usize, y: usize) -> bool {
        let inside = |it: usize| it.checked_sub(QUIET).filter(|it| *it < self.width);
        let module = inside(x).zip(inside(y));
        let color = module.and_then(|(x, y)| self.modules.get(y * self.width + x));
        color.is_some_and(|it| *it == Color::Dark)
    }

    /// Returns the code as lines of text.
    pub(crate) fn to_text(&self, ink: Ink) -> String {
        let mut text = String::new();
        for y in (0..self.width()).step_by(2) {
            if ink == Ink::Colour {
                text.push_str("\u{1b}[38;5;16;48;5;231m");
            }
            for x in 0..self.width() {
                // Whether the text's colour fills the upper and the lower half.
                let filled = |y| self.is_dark(x, y) == (ink != Ink::LightText);
                // Below an odd number of rows is one more, as light as what is around.
                text.push(match (filled(y), filled(y + 1)) {
                    (true, true) => '█',
                    (true, false) => '▀',
                    (false, true) => '▄',
                    (false, false) => ' ',
                });
            }
            if ink == Ink::Colour {
                text.push_str("\u{1b}[0m");
            }
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::{Ink, Qr};

    #[test]
    fn the_text_has_the_modules_of_the_code_in_every_ink() {
        let qr = Qr::of("otpauth://totp/x?secret=ABC").unwrap();
        for ink in [Ink::Colour, Ink::LightText, Ink::DarkText] {
            let text = qr.to_text(ink);
            let lines: Vec<Vec<char>> = text
                .lines()
                .map(|it| it.chars().filter(|it| " ▀▄█".contains(*it)).collect())
                .collect();
            assert_eq!(lines.len(), qr.width().div_ceil(2));
            for (row, line) in lines.iter().enumerate() {
                assert_eq!(line.len(), qr.width());
                for (x, it) in line.iter().enumerate() {
                    let dark = ink != Ink::LightText;
                    let upper = matches!(it, '█' | '▀') == dark;
                    let lower = matches!(it, '█' | '▄') == dark;
                    assert_eq!(
                        (upper, lower),
                        (qr.is_dark(x, 2 * row), qr.is_dark(x, 2 * row + 1))
                    );
                }
            }
        }
    }

    #[test]
    fn four_light_modules_surround_the_code() {
        let qr = Qr::of("x").unwrap();
        let last = qr.width() - 1;
        for at in 0..qr.width() {
            for edge in [0, 3, last - 3, last] {
                assert!(!qr.is_dark(at, edge) && !qr.is_dark(edge, at));
            }
        }
        assert!(qr.is_dark(4, 4));
    }

    #[test]
    fn what_no_code_can_hold_is_an_error() {
        assert!(Qr::of(&"x".repeat(5000)).is_err());
    }
}
