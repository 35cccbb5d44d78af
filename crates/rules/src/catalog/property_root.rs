//! Rules about root users, accounts and the organization, against an independent statement of each.

mod truth;

use model::{AccountKind, Fact, FeatureState, LastUse, MfaDeviceKind, Partition, Presence, Record};
use proptest::prelude::*;

use self::truth::{APP, DAY, Truth, truth};
use super::CATALOG;
use crate::{
    Status,
    example::{RootFacts, SEEN, example, judged, root_user},
};

impl Truth {
    /// The independent statement.
    fn expected(&self, rule: &str) -> Status {
        use Status::{Fail, Indeterminate, NotApplicable, Pass};
        let known = |it: Option<bool>, yes: Status, no: Status| match it {
            None => Indeterminate,
            Some(true) => yes,
            Some(false) => no,
        };
        let on_mfa = |and_then: &dyn Fn() -> Status| {
            self.without_need(self.absent_passes)
                .unwrap_or_else(|| match self.mfa {
                    None => Indeterminate,
                    Some(false) => NotApplicable,
                    Some(true) => and_then(),
                })
        };
        match rule {
            "root-user-mfa" => self
                .without_need(self.absent_passes)
                .unwrap_or_else(|| known(self.mfa, Pass, Fail)),
            "root-user-hardware-mfa" => on_mfa(&|| {
                let soft = [MfaDeviceKind::VirtualTotp, MfaDeviceKind::Sms];
                if self.kinds().iter().any(|it| soft.contains(it)) {
                    Fail
                } else {
                    known(self.app, Fail, Pass)
                }
            }),
            "root-user-phishing-resistant-mfa" => on_mfa(&|| {
                let kinds = self.kinds();
                let fido = kinds
                    .iter()
                    .filter(|it| **it == MfaDeviceKind::Fido)
                    .count();
                let others = kinds.len() - fido;
                let whole = self.devices.1;
                if self.strict && others > 0 {
                    Fail
                } else if fido > 0 && (whole || !self.strict) {
                    Pass
                } else if whole {
                    Fail
                } else {
                    Indeterminate
                }
            }),
            "root-user-backup-mfa" => {
                self.without_need(false)
                    .unwrap_or(match (self.devices.0.len(), self.devices.1) {
                        (2.., _) => Pass,
                        (_, false) => Indeterminate,
                        (1, true) => Fail,
                        (0, true) => NotApplicable,
                    })
            }
            "root-user-access-key" => known(self.key, Fail, Pass),
            "root-user-signing-certificate" => known(self.certificate, Fail, Pass),
            "root-user-recent-use" => {
                let uses = [self.password_used, self.key_used];
                let limit = i64::from(self.recent_days) * DAY;
                let recent = uses.iter().flatten().flatten().any(|ago| *ago < limit);
                if recent {
                    Fail
                } else if uses.contains(&None) {
                    Indeterminate
                } else {
                    Pass
                }
            }
            "root-user-credentials-removed" => match (self.kind, self.features) {
                (AccountKind::Management | AccountKind::Standalone, _) | (_, Some((false, _))) => {
                    NotApplicable
                }
                (_, None) => Indeterminate,
                (AccountKind::Member, Some(_)) => known(self.credentials(), Fail, Pass),
                (AccountKind::Unstated, Some(_)) => known(self.credentials(), Indeterminate, Pass),
            },
            "organization-root-credentials-management" | "organization-root-sessions" => {
                let of = |it: (bool, bool)| {
                    if rule.ends_with("sessions") {
                        it.1
                    } else {
                        it.0
                    }
                };
                if self.kind == AccountKind::Standalone {
                    NotApplicable
                } else {
                    known(self.features.map(of), Pass, Fail)
                }
            }
            "account-password-policy" => self.password_policy(),
            "account-unassigned-virtual-mfa" => match self.unassigned {
                (1.., _) => Fail,
                (0, true) => Pass,
                (0, false) => Indeterminate,
            },
            other => panic!("{other} has no independent statement"),
        }
    }

    fn password_policy(&self) -> Status {
        use Status::{Fail, Indeterminate, NotApplicable, Pass};

        let (users, whole) = &self.users;
        if !users.contains(&Some(true)) {
            return if users.contains(&None) || !whole {
                Indeterminate
            } else {
                NotApplicable
            };
        }
        match self.policy {
            None => Indeterminate,
            Some(None) => Fail,
            Some(Some((length, reuse, age))) => {
                let fresh = self.max_age_days == 0 || matches!(age, Some(1..=90));
                let good = length >= 14 && reuse == Some(24) && fresh;
                if good { Pass } else { Fail }
            }
        }
    }
}

fn rules() -> impl Iterator<Item = &'static crate::Rule> {
    let here = ["root-user-", "organization-", "account-"];
    CATALOG
        .iter()
        .copied()
        .filter(move |rule| here.iter().any(|it| rule.id.starts_with(it)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn every_rule_says_what_an_independent_statement_says(truth in truth()) {
        let example = truth.example();
        for rule in rules() {
            let is_of_organization = matches!(rule.check, crate::Check::Organization(_));
            let judges = matches!(truth.kind, AccountKind::Management | AccountKind::Standalone);
            // A member has no finding of a rule about the organization.
            if is_of_organization && !judges {
                continue;
            }
            prop_assert_eq!(judged(&example, rule), truth.expected(rule.id), "{}", rule.id);
        }
    }

    /// Whatever more was not seen, a verdict stands or there is none.
    #[test]
    fn seeing_less_never_decides(truth in truth(), hidden in any::<u16>()) {
        let mut less = truth.clone();
        let hides = |bit: u16| hidden & (1 << bit) != 0;
        for (bit, it) in [&mut less.password, &mut less.key, &mut less.certificate, &mut less.mfa].into_iter().enumerate() {
            if hides(u16::try_from(bit).unwrap()) {
                *it = None;
            }
        }
        if hides(4) { less.password_used = None; }
        if hides(5) { less.key_used = None; }
        if hides(6) { less.features = None; }
        if hides(7) { less.users.1 = false; }
        if hides(8) { less.users.0.iter_mut().for_each(|it| *it = None); }
        if hides(9) { less.policy = None; }
        if hides(10) { less.unassigned = (0, false); }
        if hides(11) { less.devices = (Vec::new(), false); }
        // Two witnesses of authenticator apps agree: collection makes one of the other.
        let apps = truth.kinds().iter().any(|it| matches!(it, MfaDeviceKind::VirtualTotp | MfaDeviceKind::Sms));
        let mut truth = truth;
        truth.app = truth.app.map(|it| it || apps);
        less.app = if hides(12) { None } else { truth.app };
        for rule in rules() {
            if matches!(rule.check, crate::Check::Organization(_)) && !matches!(truth.kind, AccountKind::Management | AccountKind::Standalone) {
                continue;
            }
            let (before, after) = (judged(&truth.example(), rule), judged(&less.example(), rule));
            prop_assert!(after == before || after == Status::Indeterminate, "{}: {before} became {after}", rule.id);
        }
    }
}

fn status(rule: &str, record: Record) -> Status {
    let rule = CATALOG.iter().find(|it| it.id == rule).unwrap();
    judged(&example("named", record, Status::Pass), rule)
}

#[test]
fn a_root_user_of_govcloud_needs_no_mfa_unless_it_has_a_key() {
    let of = |access_key| {
        let facts = RootFacts {
            password: true,
            access_key,
            ..RootFacts::default()
        };
        let mut record = root_user(facts);
        record.account.partition = Partition::new("aws-us-gov");
        record
    };
    assert_eq!(status("root-user-mfa", of(false)), Status::NotApplicable);
    assert_eq!(status("root-user-mfa", of(true)), Status::Fail);
    assert_eq!(status("root-user-access-key", of(true)), Status::Fail);
}

#[test]
fn a_root_user_with_only_a_certificate_has_credentials() {
    let record = root_user(RootFacts {
        certificate: true,
        ..RootFacts::default()
    });
    assert_eq!(status("root-user-mfa", record.clone()), Status::Fail);
    assert_eq!(
        status("root-user-signing-certificate", record.clone()),
        Status::Fail
    );
    let member = crate::example::features(
        record,
        AccountKind::Member,
        FeatureState::Enabled,
        FeatureState::Enabled,
    );
    assert_eq!(
        status("root-user-credentials-removed", member),
        Status::Fail
    );
}

#[test]
fn a_root_device_with_a_name_of_its_own_is_an_authenticator_app() {
    let facts = RootFacts {
        password: true,
        mfa: true,
        ..RootFacts::default()
    };
    let mut record = crate::example::root_devices(root_user(facts), &[APP]);
    record.root_user.virtual_mfa_device = Fact::Known(Presence::Present, SEEN);
    assert_eq!(
        status("root-user-hardware-mfa", record.clone()),
        Status::Fail
    );
    assert_eq!(
        status("root-user-phishing-resistant-mfa", record),
        Status::Fail
    );
}

#[test]
fn no_information_of_a_root_user_s_use_means_never() {
    let mut record = root_user(RootFacts {
        password: true,
        ..RootFacts::default()
    });
    record.root_user.password_last_used = Fact::Known(LastUse::NeverRecorded, SEEN);
    record.root_user.access_key_last_used = Fact::Known(LastUse::NeverRecorded, SEEN);
    assert_eq!(status("root-user-recent-use", record), Status::Pass);
}
