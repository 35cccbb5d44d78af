//! The commit of a run: its row in `runs`.

use std::{fs::File, io::Seek};

use model::{Date, Timestamp};
use reporting::{
    SIGN_IN_RULES,
    columnar::{Columns, TableFile, Value},
};

use super::{
    DatasetError, SCHEMA_VERSION,
    read::{Group, TableReader},
    tables::{RUNS, Table},
};
use crate::storage::Location;

/// A committed run.
#[derive(Clone, Debug, Eq, PartialEq)]
#[expect(missing_docs, reason = "`tables::RUNS` says what each column is")]
pub struct RunRow {
    pub run_id: String,
    pub publication: String,
    pub schema_version: i64,
    pub tool_version: String,
    pub snapshot_sha256: String,
    pub criteria_sha256: String,
    pub organization: String,
    pub date: Date,
    pub collected_at: Timestamp,
    pub published_at: Timestamp,
    pub lists_all_accounts: bool,
    pub rules: String,
    pub counts: RunCounts,
}

/// The totals of a run.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[expect(missing_docs, reason = "`tables::RUNS` says what each column is")]
pub struct RunCounts {
    pub accounts: i64,
    pub accounts_not_audited: i64,
    pub accounts_short: i64,
    pub accounts_unseen: i64,
    pub cells: i64,
    pub cells_seen: i64,
    pub principals: i64,
    pub principals_without_mfa: i64,
    pub principals_undecided: i64,
    pub devices: i64,
    pub coverage_rows: i64,
    pub findings: i64,
    pub failures: i64,
    pub failures_waived: i64,
    pub indeterminate: i64,
}

impl RunRow {
    /// Returns the name of its file of a table.
    pub(super) fn file_of(&self, table: &Table) -> String {
        format!(
            "{}/date={}/organization={}/{}.parquet",
            table.name, self.date, self.organization, self.publication
        )
    }

    /// Returns the name of the commit of a run.
    pub(super) fn commit_of(run_id: &str) -> String {
        format!("{}/{run_id}.parquet", RUNS.name)
    }

    /// Tells whether a rule was evaluated.
    pub(super) fn evaluated(&self, rule: &str) -> bool {
        self.rules.contains(&format!(" {rule} "))
    }

    /// Tells whether a rule was evaluated that tells who can sign in without MFA.
    pub(super) fn tells_who_signs_in(&self) -> bool {
        SIGN_IN_RULES.iter().any(|it| self.evaluated(it))
    }

    /// Returns the day as days since 1970-01-01.
    pub fn epoch_day(&self) -> i64 {
        Date::of(Timestamp::EPOCH).map_or(0, |it| self.date.days_since(it))
    }

    /// Returns the share of cells that were seen in hundredths of a percent, rounded down; `None` of none.
    pub fn coverage_basis_points(&self) -> Option<i64> {
        let part = i128::from(self.counts.cells_seen) * 10_000;
        i64::try_from(part.checked_div(i128::from(self.counts.cells))?).ok()
    }

    /// Returns the row as a file.
    pub(super) fn to_file(&self) -> Result<Vec<u8>, DatasetError> {
        let it = &self.counts;
        let row = [
            Value::text(&self.run_id),
            Value::text(&self.publication),
            Value::Number(self.schema_version),
            Value::text(&self.tool_version),
            Value::text(&self.snapshot_sha256),
            Value::text(&self.criteria_sha256),
            Value::text(&self.organization),
            Value::Day(self.date),
            Value::Number(self.epoch_day()),
            Value::Time(self.collected_at),
            Value::Time(self.published_at),
            Value::Flag(self.lists_all_accounts),
            Value::text(&self.rules),
            Value::Number(it.accounts),
            Value::Number(it.accounts_not_audited),
            Value::Number(it.accounts_short),
            Value::Number(it.accounts_unseen),
            Value::Number(it.cells),
            Value::Number(it.cells_seen),
            Value::Number(it.principals),
            Value::Number(it.principals_without_mfa),
            Value::Number(it.principals_undecided),
            Value::Number(it.devices),
            Value::Number(it.coverage_rows),
            Value::Number(it.findings),
            Value::Number(it.failures),
            Value::Number(it.failures_waived),
            Value::Number(it.indeterminate),
        ];
        let columns = RUNS.columns();
        let mut rows = Columns::new(&columns);
        rows.add(&row);
        let mut file = tempfile::tempfile()?;
        let mut out = TableFile::new(Box::new(file.try_clone()?), RUNS.name, &columns)?;
        out.write(&mut rows)?;
        out.finish([])?;
        file.rewind()?;
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut file, &mut bytes)?;
        Ok(bytes)
    }

    /// Reads a commit.
    pub(super) fn of_file(file: File, at: &Location) -> Result<Self, DatasetError> {
        let reader = TableReader::open(file, at)?;
        let foreign = |why: &str| DatasetError::Foreign {
            at: at.clone(),
            why: why.to_owned(),
        };
        let mut groups = reader.groups();
        let (Some(group), None) = (groups.next(), groups.next()) else {
            return Err(foreign("it has not one row"));
        };
        let row = Reading { group: group?, at };
        if row.group.rows() != 1 {
            return Err(foreign("it has not one row"));
        }
        // The version first: a newer row may lack what this version asks for.
        let found = row.number("schema_version")?;
        if found > SCHEMA_VERSION {
            return Err(DatasetError::Newer {
                at: at.clone(),
                found,
            });
        }
        row.run(found)
    }
}

/// A commit that is being read.
struct Reading<'a> {
    group: Group<'a>,
    at: &'a Location,
}

impl Reading<'_> {
    fn run(&self, schema_version: i64) -> Result<RunRow, DatasetError> {
        let day = self.one("date", self.group.days("date")?)?;
        let date = Date::of(Timestamp::EPOCH);
        let date = date.and_then(|it| it.plus_days(u32::try_from(day).ok()?));
        Ok(RunRow {
            run_id: self.text("run_id")?,
            publication: self.text("publication")?,
            schema_version,
            tool_version: self.text("tool_version")?,
            snapshot_sha256: self.text("snapshot_sha256")?,
            criteria_sha256: self.text("criteria_sha256")?,
            organization: self.text("organization")?,
            date: date.ok_or_else(|| self.no_value("date"))?,
            collected_at: self.time("collected_at")?,
            published_at: self.time("published_at")?,
            lists_all_accounts: self.one(
                "lists_all_accounts",
                self.group.flags("lists_all_accounts")?,
            )?,
            rules: self.text("rules")?,
            counts: RunCounts {
                accounts: self.number("accounts")?,
                accounts_not_audited: self.number("accounts_not_audited")?,
                accounts_short: self.number("accounts_short")?,
                accounts_unseen: self.number("accounts_unseen")?,
                cells: self.number("cells")?,
                cells_seen: self.number("cells_seen")?,
                principals: self.number("principals")?,
                principals_without_mfa: self.number("principals_without_mfa")?,
                principals_undecided: self.number("principals_undecided")?,
                devices: self.number("devices")?,
                coverage_rows: self.number("coverage_rows")?,
                findings: self.number("findings")?,
                failures: self.number("failures")?,
                failures_waived: self.number("failures_waived")?,
                indeterminate: self.number("indeterminate")?,
            },
        })
    }

    fn no_value(&self, name: &str) -> DatasetError {
        DatasetError::Foreign {
            at: self.at.clone(),
            why: format!("its column `{name}` has no value that can be"),
        }
    }

    fn one<T>(&self, name: &str, values: Vec<Option<T>>) -> Result<T, DatasetError> {
        let first = values.into_iter().next().flatten();
        first.ok_or_else(|| self.no_value(name))
    }

    fn text(&self, name: &str) -> Result<String, DatasetError> {
        let text = self.one(name, self.group.texts(name)?)?;
        let text = text.as_utf8().map(str::to_owned);
        text.map_err(|_| self.no_value(name))
    }

    fn number(&self, name: &str) -> Result<i64, DatasetError> {
        self.one(name, self.group.numbers(name)?)
    }

    fn time(&self, name: &str) -> Result<Timestamp, DatasetError> {
        let time = Timestamp::from_epoch_seconds(self.number(name)?.div_euclid(1000));
        time.ok_or_else(|| self.no_value(name))
    }
}
