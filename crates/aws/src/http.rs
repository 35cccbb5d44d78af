//! The HTTP client all clients share: one pool of connections, the proxies and the certificates that are trusted.

use std::{path::Path, time::Duration};

use aws_smithy_http_client::{
    Builder as HttpBuilder, Connector,
    proxy::ProxyConfig,
    tls::{self, TlsContext, TrustStore},
};
use aws_smithy_runtime_api::{
    client::{
        connector_metadata::ConnectorMetadata,
        http::{HttpClient, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector},
        runtime_components::RuntimeComponents,
    },
    shared::IntoShared,
};
use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};

use crate::client::{ConnectError, ConnectOptions};

/// Whether the proxy variables of the environment count.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Proxy {
    /// `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` count.
    #[default]
    FromEnvironment,
    /// Connections are direct.
    None,
}

/// How many connections wait for their next request. All accounts of a partition share one host, and a connection that
/// is closed for want of room costs a TLS handshake.
const MOST_IDLE: usize = 256;

/// Checks the certificates as the TLS stack will, which panics on a broken one.
fn check_certificates(path: &Path, pem: &[u8]) -> Result<(), ConnectError> {
    let wrong = |what: String| ConnectError::CaBundle {
        path: path.to_owned(),
        what,
    };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|error| wrong(format!("broken PEM: {error}")))?;
        roots
            .add(certificate)
            .map_err(|error| wrong(format!("a broken certificate: {error}")))?;
    }
    if roots.is_empty() {
        Err(wrong("no PEM certificate".to_owned()))
    } else {
        Ok(())
    }
}

/// Returns the client.
///
/// # Errors
///
/// Fails if the file of certificates holds none, or a broken one.
pub(crate) fn http_client(options: &ConnectOptions) -> Result<SharedHttpClient, ConnectError> {
    // An endpoint that is spoken to without TLS needs no certificates, and a bare container has none.
    let plain = options
        .endpoint_url
        .as_deref()
        .is_some_and(|it| it.starts_with("http://"));
    let mut trust = TrustStore::default().with_native_roots(!plain);
    if let Some((path, pem)) = &options.ca_bundle {
        check_certificates(path, pem)?;
        trust = trust.with_pem_certificate(pem.clone());
    }
    let context = TlsContext::builder().with_trust_store(trust).build();
    let context = context.unwrap_or_default();
    let proxy = options.proxy;
    let connector = move |settings: Option<&_>, components: Option<&_>| {
        let mut builder = Connector::builder()
            .pool_max_idle_per_host(MOST_IDLE)
            .pool_idle_timeout(Duration::from_secs(20));
        builder.set_connector_settings(settings.cloned());
        if let Some(components) = components {
            let components: &RuntimeComponents = components;
            builder.set_sleep_impl(components.sleep_impl());
        }
        let proxy = match proxy {
            Proxy::FromEnvironment => ProxyConfig::from_env(),
            Proxy::None => ProxyConfig::disabled(),
        };
        builder
            .proxy_config(proxy)
            .tls_provider(tls::Provider::Rustls(
                tls::rustls_provider::CryptoMode::AwsLc,
            ))
            .tls_context(context.clone())
            .build()
    };
    let client = HttpBuilder::new().build_with_connector_fn(connector);
    Ok(OneForAll(client).into_shared())
}

/// The client, without what the SDK does with it for every client of a service that is made: it builds a connector on
/// trial, with all its certificates, and throws it away. There is an IAM client for each account.
#[derive(Debug)]
struct OneForAll(SharedHttpClient);

impl HttpClient for OneForAll {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        self.0.http_connector(settings, components)
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.0.connector_metadata()
    }
}
