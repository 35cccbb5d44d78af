//! The program that enrols, from outside: whole runs against an account on this machine.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a failed test may panic, and a test may use files and the environment"
)]

mod codes;
mod commands;
mod confidentiality;
mod conversation;
mod derived;
mod dialogue;
mod harness;
mod interrupted;
mod killed;
mod permissions;
mod refusals;
mod steps_at_the_console;
