//! From codes to a device that is enabled: as often as it takes, and as AWS allows.

use std::time::Duration;

use aws::{Connection, Trouble};
use aws_sdk_iam::Client;
use program::{CliError, output::say};

use crate::{
    calls::{enable_mfa_device::enable_mfa_device, list_mfa_devices::list_mfa_devices},
    code_entry::{CodeEntry, Knowledge},
    codes::Pair,
    refusal,
    seed::Seed,
};

/// How often the same is asked where AWS is busy.
pub(super) const BUSY_TRIES: u32 = 4;
pub(super) const BUSY_WAIT: Duration = Duration::from_secs(2);

/// The device that is to be enabled, and for whom.
pub(super) struct Binding<'a> {
    pub(super) connection: &'a Connection,
    pub(super) iam: &'a Client,
    pub(super) user: &'a str,
    pub(super) serial_number: &'a str,
    pub(super) seed: Option<&'a Seed>,
}

impl Binding<'_> {
    /// Enables the device, and returns what is known of its codes.
    pub(super) async fn enable(&self, codes: &mut CodeEntry) -> Result<Knowledge, CliError> {
        loop {
            let (pair, knowledge) = codes.next(self.connection, self.seed).await?;
            let Err(trouble) = self.send(&pair).await else {
                return Ok(knowledge);
            };
            if self.was_enabled_all_the_same(&trouble).await {
                return Ok(knowledge);
            }
            let error = match knowledge.explanation() {
                Some(why) if trouble.code == "InvalidAuthenticationCode" => {
                    refusal::explain_with(&trouble, why)
                }
                _ => refusal::explain(&trouble),
            };
            if trouble.code != "InvalidAuthenticationCode" || !codes.can_ask_again() {
                return Err(error);
            }
            say(&format!("AWS did not take the codes: {error}."));
            let why = knowledge.explanation();
            say(why.as_deref().map_or(
                "Wait for a code that you did not use yet, and give it with the very next one. The device stays; Ctrl-C removes it.".to_owned(),
                |it| format!("Most likely {it}."),
            ).as_str());
        }
    }

    async fn send(&self, pair: &Pair) -> Result<(), Trouble> {
        let mut tries = 0;
        loop {
            tries += 1;
            let sent = enable_mfa_device(self.iam, self.user, self.serial_number, pair).await;
            match sent {
                Err(trouble) if refusal::is_busy(&trouble) && tries < BUSY_TRIES => {
                    tokio::time::sleep(BUSY_WAIT).await;
                }
                other => return other,
            }
        }
    }

    /// Tells whether the device is enabled although the answer says otherwise or never came: an answer that is lost
    /// on its way makes the SDK ask again, and the second one is that the device is enabled already.
    async fn was_enabled_all_the_same(&self, trouble: &Trouble) -> bool {
        let doubtful = trouble.code.is_empty() || trouble.code == "EntityAlreadyExists";
        if !doubtful {
            return false;
        }
        let devices = list_mfa_devices(self.iam, self.user).await;
        devices.is_ok_and(|it| it.iter().any(|it| &*it.serial_number == self.serial_number))
    }
}
