//! What it costs to share out a run among machines.

use std::thread;

use crate::{
    Failure, Size,
    organization::{Audited, Organization},
    process::Usage,
    row::{Row, Unit, quotient},
};

const SHARDS: u64 = 16;
const QUIET: &str = "--quiet";
const COUNTED: &str = "--stats=json";

pub(crate) fn measure(size: Size) -> Result<Vec<Row>, Failure> {
    // A thousand accounts do not fill what is read of sixteen shards at once; five thousand do.
    let (few, some, many) = (
        size.of(1000, 200),
        size.of(5000, 400),
        size.of(50_000, 1000),
    );
    let alone = alone(few)?;
    let small = share(few)?;
    let medium = share(some)?;
    let large = share(many)?;
    let peaks = [(few, &small), (some, &medium), (many, &large)].map(|(accounts, it)| {
        format!(
            "{:.1} MiB to merge {accounts} accounts, in {:.1} s",
            mebibytes(it.merged.peak),
            it.merged.wall.as_secs_f64()
        )
    });
    Ok(vec![
        Row {
            name: "shards",
            what: format!(
                "calls of {SHARDS} shards and discovery / of one machine, {few} accounts"
            ),
            measured: quotient(small.calls, alone),
            target: Some(1.02),
            unit: Unit::Ratio,
            details: vec![format!(
                "{} calls of {SHARDS} shards and discovery, {} of one machine, {few} accounts of 3 users",
                small.calls, alone
            )],
        },
        Row {
            name: "shards",
            what: format!("peak memory of a merge at {many} accounts / at {some}"),
            measured: quotient(large.merged.peak, medium.merged.peak),
            target: Some(1.15),
            unit: Unit::Ratio,
            details: peaks.to_vec(),
        },
    ])
}

/// Returns the calls of one machine.
fn alone(accounts: usize) -> Result<u64, Failure> {
    let organization = serve(accounts)?;
    let collected = organization.command(&["collect", "-o", "one.mfaudit", QUIET, COUNTED])?;
    Ok(Audited::of(collected)?.stats.total.calls)
}

/// A run that was shared out.
struct Shared {
    /// The calls of all shards, and of discovery.
    calls: u64,
    merged: Usage,
}

/// Lists the accounts, collects all shards at once, and merges them.
fn share(accounts: usize) -> Result<Shared, Failure> {
    let organization = serve(accounts)?;
    let url = format!("file://{}", organization.file("run").display());
    let discovered = organization.command(&["discover", "--to", &url, QUIET, COUNTED])?;
    let mut calls = Audited::of(discovered)?.stats.total.calls;
    let collect = |index: u64| -> Result<u64, String> {
        let shard = format!("{index}/{SHARDS}");
        let from_to = ["--accounts-from", &url, "--to", &url];
        let command = ["collect", "--shard", &shard, QUIET, COUNTED];
        let collected = organization.command(&[&command[..], &from_to].concat());
        let counted = collected
            .and_then(Audited::of)
            .map_err(|it| it.to_string())?;
        Ok(counted.stats.total.calls)
    };
    let of_shards: Result<Vec<u64>, String> = thread::scope(|scope| {
        let collect = &collect;
        let shards: Vec<_> = (0..SHARDS)
            .map(|it| scope.spawn(move || collect(it)))
            .collect();
        let died = |_| Err("a thread died".to_owned());
        shards
            .into_iter()
            .map(|it| it.join().unwrap_or_else(died))
            .collect()
    });
    calls += of_shards?.iter().sum::<u64>();
    let merged = organization.command(&["merge", &url, "-o", "merged.mfaudit"])?;
    Ok(Shared { calls, merged })
}

fn serve(accounts: usize) -> Result<Organization, Failure> {
    let count = accounts.to_string();
    Organization::serve(&["--accounts", &count, "--users=3", "--report-delay-ms=0"])
}

#[expect(clippy::cast_precision_loss, reason = "some MiB")]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}
