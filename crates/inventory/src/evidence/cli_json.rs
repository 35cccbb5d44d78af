//! The JSON that the AWS command line prints, as far as it is read.

use std::collections::BTreeMap;

use model::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::authorization::{SavedGroup, SavedPolicy, SavedRole, SavedUser};

/// One answer of the AWS command line. Its one key that matters tells which.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct CliAnswer {
    /// Of `get-credential-report`: base64, or plain CSV in older saves.
    pub(super) content: Option<String>,
    /// Of `get-credential-report`.
    pub(super) generated_time: Option<Time>,
    /// Of `get-account-summary`.
    pub(super) summary_map: Option<BTreeMap<String, Value>>,
    /// Of `list-users`.
    pub(super) users: Option<Vec<User>>,
    /// Of `list-mfa-devices`.
    #[serde(rename = "MFADevices")]
    pub(super) mfa_devices: Option<Vec<Device>>,
    /// Of `list-virtual-mfa-devices`.
    #[serde(rename = "VirtualMFADevices")]
    pub(super) virtual_mfa_devices: Option<Vec<Device>>,
    /// Of `get-account-authorization-details`, like the next three.
    pub(super) user_detail_list: Option<Vec<SavedUser>>,
    pub(super) group_detail_list: Option<Vec<SavedGroup>>,
    pub(super) role_detail_list: Option<Vec<SavedRole>>,
    /// Answers of other operations have it too.
    pub(super) policies: Option<Vec<SavedPolicy>>,
    /// True if the list goes on.
    pub(super) is_truncated: Option<bool>,
    /// There if the list goes on.
    pub(super) marker: Option<String>,
    /// There if the list was cut by `--max-items`.
    pub(super) next_token: Option<String>,
}

impl CliAnswer {
    /// Tells whether the list goes on in another file.
    pub(super) fn goes_on(&self) -> bool {
        self.is_truncated == Some(true) || self.marker.is_some() || self.next_token.is_some()
    }
}

/// A user of `list-users`, or the owner of a virtual device. The root user has neither name nor path.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct User {
    #[serde(default, rename = "UserName")]
    pub(super) name: String,
    #[serde(default)]
    pub(super) arn: String,
    pub(super) create_date: Option<Time>,
    pub(super) password_last_used: Option<Time>,
}

/// A device of `list-mfa-devices` or `list-virtual-mfa-devices`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Device {
    pub(super) user_name: Option<String>,
    pub(super) serial_number: String,
    pub(super) enable_date: Option<Time>,
    pub(super) user: Option<User>,
}

/// A time: ISO 8601 from version 2 of the command line, seconds since 1970 from some settings of version 1.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Value")]
pub(super) struct Time(pub(super) Timestamp);

impl TryFrom<Value> for Time {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, Self::Error> {
        let text = match &value {
            Value::String(text) => {
                return text
                    .parse()
                    .map(Self)
                    .map_err(|it: model::InvalidTimestamp| it.to_string());
            }
            // Seconds may come with a fraction, which is less than this model tells apart.
            Value::Number(number) => number.to_string(),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
        };
        let seconds = text.split('.').next().and_then(|it| it.parse().ok());
        let time = seconds.and_then(Timestamp::from_epoch_seconds);
        time.map(Self)
            .ok_or_else(|| format!("`{text}` is not a point in time"))
    }
}
