//! The end-to-end tests: one crate, one module for each concern.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a failed test may panic, and a test may use files, the environment and its output"
)]

mod architecture;
mod audit;
mod baseline;
mod bundle;
mod bundle_tools;
mod changing_world;
mod command_line;
mod confidentiality;
mod config;
mod coverage_waivers;
mod credentials;
mod custom_rules;
mod derived;
mod diff;
mod doctor;
mod enforcement;
mod evidence;
mod explain;
mod forecast;
mod frameworks;
mod harness;
mod history;
mod json_schema;
mod killed;
mod manual;
mod notify;
mod owners;
mod partitions;
mod permissions;
mod redaction;
mod remediation;
mod report_folder;
mod resilience;
mod resume;
mod root_permissions;
mod scale;
mod shards;
mod storage;
mod waivers;
