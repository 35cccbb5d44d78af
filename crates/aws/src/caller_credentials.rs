//! The caller's own credentials, for what is no call of the audit: object storage, which is reached without the SDK.

use std::time::{Duration, SystemTime};

use aws_config::BehaviorVersion;
use aws_credential_types::{
    Credentials,
    provider::{ProvideCredentials, SharedCredentialsProvider},
};
use tokio::sync::Mutex;

use crate::{
    client::{ConnectError, ConnectOptions},
    clock::Clock,
    http::http_client,
};

/// How long before they expire credentials are asked for anew.
const SPARE: Duration = Duration::from_mins(5);

/// The caller's own credentials, as every AWS tool finds them; kept until they expire.
#[derive(Debug)]
pub struct CallerCredentials {
    provider: Option<SharedCredentialsProvider>,
    region: Option<String>,
    kept: Mutex<Option<Credentials>>,
}

/// An access key, and what goes with it.
pub struct CallerKeys {
    /// The access key's id.
    pub access_key_id: String,
    /// The secret.
    pub secret_access_key: String,
    /// The session's token, if it is one of a session.
    pub session_token: Option<String>,
}

impl CallerCredentials {
    /// Looks at the environment and the shared configuration files; asks for no credentials yet. Of `options`, the
    /// profile, the certificates and the proxy count.
    ///
    /// # Errors
    ///
    /// Fails if the certificates cannot be used.
    pub async fn load(options: &ConnectOptions) -> Result<Self, ConnectError> {
        let mut loader =
            aws_config::defaults(BehaviorVersion::latest()).http_client(http_client(options)?);
        if let Some(profile) = &options.profile {
            loader = loader.profile_name(profile);
        }
        let sdk = loader.load().await;
        Ok(Self {
            provider: sdk.credentials_provider(),
            region: sdk.region().map(|it| it.as_ref().to_owned()),
            kept: Mutex::new(None),
        })
    }

    /// Returns the region that the environment or the profile says.
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// Returns keys that hold for some minutes more.
    ///
    /// # Errors
    ///
    /// Fails, with the reason as a fragment without a full stop, if there are none.
    pub async fn keys(&self) -> Result<CallerKeys, String> {
        let mut kept = self.kept.lock().await;
        let good_until = SystemTime::UNIX_EPOCH
            + Duration::from_secs(Clock::System.now().epoch_seconds().unsigned_abs())
            + SPARE;
        let still = |it: &Credentials| it.expiry().is_none_or(|it| it > good_until);
        let credentials = match kept.take().filter(still) {
            Some(credentials) => credentials,
            None => self.ask().await?,
        };
        let keys = CallerKeys {
            access_key_id: credentials.access_key_id().to_owned(),
            secret_access_key: credentials.secret_access_key().to_owned(),
            session_token: credentials.session_token().map(str::to_owned),
        };
        *kept = Some(credentials);
        Ok(keys)
    }

    async fn ask(&self) -> Result<Credentials, String> {
        let none = || "no AWS credentials were found".to_owned();
        let provider = self.provider.as_ref().ok_or_else(none)?;
        let asked = provider.provide_credentials().await;
        asked.map_err(|error| crate::gap::chain(&error))
    }
}
