//! IAM's operations that create and delete virtual MFA devices.

use data_encoding::BASE64;

use crate::authorize::Resource;
use crate::call::Call;
use crate::error::ApiError;
use crate::iam::input::{Checks, DEVICE_NAME, SERIAL};
use crate::random;
use crate::reply::Output;
use crate::world::{DevicePlace, UnassignedDevice};
use crate::xml::Xml;

/// How many characters a seed has, which are forty bytes in Base32.
const SEED_LENGTH: usize = 64;

/// A picture of one pixel, in Base64: there is no QR code in it.
const PNG: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsT3fJQAAAABJRU5ErkJggg==";

pub(super) fn create_virtual_mfa_device(call: &Call) -> Result<Output, ApiError> {
    let mut checks = Checks::of(call);
    let path = checks.path();
    let name = checks.required("VirtualMFADeviceName", &DEVICE_NAME);
    checks.done()?;
    let tags = tags(call)?;
    let (account, partition) = (call.own_account()?, call.world.partition);
    let serial = call.iam_arn(&format!("mfa{path}{name}"));
    call.authorize(&Resource::arn(serial.as_str()))?;
    if account.find_device(partition, &serial).is_some() {
        let message = "MFA device already exists.";
        return Err(ApiError::new("EntityAlreadyExists", 409, message));
    }
    // The number is of this device alone, so that none has the seed of another, not even of one with its name.
    let number = call.state.number().to_string();
    let world = call.world.seed.to_string();
    let seed = random::code(&["authenticator", &world, &number], SEED_LENGTH);
    let device = UnassignedDevice {
        name: name.to_owned(),
        path: path.to_owned(),
        seed: Some(seed.as_str().into()),
    };
    call.changes.ask(&account.id, move |account| {
        account.unassigned_devices.push(device);
    });
    call.state.authenticators.forget(&serial);
    let mut xml = Xml::default();
    xml.element("VirtualMFADevice", |xml| {
        xml.text("SerialNumber", serial);
        xml.text("Base32StringSeed", BASE64.encode(seed.as_bytes()));
        xml.text("QRCodePNG", PNG);
        if !tags.is_empty() {
            xml.element("Tags", |xml| {
                for (key, value) in tags {
                    xml.element("member", |xml| {
                        xml.text("Key", key).text("Value", value);
                    });
                }
            });
        }
    });
    Ok(Output::Xml(xml))
}

pub(super) fn delete_virtual_mfa_device(call: &Call) -> Result<Output, ApiError> {
    let mut checks = Checks::of(call);
    let serial = checks.required("SerialNumber", &SERIAL);
    checks.done()?;
    let (account, partition) = (call.own_account()?, call.world.partition);
    call.authorize(&Resource::arn(serial))?;
    match account.find_device(partition, serial) {
        Some(DevicePlace::Unassigned(place)) => {
            call.changes.ask(&account.id, move |account| {
                account.unassigned_devices.remove(place);
            });
            call.state.authenticators.forget(serial);
            Ok(Output::Done)
        }
        Some(DevicePlace::Root(_) | DevicePlace::User(..)) if serial.contains(":mfa/") => {
            let message = "MFA VirtualDevice in use. Must deactivate first.";
            Err(ApiError::new("DeleteConflict", 409, message))
        }
        Some(DevicePlace::Root(_) | DevicePlace::User(..) | DevicePlace::Token(_)) | None => {
            Err(missing(serial))
        }
    }
}

/// Returns the error for a serial number that is no virtual device's.
pub(super) fn missing(serial: &str) -> ApiError {
    let message = format!("VirtualMFADevice with serial number {serial} does not exist.");
    ApiError::no_such_entity(message)
}

/// Returns the tags in the call, which are shown and not kept.
fn tags<'a>(call: &Call<'a>) -> Result<Vec<(&'a str, &'a str)>, ApiError> {
    let member = |number: usize, part: &str| call.text(&format!("Tags.member.{number}.{part}"));
    let tags: Vec<_> = (1..)
        .map_while(|it| Some((member(it, "Key")?, member(it, "Value").unwrap_or_default())))
        .collect();
    if tags.len() > 50 {
        let message = "1 validation error detected: Value at 'tags' failed to satisfy constraint: \
                       Member must have length less than or equal to 50";
        return Err(ApiError::validation(message));
    }
    Ok(tags)
}
