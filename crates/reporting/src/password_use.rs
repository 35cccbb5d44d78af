//! Whether a console password is in use, which decides between enrolling a device and deleting the password.

use model::{IamUser, LastUse, Timestamp};

use crate::duration::DAY;

/// The days without a sign-in after which a password counts as idle.
pub(crate) const IDLE_AFTER_DAYS: i64 = 90;

/// What is known of the use of a console password.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum PasswordUse {
    /// Last used so many days ago.
    Used(i64),
    /// Never used, by a user created so many days ago.
    UnusedFor(i64),
    /// Never used, by a user of unknown age.
    NeverUsed,
    /// Nothing tells.
    Unknown,
}

/// The users of one rule by the use of their passwords.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PasswordUses {
    pub(crate) idle: u64,
    pub(crate) in_use: u64,
    pub(crate) never_used: u64,
    pub(crate) unknown: u64,
}

impl PasswordUse {
    /// Returns what `user` tells at `now`.
    pub(crate) fn of(user: &IamUser, now: Option<Timestamp>) -> Self {
        let days = |since: Timestamp| now.map(|it| (it.seconds_since(since) / DAY).max(0));
        match user.password_last_used.known() {
            Some(LastUse::At(time)) => days(*time).map_or(Self::Unknown, Self::Used),
            Some(LastUse::NeverRecorded) => {
                let created = user.created_at.known().copied();
                created
                    .and_then(days)
                    .map_or(Self::NeverUsed, Self::UnusedFor)
            }
            None => Self::Unknown,
        }
    }

    /// Returns the days without a sign-in, if they are known.
    pub(crate) const fn unused_days(self) -> Option<i64> {
        match self {
            Self::Used(days) | Self::UnusedFor(days) => Some(days),
            Self::NeverUsed | Self::Unknown => None,
        }
    }
}

/// Tells whether a password that was not used for so many days is to be deleted, and no device to be enrolled.
pub(crate) const fn is_idle(days: i64) -> bool {
    days > IDLE_AFTER_DAYS
}

impl PasswordUses {
    /// Counts one user.
    pub(crate) const fn add(&mut self, it: PasswordUse) {
        let count = match it {
            PasswordUse::Used(days) if is_idle(days) => &mut self.idle,
            PasswordUse::Used(_) => &mut self.in_use,
            PasswordUse::UnusedFor(days) if is_idle(days) => &mut self.idle,
            PasswordUse::UnusedFor(_) | PasswordUse::NeverUsed => &mut self.never_used,
            PasswordUse::Unknown => &mut self.unknown,
        };
        *count += 1;
    }
}
