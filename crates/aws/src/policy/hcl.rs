//! Texts in HCL, Terraform's language.

use std::fmt::Write;

/// Returns `text` as a quoted HCL string that stands for exactly it: nothing in it interpolates, branches or ends it.
///
/// Source: "Quoted Templates" and "Template Expressions" of the HCL native syntax specification.
pub(super) fn text(text: &str) -> String {
    let mut quoted = "\"".to_owned();
    let mut rest = text.chars().peekable();
    while let Some(it) = rest.next() {
        match it {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            // `${` begins an interpolation and `%{` a directive, unless the sign is doubled.
            '$' | '%' if rest.peek() == Some(&'{') => quoted.extend([it, it]),
            // Some end a line for HCL, others turn the direction of writing for whoever reads it.
            it if it.is_control() || is_invisible(it) => {
                // Writing to a string cannot fail.
                let _ = write!(quoted, "\\U{:08x}", u32::from(it));
            }
            it => quoted.push(it),
        }
    }
    quoted.push('"');
    quoted
}

/// Tells whether a character ends lines, joins, or directs the writing, without being seen itself.
const fn is_invisible(it: char) -> bool {
    matches!(
        it,
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    )
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn nothing_in_a_text_is_code() {
        for (plain, quoted) in [
            ("", r#""""#),
            ("mfaudit-audit", r#""mfaudit-audit""#),
            (r#"a"b\c"#, r#""a\"b\\c""#),
            ("a\nb\r\tc", r#""a\nb\r\tc""#),
            ("${file(\"/etc/passwd\")}", r#""$${file(\"/etc/passwd\")}""#),
            ("%{ for it in x }", r#""%%{ for it in x }""#),
            ("$${x} $$ $ {", r#""$$${x} $$ $ {""#),
            (r"\${x}", r#""\\$${x}""#),
            ("%${x}$%{y}", r#""%$${x}$%%{y}""#),
            (
                "\0\u{7f}\u{202e}\u{2028}",
                r#""\U00000000\U0000007f\U0000202e\U00002028""#,
            ),
            ("é 漢", "\"é 漢\""),
        ] {
            assert_eq!(text(plain), quoted, "{plain:?}");
        }
    }
}
