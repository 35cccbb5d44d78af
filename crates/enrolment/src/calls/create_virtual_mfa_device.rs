use aws::{Resource, Service, Site, Trouble, api_call};
use aws_sdk_iam::{
    Client,
    config::{Config, retry::RetryConfig},
    types::Tag,
};
use model::GapReason;

use crate::{device_name::DeviceName, seed::Seed};

api_call! {
    /// Makes the virtual device, whose seed AWS tells this once.
    {
        service: Service::Iam,
        operation: "CreateVirtualMFADevice",
        actions: &["iam:CreateVirtualMFADevice"],
        site: Site::Enrolment,
        resource: Resource::VirtualMfaDevice,
        feeds: &[],
        without: "no authenticator app can be enrolled",
    }
}

/// A device that was made, and that nobody has enabled yet.
#[derive(Debug)]
pub(crate) struct Created {
    pub(crate) serial_number: String,
    pub(crate) seed: Seed,
}

/// Makes a virtual device, by a single request: a second one after an answer that was lost would find the name taken, by
/// a device whose seed nobody has heard.
pub(crate) async fn create_virtual_mfa_device(
    iam: &Client,
    name: &DeviceName,
    tags: &[(String, String)],
) -> Result<Created, Trouble> {
    let malformed = |what: &str| Trouble::new(CALL.operation, GapReason::Malformed, what);
    let tags: Result<Vec<_>, _> = tags
        .iter()
        .map(|(key, value)| Tag::builder().key(key).value(value).build())
        .collect();
    let tags = tags.map_err(|error| {
        Trouble::new(CALL.operation, GapReason::Failed, format!("a tag cannot be sent: {error}"))
    })?;
    let asked = iam
        .create_virtual_mfa_device()
        .virtual_mfa_device_name(&name.name)
        .path(&name.path)
        // Without the permission to tag, a request with an empty list is refused like one with tags.
        .set_tags(Some(tags).filter(|it| !it.is_empty()));
    let once = Config::builder().retry_config(RetryConfig::disabled());
    let answer = asked.customize().config_override(once).send().await;
    let answer = answer.map_err(|error| Trouble::from_sdk(CALL.operation, &error))?;
    let device = answer
        .virtual_mfa_device
        .ok_or_else(|| malformed("the answer holds no device"))?;
    // The SDK has undone the transport's base64; what is left is the base32 text itself.
    let seed = device
        .base32_string_seed
        .and_then(|it| Seed::read(it.into_inner()))
        .ok_or_else(|| {
            let serial = &device.serial_number;
            malformed(&format!("the answer holds no seed for {serial}"))
        })?;
    Ok(Created {
        serial_number: device.serial_number,
        seed,
    })
}
