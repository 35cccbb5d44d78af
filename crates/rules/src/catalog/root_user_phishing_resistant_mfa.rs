use model::{Dataset, MfaDevice, MfaDeviceKind, MfaStatus, RootUser};

use super::root_credentials::{self, Need, RootAbsent};
use crate::{Check, Context, Control, Judgement, Setting, SettingKind, SettingValue, Severity, Verdict, rule::rule};

/// Settings of `root-user-phishing-resistant-mfa`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Settings {
    /// What to say of a root user without any credential.
    pub root_absent: RootAbsent,
    /// Whether a device that can be phished is a failure beside one that cannot.
    pub strict: bool,
}

static SETTINGS: &[Setting] = &[
    Setting {
        key: RootAbsent::KEY,
        about: RootAbsent::ABOUT,
        kind: RootAbsent::KIND,
        get: |it| it.root_user_phishing_resistant_mfa.root_absent.value(),
        set: |it, value| it.root_user_phishing_resistant_mfa.root_absent.set(value),
    },
    Setting {
        key: "strict",
        about: "flag root users that have another kind of device beside a passkey or security key too",
        kind: SettingKind::Switch,
        get: |it| SettingValue::Switch(it.root_user_phishing_resistant_mfa.strict),
        set: |it, value| {
            if let SettingValue::Switch(strict) = value {
                it.root_user_phishing_resistant_mfa.strict = strict;
            }
        },
    },
];

rule! {
    /// ## What it checks
    /// A root user with MFA has a passkey or security key; with `strict`, nothing else beside it. A root user without
    /// any credential is not applicable (or passes: `root-absent`), one without any MFA device is what `root-user-mfa`
    /// is about. In the partitions `aws-us-gov` and `aws-cn` the root user has no console sign-in, and is not
    /// applicable unless it has an access key.
    ///
    /// AWS shows passkeys and hardware tokens of a root user to that root user alone: without `--assume-root`, and for
    /// the management account, there is no verdict. That there is MFA and no authenticator app leaves two kinds, of
    /// which one can be phished.
    ///
    /// ## Why it matters
    /// Whoever is lured to a false sign-in page types the six digits there. A passkey or security key answers to the
    /// true site alone. AAL3 asks besides that the key cannot be copied, which a synced passkey can; AWS does not tell.
    ///
    /// ## How to fix it
    /// Sign in as the root user and register a passkey or security key, better two, under "Security credentials". For
    /// member accounts rather remove the root credentials, from the management account.
    ///
    /// ## What others say
    /// Nothing: Prowler, Security Hub, AWS Config and Steampipe tell authenticator apps from the rest at best.
    {
        id: "root-user-phishing-resistant-mfa",
        title: "Root user has no phishing-resistant MFA device",
        severity: Severity::High,
        controls: &[Control::nist_800_63b("AAL2"), Control::essential_eight("E8-3.7")],
        requires: &[Dataset::RootCredentials, Dataset::RootMfa, Dataset::RootMfaDevices],
        settings: SETTINGS,
        check: Check::RootUser(judge),
    }
}

fn judge(root: &RootUser, context: &Context<'_>) -> Judgement {
    let settings = context.settings.root_user_phishing_resistant_mfa;
    if let Need::Nothing(verdict) = root_credentials::need(root, context, settings.root_absent)? {
        return Ok(verdict);
    }
    if *context.read(&root.mfa)? == MfaStatus::NotEnabled {
        return Ok(Verdict::NotApplicable("the root user has no MFA device (see root-user-mfa)".into()));
    }
    let devices = &root.mfa_devices;
    let is_fido = |it: &&MfaDevice| it.kind == MfaDeviceKind::Fido;
    let fido = devices.items.iter().find(is_fido);
    let other = devices.items.iter().find(|it| !is_fido(it));
    if settings.strict {
        if let Some(other) = other {
            context.read_some(devices);
            return Ok(Verdict::Fail(format!("an MFA device of the root user can be phished: {}", other.kind).into()));
        }
        return Ok(match context.read_all(devices)? {
            [] => Verdict::Fail(NONE.into()),
            _ => Verdict::Pass("every MFA device of the root user is a passkey or security key".into()),
        });
    }
    if fido.is_some() {
        context.read_some(devices);
        return Ok(Verdict::Pass("an MFA device of the root user is a passkey or security key".into()));
    }
    context.read_all(devices)?;
    Ok(Verdict::Fail(NONE.into()))
}

const NONE: &str = "no MFA device of the root user is a passkey or security key";

#[cfg(test)]
pub(super) fn examples() -> Vec<crate::example::Example> {
    use model::Record;

    use crate::example::{Example, Expect, RootFacts, example, root_devices, root_user, root_user_in, some_root_devices};
    let has = RootFacts { password: true, mfa: true, ..RootFacts::default() };
    let fido = "arn:aws:iam::111122223333:u2f/root/key-R1234";
    // A root user's authenticator app may have any name.
    let app = "arn:aws:iam::111122223333:mfa/GoogleAuth";
    let token = "GAHT12345678";
    let whole = |serials: &[&str]| root_devices(root_user(has), serials);
    let part = |serials: &[&str]| some_root_devices(root_user(has), serials);
    let strict = |name, subject: Record, expect| -> Example {
        example(name, subject, expect).with(|it| it.root_user_phishing_resistant_mfa.strict = true)
    };
    let none = RootFacts::default();
    vec![
        example("a key", whole(&[fido]), Expect::Pass),
        example("a key and an app", whole(&[app, fido]), Expect::Pass),
        example("an app", whole(&[app]), Expect::Fail),
        example("a hardware token", whole(&[token]), Expect::Fail),
        example("a device of a new kind", whole(&["arn:aws:iam::111122223333:palm/left"]), Expect::Fail),
        example("an app, and what is not visible", part(&[app]), Expect::Indeterminate),
        example("only what is not visible", part(&[]), Expect::Indeterminate),
        example("a key, and what is not visible", part(&[fido]), Expect::Pass),
        strict("strict: a key", whole(&[fido]), Expect::Pass),
        strict("strict: a key and an app", whole(&[app, fido]), Expect::Fail),
        strict("strict: an app, and what is not visible", part(&[app]), Expect::Fail),
        strict("strict: a key, and what is not visible", part(&[fido]), Expect::Indeterminate),
        example("no MFA", root_user(RootFacts { mfa: false, ..has }), Expect::NotApplicable),
        example("no credentials", root_user(none), Expect::NotApplicable),
        example("no credentials, as Security Hub would have it", root_user(none), Expect::Pass)
            .with(|it| it.root_user_phishing_resistant_mfa.root_absent = RootAbsent::Pass),
        example("GovCloud", root_devices(root_user_in("aws-us-gov", has), &[app]), Expect::NotApplicable),
    ]
}
