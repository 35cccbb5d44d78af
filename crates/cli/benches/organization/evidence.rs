//! How long it takes to find who can sign in without MFA in saved credential reports, beside `DuckDB` doing the same.
#![expect(
    clippy::disallowed_methods,
    reason = "writes the reports it measures, and reads what was found"
)]

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    Failure, Size, process,
    row::{Row, Unit, list, median},
};

const ROUNDS: usize = 5;
/// The version that is compared with, from PyPI.
pub(crate) const DUCKDB: &str = "duckdb==2.0.1";

const HEADER: &str = "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,\
    password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,\
    access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,\
    access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,\
    cert_1_last_rotated,cert_2_active,cert_2_last_rotated";

pub(crate) fn measure(size: Size) -> Result<Vec<Row>, Failure> {
    let (accounts, users) = (size.of(1000, 20), size.of(1000, 100));
    let folder = tempfile::tempdir()?;
    let reports = folder.path().join("reports");
    fs::create_dir(&reports)?;
    for account in 0..accounts {
        let id = format!("{:012}", 100_000_000_000_u64 + account * 7919);
        fs::write(
            reports.join(format!("{id}.csv")),
            report(&id, account, users),
        )?;
    }
    let python = python(folder.path())?;
    let script = folder.path().join("duckdb_sql.py");
    fs::write(&script, include_str!("duckdb.py"))?;
    let (ours, theirs) = (folder.path().join("ours"), folder.path().join("theirs"));
    let mut times = [Vec::new(), Vec::new(), Vec::new()];
    // The first round warms the cache of both, and is not counted.
    for round in 0..=ROUNDS {
        let one = evaluate(&reports, &ours)?;
        let other = sql(&python, &script, &reports, &theirs)?;
        if round > 0 {
            let [of_ours, of_theirs, of_queries] = &mut times;
            of_ours.push(one);
            of_theirs.push(other.0);
            of_queries.push(other.1);
        }
    }
    let (mine, same) = (listed(&ours)?, fs::read_to_string(&theirs)?);
    let same: BTreeSet<_> = same.lines().map(str::to_owned).collect();
    if mine != same {
        return Err(format!(
            "mfaudit lists {} ARNs and DuckDB {}",
            mine.len(),
            same.len()
        )
        .into());
    }
    let [of_ours, of_theirs, of_queries] = times;
    let details = vec![
        format!(
            "{accounts} reports of {users} users, {} of whom can sign in without MFA, as both say",
            mine.len()
        ),
        format!("mfaudit: {} s", list(&of_ours, 2)),
        format!(
            "DuckDB ({DUCKDB}): {} s; of these, the query alone {} s",
            list(&of_theirs, 2),
            list(&of_queries, 2)
        ),
    ];
    Ok(vec![Row {
        name: "evidence",
        what: format!(
            "time to list them from {accounts} saved reports / of DuckDB, both on two threads"
        ),
        measured: median(of_ours) / median(of_theirs),
        target: Some(1.0),
        unit: Unit::Ratio,
        details,
    }])
}

fn report(id: &str, account: u64, users: u64) -> String {
    let mut text = format!(
        "{HEADER}\n<root_account>,arn:aws:iam::{id}:root,2020-01-01T00:00:00+00:00,not_supported,\
        no_information,not_supported,not_supported,true,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\n"
    );
    for user in 0..users {
        // What users have differs from one to the next, and is always the same.
        let mixed = (account * users + user).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
        let (password, mfa, key) = (mixed % 10 < 6, mixed / 10 % 10 < 8, mixed / 100 % 10 < 4);
        let time = |it: bool, text: &'static str| if it { text } else { "N/A" };
        let name = format!("user-{user:04}");
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{name},arn:aws:iam::{id}:user/{name},2023-03-01T10:00:00+00:00,{password},{},{},N/A,{mfa},{key},{},{},{},{},\
             false,N/A,N/A,N/A,N/A,false,N/A,false,N/A",
            time(password, "2026-11-01T08:00:00+00:00"),
            time(password, "2026-01-01T08:00:00+00:00"),
            time(key, "2026-02-01T00:00:00+00:00"),
            time(key, "2026-11-20T00:00:00+00:00"),
            time(key, "eu-west-1"),
            time(key, "s3"),
        );
    }
    text
}

fn evaluate(reports: &Path, out: &Path) -> Result<f64, Failure> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mfaudit"));
    command.arg("evaluate").arg(reports);
    command.args([
        "--rule",
        "iam-user-console-mfa",
        "--status",
        "fail",
        "--exit-zero",
        "--format",
    ]);
    command
        .arg(format!("ndjson={}", out.display()))
        .env("RAYON_NUM_THREADS", "2");
    let usage = process::measure(&mut command, || std::ops::ControlFlow::Continue(()))?;
    Ok(usage.wall.as_secs_f64())
}

/// Returns the seconds of the process from start to end, and of the query alone.
fn sql(python: &Path, script: &Path, reports: &Path, out: &Path) -> Result<(f64, f64), Failure> {
    let mut command = Command::new(python);
    command.arg(script).arg(reports).arg(out);
    let usage = process::measure(&mut command, || std::ops::ControlFlow::Continue(()))?;
    Ok((usage.wall.as_secs_f64(), usage.stdout.trim().parse()?))
}

fn listed(out: &Path) -> Result<BTreeSet<String>, Failure> {
    let text = fs::read_to_string(out)?;
    let arn = |line: &str| -> Result<String, Failure> {
        let finding: serde_json::Value = serde_json::from_str(line)?;
        Ok(finding
            .get("principal_arn")
            .and_then(serde_json::Value::as_str)
            .ok_or("a line has no ARN")?
            .to_owned())
    };
    text.lines().map(arn).collect()
}

/// Returns a Python that has `DuckDB`.
pub(crate) fn python(folder: &Path) -> Result<PathBuf, Failure> {
    let environment = folder.join("python");
    let done = Command::new("python3")
        .args(["-m", "venv"])
        .arg(&environment)
        .status()?;
    let python = environment.join("bin/python");
    let install = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        DUCKDB,
    ];
    if !done.success() || !Command::new(&python).args(install).status()?.success() {
        return Err(
            format!("{DUCKDB} cannot be installed: it takes Python 3 with venv, and PyPI").into(),
        );
    }
    Ok(python)
}
