//! The command line of mfaudit: parse, run, exit.

mod args;
mod baseline;
mod bundle;
mod collection_digest;
mod commands;
mod config;
mod config_file;
mod connect;
mod criteria_digest;
mod exit;
mod folder;
mod gather;
mod given;
mod interrupt;
mod kept;
mod nearest;
#[cfg_attr(not(feature = "notify"), path = "without_notify.rs")]
mod notify;
mod owners_file;
mod place;
mod progress;
mod redact_key;
mod report;
mod resume;
mod run;
mod shared_run;
mod storage;
mod trend;
mod values;
mod verdicts;
mod waiting;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};
use program::{error, logging, output};

/// With hundreds of accounts at once the system's allocator costs an audit a quarter more CPU for each call (`cargo bench
/// -p mfaudit --bench organization -- overhead`).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let environment = config::Environment::read();
    let parsed = args::Args::command().try_get_matches().and_then(|matches| {
        let args = args::Args::from_arg_matches(&matches)?;
        Ok((args, given::Given::of(&matches)))
    });
    let (args, given) = match parsed {
        Ok(parsed) => parsed,
        // Help and version are no errors; clap knows which it is and where to print.
        Err(answer) => {
            let status = if answer.use_stderr() {
                exit::ExitStatus::Usage
            } else {
                exit::ExitStatus::Clean
            };
            let _ = answer.print();
            return status.into();
        }
    };
    logging::start(&environment);
    match commands::run(args, &given, &environment) {
        Ok(status) => status.into(),
        Err(error) => {
            error.print(&environment);
            exit::ExitStatus::from(error.kind()).into()
        }
    }
}
