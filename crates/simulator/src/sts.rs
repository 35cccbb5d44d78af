//! STS: who am I, and assuming roles.

use crate::authorize::Resource;
use crate::call::Call;
use crate::clock;
use crate::error::ApiError;
use crate::policy::Document;
use crate::random;
use crate::session::Session;
use crate::world::{Account, Role, Timestamp, user_id};
use crate::xml::Xml;

/// Answers a call.
pub(crate) fn dispatch(call: &Call) -> Result<Xml, ApiError> {
    match call.name {
        "GetCallerIdentity" => Ok(get_caller_identity(call)),
        "AssumeRole" => assume_role(call),
        other => {
            let message = format!("Could not find operation {other} for version 2011-06-15");
            Err(ApiError::new("InvalidAction", 400, message))
        }
    }
}

// Needs no permission, not even under an explicit denial.
fn get_caller_identity(call: &Call) -> Xml {
    let principal = call.principal;
    let user_id = match (&principal.session, principal.assumed_role()) {
        (Some(session), _) => format!("{}:{}", role_id(&session.role_arn), session.name),
        (None, Some((_, name))) => format!("{}:{name}", role_id(&principal.lasting_arn())),
        (None, None) => user_id(
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

fn assume_role(call: &Call) -> Result<Xml, ApiError> {
    let role_arn = required(call, "RoleArn", "roleArn")?;
    let (account_id, path) = read_role_arn(role_arn)?;
    let name = required(call, "RoleSessionName", "roleSessionName")?;
    check_text("roleSessionName", name, (2, 64), "_+=,.@-", "[\\w+=,.@-]*")?;
    if let Some(external_id) = call.text("ExternalId") {
        check_text(
            "externalId",
            external_id,
            (2, 1224),
            "_+=,.@:/-",
            "[\\w+=,.@:\\/-]*",
        )?;
    }
    let duration = read_duration(call)?;
    let policy = read_session_policy(call)?;
    let resource = Resource::arn(role_arn);
    call.authorize(&resource)?;
    // A missing role, a wrong external id and a lack of trust look alike from outside.
    let Some(role) = call
        .account(account_id)
        .and_then(|it| admitting_role(call, it, path))
    else {
        return Err(call.service.denied(call.attempt(&resource).refusal("")));
    };
    if duration > role.max_session_seconds {
        let message =
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
        return Err(ApiError::validation(message));
    }
    if duration > 3600 && call.principal.session.is_some() {
        let message = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining";
        return Err(ApiError::validation(message));
    }
    let number = call.state.number().to_string();
    let session = Session {
        account: account_id.to_owned(),
        role_arn: role_arn.to_owned(),
        name: name.to_owned(),
        token: random::code(&["token", &number], 120),
        expiration: clock::real() + duration,
        policy,
    };
    Ok(write_session(call, session, &number))
}

fn write_session(call: &Call, session: Session, number: &str) -> Xml {
    let access_key = format!("ASIA{}", random::code(&["session", number], 16));
    let mut xml = Xml::default();
    xml.element("AssumedRoleUser", |xml| {
        xml.text(
            "AssumedRoleId",
            format!("{}:{}", role_id(&session.role_arn), session.name),
        )
        .text("Arn", session.arn());
    });
    xml.element("Credentials", |xml| {
        xml.text("AccessKeyId", &access_key);
        xml.text("SecretAccessKey", random::code(&["secret", number], 40));
        xml.text("SessionToken", &session.token);
        xml.text("Expiration", Timestamp::from_second(session.expiration));
    });
    if let Some(policy) = call.text("Policy") {
        xml.text("PackedPolicySize", (policy.len() * 100).div_ceil(2048));
    }
    call.state.sessions.add(access_key, session);
    xml
}

fn role_id(arn: &str) -> String {
    format!("AROA{}", random::code(&["role", arn], 17))
}

/// Returns the account's role if it exists and its trust policy admits the principal.
fn admitting_role<'a>(call: &Call, account: &'a Account, path: &str) -> Option<&'a Role> {
    if matches!(
        account.state.as_str(),
        "SUSPENDED" | "CLOSED" | "PENDING_CLOSURE" | "PENDING_ACTIVATION"
    ) {
        return None;
    }
    let role = account
        .roles
        .iter()
        .find(|it| path == format!("{}{}", it.path, it.name))?;
    let principal = call.principal;
    let account_root = format!("arn:aws:iam::{}:root", principal.account);
    let lasting = principal.lasting_arn();
    let trusts = |it: &String| {
        [
            principal.account.as_str(),
            &account_root,
            &principal.arn,
            &lasting,
        ]
        .contains(&it.as_str())
    };
    let trusted = if role.trust.is_empty() {
        principal.account == call.world.caller_account()
    } else {
        role.trust.iter().any(trusts)
    };
    let external = role
        .external_id
        .as_deref()
        .is_none_or(|it| call.text("ExternalId") == Some(it));
    let member = !role.require_org_id || call.world.organization.is_some();
    (trusted && external && member).then_some(role)
}

/// Returns the account and the role's path with its name.
fn read_role_arn(arn: &str) -> Result<(&str, &str), ApiError> {
    let invalid = || ApiError::validation(format!("{arn} is invalid"));
    let (account, path) = arn
        .strip_prefix("arn:aws:iam::")
        .and_then(|it| it.split_once(":role"))
        .ok_or_else(invalid)?;
    if account.len() != 12
        || !account.bytes().all(|it| it.is_ascii_digit())
        || !path.starts_with('/')
    {
        return Err(invalid());
    }
    Ok((account, path))
}

fn read_duration(call: &Call) -> Result<i64, ApiError> {
    let member = "durationSeconds";
    match call.input.number("DurationSeconds") {
        Ok(None) => Ok(3600),
        Ok(Some(it)) if it < 900 => Err(ApiError::constraint(
            &it.to_string(),
            member,
            "have value greater than or equal to 900",
        )),
        Ok(Some(it)) if it > 43_200 => Err(ApiError::constraint(
            &it.to_string(),
            member,
            "have value less than or equal to 43200",
        )),
        Ok(Some(it)) => Ok(it),
        Err(text) => Err(ApiError::new(
            "MalformedInput",
            400,
            format!("{member} `{text}` is not a number."),
        )),
    }
}

fn read_session_policy(call: &Call) -> Result<Option<Document>, ApiError> {
    if call.text("PolicyArns.member.1.arn").is_some() {
        return Err(ApiError::validation(
            "Managed session policies are not simulated.",
        ));
    }
    let Some(text) = call.text("Policy") else {
        return Ok(None);
    };
    if text.chars().count() > 2048 {
        return Err(ApiError::constraint(
            text,
            "policy",
            "have length less than or equal to 2048",
        ));
    }
    let malformed = |_| {
        ApiError::new(
            "MalformedPolicyDocument",
            400,
            "The policy is not in the valid JSON format.",
        )
    };
    Document::parse(text).map(Some).map_err(malformed)
}

fn required<'a>(call: &Call<'a>, member: &str, shown: &str) -> Result<&'a str, ApiError> {
    let message = format!(
        "1 validation error detected: Value null at '{shown}' failed to satisfy constraint: Member must not be null"
    );
    call.text(member)
        .ok_or_else(|| ApiError::validation(message))
}

fn check_text(
    member: &str,
    text: &str,
    length: (usize, usize),
    signs: &str,
    pattern: &str,
) -> Result<(), ApiError> {
    if text.len() < length.0 {
        let constraint = format!("have length greater than or equal to {}", length.0);
        return Err(ApiError::constraint(text, member, &constraint));
    }
    if text.len() > length.1 {
        let constraint = format!("have length less than or equal to {}", length.1);
        return Err(ApiError::constraint(text, member, &constraint));
    }
    if !text
        .chars()
        .all(|it| it.is_ascii_alphanumeric() || signs.contains(it))
    {
        return Err(ApiError::constraint(
            text,
            member,
            &format!("satisfy regular expression pattern: {pattern}"),
        ));
    }
    Ok(())
}
