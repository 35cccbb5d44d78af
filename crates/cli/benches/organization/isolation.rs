//! Whether one account that AWS throttles holds up the others.
#![expect(
    clippy::disallowed_methods,
    reason = "writes the file of the organization"
)]

use std::{fmt::Write, fs, ops::ControlFlow};

use crate::{
    Failure, Size,
    organization::Organization,
    row::{Row, Unit, list, median},
};

/// How often each side is measured; the sides take turns, so that whatever else the machine does befalls both.
const ROUNDS: usize = 15;
const USERS: usize = 20;
/// The place of the account that is throttled.
const THROTTLED: usize = 1;

pub(crate) fn measure(size: Size) -> Result<Vec<Row>, Failure> {
    let accounts = size.of(300, 60);
    let rounds = size.of(ROUNDS, 1);
    let folder = tempfile::tempdir()?;
    let mut rows = Vec::new();
    for (action, what) in [
        ("iam:*", "every IAM call"),
        ("*", "every call, its AssumeRole too"),
    ] {
        let (mut alone, mut beside) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            for (times, throttled) in [(&mut alone, None), (&mut beside, Some(action))] {
                let path = folder.path().join("world.toml");
                fs::write(&path, world(accounts, throttled))?;
                let path = path.to_str().ok_or("a path is no text")?;
                times.push(time_of_the_others(path, accounts - 1)?);
            }
        }
        let details = format!(
            "throttled on {what}: {} s with such an account, {} s without",
            list(&beside, 2),
            list(&alone, 2)
        );
        rows.push(Row {
            name: "isolation",
            what: format!(
                "time of {} accounts beside one that is throttled on {what} / without it",
                accounts - 1
            ),
            measured: median(beside) / median(alone),
            target: Some(1.05),
            unit: Unit::Ratio,
            details: vec![details],
        });
    }
    Ok(rows)
}

/// Returns how many seconds pass until so many records are whole. The throttled account's comes long after.
fn time_of_the_others(world: &str, records: usize) -> Result<f64, Failure> {
    let organization = Organization::serve(&["--world", world, "--latency-ms=20"])?;
    let mut watch = organization.watch();
    let usage = organization.run(|| {
        if watch.look().is_err() || watch.records >= records {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })?;
    let last = watch.recorded.filter(|_| watch.records >= records);
    let last = last.ok_or_else(|| format!("{} of {records} records came", watch.records))?;
    Ok(last.saturating_duration_since(usage.began).as_secs_f64())
}

/// Returns an organization whose credential reports are ready, so that its time is that of the calls. Its second account
/// is there only to be throttled: it is among the first that are entered, and in the way of all others if of any.
fn world(accounts: usize, throttled: Option<&str>) -> String {
    let id = |place: usize| 100_000_000_000 + place;
    let own = id(0);
    let mut text = format!("[organization]\nmanagement-account = \"{own}\"\n");
    // Writing to a string cannot fail.
    for place in (0..accounts).filter(|it| throttled.is_some() || *it != THROTTLED) {
        let _ = write!(
            text,
            "\n[[account]]\nid = \"{}\"\nname = \"account-{place}\"\nreport = {{ age-seconds = 1800 }}\n\
             [[account.role]]\nname = \"mfaudit-audit\"\n",
            id(place)
        );
        for user in 0..USERS {
            let devices = match user % 5 {
                0 => "[]",
                1 => "[{ kind = \"fido\" }]",
                _ => "[{}]",
            };
            let _ = write!(
                text,
                "[[account.user]]\nname = \"user-{user}\"\npassword = {{}}\nmfa = {devices}\n"
            );
        }
    }
    if let Some(action) = throttled {
        let _ = write!(
            text,
            "\n[[fault]]\naccount = \"{}\"\naction = \"{action}\"\nkind = {{ throttle = {{ code = \"Throttling\" }} }}\n",
            id(THROTTLED)
        );
    }
    text
}
