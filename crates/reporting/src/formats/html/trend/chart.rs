//! Lines over time, as SVG that needs no script.

use std::fmt::Write;

use crate::{TrendPoint, trend::comparable};

/// The room of the lines in a chart, in its own units.
const WIDTH: f64 = 300.0;
const HEIGHT: f64 = 90.0;
/// The room around it, for the numbers.
const LEFT: f64 = 46.0;
const TOP: f64 = 10.0;
const BOTTOM: f64 = 22.0;
/// How wide a whole chart is.
const WHOLE: f64 = LEFT + WIDTH + 12.0;

/// A line of a chart.
struct Line {
    class: &'static str,
    name: &'static str,
    /// The number of a run, if that has one.
    number: fn(&TrendPoint) -> Option<i64>,
    /// What is not known of that number.
    unknown: fn(&TrendPoint) -> i64,
    /// Whether the number of a run that is of a part of the organization says nothing of the whole.
    of_whole: bool,
}

/// A chart.
pub(super) struct Chart {
    title: &'static str,
    lines: &'static [Line],
    /// The number at the top, where that is always the same.
    top: Option<i64>,
    /// How a number is written.
    written: fn(i64) -> String,
}

pub(super) const CHARTS: [Chart; 3] = [
    Chart {
        title: "Open failures",
        lines: &[
            Line {
                class: "first",
                name: "failures",
                number: |it| Some(it.open_failures),
                unknown: |_| 0,
                of_whole: false,
            },
            Line {
                class: "second",
                name: "can sign in without MFA",
                number: |it| it.principals_without_mfa,
                unknown: |it| it.principals_undecided,
                of_whole: true,
            },
        ],
        top: None,
        written: |it| it.to_string(),
    },
    Chart {
        title: "Coverage",
        lines: &[Line {
            class: "first",
            name: "seen of what had to be",
            number: |it| it.coverage_basis_points,
            unknown: |_| 0,
            of_whole: true,
        }],
        top: Some(10_000),
        written: percent,
    },
    Chart {
        title: "Accounts",
        lines: &[Line {
            class: "first",
            name: "audited",
            number: |it| Some(it.accounts),
            unknown: |_| 0,
            of_whole: false,
        }],
        top: None,
        written: |it| it.to_string(),
    },
];

impl Chart {
    pub(super) fn drawn(&self, points: &[TrendPoint]) -> String {
        let numbers = self.lines.iter().flat_map(|it| it.numbers(points)).flatten();
        let top = self.top.unwrap_or_else(|| numbers.max().unwrap_or_default()).max(1);
        let id = self.title.to_lowercase().replace(' ', "-");
        let told: Vec<_> = self.lines.iter().filter_map(|line| self.told(line, points)).collect();
        let mut out = format!(
            "<figure class=\"trend\">\n<figcaption>{}{}</figcaption>\n\
             <svg viewBox=\"0 0 {WHOLE} {}\" role=\"img\" aria-labelledby=\"trend-{id}\"><title id=\"trend-{id}\">{}: {}</title>\n",
            self.title,
            legend(self.lines),
            TOP + HEIGHT + BOTTOM,
            self.title,
            told.join("; ")
        );
        // Writing to a string cannot fail.
        for (share, number) in [(0.0, 0), (1.0, top)] {
            let y = TOP + HEIGHT * (1.0 - share);
            let _ = writeln!(
                out,
                "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/><text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                LEFT + WIDTH,
                LEFT - 6.0,
                y + 4.0,
                (self.written)(number)
            );
        }
        out.push_str(&days(points));
        for line in self.lines {
            out.push_str(&line.drawn(points, top));
        }
        out.push_str("</svg>\n</figure>\n");
        out
    }

    /// Says where a line begins and ends.
    fn told(&self, line: &Line, points: &[TrendPoint]) -> Option<String> {
        let numbers = line.numbers(points);
        let known = || numbers.iter().zip(points).filter_map(|(number, point)| Some(((*number)?, point)));
        let ((first, _), (last, point)) = (known().next()?, known().next_back()?);
        let (first, last) = ((self.written)(first), (self.written)(last));
        let name = line.name;
        let ends = if first == last { format!("{name} {last}") } else { format!("{name} from {first} to {last}") };
        Some(match (line.unknown)(point) {
            0 => ends,
            unknown => format!("{ends}, {unknown} unknown"),
        })
    }
}

/// Names the lines, where there are several.
fn legend(lines: &[Line]) -> String {
    if lines.len() < 2 {
        return String::new();
    }
    let name = |Line { class, name, .. }: &Line| {
        format!(
            " <span class=\"faint\"><svg width=\"22\" height=\"8\" aria-hidden=\"true\"><line class=\"{class}\" x1=\"1\" x2=\"21\" y1=\"4\" y2=\"4\"/></svg> {name}</span>"
        )
    };
    lines.iter().map(name).collect()
}

/// Returns where a run stands from left to right.
fn x(point: &TrendPoint, points: &[TrendPoint]) -> f64 {
    let begin = points.first().map_or(point.collected_at, |it| it.collected_at);
    let end = points.last().map_or(point.collected_at, |it| it.collected_at);
    let whole = end.seconds_since(begin);
    if whole <= 0 {
        return LEFT + WIDTH / 2.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "a place on a picture")]
    let share = point.collected_at.seconds_since(begin) as f64 / whole as f64;
    LEFT + WIDTH * share
}

impl Line {
    /// Returns the number of each run; `None` of one that tells nothing.
    fn numbers(&self, points: &[TrendPoint]) -> Vec<Option<i64>> {
        if self.of_whole {
            comparable(points).map(|it| (self.number)(it?)).collect()
        } else {
            points.iter().map(self.number).collect()
        }
    }

    /// Draws it, broken where a run has no number.
    fn drawn(&self, points: &[TrendPoint], top: i64) -> String {
        let mut out = String::new();
        let class = self.class;
        let place = |(number, point): (Option<i64>, &TrendPoint)| {
            #[expect(clippy::cast_precision_loss, reason = "a place on a picture")]
            let share = number? as f64 / top as f64;
            Some((x(point, points), TOP + HEIGHT * (1.0 - share)))
        };
        let places: Vec<_> = self.numbers(points).into_iter().zip(points).map(place).collect();
        for part in places.split(Option::is_none) {
            let part: Vec<_> = part.iter().flatten().collect();
            let Some((x, y)) = part.last() else {
                continue;
            };
            let drawn: Vec<_> = part.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
            // Writing to a string cannot fail.
            let _ = writeln!(
                out,
                "<polyline class=\"{class}\" points=\"{}\"/><circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"2.5\"/>",
                drawn.join(" ")
            );
        }
        out
    }
}

/// Names the first day and the last.
fn days(points: &[TrendPoint]) -> String {
    let y = TOP + HEIGHT + 16.0;
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return String::new();
    };
    if first.day() == last.day() {
        let x = LEFT + WIDTH / 2.0;
        return format!("<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\">{}</text>\n", first.day());
    }
    format!(
        "<text x=\"{LEFT}\" y=\"{y}\">{}</text><text x=\"{}\" y=\"{y}\" text-anchor=\"end\">{}</text>\n",
        first.day(),
        LEFT + WIDTH,
        last.day()
    )
}

pub(super) fn percent(hundredths: i64) -> String {
    match hundredths % 100 {
        0 => format!("{} %", hundredths / 100),
        rest => format!("{}.{rest:02} %", hundredths / 100),
    }
}
