//! What a terminal makes of a text: its colour, and the link to a rule's page.

use rules::CATALOG;

use super::text::Style;
use crate::{Appearance, Colour, Links, rule_page::rule_page};

/// Which escape codes are written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paint {
    colour: Colour,
    links: Links,
}

impl Paint {
    pub(super) const fn of(appearance: &Appearance) -> Self {
        Self {
            colour: appearance.colour,
            links: appearance.links,
        }
    }

    /// Returns `text` in the colour of `style`, and the rule that it begins with as a link to the rule's page.
    pub(super) fn painted(self, text: &str, style: Style) -> String {
        let linked = match self.links {
            Links::None => None,
            Links::Osc8 => linked(text),
        };
        let text = linked.unwrap_or_else(|| text.to_owned());
        match self.colour {
            Colour::Plain => text,
            Colour::Ansi => coloured(text, style),
        }
    }
}

fn coloured(text: String, style: Style) -> String {
    let code = match style {
        Style::Plain => return text,
        Style::Strong => "1",
        Style::Faint => "2",
        Style::Bad => "1;31",
        Style::Doubtful => "33",
        Style::Good => "32",
    };
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}

/// Returns a text that begins with `<rule>: ` with its rule as a link, as `OSC 8` has it; `None` for any other text.
fn linked(text: &str) -> Option<String> {
    let (id, rest) = text.split_once(':')?;
    let rule = CATALOG.iter().find(|it| it.id == id)?;
    let page = rule_page(rule)?;
    Some(format!("\u{1b}]8;;{page}\u{1b}\\{id}\u{1b}]8;;\u{1b}\\:{rest}"))
}

#[cfg(test)]
mod tests {
    use super::{Links, Paint, Style};
    use crate::Colour;

    #[test]
    fn a_text_that_begins_with_a_rule_links_it() {
        let paint = |links| Paint {
            colour: Colour::Ansi,
            links,
        };
        let text = "iam-user-console-mfa: no device";
        assert_eq!(paint(Links::None).painted(text, Style::Plain), text);
        let linked = paint(Links::Osc8).painted(text, Style::Faint);
        let page = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/rules/iam-user-console-mfa.md");
        let (start, end) = ("\u{1b}]8;;", "\u{1b}\\");
        let expected = format!("{start}{page}{end}iam-user-console-mfa{start}{end}: no device");
        assert_eq!(linked, format!("\u{1b}[2m{expected}\u{1b}[0m"));
    }

    #[test]
    fn no_other_text_has_a_link() {
        let paint = Paint {
            colour: Colour::Plain,
            links: Links::Osc8,
        };
        for text in ["", "no-such-rule: x", "note: iam-user-console-mfa: x", "iam-user-console-mfa"] {
            assert_eq!(paint.painted(text, Style::Plain), text);
        }
    }
}
