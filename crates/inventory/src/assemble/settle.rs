//! Settles one fact between the credential report and a live answer.

use model::{Dataset, Fact, Gap, GapReason, Source, Timestamp};

use super::Builder;

/// How sources that disagree are put in order.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Order {
    /// Live answers were had after the report was made, whatever two machines' clocks say.
    LiveIsLater,
    /// By their times; without times, nothing tells.
    ByTime,
}

/// A value that a source gives.
pub(super) struct Given<T> {
    pub(super) value: T,
    pub(super) source: Source,
    pub(super) at: Option<Timestamp>,
}

/// How a fact is settled.
pub(super) struct Question<T> {
    pub(super) dataset: Dataset,
    /// What the credential report says, or the gap it leaves.
    pub(super) report: Result<Given<T>, Gap>,
    /// What a live answer says, or why it failed; `None` if it was not asked.
    pub(super) live: Option<Result<Given<T>, Gap>>,
    /// Whether what the report says stands when the live answer failed. What could make a failing verdict must not:
    /// the subject may have been fixed since.
    pub(super) outlives: fn(&T) -> bool,
    /// Whether two values are the same fact.
    pub(super) same: fn(&T, &T) -> bool,
    /// Writes a value, for a reader who must decide between two.
    pub(super) say: fn(&T) -> String,
}

/// Whether the live answer overrides the report.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Changed {
    Yes,
    No,
}

impl Builder<'_> {
    /// Settles a fact.
    pub(super) fn settle<T>(&mut self, question: Question<T>) -> (Fact<T>, Changed) {
        let Question {
            dataset,
            report,
            live,
            outlives,
            same,
            say,
        } = question;
        match (report, live) {
            (Ok(old), Some(Ok(new))) if !same(&old.value, &new.value) => {
                if self.is_later(new.at, old.at) {
                    return (self.known(new), Changed::Yes);
                }
                if old.at.zip(new.at).is_some_and(|(old, new)| old > new) {
                    return (self.known(old), Changed::No);
                }
                let detail = format!(
                    "{} says {}, {} says {}, and nothing tells which is later",
                    old.source,
                    say(&old.value),
                    new.source,
                    say(&new.value)
                );
                let gap = Gap {
                    detail,
                    ..Gap::new(dataset, GapReason::Contradictory)
                };
                (self.unknown(gap), Changed::No)
            }
            (_, Some(Ok(new))) => (self.known(new), Changed::No),
            (Ok(old), None) => (self.known(old), Changed::No),
            (Ok(old), Some(Err(_))) if outlives(&old.value) => (self.known(old), Changed::No),
            (Ok(_) | Err(_), Some(Err(gap))) | (Err(gap), None) => (self.unknown(gap), Changed::No),
        }
    }

    fn known<T>(&mut self, given: Given<T>) -> Fact<T> {
        let observation = self.observed(given.source, given.at);
        Fact::Known(given.value, observation)
    }
}
