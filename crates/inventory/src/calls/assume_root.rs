use aws::{Connection, Resource, RootToAssume, Service, Session, Site, Trouble, api_call};

use crate::pace::Pace;

api_call! {
    /// Gets a session of a member account's root user that may only look at that user's credentials. Made with
    /// `--assume-root` alone.
    {
        service: Service::Sts,
        operation: "AssumeRoot",
        actions: &["sts:AssumeRoot"],
        site: Site::RootAccess,
        resource: Resource::MemberRoot,
        feeds: &[],
        without: "root users are judged by what the audit role sees: whether there is MFA, not by which devices",
    }
}

/// Gets the session. A denial is one of this call; the account's other facts do not depend on it.
pub(crate) async fn assume_root(
    connection: &Connection,
    pace: &Pace,
    root: &RootToAssume,
) -> Result<Session, Trouble> {
    pace.turn(connection, CALL.operation).await;
    aws::assume_root(connection, root).await
}
