//! What the figures were measured on, and when.
#![expect(
    clippy::disallowed_methods,
    reason = "reads what the kernel says of the machine"
)]

use std::{fs, thread::available_parallelism};

/// Describes this machine in one line.
pub(crate) fn describe() -> String {
    let cores = available_parallelism().map_or(0, usize::from);
    let cpu = field("/proc/cpuinfo", "model name", ':').unwrap_or_default();
    let memory = field("/proc/meminfo", "MemTotal", ':').and_then(|it| {
        let kibibytes: u64 = it.split_whitespace().next()?.parse().ok()?;
        Some(format!("{} GiB of memory", kibibytes >> 20))
    });
    let name = field("/etc/os-release", "PRETTY_NAME", '=').unwrap_or_default();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!(
        "{cores} cores of {cpu}, {}, {} with Linux {}; {}",
        memory.unwrap_or_default(),
        name.trim_matches('"'),
        kernel.trim(),
        jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M UTC")
    )
}

/// Returns the value of the first line of a file that begins with `key`.
fn field(path: &str, key: &str, separator: char) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let line = text.lines().find(|it| it.starts_with(key))?;
    Some(line.split_once(separator)?.1.trim().to_owned())
}
