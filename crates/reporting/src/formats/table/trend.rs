//! How runs stand over time, for a terminal.

mod series;

use super::{
    grid::{Cell, Fit},
    page::Page,
    rows::write,
    text::{Style, hundredths},
};
use crate::{Appearance, Trend, TrendPoint};

/// How many runs are listed; the lines show all.
const LISTED: usize = 20;
/// The most columns a line of bars takes.
const MOST_BARS: usize = 60;
/// What stands behind the day of a run that is of a part of its organization.
const PART: char = '*';

/// Returns the page.
pub(crate) fn trend_table(trend: &Trend, look: &Appearance) -> String {
    let mut page = Page::new(look);
    if trend.points.is_empty() {
        page.paragraph(0, "no runs", Style::Plain);
    }
    for (index, points) in trend.organizations().enumerate() {
        if index > 0 {
            page.gap();
        }
        organization(&mut page, points);
    }
    page.take()
}

fn organization(page: &mut Page, points: &[TrendPoint]) {
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return;
    };
    let runs = if points.len() == 1 { "run" } else { "runs" };
    let title = format!("{}  {} {runs}, {} to {}", last.organization, points.len(), first.day(), last.day());
    page.paragraph(0, &title, Style::Strong);
    page.gap();
    let room = MOST_BARS.min(page.width.saturating_sub(45));
    write(page, &series::lines(points, room), &[Fit::Left, Fit::Left, Fit::Left]);
    page.gap();
    listed(page, points);
}

fn listed(page: &mut Page, points: &[TrendPoint]) {
    let heads = ["date", "accounts", "coverage", "principals", "no MFA", "unknown", "open", "new", "fixed"];
    let mut rows = vec![heads.map(|it| Cell::new(it, Style::Strong)).to_vec()];
    let earlier = points.len().saturating_sub(LISTED);
    let mut any_part = false;
    for point in points.iter().skip(earlier) {
        let marked = |count: i64, style| Cell::new(count.to_string(), if count > 0 { style } else { Style::Faint });
        let is_part = point.is_of_a_part();
        any_part |= is_part;
        let without = point.principals_without_mfa;
        rows.push(vec![
            Cell::plain(if is_part { format!("{} {PART}", point.day()) } else { point.day() }),
            Cell::plain(point.accounts.to_string()),
            Cell::plain(percent(point.coverage_basis_points)),
            Cell::plain(point.principals.to_string()),
            Cell::plain(without.map_or_else(|| "–".to_owned(), |it| it.to_string())),
            marked(point.principals_undecided, Style::Doubtful),
            Cell::plain(point.open_failures.to_string()),
            marked(point.new_failures, Style::Bad),
            marked(point.fixed_failures, Style::Good),
        ]);
    }
    let mut fits = [Fit::Right; 9];
    fits[0] = Fit::Left;
    write(page, &rows, &fits);
    if any_part {
        let what = format!("{PART} of a part of the organization: what fails elsewhere is open still");
        page.paragraph(0, &what, Style::Doubtful);
    }
    if earlier > 0 {
        page.paragraph(0, &format!("… and {earlier} earlier: --query trend lists all"), Style::Faint);
    }
}

/// Returns hundredths of a percent, or that there was nothing to see.
fn percent(basis_points: Option<i64>) -> String {
    let share = basis_points.and_then(|it| u64::try_from(it).ok());
    share.map_or_else(|| "–".to_owned(), hundredths)
}

#[cfg(test)]
mod tests {
    use super::trend_table;
    use crate::{Appearance, Colour, Links, Trend, TrendPoint, Verbosity};

    const LOOK: Appearance = Appearance {
        width: 80,
        colour: Colour::Plain,
        links: Links::None,
        verbosity: Verbosity::Summary,
    };

    fn point(day: i64, coverage: Option<i64>, without: i64) -> TrendPoint {
        TrendPoint {
            organization: "o-test".to_owned(),
            run_id: day.to_string(),
            collected_at: model::Timestamp::from_epoch_seconds(day * 86_400).unwrap(),
            lists_all_accounts: true,
            accounts: 3,
            coverage_basis_points: coverage,
            principals: 10,
            principals_without_mfa: Some(without),
            principals_undecided: 0,
            failures: 2 * without,
            open_failures: 2 * without,
            new_failures: i64::from(day == 0) * 2 * without,
            fixed_failures: i64::from(day > 0),
        }
    }

    fn table(points: Vec<TrendPoint>) -> String {
        trend_table(&Trend { points }, &LOOK)
    }

    /// Returns what stands on the line of one measure, with its colour.
    fn line(name: &str, points: Vec<TrendPoint>) -> String {
        let look = Appearance { colour: Colour::Ansi, ..LOOK };
        let text = trend_table(&Trend { points }, &look);
        let line = text.lines().find_map(|it| it.strip_prefix(name));
        line.unwrap().trim_start().split("  ").next().unwrap().to_owned()
    }

    const GREEN: &str = "\u{1b}[32m";

    #[test]
    fn a_trend_shows_where_it_began_and_where_it_is() {
        let text = table(vec![point(0, Some(5000), 8), point(1, None, 4), point(2, Some(10_000), 0)]);
        assert_eq!(
            text,
            "o-test 3 runs, 1970-01-01 to 1970-01-03\n\n\
             coverage             50 % → 100 %  ▄ █\n\
             sign in without MFA  8 → 0         █▄▁\n\
             open failures        16 → 0        █▄▁\n\n\
             date        accounts  coverage  principals  no MFA  unknown  open  new  fixed\n\
             1970-01-01         3      50 %          10       8        0    16   16      0\n\
             1970-01-02         3         –          10       4        0     8    0      1\n\
             1970-01-03         3     100 %          10       0        0     0    0      1\n"
        );
    }

    #[test]
    fn a_run_that_saw_nothing_is_no_improvement() {
        let blind = TrendPoint {
            principals_undecided: 2,
            open_failures: 8,
            failures: 0,
            ..point(1, Some(0), 0)
        };
        let points = vec![point(0, Some(10_000), 4), blind];
        assert_eq!(line("sign in without MFA", points.clone()), "4 → 0, 2 unknown");
        assert_eq!(line("open failures", points), "8 → 8");
        let sighted = vec![point(0, Some(10_000), 4), point(1, Some(10_000), 0)];
        assert!(line("sign in without MFA", sighted).starts_with(GREEN));
        // Users of whom nobody knows are not even unknown.
        let unlisted = vec![point(0, Some(10_000), 4), point(1, Some(5_000), 0)];
        assert_eq!(line("sign in without MFA", unlisted), "4 → 0");
    }

    #[test]
    fn a_run_of_a_part_is_marked_and_says_nothing_of_the_whole() {
        let part = |day, without| TrendPoint {
            lists_all_accounts: false,
            ..point(day, Some(10_000), without)
        };
        let points = vec![point(0, Some(9_000), 4), point(1, Some(9_000), 3), part(2, 1)];
        assert!(line("sign in without MFA", points.clone()).contains("4 → 3"));
        assert_eq!(line("coverage", points.clone()), "90 % → 90 %");
        let text = table(points);
        assert!(text.contains("\n1970-01-03 * ") && !text.contains("1970-01-02 *"), "{text}");
        assert!(text.contains("* of a part of the organization"), "{text}");
        assert!(text.lines().all(|it| it.chars().count() <= 80), "{text}");
        // Where no run is of the whole, the parts are told, and nothing is sure.
        assert_eq!(line("sign in without MFA", vec![part(0, 4), part(1, 1)]), "4 → 1");
        // An account that is in no organization is all there is.
        let alone = |it: TrendPoint| TrendPoint { organization: "000000000001".to_owned(), ..it };
        let points = vec![alone(part(0, 4)), alone(part(1, 1))];
        assert!(line("sign in without MFA", points.clone()).starts_with(GREEN));
        assert!(!table(points).contains('*'));
    }

    #[test]
    fn what_a_run_does_not_tell_is_left_out() {
        let silent = |day| TrendPoint { principals_without_mfa: None, ..point(day, None, 0) };
        let points = vec![silent(0), point(1, Some(5_000), 3), point(2, Some(10_000), 2), silent(3)];
        assert!(line("coverage", points.clone()).contains("50 % → 100 %"));
        assert!(line("sign in without MFA", points).contains("3 → 2"));
        let text = table(vec![silent(0)]);
        assert!(text.contains("coverage             –\n"), "{text}");
        assert!(text.contains("         –          10       –  "), "{text}");
    }

    #[test]
    fn long_histories_are_as_wide_as_the_page_and_list_the_last_runs() {
        let text = table((0..400).map(|it| point(it, Some(it), 400 - it)).collect());
        assert!(text.lines().all(|it| it.chars().count() <= 80), "{text}");
        assert!(text.contains("… and 380 earlier"), "{text}");
        assert!(table(Vec::new()).contains("no runs"));
    }
}
