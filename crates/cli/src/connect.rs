//! The audit's way to AWS, and what to do where it leads nowhere.

use aws::Connection;
use inventory::{CALLS, StartError};
use program::connection::{self, ConnectionArgs};

use crate::{
    config::Environment,
    error::{CliError, Kind},
};

/// The name and version AWS sees.
pub(crate) const USER_AGENT: &str = concat!("mfaudit/", env!("CARGO_PKG_VERSION"));

/// Opens the caller's way to AWS.
pub(crate) async fn connect(
    args: &ConnectionArgs,
    environment: &Environment,
) -> Result<Connection, CliError> {
    connection::connect(args, environment, USER_AGENT, CALLS).await
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
        | R::ShardMissing
        | R::Undefined => {
            "check the credentials with `aws sts get-caller-identity`, and the region and endpoint"
        }
    }
    .to_owned()
}
