//! Not a command: prints how often each AWS call was made.

use aws::Meter;

use crate::output;

/// Prints, to standard error, the calls by action.
pub(super) fn print(meter: &Meter) {
    let counts = meter.counts();
    let width = counts
        .iter()
        .map(|(name, _)| name.len())
        .max()
        .unwrap_or_default()
        .max("total".len());
    output::say(&format!(
        "{:width$}  {:>8}  {:>8}",
        "CALL", "CALLS", "REQUESTS"
    ));
    let (mut calls, mut requests) = (0, 0);
    for (name, count) in counts {
        output::say(&format!(
            "{name:width$}  {:>8}  {:>8}",
            count.calls, count.requests
        ));
        calls += count.calls;
        requests += count.requests;
    }
    output::say(&format!("{:width$}  {calls:>8}  {requests:>8}", "total"));
}
