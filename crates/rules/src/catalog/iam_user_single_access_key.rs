use model::{AccessKey, AccessKeyStatus, Dataset, IamUser};

use super::age::is_older;
use crate::{Check, Context, Control, Judgement, Setting, SettingKind, SettingValue, Severity, Verdict, rule::rule};

/// Settings of `iam-user-single-access-key`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Settings {
    /// The days for which two keys are allowed while one replaces the other.
    pub rotation_days: u32,
}

static SETTINGS: &[Setting] = &[Setting {
    key: "rotation-days",
    about: "the days for which two keys are allowed while one replaces the other",
    kind: SettingKind::Number { min: 0, max: 365 },
    get: |it| SettingValue::Number(it.iam_user_single_access_key.rotation_days),
    set: |it, value| match value {
        SettingValue::Number(number) if (0..=365).contains(&number) => it.iam_user_single_access_key.rotation_days = number,
        SettingValue::Number(_) | SettingValue::Switch(_) | SettingValue::Choice(_) | SettingValue::Actions(_) => {}
    },
}];

rule! {
    /// ## What it checks
    /// An IAM user has at most one active access key. With `rotation-days` two are allowed for so many days after the newer
    /// one was created, as replacing a key takes. A user without an active key is not applicable.
    ///
    /// ## Why it matters
    /// Two keys are for replacing one by the other. A second one that stays is used by somebody nobody knows of.
    ///
    /// ## How to fix it
    /// Find out with `aws iam get-access-key-last-used` which of them is used, and deactivate the other.
    {
        id: "iam-user-single-access-key",
        title: "IAM user has two active access keys",
        severity: Severity::Medium,
        controls: &[
            Control::cis_aws("1.4.0", "1.13"),
            Control::cis_aws("1.5.0", "1.13"),
            Control::cis_aws("2.0.0", "1.13"),
            Control::cis_aws("3.0.0", "1.13"),
            Control::cis_aws("4.0.1", "1.13"),
            Control::cis_aws("5.0.0", "1.12"),
            Control::cis_aws("6.0.0", "2.12"),
        ],
        requires: &[Dataset::AccessKeys],
        settings: SETTINGS,
        check: Check::IamUser(judge),
    }
}

fn judge(user: &IamUser, context: &Context<'_>) -> Judgement {
    let keys = context.read(&user.access_keys)?;
    let active: Vec<_> = keys.iter().filter(|it| it.status == AccessKeyStatus::Active).collect();
    let days = context.settings.iam_user_single_access_key.rotation_days;
    match active.len() {
        0 => return Ok(Verdict::NotApplicable("the user has no active access key".into())),
        1 => return Ok(Verdict::Pass("the user has one active access key".into())),
        more if days == 0 || more > 2 => {}
        _ => {
            let now = context.now(Dataset::AccessKeys)?;
            let is_new = |it: &&AccessKey| it.created_at.known().is_some_and(|it| !is_older(now, *it, days));
            if let Some(new) = active.iter().copied().find(is_new) {
                let created = context.read(&new.created_at)?;
                let why = format!("the user is replacing an access key: the new one was created at {created}");
                return Ok(Verdict::Pass(why.into()));
            }
            for key in &active {
                context.read(&key.created_at)?;
            }
        }
    }
    Ok(Verdict::Fail(format!("the user has {} active access keys", active.len()).into()))
}

#[cfg(test)]
pub(super) fn examples() -> Vec<crate::example::Example> {
    use model::Fact;

    use crate::example::{Expect, HIDDEN, UserFacts, active_key, example, iam_user, known, user_with};
    const OLD: &str = "2024-01-01T00:00:00Z";
    let with = |keys: Vec<AccessKey>| user_with(UserFacts::default(), |it| it.access_keys = known(keys));
    let inactive = || AccessKey { status: AccessKeyStatus::Inactive, ..active_key(OLD, None) };
    let hidden = || AccessKey { created_at: Fact::Unknown(HIDDEN), ..active_key(OLD, None) };
    let week = |it: &mut crate::Settings| it.iam_user_single_access_key.rotation_days = 7;
    vec![
        example("one", with(vec![active_key(OLD, None)]), Expect::Pass),
        example("one in the second place alone", with(vec![inactive(), active_key(OLD, None)]), Expect::Pass),
        example("two", with(vec![active_key(OLD, None), active_key("2026-11-23T00:00:00Z", None)]), Expect::Fail),
        example("two, one of which is new", with(vec![active_key(OLD, None), active_key("2026-11-23T00:00:00Z", None)]), Expect::Pass).with(week),
        example("two, and a week has just passed", with(vec![active_key(OLD, None), active_key("2026-11-17T11:59:59Z", None)]), Expect::Fail).with(week),
        example("two, one of which may be new", with(vec![active_key(OLD, None), hidden()]), Expect::Indeterminate).with(week),
        example("none that is active", with(vec![inactive()]), Expect::NotApplicable),
        example("none", iam_user(UserFacts::default()), Expect::NotApplicable),
    ]
}
