//! What happened since the baseline that somebody is to be told of.

use std::collections::BTreeSet;

use delivery::notify::Occasion;
use reporting::Summary;
use rules::{Changes, Decision, Sight};

use crate::config_file::Trigger;

/// Returns why a message is sent: what happened of what it is to be sent about. Without a baseline nobody knows what did,
/// and that is told instead: it is not to say that nothing did.
pub(super) fn occasions(
    changes: Option<&Changes>,
    closed_by_coverage: Happened,
    waivers: Happened,
    on: &BTreeSet<Trigger>,
) -> Vec<Occasion> {
    let mut because = Vec::new();
    let blind = changes.is_none() && on.iter().any(|it| it.needs_baseline());
    if blind {
        because.push(Occasion::NoBaseline);
    }
    let counts = changes.map(|it| it.counts).unwrap_or_default();
    let lost = changes.is_some_and(|it| {
        // A baseline that does not tell what it saw does not say that nothing was lost.
        it.list_cut || it.coverage_lost.as_ref().is_none_or(|it| it.accounts > 0)
    }) || closed_by_coverage == Happened::Yes;
    for trigger in on {
        let (happened, occasion) = match trigger {
            Trigger::New => (
                counts.new + counts.lapsed + counts.new_rule > 0,
                Occasion::New,
            ),
            Trigger::Fixed => (counts.fixed > 0, Occasion::Fixed),
            Trigger::CoverageLost => (lost, Occasion::CoverageLost),
            Trigger::WaiverEnding => (waivers == Happened::Yes, Occasion::WaiverEnding),
            Trigger::Always => (true, Occasion::Always),
        };
        if happened {
            because.push(occasion);
        }
    }
    because
}

/// Whether something happened since the baseline.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Happened {
    Yes,
    No,
}

/// Returns whether the gate is closed for what was not seen, and was not so by the baseline. Where that does not tell, it
/// is not to say that it was.
pub(super) fn closed_by_coverage(summary: &Summary) -> Happened {
    let too_little = summary.outcome().decision == Decision::Incomplete;
    let before = summary.changes().map(|it| it.sight_before);
    match before {
        Some(Sight::Enough | Sight::Unknown) if too_little => Happened::Yes,
        Some(Sight::Enough | Sight::TooLittle | Sight::Unknown) | None => Happened::No,
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, sync::Arc};

    use delivery::notify::Occasion as O;
    use rules::{ChangeCounts, Changes, CoverageLost};

    use super::{Happened, occasions};
    use crate::config_file::Trigger;

    fn changes(counts: ChangeCounts, lost: Option<u64>) -> Arc<Changes> {
        Arc::new(Changes {
            counts,
            coverage_lost: lost.map(|accounts| CoverageLost {
                accounts,
                examples: Vec::new(),
            }),
            ..Changes::default()
        })
    }

    #[test]
    fn only_what_happened_and_was_asked_for_is_a_reason() {
        use Trigger as T;
        let all: BTreeSet<_> = [T::New, T::Fixed, T::CoverageLost, T::WaiverEnding].into();
        let none = ChangeCounts {
            known: 3,
            unknown: 2,
            ..ChangeCounts::default()
        };
        let new = ChangeCounts { new: 1, ..none };
        let lapsed = ChangeCounts { lapsed: 1, ..none };
        let of_new_rule = ChangeCounts {
            new_rule: 1,
            ..none
        };
        let fixed = ChangeCounts { fixed: 1, ..none };
        let cut = Arc::new(Changes {
            list_cut: true,
            ..Changes::clone(&changes(none, Some(0)))
        });
        let (yes, no) = (Happened::Yes, Happened::No);
        for (changes, closed, waivers, on, expected) in [
            (Some(changes(none, Some(0))), no, no, &all, &[][..]),
            (Some(changes(new, Some(0))), no, no, &all, &[O::New]),
            (Some(changes(lapsed, Some(0))), no, no, &all, &[O::New]),
            (Some(changes(of_new_rule, Some(0))), no, no, &all, &[O::New]),
            (Some(changes(fixed, Some(0))), no, no, &all, &[O::Fixed]),
            (
                Some(changes(none, Some(1))),
                no,
                no,
                &all,
                &[O::CoverageLost],
            ),
            (
                Some(changes(none, Some(0))),
                yes,
                no,
                &all,
                &[O::CoverageLost],
            ),
            (
                Some(changes(fixed, Some(0))),
                yes,
                no,
                &[T::Fixed].into(),
                &[O::Fixed],
            ),
            (Some(cut), no, no, &all, &[O::CoverageLost]),
            (Some(changes(none, None)), no, no, &all, &[O::CoverageLost]),
            (
                Some(changes(none, Some(0))),
                no,
                yes,
                &all,
                &[O::WaiverEnding],
            ),
            (
                Some(changes(fixed, Some(1))),
                no,
                yes,
                &[T::New].into(),
                &[],
            ),
            (
                Some(changes(none, Some(0))),
                no,
                no,
                &[T::Always].into(),
                &[O::Always],
            ),
            (None, no, no, &all, &[O::NoBaseline]),
            (None, no, yes, &all, &[O::NoBaseline, O::WaiverEnding]),
            (None, no, no, &[T::New].into(), &[O::NoBaseline]),
            (None, no, no, &[T::WaiverEnding].into(), &[]),
            (None, no, yes, &[T::WaiverEnding].into(), &[O::WaiverEnding]),
            (None, no, no, &[T::Always].into(), &[O::Always]),
        ] {
            let because = occasions(changes.as_deref(), closed, waivers, on);
            assert_eq!(because, expected, "{changes:?} {waivers:?} {on:?}");
        }
    }
}
