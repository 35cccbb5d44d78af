use model::{AccountKind, Dataset, FeatureState, Record};

use crate::{Check, Context, Judgement, Severity, Verdict, rule::rule};

rule! {
    /// ## What it checks
    /// The organization has privileged root sessions enabled (`RootSessions`). One finding for an organization, in its
    /// management account; an account that belongs to none is not applicable.
    ///
    /// ## Why it matters
    /// A bucket or queue whose policy locked everyone out is unlocked by its account's root user, or by such a session
    /// from the management account. Without the feature somebody has to recover a root password for it.
    ///
    /// ## How to fix it
    /// In the management account: `aws iam enable-organizations-root-sessions`.
    ///
    /// ## What others say
    /// Nothing.
    {
        id: "organization-root-sessions",
        title: "Organization has no privileged root sessions",
        severity: Severity::Info,
        controls: &[],
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
    Ok(match features.root_sessions {
        FeatureState::Enabled => Verdict::Pass("privileged root sessions are enabled".into()),
        FeatureState::NotEnabled => Verdict::Fail("privileged root sessions are not enabled".into()),
    })
}

#[cfg(test)]
pub(super) fn examples() -> Vec<crate::example::Example> {
    use FeatureState::{Enabled, NotEnabled};

    use crate::example::{Expect, RootFacts, example, features, root_user};
    let of = |kind, other, state| features(root_user(RootFacts::default()), kind, other, state);
    vec![
        example("enabled", of(AccountKind::Management, NotEnabled, Enabled), Expect::Pass),
        example("not enabled", of(AccountKind::Management, Enabled, NotEnabled), Expect::Fail),
        example("no organization", of(AccountKind::Standalone, NotEnabled, NotEnabled), Expect::NotApplicable),
    ]
}
