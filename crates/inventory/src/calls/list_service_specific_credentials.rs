use aws::{Resource, Service, Site, Trouble, api_call};
use aws_sdk_iam::{Client, types::StatusType};
use model::{AccessKeyStatus, Dataset, ServiceSpecificCredential, Timestamp};

use super::{Page, distinct, pages, present};

api_call! {
    /// Lists a user's credentials for single services, of which no credential report tells. Asked for each user: what
    /// `AllUsers` leaves out without a service's name, AWS does not document.
    {
        service: Service::Iam,
        operation: "ListServiceSpecificCredentials",
        actions: &["iam:ListServiceSpecificCredentials"],
        site: Site::Member,
        resource: Resource::Any,
        feeds: &[Dataset::ServiceSpecificCredentials],
        without: "service-specific credentials are not seen",
    }
}

/// Returns the credentials of a user, active or not.
pub(crate) async fn list_service_specific_credentials(
    iam: &Client,
    user: &str,
) -> Result<Vec<ServiceSpecificCredential>, Trouble> {
    let read = pages(CALL.operation, async |marker| {
        let request = iam.list_service_specific_credentials().user_name(user);
        let answer = request.set_marker(marker).send().await;
        let answer = answer.map_err(|error| Trouble::from_sdk(CALL.operation, &error))?;
        let time = |secs: i64| Timestamp::from_epoch_seconds(secs).filter(|_| secs > 0);
        let items = present(CALL.operation, answer.service_specific_credentials)?.into_iter();
        let items = items.map(|it| ServiceSpecificCredential {
            id: it.service_specific_credential_id.into(),
            service: it.service_name.into(),
            // `Inactive` and `Expired` cannot be used.
            status: if it.status == StatusType::Active {
                AccessKeyStatus::Active
            } else {
                AccessKeyStatus::Inactive
            },
            created_at: time(it.create_date.secs()),
            expires_at: it.expiration_date.and_then(|it| time(it.secs())),
        });
        Ok(Page { items: items.collect(), next: answer.marker.filter(|_| answer.is_truncated) })
    })
    .await;
    match read.trouble {
        None => Ok(distinct(read.items, |it| Some(it.id.clone()))),
        Some(trouble) => Err(trouble),
    }
}
