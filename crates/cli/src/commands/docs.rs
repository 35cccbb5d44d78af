//! `mfaudit docs`: writes the pages that are derived from the code.

use std::{collections::BTreeSet, fmt::Write};

use aws::{ApiCall, Site, policy};
use clap::CommandFactory;
use inventory::CALLS;
use rules::{Answer, CATALOG, FRAMEWORKS};

use super::{
    policy::{pretty, sites},
    rules::page,
};
use crate::{
    args::{Args, AssumeRoot, Docs, PolicySite},
    config_file,
    error::{CliError, Kind},
    exit::ExitStatus,
    output,
};

pub(super) fn run(args: &Docs) -> Result<ExitStatus, CliError> {
    let text = match args.page.as_str() {
        "pages" => pages(),
        "controls.md" => controls(),
        "permissions.md" => permissions(),
        "permissions/member.json" => permitted(PolicySite::Member, AssumeRoot::Never)?,
        "permissions/management.json" => permitted(PolicySite::Management, AssumeRoot::Never)?,
        "permissions/management-assume-root.json" => {
            permitted(PolicySite::Management, AssumeRoot::Auto)?
        }
        "exit-codes.md" => exit_codes(),
        "command-line.md" => command_line(),
        "formats.md" => formats(),
        #[cfg(feature = "parquet")]
        "history.md" => delivery::dataset::page(),
        "schema/config.json" => pretty(&config_file::schema())?,
        "schema/diff-v1.json" => pretty(&reporting::diff_schema())?,
        "schema/report-v1.json" => pretty(&reporting::report_schema())?,
        "schema/subject.json" => pretty(&rules::subject_schema())?,
        other => rule_page(other)?,
    };
    output::print(&text)?;
    Ok(ExitStatus::Clean)
}

/// Returns the paths of all pages below `docs/`, a line each.
fn pages() -> String {
    let mut text = String::new();
    for page in [
        "controls.md",
        "permissions.md",
        "permissions/member.json",
        "permissions/management.json",
        "permissions/management-assume-root.json",
        "exit-codes.md",
        "command-line.md",
        "formats.md",
        #[cfg(feature = "parquet")]
        "history.md",
        "schema/config.json",
        "schema/diff-v1.json",
        "schema/report-v1.json",
        "schema/subject.json",
    ] {
        let _ = writeln!(text, "{page}");
    }
    for rule in CATALOG {
        let _ = writeln!(text, "rules/{}.md", rule.id);
    }
    text
}

fn rule_page(path: &str) -> Result<String, CliError> {
    let id = path
        .strip_prefix("rules/")
        .and_then(|it| it.strip_suffix(".md"));
    let rule = CATALOG.iter().find(|it| Some(it.id) == id);
    rule.map(|it| page(it))
        .ok_or_else(|| CliError::new(Kind::Usage, format!("there is no page `{path}`")))
}

fn controls() -> String {
    let mut text = "# What the rules are evidence for\n\nIdentifiers, and what they ask for in our own words where `--framework` reports on it; the frameworks' texts are their\nowners'. A version matters: the same identifier stands for another requirement in another version.\n".to_owned();
    for framework in FRAMEWORKS {
        let (name, id) = (framework.name, framework.id);
        let _ = writeln!(
            text,
            "\n## {name} (`{id}`)\n\n| version | requirement | asks for | rule |\n|---|---|---|---|"
        );
        let mut rows = rows_of_rules(id);
        rows.extend(rows_of_requirements(id));
        // What is listed and answered stands there twice.
        let listed: BTreeSet<_> = rows
            .iter()
            .map(|it| (it.version, it.id, it.rule.clone()))
            .collect();
        let asks = |version: &str, id: &str| {
            let row = rows
                .iter()
                .find(|it| (it.version, it.id) == (version, id) && !it.title.is_empty());
            row.map_or("", |it| it.title)
        };
        let mut sorted: Vec<_> = listed
            .iter()
            .filter(|(version, id, rule)| {
                let is_answered = |it: &&(&str, &str, String)| {
                    (it.0, it.1) == (*version, *id) && !it.2.is_empty()
                };
                !rule.is_empty() || listed.iter().find(is_answered).is_none()
            })
            .collect();
        sorted.sort_by_key(|(version, id, rule)| (*version, natural(id), *id, rule));
        for (version, id, rule) in sorted {
            let rule = if rule.is_empty() { "no rule" } else { rule };
            let _ = writeln!(
                text,
                "| {version} | {id} | {} | {rule} |",
                asks(version, id)
            );
        }
    }
    text
}

/// A row of the table of a framework.
struct ControlRow {
    version: &'static str,
    id: &'static str,
    title: &'static str,
    /// A link to the rule, or why there is none.
    rule: String,
}

fn rows_of_rules(framework: &str) -> Vec<ControlRow> {
    let of_rule = |rule: &&'static rules::Rule| {
        let id = rule.id;
        let controls = rule.controls.iter().filter(|it| it.framework == framework);
        let row = |it: &'static rules::Control| ControlRow {
            version: it.version,
            id: it.id,
            title: "",
            rule: format!("[{id}](rules/{id}.md)"),
        };
        controls.map(row).collect::<Vec<_>>()
    };
    CATALOG.iter().flat_map(of_rule).collect()
}

fn rows_of_requirements(framework: &str) -> Vec<ControlRow> {
    let of_version = |version: &'static rules::FrameworkVersion| {
        let row = |it: rules::Requirement| ControlRow {
            version: version.version,
            id: it.id,
            title: it.title,
            rule: match it.answer {
                Answer::ByRules | Answer::InPart(_) => String::new(),
                Answer::NotByUs(why) => format!("not automated: {why}"),
            },
        };
        (version.requirements)()
            .into_iter()
            .map(row)
            .collect::<Vec<_>>()
    };
    rules::versions_of(framework).flat_map(of_version).collect()
}

/// Orders `1.9` before `1.10`.
fn natural(id: &str) -> Vec<(String, u32)> {
    let part = |it: &str| {
        (
            it.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned(),
            it.trim_start_matches(|c: char| !c.is_ascii_digit())
                .parse()
                .unwrap_or(0),
        )
    };
    id.split('.').map(part).collect()
}

fn permitted(site: PolicySite, assume_root: AssumeRoot) -> Result<String, CliError> {
    let names = policy::Names {
        partition: "aws".to_owned(),
        role: "mfaudit-audit".to_owned(),
    };
    let datasets = rules::datasets(CATALOG);
    let selection = policy::Selection {
        calls: CALLS,
        sites: sites(site, assume_root),
        datasets: Some(&datasets),
    };
    pretty(&policy::document(&selection, &names))
}

fn permissions() -> String {
    let mut text = "# Every call the audit makes\n\nNo other call leaves the process: an undeclared one is refused before it is sent. None changes anything. The policies\n[member.json](permissions/member.json), [management.json](permissions/management.json) and, for `--assume-root`,\n[management-assume-root.json](permissions/management-assume-root.json) are made of this list, and `mfaudit policy` prints\nthem for your names.\n".to_owned();
    for (site, heading) in [
        (Site::Management, "In the account that runs the audit"),
        (
            Site::RootAccess,
            "In the account that runs the audit, with `--assume-root`",
        ),
        (Site::Member, "In each audited account"),
    ] {
        let _ = writeln!(text, "\n## {heading}\n");
        for call in CALLS.iter().filter(|it| it.site == site) {
            text.push_str(&entry(call));
        }
    }
    text
}

fn entry(call: &ApiCall) -> String {
    let doc = call
        .doc
        .lines()
        .map(str::trim)
        .collect::<Vec<_>>()
        .join(" ");
    let feeds: Vec<_> = call.feeds.iter().map(ToString::to_string).collect();
    let feeds = if feeds.is_empty() {
        String::new()
    } else {
        format!(" Tells: {}.", feeds.join(", "))
    };
    format!(
        "- **{}:{}**: {}{feeds} Without the permission: {}.\n",
        call.service,
        call.operation,
        doc.trim(),
        call.without
    )
}

fn exit_codes() -> String {
    let mut text = "# Exit codes\n\nThey do not depend on the format of the report.\n\n| code | meaning |\n|---|---|\n".to_owned();
    for status in ExitStatus::ALL {
        let _ = writeln!(text, "| {} | {} |", status.code(), status.meaning());
    }
    text.push_str("\nCoverage is the share of (account in scope × kind of fact a selected rule needs) that was fully seen. Accounts that are\nnot active are listed and count for nothing. What a [coverage waiver](guide.md#coverage-waivers) covers is left out of the share, and is not\nseen all the same. `--exit-zero` makes 3 and 4 into 0 once the reports are written; 1 and 2 stay.\n");
    text
}

fn command_line() -> String {
    let mut text = "# The command line\n".to_owned();
    let mut command = Args::command().term_width(100);
    let _ = writeln!(text, "\n```text\n{}```", command.render_long_help());
    let names: Vec<_> = command
        .get_subcommands()
        .filter(|it| !it.is_hide_set())
        .map(|it| it.get_name().to_owned())
        .collect();
    // Built, so that global options are in each command's help.
    command.build();
    for name in names {
        if let Some(sub) = command.find_subcommand_mut(&name) {
            let help = sub.clone().term_width(100).render_long_help();
            let _ = writeln!(text, "\n## mfaudit {name}\n\n```text\n{help}```");
        }
    }
    text
}

fn formats() -> String {
    let mut text = "# Formats\n\n`--format NAME` writes to standard output, `--format NAME=FILE` to a file; repeatable.\n\n| name | what for |\n|---|---|\n".to_owned();
    for format in reporting::FORMATS {
        let _ = writeln!(text, "| `{}` | {} |", format.name, format.about);
    }
    text
}
