//! How facts are spread: the age of evidence, and the kinds of MFA device.

use std::collections::BTreeMap;

use model::{Listing, MfaDevice, MfaDeviceKind, MfaStatus, Record, Timestamp};
use rules::Finding;

use crate::{
    duration::DAY,
    summary::{Principals, is_verdict},
};

/// The ages of evidence that are told apart: each is younger than so many seconds, and has this name.
const AGES: [(i64, &str); 6] = [
    (3_600, "under 1 hour"),
    (4 * 3_600, "1 to 4 hours"),
    (DAY, "4 to 24 hours"),
    (7 * DAY, "1 to 7 days"),
    (30 * DAY, "7 to 30 days"),
    (i64::MAX, "over 30 days"),
];

/// How facts are spread: the age of evidence, and the kinds of MFA device.
#[derive(Debug, Default)]
pub(crate) struct Spread {
    /// The verdicts by how old the oldest of their evidence is.
    ages: [u64; AGES.len()],
    /// Those whose evidence tells no time, though it rests on an answer.
    pub(crate) untimed: u64,
    /// The MFA devices that were seen, by kind: of root users, and of IAM users.
    pub(crate) devices: BTreeMap<MfaDeviceKind, Principals>,
    /// The principals with MFA whose devices were not all seen.
    pub(crate) unlisted: Principals,
}

impl Spread {
    pub(crate) fn add(&mut self, record: &Record, findings: &[Finding], now: Option<Timestamp>) {
        for finding in findings.iter().filter(|it| is_verdict(it.status)) {
            match finding.evidence_time.zip(now) {
                Some((then, now)) => self.add_age(now.seconds_since(then)),
                None if finding.sources.is_empty() => {}
                None => self.untimed += 1,
            }
        }
        let root = &record.root_user;
        let root_users: fn(&mut Principals) -> &mut u64 = |it| &mut it.root_users;
        self.add_devices(root.mfa.known().copied(), &root.mfa_devices, root_users);
        for user in &record.iam_users.items {
            self.add_devices(user.mfa.known().copied(), &user.mfa_devices, |it| {
                &mut it.iam_users
            });
        }
    }

    /// Returns the names of the ages, the youngest first, each with how many verdicts have it.
    pub(crate) fn ages(&self) -> impl Iterator<Item = (&'static str, u64)> {
        AGES.iter().map(|(_, name)| *name).zip(self.ages)
    }

    fn add_age(&mut self, seconds: i64) {
        let ages = AGES.iter().zip(&mut self.ages);
        let of_age = ages.into_iter().find(|((least, _), _)| seconds < *least);
        if let Some((_, count)) = of_age {
            *count += 1;
        }
    }

    fn add_devices(
        &mut self,
        status: Option<MfaStatus>,
        devices: &Listing<MfaDevice>,
        count: fn(&mut Principals) -> &mut u64,
    ) {
        for device in &devices.items {
            *count(self.devices.entry(device.kind).or_default()) += 1;
        }
        if status == Some(MfaStatus::Enabled) && devices.gap.is_some() {
            *count(&mut self.unlisted) += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use model::{MfaDevice, MfaDeviceKind};

    use super::Spread;
    use crate::sample;

    #[test]
    fn every_age_is_counted_once() {
        let mut spread = Spread::default();
        for seconds in [-5, 0, 3_599, 3_600, 86_400, 700_000, i64::MAX - 1] {
            spread.add_age(seconds);
        }
        let counts: Vec<_> = spread.ages().map(|(_, count)| count).collect();
        assert_eq!(counts, [3, 1, 0, 1, 1, 1]);
    }

    #[test]
    fn devices_are_counted_by_kind_and_those_not_seen_apart() {
        let mut sample = sample::mixed();
        let record = &mut sample.records[1];
        let user = &mut record.iam_users.items[0];
        let device = MfaDevice::new("GAHT12345678", None);
        user.mfa_devices.items = vec![device];
        user.mfa_devices.gap = None;
        let mut spread = Spread::default();
        spread.add(record, &[], None);
        assert_eq!(spread.devices[&MfaDeviceKind::HardwareTotp].iam_users, 1);
        // `eve` has MFA, and nobody asked which device.
        assert_eq!(spread.unlisted.iam_users, 1);
    }
}
