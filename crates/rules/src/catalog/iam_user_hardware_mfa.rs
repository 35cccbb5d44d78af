use model::{ConsolePassword, Dataset, IamUser, MfaDevice, MfaDeviceKind, MfaStatus};

use crate::{Check, Context, Control, Judgement, Setting, SettingKind, SettingValue, Severity, Verdict, rule::rule};

/// Settings of `iam-user-hardware-mfa`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Settings {
    /// Whether an app or text messages are a failure beside hardware.
    pub strict: bool,
}

static SETTINGS: &[Setting] = &[Setting {
    key: "strict",
    about: "flag users that have an authenticator app or text messages beside hardware too",
    kind: SettingKind::Switch,
    get: |it| SettingValue::Switch(it.iam_user_hardware_mfa.strict),
    set: |it, value| {
        if let SettingValue::Switch(strict) = value {
            it.iam_user_hardware_mfa.strict = strict;
        }
    },
}];

rule! {
    /// ## What it checks
    /// Every IAM user with a console password and MFA has a hardware token, security key or passkey among its devices.
    /// With `strict` it has no authenticator app and no text messages beside it. A user without a password, or without
    /// MFA, is not applicable. A device of a kind that this version does not know leaves the question open. Opt-in.
    ///
    /// A passkey counts as hardware, as it does for AWS; AWS does not tell whether it is synced to a cloud account.
    ///
    /// ## Why it matters
    /// An authenticator app's secret can be copied from a telephone or its backup.
    ///
    /// ## How to fix it
    /// Give the user a security key, and remove the authenticator app once two are registered.
    ///
    /// ## What others say
    /// Prowler (`iam_user_hardware_mfa_enabled`) fails a user that has an authenticator app beside a security key; that is
    /// what `strict` asks for.
    {
        id: "iam-user-hardware-mfa",
        title: "IAM user signs in with MFA in software alone",
        severity: Severity::Low,
        controls: &[
            Control::iso_27001("A.8.5"),
            Control::cis_controls("6.3"),
            Control::csa_ccm("IAM-14"),
            Control::nis2("11.7.2"),
            Control::secnumcloud("9.6"),
            Control::essential_eight("E8-3.1"),
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
    let is_hard = |it: &MfaDevice| matches!(it.kind, MfaDeviceKind::Fido | MfaDeviceKind::HardwareTotp);
    let is_soft = |it: &MfaDevice| matches!(it.kind, MfaDeviceKind::VirtualTotp | MfaDeviceKind::Sms);
    match context.settings.iam_user_hardware_mfa.strict {
        false if seen.iter().any(is_hard) => {
            context.read_some(&user.mfa_devices);
            return Ok(Verdict::Pass("the user has a hardware token, security key or passkey".into()));
        }
        true => {
            if let Some(soft) = seen.iter().find(|it| is_soft(it)) {
                context.read_some(&user.mfa_devices);
                return Ok(Verdict::Fail(format!("the user can sign in without hardware: {}", soft.kind).into()));
            }
        }
        false => {}
    }
    let devices = context.read_all(&user.mfa_devices)?;
    if !devices.iter().all(|it| is_hard(it) || is_soft(it)) {
        return Err(context.untold(Dataset::MfaDevices));
    }
    Ok(match devices.first() {
        None => Verdict::NotApplicable("the user has no MFA device: see iam-user-console-mfa".into()),
        Some(first) if is_hard(first) => Verdict::Pass("every MFA device of the user is hardware".into()),
        Some(first) => Verdict::Fail(format!("no MFA device of the user is hardware: {}", first.kind).into()),
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
    let strict = |it: &mut crate::Settings| it.iam_user_hardware_mfa.strict = true;
    vec![
        example("a hardware token", user_devices(&[TOKEN]), Expect::Pass),
        example("a key", user_devices(&[KEY]), Expect::Pass),
        example("a key and an app", user_devices(&[APP, KEY]), Expect::Pass),
        example("a key and an app, strictly", user_devices(&[APP, KEY]), Expect::Fail).with(strict),
        example("a key, strictly", user_devices(&[KEY]), Expect::Pass).with(strict),
        example("an app", user_devices(&[APP]), Expect::Fail),
        example("text messages", user_devices(&[SMS]), Expect::Fail),
        example("a device of a new kind", user_devices(&[NEW]), Expect::Indeterminate),
        example("an app, and perhaps more", some_user_devices(&[APP]), Expect::Indeterminate),
        example("no device", user_devices(&[]), Expect::NotApplicable),
        example("no password", nobody, Expect::NotApplicable),
    ]
}
