//! IAM's operations that give a user an MFA device, take it away, and set its clock.

use crate::authenticate::Mfa;
use crate::call::Call;
use crate::error::ApiError;
use crate::iam::input::{CODE, Checks, SERIAL, USER_NAME};
use crate::iam::owner::Owner;
use crate::iam::virtual_devices::missing;
use crate::reply::Output;
use crate::world::{DevicePlace, Seed, Timestamp};

/// How many devices a user can have.
const MOST_DEVICES: usize = 8;

pub(super) fn enable_mfa_device(call: &Call) -> Result<Output, ApiError> {
    let (serial, pair) = read(call)?;
    let owner = Owner::authorized(call)?;
    require_mfa(call, owner)?;
    let (account, partition) = (call.own_account()?, call.world.partition);
    let name = owner.name().unwrap_or_default();
    let exists = |message: String| Err(ApiError::new("EntityAlreadyExists", 409, message));
    let place = match account.find_device(partition, serial) {
        Some(DevicePlace::User(..) | DevicePlace::Root(_)) if owner.has(call, serial) => {
            return exists(format!("MFA Device for user {name} already exists."));
        }
        Some(DevicePlace::User(..) | DevicePlace::Root(_)) => {
            return exists("MFA Device is already in use.".into());
        }
        Some(place @ (DevicePlace::Unassigned(_) | DevicePlace::Token(_))) => place,
        None if serial.starts_with("arn:") => return Err(missing(serial)),
        None => {
            let message = format!("MFA Device with serial number {serial} does not exist.");
            return Err(ApiError::no_such_entity(message));
        }
    };
    if owner.devices().len() >= MOST_DEVICES {
        let message = format!("Cannot exceed quota for MFADevicesPerUser: {MOST_DEVICES}");
        return Err(ApiError::new("LimitExceeded", 409, message));
    }
    synchronize(call, serial, account.seed(place), pair)?;
    call.state.authenticators.bind(serial, call.server_time());
    let enabled = Timestamp::from_second(call.state.clock.now());
    let (serial, name) = (serial.to_owned(), name.to_owned());
    call.changes.ask(&account.id, move |account| {
        account.enable_device(partition, &serial, &name, enabled);
    });
    Ok(Output::Done)
}

/// Sets the clock of a device of the user's. AWS asks for no MFA here.
pub(super) fn resync_mfa_device(call: &Call) -> Result<Output, ApiError> {
    let (serial, pair) = read(call)?;
    let owner = Owner::authorized(call)?;
    let mut devices = owner.devices().iter();
    let device = devices.find(|it| owner.serial(call, it) == serial);
    let device = device.ok_or_else(invalid)?;
    let seed = device.seed.as_ref().filter(|_| device.shows_codes());
    synchronize(call, serial, seed, pair)?;
    Ok(Output::Done)
}

pub(super) fn deactivate_mfa_device(call: &Call) -> Result<Output, ApiError> {
    let mut checks = Checks::of(call);
    checks.optional("UserName", &USER_NAME);
    let serial = checks.required("SerialNumber", &SERIAL);
    checks.done()?;
    let owner = Owner::authorized(call)?;
    require_mfa(call, owner)?;
    if !owner.has(call, serial) {
        return Err(invalid());
    }
    let (partition, serial) = (call.world.partition, serial.to_owned());
    call.state.authenticators.unbind(&serial);
    call.changes.ask(owner.account(), move |account| {
        account.deactivate_device(partition, &serial);
    });
    Ok(Output::Done)
}

/// Returns the serial number and the pair of codes, once the input is as it has to be.
fn read<'a>(call: &'a Call<'a>) -> Result<(&'a str, (u32, u32)), ApiError> {
    let mut checks = Checks::of(call);
    checks.required("UserName", &USER_NAME);
    let serial = checks.required("SerialNumber", &SERIAL);
    let codes = ["AuthenticationCode1", "AuthenticationCode2"];
    let [first, second] = codes.map(|it| checks.required(it, &CODE).parse().unwrap_or_default());
    checks.done()?;
    Ok((serial, (first, second)))
}

fn synchronize(
    call: &Call,
    serial: &str,
    seed: Option<&Seed>,
    pair: (u32, u32),
) -> Result<(), ApiError> {
    let known = &call.state.authenticators;
    if known.synchronize(serial, seed.map(Seed::reveal), pair, call.server_time()) {
        return Ok(());
    }
    let message = "Authentication code for device is not valid.";
    Err(ApiError::new("InvalidAuthenticationCode", 403, message))
}

/// Refuses to let users who have a device add or remove their own with credentials that tell of no MFA. No policy can
/// allow it, and AWS says so before it looks at the device.
fn require_mfa(call: &Call, owner: Owner) -> Result<(), ApiError> {
    let (Some((_, asking)), Owner::User(_, user)) =
        (call.principal.user(call.world, call.index), owner)
    else {
        return Ok(());
    };
    let shown = matches!(call.principal.mfa(call.server_time()), Mfa::Present(_));
    if !std::ptr::eq(asking, user) || user.mfa.is_empty() || shown {
        return Ok(());
    }
    let message = "To complete this action, please ensure that you are authenticated with an MFA device that is enabled \
                   for this user.";
    Err(call.service.denied(message))
}

fn invalid() -> ApiError {
    ApiError::no_such_entity("MFA Device invalid for user.")
}
