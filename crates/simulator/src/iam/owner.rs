//! Whose credentials a call is about: a user's, or the root user's.

use crate::authorize::Resource;
use crate::call::Call;
use crate::error::ApiError;
use crate::world::{AccessKey, Account, Device, Password, ROOT, Timestamp, User};
use crate::xml::Xml;

/// Who has passwords, keys, certificates and devices.
#[derive(Clone, Copy)]
pub(super) enum Owner<'a> {
    User(&'a Account, &'a User),
    Root(&'a Account),
}

impl<'a> Owner<'a> {
    /// Returns whom a call is about, once the call is authorized.
    ///
    /// Without `UserName` this is whoever calls, which works for users and for root sessions only.
    pub(super) fn authorized(call: &Call<'a>) -> Result<Self, ApiError> {
        let account = call.own_account()?;
        let Some(name) = call.text("UserName").or(call.principal.user_name()) else {
            if call.principal.is_assumed_root() {
                call.authorize(&Resource::arn(call.iam_arn("root")))?;
                return Ok(Self::Root(account));
            }
            return Err(must_name_user());
        };
        let directory = call.index.directory(&account.id);
        let user = directory.and_then(|it| it.user(account, name));
        // Policies match a user by ARN, with its path; messages name it like this.
        let arn = user.map_or_else(
            || call.iam_arn(&format!("user/{name}")),
            |it| it.arn_in(call.world.partition, &account.id),
        );
        call.authorize(&Resource {
            arn,
            shown: format!("user {name}"),
        })?;
        let missing =
            || ApiError::no_such_entity(format!("The user with name {name} cannot be found."));
        user.map(|it| Self::User(account, it)).ok_or_else(missing)
    }

    /// Returns the password.
    pub(super) fn password(self) -> Option<&'a Password> {
        match self {
            Self::User(_, user) => user.password.as_ref(),
            Self::Root(account) => account.root.password.as_ref(),
        }
    }

    /// Returns the access keys.
    pub(super) fn access_keys(self) -> &'a [AccessKey] {
        match self {
            Self::User(_, user) => &user.access_keys,
            Self::Root(account) => &account.root.access_keys,
        }
    }

    /// Returns the id of the access key at a place among the owner's.
    pub(super) fn access_key_id(self, place: usize, key: &AccessKey) -> String {
        match self {
            Self::User(account, user) => key.id(&account.id, &user.name, place),
            Self::Root(account) => key.id(&account.id, ROOT, place),
        }
    }

    /// Returns how many signing certificates there are.
    pub(super) fn signing_certificates(self) -> u32 {
        match self {
            Self::User(_, user) => user.signing_certificates,
            Self::Root(account) => account.root.signing_certificates,
        }
    }

    /// Returns the MFA devices.
    pub(super) fn devices(self) -> &'a [Device] {
        match self {
            Self::User(_, user) => &user.mfa,
            Self::Root(account) => &account.root.mfa,
        }
    }

    /// Returns the serial number of one of the owner's devices.
    pub(super) fn serial(self, call: &Call, device: &Device) -> String {
        let partition = call.world.partition;
        match self {
            Self::User(account, user) => device.user_serial(partition, &account.id, &user.name),
            Self::Root(account) => device.root_serial(partition, &account.id),
        }
    }

    /// Tells whether one of the owner's devices has this serial number.
    pub(super) fn has(self, call: &Call, serial: &str) -> bool {
        let mut devices = self.devices().iter();
        devices.any(|it| self.serial(call, it) == serial)
    }

    /// Returns when the owner was created.
    pub(super) fn created(self) -> Timestamp {
        match self {
            Self::User(_, user) => user.created,
            Self::Root(account) => account.root.created,
        }
    }

    /// Returns the id of the owner's account.
    pub(super) fn account(self) -> &'a str {
        match self {
            Self::User(account, _) | Self::Root(account) => &account.id,
        }
    }

    /// Returns the name, or what is unique in the account in its place.
    pub(super) fn label(self) -> &'a str {
        self.name().unwrap_or(ROOT)
    }

    /// Returns the user's name; the root user has none.
    pub(super) fn name(self) -> Option<&'a str> {
        match self {
            Self::User(_, user) => Some(&user.name),
            Self::Root(_) => None,
        }
    }

    /// Writes the name, which AWS leaves out where it is about the root user.
    pub(super) fn write_name(self, xml: &mut Xml) {
        xml.optional("UserName", self.name());
    }
}

/// Returns the error for a call without a user's name, by someone who is no user.
pub(super) fn must_name_user() -> ApiError {
    ApiError::validation("Must specify userName when calling with non-User credentials")
}
