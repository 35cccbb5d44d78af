use model::{AccessKeyStatus, AdministratorAccess, ConsolePassword, Dataset, IamUser, MfaStatus};

use crate::{Check, Context, Control, Judgement, Severity, Verdict, rule::rule};

rule! {
    /// ## What it checks
    /// Every IAM user that is an administrator, and has a console password or an active access key, has at least one
    /// MFA device. An administrator is who may do everything on everything without a condition: by AWS's
    /// `AdministratorAccess`, by a copy of it, or by policies that amount to the same, attached or written in, directly
    /// or by a group, unless a permissions boundary or a denial of everything takes it away. Powers that only lead to
    /// more (all of IAM) do not count, and neither does all but IAM, as in `PowerUserAccess`. Where a policy's effect
    /// cannot be told for certain (a condition, all actions but a few, a document that is missing), the user is
    /// indeterminate. A user with MFA, or with nothing to sign in with, is not asked about its policies.
    ///
    /// ## Why it matters
    /// Whoever has this user's password or key has the account.
    ///
    /// ## How to fix it
    /// Enrol a device now: IAM, Users, the user, "Security credentials", "Assign MFA device". Then take the access
    /// away from the user: give people a role to assume with MFA, or access through an identity provider, and keep
    /// no administrators among IAM users.
    {
        id: "iam-user-admin-mfa",
        title: "IAM user is an administrator and can act without MFA",
        severity: Severity::Critical,
        controls: &[
            Control::nist_csf("PR.AA-01"),
            Control::nist_csf("PR.AA-02"),
            Control::nist_csf("PR.AA-03"),
            Control::nist_csf("PR.AA-04"),
            Control::nist_csf("PR.AA-05"),
            Control::cis_controls("6.5"),
            Control::csa_ccm("IAM-05"),
            Control::nis2("11.3.2.a"),
            Control::nis2("11.7.2"),
            Control::secnumcloud("9.6"),
            Control::essential_eight("E8-3.1"),
        ],
        requires: &[
            Dataset::MfaStatus,
            Dataset::LoginProfiles,
            Dataset::AccessKeys,
            Dataset::AdministratorAccess,
        ],
        settings: &[],
        check: Check::IamUser(judge),
    }
}

fn judge(user: &IamUser, context: &Context<'_>) -> Judgement {
    if *context.read(&user.mfa)? == MfaStatus::Enabled {
        return Ok(Verdict::Pass("the user has an MFA device".into()));
    }
    let keys = context.read(&user.access_keys)?;
    let has_key = keys.iter().any(|it| it.status == AccessKeyStatus::Active);
    let credential = match (context.read(&user.password)?, has_key) {
        (ConsolePassword::Set, true) => "a console password, an active access key",
        (ConsolePassword::Set, false) => "a console password",
        (ConsolePassword::NotSet, true) => "an active access key",
        (ConsolePassword::NotSet, false) => {
            return Ok(Verdict::NotApplicable("the user has neither a console password nor an active access key".into()));
        }
    };
    Ok(match context.read(&user.administrator_access)? {
        AdministratorAccess::NotAdministrator => Verdict::NotApplicable("the user is not an administrator".into()),
        AdministratorAccess::Administrator(how) => {
            Verdict::Fail(format!("the user is an administrator by {how}, and has {credential} and no MFA device").into())
        }
    })
}

#[cfg(test)]
pub(super) fn examples() -> Vec<crate::example::Example> {
    use crate::example::{Expect, UserFacts, administrator, example, iam_user};
    let with = UserFacts::default();
    let admin = |facts| administrator(iam_user(facts));
    vec![
        example("password, no device", admin(UserFacts { password: true, ..with }), Expect::Fail),
        example("active key, no device", admin(UserFacts { active_key: true, ..with }), Expect::Fail),
        example("both, no device", admin(UserFacts { password: true, active_key: true, ..with }), Expect::Fail),
        example("password and device", admin(UserFacts { password: true, mfa: true, ..with }), Expect::Pass),
        example("active key and device", admin(UserFacts { active_key: true, mfa: true, ..with }), Expect::Pass),
        example("inactive key", admin(UserFacts { inactive_key: true, ..with }), Expect::NotApplicable),
        example("nothing to act with", admin(with), Expect::NotApplicable),
        example(
            "no administrator",
            iam_user(UserFacts { password: true, active_key: true, ..with }),
            Expect::NotApplicable,
        ),
    ]
}
