//! IAM's operations on MFA devices.

use crate::authorize::Resource;
use crate::call::Call;
use crate::error::ApiError;
use crate::iam::owner::Owner;
use crate::iam::write_page;
use crate::world::{Account, Device, DeviceKind, UnassignedDevice, User};
use crate::xml::Xml;

pub(super) fn list_mfa_devices(call: &Call) -> Result<Xml, ApiError> {
    let owner = Owner::authorized(call)?;
    write_page(call, "MFADevices", owner.devices(), |xml, device| {
        owner.write_name(xml);
        xml.text("SerialNumber", owner.serial(call, device));
        xml.text("EnableDate", device.enabled);
    })
}

pub(super) fn list_virtual_mfa_devices(call: &Call) -> Result<Xml, ApiError> {
    let account = call.own_account()?;
    call.authorize(&Resource::arn(call.iam_arn("mfa/")))?;
    let (assigned, unassigned) = match call.text("AssignmentStatus").unwrap_or("Any") {
        "Any" => (true, true),
        "Assigned" => (true, false),
        "Unassigned" => (false, true),
        other => {
            let set = "satisfy enum value set: [Any, Unassigned, Assigned]";
            return Err(ApiError::constraint(other, "assignmentStatus", set));
        }
    };
    let mut devices = Vec::new();
    if assigned {
        let is_virtual = |it: &&Device| it.kind == DeviceKind::Virtual;
        devices.extend(account.root.mfa.iter().filter(is_virtual).map(Entry::Root));
        for user in &account.users {
            devices.extend(
                user.mfa
                    .iter()
                    .filter(is_virtual)
                    .map(|it| Entry::User(user, it)),
            );
        }
    }
    if unassigned {
        devices.extend(account.unassigned_devices.iter().map(Entry::Nobody));
    }
    write_page(call, "VirtualMFADevices", &devices, |xml, device| {
        write_virtual(xml, call, account, device);
    })
}

pub(super) fn get_mfa_device(call: &Call) -> Result<Xml, ApiError> {
    let account = call.own_account()?;
    let name = call.text("UserName");
    let arn = call.iam_arn(&format!("user/{}", name.unwrap_or("*")));
    call.authorize(&Resource {
        arn,
        shown: name.map_or("*".into(), |it| format!("user {it}")),
    })?;
    let Some(serial) = call.text("SerialNumber") else {
        let message = "1 validation error detected: Value null at 'serialNumber' failed to satisfy constraint: \
                       Member must not be null";
        return Err(ApiError::validation(message));
    };
    if !serial.contains(":u2f/") {
        let message = "The MFA device type is not supported. Currently, only hardware FIDO security keys are supported.";
        return Err(ApiError::validation(message));
    }
    let users = match name {
        Some(name) => {
            let directory = call.index.directory(&account.id);
            let missing =
                || ApiError::no_such_entity(format!("The user with name {name} cannot be found."));
            let user = directory.and_then(|it| it.user(account, name));
            std::slice::from_ref(user.ok_or_else(missing)?)
        }
        None => account.users.as_slice(),
    };
    let mut devices = users
        .iter()
        .flat_map(|user| user.mfa.iter().map(move |it| (user, it)))
        .filter(|(user, it)| may_have(serial, user, it));
    let Some((user, device)) = devices
        .find(|(user, it)| it.user_serial(call.world.partition, &account.id, &user.name) == serial)
    else {
        return Err(ApiError::no_such_entity(format!(
            "MFA device with serial number {serial} cannot be found."
        )));
    };
    let mut xml = Xml::default();
    xml.text("UserName", &user.name)
        .text("SerialNumber", serial)
        .text("EnableDate", device.enabled);
    xml.element("Certifications", |xml| {
        for (key, value) in &device.certifications {
            xml.element("entry", |xml| {
                xml.text("key", key).text("value", value);
            });
        }
    });
    Ok(xml)
}

/// Tells without making a serial number whether a device may have this one, which is a FIDO device's.
fn may_have(serial: &str, user: &User, device: &Device) -> bool {
    if device.serial.is_empty() {
        device.kind == DeviceKind::Fido && serial.contains(&user.name)
    } else {
        device.serial == serial
    }
}

/// A virtual device and who has enabled it.
enum Entry<'a> {
    Root(&'a Device),
    User(&'a User, &'a Device),
    Nobody(&'a UnassignedDevice),
}

fn write_virtual(xml: &mut Xml, call: &Call, account: &Account, entry: &Entry) {
    let (partition, id) = (call.world.partition, &account.id);
    match entry {
        Entry::Nobody(device) => {
            xml.text("SerialNumber", device.serial(partition, id));
        }
        // The root user has neither a name nor a path.
        Entry::Root(device) => {
            xml.text("SerialNumber", device.root_serial(partition, id))
                .text("EnableDate", device.enabled);
            xml.element("User", |xml| {
                xml.text("UserId", id).text("Arn", call.iam_arn("root"));
                xml.text("CreateDate", account.root.created);
            });
        }
        Entry::User(user, device) => {
            xml.text(
                "SerialNumber",
                device.user_serial(partition, id, &user.name),
            )
            .text("EnableDate", device.enabled);
            xml.element("User", |xml| {
                xml.text("Path", &user.path)
                    .text("UserName", &user.name)
                    .text("UserId", user.id(id));
                xml.text("Arn", user.arn_in(partition, id))
                    .text("CreateDate", user.created);
            });
        }
    }
}
