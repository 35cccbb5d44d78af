//! Who calls, and whose devices it is about.

use aws::{Connection, Trouble};
use aws_sdk_iam::Client;
use model::{AccountId, Arn, GapReason};
use program::{CliError, Kind};

use crate::{
    calls::{get_caller_identity::get_caller_identity, get_user::get_user},
    console, refusal,
};

/// Who calls.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) arn: Arn,
    pub(crate) account: AccountId,
    pub(crate) kind: CallerKind,
    pub(crate) mfa: MfaContext,
}

/// What kind of principal calls.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum CallerKind {
    /// The account's root user.
    Root,
    /// The IAM user of this name.
    User(String),
    /// A role's session, or a federated one.
    Session,
}

/// What AWS is told of MFA with the caller's requests.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum MfaContext {
    /// Nothing: it is a long-term access key.
    Absent,
    /// It is a session, and whether it was opened with MFA is not known.
    Unknown,
    /// It is a session that was opened with MFA.
    Present,
}

impl Caller {
    /// Asks AWS who calls.
    pub(crate) async fn ask(connection: &Connection) -> Result<Self, CliError> {
        let arn = get_caller_identity(connection)
            .await
            .map_err(|it| refusal::explain(&it))?;
        let account = arn.account().parse().map_err(|_| {
            let detail = format!("`{arn}` names no account");
            let trouble = Trouble::new("GetCallerIdentity", GapReason::Malformed, detail);
            refusal::explain(&trouble)
        })?;
        let kind = if arn.is_root_user() {
            CallerKind::Root
        } else {
            let user = arn
                .resource()
                .strip_prefix("user/")
                .filter(|_| arn.service() == "iam");
            let name = user.and_then(|it| it.rsplit('/').next());
            name.map_or(CallerKind::Session, |it| CallerKind::User(it.to_owned()))
        };
        let mfa = if connection.has_session_token().await {
            MfaContext::Unknown
        } else {
            MfaContext::Absent
        };
        Ok(Self {
            arn,
            account,
            kind,
            mfa,
        })
    }

    /// Returns the partition's name.
    pub(crate) fn partition(&self) -> String {
        self.arn.partition().to_string()
    }
}

/// Whose devices it is about.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// The user's name.
    pub(crate) user: String,
    /// Its ARN, with its path where AWS told it.
    pub(crate) arn: String,
    pub(crate) relation: Relation,
    /// Why AWS did not tell the user, if it did not.
    pub(crate) unseen: Option<Trouble>,
}

/// What the target is to the caller.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Relation {
    /// The caller itself.
    Own,
    /// Somebody else.
    Other,
}

impl Target {
    /// Finds the user that is named, or else the caller.
    pub(crate) async fn find(
        caller: &Caller,
        iam: &Client,
        named: Option<&str>,
    ) -> Result<Self, CliError> {
        let user = match (named, &caller.kind) {
            (Some(name), _) => name.to_owned(),
            (None, CallerKind::User(name)) => name.clone(),
            (None, CallerKind::Root) => return Err(console::root_by_api(caller)),
            (None, CallerKind::Session) => {
                let arn = &caller.arn;
                let error =
                    format!("the caller is {arn}, which is no IAM user and has no MFA device");
                return Err(CliError::new(Kind::Usage, error).hint(
                    "name the user with --user NAME; people who sign in through IAM Identity Center enrol in its portal",
                ));
            }
        };
        let relation = if caller.kind == CallerKind::User(user.clone()) {
            Relation::Own
        } else {
            Relation::Other
        };
        let assumed = match relation {
            Relation::Own => caller.arn.to_string(),
            Relation::Other => {
                format!(
                    "arn:{}:iam::{}:user/{user}",
                    caller.partition(),
                    caller.account
                )
            }
        };
        match get_user(iam, &user).await {
            Ok(arn) => Ok(Self {
                user,
                arn: arn.to_string(),
                relation,
                unseen: None,
            }),
            Err(trouble) if trouble.code == "NoSuchEntity" => {
                Err(no_such_user(caller, &user, &trouble))
            }
            // AWS's own policy for self-service permits it, but not every one does.
            Err(trouble) if trouble.reason == GapReason::AccessDenied => Ok(Self {
                user,
                arn: assumed,
                relation,
                unseen: Some(trouble),
            }),
            Err(trouble) => Err(refusal::explain(&trouble)),
        }
    }
}

fn no_such_user(caller: &Caller, user: &str, trouble: &Trouble) -> CliError {
    // AWS's own name for the root user in a credential report.
    if ["root", "<root_account>"].contains(&user) {
        return console::root_by_api(caller);
    }
    refusal::explain(trouble)
}
