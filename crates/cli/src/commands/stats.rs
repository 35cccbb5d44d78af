//! Not a command: prints how often each AWS call was made.

use aws::{CallCounts, Meter};
use serde_json::json;

use crate::{args::StatsForm, output};

/// Prints, to standard error, the calls by action.
pub(super) fn print(meter: &Meter, form: Option<StatsForm>) {
    match form {
        None => {}
        Some(StatsForm::Table) => table(&meter.counts(), meter.total()),
        Some(StatsForm::Json) => output::say(&json(&meter.counts(), meter.total())),
    }
}

fn table(counts: &[(String, CallCounts)], total: CallCounts) {
    let names = counts.iter().map(|(name, _)| name.len());
    let width = names.max().unwrap_or_default().max("total".len());
    output::say(&format!(
        "{:width$}  {:>8}  {:>8}  {:>9}",
        "CALL", "CALLS", "REQUESTS", "THROTTLED"
    ));
    let line = |name: &str, it: CallCounts| {
        output::say(&format!(
            "{name:width$}  {:>8}  {:>8}  {:>9}",
            it.calls, it.requests, it.throttled
        ));
    };
    for (name, count) in counts {
        line(name, *count);
    }
    line("total", total);
}

fn json(counts: &[(String, CallCounts)], total: CallCounts) -> String {
    let of = |it: CallCounts| json!({ "calls": it.calls, "requests": it.requests, "throttled": it.throttled });
    let calls: serde_json::Map<_, _> = counts
        .iter()
        .map(|(name, it)| (name.clone(), of(*it)))
        .collect();
    json!({ "calls": calls, "total": of(total) }).to_string()
}
