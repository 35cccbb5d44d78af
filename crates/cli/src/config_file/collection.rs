//! The section `[collection]`.

use std::time::Duration;

use clap::ValueEnum;
use model::Dataset;

use super::{
    section::{Key, Section},
    value::{Kind, Value},
};
use crate::{
    args::{AssumeRoot, CollectionArgs, MOST_AT_ONCE},
    values::duration,
};

pub(super) static SECTION: Section<CollectionArgs> = Section {
    name: "collection",
    about: "What is collected, and how fast",
    keys: &[
        Key {
            name: "concurrency",
            about: "The most accounts that are collected at once",
            kind: Kind::Number {
                min: 1,
                max: MOST_AT_ONCE as u32,
            },
            flag: ("concurrency", "--concurrency"),
            get: |it| Some(Value::Number(u32::from(it.concurrency))),
            set: |it, value| {
                if let Value::Number(number) = value
                    && let Ok(number) = u16::try_from(*number)
                {
                    it.concurrency = number;
                }
            },
        },
        Key {
            name: "live",
            about: "Whether every user is read live, without a credential report",
            kind: Kind::Switch,
            flag: ("live", "--live"),
            get: |it| Some(Value::Switch(it.live)),
            set: |it, value| {
                if let Value::Switch(on) = value {
                    it.live = *on;
                }
            },
        },
        Key {
            name: "also",
            about: "Kinds of fact that are collected though no chosen rule needs them",
            kind: Kind::Choices(|| Dataset::ALL.iter().map(|it| it.name()).collect()),
            flag: ("also", "--also"),
            get: |it| {
                let names = it.also.iter().map(|it| it.name().to_owned());
                Some(Value::List(names.collect()))
            },
            set: |it, value| {
                if let Value::List(names) = value {
                    let datasets = Dataset::ALL.iter().copied();
                    it.also = datasets
                        .filter(|it| names.iter().any(|name| name == it.name()))
                        .collect();
                }
            },
        },
        Key {
            name: "assume-root",
            about: "When to look at root users of member accounts by sessions of their own",
            kind: Kind::Choice(|| {
                AssumeRoot::value_variants()
                    .iter()
                    .copied()
                    .map(assume_root)
                    .collect()
            }),
            flag: ("assume_root", "--assume-root"),
            get: |it| Some(Value::Text(assume_root(it.assume_root).to_owned())),
            set: |it, value| {
                if let Some(when) = assume_root_of(value) {
                    it.assume_root = when;
                }
            },
        },
        Key {
            name: "deadline",
            about: "How long the run may take: \"90s\", \"45m\", \"2h\"",
            kind: Kind::Text(|it| duration(it).map(drop)),
            flag: ("deadline", "--deadline"),
            get: |it| it.deadline.map(written),
            set: |it, value| it.deadline = read(value).or(it.deadline),
        },
        Key {
            name: "account-deadline",
            about: "How long one account may take: \"90s\", \"45m\", \"2h\"",
            kind: Kind::Text(|it| duration(it).map(drop)),
            flag: ("account_deadline", "--account-deadline"),
            get: |it| Some(written(it.account_deadline)),
            set: |it, value| it.account_deadline = read(value).unwrap_or(it.account_deadline),
        },
    ],
};

/// Returns the word for it.
const fn assume_root(it: AssumeRoot) -> &'static str {
    match it {
        AssumeRoot::Auto => "auto",
        AssumeRoot::Always => "always",
        AssumeRoot::Never => "never",
    }
}

pub(super) fn assume_root_of(value: &Value) -> Option<AssumeRoot> {
    let Value::Text(word) = value else {
        return None;
    };
    AssumeRoot::from_str(word, false).ok()
}

fn read(value: &Value) -> Option<Duration> {
    match value {
        Value::Text(text) => duration(text).ok(),
        Value::List(_) | Value::Number(_) | Value::Percent(_) | Value::Switch(_) => None,
    }
}

fn written(it: Duration) -> Value {
    let seconds = it.as_secs();
    Value::Text(match seconds {
        it if it % 3600 == 0 => format!("{}h", it / 3600),
        it if it % 60 == 0 => format!("{}m", it / 60),
        it => format!("{it}s"),
    })
}
