//! Profiles: that the chosen one exists, and the MFA code it may demand, which the SDK's own chain does not ask for.

use std::time::SystemTime;

use aws_config::profile::{self, ProfileFileCredentialsProvider, ProfileSet};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_runtime::env_config::file::EnvConfigFiles;

use crate::{ConnectError, ConnectOptions, Connection, Trouble};

/// Asks a person for the current code of the MFA device with the given serial number.
pub type CodePrompt = Box<dyn Fn(&str) -> std::io::Result<String> + Send + Sync>;

/// How long the credentials last: the longest that a role not configured otherwise allows.
const DURATION_SECONDS: i32 = 3600;

/// Returns the connection with the credentials of the chosen profile's role, if that profile demands an MFA code.
pub(crate) async fn with_code(
    connection: Connection,
    options: ConnectOptions,
) -> Result<Connection, ConnectError> {
    let (env, fs) = Default::default();
    let profiles = profile::load(
        &fs,
        &env,
        &EnvConfigFiles::default(),
        options.profile.clone().map(Into::into),
    )
    .await;
    // Files that cannot be read are the credential chain's to report.
    let Ok(profiles) = profiles else {
        return Ok(connection);
    };
    let chosen = profiles.selected_profile();
    if chosen != "default" && profiles.get_profile(chosen).is_none() {
        // The chain would go on to other sources, and fail with a message about the last of them.
        let mut known: Vec<_> = profiles.profiles().map(str::to_owned).collect();
        known.sort();
        return Err(ConnectError::UnknownProfile {
            profile: chosen.to_owned(),
            known,
        });
    }
    let Some(wanted) = wanted(&profiles) else {
        return Ok(connection);
    };
    let Some(prompt) = options.code_prompt else {
        return Err(ConnectError::NeedsTerminal(wanted.profile));
    };
    let failed = |why: String| ConnectError::Profile {
        profile: wanted.profile.clone(),
        why,
    };
    let code =
        prompt(&wanted.mfa_serial).map_err(|it| failed(format!("no code was read: {it}")))?;
    let code = code.trim();
    if code.len() != 6 || !code.bytes().all(|it| it.is_ascii_digit()) {
        return Err(failed("the code must be six digits".to_owned()));
    }
    let source = ProfileFileCredentialsProvider::builder()
        .profile_name(&wanted.source_profile)
        .build();
    let connection = connection.with_credentials(SharedCredentialsProvider::new(source));
    let answer = connection
        .sts()
        .assume_role()
        .role_arn(&wanted.role_arn)
        .role_session_name(wanted.session_name.as_deref().unwrap_or("mfaudit"))
        .set_external_id(wanted.external_id.clone())
        .duration_seconds(DURATION_SECONDS)
        .serial_number(&wanted.mfa_serial)
        .token_code(code)
        .send()
        .await
        .map_err(|error| failed(Trouble::from_sdk("AssumeRole", &error).detail))?;
    let it = answer
        .credentials
        .ok_or_else(|| failed("the answer holds no credentials".to_owned()))?;
    let expiry = SystemTime::try_from(it.expiration).ok();
    let (id, secret, token) = (it.access_key_id, it.secret_access_key, it.session_token);
    let credentials = Credentials::new(id, secret, Some(token), expiry, "MfaProfile");
    Ok(connection.with_credentials(SharedCredentialsProvider::new(credentials)))
}

struct Wanted {
    profile: String,
    role_arn: String,
    mfa_serial: String,
    source_profile: String,
    external_id: Option<String>,
    session_name: Option<String>,
}

fn wanted(profiles: &ProfileSet) -> Option<Wanted> {
    let name = profiles.selected_profile();
    let own = |key: &str| profiles.get(key).map(str::to_owned);
    Some(Wanted {
        profile: name.to_owned(),
        mfa_serial: own("mfa_serial")?,
        role_arn: own("role_arn")?,
        source_profile: own("source_profile").unwrap_or_else(|| name.to_owned()),
        external_id: own("external_id"),
        session_name: own("role_session_name"),
    })
}
