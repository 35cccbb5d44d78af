//! Accounts are collected while the list of them is still being read.

use tokio::sync::mpsc;

use super::*;
use crate::{Reach, Survey};

#[tokio::test]
async fn the_first_record_comes_before_the_last_page_is_asked_for() {
    let late = Fault {
        after: Some(1),
        ..fault("organizations:ListAccounts", FaultKind::Delay { ms: 1500 })
    };
    let stage = Stage::with(members(44, ""), vec![late]).await;
    let collector = stage.collector(MANAGEMENT);
    let reach = Reach::Organization(ScopeFilter::default());
    let survey = Survey::begin(&stage.connection, &collector.pace, &reach)
        .await
        .unwrap();
    let (send, mut receive) = mpsc::channel(8);
    let listing = async {
        let send = send;
        let listed = survey.accounts(None, async |it: Account| send.send(it).await.unwrap());
        listed.await.unwrap()
    };
    let pages = || stage.asked(MANAGEMENT, "ListAccounts");
    let collecting = async {
        let pending = stream::poll_fn(|context| receive.poll_recv(context));
        let collected = collector.collect(pending);
        let noted = collected.map(|it| (it.unwrap(), pages()));
        noted.collect::<Vec<_>>().await
    };
    let (_, collected) = tokio::join!(listing, collecting);
    assert_eq!((collected.len(), pages()), (45, 3));
    let (first, pages_before) = &collected[0];
    assert!(is_whole(first));
    assert!(
        *pages_before < 3,
        "{pages_before} pages were asked for before"
    );
}
