//! The facts that a judge read, and those that it did not.

use model::{Record, snapshot::Header};
use rules::{Explanation, FactTold};
use serde::Serialize;

use crate::document::dataset;

/// The facts that a judge read, in order, and those of the rule's kinds that it did not.
#[derive(Clone, Debug, Serialize)]
pub(super) struct FactsDocument {
    pub(super) read: Vec<FactDocument>,
    pub(super) unread: Vec<FactDocument>,
}

/// A fact.
#[derive(Clone, Debug, Serialize)]
pub(super) struct FactDocument {
    pub(super) name: String,
    dataset: &'static str,
    /// What was seen; `null` if nothing was.
    pub(super) value: Option<String>,
    /// The AWS operation whose answer says so.
    pub(super) source: Option<String>,
    /// When the answer held.
    pub(super) time: Option<String>,
    /// The seconds from then to the beginning of the run.
    pub(super) age_seconds: Option<i64>,
    /// What is missing, and why.
    pub(super) gap: Option<String>,
}

impl FactsDocument {
    pub(super) fn of(record: &Record, header: &Header, explanation: &Explanation) -> Self {
        let all = |facts: &[FactTold]| {
            let one = |it: &FactTold| FactDocument::of(record, header, it);
            facts.iter().map(one).collect()
        };
        Self {
            read: all(&explanation.read),
            unread: all(&explanation.unread),
        }
    }
}

impl FactDocument {
    fn of(record: &Record, header: &Header, fact: &FactTold) -> Self {
        let time = fact.observation.and_then(|it| it.at);
        Self {
            name: fact.name.clone(),
            dataset: dataset(fact.dataset),
            value: fact.value.clone(),
            source: fact.observation.map(|it| it.source.to_string()),
            time: time.map(|it| it.to_string()),
            age_seconds: header
                .collected_at
                .zip(time)
                .map(|(now, then)| now.seconds_since(then)),
            gap: fact
                .gap
                .and_then(|it| record.gap(it))
                .map(ToString::to_string),
        }
    }
}
