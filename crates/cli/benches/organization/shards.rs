//! What it costs to share out a run among machines.

use crate::{
    Failure, Size,
    organization::{Audited, Organization},
    process::Usage,
    row::{Row, Unit, quotient},
};

const SHARDS: u64 = 16;

pub(crate) fn measure(size: Size) -> Result<Vec<Row>, Failure> {
    let (few, many) = (size.of(1000, 200), size.of(50_000, 1000));
    let small = share(few)?;
    let large = share(many)?;
    let peaks = [(few, &small), (many, &large)].map(|(accounts, it)| {
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
            measured: quotient(small.calls, small.alone),
            target: Some(1.02),
            unit: Unit::Ratio,
            details: vec![format!(
                "{} calls of {SHARDS} shards and discovery, {} of one machine, {few} accounts of 3 users",
                small.calls, small.alone
            )],
        },
        Row {
            name: "shards",
            what: format!("peak memory of a merge at {many} accounts / at {few}"),
            measured: quotient(large.merged.peak, small.merged.peak),
            target: Some(1.15),
            unit: Unit::Ratio,
            details: peaks.to_vec(),
        },
    ])
}

/// A run that was shared out.
struct Shared {
    /// The calls of all shards, and of discovery.
    calls: u64,
    /// The calls of one machine.
    alone: u64,
    merged: Usage,
}

fn share(accounts: usize) -> Result<Shared, Failure> {
    let count = accounts.to_string();
    let organization =
        Organization::serve(&["--accounts", &count, "--users=3", "--report-delay-ms=0"])?;
    let url = format!("file://{}", organization.file("run").display());
    let counted = ["--quiet", "--stats=json"];
    let run = |args: &[&str]| Audited::of(organization.command(&[args, &counted].concat())?);
    let alone = run(&["collect", "-o", "one.mfaudit"])?.stats.total.calls;
    let mut calls = run(&["discover", "--to", &url])?.stats.total.calls;
    for index in 0..SHARDS {
        let shard = format!("{index}/{SHARDS}");
        let collected = run(&[
            "collect",
            "--shard",
            &shard,
            "--accounts-from",
            &url,
            "--to",
            &url,
        ])?;
        calls += collected.stats.total.calls;
    }
    let merged = organization.command(&["merge", &url, "-o", "merged.mfaudit"])?;
    Ok(Shared {
        calls,
        alone,
        merged,
    })
}

#[expect(clippy::cast_precision_loss, reason = "some MiB")]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}
