//! `mfaudit-enroll resync`: tells AWS how far a device's clock is off.

use model::{MfaDevice, MfaDeviceKind};
use program::{
    CliError, Environment, Kind,
    output::{print, say},
};

use super::connect;
use crate::{
    args::Resync,
    calls::{list_mfa_devices::list_mfa_devices, resync_mfa_device::resync_mfa_device},
    code_entry::CodeEntry,
    console, mfa_session, refusal,
    who::{Caller, Target},
};

pub(super) async fn run(arguments: &Resync, environment: &Environment) -> Result<(), CliError> {
    let mut codes = CodeEntry::of(arguments.codes.as_deref())?;
    let connection = connect(&arguments.connection, environment).await?;
    let mut caller = Caller::ask(&connection).await?;
    let session = mfa_session::of_arguments(&connection, &mut caller, &arguments.target).await?;
    let iam = connection.iam(&session);
    let target = Target::find(&caller, &iam, arguments.target.user.as_deref()).await?;
    let serial = if let Some(serial) = &arguments.serial {
        serial.clone()
    } else {
        let devices = list_mfa_devices(&iam, &target.user).await;
        only_one(&target, &devices.map_err(|it| refusal::explain(&it))?)?
    };
    if MfaDeviceKind::of(&serial) == MfaDeviceKind::Fido {
        let error = format!("{serial} is a passkey or security key, which has no clock");
        return Err(CliError::new(Kind::Usage, error).hint(format!(
            "if it does not work, enrol it anew {}",
            console::passkey_steps(&caller, &target)
        )));
    }
    if codes.can_ask_again() {
        say(&format!(
            "Give two codes that {serial} shows one after the other."
        ));
    }
    loop {
        let (pair, _) = codes.next(&connection, None).await?;
        let Err(trouble) = resync_mfa_device(&iam, &target.user, &serial, &pair).await else {
            return print(&format!(
                "AWS knows how far the clock of {serial} is off: its codes of {} count again.\n",
                target.user
            ));
        };
        let error = refusal::explain(&trouble);
        if trouble.code != "InvalidAuthenticationCode" || !codes.can_ask_again() {
            return Err(error);
        }
        say(&format!("AWS did not take the codes: {error}."));
        say("Wait for a code that you did not use yet, and give it with the very next one.");
    }
}

/// Returns the only device of the user that shows codes.
fn only_one(target: &Target, devices: &[MfaDevice]) -> Result<String, CliError> {
    let serials: Vec<_> = devices
        .iter()
        .filter(|it| it.kind.shows_codes())
        .map(|it| &*it.serial_number)
        .collect();
    let user = &target.user;
    match serials.as_slice() {
        [only] => Ok((*only).to_owned()),
        [] => Err(CliError::new(
            Kind::Failed,
            format!("{user} has no device that shows codes"),
        )
        .hint("enrol one: mfaudit enroll")),
        several => {
            let error = format!("{user} has several devices that show codes");
            Err(CliError::new(Kind::Usage, error)
                .hint(format!("say which with --serial: {}", several.join(", "))))
        }
    }
}
