use model::{Dataset, MfaDeviceKind, MfaStatus, Presence, RootUser};

use super::root_credentials::{self, Need, RootAbsent};
use crate::{Check, Context, Control, Judgement, Setting, Severity, Verdict, rule::rule};

/// Settings of `root-user-hardware-mfa`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Settings {
    /// What to say of a root user without any credential.
    pub root_absent: RootAbsent,
}

static SETTINGS: &[Setting] = &[Setting {
    key: RootAbsent::KEY,
    about: RootAbsent::ABOUT,
    kind: RootAbsent::KIND,
    get: |it| it.root_user_hardware_mfa.root_absent.value(),
    set: |it, value| it.root_user_hardware_mfa.root_absent.set(value),
}];

rule! {
    /// ## What it checks
    /// No authenticator app is among the MFA devices of a root user: what is left are hardware tokens, security keys
    /// and passkeys. One app beside them is a failure, since whoever has the weakest device can sign in. Whose an app
    /// is, is told by the owner AWS names, never by the device's name, which anyone may choose. A root user without
    /// any credential is not applicable (or passes: `root-absent`), one without any MFA device is what `root-user-mfa`
    /// is about. In the partitions `aws-us-gov` and `aws-cn` the root user has no console sign-in, and is not
    /// applicable unless it has an access key.
    ///
    /// A passkey counts as hardware here, as it does for AWS and the CIS benchmark; AWS does not tell whether it is
    /// synced to a cloud account.
    ///
    /// ## Why it matters
    /// An authenticator app's secret can be copied from a telephone or its backup, and the codes be asked for by a
    /// false sign-in page.
    ///
    /// ## How to fix it
    /// Sign in as the root user, register two security keys under "Security credentials", then remove the
    /// authenticator app there. For member accounts rather remove the root credentials, from the management account.
    ///
    /// ## What others say
    /// Prowler looks for `root` anywhere in the owner's ARN, which a user called `groot` has too; older tools look for
    /// a device called `root-account-mfa-device`, which a user's may be called, and a root user's need not be.
    /// Security Hub (IAM.6) and AWS Config fail a root user without any MFA device too.
    {
        id: "root-user-hardware-mfa",
        title: "Root user has an authenticator app as MFA device",
        severity: Severity::Critical,
        controls: &[
            Control::cis_aws("1.2.0", "1.14"),
            Control::cis_aws("1.4.0", "1.6"),
            Control::cis_aws("1.5.0", "1.6"),
            Control::cis_aws("2.0.0", "1.6"),
            Control::cis_aws("3.0.0", "1.6"),
            Control::cis_aws("4.0.1", "1.6"),
            Control::cis_aws("5.0.0", "1.5"),
            Control::cis_aws("6.0.0", "2.5"),
            Control::cis_aws("7.0.0", "2.6"),
            Control::security_hub("IAM.6"),
            Control::aws_config("root-account-hardware-mfa-enabled"),
            Control::nist_800_53("AC-2(1)"),
            Control::nist_800_53("AC-3(15)"),
            Control::nist_800_53("IA-2(1)"),
            Control::nist_800_53("IA-2(2)"),
            Control::nist_800_53("IA-2(6)"),
            Control::nist_800_53("IA-2(8)"),
            Control::pci_dss("3.2.1", "8.3.1"),
            Control::pci_dss("4.0.1", "8.4.2"),
            Control::nist_800_171("3.1.1"),
            Control::nist_800_171("3.1.2"),
            Control::nist_800_171("3.5.3"),
            Control::cis_controls("6.5"),
            Control::csa_ccm("IAM-14"),
            Control::nis2("11.6.1"),
            Control::nis2("11.7.2"),
            Control::secnumcloud("9.6"),
            Control::essential_eight("E8-3.1"),
            Control::essential_eight("E8-3.7"),
        ],
        requires: &[Dataset::RootCredentials, Dataset::RootMfa, Dataset::RootVirtualMfaDevices],
        settings: SETTINGS,
        check: Check::RootUser(judge),
    }
}

fn judge(root: &RootUser, context: &Context<'_>) -> Judgement {
    let absent = context.settings.root_user_hardware_mfa.root_absent;
    if let Need::Nothing(verdict) = root_credentials::need(root, context, absent)? {
        return Ok(verdict);
    }
    if *context.read(&root.mfa)? == MfaStatus::NotEnabled {
        return Ok(Verdict::NotApplicable("the root user has no MFA device (see root-user-mfa)".into()));
    }
    // A telephone that gets text messages is no hardware token either, and only a session of the root user shows it.
    let is_soft = |kind| matches!(kind, MfaDeviceKind::VirtualTotp | MfaDeviceKind::Sms);
    if let Some(device) = root.mfa_devices.items.iter().find(|it| is_soft(it.kind)) {
        context.read_some(&root.mfa_devices);
        return Ok(Verdict::Fail(format!("an MFA device of the root user is an {}", named(device.kind)).into()));
    }
    Ok(match context.read(&root.virtual_mfa_device)? {
        Presence::Present => Verdict::Fail("an MFA device of the root user is an authenticator app".into()),
        Presence::Absent => Verdict::Pass("no MFA device of the root user is an authenticator app".into()),
    })
}

const fn named(kind: MfaDeviceKind) -> &'static str {
    match kind {
        MfaDeviceKind::Sms => "old one that gets text messages",
        MfaDeviceKind::Fido
        | MfaDeviceKind::HardwareTotp
        | MfaDeviceKind::VirtualTotp
        | MfaDeviceKind::Unrecognized => "authenticator app",
    }
}

#[cfg(test)]
pub(super) fn examples() -> Vec<crate::example::Example> {
    use crate::example::{Expect, RootFacts, example, known, root_user_in};
    let has = RootFacts { password: true, mfa: true, ..RootFacts::default() };
    let with = |facts: RootFacts, device: Presence| {
        let mut record = root_user_in("aws", facts);
        record.root_user.virtual_mfa_device = known(device);
        record
    };
    let gov = |facts: RootFacts, device: Presence| {
        let mut record = root_user_in("aws-us-gov", facts);
        record.root_user.virtual_mfa_device = known(device);
        record
    };
    let none = RootFacts::default();
    vec![
        example("no app", with(has, Presence::Absent), Expect::Pass),
        example("an app", with(has, Presence::Present), Expect::Fail),
        example("only a certificate, an app", with(RootFacts { certificate: true, mfa: true, ..none }, Presence::Present), Expect::Fail),
        example("no MFA", with(RootFacts { mfa: false, ..has }, Presence::Absent), Expect::NotApplicable),
        example("no credentials, an app left over", with(RootFacts { mfa: true, ..none }, Presence::Present), Expect::NotApplicable),
        example("no credentials, as Security Hub has it", with(none, Presence::Absent), Expect::Pass)
            .with(|it| it.root_user_hardware_mfa.root_absent = RootAbsent::Pass),
        example("GovCloud", gov(has, Presence::Present), Expect::NotApplicable),
        example("GovCloud with a key", gov(RootFacts { access_key: true, ..has }, Presence::Present), Expect::Fail),
    ]
}
