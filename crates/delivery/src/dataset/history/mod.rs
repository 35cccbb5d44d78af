//! The documented questions, answered from the tables' files: run by run, only the columns that a question needs.

mod accounts;
mod failures;
mod query;

use std::{borrow::Cow, collections::BTreeMap};

use model::{Date, Timestamp};
use reporting::{Trend, TrendPoint, columnar::Value};

use self::failures::{About, Failures, Turn};
pub use self::query::Query;
use super::{
    Dataset, DatasetError, RunRow,
    tables::{COVERAGE, FINDINGS},
};

/// A row of an answer: a value for each of the question's columns.
pub type QueryRow = Vec<Value<'static>>;

/// What hands on the rows of an answer.
type Each<'a> = &'a mut (dyn FnMut(QueryRow) + Send);

/// The committed runs of a dataset.
#[derive(Clone, Debug)]
pub struct History {
    dataset: Dataset,
    /// By organization, then by time.
    runs: Vec<RunRow>,
    organizations: Vec<String>,
}

impl History {
    /// Reads which runs there are, of one organization or all, from a day on or all. What came before is then not told of
    /// at all: what fails has failed since the first run that is read.
    ///
    /// # Errors
    ///
    /// Fails if a commit cannot be read, or was written by a newer version.
    pub async fn open(
        dataset: Dataset,
        organization: Option<&str>,
        since: Option<Date>,
    ) -> Result<Self, DatasetError> {
        let mut runs = dataset.runs().await?;
        let organizations = runs.iter().map(|it| it.organization.clone());
        let mut organizations: Vec<_> = organizations.collect();
        organizations.dedup();
        runs.retain(|it| {
            organization.is_none_or(|wanted| it.organization == wanted)
                && since.is_none_or(|day| it.date >= day)
        });
        Ok(Self {
            dataset,
            runs,
            organizations,
        })
    }

    /// Returns the same of one organization.
    #[must_use]
    pub fn only(&self, organization: &str) -> Self {
        let mut only = self.clone();
        only.runs.retain(|it| it.organization == organization);
        only
    }

    /// Returns the runs.
    pub fn runs(&self) -> &[RunRow] {
        &self.runs
    }

    /// Returns the organizations of which there is any run, whichever are told of.
    pub fn organizations_there(&self) -> &[String] {
        &self.organizations
    }

    /// Returns how each run stands.
    ///
    /// # Errors
    ///
    /// Fails if a file of a run is missing, or is not what it must be.
    pub async fn trend(&self) -> Result<Trend, DatasetError> {
        let mut points = Vec::new();
        for runs in self.organizations() {
            let mut failures = Failures::default();
            let mut open = 0;
            for (index, run) in runs.iter().enumerate() {
                let turn = self.turn(&mut failures, index, run).await?;
                let fixed = i64::try_from(turn.ended.len()).unwrap_or(i64::MAX);
                open += turn.begun - fixed;
                points.push(TrendPoint {
                    open_failures: open,
                    new_failures: turn.begun,
                    fixed_failures: fixed,
                    ..point(run)
                });
            }
        }
        Ok(Trend { points })
    }

    /// Answers a question.
    ///
    /// # Errors
    ///
    /// Fails as [`Self::trend`] does. What was handed on before is true nevertheless.
    pub async fn answer(&self, query: Query, each: Each<'_>) -> Result<(), DatasetError> {
        match query {
            Query::Trend => {
                for point in self.trend().await?.points {
                    each(trend(point));
                }
            }
            Query::Coverage => self.runs.iter().for_each(|it| each(coverage(it))),
            Query::TimeToFix | Query::OldestOpen | Query::Regressed => {
                for runs in self.organizations() {
                    self.of_failures(query, runs, each).await?;
                }
            }
            Query::NeverSeen => {
                for runs in self.organizations() {
                    self.never_seen(runs, each).await?;
                }
            }
        }
        Ok(())
    }

    fn organizations(&self) -> impl Iterator<Item = &[RunRow]> {
        self.runs
            .chunk_by(|one, other| one.organization == other.organization)
    }

    /// Reads the findings of a run, and of its accounts if something that fails is not among them.
    async fn turn(
        &self,
        failures: &mut Failures,
        index: usize,
        run: &RunRow,
    ) -> Result<Turn, DatasetError> {
        let root = self.dataset.store().root();
        let file = self.dataset.table(run, &FINDINGS).await?;
        let mut turn = failures.read(index, file, &root.join(&run.file_of(&FINDINGS)))?;
        if failures.lacks_any(index) {
            let file = self.dataset.table(run, &COVERAGE).await?;
            let accounts = accounts::read(file, &root.join(&run.file_of(&COVERAGE)))?;
            failures.end_what_is_gone(index, run, &accounts, &mut turn);
        }
        turn.settle();
        Ok(turn)
    }

    async fn of_failures(
        &self,
        query: Query,
        runs: &[RunRow],
        each: Each<'_>,
    ) -> Result<(), DatasetError> {
        let mut failures = match query {
            Query::Regressed => Failures::default().remembering_passes(),
            Query::OldestOpen => Failures::default().with_marks(),
            Query::Trend | Query::Coverage | Query::TimeToFix | Query::NeverSeen => {
                Failures::default()
            }
        };
        for (index, run) in runs.iter().enumerate() {
            let turn = self.turn(&mut failures, index, run).await?;
            match query {
                Query::TimeToFix => {
                    for (it, by) in turn.ended {
                        let begun = runs.get(it.since).unwrap_or(run);
                        let mut row = about(run, &it.about);
                        row.extend([
                            Value::text(by),
                            Value::Time(begun.collected_at),
                            Value::Time(run.collected_at),
                            Value::Number(run.epoch_day() - begun.epoch_day()),
                        ]);
                        each(row);
                    }
                }
                Query::Regressed => {
                    for (it, passed) in turn.regressed {
                        let mut row = about(run, &it);
                        row.extend([time_of(runs, passed), Value::Time(run.collected_at)]);
                        each(row);
                    }
                }
                Query::Trend | Query::Coverage | Query::OldestOpen | Query::NeverSeen => {}
            }
        }
        if let (Query::OldestOpen, Some(last)) = (query, runs.last()) {
            for it in failures.into_open() {
                let begun = runs.get(it.since).unwrap_or(last);
                let mut row = about(last, &it.about);
                row.extend([
                    it.owner.map_or(Value::Nothing, text),
                    Value::Flag(it.waived),
                    Value::Time(begun.collected_at),
                    time_of(runs, it.last),
                    Value::Number(last.epoch_day() - begun.epoch_day()),
                ]);
                each(row);
            }
        }
        Ok(())
    }

    async fn never_seen(&self, runs: &[RunRow], each: Each<'_>) -> Result<(), DatasetError> {
        let root = self.dataset.store().root();
        let mut sights = BTreeMap::new();
        for (index, run) in runs.iter().enumerate() {
            let file = self.dataset.table(run, &COVERAGE).await?;
            accounts::sight(
                &mut sights,
                index,
                file,
                &root.join(&run.file_of(&COVERAGE)),
            )?;
        }
        let organization = runs.first().map_or("", |it| &it.organization);
        for (account, it) in sights.into_iter().filter(|(_, it)| !it.seen) {
            each(vec![
                text(organization.to_owned()),
                text(account.into()),
                text(it.name),
                Value::Number(it.runs),
                time_of(runs, it.first),
                time_of(runs, it.last),
                it.gap.map_or(Value::Nothing, text),
            ]);
        }
        Ok(())
    }
}

fn text(text: String) -> Value<'static> {
    Value::Text(Cow::Owned(text))
}

fn time_of(runs: &[RunRow], index: usize) -> Value<'static> {
    let time: Option<Timestamp> = runs.get(index).map(|it| it.collected_at);
    time.map_or(Value::Nothing, Value::Time)
}

/// Returns the values that a row about a failure begins with.
fn about(run: &RunRow, it: &About) -> QueryRow {
    vec![
        text(run.organization.clone()),
        text(format!("{:016x}", it.finding)),
        text(it.rule.clone()),
        text(it.severity.clone()),
        text(it.account.clone()),
        text(it.subject.clone()),
    ]
}

/// Returns the values that a row about a run begins with.
fn run_values(run: &RunRow) -> QueryRow {
    vec![
        text(run.organization.clone()),
        text(run.run_id.clone()),
        Value::Time(run.collected_at),
        Value::Number(run.counts.accounts),
    ]
}

fn covered(run: &RunRow) -> Value<'static> {
    run.coverage_basis_points()
        .map_or(Value::Nothing, Value::Number)
}

fn coverage(run: &RunRow) -> QueryRow {
    let counts = &run.counts;
    let mut row = run_values(run);
    row.extend([
        Value::Number(counts.accounts_short),
        Value::Number(counts.accounts_unseen),
        Value::Number(counts.cells),
        Value::Number(counts.cells_seen),
        covered(run),
    ]);
    row
}

/// Returns what a run tells by itself.
fn point(run: &RunRow) -> TrendPoint {
    let counts = &run.counts;
    TrendPoint {
        organization: run.organization.clone(),
        run_id: run.run_id.clone(),
        collected_at: run.collected_at,
        lists_all_accounts: run.lists_all_accounts,
        accounts: counts.accounts,
        coverage_basis_points: run.coverage_basis_points(),
        principals: counts.principals,
        principals_without_mfa: run
            .tells_who_signs_in()
            .then_some(counts.principals_without_mfa),
        principals_undecided: counts.principals_undecided,
        failures: counts.failures,
        open_failures: 0,
        new_failures: 0,
        fixed_failures: 0,
    }
}

fn trend(it: TrendPoint) -> QueryRow {
    vec![
        text(it.organization),
        text(it.run_id),
        Value::Time(it.collected_at),
        Value::Flag(it.lists_all_accounts),
        Value::Number(it.accounts),
        it.coverage_basis_points
            .map_or(Value::Nothing, Value::Number),
        Value::Number(it.principals),
        it.principals_without_mfa
            .map_or(Value::Nothing, Value::Number),
        Value::Number(it.principals_undecided),
        Value::Number(it.failures),
        Value::Number(it.open_failures),
        Value::Number(it.new_failures),
        Value::Number(it.fixed_failures),
    ]
}
