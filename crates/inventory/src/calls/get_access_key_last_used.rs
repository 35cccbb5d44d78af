use aws::{Resource, Service, Site, Trouble, api_call};
use aws_sdk_iam::Client;
use model::{Dataset, GapReason, LastUse, Timestamp};

api_call! {
    /// Tells when an access key was last used: of a key that the credential report does not know, and to confirm that
    /// one is not used.
    {
        service: Service::Iam,
        operation: "GetAccessKeyLastUsed",
        actions: &["iam:GetAccessKeyLastUsed"],
        site: Site::Member,
        resource: Resource::Any,
        feeds: &[Dataset::AccessKeyUse],
        without: "keys that seem unused cannot be confirmed to be, and are a gap",
    }
}

/// Returns when a key was last used.
pub(crate) async fn get_access_key_last_used(iam: &Client, id: &str) -> Result<LastUse, Trouble> {
    let answer = iam.get_access_key_last_used().access_key_id(id).send().await;
    let answer = answer.map_err(|error| Trouble::from_sdk(CALL.operation, &error))?;
    let Some(last_used) = answer.access_key_last_used else {
        return Err(Trouble::new(CALL.operation, GapReason::Malformed, "the answer has no `AccessKeyLastUsed`"));
    };
    let date = last_used.last_used_date;
    // The epoch stands where AWS gave no date.
    let at = date.filter(|it| it.secs() > 0).and_then(|it| Timestamp::from_epoch_seconds(it.secs()));
    Ok(at.map_or(LastUse::NeverRecorded, LastUse::At))
}
