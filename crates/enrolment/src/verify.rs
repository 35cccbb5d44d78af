//! Proves that AWS has a device that was just enabled, patient with how long its answers take to agree.

use std::time::Duration;

use aws::Trouble;
use aws_sdk_iam::Client;
use model::MfaDevice;

use crate::calls::list_mfa_devices::list_mfa_devices;

/// How often the list is asked for, and how long it is waited between: half a minute in all. AWS was seen to list a new
/// device at once.
const LOOKS: u32 = 15;
const BETWEEN: Duration = Duration::from_secs(2);

/// What the list said in the end.
#[derive(Debug)]
pub(crate) enum Verified {
    /// The device is in it.
    Listed(MfaDevice),
    /// The device never was in it.
    NotListed,
    /// There was no list.
    Unseen(Trouble),
}

/// Looks for the device in the list of the user's devices until it is there.
pub(crate) async fn verify(iam: &Client, user: &str, serial_number: &str) -> Verified {
    let mut unseen = None;
    for look in 0..LOOKS {
        if look > 0 {
            tokio::time::sleep(BETWEEN).await;
        }
        match list_mfa_devices(iam, user).await {
            Ok(devices) => {
                unseen = None;
                let found = devices
                    .into_iter()
                    .find(|it| &*it.serial_number == serial_number);
                if let Some(device) = found {
                    return Verified::Listed(device);
                }
            }
            // What is denied stays denied.
            Err(trouble) if trouble.reason == model::GapReason::AccessDenied => {
                return Verified::Unseen(trouble);
            }
            Err(trouble) => unseen = Some(trouble),
        }
    }
    unseen.map_or(Verified::NotListed, Verified::Unseen)
}
