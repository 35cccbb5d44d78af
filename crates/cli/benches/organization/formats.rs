//! Whether memory grows with the findings, whatever the format, and what it costs to write them.
#![expect(
    clippy::disallowed_methods,
    reason = "reads the report that the csv crate writes again"
)]

use std::{
    fs::File,
    ops::ControlFlow,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use crate::{
    Failure, Size,
    process::{self, Usage},
    row::{Row, Unit, list, median, quotient},
    snapshot,
};

const FORMATS: [&str; 5] = ["csv", "ndjson", "ocsf", "parquet", "xlsx"];
const ROUNDS: usize = 5;
const MEMORY_ROUNDS: usize = 3;
/// A format that judges everything, in one pass as `csv` does, and writes no finding.
const COUNTS_ONLY: &str = "prometheus";
/// Where reports go whose time is measured: how quick a disk is does not matter here.
const NOWHERE: &str = "/dev/null";
/// How many rows are held while the csv crate writes them.
const BATCH: usize = 10_000;

pub(crate) fn measure(size: Size) -> Result<Vec<Row>, Failure> {
    let (few, many) = (size.of(625, 50), size.of(2500, 200));
    let folder = tempfile::tempdir()?;
    let small = folder.path().join("small.mfaudit");
    let large = folder.path().join("large.mfaudit");
    snapshot::write(&small, few)?;
    snapshot::write(&large, many)?;
    let report = folder.path().join("report.csv");
    evaluate(&large, "csv", &report)?;
    let (findings, bytes) = (count(&report)?, report.metadata()?.len());
    let mut rows = vec![csv_alone(&large, &report, findings, bytes)?];
    for format in FORMATS {
        rows.push(memory(format, [&small, &large], findings)?);
    }
    Ok(rows)
}

/// The CPU that `csv` takes beyond a run that writes no finding, beside the csv crate writing the same rows.
fn csv_alone(snapshot: &Path, report: &Path, findings: u64, bytes: u64) -> Result<Row, Failure> {
    let mut times = [const { Vec::new() }; 3];
    for _ in 0..ROUNDS {
        let nowhere = Path::new(NOWHERE);
        let [with, without, alone] = &mut times;
        with.push(evaluate(snapshot, "csv", nowhere)?.cpu.as_secs_f64());
        without.push(evaluate(snapshot, COUNTS_ONLY, nowhere)?.cpu.as_secs_f64());
        alone.push(written_alone(report)?.as_secs_f64());
    }
    let [with, without, alone] = times;
    let details = vec![
        format!("{findings} findings, {} MiB of CSV", bytes >> 20),
        format!("{} s of CPU with csv", list(&with, 2)),
        format!(
            "{} s with {COUNTS_ONLY}, which writes none",
            list(&without, 2)
        ),
        format!("{} s of the csv crate alone", list(&alone, 2)),
    ];
    Ok(Row {
        name: "formats",
        what: format!("CPU to write {findings} findings as CSV / of the csv crate alone"),
        measured: (median(with) - median(without)) / median(alone),
        target: Some(2.0),
        unit: Unit::Ratio,
        details,
    })
}

fn memory(format: &'static str, [small, large]: [&Path; 2], findings: u64) -> Result<Row, Failure> {
    let nowhere = Path::new(NOWHERE);
    let (mut of_few, mut of_all, mut walls) = (Vec::new(), Vec::new(), Vec::new());
    // How far reading runs ahead of writing differs from run to run.
    for _ in 0..MEMORY_ROUNDS {
        of_few.push(evaluate(small, format, nowhere)?.peak);
        let usage = evaluate(large, format, nowhere)?;
        of_all.push(usage.peak);
        walls.push(usage.wall.as_secs_f64());
    }
    let mebibytes = |peaks: &[u64]| {
        let peaks: Vec<_> = peaks.iter().map(|it| (it >> 20).to_string()).collect();
        peaks.join(", ")
    };
    let details = vec![format!(
        "{format}: {} MiB at a quarter of the findings, {} MiB at all, {} s",
        mebibytes(&of_few),
        mebibytes(&of_all),
        list(&walls, 1)
    )];
    let peak = |mut peaks: Vec<u64>| {
        peaks.sort_unstable();
        peaks.get(MEMORY_ROUNDS / 2).copied().unwrap_or_default()
    };
    Ok(Row {
        name: "formats",
        what: format!("peak memory with {format} at {findings} findings / at a quarter"),
        measured: quotient(peak(of_all), peak(of_few)),
        // A workbook is held until it is whole, compressed.
        target: (format != "xlsx").then_some(1.15),
        unit: Unit::Ratio,
        details,
    })
}

fn evaluate(snapshot: &Path, format: &str, out: &Path) -> Result<Usage, Failure> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mfaudit"));
    command.arg("evaluate").arg(snapshot);
    command.args(["--ruleset", "all", "--exit-zero", "--format"]);
    command.arg(format!("{format}={}", out.display()));
    process::measure(&mut command, || ControlFlow::Continue(()))
}

fn count(report: &Path) -> Result<u64, Failure> {
    let mut reader = csv::Reader::from_path(report)?;
    let mut row = csv::ByteRecord::new();
    let mut count = 0;
    while reader.read_byte_record(&mut row)? {
        count += 1;
    }
    Ok(count)
}

/// Returns how long the csv crate takes to write the rows of a report. To read them is not counted.
fn written_alone(report: &Path) -> Result<Duration, Failure> {
    let mut reader = csv::Reader::from_path(report)?;
    let mut writer = csv::Writer::from_writer(File::create(NOWHERE)?);
    let mut rows = vec![csv::ByteRecord::new(); BATCH];
    let mut taken = Duration::ZERO;
    loop {
        let mut read = 0;
        for row in &mut rows {
            if !reader.read_byte_record(row)? {
                break;
            }
            read += 1;
        }
        let began: Instant = process::now();
        for row in rows.iter().take(read) {
            writer.write_byte_record(row)?;
        }
        if read < BATCH {
            writer.flush()?;
            return Ok(taken + began.elapsed());
        }
        taken += began.elapsed();
    }
}
