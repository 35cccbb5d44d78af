use model::{Dataset, MfaStatus, Presence, RootUser};

use super::root_credentials::{self, RootCredentials};
use crate::{Check, Context, Control, Judgement, Severity, Verdict, rule::rule};

rule! {
    /// ## What it checks
    /// The root user of every account that has a root credential (a password, an access key or a signing
    /// certificate) has at least one MFA device. A root user without any credential cannot sign in, and is not
    /// applicable: `AccountMFAEnabled` is 0 there too, which other tools report as a failure. In the partitions
    /// `aws-us-gov` and `aws-cn` the root user has no console sign-in, and is not applicable unless it has an
    /// access key.
    ///
    /// ## Why it matters
    /// The root user can do everything in its account, close it included, and no IAM policy restrains it.
    ///
    /// ## How to fix it
    /// Best: remove the root credentials of member accounts centrally, from the management account ("Centralize
    /// root access for member accounts" in the IAM user guide). Else sign in as the root user and register a
    /// passkey or security key under "Security credentials". AWS demands MFA of root users at console sign-in
    /// since 2025, but a root user that does not sign in stays without.
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
            Control::pci_dss("4.0.1", "8.4.2"),
        ],
        requires: &[Dataset::RootCredentials, Dataset::RootMfa],
        settings: &[],
        check: Check::RootUser(judge),
    }
}

fn judge(root: &RootUser, context: &Context<'_>) -> Judgement {
    if let Some(reason) = root_credentials::console_is_closed_to_root(context)
        && *context.read(&root.access_key)? == Presence::Absent
    {
        return Ok(Verdict::NotApplicable(reason));
    }
    let RootCredentials::Present(credential) = root_credentials::read(root, context)? else {
        return Ok(Verdict::NotApplicable("the root user has no credentials".into()));
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
        example("no credentials, MFA left over", root_user(RootFacts { mfa: true, ..with }), Expect::NotApplicable),
        example("GovCloud", root_user_in("aws-us-gov", RootFacts { password: true, ..with }), Expect::NotApplicable),
        example("GovCloud with a key", root_user_in("aws-us-gov", RootFacts { access_key: true, ..with }), Expect::Fail),
        example("China", root_user_in("aws-cn", RootFacts { password: true, ..with }), Expect::NotApplicable),
    ]
}
