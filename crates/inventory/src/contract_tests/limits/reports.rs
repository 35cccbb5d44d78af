//! How often reports are asked for while AWS makes them.

use super::*;

/// Returns how often each account was asked to make its report, and to show it.
async fn asked(report_delay: Duration, concurrency: usize) -> Vec<(usize, usize)> {
    let mut world = members(39, "");
    for account in &mut world.accounts {
        account.report.age_seconds = None;
    }
    let stage = Stage::reporting_after(world, report_delay).await;
    let mut collector = stage.collector(MANAGEMENT);
    collector.concurrency = concurrency;
    let records = records(&collector, accounts(&stage).await).await;
    assert!(records.len() == 40 && records.iter().all(is_whole));
    let asked = |number| {
        let of_account = |operation| stage.asked(&id(number), operation);
        (
            of_account("GenerateCredentialReport"),
            of_account("GetCredentialReport"),
        )
    };
    (0..40).map(asked).collect()
}

#[tokio::test]
async fn a_report_that_is_soon_ready_is_asked_for_once_and_fetched_once() {
    for asked in asked(Duration::from_millis(300), 40).await {
        assert_eq!(asked, (1, 1));
    }
}

#[tokio::test]
async fn later_accounts_wait_as_long_as_earlier_ones_had_to() {
    let asked = asked(Duration::from_millis(1150), 10).await;
    assert!(asked.iter().all(|it| it.0 == 1), "{asked:?}");
    assert!(asked.iter().all(|it| it.1 <= 3), "{asked:?}");
    let fetched: usize = asked.iter().map(|it| it.1).sum();
    assert!(fetched < 65, "{fetched} looks at 40 reports");
}
