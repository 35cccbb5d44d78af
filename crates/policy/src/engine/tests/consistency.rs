//! What is decided of all actions at once is what is decided of each.

use proptest::prelude::*;

use super::*;
use crate::engine::{ActionSet, Certainty, Request, Universe};

fn statement() -> impl Strategy<Value = String> {
    let effect = prop::sample::select(vec!["Allow", "Deny"]);
    let element = prop::sample::select(vec!["Action", "NotAction"]);
    let actions = prop::sample::subsequence(
        vec![
            "*",
            "s3:*",
            "s3:Get*",
            "iam:*",
            "iam:CreateAccessKey",
            "ec2:Describe*",
            "x:Y",
        ],
        1..3,
    );
    let where_ = prop::sample::select(vec!["Resource", "NotResource"]);
    let resources = prop::sample::subsequence(
        vec![
            "*",
            "arn:aws:s3:::*",
            "arn:aws:s3:::b/*",
            "arn:aws:iam::*:user/${aws:username}",
        ],
        1..3,
    );
    let condition = prop::sample::select(vec![
        "{}",
        r#"{"Bool":{"aws:MultiFactorAuthPresent":"false"}}"#,
        r#"{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}"#,
        r#"{"StringEquals":{"aws:RequestedRegion":"a"}}"#,
    ]);
    (effect, element, actions, where_, resources, condition).prop_map(
        |(effect, element, actions, where_, resources, condition)| {
            format!(
                r#"{{"Effect":"{effect}","{element}":{actions:?},"{where_}":{resources:?},"Condition":{condition}}}"#
            )
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn sets_and_rulings_agree(
        own in prop::collection::vec(statement(), 1..5),
        boundary in prop::option::of(prop::collection::vec(statement(), 1..3)),
        mfa in prop::sample::select(MfaContext::ALL.to_vec()),
    ) {
        let text = |it: &Vec<String>| document(&it.iter().map(String::as_str).collect::<Vec<_>>());
        let boundary = boundary.map(|it| at(Level::Boundary, "limit", &text(&it)));
        let set = PolicySet::new(vec![at(Level::User, "own", &text(&own))], boundary, ServiceControl::None);
        let known = alice();
        let anybody = set.decide(&Request { mfa, caller: None });
        let of_alice = set.decide(&Request { mfa, caller: Some(&known) });
        for decision in [&anybody, &of_alice] {
            for action in ["s3:GetObject", "s3:ListAllMyBuckets", "iam:CreateAccessKey", "ec2:DescribeRegions", "x:Y", "no:No"] {
                let expected = match decision.ruling(action).certainty() {
                    Certainty::SurelyAllowed => (true, false),
                    Certainty::PossiblyAllowed => (false, true),
                    Certainty::SurelyNot => (false, false),
                };
                let found = (decision.surely().contains(action), decision.possibly().contains(action));
                prop_assert_eq!(found, expected, "{}", action);
            }
        }
        // To know more about who asks changes nothing that was certain.
        prop_assert!(anybody.surely().clone().without(of_alice.surely()).is_empty());
        let mut perhaps = anybody.possibly().clone();
        perhaps.extend(anybody.surely());
        prop_assert!(of_alice.possibly().clone().without(&perhaps).is_empty());
        prop_assert!(of_alice.surely().clone().without(&perhaps).is_empty());
    }
}

#[test]
fn sets_of_actions_are_sets() {
    let universe = Universe::default();
    let all = ActionSet::all(&universe);
    let none = ActionSet::none(&universe);
    assert!(none.is_empty() && all.len() > 20_000);
    assert_eq!(all.clone().without(&all), none);
    assert_eq!(all.names().count(), all.len());
    assert_eq!(all.clone().and(&none), none);
    assert_eq!(
        all.examples(2),
        ["iam:CreateAccessKey", "iam:DeactivateMFADevice"]
    );
}
