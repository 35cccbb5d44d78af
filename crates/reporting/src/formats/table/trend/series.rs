//! What changes over the runs: where it began, where it is, and a bar for each run.

use std::cmp::Ordering;

use super::{
    super::{grid::Cell, text::Style},
    percent,
};
use crate::{TrendPoint, trend::comparable};

const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// What a line of bars shows.
struct Series {
    name: &'static str,
    measure: Measure,
    better: Better,
    /// Whether the number of a run that is of a part of the organization says nothing of the whole.
    of_whole: bool,
    /// What is not known of a run's number.
    unknown: fn(&TrendPoint) -> i64,
}

/// What of a run a line shows; `None` where the run tells nothing.
type Measure = fn(&TrendPoint) -> Option<i64>;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Better {
    More,
    Fewer,
}

const SERIES: [Series; 3] = [
    Series {
        name: "coverage",
        measure: |it| it.coverage_basis_points,
        better: Better::More,
        of_whole: true,
        unknown: |_| 0,
    },
    Series {
        name: "sign in without MFA",
        measure: |it| it.principals_without_mfa,
        better: Better::Fewer,
        of_whole: true,
        unknown: |it| it.principals_undecided,
    },
    Series {
        name: "open failures",
        measure: |it| Some(it.open_failures),
        better: Better::Fewer,
        of_whole: false,
        unknown: |_| 0,
    },
];

/// Returns a line of bars for what matters most, with where it began and where it is.
pub(super) fn lines(points: &[TrendPoint], room: usize) -> [Vec<Cell>; 3] {
    SERIES.map(|it| it.line(points, room))
}

impl Series {
    fn line(&self, points: &[TrendPoint], room: usize) -> Vec<Cell> {
        let shown: Vec<_> = if self.of_whole {
            comparable(points).collect()
        } else {
            points.iter().map(Some).collect()
        };
        let told = || shown.iter().flatten().filter_map(|it| Some((*it, (self.measure)(it)?)));
        let (Some(first), Some(last)) = (told().next(), told().next_back()) else {
            return vec![Cell::plain(self.name), Cell::plain("–"), Cell::plain("")];
        };
        let written = |it: i64| match self.better {
            Better::More => percent(Some(it)),
            Better::Fewer => it.to_string(),
        };
        let mut ends = format!("{} → {}", written(first.1), written(last.1));
        let unknown = (self.unknown)(last.0);
        if unknown > 0 {
            ends = format!("{ends}, {unknown} unknown");
        }
        let values: Vec<_> = shown.iter().map(|it| it.and_then(self.measure)).collect();
        vec![
            Cell::plain(self.name),
            Cell::new(ends, self.style(first, last)),
            Cell::new(bars(&values, room).trim_end(), Style::Faint),
        ]
    }

    /// Returns the style of a change. What was not seen is no improvement.
    fn style(&self, first: (&TrendPoint, i64), last: (&TrendPoint, i64)) -> Style {
        let grew = match last.1.cmp(&first.1) {
            Ordering::Equal => return Style::Plain,
            Ordering::Greater => true,
            Ordering::Less => false,
        };
        let is_sure = !self.of_whole
            || match self.better {
                Better::More => !last.0.is_of_a_part(),
                Better::Fewer => last.0.sees_no_less_than(first.0),
            };
        match (grew == (self.better == Better::More), is_sure) {
            (true, true) => Style::Good,
            (true, false) => Style::Plain,
            (false, _) => Style::Bad,
        }
    }
}

/// Returns a bar for each run, or for the last run of as many stretches as there is room for. The highest bar is the
/// greatest value, and the lowest is nothing; a run that tells nothing has none.
fn bars(values: &[Option<i64>], room: usize) -> String {
    let room = room.clamp(1, values.len().max(1));
    let most = values.iter().flatten().copied().max().unwrap_or_default().max(1);
    let bar = |index: usize| {
        let at = ((index + 1) * values.len() / room).saturating_sub(1);
        let Some(value) = values.get(at).copied().flatten() else {
            return ' ';
        };
        let steps = i64::try_from(BARS.len() - 1).unwrap_or_default();
        let height = usize::try_from(value.max(0).saturating_mul(steps) / most).unwrap_or_default();
        BARS.get(height).copied().unwrap_or(' ')
    };
    (0..room).map(bar).collect()
}
