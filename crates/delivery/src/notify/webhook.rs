//! Sends a message to a webhook, again where that may help, and never for longer than a job may hang.

#[cfg(test)]
mod tests;

use std::{fmt, time::Duration};

use reqwest::{Certificate, Client, header::CONTENT_TYPE, redirect::Policy};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::{
    InvalidUrl, Message, Template, Trouble,
    address::{host, is_https},
    retry::{LONGEST_WAIT, Next, RETRIES, after, after_error},
    signature::sign,
};

/// The longest that all attempts may take together.
const LONGEST: Duration = Duration::from_mins(2);

/// What a webhook is made of.
#[derive(Debug)]
pub struct Parts {
    /// Its address, which may be a secret itself.
    pub url: SecretString,
    /// The key of its signatures; `None` to send without one.
    pub secret: Option<SecretString>,
    /// What makes the body.
    pub template: Template,
    /// How long an attempt may take.
    pub timeout: Duration,
    /// How long to wait before the second attempt; twice as long before each one after.
    pub retry_wait: Duration,
    /// PEM certificates to trust besides the system's.
    pub ca_bundle: Option<Vec<u8>>,
    /// The name and version that the receiver sees.
    pub user_agent: &'static str,
    /// The time, in seconds since 1970, that signatures are stamped with.
    pub clock: fn() -> i64,
}

/// A place that takes messages.
#[derive(Debug)]
pub struct Webhook {
    parts: Parts,
    host: String,
    client: Client,
    /// How long all attempts may take together.
    longest: Duration,
}

/// A message did not arrive.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Undelivered {
    /// How often it was tried.
    pub attempts: u32,
    /// What the last attempt came to.
    pub trouble: Trouble,
}

impl fmt::Display for Undelivered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.trouble)?;
        if self.attempts > 1 {
            write!(f, " (tried {} times)", self.attempts)?;
        }
        Ok(())
    }
}

impl std::error::Error for Undelivered {}

impl Webhook {
    /// Returns the webhook.
    ///
    /// # Errors
    ///
    /// Fails if its address is none for a message, or the certificates to trust cannot be used.
    pub fn new(parts: Parts) -> Result<Self, InvalidUrl> {
        let host = host(parts.url.expose_secret())?;
        let mut client = Client::builder()
            .redirect(Policy::none())
            .timeout(parts.timeout)
            .user_agent(parts.user_agent);
        if is_https(parts.url.expose_secret()) {
            if let Some(pem) = &parts.ca_bundle {
                let certificates = Certificate::from_pem_bundle(pem);
                let certificates = certificates.map_err(|_| InvalidUrl::Certificates)?;
                client = client.tls_certs_merge(certificates);
            }
        } else {
            // What is sent to this machine in the clear must not take its way through another, and needs no certificate.
            client = client.no_proxy().tls_certs_only([]);
        }
        let client = client.build().map_err(|_| InvalidUrl::Certificates)?;
        Ok(Self {
            parts,
            host,
            client,
            longest: LONGEST,
        })
    }

    /// Returns the host and port, which is all of its address that may be told.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Sends a message, and tries three times more where that may help. All attempts have one identifier.
    ///
    /// # Errors
    ///
    /// Fails if it did not arrive.
    pub async fn send(&self, message: &Message) -> Result<(), Undelivered> {
        let body = self.parts.template.render(message);
        let body = body.map_err(|error| Undelivered {
            attempts: 0,
            trouble: Trouble::NoBody(error.to_string()),
        })?;
        // What holds if time runs out.
        let mut so_far = Undelivered {
            attempts: 0,
            trouble: Trouble::TimedOut,
        };
        let sent = tokio::time::timeout(self.longest, self.deliver(&body, &mut so_far)).await;
        match sent {
            Ok(Ok(())) => Ok(()),
            Ok(Err(trouble)) => Err(Undelivered { trouble, ..so_far }),
            Err(_) => Err(so_far),
        }
    }

    async fn deliver(&self, body: &str, so_far: &mut Undelivered) -> Result<(), Trouble> {
        let delivery = Uuid::new_v4();
        let mut wait = self.parts.retry_wait;
        loop {
            so_far.attempts += 1;
            so_far.trouble = Trouble::TimedOut;
            let (trouble, asked) = match self.attempt(body, delivery).await {
                Next::Delivered => return Ok(()),
                Next::Again(trouble, asked) => (trouble, asked),
                Next::Never(trouble) => return Err(trouble),
            };
            if so_far.attempts > RETRIES {
                return Err(trouble);
            }
            // Where time runs out while it waits, the last answer is the reason.
            so_far.trouble = trouble;
            tokio::time::sleep(wait.max(asked.unwrap_or_default()).min(LONGEST_WAIT)).await;
            wait *= 2;
        }
    }

    async fn attempt(&self, body: &str, delivery: Uuid) -> Next {
        let parts = &self.parts;
        let now = (parts.clock)();
        let mut request = self
            .client
            .post(parts.url.expose_secret().trim())
            .header(CONTENT_TYPE, parts.template.content().media_type())
            .header("Mfaudit-Delivery", delivery.to_string())
            .header("Mfaudit-Timestamp", now.to_string());
        if let Some(secret) = &parts.secret {
            let signature = sign(secret, now, body.as_bytes());
            request = request.header("Mfaudit-Signature", signature);
        }
        match request.body(body.to_owned()).send().await {
            Ok(answer) => after(&answer),
            Err(error) => after_error(&error),
        }
    }
}
