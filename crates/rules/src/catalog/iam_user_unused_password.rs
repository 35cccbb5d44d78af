use model::{ConsolePassword, Dataset, IamUser, LastUse, Timestamp};

use super::age::is_older;
use crate::{Check, Context, Control, Judgement, Setting, SettingKind, SettingValue, Severity, Verdict, rule::rule};

/// Settings of `iam-user-unused-password`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Settings {
    /// The days after which a password counts as unused.
    pub max_days: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { max_days: 45 }
    }
}

static SETTINGS: &[Setting] = &[Setting {
    key: "max-days",
    about: "the days after which a password counts as unused",
    kind: SettingKind::Number { min: 1, max: 3650 },
    get: |it| SettingValue::Number(it.iam_user_unused_password.max_days),
    set: |it, value| match value {
        SettingValue::Number(number) if (1..=3650).contains(&number) => it.iam_user_unused_password.max_days = number,
        SettingValue::Number(_) | SettingValue::Switch(_) | SettingValue::Choice(_) | SettingValue::Actions(_) => {}
    },
}];

rule! {
    /// ## What it checks
    /// The console password of an IAM user was used, set or changed within the last 45 days (`max-days`). What counts is the
    /// latest of these; where AWS has no record of either, when the user was created. So many days to the second are not
    /// yet too many, and a date in the future is not old. A user without a password is not applicable.
    ///
    /// ## Why it matters
    /// A password that nobody uses is missed by nobody when someone else does.
    ///
    /// ## How to fix it
    /// Delete the console password: `aws iam delete-login-profile --user-name NAME`. The user's access keys go on working.
    ///
    /// ## What others say
    /// Prowler (`iam_user_console_access_unused`) passes a password that was never used, however old it is. Security Hub has
    /// two controls, for 45 days (IAM.22) and for 90 (IAM.8).
    {
        id: "iam-user-unused-password",
        title: "IAM user has a console password that nobody uses",
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
            Control::nist_800_171("3.5.6"),
            Control::iso_27001("A.5.15"),
            Control::fedramp_moderate("AC-2(3)"),
            Control::cis_controls("5.3"),
            Control::soc_2("CC1.3"),
            Control::soc_2("CC6.1"),
            Control::soc_2("CC6.2"),
            Control::soc_2("CC6.3"),
        ],
        requires: &[Dataset::LoginProfiles, Dataset::PasswordUse],
        settings: SETTINGS,
        check: Check::IamUser(judge),
    }
}

fn judge(user: &IamUser, context: &Context<'_>) -> Judgement {
    if *context.read(&user.password)? == ConsolePassword::NotSet {
        return Ok(Verdict::NotApplicable("the user has no console password".into()));
    }
    let days = context.settings.iam_user_unused_password.max_days;
    let now = context.now(Dataset::PasswordUse)?;
    let is_recent = |at: Timestamp| !is_older(now, at, days);
    // Either alone may show that the password is in use; only both that it is not.
    if let Some(LastUse::At(used)) = user.password_last_used.known().filter(|it| matches!(it, LastUse::At(at) if is_recent(*at))) {
        context.read(&user.password_last_used)?;
        return Ok(Verdict::Pass(format!("the password was used at {used}").into()));
    }
    if let Some(Some(changed)) = user.password_last_changed.known().filter(|it| it.is_some_and(is_recent)) {
        context.read(&user.password_last_changed)?;
        return Ok(Verdict::Pass(format!("the password was set at {changed}").into()));
    }
    let last_use = *context.read(&user.password_last_used)?;
    let changed = *context.read(&user.password_last_changed)?;
    let why = match (last_use, changed) {
        (LastUse::At(at), _) => format!("the password was last used at {at}, over {days} days ago"),
        (LastUse::NeverRecorded, Some(changed)) => {
            format!("the password was never used since it was set at {changed}, over {days} days ago")
        }
        (LastUse::NeverRecorded, None) => {
            let created = *context.read(&user.created_at)?;
            if is_recent(created) {
                return Ok(Verdict::Pass(format!("the password was never used, and the user was created at {created}").into()));
            }
            format!("the password was never used, and the user was created at {created}, over {days} days ago")
        }
    };
    Ok(Verdict::Fail(why.into()))
}

#[cfg(test)]
pub(super) fn examples() -> Vec<crate::example::Example> {
    use crate::{
        RunContext,
        example::{Expect, HIDDEN, UserFacts, example, iam_user, known, time, user_with},
    };
    const OLD: &str = "2024-01-01T00:00:00Z";
    let of = |used: Option<&str>, changed: Option<&str>, created: &str| {
        user_with(UserFacts { password: true, ..UserFacts::default() }, |it| {
            it.password_last_used = known(used.map_or(LastUse::NeverRecorded, |it| LastUse::At(time(it))));
            it.password_last_changed = known(changed.map(time));
            it.created_at = known(time(created));
        })
    };
    let hide = |mut record: model::Record, which: fn(&mut IamUser)| {
        record.iam_users.items.iter_mut().for_each(which);
        record
    };
    let mut undated = example("no day it is", of(Some(OLD), Some(OLD), OLD), Expect::Indeterminate);
    undated.run = RunContext::at(None);
    vec![
        undated,
        example("used yesterday", of(Some("2026-11-23T12:00:00Z"), Some(OLD), OLD), Expect::Pass),
        example("used 45 days ago to the second", of(Some("2026-10-10T12:00:00Z"), Some(OLD), OLD), Expect::Pass),
        example("used a second before that", of(Some("2026-10-10T11:59:59Z"), Some(OLD), OLD), Expect::Fail),
        example("used 60 days ago, where 90 are allowed", of(Some("2026-09-25T12:00:00Z"), Some(OLD), OLD), Expect::Pass)
            .with(|it| it.iam_user_unused_password.max_days = 90),
        example("never used, set long ago", of(None, Some(OLD), OLD), Expect::Fail),
        example("never used, set yesterday", of(None, Some("2026-11-23T12:00:00Z"), OLD), Expect::Pass),
        example("used long ago, changed yesterday", of(Some(OLD), Some("2026-11-23T12:00:00Z"), OLD), Expect::Pass),
        example("no record of either, an old user", of(None, None, OLD), Expect::Fail),
        example("no record of either, a new user", of(None, None, "2026-11-20T00:00:00Z"), Expect::Pass),
        example("used in the future", of(Some("2027-01-01T00:00:00Z"), Some(OLD), OLD), Expect::Pass),
        example("never used, and when it was set is not seen", hide(of(None, None, OLD), |it| it.password_last_changed = model::Fact::Unknown(HIDDEN)), Expect::Indeterminate),
        example("whether it was used is not seen, set yesterday", hide(of(None, Some("2026-11-23T12:00:00Z"), OLD), |it| it.password_last_used = model::Fact::Unknown(HIDDEN)), Expect::Pass),
        example("no password", iam_user(UserFacts::default()), Expect::NotApplicable),
    ]
}
