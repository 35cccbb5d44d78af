//! The only place where SDK clients are made, so that none escapes the guard; and one connection pool for all.

use std::{path::PathBuf, sync::OnceLock, time::Duration};

use aws_config::{
    AppName, BehaviorVersion, Region, SdkConfig, retry::RetryConfig, timeout::TimeoutConfig,
};
use aws_credential_types::provider::{
    ProvideCredentials, SharedCredentialsProvider, error::CredentialsError,
};
use aws_smithy_runtime::client::retries::{RetryPartition, TokenBucket};

use crate::{
    ApiCall, CodePrompt, DeclaredCallsOnly, Meter, Proxy, Session, http::http_client, profile,
    whole_answer::WholeAnswer,
};

/// Retry tokens of the STS client, which every account's entry shares; a retry costs five, a timeout ten.
const STS_RETRY_TOKENS: usize = 10_000;

/// How to reach AWS.
#[derive(Default)]
pub struct ConnectOptions {
    /// The name and version AWS sees: `mfaudit/0.1.0`.
    pub user_agent: String,
    /// A profile of the shared configuration files; else the environment decides.
    pub profile: Option<String>,
    /// A region of the partition to audit; else the environment or the profile decides.
    pub region: Option<String>,
    /// An endpoint for every service; else the environment or the profile decides.
    pub endpoint_url: Option<String>,
    /// The path and content of a file of PEM certificates to trust besides the system's.
    pub ca_bundle: Option<(PathBuf, Vec<u8>)>,
    /// Fixed credentials, as access key id and secret; else the SDK's whole chain.
    pub credentials: Option<(String, String)>,
    /// Whether the proxy variables of the environment count.
    pub proxy: Proxy,
    /// How to ask a person for an MFA code; `None` where nobody can be asked.
    pub code_prompt: Option<CodePrompt>,
}

/// Why no connection can be had.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// No region is configured.
    #[error("no AWS region is configured")]
    NoRegion,
    /// No credentials were found.
    #[error("no AWS credentials were found")]
    NoCredentials(#[source] CredentialsError),
    /// Credentials were found and cannot be used.
    #[error("the AWS credentials cannot be loaded")]
    Credentials(#[source] CredentialsError),
    /// The profile that was chosen does not exist.
    #[error("there is no profile `{profile}` in the AWS configuration")]
    UnknownProfile {
        /// What was chosen.
        profile: String,
        /// The profiles there are.
        known: Vec<String>,
    },
    /// The profile needs an MFA code and nobody can be asked for it.
    #[error("profile `{0}` has `mfa_serial`, and there is no terminal to ask for the code on")]
    NeedsTerminal(String),
    /// The profile's MFA settings cannot be used.
    #[error("profile `{profile}` cannot be used: {why}")]
    Profile {
        /// The profile.
        profile: String,
        /// What is wrong with it.
        why: String,
    },
    /// The file of certificates holds none, or one that is broken.
    #[error("{} holds {what}", path.display())]
    CaBundle {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
}

/// The caller's way to AWS: clients made of it can make declared calls only, and share one connection pool.
#[derive(Clone, Debug)]
pub struct Connection {
    sdk: SdkConfig,
    guard: DeclaredCallsOnly,
    meter: Meter,
    sts: OnceLock<aws_sdk_sts::Client>,
}

impl Connection {
    /// Finds region and credentials as every AWS tool does, and checks that there are some.
    ///
    /// # Errors
    ///
    /// Fails if there is no region, or no usable credentials.
    pub async fn open(
        options: ConnectOptions,
        calls: &'static [&'static ApiCall],
    ) -> Result<Self, ConnectError> {
        let http = http_client(&options)?;
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .http_client(http)
            .retry_config(retries())
            .timeout_config(timeouts());
        if let Ok(name) = AppName::new(options.user_agent.replace('/', "-")) {
            loader = loader.app_name(name);
        }
        if let Some(profile) = &options.profile {
            loader = loader.profile_name(profile);
        }
        if let Some(region) = &options.region {
            loader = loader.region(Region::new(region.clone()));
        }
        if let Some(url) = &options.endpoint_url {
            loader = loader.endpoint_url(url);
        }
        if let Some((id, secret)) = &options.credentials {
            let fixed = aws_credential_types::Credentials::new(id, secret, None, None, "given");
            loader = loader.credentials_provider(fixed);
        }
        let sdk = loader.load().await;
        if sdk.region().is_none() {
            return Err(ConnectError::NoRegion);
        }
        let connection = Self {
            sdk,
            guard: DeclaredCallsOnly(calls),
            meter: Meter::new(&options.user_agent),
            sts: OnceLock::new(),
        };
        let connection = if options.credentials.is_some() {
            connection
        } else {
            profile::with_code(connection, options).await?
        };
        connection.check_credentials().await?;
        Ok(connection)
    }

    /// Returns an IAM client for the account of `session`. Make one for each account, and drop it with the account.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that may")]
    pub fn iam(&self, session: &Session) -> aws_sdk_iam::Client {
        let mut config = aws_sdk_iam::config::Builder::from(&self.sdk)
            .interceptor(self.guard)
            .interceptor(self.meter.clone())
            .interceptor(WholeAnswer)
            .retry_partition(session.retry_partition.clone());
        if let Some(watch) = session.watch.clone() {
            config = config.interceptor(watch);
        }
        if let Some(credentials) = session.credentials.clone() {
            config = config.credentials_provider(SharedCredentialsProvider::new(credentials));
        }
        aws_sdk_iam::Client::from_conf(config.build())
    }

    /// Returns the STS client with the caller's own credentials. All accounts share it, as they share AWS's limit.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that may")]
    pub fn sts(&self) -> aws_sdk_sts::Client {
        let make = || {
            // One session each account is asked of it: with the SDK's 500 tokens for all, a few accounts that cannot
            // be entered would leave the others without retries.
            let tokens = TokenBucket::builder().capacity(STS_RETRY_TOKENS).build();
            let partition = RetryPartition::custom("sts").token_bucket(tokens).build();
            let config = aws_sdk_sts::config::Builder::from(&self.sdk)
                .interceptor(self.guard)
                .interceptor(self.meter.clone())
                .interceptor(WholeAnswer)
                .retry_partition(partition);
            aws_sdk_sts::Client::from_conf(config.build())
        };
        self.sts.get_or_init(make).clone()
    }

    /// Returns an Organizations client with the caller's own credentials.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that may")]
    pub fn organizations(&self) -> aws_sdk_organizations::Client {
        let config = aws_sdk_organizations::config::Builder::from(&self.sdk)
            .interceptor(self.guard)
            .interceptor(self.meter.clone());
        aws_sdk_organizations::Client::from_conf(config.build())
    }

    /// Returns what the clients have done so far.
    pub const fn meter(&self) -> &Meter {
        &self.meter
    }

    /// Returns the endpoint that stands in AWS's place, if one is configured.
    pub fn endpoint_url(&self) -> Option<&str> {
        self.sdk.endpoint_url()
    }

    /// Returns the region.
    pub fn region(&self) -> &str {
        self.sdk.region().map(AsRef::as_ref).unwrap_or_default()
    }

    /// Tells whether the caller's own credentials are those of a session, as their token shows; a long-term access key
    /// has none. Credentials that cannot be loaded any more have none either.
    pub async fn has_session_token(&self) -> bool {
        let Some(provider) = self.sdk.credentials_provider() else {
            return false;
        };
        let credentials = provider.provide_credentials().await;
        credentials.is_ok_and(|it| it.session_token().is_some())
    }

    /// Returns the same connection with other base credentials.
    pub(crate) fn with_credentials(self, credentials: SharedCredentialsProvider) -> Self {
        let sdk = self
            .sdk
            .into_builder()
            .credentials_provider(credentials)
            .build();
        Self {
            sdk,
            sts: OnceLock::new(),
            ..self
        }
    }

    async fn check_credentials(&self) -> Result<(), ConnectError> {
        use std::io::{Error, ErrorKind};
        let none = || CredentialsError::not_loaded(Error::from(ErrorKind::NotFound));
        let provider = self
            .sdk
            .credentials_provider()
            .ok_or_else(|| ConnectError::NoCredentials(none()))?;
        match provider.provide_credentials().await {
            Ok(_) => Ok(()),
            Err(error @ CredentialsError::CredentialsNotLoaded(_)) => {
                Err(ConnectError::NoCredentials(error))
            }
            Err(error) => Err(ConnectError::Credentials(error)),
        }
    }
}

/// Standard retries, never the adaptive mode: its limiter is shared by all accounts, so that one throttled account
/// would slow the others a hundredfold.
fn retries() -> RetryConfig {
    RetryConfig::standard()
        .with_max_attempts(6)
        .with_initial_backoff(Duration::from_millis(200))
        .with_max_backoff(Duration::from_secs(10))
}

/// Connect and read timeouts are the same for every client, since the pool is kept by their pair.
fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(4))
        .read_timeout(Duration::from_secs(30))
        .operation_attempt_timeout(Duration::from_secs(40))
        .operation_timeout(Duration::from_mins(2))
        .build()
}
