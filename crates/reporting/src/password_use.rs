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
    /// Never used, and so many days old; as old as the user, where nothing tells when it was set.
    UnusedFor(i64),
    /// Never used, and of unknown age.
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
                // An old user's new password was not unused for as long as the user is old.
                let created = user.created_at.known().copied();
                let set = user.password_last_changed.known().copied().flatten();
                created
                    .max(set)
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

#[cfg(test)]
mod tests {
    use model::{
        Arn, Dataset, Fact, Gap, GapReason, IamUser, LastUse, Observation, Partition, Record,
        Source, Timestamp,
    };

    use super::PasswordUse;
    use crate::{duration::DAY, sample};

    /// An IAM user whose password was never used; the user, and perhaps the password, so many days old.
    fn never_used(created: i64, set: Option<i64>, now: Timestamp) -> IamUser {
        let ago = |days: i64| {
            let now = now.seconds_since(Timestamp::from_epoch_seconds(0).unwrap());
            Timestamp::from_epoch_seconds(now - days * DAY).unwrap()
        };
        let mut record = Record::unseen(sample::mixed().records[0].account.clone(), |it| {
            Gap::new(it, GapReason::NotRequested)
        });
        let gap = record.missing(Gap::new(Dataset::IamUsers, GapReason::AccessDenied));
        let seen = record.observed(Observation {
            source: Source::GetCredentialReport,
            at: Some(now),
        });
        let account = record.account.id.clone();
        let arn = Arn::iam_user(&Partition::commercial(), &account, "ana");
        IamUser {
            created_at: Fact::Known(ago(created), seen),
            password_last_used: Fact::Known(LastUse::NeverRecorded, seen),
            password_last_changed: set
                .map_or(Fact::Unknown(gap), |it| Fact::Known(Some(ago(it)), seen)),
            ..IamUser::unseen("ana", arn, gap)
        }
    }

    #[test]
    fn a_new_password_of_an_old_user_is_not_idle() {
        let now: Timestamp = "2026-11-24T09:00:00Z".parse().unwrap();
        for (set, days) in [(None, 900), (Some(1), 1), (Some(200), 200)] {
            let user = never_used(900, set, now);
            let told = PasswordUse::of(&user, Some(now));
            assert_eq!(told, PasswordUse::UnusedFor(days));
        }
    }
}
