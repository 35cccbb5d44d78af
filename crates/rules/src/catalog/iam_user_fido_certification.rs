use model::{Dataset, IamUser, MfaDeviceKind};

use crate::{Check, Context, Judgement, Setting, SettingKind, SettingValue, Severity, Verdict, rule::rule};

/// Settings of `iam-user-fido-certification`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Settings {
    /// The least level of certification.
    pub min_level: Level,
    /// Whether a certification under FIPS 140 is asked for.
    pub fips: Fips,
}

/// A level of the FIDO Alliance's certification.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub enum Level {
    /// Level 1.
    #[default]
    L1,
    /// Level 2.
    L2,
    /// Level 3.
    L3,
}

impl Level {
    const ALL: [Self; 3] = [Self::L1, Self::L2, Self::L3];
    const NAMES: &[&str] = &["L1", "L2", "L3"];

    const fn name(self) -> &'static str {
        match self {
            Self::L1 => "L1",
            Self::L2 => "L2",
            Self::L3 => "L3",
        }
    }
}

/// Whether a certification under FIPS 140 is asked for.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Fips {
    /// It is not.
    #[default]
    NotRequired,
    /// It is.
    Required,
}

static SETTINGS: &[Setting] = &[
    Setting {
        key: "min-level",
        about: "the least level of certification by the FIDO Alliance",
        kind: SettingKind::Choice(Level::NAMES),
        get: |it| SettingValue::Choice(it.iam_user_fido_certification.min_level.name()),
        set: |it, value| {
            let SettingValue::Choice(name) = value else { return };
            if let Some(level) = Level::ALL.into_iter().find(|it| it.name() == name) {
                it.iam_user_fido_certification.min_level = level;
            }
        },
    },
    Setting {
        key: "require-fips",
        about: "whether a certification under FIPS 140 is asked for",
        kind: SettingKind::Switch,
        get: |it| SettingValue::Switch(it.iam_user_fido_certification.fips == Fips::Required),
        set: |it, value| match value {
            SettingValue::Switch(true) => it.iam_user_fido_certification.fips = Fips::Required,
            SettingValue::Switch(false) => it.iam_user_fido_certification.fips = Fips::NotRequired,
            SettingValue::Number(_) | SettingValue::Choice(_) | SettingValue::Actions(_) => {}
        },
    },
];

rule! {
    /// ## What it checks
    /// Every passkey and security key of an IAM user is certified by the FIDO Alliance at the level asked for (`min-level`,
    /// L1) and, with `require-fips`, under FIPS 140. A user without such a device is not applicable.
    ///
    /// ## Why it matters
    /// Some organizations may rely on certified authenticators alone. That a device has no entry says that nobody vouches
    /// for it: synced passkeys and many security keys have none.
    ///
    /// ## How to fix it
    /// Give the user a certified security key, and remove the device. A policy can demand it at enrolment: the condition
    /// keys `iam:FIDO-certification` and `iam:FIDO-FIPS-140-2-certification` of `iam:EnableMFADevice`.
    {
        id: "iam-user-fido-certification",
        title: "IAM user has a passkey or security key that is not certified",
        severity: Severity::Info,
        controls: &[],
        requires: &[Dataset::MfaDevices, Dataset::FidoCertifications],
        settings: SETTINGS,
        check: Check::IamUser(judge),
    }
}

fn judge(user: &IamUser, context: &Context<'_>) -> Judgement {
    let settings = context.settings.iam_user_fido_certification;
    let devices = context.read_all(&user.mfa_devices)?;
    if devices.iter().any(|it| it.kind == MfaDeviceKind::Unrecognized) {
        return Err(context.untold(Dataset::MfaDevices));
    }
    let mut keys = devices.iter().filter(|it| it.kind == MfaDeviceKind::Fido).peekable();
    if keys.peek().is_none() {
        return Ok(Verdict::NotApplicable("the user has no passkey or security key".into()));
    }
    let Some(certifications) = &user.fido_certifications else {
        return Err(context.unasked(Dataset::FidoCertifications));
    };
    let certifications = context.read(certifications)?;
    let mut unseen = None;
    for key in keys {
        let certified = certifications.iter().find(|it| it.serial_number == key.serial_number);
        let Some(certified) = certified else {
            unseen = Some(context.untold(Dataset::FidoCertifications));
            continue;
        };
        let level = certified.certifications.get("FIDO").and_then(|it| level(it));
        if level < Some(settings.min_level) {
            let name = settings.min_level.name();
            return Ok(Verdict::Fail(format!("{} is not certified at {name}", key.serial_number).into()));
        }
        let has_fips = certified.certifications.keys().any(|it| it.starts_with("FIDO-FIPS-140"));
        if settings.fips == Fips::Required && !has_fips {
            return Ok(Verdict::Fail(format!("{} is not certified under FIPS 140", key.serial_number).into()));
        }
    }
    match unseen {
        Some(gap) => Err(gap),
        None => Ok(Verdict::Pass("every passkey and security key of the user is certified".into())),
    }
}

/// Returns the level that AWS spells so; `None` for one this version does not know, which vouches for nothing.
fn level(text: &str) -> Option<Level> {
    let text = text.to_ascii_uppercase();
    let plain = text.strip_suffix('+').or_else(|| text.strip_suffix("PLUS")).unwrap_or(&text);
    Level::ALL.into_iter().find(|it| it.name() == plain)
}

#[cfg(test)]
pub(super) fn examples() -> Vec<crate::example::Example> {
    use std::collections::BTreeMap;

    use crate::example::{Expect, HIDDEN, example, known, some_user_devices, user_devices};
    const APP: &str = "arn:aws:iam::111122223333:mfa/alice";
    const KEY: &str = "arn:aws:iam::111122223333:u2f/user/alice/key-1";
    const OTHER: &str = "arn:aws:iam::111122223333:u2f/user/alice/key-2";
    let certified = |mut record: model::Record, all: &[(&str, &[(&str, &str)])]| {
        let of = |(serial, levels): &(&str, &[(&str, &str)])| model::FidoCertifications {
            serial_number: (*serial).into(),
            certifications: levels.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect::<BTreeMap<_, _>>(),
        };
        record.iam_users.items[0].fido_certifications = Some(known(all.iter().map(of).collect()));
        record
    };
    let l1 = || certified(user_devices(&[KEY]), &[(KEY, &[("FIDO", "L1")])]);
    let fips = |it: &mut crate::Settings| it.iam_user_fido_certification.fips = Fips::Required;
    let mut hidden = user_devices(&[KEY]);
    hidden.iam_users.items[0].fido_certifications = Some(model::Fact::Unknown(HIDDEN));
    vec![
        example("certified at L1", l1(), Expect::Pass),
        example("certified at L1, and L2 is asked for", l1(), Expect::Fail)
            .with(|it| it.iam_user_fido_certification.min_level = Level::L2),
        example("certified at L1+, and L1 is asked for", certified(user_devices(&[KEY]), &[(KEY, &[("FIDO", "L1plus")])]), Expect::Pass),
        example("no certification", certified(user_devices(&[KEY]), &[(KEY, &[])]), Expect::Fail),
        example("one of two", certified(user_devices(&[KEY, OTHER]), &[(KEY, &[("FIDO", "L2")]), (OTHER, &[])]), Expect::Fail),
        example("no FIPS, which is asked for", l1(), Expect::Fail).with(fips),
        example("FIPS", certified(user_devices(&[KEY]), &[(KEY, &[("FIDO", "L2"), ("FIDO-FIPS-140-2", "L2")])]), Expect::Pass).with(fips),
        example("an app alone", certified(user_devices(&[APP]), &[]), Expect::NotApplicable),
        example("a key of which nobody was asked", user_devices(&[KEY]), Expect::Indeterminate),
        example("a key that cannot be asked", hidden, Expect::Indeterminate),
        example("a key, and perhaps more", certified(some_user_devices(&[KEY]), &[(KEY, &[("FIDO", "L1")])]), Expect::Indeterminate),
    ]
}
