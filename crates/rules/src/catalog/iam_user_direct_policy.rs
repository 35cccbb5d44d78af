use model::{Dataset, IamUser};

use crate::{Check, Context, Control, Judgement, Severity, Verdict, rule::rule};

rule! {
    /// ## What it checks
    /// No IAM user has a policy of its own: none is attached to the user, and none is written into it. A permissions
    /// boundary gives nothing, and does not count. Opt-in.
    ///
    /// ## Why it matters
    /// Permissions that hang on single users are granted once and reviewed never. By groups, one can see who may do
    /// what, and whoever changes jobs loses what went with the old one.
    ///
    /// ## How to fix it
    /// Put the user into a group that has the permissions, then remove the policy:
    /// `aws iam detach-user-policy --user-name NAME --policy-arn ARN`, or
    /// `aws iam delete-user-policy --user-name NAME --policy-name POLICY`.
    {
        id: "iam-user-direct-policy",
        title: "IAM user has a policy of its own",
        severity: Severity::Low,
        controls: &[
            Control::cis_aws("1.2.0", "1.16"),
            Control::cis_aws("1.4.0", "1.15"),
            Control::cis_aws("1.5.0", "1.15"),
            Control::cis_aws("2.0.0", "1.15"),
            Control::cis_aws("3.0.0", "1.15"),
            Control::cis_aws("4.0.1", "1.15"),
            Control::cis_aws("5.0.0", "1.14"),
            Control::cis_aws("6.0.0", "2.14"),
            Control::cis_aws("7.0.0", "2.13"),
            Control::security_hub("IAM.2"),
            Control::aws_config("iam-user-no-policies-check"),
        ],
        requires: &[Dataset::DirectPolicies],
        settings: &[],
        check: Check::IamUser(judge),
    }
}

/// How many policies a message names.
const NAMED: usize = 3;

fn judge(user: &IamUser, context: &Context<'_>) -> Judgement {
    let policies = context.read(&user.direct_policies)?;
    Ok(match policies.as_slice() {
        [] => Verdict::Pass("the user has no policy of its own".into()),
        [only] => Verdict::Fail(format!("the user has a policy of its own: {only}").into()),
        several => {
            let named: Vec<_> = several.iter().take(NAMED).map(|it| &**it).collect();
            let more = several.len() - named.len();
            let rest = if more > 0 { format!(", and {more} more") } else { String::new() };
            let (count, first) = (several.len(), named.join(", "));
            Verdict::Fail(format!("the user has {count} policies of its own: {first}{rest}").into())
        }
    })
}

#[cfg(test)]
pub(super) fn examples() -> Vec<crate::example::Example> {
    use crate::example::{Expect, UserFacts, direct_policies, example, iam_user};
    let with = |policies: &[&str]| direct_policies(iam_user(UserFacts::default()), policies);
    vec![
        example("none", with(&[]), Expect::Pass),
        example("one written into it", with(&["own"]), Expect::Fail),
        example("one attached", with(&["arn:aws:iam::aws:policy/ReadOnlyAccess"]), Expect::Fail),
        example("many", with(&["a", "b", "c", "d", "e"]), Expect::Fail),
    ]
}
