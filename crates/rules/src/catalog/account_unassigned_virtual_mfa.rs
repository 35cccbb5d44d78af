use model::{Dataset, Record};

use crate::{Check, Context, Judgement, Severity, Verdict, rule::rule};

rule! {
    /// ## What it checks
    /// Every authenticator app that was created in the account belongs to somebody.
    ///
    /// ## Why it matters
    /// One that does not is what is left of an enrolment that was broken off, or of a user that was deleted. Its secret
    /// was shown to somebody, it keeps its name from being used, and it hides who has MFA from those who count devices.
    ///
    /// ## How to fix it
    /// `aws iam delete-virtual-mfa-device --serial-number ARN`. If its user is enrolling right now, wait.
    ///
    /// ## What others say
    /// Nothing.
    {
        id: "account-unassigned-virtual-mfa",
        title: "Account has a virtual MFA device that belongs to nobody",
        severity: Severity::Info,
        controls: &[],
        requires: &[Dataset::UnassignedVirtualMfaDevices],
        settings: &[],
        check: Check::Account(judge),
    }
}

/// How many devices are named.
const NAMED: usize = 3;

fn judge(record: &Record, context: &Context<'_>) -> Judgement {
    let devices = &record.unassigned_virtual_mfa_devices;
    let seen = context.read_some(devices);
    let Some(first) = seen.first() else {
        context.read_all(devices)?;
        return Ok(Verdict::Pass("every virtual MFA device belongs to somebody".into()));
    };
    if seen.len() == 1 {
        return Ok(Verdict::Fail(format!("a virtual MFA device belongs to nobody: {first}").into()));
    }
    let named: Vec<_> = seen.iter().take(NAMED).map(AsRef::as_ref).collect();
    let more = if seen.len() > NAMED { ", …" } else { "" };
    Ok(Verdict::Fail(
        format!("{} virtual MFA devices belong to nobody: {}{more}", seen.len(), named.join(", ")).into(),
    ))
}

#[cfg(test)]
pub(super) fn examples() -> Vec<crate::example::Example> {
    use model::Listing;

    use crate::example::{Expect, RootFacts, SEEN, example, root_user};
    let of = |serials: &[&str]| {
        let mut record = root_user(RootFacts::default());
        let serials = serials.iter().map(|it| (*it).into()).collect();
        record.unassigned_virtual_mfa_devices = Listing::whole(serials, SEEN);
        record
    };
    let left = "arn:aws:iam::111122223333:mfa/left";
    vec![
        example("none", of(&[]), Expect::Pass),
        example("one", of(&[left]), Expect::Fail),
        example("many", of(&[left; 7]), Expect::Fail),
    ]
}
