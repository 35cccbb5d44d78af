//! The secret of a virtual device, which AWS tells once: what the app has to hold, and what its codes will be.

use data_encoding::BASE32_NOPAD;
use secrecy::{ExposeSecret, SecretString};
use totp_rs::{Builder, Secret, Totp};
use zeroize::Zeroizing;

use crate::codes::Pair;

/// How long a code is shown, in seconds (RFC 6238, and AWS's virtual devices).
pub(crate) const STEP_SECONDS: u64 = 30;

/// How far around AWS's clock codes are looked for, in steps: half a day. AWS itself was seen to take codes that are up
/// to about eight hours off.
const SEARCHED_STEPS: i64 = 1_440;

/// Further ahead than this the second code of a pair is not looked for.
const SKIPPED_STEPS: i64 = 10;

/// The secret of a virtual device, as base32 text. It is wiped from memory when dropped, and shows in no `Debug`.
#[derive(Debug)]
pub(crate) struct Seed(SecretString);

/// What two codes are to a seed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Judged {
    /// They follow one another, and the device's clock is so many seconds ahead of AWS's, or behind it if negative.
    InOrder { clock_seconds: i64 },
    /// The second was shown before the first.
    Swapped,
    /// There was another code between them.
    Skipped,
    /// They are not two codes of this device, or its clock is off by more than half a day.
    Unknown,
}

impl Seed {
    /// Reads the seed as AWS sends it; `None` if it is empty or no text.
    pub(crate) fn read(bytes: Vec<u8>) -> Option<Self> {
        let bytes = Zeroizing::new(bytes);
        let text = std::str::from_utf8(&bytes).ok()?.trim();
        (!text.is_empty()).then(|| Self(text.to_owned().into()))
    }

    /// Returns the base32 text, to be typed into an app that cannot scan.
    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Returns the text that an app scans.
    ///
    /// The form is that of AWS's own QR codes: the device's name, then the account's alias or id, and neither algorithm
    /// nor digits nor period, since all three are RFC 6238's defaults.
    pub(crate) fn uri(&self, device_name: &str, account: &str) -> Zeroizing<String> {
        const ISSUER: &str = "Amazon%20Web%20Services";
        let (name, account) = (escaped(device_name), escaped(account));
        let secret = self.expose();
        Zeroizing::new(format!(
            "otpauth://totp/{ISSUER}:{name}@{account}?secret={secret}&issuer={ISSUER}"
        ))
    }

    /// Tells what two codes are to this seed, given AWS's time in seconds since 1970.
    pub(crate) fn judge(&self, codes: &Pair, aws_now: i64) -> Judged {
        let Some(totp) = self.totp() else {
            return Judged::Unknown;
        };
        let now = aws_now.div_euclid(30);
        let shows = |step: i64, code: &str| {
            let second = u64::try_from(step)
                .ok()
                .and_then(|it| it.checked_mul(STEP_SECONDS));
            second.is_some_and(|it| totp.generate(it).to_string() == code)
        };
        let (first, second) = (codes.first.as_str(), codes.second.as_str());
        let mut judged = Judged::Unknown;
        for step in nearest_first(now) {
            if shows(step, first) {
                if shows(step + 1, second) {
                    // The pair was complete when the second code was shown.
                    return Judged::InOrder {
                        clock_seconds: (step + 1 - now) * 30,
                    };
                }
                let skipped = (2..=SKIPPED_STEPS).any(|it| shows(step + it, second));
                if skipped && judged == Judged::Unknown {
                    judged = Judged::Skipped;
                }
            }
            let swapped = shows(step, second) && shows(step + 1, first);
            if swapped && judged == Judged::Unknown {
                judged = Judged::Swapped;
            }
        }
        judged
    }

    fn totp(&self) -> Option<Totp> {
        let text = Zeroizing::new(self.expose().trim_end_matches('=').to_ascii_uppercase());
        let secret = BASE32_NOPAD.decode(text.as_bytes()).ok()?;
        // The strict constructor refuses seeds shorter than 128 bits, and how long they are is AWS's to say.
        let builder = Builder::new().with_secret(Secret::new(secret.into()));
        Some(builder.build_noncompliant())
    }
}

/// Returns the steps around one, the nearest first, so that a pair is found where it most probably is.
fn nearest_first(now: i64) -> impl Iterator<Item = i64> {
    std::iter::once(now).chain((1..=SEARCHED_STEPS).flat_map(move |it| [now - it, now + it]))
}

/// Escapes what may not stand in a URI as it is; `@` separates the device's name from the account.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for digit in [byte >> 4, byte & 15] {
                out.extend(
                    char::from_digit(u32::from(digit), 16).map(|it| it.to_ascii_uppercase()),
                );
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Judged, Seed};
    use crate::codes::{Code, Pair};

    /// The seed of RFC 6238's test vectors for SHA-1.
    const RFC: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    fn seed() -> Seed {
        Seed::read(RFC.as_bytes().to_vec()).unwrap()
    }

    fn pair(first: &str, second: &str) -> Pair {
        let code = |text: &str| text.parse::<Code>().unwrap();
        Pair::new(code(first), code(second)).unwrap()
    }

    /// The code of RFC 6238's seed at a time, by the crate that apps are not made of.
    fn at(seconds: i64) -> String {
        simulator::totp(RFC, seconds).unwrap()
    }

    #[test]
    fn a_pair_tells_how_far_the_clock_of_its_device_is_off() {
        let now = 1_800_000_015;
        for off in [0, 180, -180, 9 * 3600, -9 * 3600] {
            let codes = pair(&at(now + off - 30), &at(now + off));
            let judged = seed().judge(&codes, now);
            assert_eq!(judged, Judged::InOrder { clock_seconds: off });
        }
    }

    #[test]
    fn swapped_and_skipped_codes_and_those_of_another_device_are_told_apart() {
        let now = 1_800_000_015;
        assert_eq!(
            seed().judge(&pair(&at(now), &at(now - 30)), now),
            Judged::Swapped
        );
        assert_eq!(
            seed().judge(&pair(&at(now - 60), &at(now)), now),
            Judged::Skipped
        );
        let other = simulator::totp("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", now).unwrap();
        assert_eq!(seed().judge(&pair(&other, &at(now)), now), Judged::Unknown);
        let days = 3 * 86_400;
        let old = pair(&at(now - days - 30), &at(now - days));
        assert_eq!(seed().judge(&old, now), Judged::Unknown);
    }

    #[test]
    fn what_is_no_base32_is_handed_on_and_judges_nothing() {
        let odd = Seed::read(b"not base 32!".to_vec()).unwrap();
        assert_eq!(
            odd.judge(&pair("123456", "654321"), 1_800_000_000),
            Judged::Unknown
        );
        assert!(Seed::read(Vec::new()).is_none());
        assert!(Seed::read(vec![0xff, 0xfe]).is_none());
    }

    #[test]
    fn the_uri_is_of_aws_s_form_with_names_escaped() {
        assert_eq!(
            seed().uri("team/a+b,c=d@e.f-g_h", "my-alias").as_str(),
            format!(
                "otpauth://totp/Amazon%20Web%20Services:team%2Fa%2Bb%2Cc%3Dd%40e.f-g_h@my-alias?secret={RFC}&issuer=Amazon%20Web%20Services"
            )
        );
    }

    #[test]
    fn a_seed_shows_in_no_debug() {
        assert!(!format!("{:?}", seed()).contains(RFC));
    }
}
