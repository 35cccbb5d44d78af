//! One-time passwords as RFC 6238 has them: HMAC-SHA-1, thirty seconds, six digits.

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

/// How long a code is shown.
const STEP_SECONDS: i64 = 30;

/// Returns the code that an authenticator with this seed shows at a time, in seconds since 1970, or nothing if the seed
/// is not Base32.
pub fn totp(seed_base32: &str, unix_seconds: i64) -> Option<String> {
    let codes = Codes::of(seed_base32)?;
    Some(format!("{:06}", codes.at(step_of(unix_seconds))))
}

/// Returns the number of the step that a time is in.
pub(crate) fn step_of(unix_seconds: i64) -> i64 {
    unix_seconds.div_euclid(STEP_SECONDS)
}

/// The codes of one seed.
#[derive(Clone)]
pub(crate) struct Codes(Hmac<Sha1>);

impl Codes {
    /// Reads a seed in Base32, as people write it: letters of either case, with spaces and padding or without.
    pub(crate) fn of(seed: &str) -> Option<Self> {
        let plain = seed.chars().filter(|it| !" -=".contains(*it));
        let plain = plain.collect::<String>().to_ascii_uppercase();
        let key = BASE32_NOPAD.decode(plain.as_bytes()).ok()?;
        Hmac::new_from_slice(&key).ok().map(Self)
    }

    /// Returns the code of a step.
    pub(crate) fn at(&self, step: i64) -> u32 {
        let mut mac = self.0.clone();
        mac.update(&step.to_be_bytes());
        let hash = mac.finalize().into_bytes();
        let start = hash.last().map_or(0, |it| usize::from(it & 0x0f));
        let bytes = hash.iter().skip(start).take(4);
        let number = bytes.fold(0, |number, it| number << 8 | u32::from(*it));
        (number & 0x7fff_ffff) % 1_000_000
    }
}

#[cfg(test)]
mod tests {
    use super::totp;

    /// The seed of RFC 6238, appendix B, which is `12345678901234567890` in ASCII.
    const SEED: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    #[test]
    fn codes_are_the_last_six_digits_of_those_in_rfc_6238() {
        for (time, code) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(totp(SEED, time).unwrap(), code[2..]);
        }
    }

    #[test]
    fn a_seed_may_be_written_as_people_do() {
        let code = totp(SEED, 59);
        assert_eq!(totp("gezd gnbv gy3t qojq gezd gnbv gy3t qojq", 59), code);
        assert_eq!(totp(&format!("{SEED}===="), 59), code);
        assert_eq!(totp("not base32!", 59), None);
    }
}
