use model::{AccessKeyStatus, Dataset, IamUser};

use crate::{Check, Context, Judgement, Severity, Verdict, rule::rule};

rule! {
    /// ## What it checks
    /// No IAM user has an active service-specific credential: a Git password of `CodeCommit`, a password of Amazon Keyspaces,
    /// an API key of Amazon Bedrock or `CloudWatch` Logs. One that has expired or is switched off is not judged.
    ///
    /// ## Why it matters
    /// Such a credential is a password that no MFA protects, and no credential report tells of it.
    ///
    /// ## How to fix it
    /// Use temporary credentials of a role instead, and delete it:
    /// `aws iam delete-service-specific-credential --user-name NAME --service-specific-credential-id ID`.
    {
        id: "iam-user-service-specific-credential",
        title: "IAM user has a long-lived credential for a single service",
        severity: Severity::Low,
        controls: &[],
        requires: &[Dataset::ServiceSpecificCredentials],
        settings: &[],
        check: Check::IamUser(judge),
    }
}

fn judge(user: &IamUser, context: &Context<'_>) -> Judgement {
    let credentials = context.read(&user.service_specific_credentials)?;
    let active = credentials.iter().find(|it| it.status == AccessKeyStatus::Active);
    Ok(match active {
        Some(one) => Verdict::Fail(format!("the user has an active credential for {}", one.service).into()),
        None => Verdict::Pass("the user has no active service-specific credential".into()),
    })
}

#[cfg(test)]
pub(super) fn examples() -> Vec<crate::example::Example> {
    use AccessKeyStatus::{Active, Inactive};
    use model::ServiceSpecificCredential;

    use crate::example::{Expect, UserFacts, example, iam_user, known, user_with};
    let with = |all: &[AccessKeyStatus]| {
        let credential = |status: &AccessKeyStatus| ServiceSpecificCredential {
            id: "ACCA1234567890EXAMPLE".into(),
            service: "codecommit.amazonaws.com".into(),
            status: *status,
            created_at: None,
            expires_at: None,
        };
        let all = all.iter().map(credential).collect();
        user_with(UserFacts::default(), |it| it.service_specific_credentials = known(all))
    };
    vec![
        example("an active one", with(&[Active]), Expect::Fail),
        example("an active one beside one that is switched off", with(&[Inactive, Active]), Expect::Fail),
        example("one that is switched off or has expired", with(&[Inactive]), Expect::Pass),
        example("none", with(&[]), Expect::Pass),
        example("not seen", iam_user(UserFacts::default()), Expect::Indeterminate),
    ]
}
