use model::{Dataset, MfaStatus, RootUser};

use super::root_credentials::{self, Need, RootAbsent};
use crate::{Check, Context, Control, Judgement, Setting, Severity, Verdict, rule::rule};

/// Settings of `root-user-mfa`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Settings {
    /// What to say of a root user without any credential.
    pub root_absent: RootAbsent,
}

static SETTINGS: &[Setting] = &[Setting {
    key: RootAbsent::KEY,
    about: RootAbsent::ABOUT,
    kind: RootAbsent::KIND,
    get: |it| it.root_user_mfa.root_absent.value(),
    set: |it, value| it.root_user_mfa.root_absent.set(value),
}];

rule! {
    /// ## What it checks
    /// The root user of every account that has a root credential (a password, an access key or a signing
    /// certificate) has at least one MFA device. A root user without any credential cannot sign in, and is not
    /// applicable (or passes: `root-absent`). In the partitions `aws-us-gov` and `aws-cn` the root user has no
    /// console sign-in, and is not applicable unless it has an access key.
    ///
    /// ## Why it matters
    /// The root user can do everything in its account, close it included, and no IAM policy restrains it.
    ///
    /// ## How to fix it
    /// Best: remove the root credentials of member accounts centrally, from the management account ("Centralize
    /// root access for member accounts" in the IAM user guide). Else sign in as the root user and register a
    /// passkey or security key under "Security credentials". AWS demands MFA of root users at console sign-in
    /// since 2025, but a root user that does not sign in stays without.
    ///
    /// ## What others say
    /// AWS Config (`root-account-mfa-enabled`) says that a root user without credentials is not applicable, Security
    /// Hub (IAM.9) that it passes. cloudsploit, ScoutSuite and cloudbeat look at `AccountMFAEnabled` alone, which is 0
    /// there, and report a failure.
    {
        id: "root-user-mfa",
        title: "Root user has credentials and no MFA device",
        severity: Severity::Critical,
        controls: &[
            Control::cis_aws("1.2.0", "1.13"),
            Control::cis_aws("1.4.0", "1.5"),
            Control::cis_aws("1.5.0", "1.5"),
            Control::cis_aws("2.0.0", "1.5"),
            Control::cis_aws("3.0.0", "1.5"),
            Control::cis_aws("4.0.1", "1.5"),
            Control::cis_aws("5.0.0", "1.4"),
            Control::cis_aws("6.0.0", "2.4"),
            Control::cis_aws("7.0.0", "2.5"),
            Control::security_hub("IAM.9"),
            Control::aws_config("root-account-mfa-enabled"),
            Control::nist_800_53("AC-2(1)"),
            Control::nist_800_53("AC-3(15)"),
            Control::nist_800_53("IA-2(1)"),
            Control::nist_800_53("IA-2(2)"),
            Control::nist_800_53("IA-2(6)"),
            Control::nist_800_53("IA-2(8)"),
            Control::pci_dss("3.2.1", "8.3.1"),
            Control::pci_dss("4.0", "8.4.1"),
            Control::pci_dss("4.0", "8.4.2"),
            Control::pci_dss("4.0", "8.4.3"),
            Control::pci_dss("4.0.1", "8.4.2"),
            Control::nist_800_171("3.1.1"),
            Control::nist_800_171("3.1.2"),
            Control::nist_800_171("3.5.2"),
            Control::nist_800_171("3.5.3"),
            Control::nist_csf("PR.AA-01"),
            Control::nist_csf("PR.AA-02"),
            Control::nist_csf("PR.AA-03"),
            Control::nist_csf("PR.AA-04"),
            Control::iso_27001("A.5.15"),
            Control::iso_27001("A.5.17"),
            Control::iso_27001("A.8.5"),
            Control::fedramp_moderate("AC-2(1)"),
            Control::fedramp_moderate("AC-2(f)"),
            Control::fedramp_moderate("AC-2(j)"),
            Control::fedramp_moderate("IA-2(1)"),
            Control::fedramp_moderate("IA-2(1)(2)"),
            Control::hipaa("164.308(a)(3)(ii)(A)"),
            Control::hipaa("164.312(d)"),
            Control::cmmc("IA.L2-3.5.3"),
            Control::cis_controls("6.5"),
            Control::csa_ccm("IAM-14"),
            Control::soc_2("CC6.6"),
            Control::nis2("11.3.2.a"),
            Control::nis2("11.6.1"),
            Control::nis2("11.7.2"),
            Control::essential_eight("E8-3.1"),
            Control::mitre_attack("T1078"),
        ],
        requires: &[Dataset::RootCredentials, Dataset::RootMfa],
        settings: SETTINGS,
        check: Check::RootUser(judge),
    }
}

fn judge(root: &RootUser, context: &Context<'_>) -> Judgement {
    let absent = context.settings.root_user_mfa.root_absent;
    let credential = match root_credentials::need(root, context, absent)? {
        Need::Mfa(credential) => credential,
        Need::Nothing(verdict) => return Ok(verdict),
    };
    Ok(match context.read(&root.mfa)? {
        MfaStatus::Enabled => {
            Verdict::Pass(format!("the root user has {credential} and an MFA device").into())
        }
        MfaStatus::NotEnabled => {
            Verdict::Fail(format!("the root user has {credential} and no MFA device").into())
        }
    })
}

#[cfg(test)]
pub(super) fn examples() -> Vec<crate::example::Example> {
    use crate::example::{Expect, RootFacts, example, root_user, root_user_in};
    let with = RootFacts::default();
    vec![
        example("password and MFA", root_user(RootFacts { password: true, mfa: true, ..with }), Expect::Pass),
        example("password, no MFA", root_user(RootFacts { password: true, ..with }), Expect::Fail),
        example("only a key, no MFA", root_user(RootFacts { access_key: true, ..with }), Expect::Fail),
        example("only a certificate, no MFA", root_user(RootFacts { certificate: true, ..with }), Expect::Fail),
        example("no credentials, no MFA", root_user(with), Expect::NotApplicable),
        example("no credentials, as Security Hub has it", root_user(with), Expect::Pass)
            .with(|it| it.root_user_mfa.root_absent = RootAbsent::Pass),
        example("no credentials, MFA left over", root_user(RootFacts { mfa: true, ..with }), Expect::NotApplicable),
        example("GovCloud", root_user_in("aws-us-gov", RootFacts { password: true, ..with }), Expect::NotApplicable),
        example("GovCloud with a key", root_user_in("aws-us-gov", RootFacts { access_key: true, ..with }), Expect::Fail),
        example("China", root_user_in("aws-cn", RootFacts { password: true, ..with }), Expect::NotApplicable),
    ]
}
