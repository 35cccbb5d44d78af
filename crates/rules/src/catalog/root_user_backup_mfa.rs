use model::{Dataset, RootUser};

use super::root_credentials::{self, Need, RootAbsent};
use crate::{Check, Context, Judgement, Severity, Verdict, rule::rule};

rule! {
    /// ## What it checks
    /// A root user with MFA has more than one device. A root user without credentials, or without any device, is not
    /// applicable. AWS shows passkeys and hardware tokens of a root user to that root user alone: without
    /// `--assume-root`, and for the management account, there is a verdict only if two authenticator apps are seen.
    ///
    /// ## Why it matters
    /// Who loses the only device has to prove to AWS by telephone and e-mail who they are, on the day the root user is
    /// needed.
    ///
    /// ## How to fix it
    /// Sign in as the root user and register another device under "Security credentials": up to eight are allowed.
    /// Keep the two in different places.
    ///
    /// ## What others say
    /// Nothing; AWS's best practices for root users recommend it.
    {
        id: "root-user-backup-mfa",
        title: "Root user has only one MFA device",
        severity: Severity::Low,
        controls: &[],
        requires: &[Dataset::RootCredentials, Dataset::RootMfaDevices],
        settings: &[],
        check: Check::RootUser(judge),
    }
}

fn judge(root: &RootUser, context: &Context<'_>) -> Judgement {
    if let Need::Nothing(verdict) = root_credentials::need(root, context, RootAbsent::NotApplicable)? {
        return Ok(verdict);
    }
    let seen = context.read_some(&root.mfa_devices).len();
    if seen > 1 {
        return Ok(Verdict::Pass("the root user has more than one MFA device".into()));
    }
    Ok(match context.read_all(&root.mfa_devices)? {
        [] => Verdict::NotApplicable("the root user has no MFA device (see root-user-mfa)".into()),
        _ => Verdict::Fail("the root user has a single MFA device".into()),
    })
}

#[cfg(test)]
pub(super) fn examples() -> Vec<crate::example::Example> {
    use crate::example::{Expect, RootFacts, example, root_devices, root_user, some_root_devices};
    let has = RootFacts { password: true, mfa: true, ..RootFacts::default() };
    let fido = "arn:aws:iam::111122223333:u2f/root/key-R1234";
    let app = "arn:aws:iam::111122223333:mfa/phone";
    let whole = |serials: &[&str]| root_devices(root_user(has), serials);
    let part = |serials: &[&str]| some_root_devices(root_user(has), serials);
    vec![
        example("two", whole(&[app, fido]), Expect::Pass),
        example("one", whole(&[fido]), Expect::Fail),
        example("none", whole(&[]), Expect::NotApplicable),
        example("two apps, and what is not visible", part(&[app, "arn:aws:iam::111122223333:mfa/safe"]), Expect::Pass),
        example("one app, and what is not visible", part(&[app]), Expect::Indeterminate),
        example("no credentials", root_user(RootFacts::default()), Expect::NotApplicable),
    ]
}
