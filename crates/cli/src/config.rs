//! How a report on standard output looks, as environment and arguments say.

pub(crate) use program::Environment;
use program::environment::When;
use reporting::{Appearance, Colour, Links, Verbosity};

/// Returns how a report on standard output looks.
pub(crate) fn appearance(
    environment: &Environment,
    colour: When,
    verbosity: Verbosity,
) -> Appearance {
    Appearance {
        width: environment.width(),
        colour: if environment.colours_output(colour) {
            Colour::Ansi
        } else {
            Colour::Plain
        },
        links: if environment.links_output(colour) {
            Links::Osc8
        } else {
            Links::None
        },
        verbosity,
    }
}
