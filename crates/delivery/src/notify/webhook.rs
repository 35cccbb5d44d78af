//! Sends a message to a webhook, again where that may help, and never for longer than a job may hang.

use std::{fmt, time::Duration};

use reqwest::{Certificate, Client, header::CONTENT_TYPE, redirect::Policy};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::{
    InvalidUrl, Message, Template, Trouble,
    address::host,
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
        if parts.url.expose_secret().trim().starts_with("https:") {
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
        let mut attempts = 0;
        let sent = tokio::time::timeout(LONGEST, self.deliver(&body, &mut attempts)).await;
        let trouble = match sent {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(trouble)) => trouble,
            Err(_) => Trouble::TimedOut,
        };
        Err(Undelivered { attempts, trouble })
    }

    async fn deliver(&self, body: &str, attempts: &mut u32) -> Result<(), Trouble> {
        let delivery = Uuid::new_v4();
        let mut wait = self.parts.retry_wait;
        loop {
            *attempts += 1;
            let (trouble, asked) = match self.attempt(body, delivery).await {
                Next::Delivered => return Ok(()),
                Next::Again(trouble, asked) => (trouble, asked),
                Next::Never(trouble) => return Err(trouble),
            };
            if *attempts > RETRIES {
                return Err(trouble);
            }
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
