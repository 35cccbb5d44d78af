//! The rules about administrators, users' own policies and roles' trust, beside a statement of each in other words.

use model::{
    AccessKeyStatus, AdministratorAccess, ConsolePassword, Fact, GapId, MfaStatus, Record,
};
use proptest::prelude::*;

use super::{iam_role_trust_mfa, iam_user_admin_mfa, iam_user_direct_policy};
use crate::{
    Rule, Status,
    example::{UserFacts, administrator, direct_policies, example, iam_role, iam_user, judged},
};

fn status(rule: &'static Rule, record: Record) -> Status {
    judged(&example("any", record, Status::Pass), rule)
}

fn user([password, mfa, active_key, inactive_key]: [bool; 4]) -> Record {
    iam_user(UserFacts {
        password,
        mfa,
        active_key,
        inactive_key,
    })
}

/// Hides some facts of the one user, as a partial answer would.
fn hide(record: &mut Record, [password, mfa, keys, access]: [bool; 4]) {
    let gap = GapId(0);
    for user in &mut record.iam_users.items {
        if password {
            user.password = Fact::Unknown(gap);
        }
        if mfa {
            user.mfa = Fact::Unknown(gap);
        }
        if keys {
            user.access_keys = Fact::Unknown(gap);
        }
        if access {
            user.administrator_access = Fact::Unknown(gap);
        }
    }
}

/// The rule in other words: of what is known of the user, in no order.
fn of_administrator(record: &Record) -> Status {
    let user = &record.iam_users.items[0];
    let device = user.mfa.known().map(|it| *it == MfaStatus::Enabled);
    let key = user.access_keys.known().map(|keys| {
        let active = keys
            .iter()
            .filter(|it| it.status == AccessKeyStatus::Active);
        active.count() > 0
    });
    let password = user.password.known().map(|it| *it == ConsolePassword::Set);
    let everything = user
        .administrator_access
        .known()
        .map(|it| *it != AdministratorAccess::NotAdministrator);
    match (device, key, password, everything) {
        (Some(true), _, _, _) => Status::Pass,
        (Some(false), Some(false), Some(false), _)
        | (Some(false), Some(_), Some(_), Some(false)) => Status::NotApplicable,
        (Some(false), Some(_), Some(_), Some(true)) => Status::Fail,
        _ => Status::Indeterminate,
    }
}

const PRINCIPALS: [(&str, bool); 8] = [
    (r#""*""#, true),
    (r#"{"AWS":"*"}"#, true),
    (r#"{"AWS":"111122223333"}"#, true),
    (r#"{"AWS":"arn:aws-us-gov:iam::111122223333:root"}"#, true),
    (r#"{"AWS":["arn:aws:iam::111122223333:user/p/a"]}"#, true),
    (r#"{"AWS":"arn:aws:iam::111122223333:role/root"}"#, false),
    (r#"{"Service":"ec2.amazonaws.com"}"#, false),
    (r#"{"Federated":"cognito-identity.amazonaws.com"}"#, false),
];

/// Conditions, and whether one who has only an access key can meet them.
const CONDITIONS: [(&str, bool); 7] = [
    ("{}", true),
    (r#"{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#, false),
    (r#"{"Bool":{"aws:multifactorauthpresent":[true]}}"#, false),
    (
        r#"{"BoolIfExists":{"aws:MultiFactorAuthPresent":"true"}}"#,
        true,
    ),
    (
        r#"{"NumericLessThan":{"aws:MultiFactorAuthAge":"60"}}"#,
        false,
    ),
    (
        r#"{"NumericLessThanIfExists":{"aws:MultiFactorAuthAge":"60"}}"#,
        true,
    ),
    (r#"{"StringEquals":{"sts:ExternalId":"x"}}"#, true),
];

const ACTIONS: [(&str, bool); 5] = [
    (r#""sts:AssumeRole""#, true),
    (r#""STS:assume*""#, true),
    (r#"["sts:TagSession","*"]"#, true),
    (r#""sts:AssumeRoleWithSAML""#, false),
    (r#""sts:TagSession""#, false),
];

proptest! {
    #[test]
    fn administrators_without_mfa_fail(
        facts: [bool; 4], everything: bool, hidden: [bool; 4]
    ) {
        let mut record = user(facts);
        if everything {
            record = administrator(record);
        }
        hide(&mut record, hidden);
        let expected = of_administrator(&record);
        prop_assert_eq!(status(&iam_user_admin_mfa::RULE, record), expected);
    }

    #[test]
    fn users_with_a_policy_of_their_own_fail(
        facts in any::<[bool; 4]>(), policies in prop::collection::vec("[a-z:/]{1,9}", 0..6)
    ) {
        let names: Vec<&str> = policies.iter().map(String::as_str).collect();
        let expected = if names.is_empty() { Status::Pass } else { Status::Fail };
        let record = direct_policies(user(facts), &names);
        prop_assert_eq!(status(&iam_user_direct_policy::RULE, record), expected);
    }

    /// Whoever is a user and meets one statement's conditions with an access key alone gets in.
    #[test]
    fn roles_that_users_can_assume_without_mfa_fail(
        chosen in prop::collection::vec(
            (prop::sample::select(&PRINCIPALS), prop::sample::select(&ACTIONS), prop::sample::select(&CONDITIONS)),
            0..4,
        )
    ) {
        let statements: Vec<String> = chosen.iter().map(|(who, action, condition)| format!(
            r#"{{"Effect":"Allow","Principal":{},"Action":{},"Condition":{}}}"#,
            who.0, action.0, condition.0
        )).collect();
        let policy = format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","));
        let for_users: Vec<_> = chosen.iter().filter(|(who, action, _)| who.1 && action.1).collect();
        let expected = if for_users.is_empty() {
            Status::NotApplicable
        } else if for_users.iter().any(|(_, _, condition)| condition.1) {
            Status::Fail
        } else {
            Status::Pass
        };
        prop_assert_eq!(status(&iam_role_trust_mfa::RULE, iam_role(&policy)), expected);
    }
}
