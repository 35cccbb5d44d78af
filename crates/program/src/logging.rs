//! Logs, on standard error, when asked for.

use tracing_subscriber::{
    EnvFilter, Layer,
    filter::{FilterExt, LevelFilter, filter_fn},
    fmt,
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

use crate::Environment;

/// The crates whose logs show what is sent and received: at `trace` the SDK writes the bodies of answers, in which STS
/// sends session credentials and IAM the seeds of devices.
const LOUD: [&str; 11] = [
    "aws_config",
    "aws_runtime",
    "aws_sdk_",
    "aws_sigv4",
    "aws_smithy_",
    "h2",
    "hyper",
    "hyper_util",
    "reqwest",
    "rustls",
    "tower",
];

/// Starts logging if `MFAUDIT_LOG` or `RUST_LOG` asks for it: `mfaudit=debug`, `warn`.
///
/// What the SDK and the crates beneath it log is held at warnings, whatever is asked for, and however exactly: nothing
/// that is said of one of their modules overrules it.
pub fn start(environment: &Environment) {
    let Some(filter) = &environment.log_filter else {
        return;
    };
    let held = filter_fn(|it| *it.level() <= LevelFilter::WARN || !is_loud(it.target()));
    let layer = fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(environment.colours_errors())
        .with_filter(EnvFilter::builder().parse_lossy(filter).and(held));
    // A second start, as in a test, changes nothing.
    let _ = tracing_subscriber::registry().with(layer).try_init();
}

fn is_loud(target: &str) -> bool {
    let krate = target.split("::").next().unwrap_or_default();
    LOUD.iter().any(|it| match it.strip_suffix('_') {
        Some(family) => krate
            .strip_prefix(family)
            .is_some_and(|rest| rest.starts_with('_')),
        None => krate == *it,
    })
}

#[cfg(test)]
mod tests {
    use super::is_loud;

    #[test]
    fn crates_are_loud_with_all_their_modules_and_others_are_not() {
        for target in [
            "aws_smithy_runtime::client::orchestrator",
            "aws_sdk_iam",
            "hyper",
            "hyper_util::client",
        ] {
            assert!(is_loud(target), "{target}");
        }
        for target in [
            "mfaudit_aws::session",
            "hyperbole",
            "aws_smithyish",
            "mfaudit",
        ] {
            assert!(!is_loud(target), "{target}");
        }
    }
}
