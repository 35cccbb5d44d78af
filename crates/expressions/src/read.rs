//! Reads the facts that an expression names.

mod account;
mod iam_user;
mod root_user;

use std::collections::HashMap;

use cel::{
    Value,
    objects::{Key, Map},
};
use model::{
    Dataset, Fact, GapId, IamUser, Listing, MfaDevice, MfaDeviceKind, Record, RootUser, Timestamp,
    snapshot::IdentityCenter,
};

use crate::{Step, SubjectKind, needs::Needs, types::MOST};

/// What an expression speaks of.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    /// An IAM user.
    IamUser(&'a IamUser),
    /// The account's root user.
    RootUser(&'a RootUser),
    /// The account.
    Account,
}

/// What is known beside the subject.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// Everything observed of the subject's account.
    pub record: &'a Record,
    /// When the run began; `None` if nothing tells.
    pub now: Option<Timestamp>,
    /// Whether the organization uses Identity Center.
    pub identity_center: IdentityCenter,
}

/// Returns what an expression needs of its subject, or the gap where a part of it should be.
pub(crate) fn read(
    subject: Subject<'_>,
    facts: &Facts<'_>,
    needs: &Needs,
    kind: SubjectKind,
    steps: &mut Vec<Step>,
) -> Result<Value, GapId> {
    let mut reading = Reading {
        facts,
        kind,
        gap: None,
        steps,
    };
    let value = match subject {
        Subject::IamUser(user) => reading.iam_user(user, needs),
        Subject::RootUser(root) => reading.root_user(root, needs),
        Subject::Account => reading.account(needs),
    };
    reading.gap.map_or(Ok(value), Err)
}

/// Reads facts, and keeps the first gap and what was read.
struct Reading<'a> {
    facts: &'a Facts<'a>,
    kind: SubjectKind,
    gap: Option<GapId>,
    steps: &'a mut Vec<Step>,
}

impl Reading<'_> {
    /// Returns a value that nobody reads, since there is a gap.
    fn unknown(&mut self, gap: GapId) -> Value {
        self.gap.get_or_insert(gap);
        Value::Null
    }

    /// Returns what stands for a field that is documented and not read, which tests exclude.
    fn unread(&mut self) -> Value {
        self.unknown(GapId::uncomputed(self.kind.dataset()))
    }

    fn fact<T>(&mut self, fact: &Fact<T>, value: impl FnOnce(&mut Self, &T) -> Value) -> Value {
        self.steps.push(Step::fact(fact));
        match fact {
            Fact::Known(known, _) => value(self, known),
            Fact::Unknown(gap) => self.unknown(*gap),
        }
    }

    fn truth<T: PartialEq>(&mut self, fact: &Fact<T>, truth: &T) -> Value {
        self.fact(fact, |_, it| Value::Bool(it == truth))
    }

    fn listing<T>(
        &mut self,
        listing: &Listing<T>,
        mut value: impl FnMut(&mut Self, &T) -> Value,
    ) -> Value {
        self.steps.push(Step::listing(listing));
        if let Some(gap) = listing.gap {
            return self.unknown(gap);
        }
        let items = listing.items.iter().map(|it| value(self, it));
        list(items.collect())
    }

    /// Returns the whole days since a moment; below zero if it is to come.
    fn days(&mut self, dataset: Dataset, moment: Timestamp) -> Value {
        self.steps.push(Step::Now(dataset));
        match self.facts.now {
            Some(now) => number(now.seconds_since(moment).div_euclid(24 * 60 * 60)),
            None => self.unknown(GapId::untimed(dataset)),
        }
    }

    fn object(
        &mut self,
        needs: &Needs,
        mut value: impl FnMut(&mut Self, &'static str, &Needs) -> Value,
    ) -> Value {
        let mut fields = HashMap::new();
        for (name, needs) in needs.fields() {
            fields.insert(name, value(self, name, needs));
        }
        object(fields)
    }

    fn devices(&mut self, devices: &Listing<MfaDevice>, dataset: Dataset, needs: &Needs) -> Value {
        self.listing(devices, |it, device| it.device(device, dataset, needs))
    }

    fn device(&mut self, device: &MfaDevice, dataset: Dataset, needs: &Needs) -> Value {
        self.object(needs, |it, name, _| match name {
            "serial_number" => text(&device.serial_number),
            "kind" => text(device_kind(device.kind)),
            "age_days" => match device.enabled_at {
                Some(moment) => it.days(dataset, moment),
                None => it.unknown(GapId::unsaid(dataset)),
            },
            _ => it.unread(),
        })
    }
}

const fn device_kind(kind: MfaDeviceKind) -> &'static str {
    match kind {
        MfaDeviceKind::Fido => "fido",
        MfaDeviceKind::HardwareTotp => "hardware-totp",
        MfaDeviceKind::Sms => "sms",
        MfaDeviceKind::VirtualTotp => "virtual-totp",
        MfaDeviceKind::Unrecognized => "unrecognized",
    }
}

pub(crate) fn text(it: &str) -> Value {
    Value::String(it.to_owned().into())
}

pub(crate) fn number(it: i64) -> Value {
    Value::Int(it.clamp(-MOST, MOST))
}

pub(crate) fn list(items: Vec<Value>) -> Value {
    Value::List(items.into())
}

pub(crate) fn object(fields: HashMap<&'static str, Value>) -> Value {
    let key = |name: &str| Key::String(name.to_owned().into());
    let map: HashMap<_, _> = fields
        .into_iter()
        .map(|(name, value)| (key(name), value))
        .collect();
    Value::Map(Map { map: map.into() })
}
