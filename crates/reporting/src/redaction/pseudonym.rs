//! The key, and the hashes that are made with it.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The key that pseudonyms are made with. Whoever has it can tell whether a pseudonym is a given name's.
#[derive(Clone)]
pub struct RedactionKey {
    hash: Hmac<Sha256>,
}

/// Half of the digits of an account's identifier.
const HALF: u64 = 1_000_000;
/// How often the halves are mixed. Four rounds make a permutation that nobody can tell from a random one; a pseudonym
/// must last for years.
const ROUNDS: u8 = 10;

impl RedactionKey {
    /// Returns the key of these bytes.
    pub fn new(bytes: &[u8; 32]) -> Self {
        // HMAC takes keys of any length; one of 32 bytes is no error.
        let hash = Hmac::new_from_slice(bytes);
        Self {
            hash: hash.unwrap_or_else(|_| Hmac::new(&hmac::digest::Key::<Hmac<Sha256>>::default())),
        }
    }

    /// Returns sixteen hexadecimal digits of the keyed hash of a text of some kind.
    pub(super) fn tag(&self, kind: &str, text: &[u8]) -> String {
        format!("{:016x}", self.number(kind, text))
    }

    /// Returns an account's number in another order of all numbers of twelve digits: a Feistel network over its halves,
    /// so that two accounts never get the same.
    pub(super) fn permuted(&self, number: u64) -> u64 {
        let (mut left, mut right) = (number / HALF % HALF, number % HALF);
        for round in 0..ROUNDS {
            let mut text = right.to_be_bytes().to_vec();
            text.push(round);
            let mixed = (left + self.number("account", &text) % HALF) % HALF;
            (left, right) = (right, mixed);
        }
        left * HALF + right
    }

    fn number(&self, kind: &str, text: &[u8]) -> u64 {
        let mut hash = self.hash.clone();
        hash.update(kind.as_bytes());
        // No kind has it, so that no two pairs of kind and text are one text.
        hash.update(&[0]);
        hash.update(text);
        let bytes = hash.finalize().into_bytes();
        let first = bytes.iter().take(8);
        first.fold(0, |number, byte| number << 8 | u64::from(*byte))
    }
}

impl fmt::Debug for RedactionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RedactionKey(…)")
    }
}
