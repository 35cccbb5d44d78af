//! How runs before this one came out, as the dataset that `--history` names tells.

#[cfg(feature = "parquet")]
pub(crate) use self::of_dataset::Earlier;

/// Runs before this one; without the dataset there are none.
#[cfg(not(feature = "parquet"))]
pub(crate) struct Earlier<'a>(&'a std::convert::Infallible);

#[cfg(not(feature = "parquet"))]
impl Earlier<'_> {
    /// Returns how the runs of an organization came out.
    pub(crate) fn of(
        &self,
        _whose: &model::snapshot::Whose,
    ) -> Result<Option<reporting::Trend>, crate::error::CliError> {
        match *self.0 {}
    }
}

#[cfg(feature = "parquet")]
mod of_dataset {
    use delivery::{
        dataset::{Dataset, DatasetError, History},
        storage::Location,
    };
    use model::snapshot::Whose;
    use reporting::Trend;

    use crate::{commands::dataset_error, error::CliError, output, storage::Storage};

    /// The runs of a dataset, before this one.
    pub(crate) struct Earlier<'a> {
        storage: &'a Storage,
        at: &'a Location,
        history: History,
    }

    impl<'a> Earlier<'a> {
        /// Reads which runs there are, before anything is collected: a dataset that cannot be read is found in time.
        pub(crate) fn read(
            storage: &'a Storage,
            at: Option<&'a Location>,
        ) -> Result<Option<Self>, CliError> {
            let Some(at) = at else {
                return Ok(None);
            };
            let dataset = Dataset::new(storage.open(at)?);
            let history = storage.block_on(History::open(dataset, None, None))?;
            let history = history.map_err(dataset_error)?;
            if history.runs().is_empty() {
                output::say(&format!("note: no run is published at {at}"));
                return Ok(None);
            }
            Ok(Some(Self {
                storage,
                at,
                history,
            }))
        }

        /// Returns how the runs of an organization came out. The report is worth more than its charts: where they cannot
        /// be drawn, it says so and goes without.
        ///
        /// # Errors
        ///
        /// Fails if the run cannot go on at all: somebody wants it to end.
        pub(crate) fn of(&self, whose: &Whose) -> Result<Option<Trend>, CliError> {
            let at = self.at;
            let Some(organization) = whose.get() else {
                output::say(&format!(
                    "note: nothing tells which runs at {at} are of the same organization"
                ));
                return Ok(None);
            };
            let history = self.history.only(organization);
            Ok(match self.storage.block_on(history.trend())? {
                Ok(trend) if trend.points.is_empty() => {
                    output::say(&format!("note: no run at {at} is of {organization}"));
                    None
                }
                Ok(trend) => Some(trend),
                Err(error) => {
                    warn(&error);
                    None
                }
            })
        }
    }

    fn warn(error: &DatasetError) {
        let cause = std::error::Error::source(error);
        let cause = cause.map_or_else(String::new, |it| format!(": {it}"));
        output::say(&format!(
            "warning: the report is without the runs before it: {error}{cause}; {}",
            error.hint()
        ));
    }
}
