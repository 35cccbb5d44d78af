//! A process that is measured: its time, its CPU and its memory.
#![expect(
    clippy::disallowed_methods,
    reason = "measures time, and reads what the kernel says of a process"
)]

use std::{
    fs::{self, File},
    ops::ControlFlow,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::Failure;

/// How often a process is looked at: so much later than it is may an end be seen.
const LOOK_EVERY: Duration = Duration::from_millis(4);
/// Ticks in a second, in `/proc/PID/stat`. Linux shows the same number to every program.
const TICKS: u64 = 100;

/// What a process took.
#[derive(Debug)]
pub(crate) struct Usage {
    pub(crate) began: Instant,
    pub(crate) wall: Duration,
    /// Of all its threads, in the program and in the kernel for it.
    pub(crate) cpu: Duration,
    /// The most memory that was resident at once, in bytes.
    pub(crate) peak: u64,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs a process to its end, and calls `meanwhile` every few milliseconds; when it breaks, the process is ended.
///
/// CPU and memory are read from `/proc`, where a process that has ended is found until its parent takes note. That
/// needs no `unsafe`, which this workspace forbids; the call that tells the same, `wait4`, has no safe wrapper among
/// the crates at hand.
pub(crate) fn measure(
    command: &mut Command,
    mut meanwhile: impl FnMut() -> ControlFlow<()>,
) -> Result<Usage, Failure> {
    // Files, not pipes, which would fill up unless somebody read them.
    let folder = tempfile::tempdir()?;
    let path = |name: &str| folder.path().join(name);
    let child = command
        .stdin(Stdio::null())
        .stdout(File::create(path("stdout"))?)
        .stderr(File::create(path("stderr"))?);
    let began = Instant::now();
    let mut child = child.spawn()?;
    let process = format!("/proc/{}", child.id());
    let mut peak = 0;
    let mut is_broken_off = false;
    let wall = loop {
        if has_ended(&process)? {
            break began.elapsed();
        }
        peak = peak.max(peak_memory(&process)?);
        if !is_broken_off && meanwhile().is_break() {
            is_broken_off = true;
            child.kill()?;
        }
        std::thread::sleep(LOOK_EVERY);
    };
    // The threads of a process that ends may do so a moment after its first.
    std::thread::sleep(LOOK_EVERY);
    let cpu = cpu(&process)?;
    let status = child.wait()?;
    let usage = Usage {
        began,
        wall,
        cpu,
        peak,
        stdout: fs::read_to_string(path("stdout"))?,
        stderr: fs::read_to_string(path("stderr"))?,
    };
    if status.success() || is_broken_off {
        Ok(usage)
    } else {
        Err(format!("{command:?}: {status}\n{}", usage.stderr).into())
    }
}

/// Returns now.
pub(crate) fn now() -> Instant {
    Instant::now()
}

fn has_ended(process: &str) -> Result<bool, Failure> {
    Ok(stat(process)?.first().is_some_and(|it| it == "Z"))
}

fn cpu(process: &str) -> Result<Duration, Failure> {
    let stat = stat(process)?;
    // The state is the third field of the line, and the times are the 14th and the 15th.
    let ticks = |place: usize| -> Result<u64, Failure> {
        Ok(stat.get(place).ok_or("a line is too short")?.parse()?)
    };
    Ok(Duration::from_millis(
        (ticks(11)? + ticks(12)?) * 1000 / TICKS,
    ))
}

/// Returns the fields of `stat` from the state on: the name before it may hold anything.
fn stat(process: &str) -> Result<Vec<String>, Failure> {
    let line = fs::read_to_string(format!("{process}/stat"))?;
    let (_, fields) = line.rsplit_once(')').ok_or("a line has no name")?;
    Ok(fields.split_whitespace().map(str::to_owned).collect())
}

/// Returns the peak so far; 0 of a process that has ended in the meantime.
fn peak_memory(process: &str) -> Result<u64, Failure> {
    let status = fs::read_to_string(format!("{process}/status"))?;
    let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:"));
    let Some(kibibytes) = line.and_then(|it| it.split_whitespace().next()) else {
        return Ok(0);
    };
    Ok(kibibytes.parse::<u64>()? * 1024)
}
