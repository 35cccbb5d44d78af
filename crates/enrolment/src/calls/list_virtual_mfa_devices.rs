use aws::{Resource, Service, Site, Trouble, api_call};
use aws_sdk_iam::{Client, types::AssignmentStatusType};

api_call! {
    /// Lists virtual devices: which names are taken, and which devices nobody enabled.
    {
        service: Service::Iam,
        operation: "ListVirtualMFADevices",
        actions: &["iam:ListVirtualMFADevices"],
        site: Site::Enrolment,
        resource: Resource::Any,
        feeds: &[],
        without: "what a failed enrolment left is not found, and a name that is taken is found when the device is made",
    }
}

/// A virtual device and whether somebody has enabled it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct VirtualDevice {
    pub(crate) serial_number: String,
    pub(crate) assignment: Assignment,
}

/// Whether somebody has enabled a device.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Assignment {
    Assigned,
    Unassigned,
}

/// Returns the virtual devices of the account, in AWS's order.
pub(crate) async fn list_virtual_mfa_devices(iam: &Client) -> Result<Vec<VirtualDevice>, Trouble> {
    let mut devices = list(iam, Assignment::Unassigned).await?;
    devices.extend(list(iam, Assignment::Assigned).await?);
    Ok(devices)
}

/// Returns the virtual devices that nobody has enabled.
///
/// They are asked for as such, since what a list that names no user leaves out is no proof that nobody has the device.
pub(crate) async fn unassigned(iam: &Client) -> Result<Vec<String>, Trouble> {
    let devices = list(iam, Assignment::Unassigned).await?;
    Ok(devices.into_iter().map(|it| it.serial_number).collect())
}

async fn list(iam: &Client, assignment: Assignment) -> Result<Vec<VirtualDevice>, Trouble> {
    let status = match assignment {
        Assignment::Assigned => AssignmentStatusType::Assigned,
        Assignment::Unassigned => AssignmentStatusType::Unassigned,
    };
    let asked = iam.list_virtual_mfa_devices().assignment_status(status);
    let items: Result<Vec<_>, _> = asked.into_paginator().items().send().collect().await;
    let items = items.map_err(|error| Trouble::from_sdk(CALL.operation, &error))?;
    let device = |it: aws_sdk_iam::types::VirtualMfaDevice| VirtualDevice {
        serial_number: it.serial_number,
        assignment,
    };
    Ok(items.into_iter().map(device).collect())
}
