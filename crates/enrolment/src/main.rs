//! The program that enrols: parse, run, exit.

use std::process::ExitCode;

use clap::Parser;
use mfaudit_enrolment::Arguments;
use program::{Environment, Kind, logging};

fn main() -> ExitCode {
    let environment = Environment::read();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        // Help and version are no errors; clap knows which it is and where to print.
        Err(answer) => {
            let _ = answer.print();
            return if answer.use_stderr() {
                ExitCode::from(2)
            } else {
                ExitCode::SUCCESS
            };
        }
    };
    logging::start(&environment);
    match mfaudit_enrolment::run(&arguments, &environment) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            error.print(&environment);
            match error.kind() {
                Kind::Usage => ExitCode::from(2),
                Kind::Failed | Kind::Output | Kind::Interrupted => ExitCode::FAILURE,
            }
        }
    }
}
