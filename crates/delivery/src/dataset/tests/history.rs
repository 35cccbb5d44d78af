//! What is told of several runs.

use model::{
    AccountId, ConsolePassword, Dataset, Fact, MfaStatus, Observation, Record, Source,
    snapshot::{Header, Parameters, ScopeFilter},
};
use reporting::SIGN_IN_RULES;
use rules::CATALOG;

use super::{block_on, dataset, header, publish, record, stage, staged};
use crate::dataset::{History, RunRow};

#[test]
fn runs_are_told_by_organization_and_day() {
    let (_folder, dataset) = dataset();
    for day in [20_001, 20_000] {
        block_on(publish(&dataset, staged(day, "a"))).unwrap();
    }
    let opened = |organization, since: Option<&str>| {
        let since = since.map(|it| it.parse().unwrap());
        let history = block_on(History::open(dataset.clone(), organization, since)).unwrap();
        history
            .runs()
            .iter()
            .map(RunRow::epoch_day)
            .collect::<Vec<_>>()
    };
    assert_eq!(opened(None, None), [20_000, 20_001]);
    assert_eq!(opened(Some("o-test"), Some("2024-10-05")), [20_001]);
    assert_eq!(opened(Some("o-other"), None), [0; 0]);
}

/// An account of which the root user is known to have no MFA.
fn without_mfa(number: u64) -> Record {
    let mut record = record(number);
    let at = record.observed(Observation {
        source: Source::GetAccountSummary,
        at: None,
    });
    let root = &mut record.root_user;
    root.password = Fact::Known(ConsolePassword::Set, at);
    root.access_key = Fact::Known(model::Presence::Absent, at);
    root.mfa = Fact::Known(MfaStatus::NotEnabled, at);
    record
}

#[test]
fn what_a_run_does_not_see_or_does_not_ask_for_is_open_still() {
    let (_folder, dataset) = dataset();
    let rule = |name: &str| CATALOG.iter().find(|it| it.id == name).copied();
    let both: Vec<_> = SIGN_IN_RULES.iter().filter_map(|it| rule(it)).collect();
    let another: Vec<_> = rule("iam-user-mfa").into_iter().collect();
    let (two, one) = ([without_mfa(1), without_mfa(2)], [without_mfa(1)]);
    let unseen = [record(1), record(2)];
    let only_one = ScopeFilter {
        accounts: vec![AccountId::from_number(1)],
        ..ScopeFilter::default()
    };
    let runs: [(&[_], &[_], _); 4] = [
        (&both, &two, ScopeFilter::default()),
        (&both, &unseen, ScopeFilter::default()),
        (&both, &one, only_one),
        (&another, &two, ScopeFilter::default()),
    ];
    for ((rules, records, scope), day) in runs.into_iter().zip(20_000..) {
        let header = Header {
            scope,
            parameters: Parameters {
                datasets: Dataset::ALL.iter().copied().collect(),
                ..Parameters::default()
            },
            ..header(day)
        };
        let staged = stage(&header, "a", rules, records).unwrap();
        block_on(publish(&dataset, staged)).unwrap();
    }
    let history = block_on(History::open(dataset, None, None)).unwrap();
    let points = block_on(history.trend()).unwrap().points;
    let all = points[0].failures;
    let told: Vec<_> = points
        .iter()
        .map(|it| {
            let signing_in = (it.principals_without_mfa, it.principals_undecided);
            (
                it.failures,
                it.open_failures,
                signing_in,
                it.lists_all_accounts,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (all, all, (Some(2), 0), true),
            (0, all, (Some(0), 2), true),
            (all / 2, all, (Some(1), 0), false),
            (0, all, (None, 2), true),
        ]
    );
    assert!(points[1..].iter().all(|it| it.fixed_failures == 0));
}
