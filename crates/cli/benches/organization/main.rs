//! Measures whole runs against an organization on this machine: `cargo bench -p mfaudit --bench organization`.
//!
//! Names choose lines (`-- bound memory`), `--quick` takes sizes that only show that it works, and `--markdown` writes
//! docs/performance.md. Every figure is a ratio of two things that were measured in the same run, so that figures of
//! different machines can be compared. A target that is missed is a finding, and no failure of the bench.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "its output is the table"
)]

mod bound;
mod calls;
mod enforcement;
mod evidence;
mod fewest;
mod formats;
mod history;
mod isolation;
mod machine;
mod memory;
mod organization;
mod overhead;
mod plain;
mod process;
mod row;
mod shards;
mod snapshot;
mod watch;

use std::process::ExitCode;

use row::Row;

/// Why something could not be measured.
type Failure = Box<dyn std::error::Error>;

/// How much is measured.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Size {
    /// What the targets are about.
    Full,
    /// Enough to see that it works.
    Quick,
}

impl Size {
    /// Returns one of two sizes.
    fn of<T>(self, full: T, quick: T) -> T {
        match self {
            Self::Full => full,
            Self::Quick => quick,
        }
    }
}

type Measure = fn(Size) -> Result<Vec<Row>, Failure>;

const LINES: &[(&str, Measure)] = &[
    ("bound", bound::measure),
    ("overhead", overhead::measure),
    ("calls", calls::measure),
    ("memory", memory::measure),
    ("isolation", isolation::measure),
    ("shards", shards::measure),
    ("snapshot", snapshot::measure),
    ("formats", formats::measure),
    ("enforcement", enforcement::measure),
    ("evidence", evidence::measure),
    ("history", history::measure),
];

/// The audit's own allocator, so that the plain loop has no worse one.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let done = match args.split_first() {
        Some((first, rest)) if first == plain::MODE => plain::run(rest),
        _ => bench(&args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn bench(args: &[String]) -> Result<(), Failure> {
    if !cfg!(target_os = "linux") {
        println!("The benchmarks read CPU and memory from /proc, and run on Linux only.");
        return Ok(());
    }
    let mut chosen = Vec::new();
    let (mut size, mut is_page) = (Size::Full, false);
    for arg in args {
        match arg.as_str() {
            // What Cargo says to every bench.
            "--bench" => {}
            "--quick" => size = Size::Quick,
            "--markdown" => is_page = true,
            name => {
                let line = LINES.iter().find(|it| it.0 == name);
                chosen.push(*line.ok_or_else(|| unknown(name))?);
            }
        }
    }
    if chosen.is_empty() {
        chosen.extend(LINES);
    }
    if is_page {
        println!("{}", include_str!("introduction.md"));
    }
    println!("{}", row::HEAD);
    let mut details = Vec::new();
    for (name, measure) in chosen {
        eprintln!("measuring {name} …");
        for row in measure(size)? {
            println!("{}", row.line(size == Size::Quick));
            let named = row.details.iter().map(|it| format!("- {name}: {it}."));
            details.extend(named);
        }
    }
    println!("\nWhat these were made of:\n\n{}", details.join("\n"));
    println!("\nMeasured on {}.", machine::describe());
    Ok(())
}

fn unknown(name: &str) -> String {
    let names: Vec<_> = LINES.iter().map(|it| it.0).collect();
    format!(
        "`{name}` is no line; there are {}, and --quick and --markdown",
        names.join(", ")
    )
}
