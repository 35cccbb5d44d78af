//! What the serial numbers of the command line are serial numbers of.

use model::MfaDeviceKind;
use program::{CliError, Kind};

use crate::args::Enroll;

/// Refuses serial numbers that are of another kind of device than the option's.
pub(super) fn check_serials(arguments: &Enroll) -> Result<(), CliError> {
    let device = &arguments.device;
    let usage = |error: String, hint: &str| Err(CliError::new(Kind::Usage, error).hint(hint));
    if let Some(serial) = &device.hardware {
        match MfaDeviceKind::of(serial) {
            MfaDeviceKind::HardwareTotp | MfaDeviceKind::Fido => {}
            MfaDeviceKind::VirtualTotp => {
                return usage(
                    format!("{serial} is a virtual device, no hardware token"),
                    "name it with --serial",
                );
            }
            MfaDeviceKind::Sms | MfaDeviceKind::Unrecognized => {
                return usage(
                    format!("`{serial}` is no serial number of a hardware token"),
                    "it is printed on the token, such as GAHT12345678",
                );
            }
        }
    }
    match device.serial.as_deref() {
        Some(serial)
            if !matches!(
                MfaDeviceKind::of(serial),
                MfaDeviceKind::VirtualTotp | MfaDeviceKind::Fido
            ) =>
        {
            usage(
                format!("`{serial}` is no ARN of a virtual device"),
                "its form is arn:aws:iam::111122223333:mfa/NAME; a hardware token is named with --hardware",
            )
        }
        _ => Ok(()),
    }
}

/// Tells whether the device that is named is a passkey.
pub(super) fn is_passkey(arguments: &Enroll) -> bool {
    let named = [&arguments.device.serial, &arguments.device.hardware];
    let mut named = named.into_iter().flatten();
    named.any(|it| MfaDeviceKind::of(it) == MfaDeviceKind::Fido)
}
