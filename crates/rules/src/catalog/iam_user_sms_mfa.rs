use model::{Dataset, IamUser, MfaDevice, MfaDeviceKind};

use crate::{Check, Context, Control, Judgement, Severity, Verdict, rule::rule};

rule! {
    /// ## What it checks
    /// No IAM user has a telephone that receives text messages among its MFA devices. AWS lets nobody
    /// enable one any more, and some may be left. A user without MFA is not applicable.
    ///
    /// ## Why it matters
    /// Text messages can be read by whoever takes over the telephone number. AWS has ended them as MFA.
    ///
    /// ## How to fix it
    /// Enrol another device for the user, then deactivate this one.
    {
        id: "iam-user-sms-mfa",
        title: "IAM user has text messages as MFA device",
        severity: Severity::High,
        controls: &[
            Control::nist_800_63b("5.1.3.3"),
        ],
        requires: &[Dataset::MfaDevices],
        settings: &[],
        check: Check::IamUser(judge),
    }
}

fn judge(user: &IamUser, context: &Context<'_>) -> Judgement {
    let is_sms = |it: &MfaDevice| it.kind == MfaDeviceKind::Sms;
    if user.mfa_devices.items.iter().any(is_sms) {
        context.read_some(&user.mfa_devices);
        return Ok(Verdict::Fail("the user receives codes by text message".into()));
    }
    let devices = context.read_all(&user.mfa_devices)?;
    if devices.is_empty() {
        return Ok(Verdict::NotApplicable("the user has no MFA device".into()));
    }
    if devices.iter().any(|it| it.kind == MfaDeviceKind::Unrecognized) {
        return Err(context.untold(Dataset::MfaDevices));
    }
    Ok(Verdict::Pass("no MFA device of the user is a telephone".into()))
}

#[cfg(test)]
pub(super) fn examples() -> Vec<crate::example::Example> {
    use crate::example::{Expect, example, some_user_devices, user_devices};
    const APP: &str = "arn:aws:iam::111122223333:mfa/sms-mfa/alice";
    const SMS: &str = "arn:aws:iam::111122223333:sms-mfa/alice";
    const NEW: &str = "arn:aws:iam::111122223333:palm/alice";
    vec![
        example("an app, whatever it is called", user_devices(&[APP]), Expect::Pass),
        example("text messages", user_devices(&[SMS]), Expect::Fail),
        example("text messages and an app", user_devices(&[APP, SMS]), Expect::Fail),
        example("text messages, and perhaps more", some_user_devices(&[SMS]), Expect::Fail),
        example("an app, and perhaps more", some_user_devices(&[APP]), Expect::Indeterminate),
        example("a device of a new kind", user_devices(&[NEW]), Expect::Indeterminate),
        example("no device", user_devices(&[]), Expect::NotApplicable),
    ]
}
