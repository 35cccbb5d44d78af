//! A plain loop over the SDK: what the calls of an audit cost by themselves.
//!
//! It makes the same calls of the same users as the audit, and nothing of their answers. As the audit does, it uses one
//! configuration, and so one HTTP client, for all clients, a client for each account, some accounts at once and one
//! call after the other in each; the SDK's default connector, which keeps
//! connections; credentials that do not change
//! during the run; and the same kind of runtime. It is spared what a plain loop does without: guard, meter, pace,
//! session policy, deadlines, records, files, rules and report. That is what is measured.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "what is compared must not use what it is compared with; its output is the count"
)]

use std::{
    fs,
    sync::atomic::{AtomicU64, Ordering},
};

use aws_config::{BehaviorVersion, SdkConfig};
use aws_sdk_iam::{config::SharedHttpClient, types::AssignmentStatusType};
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode},
};
use futures_util::{StreamExt, TryStreamExt, stream};
use serde::{Deserialize, Serialize};

use crate::Failure;

/// The argument that makes this executable the plain loop.
pub(crate) const MODE: &str = "plain";
/// How many accounts are asked at once.
const AT_ONCE: usize = 16;

/// What is asked of one account.
#[derive(Deserialize, Serialize)]
pub(crate) struct Asked {
    /// The account.
    pub(crate) account: String,
    /// Whether a role is assumed.
    pub(crate) is_entered: bool,
    /// Whether anything else is asked.
    pub(crate) is_open: bool,
    /// Whose `GetLoginProfile`.
    pub(crate) login_profiles: Vec<String>,
    /// Whose `ListMFADevices`.
    pub(crate) mfa_devices: Vec<String>,
    /// Whose `ListAccessKeys`.
    pub(crate) access_keys: Vec<String>,
    /// Whether `GetAccountAuthorizationDetails` is asked.
    pub(crate) asks_authorization: bool,
}

/// Asks what the file says, and prints how many calls that were.
pub(crate) fn run(args: &[String]) -> Result<(), Failure> {
    let path = args.first().ok_or("the plain loop needs a file")?;
    let asked: Vec<Asked> = serde_json::from_str(&fs::read_to_string(path)?)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let calls = runtime.block_on(all(&asked))?;
    println!("{calls}");
    Ok(())
}

async fn all(asked: &[Asked]) -> Result<u64, Failure> {
    let sdk = aws_config::defaults(BehaviorVersion::latest())
        .http_client(http_client()?)
        .load()
        .await;
    let calls = AtomicU64::new(0);
    list_accounts(&sdk, &calls).await?;
    let sts = aws_sdk_sts::Client::new(&sdk);
    stream::iter(asked)
        .map(|it| one(&sdk, &sts, it, &calls))
        .buffer_unordered(AT_ONCE)
        .try_collect::<()>()
        .await?;
    Ok(calls.into_inner())
}

/// Returns the SDK's default HTTP client, but for the system's certificates: the audit does not load them either for an
/// endpoint without TLS, and the SDK reads them anew for each client that is made.
fn http_client() -> Result<SharedHttpClient, Failure> {
    let trust = TrustStore::default().with_native_roots(false);
    let context = TlsContext::builder().with_trust_store(trust).build()?;
    let rustls = Provider::Rustls(CryptoMode::AwsLc);
    let builder = Builder::new().tls_provider(rustls);
    Ok(builder.tls_context(context).build_https())
}

async fn list_accounts(sdk: &SdkConfig, calls: &AtomicU64) -> Result<(), Failure> {
    let organizations = aws_sdk_organizations::Client::new(sdk);
    let pages = organizations.list_accounts().max_results(20);
    let mut pages = pages.into_paginator().send();
    while let Some(page) = pages.next().await {
        page?;
        calls.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

async fn one(
    sdk: &SdkConfig,
    sts: &aws_sdk_sts::Client,
    asked: &Asked,
    calls: &AtomicU64,
) -> Result<(), Failure> {
    let count = || calls.fetch_add(1, Ordering::Relaxed);
    let mut config = aws_sdk_iam::config::Builder::from(sdk);
    if asked.is_entered {
        let arn = format!("arn:aws:iam::{}:role/mfaudit-audit", asked.account);
        let role = sts.assume_role().role_arn(arn).role_session_name("plain");
        let entered = role.duration_seconds(900).send().await;
        count();
        if !asked.is_open {
            return Ok(());
        }
        let given = entered?.credentials.ok_or("no credentials")?;
        config = config.credentials_provider(aws_sdk_iam::config::Credentials::new(
            given.access_key_id,
            given.secret_access_key,
            Some(given.session_token),
            None,
            "plain",
        ));
    }
    let iam = aws_sdk_iam::Client::from_conf(config.build());
    iam.get_account_summary().send().await?;
    count();
    iam.generate_credential_report().send().await?;
    count();
    iam.get_credential_report().send().await?;
    count();
    iam.list_users().max_items(1000).send().await?;
    count();
    let devices = iam.list_virtual_mfa_devices().max_items(1000);
    devices
        .assignment_status(AssignmentStatusType::Assigned)
        .send()
        .await?;
    count();
    for name in &asked.login_profiles {
        // That there is none is an answer.
        let _ = iam.get_login_profile().user_name(name).send().await;
        count();
    }
    for name in &asked.mfa_devices {
        iam.list_mfa_devices().user_name(name).send().await?;
        count();
    }
    for name in &asked.access_keys {
        iam.list_access_keys().user_name(name).send().await?;
        count();
    }
    if asked.asks_authorization {
        let details = iam.get_account_authorization_details().max_items(1000);
        details.send().await?;
        count();
    }
    if !asked.is_entered {
        // The organization may refuse it, as it refuses the audit: the call is made all the same.
        let _ = iam.list_organizations_features().send().await;
        count();
    }
    Ok(())
}
