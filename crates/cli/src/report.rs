//! From records to reports: one pass to count, one to write, and the gate between.

mod counts;
mod reordered;

use std::{
    fs,
    io::{self, IsTerminal},
    path::Path,
};

use delivery::storage::Location;
use model::snapshot::{RecordSource, Whose};
use reporting::{
    Accounts, Appearance, Content, Format, Outcome, Owners, Placement, Redactor, Row, Sink,
    Summary, Tally, Told,
};
use rules::{Changes, CoverageWaiver, Criteria, Status};

use self::counts::Counts;
use crate::{
    args::{GateArgs, Report, ReportArgs},
    error::{CliError, Kind},
    exit::ExitStatus,
    interrupt,
    output::{self, Output},
    trend::Earlier,
};

/// The reports that were asked for, their files open.
pub(crate) struct Reports {
    outputs: Vec<(&'static reporting::Format, Output)>,
    statuses: Statuses,
    appearance: Appearance,
}

/// Which findings are listed. Counts, and the gate, are of all of them.
#[derive(Clone, Debug)]
struct Statuses(Vec<Status>);

impl Statuses {
    fn lists(&self, status: Status) -> bool {
        self.0.is_empty() || self.0.contains(&status)
    }
}

impl Reports {
    /// Opens the files by `open_output`, so that one that cannot be written is found before the work is done.
    pub(crate) fn open(
        args: &ReportArgs,
        appearance: Appearance,
        open_output: impl Fn(&Path) -> Result<Output, CliError>,
    ) -> Result<Self, CliError> {
        let reports = args.all();
        let to_stdout = reports.iter().filter(|it| it.file.is_none()).count();
        if to_stdout > 1 {
            let error = CliError::new(Kind::Usage, "two reports cannot both go to standard output");
            return Err(error.hint("send one to a file: --format csv=report.csv"));
        }
        for (index, report) in reports.iter().enumerate() {
            let is_same = |other: &Report| report.file.is_some() && other.file == report.file;
            if reports.iter().skip(index + 1).any(is_same) {
                return Err(CliError::new(
                    Kind::Usage,
                    "two reports cannot both go to the same file",
                ));
            }
        }
        for report in &reports {
            refuse_terminal(report)?;
        }
        if let Some(folder) = &args.output_dir
            && !Location::is_meant_by(folder)
        {
            fs::create_dir_all(folder).map_err(|error| output::cannot_write(folder, error))?;
        }
        let open = |report: &Report| {
            let output = report
                .file
                .as_deref()
                .map_or(Ok(Output::Standard), &open_output)?;
            Ok((report.format, output))
        };
        let mut outputs: Vec<_> = reports.iter().map(open).collect::<Result<_, CliError>>()?;
        if outputs.is_empty() {
            let table = reporting::FORMATS
                .iter()
                .copied()
                .find(|it| it.name == "table");
            outputs.extend(table.map(|it| (it, Output::Standard)));
        }
        Ok(Self {
            outputs,
            statuses: Statuses(args.statuses.clone()),
            appearance,
        })
    }
}

/// Refuses to write to a terminal what is no text.
fn refuse_terminal(report: &Report) -> Result<(), CliError> {
    let name = report.format.name;
    match report.format.content {
        Content::Binary if report.file.is_none() && io::stdout().is_terminal() => {
            let error = format!("`{name}` is no text, and standard output is a terminal");
            let hint = format!(
                "write it to a file: --format {name}={}",
                report.format.file_name
            );
            Err(CliError::new(Kind::Usage, error).hint(hint))
        }
        Content::Binary | Content::Text => Ok(()),
    }
}

/// What decides the exit code, and what the report says of it.
pub(crate) struct Judging<'a> {
    /// The rules and their settings.
    pub(crate) criteria: &'a Criteria,
    /// The gate's settings.
    pub(crate) gate: &'a GateArgs,
    /// Who answers for what.
    pub(crate) owners: Owners,
    /// The coverage waivers.
    pub(crate) coverage_waivers: &'a [CoverageWaiver],
    /// What hides names, if anything does.
    pub(crate) redactor: Option<&'a Redactor>,
    /// What becomes of the gate's exit code.
    pub(crate) exit: ExitPolicy,
    /// The runs before this one; `None` if nobody asked.
    pub(crate) earlier: Option<Earlier<'a>>,
}

/// What becomes of the gate's exit code.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ExitPolicy {
    /// It is the exit code.
    Gate,
    /// The exit code is 0, and the report says what it would have been.
    Demo,
}

/// Evaluates the records, writes the reports, and decides.
pub(crate) fn write(
    source: &mut dyn RecordSource,
    reports: Reports,
    judging: &Judging<'_>,
) -> Result<ExitStatus, CliError> {
    summarized(source, reports, judging).map(|(_, status)| status)
}

/// Evaluates the records, writes the reports, and decides; returns what was counted, too.
///
/// A format whose summary stands above its findings needs the records twice: to count, so that what is broken is found
/// before a byte is written, and to write. If there is none, once is enough.
pub(crate) fn summarized(
    source: &mut dyn RecordSource,
    reports: Reports,
    judging: &Judging<'_>,
) -> Result<(Summary, ExitStatus), CliError> {
    match judging.redactor {
        // The order of the accounts would tell of the pseudonyms whose they are.
        Some(redactor) if redactor.what().hides_accounts() => {
            let mut source = reordered::by_pseudonym(source, redactor)?;
            write_in_order(source.as_mut(), reports, judging)
        }
        Some(_) | None => write_in_order(source, reports, judging),
    }
}

fn write_in_order(
    source: &mut dyn RecordSource,
    reports: Reports,
    judging: &Judging<'_>,
) -> Result<(Summary, ExitStatus), CliError> {
    let mut owners = judging.owners.clone();
    if source.header().parameters.owner_tag.is_some() {
        owners.by_tag();
    }
    let criteria = judging.criteria;
    let waivers = judging.coverage_waivers;
    let told = Told::new(judging.redactor, source.header(), criteria, owners, waivers);
    let mut counts = Counts::new(&told, criteria);
    let statuses = reports.statuses.clone();
    let outputs = reports.outputs.iter();
    let summary_above = outputs
        .clone()
        .any(|(format, _)| format.summary == Placement::Above);
    let mut whose = Whose::of(source.header());
    if summary_above {
        interrupt::heed()?;
        rules::evaluate(source, criteria, |record, findings| {
            whose.add(record);
            let told_record = told.record(record);
            let told_findings = told.findings(&told_record, findings);
            counts.uses.count(&record.account, findings);
            counts.tally.add(&told_record, &told_findings);
            Ok::<_, CliError>(())
        })?;
        source.restart()?;
    }
    let accounts_told = outputs
        .clone()
        .any(|(format, _)| format.accounts == Accounts::Told);
    let mut sinks = Sinks::open(reports)?;
    let mut counted = None;
    if summary_above {
        let (summary, status) = judging.finish(counts.finish(&told), &statuses);
        let earlier = judging.earlier.as_ref();
        let trend = earlier.map_or(Ok(None), |it| it.of(&whose))?;
        let summary = summary.with_trend(trend);
        sinks.summary(&summary, Placement::Above)?;
        if accounts_told {
            sinks.ledger(source, &summary, &told)?;
        }
        counted = Some((summary, status));
        counts = Counts::new(&told, &Criteria::default());
    }
    let now = source.header().collected_at;
    interrupt::heed()?;
    rules::evaluate(source, criteria, |record, findings| {
        let told_record = told.record(record);
        let told_findings = told.findings(&told_record, findings);
        if counted.is_none() {
            counts.uses.count(&record.account, findings);
            counts.tally.add(&told_record, &told_findings);
        }
        let listed = told_findings.iter().filter(|it| statuses.lists(it.status));
        for finding in listed {
            let owner = told.owners.of(&told_record, &finding.subject);
            let row = Row::new(&told_record, finding, now)
                .owned_by(owner)
                .with_waivers(&told.criteria.waivers);
            sinks.finding(&row)?;
        }
        Ok::<_, CliError>(())
    })?;
    let (summary, status) =
        counted.unwrap_or_else(|| judging.finish(counts.finish(&told), &statuses));
    sinks.summary(&summary, Placement::Below)?;
    say_of_new_rules(&summary);
    sinks.end()?;
    Ok((summary, status))
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

impl Judging<'_> {
    /// Decides, and returns what stands above or below the findings.
    fn finish(&self, tally: Tally, listed: &Statuses) -> (Summary, ExitStatus) {
        let decision = self.gate.gate().decide(tally.totals());
        let gated = ExitStatus::from(decision);
        let status = match self.exit {
            ExitPolicy::Gate if self.gate.exit_zero => ExitStatus::Clean,
            ExitPolicy::Gate => gated,
            ExitPolicy::Demo => ExitStatus::Clean,
        };
        let remark = (self.exit == ExitPolicy::Demo)
            .then(|| format!("a real audit would exit {}, the demo exits 0", gated.code()));
        let outcome = Outcome {
            exit_code: if self.exit == ExitPolicy::Demo {
                gated.code()
            } else {
                status.code()
            },
            decision,
            fail_on: self.gate.fail_on,
            min_coverage: self.gate.min_coverage,
            listed: listed.0.clone(),
            remark,
        };
        (tally.finish(outcome), status)
    }
}

/// The reports that are being written, each with where it goes.
struct Sinks(Vec<(&'static Format, Box<dyn Sink>, Output)>);

impl Sinks {
    fn open(reports: Reports) -> Result<Self, CliError> {
        let appearance = reports.appearance;
        let open = |(format, output): (&'static Format, Output)| {
            let sink = (format.open)(output.writer()?, &appearance);
            Ok((format, sink, output))
        };
        let sinks: Result<_, CliError> = reports.outputs.into_iter().map(open).collect();
        Ok(Self(sinks?))
    }

    fn each(
        &mut self,
        mut write: impl FnMut(&Format, &mut dyn Sink) -> io::Result<()>,
    ) -> Result<(), CliError> {
        for (format, sink, output) in &mut self.0 {
            write(format, sink.as_mut()).map_err(|error| output.failed(error))?;
        }
        Ok(())
    }

    fn summary(&mut self, summary: &Summary, placement: Placement) -> Result<(), CliError> {
        self.each(|format, sink| {
            if format.summary == placement {
                sink.summary(summary)?;
            }
            Ok(())
        })
    }

    /// Hands over every account before the first finding: to read the records again takes time, to hold them would
    /// take memory.
    fn ledger(
        &mut self,
        source: &mut dyn RecordSource,
        summary: &Summary,
        told: &Told<'_>,
    ) -> Result<(), CliError> {
        rules::evaluate(source, &Criteria::default(), |record, _| {
            let record = told.record(record);
            let ledger = summary.ledger(&record);
            self.each(|_, sink| sink.account(&ledger))
        })?;
        Ok(source.restart()?)
    }

    fn finding(&mut self, row: &Row<'_>) -> Result<(), CliError> {
        self.each(|_, sink| sink.finding(row))
    }

    /// Ends every report, whatever becomes of the others; returns what went wrong, the first error before the rest.
    fn end(self) -> Result<(), CliError> {
        let ended = self.0.into_iter().map(|(_, mut sink, output)| {
            let ended = sink.end().map_err(|error| output.failed(error));
            (ended, output)
        });
        // Whole on this machine before the first goes up.
        let ended: Vec<_> = ended.collect();
        let finished = ended
            .into_iter()
            .map(|(ended, output)| ended.and_then(|()| output.finish()));
        let wrong = finished.filter_map(Result::err);
        wrong.reduce(CliError::and).map_or(Ok(()), Err)
    }
}
