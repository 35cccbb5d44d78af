//! The caller's way to AWS, and what to do where there is none or it leads nowhere.
#![expect(clippy::disallowed_methods, reason = "reads the file of certificates")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use aws::{ApiCall, ConnectError, ConnectOptions, Connection, Proxy};
use clap::Args;

use crate::{
    Environment,
    environment::can_ask,
    error::{CliError, Kind},
};

/// How the caller reaches AWS.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Connection")]
pub struct ConnectionArgs {
    /// A profile of the shared AWS configuration
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// A region of the partition to audit
    #[arg(long, value_name = "NAME")]
    pub region: Option<String>,
    /// An endpoint in AWS's place
    #[arg(long, value_name = "URL")]
    pub endpoint_url: Option<String>,
    /// A PEM file of certificates to trust besides the system's
    #[arg(long, value_name = "FILE")]
    pub ca_bundle: Option<PathBuf>,
}

/// Opens the caller's way to AWS for a program that makes `calls`, and that AWS sees as `user_agent`.
///
/// # Errors
///
/// Fails with advice if there is no region, or no usable credentials, or a file or profile that is named is not.
pub async fn connect(
    args: &ConnectionArgs,
    environment: &Environment,
    user_agent: &str,
    calls: &'static [&'static ApiCall],
) -> Result<Connection, CliError> {
    let options = ConnectOptions {
        user_agent: user_agent.to_owned(),
        profile: args.profile.clone(),
        region: args.region.clone(),
        endpoint_url: args.endpoint_url.clone(),
        ca_bundle: ca_bundle(args.ca_bundle.as_deref(), environment)?,
        credentials: None,
        proxy: Proxy::FromEnvironment,
        code_prompt: can_ask().then(|| Box::new(ask_for_code) as aws::CodePrompt),
    };
    Connection::open(options, calls)
        .await
        .map_err(connect_error)
}

/// Reads the certificates to trust besides the system's: of the file that was named, else of the environment's.
///
/// # Errors
///
/// Fails if the file cannot be read.
pub fn ca_bundle(
    named: Option<&Path>,
    environment: &Environment,
) -> Result<Option<(PathBuf, Vec<u8>)>, CliError> {
    let Some(path) = named.or(environment.ca_bundle.as_deref()) else {
        return Ok(None);
    };
    let read = fs::read(path).map(|pem| Some((path.to_owned(), pem)));
    read.map_err(|error| {
        CliError::new(
            Kind::Usage,
            format!("cannot read {}: {error}", path.display()),
        )
    })
}

fn ask_for_code(serial: &str) -> std::io::Result<String> {
    rpassword::prompt_password(format!("MFA code of {serial}: "))
}

fn connect_error(error: ConnectError) -> CliError {
    let (kind, hint) = match &error {
        ConnectError::NoRegion => {
            let hint =
                "say --region, or set AWS_REGION: any region of the partition, such as us-east-1";
            (Kind::Failed, hint.to_owned())
        }
        ConnectError::NoCredentials(_) => {
            let hint = "sign in as you do for the AWS CLI (`aws sso login`, --profile NAME, AWS_ACCESS_KEY_ID …); to see the tool at work without AWS: mfaudit demo";
            (Kind::Failed, hint.to_owned())
        }
        ConnectError::Credentials(_) => {
            let hint = "sign in again, for example with `aws sso login`, and check with `aws sts get-caller-identity`";
            (Kind::Failed, hint.to_owned())
        }
        ConnectError::UnknownProfile { known, .. } if known.is_empty() => (
            Kind::Usage,
            "no profile is configured: `aws configure` makes one".to_owned(),
        ),
        ConnectError::UnknownProfile { known, .. } => {
            (Kind::Usage, format!("there are: {}", known.join(", ")))
        }
        ConnectError::NeedsTerminal(profile) => (
            Kind::Failed,
            format!(
                "export credentials first: eval \"$(aws configure export-credentials --profile {profile} --format env)\""
            ),
        ),
        ConnectError::Profile { profile, .. } => (
            Kind::Failed,
            format!("check it with `aws sts get-caller-identity --profile {profile}`"),
        ),
        ConnectError::CaBundle { .. } => (
            Kind::Usage,
            "name a file that has -----BEGIN CERTIFICATE----- in it".to_owned(),
        ),
    };
    CliError::new(kind, error).hint(hint)
}
