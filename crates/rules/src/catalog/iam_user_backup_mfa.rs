use model::{Dataset, IamUser};

use crate::{Check, Context, Judgement, Severity, Verdict, rule::rule};

rule! {
    /// ## What it checks
    /// Every IAM user with MFA has at least two devices. A user without MFA is not applicable.
    ///
    /// ## Why it matters
    /// Who loses the only device cannot sign in until an administrator removes it, and an administrator who does so on a
    /// telephone call is how accounts are taken over.
    ///
    /// ## How to fix it
    /// Enrol a second device: AWS permits eight for each user.
    {
        id: "iam-user-backup-mfa",
        title: "IAM user has a single MFA device",
        severity: Severity::Info,
        controls: &[],
        requires: &[Dataset::MfaDevices],
        settings: &[],
        check: Check::IamUser(judge),
    }
}

fn judge(user: &IamUser, context: &Context<'_>) -> Judgement {
    if user.mfa_devices.items.len() > 1 {
        let devices = context.read_some(&user.mfa_devices).len();
        return Ok(Verdict::Pass(format!("the user has {devices} MFA devices").into()));
    }
    Ok(match context.read_all(&user.mfa_devices)? {
        [] => Verdict::NotApplicable("the user has no MFA device".into()),
        [only] => Verdict::Fail(format!("the user has one MFA device only: {}", only.kind).into()),
        [_, _, ..] => Verdict::Pass("the user has several MFA devices".into()),
    })
}

#[cfg(test)]
pub(super) fn examples() -> Vec<crate::example::Example> {
    use crate::example::{Expect, example, some_user_devices, user_devices};
    const APP: &str = "arn:aws:iam::111122223333:mfa/alice";
    const KEY: &str = "arn:aws:iam::111122223333:u2f/user/alice/key-1";
    vec![
        example("two devices", user_devices(&[APP, KEY]), Expect::Pass),
        example("two devices, and perhaps more", some_user_devices(&[APP, KEY]), Expect::Pass),
        example("one device", user_devices(&[APP]), Expect::Fail),
        example("one device, and perhaps more", some_user_devices(&[APP]), Expect::Indeterminate),
        example("no device", user_devices(&[]), Expect::NotApplicable),
    ]
}
