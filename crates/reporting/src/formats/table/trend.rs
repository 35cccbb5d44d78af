//! How runs stand over time, for a terminal.

use super::{
    grid::{Cell, Column, Fit, Grid},
    page::Page,
    text::{Style, hundredths},
};
use crate::{Appearance, Trend, TrendPoint};

/// How many runs are listed; the lines show all.
const LISTED: usize = 20;
/// The most columns a line of bars takes.
const MOST_BARS: usize = 60;
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Returns the page.
pub(crate) fn trend_table(trend: &Trend, look: &Appearance) -> String {
    let mut page = Page::new(look);
    if trend.points.is_empty() {
        page.paragraph(0, "no run is published there", Style::Plain);
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
    lines(page, points);
    page.gap();
    listed(page, points);
}

/// A line of bars for what matters most, with where it began and where it is.
fn lines(page: &mut Page, points: &[TrendPoint]) {
    let series: [(&str, Measure, Better); 3] = [
        ("coverage", |it| it.coverage_basis_points.unwrap_or_default(), Better::More),
        ("sign in without MFA", |it| it.principals_without_mfa, Better::Fewer),
        ("failures", |it| it.failures, Better::Fewer),
    ];
    let rows = series.map(|(name, measure, better)| {
        let ends = (points.first().map_or(0, measure), points.last().map_or(0, measure));
        let shown = |it: i64| match better {
            Better::More => percent(Some(it)),
            Better::Fewer => it.to_string(),
        };
        let style = match (better, ends.1.cmp(&ends.0)) {
            (_, std::cmp::Ordering::Equal) => Style::Plain,
            (Better::More, std::cmp::Ordering::Greater) | (Better::Fewer, std::cmp::Ordering::Less) => Style::Good,
            (Better::More, std::cmp::Ordering::Less) | (Better::Fewer, std::cmp::Ordering::Greater) => Style::Bad,
        };
        vec![
            Cell::plain(name),
            Cell::new(format!("{} → {}", shown(ends.0), shown(ends.1)), style),
            Cell::new(bars(points, measure, MOST_BARS.min(page.width.saturating_sub(45))), Style::Faint),
        ]
    });
    write(page, &rows, &[Fit::Left, Fit::Left, Fit::Left]);
}

/// What of a run a line shows.
type Measure = fn(&TrendPoint) -> i64;

#[derive(Clone, Copy, Debug)]
enum Better {
    More,
    Fewer,
}

/// Returns a bar for each run, or for the last run of as many stretches as there is room for. The highest bar is the
/// greatest value, and the lowest is nothing.
fn bars(points: &[TrendPoint], measure: Measure, room: usize) -> String {
    let room = room.clamp(1, points.len().max(1));
    let most = points.iter().map(measure).max().unwrap_or_default().max(1);
    let bar = |index: usize| {
        let at = ((index + 1) * points.len() / room).saturating_sub(1);
        let value = points.get(at).map_or(0, measure).max(0);
        let steps = i64::try_from(BARS.len() - 1).unwrap_or_default();
        let height = usize::try_from(value.saturating_mul(steps) / most).unwrap_or_default();
        BARS.get(height).copied().unwrap_or(' ')
    };
    (0..room).map(bar).collect()
}

fn listed(page: &mut Page, points: &[TrendPoint]) {
    let heads = ["date", "accounts", "coverage", "principals", "without MFA", "failures", "new", "fixed"];
    let mut rows = vec![heads.map(|it| Cell::new(it, Style::Strong)).to_vec()];
    let earlier = points.len().saturating_sub(LISTED);
    for point in points.iter().skip(earlier) {
        let marked = |count: i64, style| Cell::new(count.to_string(), if count > 0 { style } else { Style::Faint });
        rows.push(vec![
            Cell::plain(point.day()),
            Cell::plain(point.accounts.to_string()),
            Cell::plain(percent(point.coverage_basis_points)),
            Cell::plain(point.principals.to_string()),
            Cell::plain(point.principals_without_mfa.to_string()),
            Cell::plain(point.failures.to_string()),
            marked(point.new_failures, Style::Bad),
            marked(point.fixed_failures, Style::Good),
        ]);
    }
    let mut fits = [Fit::Right; 8];
    fits[0] = Fit::Left;
    write(page, &rows, &fits);
    if earlier > 0 {
        page.paragraph(0, &format!("… and {earlier} earlier: --query trend lists all"), Style::Faint);
    }
}

/// Returns hundredths of a percent, or that there was nothing to see.
fn percent(basis_points: Option<i64>) -> String {
    let share = basis_points.and_then(|it| u64::try_from(it).ok());
    share.map_or_else(|| "–".to_owned(), hundredths)
}

/// Returns rows under their columns' names.
pub(crate) fn rows_table(title: &str, names: &[&str], rows: &[Vec<String>], look: &Appearance) -> String {
    let mut page = Page::new(look);
    page.paragraph(0, title, Style::Strong);
    page.gap();
    if rows.is_empty() {
        page.paragraph(0, "none", Style::Plain);
        return page.take();
    }
    let heads = names.iter().map(|it| Cell::new(it.replace('_', " "), Style::Strong)).collect();
    let cells = rows.iter().map(|row| row.iter().map(Cell::plain).collect());
    let all: Vec<Vec<_>> = std::iter::once(heads).chain(cells).collect();
    let fits = vec![Fit::Wrap; names.len()];
    write(&mut page, &all, &fits);
    page.take()
}

/// Writes rows in columns that fit them, and together the page: the widest gives way first.
fn write(page: &mut Page, rows: &[Vec<Cell>], fits: &[Fit]) {
    let all = |most: usize| Grid {
        indent: 0,
        columns: fits.iter().enumerate().map(|(index, fit)| Column::fitting(rows, index, most, *fit)).collect(),
    };
    // Some width always fits; a column of fewer characters than this helps nobody.
    let mut most = page.width;
    while most > 8 && all(most).rest(page.width) == 0 {
        most -= 1;
    }
    let grid = all(most);
    for row in rows {
        page.row(&grid, row);
    }
}

#[cfg(test)]
mod tests {
    use super::{rows_table, trend_table};
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
            accounts: 3,
            coverage_basis_points: coverage,
            principals: 10,
            principals_without_mfa: without,
            failures: 2 * without,
            new_failures: i64::from(day == 0) * 2 * without,
            fixed_failures: i64::from(day > 0),
        }
    }

    #[test]
    fn a_trend_shows_where_it_began_and_where_it_is() {
        let points = vec![point(0, Some(5000), 8), point(1, None, 4), point(2, Some(10_000), 0)];
        let text = trend_table(&Trend { points }, &LOOK);
        assert_eq!(
            text,
            "o-test 3 runs, 1970-01-01 to 1970-01-03\n\n\
             coverage             50 % → 100 %  ▄▁█\n\
             sign in without MFA  8 → 0         █▄▁\n\
             failures             16 → 0        █▄▁\n\n\
             date        accounts  coverage  principals  without MFA  failures  new  fixed\n\
             1970-01-01         3      50 %          10            8        16   16      0\n\
             1970-01-02         3         –          10            4         8    0      1\n\
             1970-01-03         3     100 %          10            0         0    0      1\n"
        );
    }

    #[test]
    fn long_histories_are_as_wide_as_the_page_and_list_the_last_runs() {
        let points = (0..400).map(|it| point(it, Some(it), 400 - it)).collect();
        let text = trend_table(&Trend { points }, &LOOK);
        assert!(text.lines().all(|it| it.chars().count() <= 80), "{text}");
        assert!(text.contains("… and 380 earlier"), "{text}");
        assert!(trend_table(&Trend::default(), &LOOK).contains("no run"));
    }

    #[test]
    fn rows_stay_within_the_page_and_hostile_names_stay_text() {
        let row = vec!["x".repeat(70), "\u{1b}[31mred".to_owned(), "y".repeat(70)];
        let text = rows_table("What", &["one_thing", "two", "three"], &[row], &LOOK);
        assert!(text.lines().all(|it| it.chars().count() <= 80), "{text}");
        assert!(text.contains("one thing") && !text.contains('\u{1b}'), "{text}");
    }
}
