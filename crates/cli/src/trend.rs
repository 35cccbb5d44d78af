//! How runs before this one came out, as the dataset that `--history` names tells.

use model::snapshot::Header;
use reporting::Trend;

#[cfg(feature = "parquet")]
pub(crate) use self::of_dataset::read;

/// Returns the runs of a header's organization; `None` where nobody asked.
pub(crate) fn of_organization(trend: Option<&Trend>, header: &Header) -> Option<Trend> {
    let organization = header.organization.as_ref().map(|it| it.id.as_str());
    // An account that is in none stands for itself.
    let organization = organization.or_else(|| header.caller.as_ref().map(model::Arn::account))?;
    let points = trend?.points.iter();
    let points = points.filter(|it| it.organization == organization);
    Some(Trend {
        points: points.cloned().collect(),
    })
}

#[cfg(feature = "parquet")]
mod of_dataset {
    use delivery::{
        dataset::{Dataset, History},
        storage::Location,
    };
    use reporting::Trend;

    use crate::{commands::dataset_error, error::CliError, output, storage::Storage};

    /// Reads the dataset, before anything is collected: one that cannot be read is found in time.
    pub(crate) fn read(
        storage: &Storage,
        dataset: Option<&Location>,
    ) -> Result<Option<Trend>, CliError> {
        let Some(at) = dataset else {
            return Ok(None);
        };
        let dataset = Dataset::new(storage.open(at)?);
        let history = storage.block_on(History::open(dataset, None, None))?;
        let history = history.map_err(dataset_error)?;
        if history.runs().is_empty() {
            output::say(&format!("note: no run is published at {at}"));
        }
        let trend = storage.block_on(history.trend())?;
        trend.map(Some).map_err(dataset_error)
    }
}
