//! The central property: whatever goes wrong, a verdict is the world's truth or there is none, and then for a reason
//! that is true; and no account is missing or there twice.
//!
//! What fails names the seed of its world. `MFAUDIT_TRUTH_SEED=1` makes other worlds than usual, always the same ones.

mod access;
mod accounts;
mod faults;
mod oracle;
mod worlds;

use std::{cell::RefCell, collections::BTreeMap, ops::Range, sync::LazyLock, time::Duration};

use futures_util::{Stream, StreamExt, stream};
use model::{Account, GapReason, Record, snapshot::ScopeFilter};
use rules::{Rule, Status};
use simulator::World;
use tokio::{sync::mpsc, time::timeout};

use self::{
    faults::{Patience, is_natural},
    oracle::{forgotten, lie, wrong_devices},
    worlds::Scene,
};
use super::stage::{ORDINARY, Stage, confirm, findings_of, rules_of};
use crate::{Collector, Freshness, Pace, Reach, Survey};

/// How long a run of one world may take before it counts as one without end.
const NO_END: Duration = Duration::from_mins(2);

/// The rules of which the oracle knows the truth.
static KNOWN: LazyLock<Vec<&'static Rule>> = LazyLock::new(|| {
    let others = [
        "root-user-signing-certificate",
        "iam-user-admin-mfa",
        "iam-user-single-access-key",
        "iam-user-direct-policy",
        "iam-role-trust-mfa",
    ];
    let mut all = ORDINARY.clone();
    all.extend(rules_of(&others));
    all
});

/// How many worlds are audited at once. Nearly all that their accounts do is wait; where little time is given, they
/// should not wait for each other.
const fn at_once(patience: Patience) -> usize {
    match patience {
        Patience::Long => 8,
        Patience::Short => 3,
    }
}

/// What came of several worlds.
#[derive(Default)]
struct Tally {
    /// Accounts that were collected, each with faults of its own.
    cases: usize,
    statuses: BTreeMap<Status, usize>,
    reasons: BTreeMap<GapReason, usize>,
}

/// The accounts that were handed on, their units by name, and the records that were made of them.
struct Run {
    listed: Vec<Account>,
    records: Vec<Record>,
}

/// Discovers everything and then collects it.
async fn one_after_the_other(stage: &Stage, collector: &Collector) -> Result<Run, String> {
    let found = stage.discover(ScopeFilter::default()).await;
    let found = found.map_err(|it| it.to_string())?;
    if !found.notes.is_empty() {
        return Err(format!("noted: {:?}", found.notes));
    }
    let accounts = stream::iter(found.accounts.clone());
    Ok(Run {
        listed: found.accounts,
        records: records(collector, accounts).await?,
    })
}

/// Collects accounts while they are listed, as the command line does.
async fn at_the_same_time(stage: &Stage, collector: &Collector) -> Result<Run, String> {
    let reach = Reach::Organization(ScopeFilter::default());
    let survey = Survey::begin(&stage.connection, &collector.pace, &reach).await;
    let survey = survey.map_err(|it| it.to_string())?;
    let accounts = RefCell::new(Vec::new());
    let (send, mut receive) = mpsc::channel(8);
    let listing = async {
        let send = send;
        let listed = survey.accounts(None, async |account: Account| {
            accounts.borrow_mut().push(account.clone());
            send.send(account).await.unwrap();
        });
        listed.await
    };
    let pending = stream::poll_fn(|context| receive.poll_recv(context));
    let (listed, records) = tokio::join!(listing, records(collector, pending));
    let listed = listed.map_err(|it| it.to_string())?;
    if listed.cut.is_some() || !listed.notes.is_empty() {
        return Err(format!("{listed:?}"));
    }
    let name = |id: &str| listed.units.get(id).cloned().unwrap_or_default();
    let mut accounts = accounts.into_inner();
    for account in &mut accounts {
        let names = account.ou_path.split('/').map(name);
        let names: Vec<_> = names.filter(|it| !it.is_empty()).collect();
        account.ou_path = names.join("/");
    }
    Ok(Run {
        listed: accounts,
        records: records?,
    })
}

async fn records(
    collector: &Collector,
    accounts: impl Stream<Item = Account>,
) -> Result<Vec<Record>, String> {
    let records: Vec<_> = collector.collect(accounts).collect().await;
    let records = records.into_iter().collect::<Result<_, _>>();
    records.map_err(|it: crate::Stop| it.to_string())
}

/// Tells which accounts are missing, there twice, or in the wrong place. One that comes or goes may be there or not.
fn misplaced(world: &World, run: &Run) -> Vec<String> {
    let mut wrong = Vec::new();
    for account in &world.accounts {
        let id = account.id.as_str();
        let listed: Vec<_> = run
            .listed
            .iter()
            .filter(|it| it.id.as_str() == id)
            .collect();
        let records = run
            .records
            .iter()
            .filter(|it| it.account.id.as_str() == id)
            .count();
        let stays = account.appears_after_pages.is_none() && account.vanishes_after_pages.is_none();
        if listed.len() > 1 || stays && listed.is_empty() || records != listed.len() {
            wrong.push(format!(
                "{id}: listed {} times, with {records} records",
                listed.len()
            ));
        }
        if let [found] = listed.as_slice()
            && stays
            && found.ou_path != account.ou
        {
            wrong.push(format!(
                "{id}: in {:?} and not in {:?}",
                found.ou_path, account.ou
            ));
        }
    }
    let strangers = run.listed.iter().filter(|it| {
        !world
            .accounts
            .iter()
            .any(|known| known.id == it.id.as_str())
    });
    wrong.extend(strangers.map(|it| format!("{} does not exist", it.id)));
    wrong
}

/// Tells what is wrong with a record, and counts what is right.
fn falsehoods(scene: &Scene, record: &Record, tally: &mut Tally) -> Vec<String> {
    let is_it = |it: &&simulator::Account| it.id == record.account.id.as_str();
    let Some(account) = scene.world.accounts.iter().find(is_it) else {
        return Vec::new();
    };
    let mut wrong = Vec::new();
    if !record.is_consistent() {
        wrong.push("the record is not consistent".to_owned());
    }
    let found = findings_of(record, &KNOWN);
    if account.state != "ACTIVE" {
        let asked = record
            .gaps
            .iter()
            .any(|it| it.reason != GapReason::NotRequested);
        if asked || !found.is_empty() {
            wrong.push(format!("it is {} and was asked", account.state));
        }
        return wrong;
    }
    let causes = &scene.causes[&account.id];
    tally.cases += usize::from(!causes.is_empty());
    for finding in &found {
        *tally.statuses.entry(finding.status).or_default() += 1;
        let (rule, arn, status) = (finding.rule.id, &finding.subject.arn, finding.status);
        wrong
            .extend(lie(finding, account).map(|it| format!("{rule} says {status} of {arn}: {it}")));
        if let Some(gap) = finding.gap.and_then(|it| record.gap(it))
            && !causes.iter().any(|it| it.explains(gap))
        {
            wrong.push(format!(
                "{rule} of {arn} rests on `{gap}`, which nothing explains"
            ));
        }
    }
    for gap in &record.gaps {
        *tally.reasons.entry(gap.reason).or_default() += 1;
        if !is_natural(gap.reason) && !causes.iter().any(|it| it.explains(gap)) {
            wrong.push(format!("nothing explains `{gap}`"));
        }
    }
    let missing = forgotten(record, &found, account).into_iter();
    wrong.extend(missing.map(|it| format!("no finding of {it}")));
    let devices = wrong_devices(record, account).into_iter();
    wrong.extend(devices.map(|it| format!("these are not the devices of {it}")));
    wrong
}

/// Audits the world of a seed, and returns what is wrong with what came of it.
async fn check(seed: u64, patience: Patience, freshness: Freshness) -> (Tally, Vec<String>) {
    let scene = Scene::of_seed(seed, patience);
    let stage = Stage::start(scene.world.clone()).await;
    let mut collector = stage.collector(super::stage::MANAGEMENT);
    collector.plan.datasets = rules::datasets(&KNOWN);
    collector.confirm = confirm(&KNOWN);
    collector.plan.freshness = freshness;
    collector.root_access = scene.root_access;
    collector.pace = Pace::new(64);
    collector.report_patience = Duration::from_secs(2);
    collector.account_deadline = match patience {
        Patience::Long => Duration::from_secs(30),
        Patience::Short => Duration::from_secs(5),
    };
    let run = async {
        if seed.is_multiple_of(2) {
            one_after_the_other(&stage, &collector).await
        } else {
            at_the_same_time(&stage, &collector).await
        }
    };
    let mut tally = Tally::default();
    let run = match timeout(NO_END, run).await {
        Ok(Ok(run)) => run,
        Ok(Err(error)) => return (tally, vec![format!("seed {seed}: {error}")]),
        Err(_) => return (tally, vec![format!("seed {seed}: the run does not end")]),
    };
    let mut wrong = misplaced(&scene.world, &run);
    for record in &run.records {
        let id = record.account.id.as_str();
        let faults: Vec<_> = scene
            .world
            .faults
            .iter()
            .filter(|it| it.account.as_deref() == Some(id))
            .map(|it| (&it.action, &it.kind, it.after, it.times))
            .collect();
        let of_record = falsehoods(&scene, record, &mut tally).into_iter();
        wrong.extend(of_record.map(|it| format!("{id}: {it}, with {faults:?}")));
    }
    let wrong = wrong.into_iter().map(|it| format!("seed {seed}: {it}"));
    (tally, wrong.collect())
}

#[expect(
    clippy::disallowed_methods,
    reason = "for whoever looks for more worlds; the usual ones do not depend on it"
)]
fn other_worlds() -> u64 {
    std::env::var("MFAUDIT_TRUTH_SEED").map_or(0, |it| it.parse().unwrap())
}

/// Audits the worlds of several seeds, and fails if anything is wrong.
async fn check_all(seeds: Range<u64>, patience: Patience, freshness: Freshness) -> Tally {
    let others = other_worlds() * 1000;
    let checks =
        stream::iter(seeds).map(|seed| Box::pin(check(others + seed, patience, freshness)));
    let checked: Vec<_> = checks.buffer_unordered(at_once(patience)).collect().await;
    let mut all = Tally::default();
    let mut wrong = Vec::new();
    for (tally, of_world) in checked {
        all.cases += tally.cases;
        for (status, count) in tally.statuses {
            *all.statuses.entry(status).or_default() += count;
        }
        for (reason, count) in tally.reasons {
            *all.reasons.entry(reason).or_default() += count;
        }
        wrong.extend(of_world);
    }
    assert!(
        wrong.is_empty(),
        "{} falsehoods:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_verdict_is_the_truth_or_there_is_none() {
    let tally = check_all(100..124, Patience::Long, Freshness::ReportFirst).await;
    // The worlds are worth asking: each outcome occurs often.
    assert!(tally.cases >= 300, "{} cases", tally.cases);
    for status in Status::ALL {
        let count = tally.statuses.get(&status).copied().unwrap_or_default();
        assert!(count > 150, "{:?}", tally.statuses);
    }
    for reason in [
        GapReason::EntryDenied,
        GapReason::AccessDenied,
        GapReason::Throttled,
        GapReason::Unreachable,
        GapReason::Failed,
        GapReason::ExpiredCredentials,
        GapReason::Malformed,
    ] {
        assert!(
            tally.reasons.contains_key(&reason),
            "{reason}: {:?}",
            tally.reasons
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_verdict_of_live_calls_is_the_truth_or_there_is_none() {
    let tally = check_all(200..212, Patience::Long, Freshness::Live).await;
    assert!(tally.cases >= 100, "{} cases", tally.cases);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_verdict_is_the_truth_where_answers_do_not_come() {
    let tally = check_all(300..308, Patience::Short, Freshness::ReportFirst).await;
    let late = tally
        .reasons
        .get(&GapReason::Deadline)
        .copied()
        .unwrap_or_default();
    assert!(late > 20, "{:?}", tally.reasons);
}
