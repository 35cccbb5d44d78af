//! `AssumeRoot`: a short session of a member account's root user, limited to one task.

use crate::authorize::Resource;
use crate::call::Call;
use crate::error::ApiError;
use crate::session::{Identity, Session};
use crate::sts::input::{read_duration, required};
use crate::sts::open_session;
use crate::sts::root_task::RootTask;
use crate::world::is_account;
use crate::xml::Xml;

/// Answers with credentials; `SourceIdentity`, which no session here sets, is absent.
pub(super) fn assume_root(call: &Call) -> Result<Xml, ApiError> {
    let partition = call.world.partition;
    let target = read_target(call)?;
    required(call, "TaskPolicyArn.arn", "taskPolicyArn")?;
    let task = call
        .text("TaskPolicyArn.arn")
        .and_then(|it| RootTask::find(partition, it))
        .ok_or_else(|| ApiError::validation("The specified task policy is invalid."))?;
    let duration = read_duration(call, (0, 900), 900)?;
    let arn = partition.iam(target, "root");
    let resource = Resource::arn(arn.as_str());
    call.authorize(&resource)?;
    let refused = || call.service.denied(call.attempt(&resource).refusal(""));
    let organization = call.world.organization.as_ref().ok_or_else(refused)?;
    let may_ask = organization.manages_root(&call.principal.account)
        && !call.principal.arn.ends_with(":root");
    // Whoever may not ask, a target outside the organization and the management account look alike.
    let is_member = call
        .account(target)
        .is_some_and(|it| it.id != organization.management_account && !it.is_closed());
    if !may_ask || !is_member {
        return Err(refused());
    }
    let feature = task.feature();
    let enabled = organization.features.iter().any(|it| it == feature.name());
    if !enabled || !organization.trusts_iam() {
        return Err(call.service.denied(feature.missing()));
    }
    let policy = task.document(partition);
    let mut xml = Xml::default();
    open_session(call, &mut xml, duration, |token, expiration| Session {
        account: target.to_owned(),
        arn,
        identity: Identity::Root,
        token,
        expiration,
        policy,
    });
    Ok(xml)
}

/// Returns the account whose root user is asked for, by its id or by the root user's ARN.
fn read_target<'a>(call: &Call<'a>) -> Result<&'a str, ApiError> {
    let text = required(call, "TargetPrincipal", "targetPrincipal")?;
    let bare = Some(text).filter(|it| is_account(it));
    let by_arn = call.world.partition.read_iam(text);
    bare.or(by_arn.filter(|it| it.1 == "root").map(|it| it.0))
        .ok_or_else(|| ApiError::validation(format!("{text} is invalid")))
}
