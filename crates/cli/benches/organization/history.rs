//! What a year of runs takes on disk, and how long the trend over it takes, beside `DuckDB` doing the same.
#![expect(
    clippy::disallowed_methods,
    reason = "writes the script that it measures"
)]

#[path = "../../../delivery/examples/generated_history/world.rs"]
mod world;

use std::{fs, ops::ControlFlow, path::Path, process::Command};

use delivery::{
    dataset::{Dataset, RunRow},
    storage::{StorageOptions, Store},
};

use self::world::{Random, World};
use crate::{
    Failure, Size,
    evidence::{DUCKDB, python},
    process::{self, Usage},
    row::{Row, Unit, list, median, quotient},
};

const ROUNDS: usize = 3;
const DAYS: i64 = 365;

pub(crate) fn measure(size: Size) -> Result<Vec<Row>, Failure> {
    let (accounts, users) = (size.of(100, 5), size.of(1000, 20));
    let folder = tempfile::tempdir()?;
    let dataset = folder.path().join("history");
    let url = format!("file://{}", dataset.display());
    let runs = publish(&url, accounts, users)?;
    let rows = |of: fn(&RunRow) -> i64| u64::try_from(runs.iter().map(of).sum::<i64>());
    let (principals, findings) = (
        rows(|it| it.counts.principals)?,
        rows(|it| it.counts.findings)?,
    );
    let (of_principals, of_findings) = (
        bytes_in(&dataset.join("principals"))?,
        bytes_in(&dataset.join("findings"))?,
    );
    let python = python(folder.path())?;
    let script = folder.path().join("trend.py");
    fs::write(&script, include_str!("trend.py"))?;
    let sql = folder.path().join("history.sql");
    fs::write(&sql, ours(&url, &["--sql", "duckdb"])?.stdout)?;
    let (mut of_ours, mut of_theirs, mut peaks) = (Vec::new(), Vec::new(), [0, 0]);
    // The first round warms the cache of both, and is not counted.
    for round in 0..=ROUNDS {
        let one = ours(&url, &["--query", "trend", "--form", "csv"])?;
        let mut command = Command::new(&python);
        let command = command.arg(&script).arg(&sql).arg("trend");
        let other = process::measure(command, || ControlFlow::Continue(()))?;
        if one.stdout != other.stdout {
            return Err("mfaudit and DuckDB give other rows".into());
        }
        if round > 0 {
            of_ours.push(one.wall.as_secs_f64());
            of_theirs.push(other.wall.as_secs_f64());
            peaks = [peaks[0].max(one.peak), peaks[1].max(other.peak)];
        }
    }
    let peaks = peaks.map(|it| format!("{} MiB", it >> 20));
    let details = vec![
        format!(
            "{} runs: {principals} rows in principals, {} MiB; {findings} rows in findings, {} MiB",
            runs.len(),
            of_principals >> 20,
            of_findings >> 20
        ),
        format!("mfaudit: {} s, {}", list(&of_ours, 2), peaks[0]),
        format!("DuckDB ({DUCKDB}): {} s, {}", list(&of_theirs, 2), peaks[1]),
    ];
    let row = |what: String, measured, target, unit, details| Row {
        name: "history",
        what,
        measured,
        target,
        unit,
        details,
    };
    Ok(vec![
        row(
            "a row of `principals`, in the dataset".to_owned(),
            quotient(of_principals, principals),
            None,
            Unit::FewBytes,
            Vec::new(),
        ),
        row(
            "a row of `findings`, likewise".to_owned(),
            quotient(of_findings, findings),
            None,
            Unit::FewBytes,
            Vec::new(),
        ),
        row(
            format!(
                "time of the trend over {} runs of {} principals / of DuckDB",
                runs.len(),
                accounts * (users + 1)
            ),
            median(of_ours) / median(of_theirs),
            None,
            Unit::Ratio,
            details,
        ),
    ])
}

/// Publishes a run a day.
fn publish(url: &str, accounts: u64, users: u64) -> Result<Vec<RunRow>, Failure> {
    let dataset = Dataset::new(Store::open(&url.parse()?, &StorageOptions::default())?);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut random = Random::new(8);
    let mut world = World::new(accounts, users, &mut random);
    for day in 0..DAYS {
        world.pass_a_day(day, &mut random);
        let staged = world.run(day, &mut random)?;
        runtime.block_on(dataset.publish(staged, || model::Timestamp::EPOCH))?;
    }
    Ok(runtime.block_on(dataset.runs())?)
}

fn ours(url: &str, more: &[&str]) -> Result<Usage, Failure> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mfaudit"));
    command.args(["history", url]).args(more);
    process::measure(&mut command, || ControlFlow::Continue(()))
}

fn bytes_in(folder: &Path) -> Result<u64, Failure> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        bytes += if entry.file_type()?.is_dir() {
            bytes_in(&entry.path())?
        } else {
            entry.metadata()?.len()
        };
    }
    Ok(bytes)
}
