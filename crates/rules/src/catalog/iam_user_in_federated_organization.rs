use model::{AccountKind, ConsolePassword, Dataset, IamUser, snapshot::IdentityCenter};

use crate::{Check, Context, Control, Judgement, Severity, Verdict, rule::rule};

rule! {
    /// ## What it checks
    /// Where the organization uses IAM Identity Center, no IAM user of a member account has a console password. The management
    /// account, where a way in for emergencies is usual, and accounts of no organization are not applicable; nor is anyone
    /// where Identity Center is not used. Opt-in.
    ///
    /// ## Why it matters
    /// Who is let go loses the way in through the identity provider, and keeps a forgotten IAM user.
    ///
    /// ## How to fix it
    /// Give the person access through Identity Center, then delete the IAM user's console password.
    {
        id: "iam-user-in-federated-organization",
        title: "IAM user signs in beside the organization's Identity Center",
        severity: Severity::Low,
        controls: &[
            Control::cis_aws("1.4.0", "1.21"),
            Control::cis_aws("1.5.0", "1.21"),
            Control::cis_aws("2.0.0", "1.21"),
            Control::cis_aws("3.0.0", "1.21"),
            Control::cis_aws("4.0.1", "1.21"),
            Control::cis_aws("5.0.0", "1.20"),
            Control::cis_aws("6.0.0", "2.20"),
            Control::cis_aws("7.0.0", "2.19"),
            Control::cis_controls("5.6"),
            Control::cis_controls("6.7"),
        ],
        requires: &[Dataset::LoginProfiles, Dataset::IdentityCenter],
        settings: &[],
        check: Check::IamUser(judge),
    }
}

fn judge(user: &IamUser, context: &Context<'_>) -> Judgement {
    let kind = context.account().kind;
    match kind {
        AccountKind::Management => {
            return Ok(Verdict::NotApplicable("the user is in the management account".into()));
        }
        AccountKind::Standalone => {
            return Ok(Verdict::NotApplicable("the account belongs to no organization".into()));
        }
        AccountKind::Member | AccountKind::Unstated => {}
    }
    if context.identity_center()? == IdentityCenter::NotInUse {
        return Ok(Verdict::NotApplicable("the organization does not use Identity Center".into()));
    }
    if kind == AccountKind::Unstated {
        return Err(context.untold(Dataset::IdentityCenter));
    }
    Ok(match context.read(&user.password)? {
        ConsolePassword::Set => Verdict::Fail("the user has a console password beside Identity Center".into()),
        ConsolePassword::NotSet => Verdict::Pass("the user has no console password".into()),
    })
}

#[cfg(test)]
pub(super) fn examples() -> Vec<crate::example::Example> {
    use crate::example::{Expect, UserFacts, example, iam_user};
    let person = || iam_user(UserFacts { password: true, ..UserFacts::default() });
    let of = |kind| {
        let mut record = person();
        record.account.kind = kind;
        record
    };
    let mut unused = example("no Identity Center", person(), Expect::NotApplicable);
    unused.run.identity_center = IdentityCenter::NotInUse;
    let mut unseen = example("Identity Center not seen", person(), Expect::Indeterminate);
    unseen.run.identity_center = IdentityCenter::NotSeen;
    vec![
        example("a person", person(), Expect::Fail),
        example("a program", iam_user(UserFacts { active_key: true, ..UserFacts::default() }), Expect::Pass),
        example("the management account", of(AccountKind::Management), Expect::NotApplicable),
        example("an account of no organization", of(AccountKind::Standalone), Expect::NotApplicable),
        example("an account that may be in an organization", of(AccountKind::Unstated), Expect::Indeterminate),
        unused,
        unseen,
    ]
}
