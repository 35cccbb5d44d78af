//! How runs came out over time: lines, with the numbers beside them for whoever sees no lines.

mod chart;

use std::fmt::Write;

use self::chart::{CHARTS, percent};
use crate::{Trend, TrendPoint};

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

/// Returns all numbers, the newest first.
fn table(points: &[TrendPoint]) -> String {
    let mut out = String::from(
        "<details>\n<summary>All numbers</summary>\n<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-labelledby=\"trend-title\"><table><caption>Every run, the newest first</caption>\n<thead><tr>\
         <th scope=\"col\">Collected</th><th scope=\"col\">Open failures</th><th scope=\"col\">Without MFA</th><th scope=\"col\">Principals</th>\
         <th scope=\"col\">Coverage</th><th scope=\"col\">Accounts</th></tr></thead>\n<tbody>\n",
    );
    for it in points.iter().rev() {
        let coverage = it.coverage_basis_points.map_or_else(|| "–".to_owned(), percent);
        let part = if it.is_of_a_part() { "<br><span class=\"faint\">part of the organization</span>" } else { "" };
        let mut without = it.principals_without_mfa.map_or_else(|| "–".to_owned(), |it| it.to_string());
        if it.principals_without_mfa.is_some() && it.principals_undecided > 0 {
            without = format!("{without}, {} unknown", it.principals_undecided);
        }
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\">{}{part}</th><td>{}</td><td>{without}</td><td>{}</td><td>{coverage}</td><td>{}</td></tr>",
            it.collected_at, it.open_failures, it.principals, it.accounts
        );
    }
    out.push_str("</tbody></table></div>\n</details>\n");
    out
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
            lists_all_accounts: true,
            accounts: 10,
            coverage_basis_points: coverage,
            principals: 40,
            principals_without_mfa: Some(failures / 2),
            principals_undecided: 0,
            failures,
            open_failures: failures,
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
    fn what_was_not_seen_is_open_still() {
        let blind = TrendPoint {
            failures: 0,
            principals_undecided: 3,
            open_failures: 8,
            ..point(1, 0, Some(0))
        };
        let page = drawn(vec![point(0, 8, Some(10_000)), blind]);
        assert!(page.contains("Open failures: failures 8; can sign in without MFA from 4 to 0, 3 unknown"), "{page}");
        assert!(page.contains("<td>8</td><td>0, 3 unknown</td>"), "{page}");
        assert!(!page.contains("part of the organization"), "{page}");
    }

    #[test]
    fn a_run_of_a_part_says_nothing_of_the_whole() {
        let part = TrendPoint {
            lists_all_accounts: false,
            open_failures: 8,
            ..point(1, 2, Some(5_000))
        };
        let silent = TrendPoint { principals_without_mfa: None, ..point(2, 6, Some(10_000)) };
        let page = drawn(vec![point(0, 8, Some(10_000)), part, silent]);
        assert!(page.contains("failures from 8 to 6; can sign in without MFA 4<"), "{page}");
        assert!(page.contains("Coverage: seen of what had to be 100 %<"), "{page}");
        assert_eq!(page.matches("part of the organization").count(), 1, "{page}");
        assert!(page.contains("<td>6</td><td>–</td>"), "{page}");
    }

    #[test]
    fn one_run_is_a_point_in_the_middle() {
        let page = drawn(vec![point(0, 0, Some(10_000))]);
        assert!(page.contains("1 run, "), "{page}");
        assert!(page.contains("cx=\"196.0\" cy=\"100.0\""), "{page}");
        assert!(!page.contains("NaN"), "{page}");
    }
}
