//! The reports on frameworks: each requirement with what the run says of it, and the rules behind that.

use rules::Status;

use super::{
    overview::panel,
    text::{escaped, fragment, sentence, words},
};
use crate::{
    Summary,
    framework_report::{FrameworkReport, RequirementReport, RequirementStatus, RuleReport},
};

/// Returns the reports; how to ask for one if nobody did.
pub(super) fn frameworks(summary: &Summary) -> String {
    if summary.frameworks.is_empty() {
        return "<p class=\"panel full\">No framework was asked for: <code>--framework cis-aws</code> adds a report on its \
                requirements, here too. Which requirements each finding is evidence for, its details tell.</p>\n"
            .to_owned();
    }
    let reports = summary.frameworks.iter().enumerate();
    reports
        .map(|(index, it)| {
            let id = format!("framework-{index}");
            panel(&id, &it.version.to_string(), "full", &report(it, &id))
        })
        .collect()
}

fn report(report: &FrameworkReport, id: &str) -> String {
    let totals = RequirementStatus::ALL.into_iter().filter_map(|it| {
        let count = report.count(it);
        (count > 0).then(|| format!("<span class=\"tag {}\">{count} {}</span>", it.name(), it.words()))
    });
    let rows: String = report.requirements.iter().map(requirement).collect();
    format!(
        "<p class=\"totals\">{}</p>\n<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-labelledby=\"{id}-heading\">\
         <table class=\"requirements\"><thead><tr><th scope=\"col\">Status</th><th scope=\"col\">Requirement</th>\
         <th scope=\"col\">What it asks for</th><th scope=\"col\">Rules</th></tr></thead>\n<tbody>\n{rows}</tbody></table></div>\n",
        totals.collect::<Vec<_>>().join(" ")
    )
}

fn requirement(it: &RequirementReport) -> String {
    let why = match it.why.as_str() {
        "" => String::new(),
        why => format!("<br><span class=\"faint\">{}</span>", words(why)),
    };
    let rules: Vec<_> = it.rules.iter().map(rule).collect();
    format!(
        "<tr><td><span class=\"tag {}\">{}</span></td><th scope=\"row\">{}</th><td>{}{why}</td><td>{}</td></tr>\n",
        it.status.name(),
        sentence(it.status.words()),
        escaped(it.requirement.id),
        sentence(it.requirement.title),
        rules.join("<br>")
    )
}

fn rule(it: &RuleReport) -> String {
    let id = escaped(it.rule.id);
    let Some(counts) = it.counts else {
        return format!("{id} <span class=\"faint\">not evaluated</span>");
    };
    let parts = [
        (counts.fail, Status::Fail, "fail"),
        (counts.indeterminate, Status::Indeterminate, "not seen"),
        (counts.pass, Status::Pass, "pass"),
        (counts.not_applicable, Status::NotApplicable, "n/a"),
    ];
    let told = parts.into_iter().filter(|(count, _, _)| *count > 0).map(|(count, status, what)| {
        format!("<a href=\"#rule={}&amp;status={status}\">{count} {what}</a>", fragment(it.rule.id))
    });
    let told: Vec<_> = told.collect();
    if told.is_empty() {
        return format!("{id} <span class=\"faint\">nobody to judge</span>");
    }
    format!("{id}: {}", told.join(", "))
}
