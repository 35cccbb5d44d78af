//! The command line of mfaudit: parse, run, exit.

mod args;
mod commands;
mod config;
mod config_file;
mod connect;
mod custom_rules;
mod error;
mod exit;
mod gather;
mod logging;
mod output;
mod place;
mod progress;
mod report;
mod resume;
mod run;
mod values;

use std::process::ExitCode;

use clap::Parser;

/// With hundreds of accounts at once the system's allocator costs an audit a quarter more CPU for each call (`cargo bench
/// -p mfaudit --bench organization -- overhead`).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let environment = config::Environment::read();
    let args = match args::Args::try_parse() {
        Ok(args) => args,
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
    match commands::run(args, &environment) {
        Ok(status) => status.into(),
        Err(error) => {
            error.print(&environment);
            error.status().into()
        }
    }
}
