use model::{ConsolePassword, Dataset, PasswordPolicy, Record};

use crate::{Check, Context, Control, Judgement, Setting, SettingKind, SettingValue, Severity, Unseen, Verdict, rule::rule};

/// Settings of `account-password-policy`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Settings {
    /// The least number of characters that is enough.
    pub min_length: u32,
    /// How many former passwords must be refused.
    pub reuse: u32,
    /// The days after which a password must be changed at the latest; 0 if it need not be.
    pub max_age_days: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            min_length: 14,
            reuse: 24,
            max_age_days: 0,
        }
    }
}

/// The bounds are those that AWS has for a password policy.
static SETTINGS: &[Setting] = &[
    Setting {
        key: "min-length",
        about: "the least number of characters that is enough",
        kind: SettingKind::Number { min: 6, max: 128 },
        get: |it| SettingValue::Number(it.account_password_policy.min_length),
        set: |it, value| {
            if let SettingValue::Number(length @ 6..=128) = value {
                it.account_password_policy.min_length = length;
            }
        },
    },
    Setting {
        key: "reuse",
        about: "how many former passwords must be refused",
        kind: SettingKind::Number { min: 1, max: 24 },
        get: |it| SettingValue::Number(it.account_password_policy.reuse),
        set: |it, value| {
            if let SettingValue::Number(reuse @ 1..=24) = value {
                it.account_password_policy.reuse = reuse;
            }
        },
    },
    Setting {
        key: "max-age-days",
        about: "the days after which a password must be changed at the latest; 0 if it need not be",
        kind: SettingKind::Number { min: 0, max: 1095 },
        get: |it| SettingValue::Number(it.account_password_policy.max_age_days),
        set: |it, value| {
            if let SettingValue::Number(days @ 0..=1095) = value {
                it.account_password_policy.max_age_days = days;
            }
        },
    },
];

rule! {
    /// ## What it checks
    /// An account with console users has a password policy that asks for 14 characters (`min-length`) and refuses the
    /// last 24 passwords (`reuse`). AWS's own policy, which applies where none is set, asks for 8 and refuses none.
    /// That passwords expire is asked for only with `max-age-days`. An account in which no IAM user has a console
    /// password is not applicable.
    ///
    /// ## Why it matters
    /// Short passwords are guessed, and used ones are known from elsewhere. MFA is the second factor; the first should
    /// hold too.
    ///
    /// ## How to fix it
    /// `aws iam update-account-password-policy --minimum-password-length 14 --password-reuse-prevention 24` and the
    /// rest of the policy: what is not said goes back to AWS's default. Best, have no console users.
    ///
    /// ## What others say
    /// Prowler, Security Hub (IAM.15, IAM.16) and AWS Config (`iam-password-policy`) judge accounts without any console
    /// user too. What kinds of character a password must have (IAM.11 to IAM.14) is not judged here.
    {
        id: "account-password-policy",
        title: "Account's password policy is weak",
        severity: Severity::Medium,
        controls: &[
            Control::cis_aws("1.2.0", "1.9"),
            Control::cis_aws("1.2.0", "1.10"),
            Control::cis_aws("1.4.0", "1.8"),
            Control::cis_aws("1.4.0", "1.9"),
            Control::cis_aws("1.5.0", "1.8"),
            Control::cis_aws("1.5.0", "1.9"),
            Control::cis_aws("2.0.0", "1.8"),
            Control::cis_aws("2.0.0", "1.9"),
            Control::cis_aws("3.0.0", "1.8"),
            Control::cis_aws("3.0.0", "1.9"),
            Control::cis_aws("4.0.1", "1.8"),
            Control::cis_aws("4.0.1", "1.9"),
            Control::cis_aws("5.0.0", "1.7"),
            Control::cis_aws("5.0.0", "1.8"),
            Control::cis_aws("6.0.0", "2.7"),
            Control::cis_aws("6.0.0", "2.8"),
            Control::cis_aws("7.0.0", "2.8"),
            Control::cis_aws("7.0.0", "2.9"),
            Control::security_hub("IAM.7"),
            Control::security_hub("IAM.10"),
            Control::security_hub("IAM.15"),
            Control::security_hub("IAM.16"),
            Control::security_hub("IAM.17"),
            Control::aws_config("iam-password-policy"),
            Control::pci_dss("4.0.1", "8.3.6"),
            Control::pci_dss("4.0.1", "8.3.7"),
            Control::pci_dss("4.0.1", "8.3.9"),
            Control::pci_dss("4.0.1", "8.3.10.1"),
            Control::pci_dss("4.0.1", "8.6.3"),
        ],
        requires: &[Dataset::IamUsers, Dataset::LoginProfiles, Dataset::PasswordPolicy],
        settings: SETTINGS,
        check: Check::Account(judge),
    }
}

fn judge(record: &Record, context: &Context<'_>) -> Judgement {
    if !has_console_user(record, context)? {
        return Ok(Verdict::NotApplicable("no IAM user has a console password".into()));
    }
    let settings = context.settings.account_password_policy;
    let PasswordPolicy::Custom {
        minimum_length,
        reuse_prevention,
        max_age_days,
    } = *context.read(&record.password_policy)?
    else {
        return Ok(Verdict::Fail("the account has no password policy of its own, and AWS's asks for 8 characters".into()));
    };
    let mut wrong = Vec::new();
    if minimum_length < settings.min_length {
        wrong.push(format!("asks for {minimum_length} characters, not {}", settings.min_length));
    }
    let refused = reuse_prevention.unwrap_or_default();
    if refused < settings.reuse {
        wrong.push(format!("refuses the last {refused} passwords, not {}", settings.reuse));
    }
    if settings.max_age_days > 0 && max_age_days.is_none_or(|it| it == 0 || it > settings.max_age_days) {
        wrong.push(format!("lets a password be older than {} days", settings.max_age_days));
    }
    Ok(if wrong.is_empty() {
        Verdict::Pass("the password policy asks for enough".into())
    } else {
        Verdict::Fail(format!("the password policy {}", wrong.join(", and ")).into())
    })
}

/// Reads whether anyone signs in with a password. One such user decides; only all of them having none decides
/// otherwise.
fn has_console_user(record: &Record, context: &Context<'_>) -> Result<bool, Unseen> {
    let users = context.read_some(&record.iam_users);
    let console_user = users.iter().find(|it| it.password.known() == Some(&ConsolePassword::Set));
    if let Some(user) = console_user {
        context.read(&user.password)?;
        return Ok(true);
    }
    for user in context.read_all(&record.iam_users)? {
        context.read(&user.password)?;
    }
    Ok(false)
}

#[cfg(test)]
pub(super) fn examples() -> Vec<crate::example::Example> {
    use model::{GapId, IamUser};

    use crate::example::{Expect, UserFacts, example, iam_user, known};
    let with = |password: bool, policy: PasswordPolicy| {
        let mut record = iam_user(UserFacts { password, active_key: true, ..UserFacts::default() });
        record.password_policy = known(policy);
        record
    };
    let custom = |minimum_length, reuse_prevention, max_age_days| PasswordPolicy::Custom {
        minimum_length,
        reuse_prevention,
        max_age_days,
    };
    let good = custom(14, Some(24), None);
    let mut unread = with(true, good);
    let other = "arn:aws:iam::111122223333:user/bob".parse().unwrap();
    unread.iam_users.items.push(IamUser::unseen("bob", other, GapId(0)));
    let mut nobody = with(false, PasswordPolicy::Default);
    nobody.iam_users.items.clear();
    vec![
        example("as asked", with(true, good), Expect::Pass),
        example("better", with(true, custom(20, Some(24), Some(90))), Expect::Pass),
        example("too short", with(true, custom(13, Some(24), None)), Expect::Fail),
        example("too few remembered", with(true, custom(14, Some(23), None)), Expect::Fail),
        example("none remembered", with(true, custom(14, None, None)), Expect::Fail),
        example("AWS's default", with(true, PasswordPolicy::Default), Expect::Fail),
        example("AWS's default, no console user", with(false, PasswordPolicy::Default), Expect::NotApplicable),
        example("AWS's default, no user", nobody, Expect::NotApplicable),
        example("a console user, and one that was not seen", unread, Expect::Pass),
        example("12 characters, where 12 are enough", with(true, custom(12, Some(4), None)), Expect::Pass).with(|it| {
            it.account_password_policy.min_length = 12;
            it.account_password_policy.reuse = 4;
        }),
        example("no expiry, where 90 days are asked", with(true, good), Expect::Fail)
            .with(|it| it.account_password_policy.max_age_days = 90),
        example("91 days, where 90 are asked", with(true, custom(14, Some(24), Some(91))), Expect::Fail)
            .with(|it| it.account_password_policy.max_age_days = 90),
        example("90 days, where 90 are asked", with(true, custom(14, Some(24), Some(90))), Expect::Pass)
            .with(|it| it.account_password_policy.max_age_days = 90),
    ]
}
