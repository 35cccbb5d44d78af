use aws::{Resource, Service, Site, Trouble, api_call};
use aws_sdk_iam::{Client, types::AssignmentStatusType};
use model::{Arn, Dataset, MfaDevice, Timestamp};

use super::{Page, Pages, distinct, pages};

api_call! {
    /// Lists the authenticator apps in use, of every user and of the root user, in one paged call; and those that belong
    /// to nobody, where a rule needs them.
    {
        service: Service::Iam,
        operation: "ListVirtualMFADevices",
        actions: &["iam:ListVirtualMFADevices"],
        site: Site::Member,
        resource: Resource::Any,
        feeds: &[
            Dataset::MfaStatus,
            Dataset::MfaDevices,
            Dataset::RootMfaDevices,
            Dataset::RootVirtualMfaDevices,
            Dataset::UnassignedVirtualMfaDevices,
        ],
        without: "every user with MFA is asked for its devices by itself, which gives the same answer; devices that belong to nobody, and root users' authenticator apps, are not seen",
    }
}

/// A virtual device that is assigned to someone.
#[derive(Clone, Debug)]
pub(crate) struct AssignedDevice {
    /// The ARN of the owner: the account's root user, or an IAM user. Never told from the device's name.
    pub(crate) owner: Arn,
    /// The device.
    pub(crate) device: MfaDevice,
}

/// A virtual device.
#[derive(Clone, Debug)]
pub(crate) enum VirtualDevice {
    /// It is somebody's.
    Assigned(AssignedDevice),
    /// It is nobody's; its serial number.
    Unassigned(Box<str>),
}

/// Which virtual devices are listed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Listed {
    /// Those that are somebody's.
    Assigned,
    /// All.
    Any,
}

/// Lists the virtual devices.
pub(crate) async fn list_virtual_mfa_devices(iam: &Client, listed: Listed) -> Pages<VirtualDevice> {
    let status = match listed {
        Listed::Assigned => AssignmentStatusType::Assigned,
        Listed::Any => AssignmentStatusType::Any,
    };
    let read = pages(CALL.operation, async |marker| {
        let request = iam.list_virtual_mfa_devices().assignment_status(status.clone());
        let answer = request.max_items(1000).set_marker(marker).send().await;
        let answer = answer.map_err(|error| Trouble::from_sdk(CALL.operation, &error))?;
        let mut items = Vec::with_capacity(answer.virtual_mfa_devices.len());
        for device in answer.virtual_mfa_devices {
            let Some(owner) = device.user else {
                items.push(VirtualDevice::Unassigned(device.serial_number.into()));
                continue;
            };
            // An owner that cannot be told is none of whom a rule could speak.
            let Ok(owner) = owner.arn.parse() else { continue };
            let enabled_at = device.enable_date.and_then(|it| Timestamp::from_epoch_seconds(it.secs()));
            let device = MfaDevice::new(&device.serial_number, enabled_at);
            items.push(VirtualDevice::Assigned(AssignedDevice { owner, device }));
        }
        Ok(Page { items, next: answer.marker.filter(|_| answer.is_truncated) })
    })
    .await;
    let id = |it: &VirtualDevice| match it {
        VirtualDevice::Assigned(it) => Some((Some(it.owner.clone()), it.device.serial_number.clone())),
        VirtualDevice::Unassigned(it) => Some((None, it.clone())),
    };
    Pages { items: distinct(read.items, id), trouble: read.trouble }
}
