use model::{AccountKind, Dataset, FeatureState, Record};

use crate::{Check, Context, Control, Judgement, Severity, Verdict, rule::rule};

rule! {
    /// ## What it checks
    /// The organization manages the root credentials of its member accounts centrally (`RootCredentialsManagement`).
    /// One finding for an organization, in its management account; an account that belongs to none is not applicable.
    ///
    /// ## Why it matters
    /// With it, the root credentials of member accounts can be removed, and seen: what is not there needs no MFA. New
    /// member accounts begin without any.
    ///
    /// ## How to fix it
    /// In the management account: `aws organizations enable-aws-service-access --service-principal iam.amazonaws.com`,
    /// then `aws iam enable-organizations-root-credentials-management`. Then remove what is left
    /// (`root-user-credentials-removed`).
    ///
    /// ## What others say
    /// Prowler (`iam_root_credentials_management_enabled`) asks the same. Security Hub, AWS Config and Steampipe do
    /// not.
    {
        id: "organization-root-credentials-management",
        title: "Organization does not manage root credentials centrally",
        severity: Severity::High,
        controls: &[
            Control::cis_aws("7.0.0", "2.1.1"),
            Control::cis_controls("4.7"),
            Control::dora("Art5"),
            Control::c5("IAM-03.01B"),
        ],
        requires: &[Dataset::OrganizationFeatures],
        settings: &[],
        check: Check::Organization(judge),
    }
}

fn judge(record: &Record, context: &Context<'_>) -> Judgement {
    if record.account.kind == AccountKind::Standalone {
        return Ok(Verdict::NotApplicable("the account belongs to no organization".into()));
    }
    let features = context.read(&record.organization_features)?;
    Ok(match features.root_credentials_management {
        FeatureState::Enabled => Verdict::Pass("root credentials of member accounts are managed centrally".into()),
        FeatureState::NotEnabled => Verdict::Fail("root credentials of member accounts are not managed centrally".into()),
    })
}

#[cfg(test)]
pub(super) fn examples() -> Vec<crate::example::Example> {
    use FeatureState::{Enabled, NotEnabled};

    use crate::example::{Expect, RootFacts, example, features, root_user};
    let of = |kind, state, other| features(root_user(RootFacts::default()), kind, state, other);
    vec![
        example("enabled", of(AccountKind::Management, Enabled, NotEnabled), Expect::Pass),
        example("not enabled", of(AccountKind::Management, NotEnabled, NotEnabled), Expect::Fail),
        example("root sessions alone", of(AccountKind::Management, NotEnabled, Enabled), Expect::Fail),
        example("no organization", of(AccountKind::Standalone, NotEnabled, NotEnabled), Expect::NotApplicable),
    ]
}
