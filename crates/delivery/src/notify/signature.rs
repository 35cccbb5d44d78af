//! Signatures, by which a receiver knows who sent a message, and when.

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// Returns the value of `Mfaudit-Signature`: `v1=` and, in hexadecimal, HMAC-SHA256 by `secret` over the timestamp, a dot,
/// and the body. The timestamp is the value of `Mfaudit-Timestamp`: seconds since 1970.
pub fn sign(secret: &SecretString, timestamp: i64, body: &[u8]) -> String {
    // HMAC takes a key of any length, so there is always one.
    let mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes());
    let tag = mac.map(|mac| {
        mac.chain_update(timestamp.to_string())
            .chain_update(b".")
            .chain_update(body)
            .finalize()
            .into_bytes()
    });
    tag.map(|it| format!("v1={}", HEXLOWER.encode(&it)))
        .unwrap_or_default()
}
