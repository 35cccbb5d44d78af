//! A device that was made and that nobody has enabled yet: what becomes of it when enrolling goes wrong.

use std::time::Duration;

use aws_sdk_iam::Client;
use program::output;

use crate::{calls::delete_virtual_mfa_device::delete_virtual_mfa_device, refusal};

/// How often deleting is tried again where AWS is busy with the device.
const TRIES: u32 = 3;

/// What became of a device.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Discarded {
    /// It is gone.
    Deleted,
    /// It was enabled in the end, so that AWS keeps it.
    Enabled,
    /// It is still there, and how to remove it was told.
    Left,
}

/// Deletes a device that nobody has enabled, and tells what became of it. AWS deletes none that somebody has.
pub(crate) async fn discard(iam: &Client, serial_number: &str) -> Discarded {
    let mut tries = 0;
    loop {
        tries += 1;
        let trouble = match delete_virtual_mfa_device(iam, serial_number).await {
            Ok(()) => {
                output::say(&format!("Deleted {serial_number}: nobody had enabled it."));
                return Discarded::Deleted;
            }
            Err(trouble) => trouble,
        };
        match trouble.code.as_str() {
            _ if refusal::is_busy(&trouble) && tries < TRIES => {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            "NoSuchEntity" => return Discarded::Deleted,
            "DeleteConflict" => {
                output::say(&format!(
                    "{serial_number} is enabled: AWS took the codes in the end."
                ));
                return Discarded::Enabled;
            }
            _ => {
                let why = refusal::brief(&trouble);
                output::say(&format!(
                    "{serial_number} could not be deleted ({why}), and nobody has enabled it. Whoever may delete it should run:\n  {}",
                    deleting(serial_number)
                ));
                return Discarded::Left;
            }
        }
    }
}

/// Returns the command that deletes a device.
pub(crate) fn deleting(serial_number: &str) -> String {
    format!("aws iam delete-virtual-mfa-device --serial-number '{serial_number}'")
}
