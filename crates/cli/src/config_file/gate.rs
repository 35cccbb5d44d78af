//! The section `[gate]`.

use rules::Severity;

use super::{
    section::{Key, Section},
    value::{Kind, Value},
};
use crate::args::GateArgs;

pub(super) static SECTION: Section<GateArgs> = Section {
    name: "gate",
    about: "What the exit code says",
    keys: &[
        Key {
            name: "fail-on",
            about: "Exit with 3 if a failure is at least so severe",
            kind: Kind::Choice(|| Severity::ALL.map(Severity::name).to_vec()),
            flag: ("fail_on", "--fail-on"),
            get: |it| Some(Value::Text(it.fail_on.name().to_owned())),
            set: |it, value| {
                if let Value::Text(name) = value
                    && let Ok(severity) = name.parse()
                {
                    it.fail_on = severity;
                }
            },
        },
        Key {
            name: "min-coverage",
            about: "Exit with 4 if less than this share of what had to be seen was seen, in percent",
            kind: Kind::Percent,
            flag: ("min_coverage", "--min-coverage"),
            get: |it| Some(Value::Percent(it.min_coverage)),
            set: |it, value| {
                if let Value::Percent(share) = value {
                    it.min_coverage = *share;
                }
            },
        },
        Key {
            name: "strict-coverage",
            about: "Whether what no call of the chosen mode can show counts against coverage",
            kind: Kind::Switch,
            flag: ("strict_coverage", "--strict-coverage"),
            get: |it| Some(Value::Switch(it.strict_coverage)),
            set: |it, value| {
                if let Value::Switch(on) = value {
                    it.strict_coverage = *on;
                }
            },
        },
        Key {
            name: "exit-zero",
            about: "Whether the exit code is 0 where the gate would make it 3 or 4",
            kind: Kind::Switch,
            flag: ("exit_zero", "--exit-zero"),
            get: |it| Some(Value::Switch(it.exit_zero)),
            set: |it, value| {
                if let Value::Switch(on) = value {
                    it.exit_zero = *on;
                }
            },
        },
    ],
};
