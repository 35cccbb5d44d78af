use aws::{Connection, Resource, RoleToAssume, Service, Session, Site, Trouble, api_call};
use model::{AccountId, GapReason};

use crate::pace::Pace;

api_call! {
    /// Enters each account but the caller's own, as the audit role, shrunk to the declared read calls.
    {
        service: Service::Sts,
        operation: "AssumeRole",
        actions: &["sts:AssumeRole"],
        site: Site::Management,
        resource: Resource::AuditRole,
        feeds: &[],
        without: "every account but the caller's own is a gap",
    }
}

/// Enters an account. A denial is an entry denied, which is another thing than a call denied inside.
pub(crate) async fn assume_role(
    connection: &Connection,
    pace: &Pace,
    account: &AccountId,
    role: &RoleToAssume,
) -> Result<Session, Trouble> {
    pace.turn(connection, CALL.operation).await;
    aws::assume_role(connection, account, role).await.map_err(|mut trouble| {
        if trouble.reason == GapReason::AccessDenied {
            trouble.reason = GapReason::EntryDenied;
        }
        trouble
    })
}
