use model::{Dataset, IamUser, MfaStatus};

use crate::{Check, Context, Control, Judgement, Severity, Verdict, rule::rule};

rule! {
    /// ## What it checks
    /// Every IAM user has at least one MFA device, users without a console password included. Opt-in: it flags
    /// every service user, for which MFA means nothing unless a policy demands it.
    ///
    /// ## Why it matters
    /// Some frameworks ask for a device on every user, whatever its credentials.
    ///
    /// ## How to fix it
    /// Enrol a device for the user; or replace a user that serves a program by a role, and delete it.
    {
        id: "iam-user-mfa",
        title: "IAM user has no MFA device",
        severity: Severity::Medium,
        controls: &[
            Control::security_hub("IAM.19"),
            Control::aws_config("iam-user-mfa-enabled"),
            Control::nist_800_53("AC-2(1)"),
            Control::nist_800_53("AC-3(15)"),
            Control::nist_800_53("IA-2(1)"),
            Control::nist_800_53("IA-2(2)"),
            Control::nist_800_53("IA-2(6)"),
            Control::nist_800_53("IA-2(8)"),
            Control::nist_800_171("3.3.8"),
            Control::nist_800_171("3.5.3"),
            Control::nist_800_171("3.5.4"),
            Control::nist_800_171("3.7.5"),
            Control::pci_dss("3.2.1", "8.3.1"),
            Control::pci_dss("4.0.1", "8.4.2"),
        ],
        requires: &[Dataset::MfaStatus],
        settings: &[],
        check: Check::IamUser(judge),
    }
}

fn judge(user: &IamUser, context: &Context<'_>) -> Judgement {
    Ok(match context.read(&user.mfa)? {
        MfaStatus::Enabled => Verdict::Pass("the user has an MFA device".into()),
        MfaStatus::NotEnabled => Verdict::Fail("the user has no MFA device".into()),
    })
}

#[cfg(test)]
pub(super) fn examples() -> Vec<crate::example::Example> {
    use crate::example::{Expect, UserFacts, example, iam_user};
    let with = UserFacts::default();
    vec![
        example("device", iam_user(UserFacts { mfa: true, ..with }), Expect::Pass),
        example("no device", iam_user(with), Expect::Fail),
        example("password, no device", iam_user(UserFacts { password: true, ..with }), Expect::Fail),
    ]
}
