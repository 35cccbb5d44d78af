//! One line of the table: what was measured, and what it is to be.

use std::fmt;

/// What was measured.
pub(crate) struct Row {
    /// The name by which it is chosen.
    pub(crate) name: &'static str,
    /// What it is.
    pub(crate) what: String,
    pub(crate) measured: f64,
    /// What it is to be at most; `None` if nobody has said.
    pub(crate) target: Option<f64>,
    /// How both are written.
    pub(crate) unit: Unit,
    /// The figures it was made of, as sentences without a full stop.
    pub(crate) details: Vec<String>,
}

/// How a figure is written.
#[derive(Clone, Copy)]
pub(crate) enum Unit {
    /// A ratio: 1.08.
    Ratio,
    /// A share: 0.4 %.
    Percent,
    /// A number of bytes, in MiB.
    Bytes,
    /// A time, in seconds.
    Seconds,
    /// A number of bytes, few of them.
    FewBytes,
}

/// The heads of the columns.
pub(crate) const HEAD: &str = "\
| line | what | measured | target | holds | command |
|---|---|---:|---:|---|---|";

impl Row {
    /// Returns the line of the table. Small sizes prove that the bench works, and nothing else.
    pub(crate) fn line(&self, is_quick: bool) -> String {
        let holds = match (is_quick, self.target.map(|it| self.measured <= it)) {
            (_, None) => "",
            (true, Some(_)) => "too small to tell",
            (false, Some(true)) => "yes",
            (false, Some(false)) => "**no**",
        };
        let figure = |it: f64| Figure(it, self.unit);
        let target = self.target.map(|it| format!("at most {}", figure(it)));
        format!(
            "| {} | {} | {} | {} | {holds} | `cargo bench -p mfaudit --bench organization -- {}` |",
            self.name,
            self.what,
            figure(self.measured),
            target.unwrap_or_default(),
            self.name,
        )
    }
}

struct Figure(f64, Unit);

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.1 {
            Unit::Ratio => write!(f, "{:.3}", self.0),
            Unit::Percent => write!(f, "{:.2} %", self.0 * 100.0),
            Unit::FewBytes => write!(f, "{:.1} bytes", self.0),
            Unit::Seconds => write!(f, "{:.2} s", self.0),
            Unit::Bytes => write!(f, "{:.1} MiB", self.0 / f64::from(1 << 20)),
        }
    }
}

/// Returns the quotient of two counts.
#[expect(clippy::cast_precision_loss, reason = "no count here is beyond 2^53")]
pub(crate) fn quotient(one: u64, other: u64) -> f64 {
    one as f64 / other.max(1) as f64
}

/// Returns the value in the middle.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Writes down what was measured round by round, with so many decimals.
pub(crate) fn list(values: &[f64], decimals: usize) -> String {
    let values: Vec<_> = values.iter().map(|it| format!("{it:.decimals$}")).collect();
    values.join(", ")
}
