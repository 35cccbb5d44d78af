//! Logs, on standard error, when asked for.

use tracing_subscriber::{EnvFilter, fmt};

use crate::Environment;

/// Starts logging if `MFAUDIT_LOG` or `RUST_LOG` asks for it: `mfaudit=debug`, `warn`.
///
/// The SDK writes credentials as `** redacted **`, but at `trace` level it writes the bodies of answers, in which STS
/// sends session credentials; so its crates are held at `debug`, whatever is asked for.
pub fn start(environment: &Environment) {
    let Some(filter) = &environment.log_filter else {
        return;
    };
    let mut filter = EnvFilter::builder().parse_lossy(filter);
    for quiet in [
        "aws_smithy_runtime",
        "aws_smithy_runtime_api",
        "aws_smithy_http_client",
        "aws_runtime",
        "aws_sigv4",
        "aws_config",
        "hyper",
        "hyper_util",
        "h2",
        "rustls",
    ] {
        if let Ok(directive) = format!("{quiet}=warn").parse() {
            filter = filter.add_directive(directive);
        }
    }
    let logs = fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(environment.colours_errors());
    // A second start, as in a test, changes nothing.
    let _ = logs.try_init();
}
