use model::{Dataset, Presence, RootUser};

use crate::{Check, Context, Judgement, Severity, Verdict, rule::rule};

rule! {
    /// ## What it checks
    /// The root user of every account has no signing certificate. It is judged in every partition.
    ///
    /// ## Why it matters
    /// An X.509 signing certificate signs SOAP requests of old services with full power over the account. Like an
    /// access key it needs no MFA, and hardly anyone looks for it.
    ///
    /// ## How to fix it
    /// Delete it: for a member account centrally, from the management account ("Centralize root access for member
    /// accounts" in the IAM user guide), else signed in as the root user, under "Security credentials".
    ///
    /// ## What others say
    /// ScoutSuite (`iam-root-account-with-active-certs`) has the same check. Prowler, Security Hub and AWS Config look
    /// for access keys only.
    {
        id: "root-user-signing-certificate",
        title: "Root user has a signing certificate",
        severity: Severity::High,
        controls: &[],
        requires: &[Dataset::RootCredentials],
        settings: &[],
        check: Check::RootUser(judge),
    }
}

fn judge(root: &RootUser, context: &Context<'_>) -> Judgement {
    Ok(match context.read(&root.signing_certificate)? {
        Presence::Present => Verdict::Fail("the root user has a signing certificate".into()),
        Presence::Absent => Verdict::Pass("the root user has no signing certificate".into()),
    })
}

#[cfg(test)]
pub(super) fn examples() -> Vec<crate::example::Example> {
    use crate::example::{Expect, RootFacts, example, root_user, root_user_in};
    let with = RootFacts::default();
    vec![
        example("no certificate", root_user(RootFacts { password: true, mfa: true, ..with }), Expect::Pass),
        example("no credentials at all", root_user(with), Expect::Pass),
        example("only a certificate", root_user(RootFacts { certificate: true, ..with }), Expect::Fail),
        example("a certificate and MFA", root_user(RootFacts { certificate: true, mfa: true, ..with }), Expect::Fail),
        example("GovCloud", root_user_in("aws-us-gov", RootFacts { certificate: true, ..with }), Expect::Fail),
    ]
}
