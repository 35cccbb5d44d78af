//! An owner's page: each principal that fails, with the steps; then what is waived.

use std::fmt::Write;

use rules::SubjectKind;

use super::{
    Kit,
    case::{Case, Excuse, Failure},
    plan::{Planned, rules_of},
    steps::Part,
};
use crate::{
    counted::counted,
    escape::{markdown, visible},
};

/// Returns the page of an owner.
pub(super) fn text(kit: &Kit, owner: Option<&str>) -> String {
    let title = owner.map_or_else(
        || "What nobody is known to answer for".to_owned(),
        |it| format!("What {} has to fix", markdown(it)),
    );
    let cases: Vec<_> = kit.cases_of(owner).collect();
    let to_fix: Vec<_> = cases
        .iter()
        .copied()
        .filter(|it| it.severity().is_some())
        .collect();
    let mut out = format!("# {title}\n\n");
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "{} with something to fix, as of {}. Why: `mfaudit explain`, `mfaudit rules show RULE`.",
        counted(to_fix.len() as u64, "principal"),
        kit.run.as_of(),
    );
    if !to_fix.is_empty() {
        out.push_str(
            "\nReplace what stands in capitals: `PROFILE` is an AWS CLI profile with credentials for the principal's \
             account; for the steps that users take themselves, the user's own. The AWS CLI takes the same one after \
             `export AWS_PROFILE=PROFILE`.\n",
        );
    }
    let mut account = None;
    for case in to_fix {
        if account != Some(&case.account_id) {
            account = Some(&case.account_id);
            let _ = write!(out, "\n## Account {}\n", account_of(case));
        }
        write_case(&mut out, kit, case);
    }
    write_waived(&mut out, &cases);
    write_unseen(&mut out, kit, owner);
    out
}

/// Tells what has no verdict, so that a short list is not taken for a whole one.
fn write_unseen(out: &mut String, kit: &Kit, owner: Option<&str>) {
    let Some(reasons) = kit.unseen.get(&owner.map(str::to_owned)) else {
        return;
    };
    let findings = counted(reasons.values().sum(), "finding");
    let _ = write!(
        out,
        "\n## Not seen\n\n{findings} without a verdict, since something was not seen. They are no failures, and no \
         proof that there are none. There is nothing to do about them here: whoever audits closes the gaps, and the \
         next kit tells.\n\n"
    );
    for (reason, findings) in reasons {
        let _ = writeln!(out, "- {}: {findings}", markdown(reason));
    }
}

fn write_case(out: &mut String, kit: &Kit, case: &Case) {
    let name = match (case.subject.kind, case.name()) {
        (SubjectKind::RootUser, _) => String::new(),
        (_, name) if name == case.noun() => String::new(),
        (_, name) => format!(" {}", markdown(name)),
    };
    let severity = case.severity().map_or("", rules::Severity::name);
    let arn = markdown(case.subject.arn.as_str());
    let noun = capitalized(case.noun());
    let _ = write!(out, "\n### {noun}{name} ({severity})\n\n{arn}\n\n");
    for failure in case.to_fix() {
        let grace = failure.counts_from().map_or_else(String::new, |it| {
            format!(" A new user's: it counts from {it} on.")
        });
        let _ = writeln!(
            out,
            "- {} ({}): {}.{grace}",
            markdown(&failure.rule),
            failure.severity.name(),
            markdown(&failure.reason)
        );
    }
    let plan = kit.plan(case);
    for (index, planned) in plan.iter().enumerate() {
        write_steps(out, planned, index, plan.len());
    }
}

fn write_steps(out: &mut String, planned: &Planned<'_>, index: usize, all: usize) {
    let number = if all > 1 {
        format!("{}. ", index + 1)
    } else {
        String::new()
    };
    let closes = if all > 1 {
        format!(" ({})", rules_of(&planned.failures))
    } else {
        String::new()
    };
    let _ = write!(
        out,
        "\n#### {number}{}{closes}\n",
        markdown(&planned.steps.what)
    );
    for part in &planned.steps.parts {
        match part {
            Part::Text(text) => {
                let _ = write!(out, "\n{text}\n");
            }
            Part::Points(points) => {
                out.push('\n');
                for (index, point) in points.iter().enumerate() {
                    let _ = writeln!(out, "{}. {point}", index + 1);
                }
            }
            Part::Commands(commands) => {
                // A command is one line of what can be seen, so that nothing in it ends the block.
                let lines: Vec<_> = commands.iter().map(|it| visible(it)).collect();
                let _ = write!(out, "\n```sh\n{}\n```\n", lines.join("\n"));
            }
        }
    }
}

fn write_waived(out: &mut String, cases: &[&Case]) {
    let waived = cases
        .iter()
        .flat_map(|case| case.waived().map(move |it| (*case, it)));
    let rows: Vec<_> = waived
        .filter_map(|(case, it)| waived_row(case, it))
        .collect();
    if rows.is_empty() {
        return;
    }
    out.push_str(
        "\n## Waived\n\nFailures that somebody accepted. There is nothing to do before the waiver ends, and they fail all \
         the same.\n\n| until | principal | account | rule | accepted by | why |\n|---|---|---|---|---|---|\n",
    );
    for row in rows {
        let _ = writeln!(out, "{row}");
    }
}

fn waived_row(case: &Case, failure: &Failure) -> Option<String> {
    let Excuse::Waived {
        until,
        owner,
        reason,
    } = &failure.excuse
    else {
        return None;
    };
    Some(format!(
        "| {} | {} | {} | {} | {} | {} |",
        markdown(until),
        markdown(case.name()),
        account_of(case),
        markdown(&failure.rule),
        markdown(owner),
        markdown(reason)
    ))
}

fn account_of(case: &Case) -> String {
    let account = format!("{} {}", case.account_name, case.account_id);
    markdown(account.trim())
}

fn capitalized(noun: &str) -> String {
    let mut letters = noun.chars();
    let first = letters.next().map(|it| it.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
