//! From a location to the client that reaches it.

use std::{fmt, future::Future, pin::Pin, sync::Arc};

use object_store::{ObjectStore, local::LocalFileSystem};

use super::{Location, Provider, StorageError, Trouble};

/// What objects of S3 are encrypted with where they rest.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Encryption {
    /// With what the bucket says, which S3 has for every bucket.
    #[default]
    OfBucket,
    /// With keys that S3 manages: `AES256`.
    S3Keys,
    /// With a key of AWS KMS: `aws:kms`.
    Kms {
        /// The key's id, ARN or alias; else AWS's own for S3.
        key_id: Option<String>,
    },
}

/// An access key of AWS, which may be of a session.
#[derive(Clone)]
pub struct AwsKeys {
    /// The access key's id.
    pub access_key_id: String,
    /// The secret.
    pub secret_access_key: String,
    /// The session's token, if it is one of a session.
    pub session_token: Option<String>,
}

/// No secret in a log.
impl fmt::Debug for AwsKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AwsKeys")
            .field("access_key_id", &self.access_key_id)
            .finish_non_exhaustive()
    }
}

/// Where AWS's credentials come from: the SDK's chain, which has profiles, SSO and processes besides what
/// `object_store` knows.
pub trait AwsCredentials: fmt::Debug + Send + Sync {
    /// Returns the keys to use now; they are asked for before every request, so keep them until they expire.
    fn keys(&self) -> Pin<Box<dyn Future<Output = Result<AwsKeys, String>> + Send + '_>>;
}

/// How to reach storage.
#[derive(Clone, Debug, Default)]
pub struct StorageOptions {
    /// Encryption of what is written to S3.
    pub encryption: Encryption,
    /// AWS's credentials; else what `object_store` finds in the environment.
    pub aws_credentials: Option<Arc<dyn AwsCredentials>>,
    /// The region of the bucket; else the environment's.
    pub aws_region: Option<String>,
    /// PEM certificates to trust besides the system's.
    pub ca_bundle: Option<Vec<u8>>,
    /// Told of what went wrong when nothing else did: what is left over and cannot be removed.
    pub warn: Option<fn(&StorageError)>,
}

pub(super) fn open(
    at: &Location,
    options: &StorageOptions,
) -> Result<Arc<dyn ObjectStore>, StorageError> {
    match at.provider() {
        Provider::File => {
            if options.encryption != Encryption::OfBucket {
                return Err(StorageError::other(
                    "open",
                    at,
                    Trouble::Options,
                    "encryption is asked for, and a folder has none",
                ));
            }
            // It reads; `local` writes.
            Ok(Arc::new(LocalFileSystem::new()))
        }
        provider @ (Provider::S3 | Provider::GoogleCloud | Provider::Azure) => {
            cloud(provider, at, options)
        }
    }
}

#[cfg(not(feature = "cloud"))]
fn cloud(
    _: Provider,
    at: &Location,
    _: &StorageOptions,
) -> Result<Arc<dyn ObjectStore>, StorageError> {
    Err(StorageError::other(
        "open",
        at,
        Trouble::NotBuilt,
        "this build reads and writes file:// alone",
    ))
}

#[cfg(feature = "cloud")]
use self::cloud::cloud;

#[cfg(feature = "cloud")]
mod cloud {
    use std::time::Duration;

    use object_store::{
        Certificate, ClientOptions, CredentialProvider, RetryConfig,
        aws::{AmazonS3Builder, AmazonS3ConfigKey, AwsCredential, Checksum, S3CopyIfNotExists},
        azure::MicrosoftAzureBuilder,
        gcp::GoogleCloudStorageBuilder,
    };

    use super::{
        Arc, AwsCredentials, Encryption, Location, ObjectStore, Provider, StorageError,
        StorageOptions, Trouble,
    };

    /// How long an answer may be waited for from when its request begins to be sent, which is a part of 8 MiB at 30
    /// kB/s; and how long each further piece of it. A whole answer has no limit, since an object has none.
    const SILENCE: Duration = Duration::from_mins(5);
    /// How long a request is tried again; credentials outlive it.
    const RETRY: RetryConfig = RetryConfig {
        backoff: object_store::BackoffConfig {
            init_backoff: Duration::from_millis(100),
            max_backoff: Duration::from_secs(15),
            base: 2.0,
        },
        max_retries: 6,
        retry_timeout: Duration::from_mins(2),
    };

    pub(super) fn cloud(
        provider: Provider,
        at: &Location,
        options: &StorageOptions,
    ) -> Result<Arc<dyn ObjectStore>, StorageError> {
        let failed = |error| StorageError::new("open", at, &error);
        if provider != Provider::S3 && options.encryption != Encryption::OfBucket {
            return Err(StorageError::other(
                "open",
                at,
                Trouble::Options,
                "the encryption options are S3's; elsewhere the bucket's default key is set with the bucket",
            ));
        }
        let mut client = ClientOptions::new()
            .with_timeout_disabled()
            .with_read_timeout(SILENCE);
        if let Some(pem) = &options.ca_bundle {
            for certificate in Certificate::from_pem_bundle(pem).map_err(failed)? {
                client = client.with_root_certificate(certificate);
            }
        }
        Ok(match provider {
            Provider::GoogleCloud => Arc::new(
                GoogleCloudStorageBuilder::from_env()
                    .with_client_options(client)
                    .with_retry(RETRY)
                    .with_bucket_name(at.bucket())
                    .build()
                    .map_err(failed)?,
            ),
            Provider::Azure => Arc::new(
                MicrosoftAzureBuilder::from_env()
                    .with_client_options(client)
                    .with_retry(RETRY)
                    .with_container_name(at.bucket())
                    .build()
                    .map_err(failed)?,
            ),
            Provider::S3 | Provider::File => {
                Arc::new(s3(at, options, client).build().map_err(failed)?)
            }
        })
    }

    fn s3(at: &Location, options: &StorageOptions, client: ClientOptions) -> AmazonS3Builder {
        // As `AWS_ENDPOINT_URL_S3` and the rest of the environment say.
        let mut builder = AmazonS3Builder::from_env();
        // An endpoint on this machine is a test's; a key sent to any other in the clear would be lost.
        let plain = [AmazonS3ConfigKey::S3Endpoint, AmazonS3ConfigKey::Endpoint]
            .iter()
            .filter_map(|it| builder.get_config_value(it))
            .any(|it| is_this_machine(&it));
        builder = builder
            .with_client_options(client.with_allow_http(plain))
            .with_retry(RETRY)
            .with_bucket_name(at.bucket())
            .with_copy_if_not_exists(S3CopyIfNotExists::Multipart)
            // A bucket with object lock takes nothing without one.
            .with_checksum_algorithm(Checksum::SHA256);
        if let Some(region) = &options.aws_region {
            builder = builder.with_region(region);
        }
        if let Some(credentials) = &options.aws_credentials {
            builder = builder.with_credentials(Arc::new(FromSdk(credentials.clone())));
        }
        let encrypted = |builder: AmazonS3Builder, with: &str| {
            let key = "aws_server_side_encryption".parse().ok();
            match key {
                Some(key) => builder.with_config(key, with),
                None => builder,
            }
        };
        match &options.encryption {
            Encryption::OfBucket => builder,
            Encryption::S3Keys => encrypted(builder, "AES256"),
            Encryption::Kms { key_id: Some(key) } => builder.with_sse_kms_encryption(key),
            Encryption::Kms { key_id: None } => encrypted(builder, "aws:kms"),
        }
    }

    fn is_this_machine(endpoint: &str) -> bool {
        let host = url::Url::parse(endpoint).ok();
        let host = host.as_ref().and_then(url::Url::host);
        match host {
            Some(url::Host::Ipv4(it)) => it.is_loopback(),
            Some(url::Host::Ipv6(it)) => it.is_loopback(),
            Some(url::Host::Domain(it)) => it == "localhost",
            None => false,
        }
    }

    #[derive(Debug)]
    struct FromSdk(Arc<dyn AwsCredentials>);

    // The library's trait is declared so; it boxes the future.
    impl CredentialProvider for FromSdk {
        type Credential = AwsCredential;

        fn get_credential<'life, 'out>(
            &'life self,
        ) -> std::pin::Pin<
            Box<dyn Future<Output = object_store::Result<Arc<AwsCredential>>> + Send + 'out>,
        >
        where
            'life: 'out,
            Self: 'out,
        {
            Box::pin(async move {
                let keys = self
                    .0
                    .keys()
                    .await
                    .map_err(|error| object_store::Error::Generic {
                        store: "S3",
                        source: error.into(),
                    })?;
                Ok(Arc::new(AwsCredential {
                    key_id: keys.access_key_id,
                    secret_key: keys.secret_access_key,
                    token: keys.session_token,
                }))
            })
        }
    }
}
