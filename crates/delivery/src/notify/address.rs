//! A webhook's address, of which no more than the host may be told.

use reqwest::Url;

/// Whose addresses are secrets: whoever knows one may post.
const SECRET_HOSTS: [&str; 13] = [
    "hooks.slack.com",
    "hooks.slack-gov.com",
    "webhook.office.com",
    "outlook.office.com",
    "outlook.office365.com",
    "logic.azure.com",
    "logic.azure.us",
    "powerplatform.com",
    "discord.com",
    "discordapp.com",
    "chat.googleapis.com",
    "hooks.zapier.com",
    "api.telegram.org",
];

/// From how many characters on a part of a path that mixes letters and digits is taken for a key.
const KEY_LENGTH: usize = 20;

/// Why an address is none for a webhook. It is not told, for it may be a secret.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum InvalidUrl {
    /// It is no address.
    #[error("it is no URL: https://HOST/PATH")]
    NoUrl,
    /// It begins with neither `https` nor `http`.
    #[error("it is no URL of HTTPS: https://HOST/PATH")]
    Scheme,
    /// It would send the message, and what is secret of the address, in the clear.
    #[error("it begins with http://, which only a receiver on this machine may: use https://")]
    Plain,
    /// The certificates to trust are none.
    #[error("the certificates to trust cannot be used, or the system has none")]
    Certificates,
}

/// Returns the host and port of an address, and nothing else of it.
///
/// # Errors
///
/// Fails if it is none to which a message may go.
pub fn host(url: &str) -> Result<String, InvalidUrl> {
    let url = Url::parse(url.trim()).map_err(|_| InvalidUrl::NoUrl)?;
    let host = url.host_str().ok_or(InvalidUrl::NoUrl)?;
    match url.scheme() {
        "https" => {}
        "http" if is_this_machine(&url) => {}
        "http" => return Err(InvalidUrl::Plain),
        _ => return Err(InvalidUrl::Scheme),
    }
    Ok(match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    })
}

/// Tells whether an address is a secret itself, as far as that can be seen: it has a user, a password or a query, is of a
/// service whose addresses are all that protects a channel, or has a path as such services' addresses have, which some run
/// on hosts of their own.
pub fn is_secret(url: &str) -> bool {
    let Ok(url) = Url::parse(url.trim()) else {
        return false;
    };
    let named = !url.username().is_empty() || url.password().is_some();
    // A name may end with the root's dot.
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    let of_service = |service: &str| {
        let rest = host.strip_suffix(service);
        rest.is_some_and(|it| it.is_empty() || it.ends_with('.'))
    };
    let opens = || {
        let mut parts = url.path().split('/');
        parts.any(is_of_webhook)
    };
    named || url.query().is_some() || SECRET_HOSTS.into_iter().any(of_service) || opens()
}

/// Tells whether a part of a path is as in addresses that whoever knows them may post to.
fn is_of_webhook(part: &str) -> bool {
    let part = part.to_ascii_lowercase();
    let is_key = part.len() >= KEY_LENGTH
        && part.bytes().any(|it| it.is_ascii_alphabetic())
        && part.bytes().any(|it| it.is_ascii_digit());
    part == "hooks" || part == "services" || part.starts_with("webhook") || is_key
}

/// Tells whether what is sent to an address is encrypted.
pub(super) fn is_https(url: &str) -> bool {
    Url::parse(url.trim()).is_ok_and(|it| it.scheme() == "https")
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(it)) => it.is_loopback(),
        Some(url::Host::Ipv6(it)) => it.is_loopback(),
        Some(url::Host::Domain(it)) => it == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{InvalidUrl, host, is_secret};

    #[test]
    fn only_the_host_is_told_and_only_this_machine_is_spoken_to_in_the_clear() {
        for (url, expected) in [
            (
                "https://hooks.slack.com/services/T0/B0/x",
                Ok("hooks.slack.com"),
            ),
            (
                " https://u:p@h.example:8443/a?sig=s \n",
                Ok("h.example:8443"),
            ),
            ("http://127.0.0.1:8080/a", Ok("127.0.0.1:8080")),
            ("http://127.9.9.9/a", Ok("127.9.9.9")),
            ("http://[::1]:1/a", Ok("[::1]:1")),
            ("http://localhost/a", Ok("localhost")),
            ("http://localhost.evil.example/a", Err(InvalidUrl::Plain)),
            ("http://10.0.0.1/a", Err(InvalidUrl::Plain)),
            ("ftp://h.example/a", Err(InvalidUrl::Scheme)),
            ("file:///etc/passwd", Err(InvalidUrl::NoUrl)),
            ("hooks.slack.com/a", Err(InvalidUrl::NoUrl)),
            ("", Err(InvalidUrl::NoUrl)),
        ] {
            assert_eq!(host(url), expected.map(str::to_owned), "{url}");
        }
    }

    #[test]
    fn an_address_that_opens_a_channel_is_a_secret() {
        for (url, expected) in [
            ("https://hooks.slack.com/services/T0/B0/x", true),
            ("https://contoso.webhook.office.com/webhookb2/x", true),
            ("https://prod-1.westeurope.logic.azure.com/x", true),
            ("https://hooks.slack.com./services/T0/B0/x", true),
            ("https://hooks.slack-gov.com/x", true),
            ("https://outlook.office.com/webhook/x", true),
            ("https://prod-1.usgovtexas.logic.azure.us/x", true),
            ("https://discordapp.com/api/x", true),
            ("https://api.telegram.org/bot1:x/sendMessage", true),
            ("https://mm.example.com/hooks/x", true),
            ("https://mm.example.com/Hooks/x", true),
            ("https://rocket.example.com/services/x", true),
            ("https://teams.example.com/webhookb2/x", true),
            ("https://h.example/in/3f2504e04f8941d39a0c", true),
            ("https://h.example/in/3f2504e04f8941d39a0", false),
            ("https://h.example/in/security-operations-centre", false),
            ("https://h.example/webinars", false),
            ("https://siem.example/in?token=x", true),
            ("https://user@siem.example/in", true),
            ("https://siem.example/in", false),
            ("https://nothooks.slack.community/in", false),
            ("https://notdiscord.com/in", false),
        ] {
            assert_eq!(is_secret(url), expected, "{url}");
        }
    }
}
