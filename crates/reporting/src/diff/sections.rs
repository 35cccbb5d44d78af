//! What a comparison of two runs says, before it is known how it is written: a head, and sections of rows.

use model::{Arn, Dataset};
use rules::{Absence, Diff, DiffAccount, DiffFailure, Past, RunHead};

use crate::{
    duration::minute,
    formats::{Meaning, change_counts, change_label},
    row::principal_name,
};

/// What a comparison of two runs says.
#[derive(Debug)]
pub(crate) struct Sections {
    /// What is compared.
    pub(crate) title: String,
    /// How many failures there are of each class.
    pub(crate) counts: String,
    /// The sections that are not empty.
    pub(crate) parts: Vec<Section>,
}

/// Rows that belong together.
#[derive(Debug)]
pub(crate) struct Section {
    pub(crate) heading: String,
    pub(crate) rows: Vec<SectionRow>,
}

/// What there is to say of one failure, rule, account or user.
#[derive(Debug)]
pub(crate) struct SectionRow {
    /// What happened, in a word or two.
    pub(crate) label: String,
    pub(crate) meaning: Meaning,
    pub(crate) principal: String,
    pub(crate) account_name: String,
    pub(crate) account_id: String,
    pub(crate) text: String,
}

pub(crate) fn of(diff: &Diff) -> Sections {
    let failures = diff.failing.iter().map(failing).chain(
        diff.unknown
            .iter()
            .map(|it| past(it, "UNKNOWN", Meaning::Doubtful)),
    );
    let fixed = diff.fixed.iter().map(|it| past(it, "FIXED", Meaning::Good));
    let added = rules(
        &diff.rules_after,
        "ADDED",
        "only the later run evaluated it",
    );
    let dropped = rules(
        &diff.rules_before,
        "DROPPED",
        "only the earlier run evaluated it",
    );
    let rules = added.chain(dropped);
    let coverage = diff.coverage.iter().flat_map(|it| {
        let lost = seen(&it.account, "LOST", Meaning::Doubtful, &it.lost);
        lost.into_iter()
            .chain(seen(&it.account, "GAINED", Meaning::Good, &it.gained))
    });
    let appeared = diff.appeared.iter().map(|it| account(it, "APPEARED", ""));
    let gone = diff.disappeared.iter().map(|(it, absence)| {
        let (label, text) = match absence {
            Absence::Gone => ("GONE", "not in the organization any more"),
            Absence::NotInScope => ("ABSENT", "not in the scope of the later run"),
            Absence::NotSeen => ("ABSENT", "not seen by the later run"),
        };
        account(it, label, text)
    });
    let users =
        users(&diff.users_appeared, "APPEARED").chain(users(&diff.users_disappeared, "GONE"));
    let all = [
        ("FAILURES", failures.chain(fixed).collect::<Vec<_>>()),
        ("RULES", rules.collect()),
        ("COVERAGE", coverage.collect()),
        ("ACCOUNTS", appeared.chain(gone).collect()),
        ("USERS", users.collect()),
    ];
    let sections = all.into_iter().filter(|(_, rows)| !rows.is_empty());
    Sections {
        title: format!("from {} to {}", run(&diff.before), run(&diff.after)),
        counts: change_counts(diff.counts),
        parts: sections
            .map(|(heading, rows)| Section {
                heading: heading.to_owned(),
                rows,
            })
            .collect(),
    }
}

fn run(it: &RunHead) -> String {
    let time = it
        .collected_at
        .map_or_else(|| "an undated run".to_owned(), minute);
    match &it.organization {
        Some(organization) => format!("{organization} {time}"),
        None => time,
    }
}

fn failing(it: &DiffFailure) -> SectionRow {
    SectionRow {
        label: change_label(it.change).to_owned(),
        meaning: Meaning::Bad,
        principal: principal_name(&it.subject).to_owned(),
        account_name: it.account.name.clone(),
        account_id: it.account.id.to_string(),
        text: it.rule.clone(),
    }
}

fn past(it: &Past, label: &str, meaning: Meaning) -> SectionRow {
    let since = match it.first_seen {
        Some(first) if !it.fate.is_fixed() => format!("; first seen {}", minute(first)),
        Some(_) | None => String::new(),
    };
    SectionRow {
        label: label.to_owned(),
        meaning,
        principal: principal_name(&it.subject).to_owned(),
        account_name: String::new(),
        account_id: it.subject.arn.account().to_owned(),
        text: format!("{}: {}{since}", it.rule, it.fate.reason()),
    }
}

fn rules<'a>(
    rules: &'a [String],
    label: &'a str,
    text: &'a str,
) -> impl Iterator<Item = SectionRow> {
    rules.iter().map(move |it| SectionRow {
        label: label.to_owned(),
        meaning: Meaning::Plain,
        principal: it.clone(),
        account_name: String::new(),
        account_id: String::new(),
        text: text.to_owned(),
    })
}

fn seen(
    it: &DiffAccount,
    label: &str,
    meaning: Meaning,
    datasets: &[Dataset],
) -> Option<SectionRow> {
    let names: Vec<_> = datasets.iter().map(ToString::to_string).collect();
    (!names.is_empty()).then(|| SectionRow {
        meaning,
        ..account(it, label, &names.join(", "))
    })
}

fn account(it: &DiffAccount, label: &str, text: &str) -> SectionRow {
    SectionRow {
        label: label.to_owned(),
        meaning: Meaning::Plain,
        principal: String::new(),
        account_name: it.name.clone(),
        account_id: it.id.to_string(),
        text: text.to_owned(),
    }
}

fn users<'a>(users: &'a [Arn], label: &'a str) -> impl Iterator<Item = SectionRow> {
    users.iter().map(move |it| SectionRow {
        label: label.to_owned(),
        meaning: Meaning::Plain,
        principal: it
            .resource()
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_owned(),
        account_name: String::new(),
        account_id: it.account().to_owned(),
        text: it.to_string(),
    })
}
