//! From records to reports: one pass to count, one to write, and the gate between.

use model::{Record, snapshot::RecordSource};
use reporting::{Accounts, Appearance, Outcome, Row, Sink, Summary, Tally};
use rules::{Changes, CoverageWaiver, Criteria, Finding, Gate, Strictness};

use crate::{
    args::{GateArgs, Report, ReportArgs},
    error::{CliError, Kind},
    exit::ExitStatus,
    output::{self, Output},
};

/// The reports that were asked for, their files open.
pub(crate) struct Reports {
    outputs: Vec<(&'static reporting::Format, Output)>,
    appearance: Appearance,
}

impl Reports {
    /// Opens the files, so that one that cannot be written is found before the work is done.
    pub(crate) fn open(args: &ReportArgs, appearance: Appearance) -> Result<Self, CliError> {
        let to_stdout = args.reports.iter().filter(|it| it.file.is_none()).count();
        if to_stdout > 1 {
            let error = CliError::new(Kind::Usage, "two reports cannot both go to standard output");
            return Err(error.hint("send one to a file: --format csv=report.csv"));
        }
        for (index, report) in args.reports.iter().enumerate() {
            let is_same = |other: &Report| report.file.is_some() && other.file == report.file;
            if args.reports.iter().skip(index + 1).any(is_same) {
                return Err(CliError::new(
                    Kind::Usage,
                    "two reports cannot both go to the same file",
                ));
            }
        }
        let open = |report: &Report| {
            let output = report
                .file
                .as_deref()
                .map_or(Ok(Output::Standard), Output::file)?;
            Ok((report.format, output))
        };
        let mut outputs: Vec<_> = args
            .reports
            .iter()
            .map(open)
            .collect::<Result<_, CliError>>()?;
        if outputs.is_empty() {
            let table = reporting::FORMATS
                .iter()
                .copied()
                .find(|it| it.name == "table");
            outputs.extend(table.map(|it| (it, Output::Standard)));
        }
        Ok(Self {
            outputs,
            appearance,
        })
    }
}

/// What decides the exit code, and what the report says of it.
pub(crate) struct Judging<'a> {
    /// The rules and their settings.
    pub(crate) criteria: &'a Criteria,
    /// The gate's settings.
    pub(crate) gate: &'a GateArgs,
    /// The coverage waivers.
    pub(crate) coverage_waivers: &'a [CoverageWaiver],
    /// What becomes of the gate's exit code.
    pub(crate) exit: ExitPolicy,
}

/// What becomes of the gate's exit code.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ExitPolicy {
    /// It is the exit code.
    Gate,
    /// The exit code is 0, and the report says what it would have been.
    Demo,
}

/// Evaluates records twice: to count, so that what is broken is found before a byte is written, and to write.
pub(crate) fn write(
    source: &mut dyn RecordSource,
    reports: Reports,
    judging: &Judging<'_>,
) -> Result<ExitStatus, CliError> {
    let waivers = judging.coverage_waivers.to_vec();
    let baseline = judging.criteria.baseline.as_ref();
    let mut tally =
        Tally::new(source.header(), &judging.criteria.rules, waivers).compared(baseline);
    rules::evaluate(source, judging.criteria, |record, findings| {
        tally.add(record, findings);
        Ok::<_, CliError>(())
    })?;
    source.restart()?;

    let gate = Gate {
        fail_on: judging.gate.fail_on,
        min_coverage: judging.gate.min_coverage,
        strictness: if judging.gate.strict_coverage {
            Strictness::Strict
        } else {
            Strictness::Visible
        },
    };
    let decision = gate.decide(tally.totals());
    let gated = ExitStatus::from(decision);
    let status = match judging.exit {
        ExitPolicy::Gate if judging.gate.exit_zero => ExitStatus::Clean,
        ExitPolicy::Gate => gated,
        ExitPolicy::Demo => ExitStatus::Clean,
    };
    let remark = (judging.exit == ExitPolicy::Demo)
        .then(|| format!("a real audit would exit {}, the demo exits 0", gated.code()));
    let summary = tally.finish(Outcome {
        exit_code: if judging.exit == ExitPolicy::Demo {
            gated.code()
        } else {
            status.code()
        },
        decision,
        fail_on: judging.gate.fail_on,
        min_coverage: judging.gate.min_coverage,
        remark,
    });
    say_of_new_rules(&summary);

    let mut sinks: Vec<(Box<dyn Sink>, Output)> = Vec::new();
    let tells_accounts = |(format, _): &(&reporting::Format, _)| format.accounts == Accounts::Told;
    let ledger = reports.outputs.iter().any(tells_accounts);
    for (format, output) in reports.outputs {
        sinks.push(((format.open)(output.writer()?, &reports.appearance), output));
    }
    for (sink, output) in &mut sinks {
        sink.begin(&summary).map_err(|error| output.failed(error))?;
    }
    if ledger {
        write_ledger(source, &summary, &mut sinks)?;
    }
    let now = source.header().collected_at;
    rules::evaluate(
        source,
        judging.criteria,
        |record: &Record, findings: &[Finding]| {
            for finding in findings {
                let row = Row::new(record, finding, now);
                for (sink, output) in &mut sinks {
                    sink.finding(&row).map_err(|error| output.failed(error))?;
                }
            }
            Ok::<_, CliError>(())
        },
    )?;
    for (mut sink, output) in sinks {
        sink.end().map_err(|error| output.failed(error))?;
        drop(sink);
        output.finish()?;
    }
    Ok(status)
}

/// Says what a report that is not the table may not say aloud: that failures were left out of the gate.
fn say_of_new_rules(summary: &Summary) {
    let listed = summary.changes().map_or(0, Changes::listed);
    if listed > 0 {
        output::say(&format!(
            "note: failures of rules that the baseline did not evaluate are listed and close no gate: {listed}; \
             --fail-on-new-rules yes lets them"
        ));
    }
}

/// Hands over every account before the first finding: to read the records again takes time, to hold them would take
/// memory.
fn write_ledger(
    source: &mut dyn RecordSource,
    summary: &Summary,
    sinks: &mut [(Box<dyn Sink>, Output)],
) -> Result<(), CliError> {
    rules::evaluate(source, &Criteria::default(), |record, _| {
        let ledger = summary.ledger(record);
        for (sink, output) in &mut *sinks {
            sink.account(&ledger)
                .map_err(|error| output.failed(error))?;
        }
        Ok::<_, CliError>(())
    })?;
    Ok(source.restart()?)
}
