//! `AssumeRole`: credentials of a role, for whoever its trust policy admits.

use crate::authorize::Resource;
use crate::call::Call;
use crate::error::{ApiError, Service};
use crate::policy::Document;
use crate::session::{Identity, Session, role_name};
use crate::sts::input::{check_text, read_duration, required};
use crate::sts::{open_session, role_id};
use crate::world::{Account, Role};
use crate::xml::Xml;

pub(super) fn assume_role(call: &Call) -> Result<Xml, ApiError> {
    let role_arn = required(call, "RoleArn", "roleArn")?;
    let (account_id, path) = read_role_arn(call, role_arn)?;
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
    let duration = read_duration(call, (900, 43_200), 3600)?;
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
    let chained = call.principal.session.is_some() && call.principal.key.is_none();
    if duration > 3600 && chained {
        let message = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining";
        return Err(ApiError::validation(message));
    }
    let role_name = role_name(role_arn);
    let arn = call.world.partition.arn(
        Service::Sts,
        account_id,
        &format!("assumed-role/{role_name}/{name}"),
    );
    let mut xml = Xml::default();
    xml.element("AssumedRoleUser", |xml| {
        xml.text("AssumedRoleId", format!("{}:{name}", role_id(role_arn)))
            .text("Arn", &arn);
    });
    let identity = Identity::Role {
        arn: role_arn.to_owned(),
        name: name.to_owned(),
    };
    open_session(call, &mut xml, duration, |token, expiration| Session {
        account: account_id.to_owned(),
        arn,
        identity,
        token,
        expiration,
        policy,
    });
    if let Some(policy) = call.text("Policy") {
        xml.text("PackedPolicySize", (policy.len() * 100).div_ceil(2048));
    }
    Ok(xml)
}

/// Returns the account's role if it exists and its trust policy admits the principal.
fn admitting_role<'a>(call: &Call, account: &'a Account, path: &str) -> Option<&'a Role> {
    if account.is_closed() {
        return None;
    }
    let role = account
        .roles
        .iter()
        .find(|it| it.trust_policy.is_none() && path == format!("{}{}", it.path, it.name))?;
    let principal = call.principal;
    let account_root = call.iam_arn("root");
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
fn read_role_arn<'a>(call: &Call, arn: &'a str) -> Result<(&'a str, &'a str), ApiError> {
    let role = call.world.partition.read_iam(arn).and_then(|it| {
        let path = it.1.strip_prefix("role")?;
        path.starts_with('/').then_some((it.0, path))
    });
    role.ok_or_else(|| ApiError::validation(format!("{arn} is invalid")))
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
