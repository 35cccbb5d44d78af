//! `GetSessionToken`: temporary credentials of a user, who may show an MFA device for them.

use crate::authenticators::Rejection;
use crate::authorize::Resource;
use crate::call::Call;
use crate::error::ApiError;
use crate::session::{Identity, Session};
use crate::sts::input::{check_text, read_duration};
use crate::sts::open_session;
use crate::world::Seed;
use crate::xml::Xml;

pub(super) fn get_session_token(call: &Call) -> Result<Xml, ApiError> {
    let principal = call.principal;
    let long_term = principal.key.filter(|_| principal.session.is_none());
    let key = long_term.filter(|_| principal.user_name().is_some());
    let Some(key) = key else {
        let message = "Cannot call GetSessionToken with session credentials";
        return Err(call.service.denied(message));
    };
    let duration = read_duration(call, (900, 129_600), 43_200)?;
    let (serial, code) = (call.text("SerialNumber"), call.text("TokenCode"));
    if let Some(serial) = serial {
        let (signs, pattern) = ("_+=/:,.@-", r"[\w+=/:,.@-]*");
        check_text("serialNumber", serial, (9, 256), signs, pattern)?;
    }
    if let Some(code) = code {
        if !code.chars().all(|it| it.is_ascii_digit()) {
            let constraint = r"satisfy regular expression pattern: [\d]*";
            return Err(ApiError::constraint(code, "tokenCode", constraint));
        }
        check_text("tokenCode", code, (6, 6), "", r"[\d]*")?;
    }
    call.authorize_unless_denied(&Resource::any())?;
    let mfa = match (serial, code) {
        (None, None) => None,
        (Some(serial), Some(code)) => {
            show_device(call, serial, code)?;
            Some(call.server_time())
        }
        (Some(_), None) | (None, Some(_)) => {
            let message = "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code. ";
            return Err(call.service.denied(message));
        }
    };
    let mut xml = Xml::default();
    open_session(call, &mut xml, duration, |token, expiration| Session {
        account: principal.account.clone(),
        arn: principal.arn.clone(),
        identity: Identity::User { key, mfa },
        token,
        expiration,
        policy: None,
    });
    Ok(xml)
}

/// Checks the code of a device, which has to be the user's and one that shows codes.
fn show_device(call: &Call, serial: &str, code: &str) -> Result<(), ApiError> {
    let unavailable = || {
        let message = "MultiFactorAuthentication failed, unable to validate MFA code.  \
                       Please verify your MFA serial number is valid and associated with this user.";
        call.service.denied(message)
    };
    let user = call.principal.user(call.world, call.index);
    let (account, user) = user.ok_or_else(unavailable)?;
    let partition = call.world.partition;
    let mut devices = user.mfa.iter().filter(|it| it.shows_codes());
    let device = devices
        .find(|it| it.user_serial(partition, &account.id, &user.name) == serial)
        .ok_or_else(unavailable)?;
    let (seed, code) = (device.seed.as_ref(), code.parse().unwrap_or_default());
    let (now, delay) = (call.server_time(), call.world.propagation_delay_seconds);
    let known = &call.state.authenticators;
    match known.authenticate(serial, seed.map(Seed::reveal), code, now, delay) {
        Ok(()) => Ok(()),
        Err(Rejection::Unavailable) => Err(unavailable()),
        Err(Rejection::Wrong) => {
            let message = "MultiFactorAuthentication failed with invalid MFA one time pass code. ";
            Err(call.service.denied(message))
        }
    }
}
