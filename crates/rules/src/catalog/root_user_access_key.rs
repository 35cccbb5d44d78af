use model::{Dataset, Presence, RootUser};

use crate::{Check, Context, Control, Judgement, Severity, Verdict, rule::rule};

rule! {
    /// ## What it checks
    /// The root user of every account has no access key. It is judged in every partition.
    ///
    /// ## Why it matters
    /// An access key of the root user signs requests with full power over the account, and MFA never protects
    /// them: the key alone is enough.
    ///
    /// ## How to fix it
    /// Move what uses the key to a role, then delete the key: for a member account centrally, from the management
    /// account ("Centralize root access for member accounts" in the IAM user guide), else signed in as the root
    /// user, under "Security credentials".
    ///
    /// ## What others say
    /// Prowler (`iam_no_root_access_key`), Security Hub (IAM.4) and AWS Config (`iam-root-access-key-check`) agree
    /// wherever they could look. Where they could not, Prowler leaves the account out of the report.
    {
        id: "root-user-access-key",
        title: "Root user has an access key",
        severity: Severity::Critical,
        controls: &[
            Control::cis_aws("1.2.0", "1.12"),
            Control::cis_aws("1.4.0", "1.4"),
            Control::cis_aws("1.5.0", "1.4"),
            Control::cis_aws("2.0.0", "1.4"),
            Control::cis_aws("3.0.0", "1.4"),
            Control::cis_aws("4.0.1", "1.4"),
            Control::cis_aws("5.0.0", "1.3"),
            Control::cis_aws("6.0.0", "2.3"),
            Control::cis_aws("7.0.0", "2.4"),
            Control::security_hub("IAM.4"),
            Control::aws_config("iam-root-access-key-check"),
            Control::nist_800_53("AC-2(1)"),
            Control::nist_800_53("AC-3(15)"),
            Control::nist_800_53("AC-3(7)"),
            Control::nist_800_53("AC-6"),
            Control::nist_800_53("AC-6(10)"),
            Control::nist_800_53("AC-6(2)"),
            Control::pci_dss("3.2.1", "2.1"),
            Control::pci_dss("3.2.1", "2.2"),
            Control::pci_dss("3.2.1", "7.2.1"),
            Control::pci_dss("4.0", "7.2.1"),
            Control::pci_dss("4.0", "7.2.2"),
            Control::pci_dss("4.0", "7.2.3"),
            Control::pci_dss("4.0", "8.2.1"),
            Control::pci_dss("4.0", "8.2.2"),
            Control::pci_dss("4.0", "8.2.4"),
            Control::pci_dss("4.0", "8.2.5"),
            Control::pci_dss("4.0", "8.3.11"),
            Control::nist_800_171("3.1.5"),
            Control::nist_800_171("3.1.6"),
            Control::nist_800_171("3.1.7"),
            Control::iso_27001("A.5.15"),
            Control::cis_controls("4.7"),
            Control::csa_ccm("IAM-09"),
            Control::csa_ccm("IAM-10"),
            Control::soc_2("CC6.1"),
            Control::soc_2("CC6.2"),
            Control::soc_2("CC6.3"),
        ],
        requires: &[Dataset::RootCredentials],
        settings: &[],
        check: Check::RootUser(judge),
    }
}

fn judge(root: &RootUser, context: &Context<'_>) -> Judgement {
    Ok(match context.read(&root.access_key)? {
        Presence::Present => Verdict::Fail("the root user has an access key".into()),
        Presence::Absent => Verdict::Pass("the root user has no access key".into()),
    })
}

#[cfg(test)]
pub(super) fn examples() -> Vec<crate::example::Example> {
    use crate::example::{Expect, RootFacts, example, root_user, root_user_in};
    let with = RootFacts::default();
    vec![
        example("no key", root_user(RootFacts { password: true, ..with }), Expect::Pass),
        example("no credentials at all", root_user(with), Expect::Pass),
        example("a key", root_user(RootFacts { access_key: true, ..with }), Expect::Fail),
        example("a key and MFA", root_user(RootFacts { access_key: true, mfa: true, ..with }), Expect::Fail),
        example("GovCloud", root_user_in("aws-us-gov", RootFacts { access_key: true, ..with }), Expect::Fail),
    ]
}
