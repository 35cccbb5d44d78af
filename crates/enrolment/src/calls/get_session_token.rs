use aws::{Connection, Resource, Service, Session, Site, Trouble, api_call};
use model::AccountId;

use crate::codes::Code;

api_call! {
    /// Opens a session with MFA for a user who has a device already, without which AWS lets nobody add or remove a
    /// device of their own. AWS asks no permission for it, but a policy can deny it.
    {
        service: Service::Sts,
        operation: "GetSessionToken",
        actions: &[],
        site: Site::Enrolment,
        resource: Resource::Any,
        feeds: &[],
        without: "a user who has a device cannot add another",
    }
}

/// Opens a session with the code of a device that is enabled already.
pub(crate) async fn get_session_token(
    connection: &Connection,
    account: &AccountId,
    serial_number: &str,
    code: &Code,
) -> Result<Session, Trouble> {
    aws::mfa_session(connection, account, serial_number, code.as_str()).await
}
