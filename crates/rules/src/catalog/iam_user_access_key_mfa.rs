use model::{AccessKeyStatus, ConsolePassword, Dataset, IamUser, MfaStatus};

use crate::{Check, Context, Control, Judgement, Severity, Verdict, rule::rule};

rule! {
    /// ## What it checks
    /// Every IAM user that has an active access key and no console password has at least one MFA device. Users
    /// with a console password are `iam-user-console-mfa`'s; this rule makes service users visible without
    /// drowning people in them. Opt-in.
    ///
    /// ## Why it matters
    /// A leaked key works from anywhere, for ever. A device alone does not protect it, but a policy that demands
    /// MFA of requests can only be met by a user that has one.
    ///
    /// ## How to fix it
    /// Replace the key by a role (an instance profile, IAM Roles Anywhere, a CI's OpenID Connect provider), and
    /// delete the user. Where a person uses the key, enrol a device and demand MFA in the policies.
    {
        id: "iam-user-access-key-mfa",
        title: "IAM user has an active access key and no MFA device",
        severity: Severity::Medium,
        controls: &[Control::nist_800_53("AC-2(1)")],
        requires: &[Dataset::LoginProfiles, Dataset::MfaStatus, Dataset::AccessKeys],
        settings: &[],
        check: Check::IamUser(judge),
    }
}

fn judge(user: &IamUser, context: &Context<'_>) -> Judgement {
    let keys = context.read(&user.access_keys)?;
    if !keys.iter().any(|it| it.status == AccessKeyStatus::Active) {
        return Ok(Verdict::NotApplicable("the user has no active access key".into()));
    }
    if *context.read(&user.password)? == ConsolePassword::Set {
        return Ok(Verdict::NotApplicable("the user has a console password: see iam-user-console-mfa".into()));
    }
    Ok(match context.read(&user.mfa)? {
        MfaStatus::Enabled => Verdict::Pass("the user has an active access key and an MFA device".into()),
        MfaStatus::NotEnabled => Verdict::Fail("the user has an active access key and no MFA device".into()),
    })
}

#[cfg(test)]
pub(super) fn examples() -> Vec<crate::example::Example> {
    use crate::example::{Expect, UserFacts, example, iam_user};
    let with = UserFacts::default();
    vec![
        example("active key and device", iam_user(UserFacts { active_key: true, mfa: true, ..with }), Expect::Pass),
        example("active key, no device", iam_user(UserFacts { active_key: true, ..with }), Expect::Fail),
        example("inactive key", iam_user(UserFacts { inactive_key: true, ..with }), Expect::NotApplicable),
        example("no key", iam_user(with), Expect::NotApplicable),
        example(
            "active key and password",
            iam_user(UserFacts { active_key: true, password: true, ..with }),
            Expect::NotApplicable,
        ),
        example(
            "one key inactive, one active",
            iam_user(UserFacts { active_key: true, inactive_key: true, ..with }),
            Expect::Fail,
        ),
    ]
}
