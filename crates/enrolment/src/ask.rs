//! Asks the person at the terminal, or reads the lines that a script sends.

use std::io::{BufRead, Write, stderr, stdin};

use zeroize::Zeroizing;

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum NoAnswer {
    /// Nothing more comes.
    End,
    /// Standard input cannot be read.
    Unreadable(std::io::Error),
}

/// Asks a question on standard error, and returns the line that comes in answer.
///
/// It reads on a thread of its own, so that Ctrl-C is heard meanwhile; a question that was given up takes the next line
/// with it, which does not matter, since the program ends then.
pub(crate) async fn ask(question: &str) -> Result<Zeroizing<String>, NoAnswer> {
    let question = question.to_owned();
    let read = move || {
        let mut err = stderr().lock();
        // With no standard error left the answer still counts.
        let _ = write!(err, "{question}").and_then(|()| err.flush());
        drop(err);
        let mut line = Zeroizing::new(String::new());
        match stdin().lock().read_line(&mut line) {
            Ok(0) => Err(NoAnswer::End),
            Ok(_) => Ok(line),
            Err(error) => Err(NoAnswer::Unreadable(error)),
        }
    };
    match tokio::task::spawn_blocking(read).await {
        Ok(answer) => answer,
        Err(_) => Err(NoAnswer::End),
    }
}

/// Asks whether to do something; anything but a clear yes is a no.
pub(crate) async fn confirm(question: &str) -> bool {
    let answer = ask(&format!("{question} [y/N] ")).await;
    answer.is_ok_and(|it| ["y", "yes"].contains(&it.trim().to_ascii_lowercase().as_str()))
}
