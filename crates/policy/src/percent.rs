//! The URL encoding that IAM's answers wrap documents in.

/// A text that is not URL-encoded.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the document is not URL-encoded: {0}")]
pub struct NotUrlEncoded(&'static str);

/// Returns a document as IAM's answers hold it, decoded once. A `+` is itself, as RFC 3986 has it.
///
/// # Errors
///
/// Fails if a `%` is not followed by two hexadecimal digits, or if what is encoded is not UTF-8.
pub fn url_decoded(text: &str) -> Result<String, NotUrlEncoded> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            decoded.push(byte);
            continue;
        }
        let mut digit = || char::from(bytes.next()?).to_digit(16);
        let digits = digit().zip(digit());
        let value = digits.and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
        let lacks = NotUrlEncoded("a `%` is not followed by two hexadecimal digits");
        decoded.push(value.ok_or(lacks)?);
    }
    String::from_utf8(decoded).map_err(|_| NotUrlEncoded("what is encoded is not UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::url_decoded;

    #[test]
    fn a_document_is_decoded_once() {
        assert_eq!(url_decoded("%7B%22a%22%3A1%7D").unwrap(), r#"{"a":1}"#);
        assert_eq!(url_decoded("%2525+%c3%a4").unwrap(), "%25+ä");
        assert_eq!(url_decoded(r#"{"a": 1}"#).unwrap(), r#"{"a": 1}"#);
    }

    #[test]
    fn what_is_not_encoded_is_an_error() {
        for text in ["%", "%4", "%zz", "100%", "%ff", "%+1"] {
            assert!(url_decoded(text).is_err(), "{text}");
        }
    }
}
