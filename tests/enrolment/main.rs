//! The program that enrols, from outside: whole runs against an account on this machine.

mod commands;
mod confidentiality;
mod derived;
mod dialogue;
mod harness;
mod interrupted;
mod killed;
mod permissions;
mod pitfalls;
mod steps_at_the_console;
