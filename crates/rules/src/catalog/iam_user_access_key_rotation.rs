use model::{AccessKeyStatus, Dataset, IamUser};

use super::age::is_older;
use crate::{Check, Context, Control, Judgement, Setting, SettingKind, SettingValue, Severity, Verdict, rule::rule};

/// Settings of `iam-user-access-key-rotation`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Settings {
    /// The days after which a key is too old.
    pub max_days: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { max_days: 90 }
    }
}

static SETTINGS: &[Setting] = &[Setting {
    key: "max-days",
    about: "the days after which an access key is too old",
    kind: SettingKind::Number { min: 1, max: 3650 },
    get: |it| SettingValue::Number(it.iam_user_access_key_rotation.max_days),
    set: |it, value| match value {
        SettingValue::Number(number) if (1..=3650).contains(&number) => it.iam_user_access_key_rotation.max_days = number,
        SettingValue::Number(_) | SettingValue::Switch(_) | SettingValue::Choice(_) | SettingValue::Actions(_) => {}
    },
}];

rule! {
    /// ## What it checks
    /// Every active access key of an IAM user was created within the last 90 days (`max-days`). Keys that are switched off
    /// keep their date and are not judged. So many days to the second are not yet too many, and a date in the future is not
    /// old. A user without an active key is not applicable.
    ///
    /// ## Why it matters
    /// The older a key, the more places it was copied to.
    ///
    /// ## How to fix it
    /// Create a second key, replace the first where it is used, then deactivate and delete it. Better: replace it by a role.
    {
        id: "iam-user-access-key-rotation",
        title: "IAM user has an active access key that is too old",
        severity: Severity::Medium,
        controls: &[
            Control::cis_aws("1.2.0", "1.4"),
            Control::cis_aws("1.4.0", "1.14"),
            Control::cis_aws("1.5.0", "1.14"),
            Control::cis_aws("2.0.0", "1.14"),
            Control::cis_aws("3.0.0", "1.14"),
            Control::cis_aws("4.0.1", "1.14"),
            Control::cis_aws("5.0.0", "1.13"),
            Control::cis_aws("6.0.0", "2.13"),
            Control::cis_aws("7.0.0", "2.12"),
            Control::security_hub("IAM.3"),
            Control::aws_config("access-keys-rotated"),
            Control::nist_800_53("AC-2(1)"),
            Control::nist_800_53("AC-2(3)"),
            Control::nist_800_53("AC-3(15)"),
            Control::pci_dss("4.0.1", "8.3.9"),
            Control::pci_dss("4.0.1", "8.6.3"),
            Control::pci_dss("4.0", "8.3.5"),
            Control::pci_dss("4.0", "8.3.7"),
            Control::pci_dss("4.0", "8.3.9"),
            Control::pci_dss("4.0", "8.3.10.1"),
            Control::pci_dss("4.0", "8.6.3"),
            Control::csa_ccm("CEK-12"),
            Control::csa_ccm("IAM-08"),
        ],
        requires: &[Dataset::AccessKeys],
        settings: SETTINGS,
        check: Check::IamUser(judge),
    }
}

fn judge(user: &IamUser, context: &Context<'_>) -> Judgement {
    let keys = context.read(&user.access_keys)?;
    let mut active = keys.iter().filter(|it| it.status == AccessKeyStatus::Active).peekable();
    if active.peek().is_none() {
        return Ok(Verdict::NotApplicable("the user has no active access key".into()));
    }
    let days = context.settings.iam_user_access_key_rotation.max_days;
    let now = context.now(Dataset::AccessKeys)?;
    let mut unseen = None;
    for key in active {
        match context.read(&key.created_at) {
            Ok(created) if is_older(now, *created, days) => {
                let why = format!("an active access key was created at {created}, over {days} days ago");
                return Ok(Verdict::Fail(why.into()));
            }
            Ok(_) => {}
            Err(gap) => unseen = Some(gap),
        }
    }
    match unseen {
        Some(gap) => Err(gap),
        None => Ok(Verdict::Pass(format!("every active access key was created within {days} days").into())),
    }
}

#[cfg(test)]
pub(super) fn examples() -> Vec<crate::example::Example> {
    use model::{AccessKey, Fact};

    use crate::{
        RunContext,
        example::{Expect, HIDDEN, UserFacts, active_key, example, iam_user, known, user_with},
    };
    const OLD: &str = "2024-01-01T00:00:00Z";
    let with = |keys: Vec<AccessKey>| user_with(UserFacts::default(), |it| it.access_keys = known(keys));
    let inactive = || AccessKey { status: AccessKeyStatus::Inactive, ..active_key(OLD, None) };
    let hidden = || AccessKey { created_at: Fact::Unknown(HIDDEN), ..active_key(OLD, None) };
    let mut undated = example("no day it is", with(vec![active_key(OLD, None)]), Expect::Indeterminate);
    undated.run = RunContext::at(None);
    vec![
        undated,
        example("new", with(vec![active_key("2026-11-20T00:00:00Z", None)]), Expect::Pass),
        example("90 days to the second", with(vec![active_key("2026-08-26T12:00:00Z", None)]), Expect::Pass),
        example("a second older", with(vec![active_key("2026-08-26T11:59:59Z", None)]), Expect::Fail),
        example("old, whatever it is used for", with(vec![active_key(OLD, Some("2026-11-23T12:00:00Z"))]), Expect::Fail),
        example("an old one that is switched off beside a new one", with(vec![inactive(), active_key("2026-11-20T00:00:00Z", None)]), Expect::Pass),
        example("an old one that is switched off", with(vec![inactive()]), Expect::NotApplicable),
        example("an unknown date", with(vec![hidden()]), Expect::Indeterminate),
        example("an unknown date beside an old key", with(vec![hidden(), active_key(OLD, None)]), Expect::Fail),
        example("in the future", with(vec![active_key("2027-11-20T00:00:00Z", None)]), Expect::Pass),
        example("30 days are allowed", with(vec![active_key("2026-10-01T00:00:00Z", None)]), Expect::Fail)
            .with(|it| it.iam_user_access_key_rotation.max_days = 30),
        example("no key", iam_user(UserFacts::default()), Expect::NotApplicable),
    ]
}
