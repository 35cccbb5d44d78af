use model::{ConsolePassword, Dataset, IamUser, MfaDevice, MfaDeviceKind, MfaStatus};

use crate::{Check, Context, Control, Judgement, Setting, SettingKind, SettingValue, Severity, Verdict, rule::rule};

/// Settings of `iam-user-phishing-resistant-mfa`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Settings {
    /// Whether a device that can be phished is a failure beside one that cannot.
    pub strict: bool,
}

static SETTINGS: &[Setting] = &[Setting {
    key: "strict",
    about: "flag users that have another kind of device beside a passkey or security key too",
    kind: SettingKind::Switch,
    get: |it| SettingValue::Switch(it.iam_user_phishing_resistant_mfa.strict),
    set: |it, value| {
        if let SettingValue::Switch(strict) = value {
            it.iam_user_phishing_resistant_mfa.strict = strict;
        }
    },
}];

rule! {
    /// ## What it checks
    /// Every IAM user with a console password and MFA has a passkey or security key among its devices. With `strict` it
    /// has no other: an authenticator app beside the key can still be asked for. A user without a password, or without
    /// MFA, is not applicable: `iam-user-console-mfa` is about the latter. A device of a kind that this version does not
    /// know leaves the question open.
    ///
    /// A passkey that is synced to a cloud account counts: AWS does not tell it from a security key.
    ///
    /// ## Why it matters
    /// A one-time password is good wherever it is typed in, on a false sign-in page too. A passkey or security key signs
    /// for AWS's own address and for no other.
    ///
    /// ## How to fix it
    /// Let the user register a passkey or security key: IAM, Users, the user, "Security credentials", "Assign MFA device".
    /// Then remove the other devices, once two keys are registered.
    {
        id: "iam-user-phishing-resistant-mfa",
        title: "IAM user signs in with MFA that a false sign-in page can pass on",
        severity: Severity::Medium,
        controls: &[
            Control::nist_800_63b("AAL2"),
            Control::nist_800_63b("AAL3"),
            Control::essential_eight("E8-3.7"),
        ],
        requires: &[Dataset::LoginProfiles, Dataset::MfaStatus, Dataset::MfaDevices],
        settings: SETTINGS,
        check: Check::IamUser(judge),
    }
}

fn judge(user: &IamUser, context: &Context<'_>) -> Judgement {
    if *context.read(&user.password)? == ConsolePassword::NotSet {
        return Ok(Verdict::NotApplicable("the user has no console password".into()));
    }
    if *context.read(&user.mfa)? == MfaStatus::NotEnabled {
        return Ok(Verdict::NotApplicable("the user has no MFA device: see iam-user-console-mfa".into()));
    }
    let seen = &user.mfa_devices.items;
    let is_fido = |it: &MfaDevice| it.kind == MfaDeviceKind::Fido;
    let is_known = |it: &MfaDevice| it.kind != MfaDeviceKind::Unrecognized;
    match context.settings.iam_user_phishing_resistant_mfa.strict {
        false if seen.iter().any(is_fido) => {
            context.read_some(&user.mfa_devices);
            return Ok(Verdict::Pass("the user has a passkey or security key".into()));
        }
        true => {
            if let Some(other) = seen.iter().find(|it| !is_fido(it) && is_known(it)) {
                context.read_some(&user.mfa_devices);
                return Ok(Verdict::Fail(format!("the user can sign in with another device: {}", other.kind).into()));
            }
        }
        false => {}
    }
    let devices = context.read_all(&user.mfa_devices)?;
    if !devices.iter().all(is_known) {
        return Err(context.untold(Dataset::MfaDevices));
    }
    Ok(match devices.first() {
        None => Verdict::NotApplicable("the user has no MFA device: see iam-user-console-mfa".into()),
        Some(first) if is_fido(first) => {
            Verdict::Pass("every MFA device of the user is a passkey or security key".into())
        }
        Some(first) => Verdict::Fail(format!("the user has no passkey or security key, but: {}", first.kind).into()),
    })
}

#[cfg(test)]
pub(super) fn examples() -> Vec<crate::example::Example> {
    use crate::example::{Expect, example, some_user_devices, user_devices};
    const APP: &str = "arn:aws:iam::111122223333:mfa/alice";
    const KEY: &str = "arn:aws:iam::111122223333:u2f/user/alice/key-1";
    const TOKEN: &str = "GAHT12345678";
    const SMS: &str = "arn:aws:iam::111122223333:sms-mfa/alice";
    const NEW: &str = "arn:aws:iam::111122223333:palm/alice";
    let mut nobody = user_devices(&[KEY]);
    nobody.iam_users.items[0].password = crate::example::known(ConsolePassword::NotSet);
    let strict = |it: &mut crate::Settings| it.iam_user_phishing_resistant_mfa.strict = true;
    vec![
        example("a key", user_devices(&[KEY]), Expect::Pass),
        example("a key and an app", user_devices(&[APP, KEY]), Expect::Pass),
        example("a key and an app, strictly", user_devices(&[APP, KEY]), Expect::Fail).with(strict),
        example("two keys, strictly", user_devices(&[KEY, KEY]), Expect::Pass).with(strict),
        example("an app", user_devices(&[APP]), Expect::Fail),
        example("a hardware token", user_devices(&[TOKEN]), Expect::Fail),
        example("text messages", user_devices(&[SMS]), Expect::Fail),
        example("a device of a new kind", user_devices(&[NEW]), Expect::Indeterminate),
        example("a device of a new kind and a key", user_devices(&[NEW, KEY]), Expect::Pass),
        example("a device of a new kind and a key, strictly", user_devices(&[NEW, KEY]), Expect::Indeterminate).with(strict),
        example("an app, and perhaps more", some_user_devices(&[APP]), Expect::Indeterminate),
        example("an app, and perhaps more, strictly", some_user_devices(&[APP]), Expect::Fail).with(strict),
        example("no device", user_devices(&[]), Expect::NotApplicable),
        example("no password", nobody, Expect::NotApplicable),
    ]
}
