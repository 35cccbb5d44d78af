//! STS: who am I, and sessions of roles, root users and users.

mod assume_role;
mod assume_root;
mod input;
mod root_task;
mod session_token;

use crate::call::Call;
use crate::error::ApiError;
use crate::random;
use crate::session::{Identity, Session};
use crate::world::{Timestamp, user_id};
use crate::xml::Xml;

/// Answers a call.
pub(crate) fn dispatch(call: &Call) -> Result<Xml, ApiError> {
    match call.name {
        "GetCallerIdentity" => Ok(get_caller_identity(call)),
        "AssumeRole" => assume_role::assume_role(call),
        "AssumeRoot" => assume_root::assume_root(call),
        "GetSessionToken" => session_token::get_session_token(call),
        other => {
            let message = format!("Could not find operation {other} for version 2011-06-15");
            Err(ApiError::new("InvalidAction", 400, message))
        }
    }
}

// Needs no permission, not even under an explicit denial.
fn get_caller_identity(call: &Call) -> Xml {
    let principal = call.principal;
    let user_id = match (principal.identity(), principal.assumed_role()) {
        (Some(Identity::Role { arn, name }), _) => format!("{}:{name}", role_id(arn)),
        (Some(Identity::Root), _) => principal.account.clone(),
        (Some(Identity::User { .. }) | None, Some((_, name))) => {
            format!("{}:{name}", role_id(&principal.lasting_arn()))
        }
        (Some(Identity::User { .. }) | None, None) => user_id(
            &principal.account,
            principal.user_name().unwrap_or_default(),
        ),
    };
    let mut xml = Xml::default();
    xml.text("Arn", &principal.arn)
        .text("UserId", user_id)
        .text("Account", &principal.account);
    xml
}

/// Begins a session that lasts so many seconds, and writes its credentials.
fn open_session(
    call: &Call,
    xml: &mut Xml,
    duration: i64,
    session: impl FnOnce(String, i64) -> Session,
) {
    let number = call.state.number().to_string();
    let access_key = format!("ASIA{}", random::code(&["session", &number], 16));
    let token = random::code(&["token", &number], 120);
    let session = session(token, call.server_time() + duration);
    xml.element("Credentials", |xml| {
        xml.text("AccessKeyId", &access_key);
        xml.text("SecretAccessKey", random::code(&["secret", &number], 40));
        xml.text("SessionToken", &session.token);
        xml.text("Expiration", Timestamp::from_second(session.expiration));
    });
    call.state.sessions.add(access_key, session);
}

fn role_id(arn: &str) -> String {
    format!("AROA{}", random::code(&["role", arn], 17))
}
