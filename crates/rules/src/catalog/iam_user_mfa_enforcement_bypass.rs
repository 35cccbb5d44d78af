use model::{Dataset, IamUser};
use policy::engine::Bypass;

use crate::{Check, Context, Control, Judgement, Severity, Verdict, enforcement, rule::rule};

rule! {
    /// ## What it checks
    /// Where a statement means to enforce MFA for an IAM user (a denial that spares those with MFA, an allowance for those
    /// with it), nothing gets past it. What does: a denial by `Bool` of `aws:MultiFactorAuthPresent`, which is skipped where
    /// the key is absent, as in every request that an access key signs; a denial that exempts more than self service
    /// (`self-service` of `iam-user-mfa-enforced`), or that leaves resources out; an allowance by `BoolIfExists` of `true`,
    /// which an access key meets; an allowance with MFA beside another one without. The statement may stand in a policy of
    /// the user or its groups, in its permissions boundary, or in a service control policy. Where nothing is allowed that
    /// could get past, nothing does. A user over whom no statement asks for MFA is not applicable: see
    /// `iam-user-mfa-enforced`. Where it hangs on something that documents do not tell, and where the service control
    /// policies over the account were not seen, the user is indeterminate. Opt-in.
    ///
    /// ## Why it matters
    /// Whoever wrote the statement believes that MFA is enforced, and nobody looks again.
    ///
    /// ## How to fix it
    /// Change the statement that the finding names: `mfaudit explain` says how. Then check the document with
    /// `mfaudit policy-check` before it is attached.
    {
        id: "iam-user-mfa-enforcement-bypass",
        title: "IAM user can get past a statement that means to enforce MFA",
        severity: Severity::High,
        controls: &[Control::nist_800_53("IA-2(1)"), Control::nist_800_53("IA-2(2)")],
        requires: &[
            Dataset::LoginProfiles,
            Dataset::AccessKeys,
            Dataset::UserPolicies,
            Dataset::ServiceControlPolicies,
            Dataset::RoleTrust,
        ],
        settings: &[],
        check: Check::IamUser(judge),
    }
}

fn judge(user: &IamUser, context: &Context<'_>) -> Judgement {
    let Some(judged) = enforcement::judged(user, context)? else {
        return Ok(Verdict::NotApplicable("the user has neither a console password nor an active access key".into()));
    };
    let found = judged.bypass()?;
    let role = found.role.as_deref();
    match &*found.outcome {
        Bypass::NotAttempted => Ok(Verdict::NotApplicable("no statement asks for MFA: see iam-user-mfa-enforced".into())),
        Bypass::Tight(by) => Ok(Verdict::Pass(format!("nothing gets past {}", enforcement::statements(by)).into())),
        Bypass::Leaks(leaks) => Ok(Verdict::Fail(enforcement::leaks(leaks, role).into())),
        Bypass::Unclear(leaks) => {
            let dataset = leaks.first().map_or(Dataset::UserPolicies, |it| enforcement::dataset(&it.statement));
            Err(context.hangs(dataset, format!("it may be that {}", enforcement::leaks(leaks, role))))
        }
    }
}

#[cfg(test)]
pub(super) fn examples() -> Vec<crate::example::Example> {
    use crate::example::{Expect, UserFacts, example, iam_user, policies::*};
    let person = UserFacts { password: true, active_key: true, ..UserFacts::default() };
    let key_only = UserFacts { active_key: true, ..UserFacts::default() };
    let password_only = UserFacts { password: true, ..UserFacts::default() };
    let all = || Policies::of(&[ADMIN]);
    vec![
        example("a denial by Bool, and an access key", all().own(&deny("Bool")).over(key_only), Expect::Fail),
        example("a denial by Bool, and a password alone", all().own(&deny("Bool")).over(password_only), Expect::Pass),
        example("a denial by BoolIfExists", all().own(&deny("BoolIfExists")).over(person), Expect::Pass),
        example("no statement that asks for MFA", all().over(person), Expect::NotApplicable),
        example("nothing to sign in with", all().own(&deny("Bool")).over(UserFacts::default()), Expect::NotApplicable),
        example("a denial that exempts all of IAM", all().own(EXEMPTS_IAM).over(person), Expect::Fail),
        example("the same, where IAM is self service", all().own(EXEMPTS_IAM).over(person), Expect::Pass)
            .with(|it| it.iam_user_mfa_enforced.self_service = &["iam:*"]),
        example("a denial by Bool in the unit", all().scp(&deny("Bool")).over(key_only), Expect::Fail),
        example("a leak that nothing allows to use", Policies::of(&[&deny("Bool")]).over(password_only), Expect::Pass),
        example(
            "a denial that exempts a role that names the user",
            Policies::of(&[EXEMPTS_ROLES]).trusted("{}").over(person),
            Expect::Fail,
        ),
        example("a denial that hangs on an address", all().own(DENY_ELSEWHERE).over(key_only), Expect::Indeterminate),
        example("no policies seen", iam_user(person), Expect::Indeterminate),
    ]
}
