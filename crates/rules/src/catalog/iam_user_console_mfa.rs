use model::{ConsolePassword, Dataset, IamUser, MfaStatus};

use crate::{Check, Context, Control, Judgement, Severity, Verdict, rule::rule};

rule! {
    /// ## What it checks
    /// Every IAM user with a console password has at least one MFA device, of whatever kind. A password that was
    /// never used counts. A user without a password cannot sign in to the console, and is not applicable.
    ///
    /// ## Why it matters
    /// A leaked or guessed password alone is enough to sign in.
    ///
    /// ## How to fix it
    /// If the user is in use, enrol a device: IAM, Users, the user, "Security credentials", "Assign MFA device".
    /// If not, delete the console password: `aws iam delete-login-profile --user-name NAME`. Best, give people
    /// access through an identity provider, and have no console users.
    {
        id: "iam-user-console-mfa",
        title: "IAM user can sign in to the console without MFA",
        severity: Severity::High,
        controls: &[
            Control::cis_aws("1.2.0", "1.2"),
            Control::cis_aws("1.4.0", "1.10"),
            Control::cis_aws("1.5.0", "1.10"),
            Control::cis_aws("2.0.0", "1.10"),
            Control::cis_aws("3.0.0", "1.10"),
            Control::cis_aws("4.0.1", "1.10"),
            Control::cis_aws("5.0.0", "1.9"),
            Control::cis_aws("6.0.0", "2.9"),
            Control::cis_aws("7.0.0", "2.10"),
            Control::security_hub("IAM.5"),
            Control::aws_config("mfa-enabled-for-iam-console-access"),
            Control::nist_800_53("AC-2(1)"),
            Control::nist_800_53("AC-3(15)"),
            Control::nist_800_53("IA-2(1)"),
            Control::nist_800_53("IA-2(2)"),
            Control::nist_800_53("IA-2(6)"),
            Control::nist_800_53("IA-2(8)"),
            Control::pci_dss("4.0.1", "8.4.2"),
            Control::pci_dss("4.0", "8.4.1"),
            Control::pci_dss("4.0", "8.4.2"),
            Control::pci_dss("4.0", "8.4.3"),
            Control::nist_800_171("3.1.1"),
            Control::nist_800_171("3.1.2"),
            Control::nist_800_171("3.1.14"),
            Control::nist_800_171("3.5.2"),
            Control::nist_800_171("3.5.3"),
            Control::iso_27001("A.5.15"),
            Control::iso_27001("A.5.17"),
            Control::iso_27001("A.8.5"),
            Control::fedramp_moderate("AC-2(1)"),
            Control::fedramp_moderate("AC-2(f)"),
            Control::fedramp_moderate("AC-2(j)"),
            Control::fedramp_moderate("IA-2(1)"),
            Control::fedramp_moderate("IA-2(1)(2)"),
            Control::hipaa("164.308(a)(3)(ii)(A)"),
            Control::hipaa("164.312(a)(1)"),
            Control::hipaa("164.312(d)"),
            Control::cmmc("IA.L2-3.5.3"),
            Control::cis_controls("6.3"),
            Control::csa_ccm("IAM-13"),
            Control::csa_ccm("IAM-14"),
            Control::nis2("11.3.2.a"),
            Control::nis2("11.6.1"),
            Control::nis2("11.7.2"),
            Control::secnumcloud("9.5"),
            Control::essential_eight("E8-3.1"),
            Control::nist_csf("PR.AA-01"),
            Control::nist_csf("PR.AA-02"),
            Control::nist_csf("PR.AA-03"),
            Control::nist_csf("PR.AA-04"),
            Control::nist_csf("DE.CM-03"),
            Control::nist_csf("GV.RR-04"),
            Control::soc_2("CC3.2"),
            Control::soc_2("CC6.6"),
        ],
        requires: &[Dataset::LoginProfiles, Dataset::MfaStatus],
        settings: &[],
        check: Check::IamUser(judge),
    }
}

fn judge(user: &IamUser, context: &Context<'_>) -> Judgement {
    if *context.read(&user.password)? == ConsolePassword::NotSet {
        return Ok(Verdict::NotApplicable("the user has no console password".into()));
    }
    Ok(match context.read(&user.mfa)? {
        MfaStatus::Enabled => Verdict::Pass("the user has a console password and an MFA device".into()),
        MfaStatus::NotEnabled => Verdict::Fail("the user has a console password and no MFA device".into()),
    })
}

#[cfg(test)]
pub(super) fn examples() -> Vec<crate::example::Example> {
    use crate::example::{Expect, UserFacts, example, iam_user};
    let with = UserFacts::default();
    vec![
        example("password and device", iam_user(UserFacts { password: true, mfa: true, ..with }), Expect::Pass),
        example("password, no device", iam_user(UserFacts { password: true, ..with }), Expect::Fail),
        example("device, no password", iam_user(UserFacts { mfa: true, ..with }), Expect::NotApplicable),
        example("neither", iam_user(UserFacts { active_key: true, ..with }), Expect::NotApplicable),
    ]
}
