//! The page's Content-Security-Policy: nothing but its own style and script, which it names by their hashes.

use sha2::{Digest, Sha256};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Returns the policy of a page with this style and this script.
pub(super) fn policy(style: &str, script: &str) -> String {
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash(style),
        hash(script),
    )
}

fn hash(text: &str) -> String {
    base64(&Sha256::digest(text.as_bytes()))
}

fn base64(bytes: &[u8]) -> String {
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let number = (0..3).fold(0_usize, |sum, it| {
            sum << 8 | usize::from(group.get(it).copied().unwrap_or_default())
        });
        for digit in 0..4 {
            let value = number >> (18 - 6 * digit) & 63;
            let letter = ALPHABET.get(value).filter(|_| digit <= group.len());
            out.push(letter.map_or('=', |it| char::from(*it)));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{base64, hash};

    #[test]
    fn bytes_are_written_as_rfc_4648_has_them() {
        let pairs = [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")];
        for (text, encoded) in pairs {
            assert_eq!(base64(text.as_bytes()), encoded);
        }
        assert_eq!(hash(""), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }
}
