//! `mfaudit-enroll devices`: lists the MFA devices of a user.

use std::fmt::Write;

use aws_sdk_iam::Client;
use model::{MfaDevice, MfaDeviceKind, Timestamp};
use program::{CliError, Environment, output::print};

use super::connect;
use crate::{
    args::Devices,
    calls::{get_mfa_device::get_mfa_device, list_mfa_devices::list_mfa_devices},
    mfa_session, refusal,
    who::{Caller, Target},
};

pub(super) async fn run(arguments: &Devices, environment: &Environment) -> Result<(), CliError> {
    let now = environment.clock()?.now();
    let connection = connect(&arguments.connection, environment).await?;
    let mut caller = Caller::ask(&connection).await?;
    let session = mfa_session::of_arguments(&connection, &mut caller, &arguments.target).await?;
    let iam = connection.iam(&session);
    let target = Target::find(&caller, &iam, arguments.target.user.as_deref()).await?;
    let devices = list_mfa_devices(&iam, &target.user).await;
    let devices = devices.map_err(|it| refusal::explain(&it))?;
    if devices.is_empty() {
        return print(&format!(
            "{} has no MFA device. To enrol one: mfaudit enroll\n",
            target.user
        ));
    }
    let mut text = format!(
        "{:23}  {:20}  {:>8}  serial number\n",
        "kind", "enabled", "age"
    );
    for device in &devices {
        let certified = certifications(&iam, &target.user, device).await;
        let (enabled, age) = match device.enabled_at {
            Some(at) => (at.to_string(), age(at, now)),
            None => ("not told".to_owned(), String::new()),
        };
        let kind = device.kind.to_string();
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{kind:23}  {enabled:20}  {age:>8}  {}{certified}",
            device.serial_number
        );
    }
    print(&text)
}

/// Tells how a passkey is certified, behind its serial number.
async fn certifications(iam: &Client, user: &str, device: &MfaDevice) -> String {
    if device.kind != MfaDeviceKind::Fido {
        return String::new();
    }
    match get_mfa_device(iam, user, &device.serial_number).await {
        Ok(levels) if levels.is_empty() => "  (no certification is known)".to_owned(),
        Ok(levels) => {
            let levels = levels
                .iter()
                .map(|(scheme, level)| format!("{scheme} {level}"));
            format!("  ({})", levels.collect::<Vec<_>>().join(", "))
        }
        Err(trouble) => format!("  (certification not seen: {})", refusal::brief(&trouble)),
    }
}

fn age(since: Timestamp, now: Timestamp) -> String {
    let seconds = now.epoch_seconds() - since.epoch_seconds();
    match seconds {
        ..0 => "future".to_owned(),
        0..3600 => format!("{} min", seconds / 60),
        3600..86_400 => format!("{} h", seconds / 3600),
        _ => format!("{} d", seconds / 86_400),
    }
}
