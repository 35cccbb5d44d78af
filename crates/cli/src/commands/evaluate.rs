//! `mfaudit evaluate`: judges a snapshot, a journal or saved evidence.

use inventory::{Evidence, EvidenceOptions};
use model::snapshot::RecordSource;
use reporting::Verbosity;

use crate::{
    args::{Evaluate, When},
    baseline,
    config::Environment,
    config_file::ConfigFile,
    error::{CliError, Kind},
    exit::ExitStatus,
    kept::{self, Kept},
    report::{self, ExitPolicy, Judging, Reports},
};

pub(super) fn run(
    args: &Evaluate,
    colour: When,
    environment: &Environment,
) -> Result<ExitStatus, CliError> {
    let config = ConfigFile::read(args.config.config.as_deref())?;
    let verbosity = if args.report.verbose {
        Verbosity::Everything
    } else {
        Verbosity::Summary
    };
    let reports = Reports::open(&args.report, environment.appearance(colour, verbosity))?;
    let criteria = baseline::compared(args.rules.criteria(), &args.baseline)?;
    let judging = Judging {
        criteria: &criteria,
        gate: &args.gate,
        coverage_waivers: &config.coverage_waivers,
        exit: ExitPolicy::Gate,
    };
    let mut source = open(args)?;
    report::write(source.as_mut(), reports, &judging)
}

fn open(args: &Evaluate) -> Result<Box<dyn RecordSource>, CliError> {
    if let Some(snapshot) = args.paths.iter().find(|it| Kept::of(it) != Kept::Neither) {
        if args.paths.len() > 1 {
            let what = format!(
                "{} is a snapshot, which is evaluated alone",
                snapshot.display()
            );
            return Err(CliError::new(Kind::Usage, what));
        }
        return kept::open(snapshot);
    }
    let options = EvidenceOptions {
        account: args.account.clone(),
        as_of: args.as_of,
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let evidence = Evidence::open(&args.paths, options).map_err(|error| {
        let hint = error.hint();
        let error = CliError::new(Kind::Failed, error);
        match hint {
            Some(hint) => error.hint(hint),
            None => error,
        }
    })?;
    Ok(Box::new(evidence))
}
