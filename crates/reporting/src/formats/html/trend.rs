//! How runs came out over time: lines, as SVG that needs no script, with the numbers beside them for whoever sees no lines.

use std::fmt::Write;

use crate::{Trend, TrendPoint};

/// The room of the lines in a chart, in its own units.
const WIDTH: f64 = 300.0;
const HEIGHT: f64 = 90.0;
/// The room around it, for the numbers.
const LEFT: f64 = 46.0;
const TOP: f64 = 10.0;
const BOTTOM: f64 = 22.0;
/// How wide a whole chart is.
const WHOLE: f64 = LEFT + WIDTH + 12.0;

/// A line of a chart: its class, its name, and the number of a run, if that has one.
type Line = (&'static str, &'static str, fn(&TrendPoint) -> Option<i64>);

/// A chart.
struct Chart {
    title: &'static str,
    lines: &'static [Line],
    /// The number at the top, where that is always the same.
    top: Option<i64>,
    /// How a number is written.
    written: fn(i64) -> String,
}

const CHARTS: [Chart; 3] = [
    Chart {
        title: "Open failures",
        lines: &[
            ("first", "failures", |it| Some(it.failures)),
            ("second", "can sign in without MFA", |it| Some(it.principals_without_mfa)),
        ],
        top: None,
        written: |it| it.to_string(),
    },
    Chart {
        title: "Coverage",
        lines: &[("first", "seen of what had to be", |it| it.coverage_basis_points)],
        top: Some(10_000),
        written: percent,
    },
    Chart {
        title: "Accounts",
        lines: &[("first", "audited", |it| Some(it.accounts))],
        top: None,
        written: |it| it.to_string(),
    },
];

/// Returns the charts; nothing without runs.
pub(super) fn trend(trend: Option<&Trend>) -> String {
    let points = trend.map(|it| it.points.as_slice()).unwrap_or_default();
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return String::new();
    };
    let runs = if points.len() == 1 { "1 run".to_owned() } else { format!("{} runs", points.len()) };
    let charts: String = CHARTS.iter().map(|it| it.drawn(points)).collect();
    format!(
        "\n<section class=\"panel over-time\" aria-labelledby=\"trend-title\">\n<h2 id=\"trend-title\">Over time</h2>\n\
         <p class=\"faint\">{runs}, {} to {}</p>\n<div class=\"trends\">\n{charts}</div>\n{}</section>",
        first.day(),
        last.day(),
        table(points)
    )
}

impl Chart {
    fn drawn(&self, points: &[TrendPoint]) -> String {
        let numbers = self.lines.iter().flat_map(|line| points.iter().filter_map(line.2));
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
        for (class, _, number) in self.lines {
            out.push_str(&line(class, points, *number, top));
        }
        out.push_str("</svg>\n</figure>\n");
        out
    }

    /// Says where a line begins and ends.
    fn told(&self, line: &Line, points: &[TrendPoint]) -> Option<String> {
        let (_, name, number) = line;
        let first = points.iter().find_map(number)?;
        let last = points.iter().rev().find_map(number)?;
        let (first, last) = ((self.written)(first), (self.written)(last));
        Some(if first == last {
            format!("{name} {last}")
        } else {
            format!("{name} from {first} to {last}")
        })
    }
}

/// Names the lines, where there are several.
fn legend(lines: &[Line]) -> String {
    if lines.len() < 2 {
        return String::new();
    }
    let name = |(class, name, _): &Line| {
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

/// Draws a line, which is broken where a run has no number.
fn line(
    class: &str,
    points: &[TrendPoint],
    number: fn(&TrendPoint) -> Option<i64>,
    top: i64,
) -> String {
    let mut out = String::new();
    let place = |point: &TrendPoint| {
        #[expect(clippy::cast_precision_loss, reason = "a place on a picture")]
        let share = number(point)? as f64 / top as f64;
        Some((x(point, points), TOP + HEIGHT * (1.0 - share)))
    };
    let places: Vec<_> = points.iter().map(place).collect();
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

/// Returns all numbers, the newest first.
fn table(points: &[TrendPoint]) -> String {
    let mut out = String::from(
        "<details>\n<summary>All numbers</summary>\n<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-labelledby=\"trend-title\"><table><caption>Every run, the newest first</caption>\n<thead><tr>\
         <th scope=\"col\">Collected</th><th scope=\"col\">Failures</th><th scope=\"col\">Without MFA</th><th scope=\"col\">Principals</th>\
         <th scope=\"col\">Coverage</th><th scope=\"col\">Accounts</th></tr></thead>\n<tbody>\n",
    );
    for it in points.iter().rev() {
        let coverage = it.coverage_basis_points.map_or_else(|| "–".to_owned(), percent);
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{coverage}</td><td>{}</td></tr>",
            it.collected_at, it.failures, it.principals_without_mfa, it.principals, it.accounts
        );
    }
    out.push_str("</tbody></table></div>\n</details>\n");
    out
}

fn percent(hundredths: i64) -> String {
    match hundredths % 100 {
        0 => format!("{} %", hundredths / 100),
        rest => format!("{}.{rest:02} %", hundredths / 100),
    }
}

#[cfg(test)]
mod tests {
    use model::Timestamp;

    use super::{Trend, TrendPoint, trend};

    fn point(day: i64, failures: i64, coverage: Option<i64>) -> TrendPoint {
        TrendPoint {
            organization: "o-ab12cd34".to_owned(),
            run_id: format!("run-{day}"),
            collected_at: Timestamp::from_epoch_seconds(1_790_000_000 + day * 86_400).unwrap(),
            accounts: 10,
            coverage_basis_points: coverage,
            principals: 40,
            principals_without_mfa: failures / 2,
            failures,
            new_failures: 0,
            fixed_failures: 0,
        }
    }

    fn drawn(points: Vec<TrendPoint>) -> String {
        trend(Some(&Trend { points }))
    }

    #[test]
    fn without_runs_there_is_nothing() {
        assert_eq!(trend(None), "");
        assert_eq!(drawn(Vec::new()), "");
    }

    #[test]
    fn lines_go_from_the_first_run_to_the_last() {
        let page = drawn(vec![point(0, 8, Some(10_000)), point(1, 4, Some(9_950)), point(2, 0, Some(10_000))]);
        assert!(page.contains("3 runs, 2026-09-21 to 2026-09-23"), "{page}");
        // From the top of the chart to its bottom.
        assert!(page.contains("points=\"46.0,10.0 196.0,55.0 346.0,100.0\""), "{page}");
        assert!(page.contains("Open failures: failures from 8 to 0; can sign in without MFA from 4 to 0"), "{page}");
        assert!(page.contains("<td>99.50 %</td>"), "{page}");
    }

    #[test]
    fn a_line_is_broken_where_nothing_tells() {
        let runs = [Some(10_000), Some(10_000), None, Some(5_000)];
        let page = drawn((0..).zip(runs).map(|(day, seen)| point(day, 1, seen)).collect());
        let (_, coverage) = page.split_once("<figcaption>Coverage").unwrap();
        let (coverage, _) = coverage.split_once("</figure>").unwrap();
        assert_eq!(coverage.matches("<polyline").count(), 2, "{coverage}");
        assert!(page.contains("<td>–</td>"), "{page}");
    }

    #[test]
    fn one_run_is_a_point_in_the_middle() {
        let page = drawn(vec![point(0, 0, Some(10_000))]);
        assert!(page.contains("1 run, "), "{page}");
        assert!(page.contains("cx=\"196.0\" cy=\"100.0\""), "{page}");
        assert!(!page.contains("NaN"), "{page}");
    }
}
