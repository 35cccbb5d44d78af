//! What an audit costs beside its calls.
#![expect(
    clippy::disallowed_methods,
    reason = "writes down what the plain loop is to ask"
)]

use std::{fs, ops::ControlFlow, process::Command, time::Duration};

use simulator::World;

use crate::{
    Failure, Size,
    calls::SEED,
    fewest::{Needs, Way, needs},
    organization::{Organization, alone},
    plain::{self, Asked},
    process,
    row::{Row, Unit, list, median},
};

/// How often each side is measured; the sides take turns, so that whatever else the machine does befalls both.
const ROUNDS: usize = 5;
const USERS: usize = 20;

pub(crate) fn measure(size: Size) -> Result<Vec<Row>, Failure> {
    let accounts = size.of(1000, 60);
    let world = World::generate(accounts, USERS, SEED);
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("asked.json");
    let asked: Vec<_> = needs(&world).iter().map(asked).collect();
    fs::write(&file, serde_json::to_string(&asked)?)?;

    let count = accounts.to_string();
    let serve = || {
        let args = ["--accounts", &count, "--users=20", "--report-delay-ms=0"];
        Organization::serve(&args)
    };
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let (mut our_calls, mut their_calls) = (0, 0);
    for _ in 0..size.of(ROUNDS, 1) {
        let audited = serve()?.audit()?;
        our_calls = audited.stats.total.calls;
        ours.push(micros(audited.usage.cpu, our_calls));

        let mut command = Command::new(std::env::current_exe()?);
        command.arg(plain::MODE).arg(&file);
        alone(&mut command);
        let organization = serve()?;
        let usage = process::measure(
            organization.with(&mut command),
            || ControlFlow::Continue(()),
        )?;
        their_calls = usage.stdout.trim().parse()?;
        theirs.push(micros(usage.cpu, their_calls));
    }
    let details = vec![format!(
        "{} µs for each of {our_calls} calls, the reading, judging and reporting of {accounts} accounts of {USERS} users \
         included, and {} µs for each of {their_calls} of the plain loop",
        list(&ours, 0),
        list(&theirs, 0)
    )];
    Ok(vec![Row {
        name: "overhead",
        what: "CPU of an audit for each call / of a plain SDK loop".to_owned(),
        measured: median(ours) / median(theirs),
        target: Some(1.30),
        unit: Unit::Ratio,
        details,
    }])
}

fn asked(needs: &Needs<'_>) -> Asked {
    let owned = |names: &[&str]| names.iter().map(|it| (*it).to_owned()).collect();
    Asked {
        account: needs.account.to_owned(),
        is_entered: needs.way != Way::Own,
        is_open: needs.way != Way::Closed,
        login_profiles: owned(&needs.login_profiles),
        mfa_devices: owned(&needs.mfa_devices),
        access_keys: owned(&needs.access_keys),
        asks_authorization: needs.asks_authorization(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "some thousand calls")]
fn micros(cpu: Duration, calls: u64) -> f64 {
    cpu.as_secs_f64() * 1e6 / calls as f64
}
