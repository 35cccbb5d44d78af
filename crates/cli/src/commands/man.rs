//! `mfaudit man`: the manual pages, made of the same definition as `--help`.

use std::{fs, io::Write, path::Path};

use clap::{Command, CommandFactory};
use clap_mangen::Man as Page;

use crate::{
    args::{Args, Man},
    error::{CliError, Kind},
    exit::ExitStatus,
    output::{self, Output},
};

pub(super) fn run(args: &Man) -> Result<ExitStatus, CliError> {
    let mut program = Args::command();
    // Built, so that each command knows its full name and the global options.
    program.build();
    if let Some(folder) = &args.output_dir {
        fs::create_dir_all(folder).map_err(|error| output::cannot_write(folder, error))?;
        write(&program, folder)?;
    } else {
        let page = page(find(&program, &args.command)?)?;
        let page = String::from_utf8(page).map_err(|error| CliError::new(Kind::Failed, error))?;
        output::print(&page)?;
    }
    Ok(ExitStatus::Clean)
}

/// Returns the command that `names` lead to.
fn find<'a>(program: &'a Command, names: &[String]) -> Result<&'a Command, CliError> {
    let mut command = program;
    for name in names {
        command = command.find_subcommand(name).ok_or_else(|| {
            let there: Vec<_> = shown(command).map(Command::get_name).collect();
            let of = command.get_bin_name().unwrap_or("mfaudit");
            let error = CliError::new(Kind::Usage, format!("`{of}` has no command `{name}`"));
            if there.is_empty() {
                error
            } else {
                error.hint(format!("there are {}", there.join(", ")))
            }
        })?;
    }
    Ok(command)
}

/// Writes the page of a command, and of all below it.
fn write(command: &Command, folder: &Path) -> Result<(), CliError> {
    let path = folder.join(Page::new(command.clone()).get_filename());
    let output = Output::file(&path)?;
    let mut out = output.writer()?;
    let written = out.write_all(&page(command)?).and_then(|()| out.flush());
    drop(out);
    written.map_err(|error| output.failed(error))?;
    output.finish()?;
    for sub in shown(command) {
        write(sub, folder)?;
    }
    Ok(())
}

/// Returns the commands below one that have a page: there is none on how to ask for help.
fn shown(command: &Command) -> impl Iterator<Item = &Command> {
    let subs = command.get_subcommands();
    subs.filter(|it| !it.is_hide_set() && it.get_name() != "help")
}

fn page(command: &Command) -> Result<Vec<u8>, CliError> {
    let mut page = Vec::new();
    let source = concat!("mfaudit ", env!("CARGO_PKG_VERSION"));
    let rendered = Page::new(command.clone()).source(source).render(&mut page);
    rendered.map_err(|error| CliError::new(Kind::Failed, error))?;
    Ok(page)
}
