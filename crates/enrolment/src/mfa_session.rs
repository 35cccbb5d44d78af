//! A session with MFA, which AWS demands of whoever has a device and adds or removes another of their own.

use aws::{Connection, Session, Trouble};
use model::{MfaDevice, MfaDeviceKind};
use program::{CliError, Kind, environment::can_ask, output::say};

use crate::{
    args,
    ask::ask,
    calls::get_session_token::get_session_token,
    codes::Code,
    refusal,
    who::{Caller, MfaContext, Relation, Target},
};

/// Opens a session with the device and the code that the arguments name, or returns the caller's own.
pub(crate) async fn of_arguments(
    connection: &Connection,
    caller: &mut Caller,
    arguments: &args::Target,
) -> Result<Session, CliError> {
    match (&arguments.mfa_serial, &arguments.mfa_code) {
        (Some(serial), Some(code)) => open(connection, caller, serial, code).await,
        _ => Ok(Session::own(&caller.account)),
    }
}

/// Opens a session where the target's devices show that AWS will demand one: by asking, or not at all.
pub(crate) async fn if_demanded(
    connection: &Connection,
    caller: &mut Caller,
    target: &Target,
    devices: &[MfaDevice],
) -> Result<Option<Session>, CliError> {
    let demanded =
        target.relation == Relation::Own && caller.mfa == MfaContext::Absent && !devices.is_empty();
    if !demanded {
        return Ok(None);
    }
    let Some(device) = devices.iter().find(|it| it.kind.shows_codes()) else {
        let error = format!(
            "{} has an MFA device, so AWS adds another only in a session that was opened with MFA, and none of the devices shows codes",
            target.user
        );
        return Err(CliError::new(Kind::Failed, error).hint(
            "add the device at the console, signed in with the passkey, or let an administrator enrol it with --user",
        ));
    };
    let serial = &device.serial_number;
    if !can_ask() {
        let error = format!(
            "{} has an MFA device, so AWS adds another only in a session that was opened with MFA",
            target.user
        );
        return Err(CliError::new(Kind::Failed, error).hint(format!(
            "add --mfa-serial {serial} --mfa-code CODE with the code that it shows now"
        )));
    }
    say(&format!(
        "{} has an MFA device, so AWS adds another only in a session that was opened with MFA.",
        target.user
    ));
    let question = format!("The code that {serial} shows now: ");
    loop {
        let answer = ask(&question).await.map_err(|_| no_code())?;
        match answer.parse::<Code>() {
            Ok(code) => return open(connection, caller, serial, &code).await.map(Some),
            Err(error) => say(&format!("That is no code: {error}.")),
        }
    }
}

fn no_code() -> CliError {
    CliError::new(
        Kind::Failed,
        "no code was given for the session; nothing was changed",
    )
}

async fn open(
    connection: &Connection,
    caller: &mut Caller,
    serial: &str,
    code: &Code,
) -> Result<Session, CliError> {
    let opened = get_session_token(connection, &caller.account, serial, code).await;
    match opened {
        Ok(session) => {
            caller.mfa = MfaContext::Present;
            Ok(session)
        }
        Err(trouble) => Err(refused(&trouble, serial)),
    }
}

fn refused(trouble: &Trouble, serial: &str) -> CliError {
    if MfaDeviceKind::of(serial) == MfaDeviceKind::Fido {
        return refusal::explain_with(
            trouble,
            "a passkey or security key opens no session by API: name a device that shows codes, or use the console",
        );
    }
    refusal::explain(trouble)
}
