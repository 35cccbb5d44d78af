//! Which accounts are a shard's.

use std::{fmt, str::FromStr};

use model::AccountId;
use sha2::{Digest, Sha256};

/// The most shards of a run. Each makes one call of its own, and keeps a part of AWS's limits.
pub(super) const MOST: u32 = 1000;

/// One of the shards of a run: `3/8` is the fourth of eight.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Shard {
    index: u32,
    count: u32,
}

/// A text, or a pair of numbers, is no shard.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{0}` is no shard: write I/N, I from 0 to N-1, N at most {MOST}")]
pub struct InvalidShard(String);

impl Shard {
    /// Returns shard `index` of `count`.
    ///
    /// # Errors
    ///
    /// Fails unless `index` is below `count`, and `count` is at most 1000.
    pub fn new(index: u32, count: u32) -> Result<Self, InvalidShard> {
        if index < count && count <= MOST {
            Ok(Self { index, count })
        } else {
            Err(InvalidShard(format!("{index}/{count}")))
        }
    }

    /// Returns every shard of a run of so many.
    pub fn all(count: u32) -> impl Iterator<Item = Self> {
        (0..count).map(move |index| Self { index, count })
    }

    /// Returns which one it is, from 0.
    pub const fn index(self) -> u32 {
        self.index
    }

    /// Returns how many there are.
    pub const fn count(self) -> u32 {
        self.count
    }

    /// Returns the shard that has an account, of so many: the first eight bytes of the SHA-256 of its twelve digits, as
    /// a big-endian number, modulo `count`. It depends on nothing else, and stays so.
    pub fn of(account: &AccountId, count: u32) -> u32 {
        let digest = Sha256::digest(account.as_str());
        let number = digest
            .iter()
            .take(8)
            .fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        u32::try_from(number % u64::from(count.max(1))).unwrap_or_default()
    }

    /// Tells whether an account is this shard's.
    pub fn has(self, account: &AccountId) -> bool {
        Self::of(account, self.count) == self.index
    }

    /// Returns the name of its snapshot in the run's folder.
    pub fn object(self) -> String {
        format!("shards/{}-of-{}.mfaudit", self.index, self.count)
    }
}

impl FromStr for Shard {
    type Err = InvalidShard;

    fn from_str(text: &str) -> Result<Self, InvalidShard> {
        let invalid = || InvalidShard(text.to_owned());
        let (index, count) = text.split_once('/').ok_or_else(invalid)?;
        let number = |it: &str| it.parse().map_err(|_| invalid());
        Self::new(number(index)?, number(count)?).map_err(|_| invalid())
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "shard {} of {}", self.index, self.count)
    }
}
