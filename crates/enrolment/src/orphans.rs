//! Virtual devices that nobody has enabled: what failed enrolments leave.

use aws_sdk_iam::Client;
use program::{environment::can_ask, output};

use crate::{
    ask::confirm,
    calls::list_virtual_mfa_devices::{Assignment, VirtualDevice},
    device_name::is_usual,
    pending::{Discarded, deleting, discard},
};

/// Returns the devices that nobody has enabled and that bear a name this program gives to devices of `user`.
pub(crate) fn of_user<'a>(user: &str, devices: &'a [VirtualDevice]) -> Vec<&'a str> {
    let left = devices
        .iter()
        .filter(|it| it.assignment == Assignment::Unassigned);
    let serials = left.map(|it| it.serial_number.as_str());
    serials.filter(|it| is_usual(user, it)).collect()
}

/// Offers to delete what earlier enrolments of a user left, and returns the devices that are still there.
pub(crate) async fn offer(
    iam: &Client,
    user: &str,
    mut devices: Vec<VirtualDevice>,
) -> Vec<VirtualDevice> {
    let left: Vec<String> = of_user(user, &devices)
        .into_iter()
        .map(str::to_owned)
        .collect();
    for serial in left {
        output::say(&format!(
            "An earlier enrolment left {serial}: nobody has enabled it."
        ));
        if !can_ask() {
            output::say(&format!(
                "Nobody can be asked here. If no other enrolment of {user} runs now, delete it:\n  {}",
                deleting(&serial)
            ));
        } else if confirm("Delete it? (Not if another enrolment of yours runs now.)").await
            && discard(iam, &serial).await == Discarded::Deleted
        {
            devices.retain(|it| it.serial_number != serial);
        }
    }
    devices
}

#[cfg(test)]
mod tests {
    use super::of_user;
    use crate::calls::list_virtual_mfa_devices::{Assignment, VirtualDevice};

    #[test]
    fn only_unassigned_devices_with_the_users_usual_names_are_left_over() {
        let device = |name: &str, assignment| VirtualDevice {
            serial_number: format!("arn:aws:iam::111122223333:mfa/{name}"),
            assignment,
        };
        let devices = [
            device("alice", Assignment::Assigned),
            device("alice-2", Assignment::Unassigned),
            device("alicia", Assignment::Unassigned),
            device("alice-phone", Assignment::Unassigned),
        ];
        assert_eq!(
            of_user("alice", &devices),
            ["arn:aws:iam::111122223333:mfa/alice-2"]
        );
    }
}
