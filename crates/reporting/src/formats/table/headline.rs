//! The first lines: what was audited, who can sign in without MFA, what was not seen, how the run ends.

use model::snapshot::{AccountList, Mode, ScopeFilter};
use rules::{Changes, Decision, Strictness};

use super::{
    page::Page,
    text::{Style, hundredths, tied},
    waivers,
};
use crate::{
    Summary, Verbosity,
    counted::{counted, prose},
    duration::{minute, span},
    summary::{Belonging, Principals},
    tally::SIGN_IN_RULES,
};

/// The columns of a label and the space after it.
const MARGIN: usize = 7;
/// How many members of a filter are named.
const FILTER_EXAMPLES: usize = 3;

/// Writes the first lines.
pub(super) fn write(page: &mut Page, summary: &Summary, verbosity: Verbosity) {
    page.paragraph(0, &title(summary), Style::Strong);
    page.gap();
    for line in lines(summary, verbosity) {
        page.labelled(MARGIN, line.label, line.label_style, &line.text, line.style);
    }
}

/// A line with its label, which is empty where the line before has it.
pub(super) struct Line {
    pub(super) label: &'static str,
    label_style: Style,
    pub(super) text: String,
    style: Style,
}

/// Returns the lines below the title.
pub(super) fn lines(summary: &Summary, verbosity: Verbosity) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut line = |label, label_style, text, style| {
        lines.push(Line { label, label_style, text, style });
    };
    let header = &summary.header;
    if let Some(endpoint) = &header.endpoint {
        line("FROM", Style::Doubtful, format!("{endpoint}, not AWS's own endpoint"), Style::Plain);
    }
    if !header.scope.is_everything() {
        line("SCOPE", Style::Doubtful, scope(&header.scope), Style::Plain);
    }
    for (label, style, text) in verdict(summary) {
        line(label, style, text, Style::Strong);
    }
    let mut label = "WAIVED";
    if let Some(failures) = waivers::not_held(summary) {
        let failures = format!("of {}: {failures}", counted(summary.statuses().fail, "failure"));
        line(label, Style::Doubtful, failures, Style::Plain);
        label = "";
    }
    for waiver in waivers::applied(summary, verbosity) {
        line(label, Style::Doubtful, waiver, Style::Plain);
        label = "";
    }
    line("EXIT", Style::Strong, exit(summary), Style::Plain);
    lines
}

/// Names the tool, what was audited, when, and how old the evidence is.
pub(super) fn title(summary: &Summary) -> String {
    let header = &summary.header;
    let mut parts = vec![
        format!("mfaudit {}", env!("CARGO_PKG_VERSION")),
        subject(summary),
    ];
    if header.mode == Mode::SavedEvidence {
        parts.push("saved evidence".to_owned());
    }
    parts.extend(header.collected_at.map(minute));
    parts.extend(evidence(summary));
    parts.iter().map(|it| tied(it)).collect::<Vec<_>>().join("\u{a0} ")
}

/// Names what was audited.
pub(in crate::formats) fn subject(summary: &Summary) -> String {
    let header = &summary.header;
    if let Some(organization) = &header.organization {
        return organization.id.clone();
    }
    let Some(account) = &summary.only_account else {
        let accounts = summary.totals.coverage.accounts + summary.not_active.len() as u64;
        let listed = || format!("{}, organization not known", counted(accounts, "account"));
        return match &header.caller {
            Some(caller) if accounts == 0 => format!("account {}", caller.account()),
            Some(_) | None => listed(),
        };
    };
    let belonging = match account.kind {
        Belonging::None => ", in no organization",
        Belonging::Organization | Belonging::Unstated => "",
    };
    format!("account {account}{belonging}")
}

/// Tells how old the oldest evidence of any verdict is.
pub(in crate::formats) fn evidence(summary: &Summary) -> Option<String> {
    let untimed = summary.evidence.untimed > 0;
    let Some(oldest) = summary.evidence.oldest else {
        return untimed.then(|| "evidence without a time".to_owned());
    };
    let age = match summary.header.collected_at.map(|it| it.seconds_since(oldest)) {
        Some(..=0) => "evidence read by this run".to_owned(),
        Some(age) => format!("oldest evidence {}", span(age)),
        None => format!("oldest evidence of {}", minute(oldest)),
    };
    Some(if untimed { format!("{age}, some without a time") } else { age })
}

pub(in crate::formats) fn scope(scope: &ScopeFilter) -> String {
    let few = |all: Vec<String>| {
        let more = all.len().saturating_sub(FILTER_EXAMPLES) as u64;
        let mut named: Vec<_> = all.into_iter().take(FILTER_EXAMPLES).collect();
        if more > 0 {
            named.push(format!("{more} more"));
        }
        prose(&named)
    };
    let ids = |all: &[model::AccountId]| few(all.iter().map(ToString::to_string).collect());
    let mut parts = Vec::new();
    if !scope.organizational_units.is_empty() {
        parts.push(format!("only OU {}", few(scope.organizational_units.clone())));
    }
    if !scope.accounts.is_empty() {
        parts.push(format!("only account {}", ids(&scope.accounts)));
    }
    if !scope.excluded_accounts.is_empty() {
        parts.push(format!("without account {}", ids(&scope.excluded_accounts)));
    }
    parts.join("; ")
}

pub(in crate::formats) fn verdict(summary: &Summary) -> Vec<(&'static str, Style, String)> {
    let coverage = &summary.totals.coverage;
    let statuses = summary.statuses();
    if coverage.accounts == 0 {
        let skipped = match summary.not_active.len() as u64 {
            0 => String::new(),
            skipped => format!("; {} not active", are(skipped, "account")),
        };
        let cut = cut(summary).map(|it| format!("; {it}")).unwrap_or_default();
        let text = format!("no account in scope, so no one was judged{skipped}{cut}");
        return vec![("NONE", Style::Doubtful, text)];
    }
    let listed = summary.totals.account_list.is_whole();
    let whole = listed && coverage.accounts_short == 0 && statuses.indeterminate == 0;
    let account = match coverage.accounts {
        1 => "the account".to_owned(),
        all => format!("all {all} accounts"),
    };
    if statuses.fail > 0 {
        let mut lines = failing(summary);
        lines.push(if whole {
            ("SEEN", Style::Good, format!("{account} in full"))
        } else {
            ("GAPS", Style::Doubtful, gaps(summary))
        });
        return lines;
    }
    if summary.is_blind() {
        let place = match coverage.accounts {
            1 => "in the account".to_owned(),
            all => format!("in any of {all} accounts"),
        };
        let cut = cut(summary).map(|it| format!("; {it}")).unwrap_or_default();
        let text = format!("nothing was seen {place}, so no one was judged{cut}");
        return vec![("GAPS", Style::Bad, text)];
    }
    if !whole {
        let text = format!("no failure among what was seen; {}", gaps(summary));
        return vec![("GAPS", Style::Doubtful, text)];
    }
    let judged = match summary.judged.all() {
        0 => "no one to judge".to_owned(),
        1 => format!("{} passes", kinds(summary.judged)),
        _ => format!("{} pass", kinds(summary.judged)),
    };
    vec![("PASS", Style::Good, format!("no failure: {judged}; {account} seen in full"))]
}

/// Tells who can sign in without MFA, then the failures of rules that ask something else.
fn failing(summary: &Summary) -> Vec<(&'static str, Style, String)> {
    let place = |accounts: u64| match summary.totals.coverage.accounts {
        1 => String::new(),
        _ => format!(" ({})", counted(accounts, "account")),
    };
    let mut lines = Vec::new();
    if let Some(sign_in) = summary.sign_in.filter(|it| it.principals.all() > 0) {
        let all = sign_in.principals.all();
        let who = kinds(sign_in.principals);
        let place = place(sign_in.accounts);
        lines.push(("FAIL", Style::Bad, format!("{all} can sign in without MFA: {who}{place}")));
    }
    for failures in &summary.failures {
        if !SIGN_IN_RULES.contains(&failures.rule.id) {
            let label = if lines.is_empty() { "FAIL" } else { "" };
            let count = counted(failures.findings, "failure");
            let place = place(failures.accounts);
            lines.push((label, Style::Bad, format!("{count} of {}{place}", failures.rule.id)));
        }
    }
    lines
}

fn gaps(summary: &Summary) -> String {
    let coverage = &summary.totals.coverage;
    let mut parts: Vec<_> = cut(summary).into_iter().collect();
    let management = match (coverage.management_unseen, coverage.accounts) {
        (0, _) | (_, 1) => "",
        (_, _) => ", the management account among them",
    };
    match (coverage.accounts_short, coverage.accounts) {
        (0, _) => {}
        (_, 1) => parts.push("the account was not fully seen".to_owned()),
        (short, all) => parts.push(format!("{short} of {all} accounts not fully seen{management}")),
    }
    match (coverage.accounts_waived, coverage.accounts) {
        (0, _) | (_, 1) => {}
        (waived, _) => parts.push(format!("{waived} of them waived")),
    }
    if coverage.accounts_short > 0 {
        parts.push(format!("{} of what the rules need was seen", percent(summary)));
    }
    let undecided = summary.statuses().indeterminate;
    if undecided > 0 {
        parts.push(format!("{} undecided", counted(undecided, "finding")));
    }
    parts.join("; ")
}

/// Tells that the list of accounts was cut, and why.
fn cut(summary: &Summary) -> Option<String> {
    match &summary.totals.account_list {
        AccountList::Whole => None,
        AccountList::Cut(why) => Some(format!(
            "the list of accounts was not read to its end ({why}), so accounts are missing that nobody knows of"
        )),
    }
}

/// Tells the exit code, and what decided it.
pub(in crate::formats) fn exit(summary: &Summary) -> String {
    let outcome = &summary.outcome;
    let coverage = &summary.totals.coverage;
    let severity = outcome.fail_on;
    let why = match outcome.decision {
        Decision::Open => {
            let seen = seen(summary);
            let new = if summary.changes.is_some() { "new " } else { "" };
            let held = waivers::not_held(summary).map_or_else(String::new, |it| format!(" is held ({it})"));
            format!("no {new}failure of severity {severity} or worse{held}; {seen}{}", listed(summary))
        }
        Decision::Failures if summary.changes.is_some() => {
            format!("failures of severity {severity} or worse that the baseline does not know")
        }
        Decision::Failures => format!("failures of severity {severity} or worse"),
        Decision::Incomplete if !summary.totals.account_list.is_whole() => {
            "the list of accounts was not read to its end".to_owned()
        }
        Decision::Incomplete if coverage.accounts == 0 => {
            "nothing was in scope".to_owned()
        }
        Decision::Incomplete if coverage.management_unseen > coverage.management_waived => {
            "the management account was not seen".to_owned()
        }
        Decision::Incomplete => seen(summary),
    };
    let code = outcome.exit_code;
    match (&outcome.remark, outcome.decision, code) {
        (Some(remark), _, _) => format!("{code}: {remark} ({why})"),
        (None, Decision::Failures | Decision::Incomplete, 0) => format!("{code}, although: {why}"),
        (None, Decision::Open | Decision::Failures | Decision::Incomplete, _) => {
            format!("{code}: {why}")
        }
    }
}

/// Tells of failures that are held against nobody since the baseline did not evaluate their rules.
fn listed(summary: &Summary) -> String {
    match summary.changes.as_ref().map_or(0, Changes::listed) {
        0 => String::new(),
        listed => format!(
            "; not held: {} of rules that the baseline did not evaluate ({})",
            counted(listed, "failure"),
            tied("--fail-on-new-rules yes")
        ),
    }
}

/// Tells the share that the gate decides on, and the share it asks for.
fn seen(summary: &Summary) -> String {
    let needed = hundredths(u64::from(summary.outcome.min_coverage));
    if summary.totals.coverage.accounts_waived == 0 {
        return format!("{} was seen, {needed} is needed", percent(summary));
    }
    let held = [Strictness::Visible, Strictness::Strict].map(|it| summary.coverage_held(it));
    match held {
        [Some(visible), Some(strict)] => {
            format!("{} of what is not waived was seen, {needed} is needed", share(visible, strict))
        }
        _ => "nothing was fully seen, and all of it is waived".to_owned(),
    }
}

/// Returns the share that was seen, whatever is waived.
pub(in crate::formats) fn percent(summary: &Summary) -> String {
    let share_of = |it| summary.coverage(it).unwrap_or_default();
    share(share_of(Strictness::Visible), share_of(Strictness::Strict))
}

/// Returns a share; with what no call can show, where that makes a difference.
fn share(visible: u64, strict: u64) -> String {
    if visible == strict {
        return hundredths(visible);
    }
    let (visible, strict) = (hundredths(visible), hundredths(strict));
    format!("{visible} ({strict} with what no call of this mode shows)")
}

pub(in crate::formats) fn kinds(principals: Principals) -> String {
    let kinds = [
        (principals.root_users, "root user"),
        (principals.iam_users, "IAM user"),
    ];
    let present = kinds.into_iter().filter(|(count, _)| *count > 0);
    prose(&present.map(|(count, noun)| counted(count, noun)).collect::<Vec<_>>())
}

fn are(count: u64, noun: &str) -> String {
    let verb = if count == 1 { "is" } else { "are" };
    format!("{} {verb}", counted(count, noun))
}
