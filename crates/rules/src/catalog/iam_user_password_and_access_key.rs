use model::{AccessKey, AccessKeyStatus, ConsolePassword, Dataset, IamUser};

use crate::{Check, Context, Judgement, Severity, Verdict, rule::rule};

rule! {
    /// ## What it checks
    /// No IAM user has both a console password and an active access key. A user that has neither is not applicable.
    ///
    /// ## Why it matters
    /// One identity for a person and for programs can be bound neither to the one's hours and places nor to the other's,
    /// and whoever gets hold of either has both's permissions.
    ///
    /// ## How to fix it
    /// Give the program a role, or a user of its own, and the person access through an identity provider.
    {
        id: "iam-user-password-and-access-key",
        title: "IAM user has both a console password and an active access key",
        severity: Severity::Low,
        controls: &[],
        requires: &[Dataset::LoginProfiles, Dataset::AccessKeys],
        settings: &[],
        check: Check::IamUser(judge),
    }
}

fn judge(user: &IamUser, context: &Context<'_>) -> Judgement {
    let has_key = |keys: &Vec<AccessKey>| keys.iter().any(|it| it.status == AccessKeyStatus::Active);
    let password = *context.read(&user.password)?;
    let key = has_key(context.read(&user.access_keys)?);
    Ok(match (password, key) {
        (ConsolePassword::Set, true) => {
            Verdict::Fail("the user has a console password and an active access key".into())
        }
        (ConsolePassword::Set, false) => Verdict::Pass("the user has a console password alone".into()),
        (ConsolePassword::NotSet, true) => Verdict::Pass("the user has an active access key alone".into()),
        (ConsolePassword::NotSet, false) => {
            Verdict::NotApplicable("the user has neither console password nor active access key".into())
        }
    })
}

#[cfg(test)]
pub(super) fn examples() -> Vec<crate::example::Example> {
    use crate::example::{Expect, UserFacts, example, iam_user};
    let with = UserFacts::default();
    vec![
        example("both", iam_user(UserFacts { password: true, active_key: true, ..with }), Expect::Fail),
        example("a password", iam_user(UserFacts { password: true, ..with }), Expect::Pass),
        example("a password and a key that is switched off", iam_user(UserFacts { password: true, inactive_key: true, ..with }), Expect::Pass),
        example("a key", iam_user(UserFacts { active_key: true, ..with }), Expect::Pass),
        example("neither", iam_user(with), Expect::NotApplicable),
    ]
}
