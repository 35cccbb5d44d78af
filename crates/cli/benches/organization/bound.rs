//! How close a run comes to the shortest that AWS's limits permit.

use std::time::{Duration, Instant};

use crate::{
    Failure, Size,
    organization::Organization,
    row::{Row, Unit, list, median, quotient},
};

/// Accounts on a page of `ListAccounts`, and its documented limit: requests a second, and at once.
const PAGE: usize = 20;
const RATE: f64 = 8.0;
const BURST: f64 = 12.0;

/// How often the audit is made.
const ROUNDS: usize = 5;

/// Returns how long AWS takes to list so many accounts at the least: nothing else in an audit has a limit that is
/// reached before, since accounts are asked while others are listed.
#[expect(clippy::cast_precision_loss, reason = "a few thousand pages")]
fn shortest(accounts: usize) -> f64 {
    let pages = accounts.div_ceil(PAGE) as f64;
    (pages - BURST).max(0.0) / RATE
}

/// One audit.
struct Round {
    wall: f64,
    throttled: u64,
    requests: u64,
    parts: String,
}

pub(crate) fn measure(size: Size) -> Result<Vec<Row>, Failure> {
    let accounts = size.of(5000, 500);
    let rounds = (0..size.of(ROUNDS, 1)).map(|_| round(accounts));
    let rounds: Vec<_> = rounds.collect::<Result<_, _>>()?;
    let walls: Vec<_> = rounds.iter().map(|it| it.wall).collect();
    let throttled = rounds.iter().map(|it| it.throttled).sum();
    let requests = rounds.iter().map(|it| it.requests).sum();
    let mut details = vec![format!(
        "{} s for {accounts} accounts of 20 users, which take {:.2} s to be listed at AWS's limit",
        list(&walls, 2),
        shortest(accounts),
    )];
    details.extend(rounds.into_iter().map(|it| it.parts));
    Ok(vec![
        Row {
            name: "bound",
            what: format!(
                "time of an audit of {accounts} accounts / time to list them at AWS's limit"
            ),
            measured: median(walls) / shortest(accounts),
            target: Some(1.10),
            unit: Unit::Ratio,
            details,
        },
        Row {
            name: "bound",
            what: "throttled requests / all requests of those audits".to_owned(),
            measured: quotient(throttled, requests),
            target: Some(0.01),
            unit: Unit::Percent,
            details: vec![format!("{throttled} of {requests} requests were throttled")],
        },
    ])
}

fn round(accounts: usize) -> Result<Round, Failure> {
    let count = accounts.to_string();
    let organization = Organization::serve(&[
        "--accounts",
        &count,
        "--users=20",
        "--limits=documented",
        "--latency-ms=20",
        "--report-delay-ms=2000",
    ])?;
    let mut watch = organization.watch();
    let audited = organization.audit_while(|| {
        // What cannot be read is not watched, and the times are missing below.
        let _ = watch.look();
    })?;
    let (usage, total) = (&audited.usage, audited.stats.total);
    let since = |from: Option<Instant>, to: Option<Instant>| match from.zip(to) {
        Some((from, to)) => seconds(to.saturating_duration_since(from)),
        None => "not seen".to_owned(),
    };
    let (began, ended) = (Some(usage.began), Some(usage.began + usage.wall));
    let parts = format!(
        "{} until the last account was listed, then {} until the last record was whole, and {} until the report was; {:.1} s of CPU",
        since(began, watch.listed),
        since(watch.listed, watch.recorded),
        since(watch.recorded, ended),
        usage.cpu.as_secs_f64(),
    );
    Ok(Round {
        wall: usage.wall.as_secs_f64(),
        throttled: total.throttled,
        requests: total.requests,
        parts,
    })
}

fn seconds(it: Duration) -> String {
    format!("{:.2} s", it.as_secs_f64())
}
