use model::{Dataset, IamRole};
use policy::{Document, Instead, Trust, Unprotected, trust};

use crate::{Check, Context, Judgement, Severity, Verdict, rule::rule};

rule! {
    /// ## What it checks
    /// No role's trust policy lets IAM users, or the root principal of an account, which stands for all its users,
    /// assume the role without MFA. MFA is demanded by `Bool` of `aws:MultiFactorAuthPresent` or a comparison of
    /// `aws:MultiFactorAuthAge`. `BoolIfExists` of an allowing statement demands nothing: requests by access keys
    /// lack the key. Roles that services, other roles, Identity Center or identity providers assume are not
    /// applicable, since MFA does not show there. An external id is no second factor: a role for another company's
    /// service, which can show none, is better trusted by that service's role than by its whole account. Where the
    /// effect of a trust policy cannot be told for certain, the role is indeterminate. Opt-in.
    ///
    /// ## Why it matters
    /// A leaked access key of any of these users is enough to become the role.
    ///
    /// ## How to fix it
    /// Add `"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}` to the statement of the trust policy, or
    /// name the roles or services that need the role in the place of users and accounts.
    {
        id: "iam-role-trust-mfa",
        title: "IAM role can be assumed by users without MFA",
        severity: Severity::Medium,
        controls: &[],
        requires: &[],
        settings: &[],
        check: Check::IamRole(judge),
    }
}

/// How many principals a message names.
const NAMED: usize = 3;

fn judge(role: &IamRole, context: &Context<'_>) -> Judgement {
    context.read_some(&context.record.iam_roles);
    let Ok(document) = Document::parse(&role.trust_policy) else {
        return Err(context.unclear(Dataset::RoleTrust));
    };
    Ok(match trust(&document) {
        Trust::Unclear(_) => return Err(context.unclear(Dataset::RoleTrust)),
        Trust::NotForUsers => Verdict::NotApplicable("no user can assume the role".into()),
        Trust::WithMfa => Verdict::Pass("users can assume the role with MFA only".into()),
        Trust::WithoutMfa(open) => Verdict::Fail(failure(&open).into()),
    })
}

fn failure(open: &[Unprotected]) -> String {
    let named: Vec<_> = open.iter().take(NAMED).map(name).collect();
    let more = open.len() - named.len();
    let rest = if more > 0 { format!(", and {more} more") } else { String::new() };
    format!("the role can be assumed without MFA by {}{rest}", named.join(", "))
}

fn name(open: &Unprotected) -> String {
    match open.instead {
        Instead::Nothing => open.principal.to_string(),
        Instead::ExternalId => format!("{} with an external id", open.principal),
    }
}

#[cfg(test)]
pub(super) fn examples() -> Vec<crate::example::Example> {
    use crate::example::{Expect, example, iam_role};
    let role = |principal: &str, condition: &str| {
        iam_role(&format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{principal},
                "Action":"sts:AssumeRole","Condition":{condition}}}]}}"#
        ))
    };
    let account = r#"{"AWS":"arn:aws:iam::111122223333:root"}"#;
    let with_mfa = r#"{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#;
    let if_exists = r#"{"BoolIfExists":{"aws:MultiFactorAuthPresent":"true"}}"#;
    let external = r#"{"StringEquals":{"sts:ExternalId":"x"}}"#;
    let user = r#"{"AWS":"arn:aws:iam::111122223333:user/alice"}"#;
    vec![
        example("an account", role(account, "{}"), Expect::Fail),
        example("a bare account id", role(r#"{"AWS":"444455556666"}"#, "{}"), Expect::Fail),
        example("a user", role(user, "{}"), Expect::Fail),
        example("everyone", role(r#""*""#, "{}"), Expect::Fail),
        example("an external id", role(account, external), Expect::Fail),
        example("a condition that keys slip through", role(account, if_exists), Expect::Fail),
        example("an account with MFA", role(account, with_mfa), Expect::Pass),
        example("a service", role(r#"{"Service":"ec2.amazonaws.com"}"#, "{}"), Expect::NotApplicable),
        example(
            "a role of Identity Center",
            role(r#"{"AWS":"arn:aws:iam::1:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_x"}"#, "{}"),
            Expect::NotApplicable,
        ),
        example("no policy", iam_role("[]"), Expect::Indeterminate),
        example("an unknown principal", role(r#"{"AWS":"somebody"}"#, "{}"), Expect::Indeterminate),
    ]
}
