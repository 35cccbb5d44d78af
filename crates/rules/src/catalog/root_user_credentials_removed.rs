use model::{AccountKind, Dataset, FeatureState, RootUser};

use super::root_credentials::{self, RootCredentials};
use crate::{Check, Context, Control, Judgement, Severity, Verdict, rule::rule};

rule! {
    /// ## What it checks
    /// In an organization that manages root credentials centrally, no member account's root user has a password, an
    /// access key or a signing certificate. The management account keeps its own, and is not applicable; nor is an
    /// account of an organization without the feature (see `organization-root-credentials-management`), or of none.
    ///
    /// ## Why it matters
    /// To enable the feature removes nothing: accounts that were there before keep their root passwords. What is not
    /// there can neither be stolen nor need MFA, and what needs a root user can be done by a session from the
    /// management account.
    ///
    /// ## How to fix it
    /// From the management account, in the IAM console under "Root access management", delete the account's root
    /// credentials; or `aws sts assume-root` with the task policy `IAMDeleteRootUserCredentials`.
    ///
    /// ## What others say
    /// Nothing: Prowler names it in a text (`iam_root_credentials_management_enabled`) and checks the feature alone.
    {
        id: "root-user-credentials-removed",
        title: "Member account's root user still has credentials",
        severity: Severity::High,
        controls: &[
            Control::cis_aws("7.0.0", "2.1.1"),
            Control::cis_controls("4.7"),
            Control::dora("Art5"),
        ],
        requires: &[Dataset::RootCredentials, Dataset::OrganizationFeatures],
        settings: &[],
        check: Check::RootUser(judge),
    }
}

fn judge(root: &RootUser, context: &Context<'_>) -> Judgement {
    match context.account().kind {
        AccountKind::Management => {
            return Ok(Verdict::NotApplicable("the management account keeps its root credentials".into()));
        }
        AccountKind::Standalone => {
            return Ok(Verdict::NotApplicable("the account belongs to no organization".into()));
        }
        AccountKind::Member | AccountKind::Unstated => {}
    }
    let features = context.read(&context.record.organization_features)?;
    if features.root_credentials_management == FeatureState::NotEnabled {
        return Ok(Verdict::NotApplicable("root credentials are not managed centrally".into()));
    }
    Ok(match root_credentials::read(root, context)? {
        RootCredentials::Absent => Verdict::Pass("the root user has no credentials".into()),
        // It may be the management account's.
        RootCredentials::Present(_) if context.account().kind == AccountKind::Unstated => {
            return Err(context.unsaid(Dataset::OrganizationFeatures));
        }
        RootCredentials::Present(credential) => {
            Verdict::Fail(format!("root credentials are managed centrally, and the root user has {credential}").into())
        }
    })
}

#[cfg(test)]
pub(super) fn examples() -> Vec<crate::example::Example> {
    use FeatureState::{Enabled, NotEnabled};

    use crate::example::{Expect, RootFacts, example, features, root_user};
    let none = RootFacts::default();
    let password = RootFacts { password: true, mfa: true, ..none };
    let of = |kind, facts, state| features(root_user(facts), kind, state, NotEnabled);
    let member = |facts, state| of(AccountKind::Member, facts, state);
    vec![
        example("removed", member(none, Enabled), Expect::Pass),
        example("a password", member(password, Enabled), Expect::Fail),
        example("a key", member(RootFacts { access_key: true, ..none }, Enabled), Expect::Fail),
        example("only a certificate", member(RootFacts { certificate: true, ..none }, Enabled), Expect::Fail),
        example("feature off", member(password, NotEnabled), Expect::NotApplicable),
        example("management account", of(AccountKind::Management, password, Enabled), Expect::NotApplicable),
        example("no organization", of(AccountKind::Standalone, password, Enabled), Expect::NotApplicable),
        example("removed, and no telling of what kind", of(AccountKind::Unstated, none, Enabled), Expect::Pass),
        example("a password, and no telling of what kind", of(AccountKind::Unstated, password, Enabled), Expect::Indeterminate),
    ]
}
