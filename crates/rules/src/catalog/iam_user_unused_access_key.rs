use model::{AccessKey, AccessKeyStatus, Dataset, IamUser, LastUse, Timestamp};

use super::age::is_older;
use crate::{Check, Context, Control, Judgement, Setting, SettingKind, SettingValue, Severity, Unseen, Verdict, rule::rule};

/// Settings of `iam-user-unused-access-key`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Settings {
    /// The days after which a key counts as unused.
    pub max_days: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { max_days: 45 }
    }
}

static SETTINGS: &[Setting] = &[Setting {
    key: "max-days",
    about: "the days after which an access key counts as unused",
    kind: SettingKind::Number { min: 1, max: 3650 },
    get: |it| SettingValue::Number(it.iam_user_unused_access_key.max_days),
    set: |it, value| match value {
        SettingValue::Number(number) if (1..=3650).contains(&number) => it.iam_user_unused_access_key.max_days = number,
        SettingValue::Number(_) | SettingValue::Switch(_) | SettingValue::Choice(_) | SettingValue::Actions(_) => {}
    },
}];

rule! {
    /// ## What it checks
    /// Every active access key of an IAM user was used within the last 45 days (`max-days`); one that was never used, was
    /// created within them. Each key is judged. So many days to the second are not yet too many, and a date in the future is
    /// not old. A user without an active key is not applicable.
    ///
    /// ## Why it matters
    /// A key that nobody uses is missed by nobody when someone else does, and lies in some forgotten file.
    ///
    /// ## How to fix it
    /// Deactivate the key, wait for complaints, then delete it: `aws iam update-access-key --status Inactive`, then
    /// `aws iam delete-access-key`.
    ///
    /// ## What others say
    /// Prowler (`iam_user_accesskey_unused`) leaves out a key that was never used. Security Hub has two controls, for 45 days
    /// (IAM.22) and for 90 (IAM.8).
    {
        id: "iam-user-unused-access-key",
        title: "IAM user has an access key that nobody uses",
        severity: Severity::Medium,
        controls: &[
            Control::cis_aws("1.2.0", "1.3"),
            Control::cis_aws("1.4.0", "1.12"),
            Control::cis_aws("1.5.0", "1.12"),
            Control::cis_aws("2.0.0", "1.12"),
            Control::cis_aws("3.0.0", "1.12"),
            Control::cis_aws("4.0.1", "1.12"),
            Control::cis_aws("5.0.0", "1.11"),
            Control::cis_aws("6.0.0", "2.11"),
            Control::cis_aws("7.0.0", "2.11"),
            Control::security_hub("IAM.22"),
            Control::security_hub("IAM.8"),
            Control::aws_config("iam-user-unused-credentials-check"),
            Control::nist_800_53("AC-2"),
            Control::nist_800_53("AC-2(1)"),
            Control::nist_800_53("AC-2(3)"),
            Control::nist_800_53("AC-3"),
            Control::nist_800_53("AC-3(15)"),
            Control::nist_800_53("AC-3(7)"),
            Control::nist_800_53("AC-6"),
            Control::pci_dss("4.0.1", "8.2.6"),
            Control::pci_dss("4.0", "7.2.4"),
            Control::pci_dss("4.0", "7.2.5.1"),
            Control::pci_dss("4.0", "8.2.6"),
            Control::nist_800_171("3.5.6"),
            Control::iso_27001("A.5.15"),
            Control::fedramp_moderate("AC-2(3)"),
            Control::cis_controls("5.3"),
            Control::soc_2("CC1.3"),
            Control::soc_2("CC6.1"),
            Control::soc_2("CC6.2"),
            Control::soc_2("CC6.3"),
        ],
        requires: &[Dataset::AccessKeys, Dataset::AccessKeyUse],
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
    let days = context.settings.iam_user_unused_access_key.max_days;
    let now = context.now(Dataset::AccessKeyUse)?;
    let mut unseen = None;
    for key in active {
        match idle_since(key, now, days, context) {
            Ok(None) => {}
            Ok(Some(why)) => return Ok(Verdict::Fail(format!("{why}, over {days} days ago").into())),
            Err(gap) => unseen = Some(gap),
        }
    }
    match unseen {
        Some(gap) => Err(gap),
        None => Ok(Verdict::Pass(format!("every active access key was used, or created, within {days} days").into())),
    }
}

/// Returns how long a key has not been used, if that is too long.
fn idle_since(key: &AccessKey, now: Timestamp, days: u32, context: &Context<'_>) -> Result<Option<String>, Unseen> {
    let (what, at) = match *context.read(&key.last_used)? {
        LastUse::At(used) => ("an access key was last used", used),
        LastUse::NeverRecorded => ("an access key was never used since it was created", *context.read(&key.created_at)?),
    };
    Ok(is_older(now, at, days).then(|| format!("{what} at {at}")))
}

#[cfg(test)]
pub(super) fn examples() -> Vec<crate::example::Example> {
    use model::Fact;

    use crate::{
        RunContext,
        example::{Expect, HIDDEN, UserFacts, active_key, example, iam_user, known, user_with},
    };
    const OLD: &str = "2024-01-01T00:00:00Z";
    let with = |keys: Vec<AccessKey>| user_with(UserFacts::default(), |it| it.access_keys = known(keys));
    let hidden = |created: &str| AccessKey { last_used: Fact::Unknown(HIDDEN), ..active_key(created, None) };
    let mut undated = example("no day it is", with(vec![active_key(OLD, None)]), Expect::Indeterminate);
    undated.run = RunContext::at(None);
    vec![
        undated,
        example("used yesterday", with(vec![active_key(OLD, Some("2026-11-23T12:00:00Z"))]), Expect::Pass),
        example("used 45 days ago to the second", with(vec![active_key(OLD, Some("2026-10-10T12:00:00Z"))]), Expect::Pass),
        example("used a second before that", with(vec![active_key(OLD, Some("2026-10-10T11:59:59Z"))]), Expect::Fail),
        example("never used, old", with(vec![active_key(OLD, None)]), Expect::Fail),
        example("never used, new", with(vec![active_key("2026-11-20T00:00:00Z", None)]), Expect::Pass),
        example("created in the future", with(vec![active_key("2027-11-20T00:00:00Z", None)]), Expect::Pass),
        example("one used, one not", with(vec![active_key(OLD, Some("2026-11-23T12:00:00Z")), active_key(OLD, None)]), Expect::Fail),
        example("an inactive one, never used", with(vec![AccessKey { status: AccessKeyStatus::Inactive, ..active_key(OLD, None) }]), Expect::NotApplicable),
        example("an old one whose use is not seen", with(vec![hidden(OLD)]), Expect::Indeterminate),
        example("a new one whose use is not seen", with(vec![hidden("2026-11-20T00:00:00Z")]), Expect::Indeterminate),
        example("one whose use is not seen, and one not used", with(vec![hidden(OLD), active_key(OLD, None)]), Expect::Fail),
        example("60 days, where 90 are allowed", with(vec![active_key(OLD, Some("2026-09-25T12:00:00Z"))]), Expect::Pass)
            .with(|it| it.iam_user_unused_access_key.max_days = 90),
        example("no key", iam_user(UserFacts::default()), Expect::NotApplicable),
    ]
}
