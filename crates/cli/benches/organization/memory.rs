//! Whether memory grows with the organization.

use crate::{
    Failure, Size,
    organization::{Audited, Organization},
    row::{Row, Unit, quotient},
};

pub(crate) fn measure(size: Size) -> Result<Vec<Row>, Failure> {
    let (few, many) = (size.of(1000, 200), size.of(50_000, 2000));
    let small = audit(few)?;
    let large = audit(many)?;
    let details = [(few, &small), (many, &large)].map(|(accounts, it)| {
        format!(
            "{:.1} MiB at {accounts} accounts of 3 users; {} calls, {:.1} s, {:.1} s of CPU",
            mebibytes(it.usage.peak),
            it.stats.total.calls,
            it.usage.wall.as_secs_f64(),
            it.usage.cpu.as_secs_f64()
        )
    });
    #[expect(clippy::cast_precision_loss, reason = "some MiB")]
    let peak = large.usage.peak as f64;
    Ok(vec![
        Row {
            name: "memory",
            what: format!("peak memory at {many} accounts / at {few}"),
            measured: quotient(large.usage.peak, small.usage.peak),
            target: Some(1.15),
            unit: Unit::Ratio,
            details: details.to_vec(),
        },
        Row {
            name: "memory",
            what: format!("peak memory at {many} accounts"),
            measured: peak,
            target: Some(100.0 * f64::from(1 << 20)),
            unit: Unit::Bytes,
            details: Vec::new(),
        },
    ])
}

fn audit(accounts: usize) -> Result<Audited, Failure> {
    let accounts = accounts.to_string();
    let args = ["--accounts", &accounts, "--users=3", "--report-delay-ms=0"];
    Organization::serve(&args)?.audit()
}

#[expect(clippy::cast_precision_loss, reason = "some MiB")]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}
