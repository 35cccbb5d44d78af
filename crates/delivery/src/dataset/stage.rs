//! A run's tables, written on this machine until they are whole.

use std::{
    fs::File,
    io::{self, BufWriter, Seek, SeekFrom},
};

use model::{
    Dataset, Record,
    snapshot::{Header, Whose},
};
use reporting::{
    Owners,
    columnar::{Columns, TableFile, Value},
};
use rules::{CoverageWaivers, Finding, Status, StatusCounts, Strictness, Totals};
use uuid::Uuid;

use super::{
    DatasetError, Judged, RunRow, SCHEMA_VERSION,
    commit::RunCounts,
    rows::{self, Sight, SignIns},
    tables::{COVERAGE, DEVICES, FINDINGS, PRINCIPALS, Table},
};

/// A run's tables, as records come.
pub struct Staging {
    row: RunRow,
    header: Header,
    totals: Totals,
    datasets: Vec<Dataset>,
    whose: Whose,
    failures: Part,
    findings: Part,
    principals: Part,
    devices: Part,
    coverage: Part,
}

/// A run's tables, whole, and its commit.
pub struct Staged {
    pub(super) row: RunRow,
    pub(super) files: Vec<(&'static Table, File)>,
}

/// The rows of a table that are not written yet, and its file.
struct Part {
    table: &'static Table,
    columns: Columns,
    /// `None` for rows that go into another part's file.
    file: Option<(TableFile, File)>,
    rows: i64,
}

impl Part {
    fn sharing(table: &'static Table) -> Self {
        Self {
            table,
            columns: Columns::new(&table.columns()),
            file: None,
            rows: 0,
        }
    }

    fn new(table: &'static Table) -> io::Result<Self> {
        let file = tempfile::tempfile()?;
        let out = Box::new(BufWriter::new(file.try_clone()?));
        let writer = TableFile::new(out, table.name, &table.columns())?;
        Ok(Self {
            file: Some((writer, file)),
            ..Self::sharing(table)
        })
    }

    fn add(&mut self, publication: &str, row: &[Value<'_>]) {
        let mut values = Vec::with_capacity(row.len() + 1);
        values.push(Value::text(publication));
        values.extend_from_slice(row);
        self.columns.add(&values);
        self.rows += 1;
    }

    fn write_if(&mut self, due: bool) -> io::Result<()> {
        match &mut self.file {
            Some((file, _)) if due && !self.columns.are_empty() => file.write(&mut self.columns),
            Some(_) | None => Ok(()),
        }
    }

    fn write_full(&mut self) -> io::Result<()> {
        self.write_if(self.columns.are_full())
    }

    fn finish(mut self) -> io::Result<Option<(&'static Table, File)>> {
        self.write_if(true)?;
        let Some((writer, mut file)) = self.file else {
            return Ok(None);
        };
        writer.finish([])?;
        file.seek(SeekFrom::Start(0))?;
        Ok(Some((self.table, file)))
    }
}

impl Staging {
    /// Begins the tables of a run.
    ///
    /// # Errors
    ///
    /// Fails if the snapshot does not tell when it was collected, or there is no room for temporary files.
    pub fn new(judged: &Judged<'_>) -> Result<Self, DatasetError> {
        let (collected_at, date) = judged.collected_at()?;
        let run_id = judged.run_id()?;
        let attempt = Uuid::new_v4().simple().to_string();
        let attempt = attempt.get(..8).unwrap_or_default();
        let header = judged.header;
        let waivers = CoverageWaivers::at(header.collected_at, Vec::new());
        let mut totals = Totals::new(judged.rules, header.account_list.clone(), waivers);
        totals.coverage.identity_center = header.identity_center;
        Ok(Self {
            row: RunRow {
                publication: format!("{run_id}-{attempt}"),
                run_id: run_id.as_str().to_owned(),
                schema_version: SCHEMA_VERSION,
                tool_version: judged.tool_version.to_owned(),
                snapshot_sha256: judged.snapshot_sha256.to_owned(),
                criteria_sha256: judged.criteria_sha256.to_owned(),
                date,
                organization: String::new(),
                collected_at,
                // The commit has the time at which it is made.
                published_at: collected_at,
                lists_all_accounts: judged.lists_all_accounts(),
                rules: judged.rules_between_spaces(),
                counts: RunCounts::default(),
            },
            datasets: rules::datasets(judged.rules).into_iter().collect(),
            header: header.clone(),
            totals,
            whose: Whose::of(header),
            failures: Part::sharing(&FINDINGS),
            findings: Part::new(&FINDINGS)?,
            principals: Part::new(&PRINCIPALS)?,
            devices: Part::new(&DEVICES)?,
            coverage: Part::new(&COVERAGE)?,
        })
    }

    /// Adds an account with its findings.
    ///
    /// # Errors
    ///
    /// Fails if the tables cannot be written.
    pub fn add(
        &mut self,
        record: &Record,
        findings: &[Finding],
        owners: &Owners,
    ) -> Result<(), DatasetError> {
        let publication = &self.row.publication.clone();
        self.totals.add(record, findings);
        self.whose.add(record);
        for finding in findings {
            // Failures have row groups of their own, so that who asks for them reads no other.
            let part = match finding.status {
                Status::Fail => &mut self.failures,
                Status::Pass | Status::NotApplicable | Status::Indeterminate => &mut self.findings,
            };
            part.add(publication, &rows::finding(record, finding, owners));
            if self.failures.columns.are_full() {
                self.write_failures()?;
            }
            self.findings.write_full()?;
        }
        let coverage = &mut self.coverage;
        let identity_center = self.header.identity_center;
        let sight = rows::coverage(record, &self.datasets, identity_center, &mut |row| {
            coverage.add(publication, row);
        });
        self.coverage.write_full()?;
        match sight {
            Sight::NotAudited => {
                self.row.counts.accounts_not_audited += 1;
                return Ok(());
            }
            Sight::Nothing => self.row.counts.accounts_unseen += 1,
            Sight::Something => {}
        }
        let mut written = Ok(());
        let (principals, row) = (&mut self.principals, &mut self.row);
        rows::principals(record, &SignIns::of(findings), &mut |values, without| {
            row.counts.principals_without_mfa += i64::from(without == Some(true));
            row.counts.principals_undecided += i64::from(without.is_none());
            principals.add(publication, values);
            if written.is_ok() {
                written = principals.write_full();
            }
        });
        written?;
        let devices = &mut self.devices;
        rows::devices(record, &mut |values| devices.add(publication, values));
        Ok(self.devices.write_full()?)
    }

    fn write_failures(&mut self) -> io::Result<()> {
        match &mut self.findings.file {
            Some((file, _)) if !self.failures.columns.are_empty() => {
                file.write(&mut self.failures.columns)
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Ends the tables, and counts.
    ///
    /// # Errors
    ///
    /// Fails if the tables cannot be written, or nothing tells which runs this one is to be compared with.
    pub fn finish(mut self) -> Result<Staged, DatasetError> {
        self.write_failures()?;
        let mut row = self.row;
        let coverage = &self.totals.coverage;
        let whose = self.whose.get().ok_or(DatasetError::NoOrganization)?;
        whose.clone_into(&mut row.organization);
        let fits = |it: char| it.is_ascii_alphanumeric() || it == '-';
        if row.organization.is_empty() || !row.organization.chars().all(fits) {
            return Err(DatasetError::OrganizationName(row.organization));
        }
        let (seen, cells) = coverage.seen_of_all(Strictness::Visible);
        let status = |of: fn(&StatusCounts) -> u64| {
            number(self.totals.rules.iter().map(|(_, it)| of(it)).sum())
        };
        row.counts.accounts = number(coverage.accounts);
        row.counts.accounts_short = number(coverage.accounts_short);
        row.counts.cells = number(cells);
        row.counts.cells_seen = number(seen);
        row.counts.failures = status(|it| it.fail);
        row.counts.failures_waived = status(|it| it.waived);
        row.counts.indeterminate = status(|it| it.indeterminate);
        row.counts.findings = self.failures.rows + self.findings.rows;
        row.counts.principals = self.principals.rows;
        row.counts.devices = self.devices.rows;
        row.counts.coverage_rows = self.coverage.rows;
        let parts = [self.findings, self.principals, self.devices, self.coverage];
        let files: io::Result<Vec<_>> = parts.into_iter().map(Part::finish).collect();
        Ok(Staged {
            row,
            files: files?.into_iter().flatten().collect(),
        })
    }
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

impl Staged {
    /// Returns the commit: what the run is, and its totals.
    pub const fn run(&self) -> &RunRow {
        &self.row
    }
}
