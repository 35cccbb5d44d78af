use model::{Dataset, IamUser, Presence};

use crate::{Check, Context, Judgement, Severity, Verdict, rule::rule};

rule! {
    /// ## What it checks
    /// No IAM user has an active X.509 signing certificate.
    ///
    /// ## Why it matters
    /// Signing certificates are a way to sign requests from before access keys, for a few interfaces that are long gone. No
    /// MFA protects them, and hardly any tool looks at them.
    ///
    /// ## How to fix it
    /// Deactivate and delete it: `aws iam delete-signing-certificate --user-name NAME --certificate-id ID`.
    {
        id: "iam-user-signing-certificate",
        title: "IAM user has an active signing certificate",
        severity: Severity::Low,
        controls: &[],
        requires: &[Dataset::SigningCertificates],
        settings: &[],
        check: Check::IamUser(judge),
    }
}

fn judge(user: &IamUser, context: &Context<'_>) -> Judgement {
    Ok(match context.read(&user.signing_certificate)? {
        Presence::Present => Verdict::Fail("the user has an active signing certificate".into()),
        Presence::Absent => Verdict::Pass("the user has no active signing certificate".into()),
    })
}

#[cfg(test)]
pub(super) fn examples() -> Vec<crate::example::Example> {
    use crate::example::{Expect, UserFacts, example, iam_user, known, user_with};
    let with = |it: Presence| user_with(UserFacts::default(), |user| user.signing_certificate = known(it));
    vec![
        example("one", with(Presence::Present), Expect::Fail),
        example("none", with(Presence::Absent), Expect::Pass),
        example("not seen", iam_user(UserFacts::default()), Expect::Indeterminate),
    ]
}
