use model::{Dataset, IamUser};
use policy::engine::{Enforcement, SelfService};

use crate::{
    Check, Context, Control, Judgement, Setting, SettingKind, SettingValue, Severity, Verdict, enforcement, rule::rule,
};

/// Settings of `iam-user-mfa-enforced`, which `iam-user-mfa-enforcement-bypass` goes by too.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Settings {
    /// What users may do without MFA, to come by it: actions and patterns of actions.
    pub self_service: &'static [&'static str],
}

impl Default for Settings {
    fn default() -> Self {
        Self { self_service: SelfService::default_actions() }
    }
}

static SETTINGS: &[Setting] = &[Setting {
    key: "self-service",
    about: "what users may do without MFA, to come by it; the bypass rule goes by it too",
    kind: SettingKind::Actions,
    get: |it| SettingValue::Actions(it.iam_user_mfa_enforced.self_service),
    set: |it, value| match value {
        SettingValue::Actions(actions) => it.iam_user_mfa_enforced.self_service = actions,
        SettingValue::Number(_) | SettingValue::Switch(_) | SettingValue::Choice(_) => {}
    },
}];

rule! {
    /// ## What it checks
    /// An IAM user that has a console password or an active access key can do nothing without MFA but what it takes to
    /// enrol a device (`self-service`), whether it has a device or not. That is proven from the policies: its own and its
    /// groups', its permissions boundary, the service control policies over its account, and the trust policies of the
    /// account's roles that name it. It is judged in each way that its credentials open: requests that an access key signs,
    /// which lack `aws:MultiFactorAuthPresent` altogether, and sessions without MFA, where the key is `false`. A user passes
    /// if nothing else may be allowed in any of them, and fails if something is for certain; the reason names it, with the
    /// statement that allows it. Where it hangs on something that documents do not tell (an unknown operator, a condition
    /// on an address, a policy that cannot be read), the user is indeterminate, and so is every user where the service
    /// control policies over the account were not seen. What a role may do once it is assumed, and what policies of
    /// resources allow (a bucket's, a key's), is not looked at: a statement that denies without MFA also stops those.
    /// Opt-in.
    ///
    /// ## Why it matters
    /// A device that no policy asks for protects the console's sign-in alone. Whoever has an access key of the user does
    /// everything it may do, and is never asked for a code.
    ///
    /// ## How to fix it
    /// Deny everything but self service without MFA, by `BoolIfExists` of `aws:MultiFactorAuthPresent` `false`: for all
    /// accounts by a service control policy (`mfaudit policy-check --recommended scp`), or for the users of a group by a
    /// policy of the group (`mfaudit policy-check --recommended policy`). Replace access keys of programs by roles first:
    /// they have no MFA to show.
    ///
    /// ## What others say
    /// AWS Config, Security Hub and Prowler see whether there is a device. None of them tells whether a policy asks for it.
    {
        id: "iam-user-mfa-enforced",
        title: "IAM user can act without MFA: no policy enforces it",
        severity: Severity::High,
        controls: &[Control::nist_800_53("IA-2(1)"), Control::nist_800_53("IA-2(2)")],
        requires: &[
            Dataset::LoginProfiles,
            Dataset::AccessKeys,
            Dataset::UserPolicies,
            Dataset::ServiceControlPolicies,
            Dataset::RoleTrust,
        ],
        settings: SETTINGS,
        check: Check::IamUser(judge),
    }
}

fn judge(user: &IamUser, context: &Context<'_>) -> Judgement {
    let Some(judged) = enforcement::judged(user, context)? else {
        return Ok(Verdict::NotApplicable("the user has neither a console password nor an active access key".into()));
    };
    let found = judged.enforcement()?;
    let role = found.role.as_deref();
    match &*found.outcome {
        Enforcement::NoCredentials => Ok(Verdict::NotApplicable("the user has no credential that acts without MFA".into())),
        Enforcement::Enforced { by } => Ok(Verdict::Pass(enforcement::enforced(by).into())),
        outcome @ Enforcement::NotEnforced { .. } => Ok(Verdict::Fail(enforcement::not_enforced(outcome, role).into())),
        outcome @ Enforcement::Unclear { .. } => {
            let (dataset, why) = enforcement::hanging(outcome, role);
            Err(context.hangs(dataset, why))
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
        example("a denial by BoolIfExists", all().own(&deny("BoolIfExists")).over(person), Expect::Pass),
        example("a denial by Bool, and an access key", all().own(&deny("Bool")).over(key_only), Expect::Fail),
        example("a denial by Bool, and a password alone", all().own(&deny("Bool")).over(password_only), Expect::Pass),
        example("no denial", all().over(person), Expect::Fail),
        example("no denial, and nothing to sign in with", all().over(UserFacts::default()), Expect::NotApplicable),
        example("a group's denial", all().group("everyone", &deny("BoolIfExists")).over(person), Expect::Pass),
        example("a denial in the unit", all().scp(&deny("BoolIfExists")).over(person), Expect::Pass),
        example("a policy of the unit that cannot be read", all().unread_scp().over(person), Expect::Indeterminate),
        example("a boundary that allows self service", all().boundary(&allow(SELF_SERVICE)).over(person), Expect::Pass),
        example("a condition on an address", Policies::of(&[FROM_OFFICE]).over(person), Expect::Indeterminate),
        example("more self service", Policies::of(&[&allow(r#"["s3:GetObject"]"#)]).over(person), Expect::Pass)
            .with(|it| it.iam_user_mfa_enforced.self_service = &["s3:Get*"]),
        example("no policy", Policies::of(&[]).over(person), Expect::Pass),
        example("a role that names the user", Policies::of(&[]).trusted("{}").over(person), Expect::Fail),
        example("a role that asks for MFA", Policies::of(&[]).trusted(WITH_MFA).over(person), Expect::Pass),
        example("no policies seen", iam_user(person), Expect::Indeterminate),
    ]
}
