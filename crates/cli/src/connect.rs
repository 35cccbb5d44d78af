//! The caller's way to AWS, and what to do where there is none or it leads nowhere.
#![expect(clippy::disallowed_methods, reason = "reads the file of certificates")]

use std::fs;

use aws::{ConnectError, ConnectOptions, Connection, Proxy};
use inventory::{CALLS, StartError};

use crate::{
    args::ConnectionArgs,
    config::{self, Environment},
    error::{CliError, Kind},
};

/// The name and version AWS sees.
pub(crate) const USER_AGENT: &str = concat!("mfaudit/", env!("CARGO_PKG_VERSION"));

/// Opens the caller's way to AWS.
pub(crate) async fn connect(
    args: &ConnectionArgs,
    environment: &Environment,
) -> Result<Connection, CliError> {
    let path = args.ca_bundle.as_ref().or(environment.ca_bundle.as_ref());
    let ca_bundle = path.map(|path| {
        let read = fs::read(path).map(|pem| (path.clone(), pem));
        read.map_err(|error| {
            CliError::new(
                Kind::Usage,
                format!("cannot read {}: {error}", path.display()),
            )
        })
    });
    let options = ConnectOptions {
        user_agent: USER_AGENT.to_owned(),
        profile: args.profile.clone(),
        region: args.region.clone(),
        endpoint_url: args.endpoint_url.clone(),
        ca_bundle: ca_bundle.transpose()?,
        credentials: None,
        proxy: Proxy::FromEnvironment,
        code_prompt: config::can_ask().then(|| Box::new(ask_for_code) as aws::CodePrompt),
    };
    Connection::open(options, CALLS)
        .await
        .map_err(connect_error)
}

fn ask_for_code(serial: &str) -> std::io::Result<String> {
    rpassword::prompt_password(format!("MFA code of {serial}: "))
}

fn connect_error(error: ConnectError) -> CliError {
    let (kind, hint) = match &error {
        ConnectError::NoRegion => {
            let hint = "say --region, or set AWS_REGION: any region of the partition to audit, such as us-east-1";
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

/// Says why no account can be collected, and what to do.
pub(crate) fn start_error(error: StartError) -> CliError {
    let near = |known: &[String], given: &str| {
        // A unit is asked for by its path or by its name alone.
        let likeness = |path: &str| {
            let name = path.rsplit('/').next().unwrap_or_default();
            strsim::jaro_winkler(path, given).max(strsim::jaro_winkler(name, given))
        };
        let near = known
            .iter()
            .max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
        match near {
            Some(near) if likeness(near) > 0.85 => format!("did you mean `{near}`?"),
            Some(_) => format!("there are: {}", known.join(", ")),
            None => "no organizational unit was seen".to_owned(),
        }
    };
    let (kind, hint) = match &error {
        StartError::Caller(trouble) | StartError::Listing(trouble) => {
            (Kind::Failed, trouble_hint(trouble.reason))
        }
        StartError::PlainMember { .. } => (
            Kind::Usage,
            "run it with credentials of the management account or of a delegated administrator; or audit this account alone: --account self".to_owned(),
        ),
        StartError::UnknownAccount(_) => {
            (Kind::Usage, "check the id; `aws organizations list-accounts` lists them".to_owned())
        }
        StartError::UnknownUnit { given, known } => (Kind::Usage, near(known, given)),
        StartError::AmbiguousUnit { paths, .. } => (Kind::Usage, format!("say which: {}", paths.join(", "))),
    };
    CliError::new(kind, error).hint(hint)
}

fn trouble_hint(reason: model::GapReason) -> String {
    use model::GapReason as R;
    match reason {
        R::AccessDenied | R::EntryDenied => {
            "the caller needs the statement that `mfaudit policy --for management` prints"
        }
        R::ExpiredCredentials => "the credentials expired: sign in again, and run again",
        R::Unreachable => "check the network, the proxy variables, --ca-bundle and --endpoint-url",
        R::Throttled | R::Deadline => "AWS is busy: run again later",
        R::Failed
        | R::Malformed
        | R::Contradictory
        | R::Stale
        | R::NotVisible
        | R::NotRequested
        | R::NotInEvidence
        | R::Unclear
        | R::Interrupted
        | R::Undefined => {
            "check the credentials with `aws sts get-caller-identity`, and the region and endpoint"
        }
    }
    .to_owned()
}
