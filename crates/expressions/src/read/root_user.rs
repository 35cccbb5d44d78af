//! Reads what expressions may say of a root user.

use cel::Value;
use model::{ConsolePassword, Dataset, Fact, GapId, LastUse, MfaStatus, Presence, RootUser};

use super::Reading;
use crate::needs::Needs;

impl Reading<'_> {
    /// Reads a root user.
    pub(super) fn root_user(&mut self, root: &RootUser, needs: &Needs) -> Value {
        self.object(needs, |it, name, needs| match name {
            "account" => it.account_of(needs),
            "has_password" => it.truth(&root.password, &ConsolePassword::Set),
            "has_access_key" => it.truth(&root.access_key, &Presence::Present),
            "has_signing_certificate" => it.truth(&root.signing_certificate, &Presence::Present),
            "password_was_used" => it.was_used(&root.password_last_used),
            "password_idle_days" => it.idle_days(&root.password_last_used),
            "access_key_was_used" => it.was_used(&root.access_key_last_used),
            "access_key_idle_days" => it.idle_days(&root.access_key_last_used),
            "has_mfa" => it.truth(&root.mfa, &MfaStatus::Enabled),
            "has_virtual_mfa_device" => it.truth(&root.virtual_mfa_device, &Presence::Present),
            "mfa_devices" => it.devices(&root.mfa_devices, Dataset::RootMfaDevices, needs),
            _ => it.unread(),
        })
    }

    fn was_used(&mut self, used: &Fact<LastUse>) -> Value {
        self.fact(used, |_, it| Value::Bool(matches!(it, LastUse::At(_))))
    }

    /// What was never used has been idle for no number of days.
    fn idle_days(&mut self, used: &Fact<LastUse>) -> Value {
        self.fact(used, |it, used| match used {
            LastUse::At(at) => it.days(Dataset::RootUse, *at),
            LastUse::NeverRecorded => it.unknown(GapId::undefined(Dataset::RootUse)),
        })
    }
}
