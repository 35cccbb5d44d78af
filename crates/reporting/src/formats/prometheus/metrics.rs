//! What is counted.

use model::Cell;
use rules::{Decision, Severity, StatusCounts, Strictness, WaiverState};

use super::exposition::{Exposition, Samples};
use crate::{Summary, tally::SIGN_IN_RULES};

/// Returns all metrics.
pub(super) fn text(summary: &Summary) -> String {
    let mut out = Exposition::default();
    out.metric("build_info", "The version that evaluated; always 1.", &build());
    of_gate(&mut out, summary);
    of_findings(&mut out, summary);
    of_places(&mut out, summary);
    of_coverage(&mut out, summary);
    of_time(&mut out, summary);
    out.into_text()
}

fn build() -> Samples {
    let mut samples = Samples::default();
    samples.add(&[("version", env!("CARGO_PKG_VERSION"))], 1);
    samples
}

fn of_gate(out: &mut Exposition, summary: &Summary) {
    let coverage = &summary.totals.coverage;
    let whole = coverage.accounts > 0
        && coverage.accounts_short == 0
        && summary.totals.account_list.is_whole()
        && summary.statuses().indeterminate == 0;
    out.single(
        "complete",
        "1 if there was something to see, all of it was seen and every finding has a verdict, else 0. Without it, no count of failures says that there are no more.",
        Some(u8::from(whole)),
    );
    let open = summary.outcome.decision == Decision::Open;
    out.single(
        "gate_open",
        "1 if the gate decided that the run passes, else 0.",
        Some(u8::from(open)),
    );
    out.single("exit_code", "The code the process exits with.", Some(summary.outcome.exit_code));
}

fn of_findings(out: &mut Exposition, summary: &Summary) {
    let (mut findings, mut excused) = (Samples::default(), Samples::default());
    for (rule, counts) in &summary.totals.rules {
        let labels = |status: &'static str| [("rule", rule.id), ("severity", rule.severity.name()), ("status", status)];
        findings.add(&labels("indeterminate"), counts.indeterminate);
        if verdicts(counts) == 0 {
            continue;
        }
        findings.add(&labels("fail"), counts.fail);
        findings.add(&labels("pass"), counts.pass);
        findings.add(&labels("not-applicable"), counts.not_applicable);
        for (why, count) in [("waived", counts.waived), ("in-grace", counts.in_grace)] {
            excused.add(&[("rule", rule.id), ("severity", rule.severity.name()), ("why", why)], count);
        }
    }
    out.metric(
        "findings",
        "Findings by rule, severity and status. A rule without any verdict has only those that are indeterminate.",
        &findings,
    );
    out.metric(
        "failures_excused",
        "Failures that are not held, by rule and severity: waived, or of new users in their time of grace. They are counted as failures too.",
        &excused,
    );
    let mut severities = Samples::default();
    for severity in Severity::ALL {
        let rules = summary.totals.rules.iter();
        let judged = rules.filter(|(rule, counts)| rule.severity == severity && verdicts(counts) > 0);
        if judged.count() > 0 {
            severities.add(&[("severity", severity.name())], summary.failures_of(severity));
        }
    }
    out.metric(
        "failures",
        "Failures by severity, of the severities whose rules have any verdict.",
        &severities,
    );
    let rules = summary.totals.rules.iter();
    let tells = rules.filter(|(rule, counts)| SIGN_IN_RULES.contains(&rule.id) && verdicts(counts) > 0).count() > 0;
    let mut sign_in = Samples::default();
    if let Some(it) = summary.sign_in.filter(|_| tells) {
        sign_in.add(&[("principal_kind", "root-user")], it.principals.root_users);
        sign_in.add(&[("principal_kind", "iam-user")], it.principals.iam_users);
    }
    out.metric(
        "can_sign_in_without_mfa",
        "Principals known to be able to sign in without MFA; left out if none was judged.",
        &sign_in,
    );
}

const fn verdicts(counts: &StatusCounts) -> u64 {
    counts.pass + counts.fail + counts.not_applicable
}

fn of_places(out: &mut Exposition, summary: &Summary) {
    let mut samples = [(); 3].map(|()| Samples::default());
    let [accounts, failures, short] = &mut samples;
    for ou in &summary.ous {
        let labels = [("ou", ou.path.as_str())];
        accounts.add(&labels, ou.accounts);
        short.add(&labels, ou.accounts_short);
        if ou.failures > 0 || ou.accounts_short < ou.accounts {
            failures.add(&labels, ou.failures);
        }
    }
    out.metric("ou_accounts", "Audited accounts by organizational unit; an empty path is the root.", accounts);
    out.metric(
        "ou_failures",
        "Failures by organizational unit; left out if there is none and no account of the unit was fully seen.",
        failures,
    );
    out.metric("ou_accounts_not_fully_seen", "Audited accounts that were not fully seen, by organizational unit.", short);
    let (mut gaps, mut of_gaps) = (Samples::default(), Samples::default());
    for gap in &summary.gaps {
        let labels = [("reason", gap.cause.reason.name())];
        gaps.add(&labels, gap.findings);
        of_gaps.add(&labels, gap.accounts);
    }
    out.metric("gap_findings", "Findings without a verdict, by why something was not seen.", &gaps);
    out.metric(
        "gap_accounts",
        "Accounts in which something was not seen, by why; an account counts once for each cause.",
        &of_gaps,
    );
}

fn of_coverage(out: &mut Exposition, summary: &Summary) {
    let coverage = &summary.totals.coverage;
    let mut accounts = Samples::default();
    accounts.add(&[("seen", "fully")], coverage.accounts - coverage.accounts_short);
    accounts.add(&[("seen", "not-fully")], coverage.accounts_short);
    accounts.add(&[("seen", "not-audited")], summary.not_active.len() as u64);
    out.metric("accounts", "Accounts by whether they were fully seen; not-audited: listed, and not active.", &accounts);
    let whole = summary.totals.account_list.is_whole();
    out.single(
        "account_list_complete",
        "1 if the list of accounts was read to its end, 0 if accounts are missing that nobody knows of.",
        Some(u8::from(whole)),
    );
    // Nothing to see is nothing seen: a metric that is not there closes no alert.
    let ratio = |share: Option<u64>| Some(ratio(share.unwrap_or_default()));
    out.single(
        "coverage_ratio",
        "The share of what the rules need that was seen, from 0 to 1, rounded down; 0 if there was nothing to see. What no call can show counts as seen.",
        ratio(summary.coverage(Strictness::Visible)),
    );
    out.single(
        "coverage_strict_ratio",
        "The same share, where what no call can show counts as not seen.",
        ratio(summary.coverage(Strictness::Strict)),
    );
    let mut cells = Samples::default();
    for (dataset, counts) in &coverage.cells {
        let counts = [counts.seen, counts.not_visible, counts.partly, counts.not_seen];
        for (cell, count) in Cell::ALL.into_iter().zip(counts) {
            cells.add(&[("dataset", dataset.name()), ("coverage", cell.name())], count);
        }
    }
    out.metric("dataset_accounts", "Audited accounts by how far each kind of fact was seen.", &cells);
    let mut waivers = Samples::default();
    for state in WaiverState::ALL {
        let uses = summary.totals.waivers.uses().filter(|it| it.state == state);
        waivers.add(&[("of", "coverage"), ("state", state.name())], uses.count() as u64);
    }
    for waiver in summary.totals.waiver_uses.outcomes() {
        waivers.add(&[("of", "failures"), ("state", waiver.fate.name())], 1);
    }
    out.metric("waivers", "Waivers of the configuration, by what became of them.", &waivers);
}

fn of_time(out: &mut Exposition, summary: &Summary) {
    let collected = summary.header.collected_at;
    let oldest = summary.evidence.oldest;
    out.single(
        "collected_timestamp_seconds",
        "When the run began, in seconds since 1970; left out if the evidence does not tell.",
        collected.map(model::Timestamp::epoch_seconds),
    );
    out.single(
        "oldest_evidence_timestamp_seconds",
        "When the oldest evidence of any verdict held, in seconds since 1970; left out if no verdict tells.",
        oldest.map(model::Timestamp::epoch_seconds),
    );
    out.single(
        "oldest_evidence_age_seconds",
        "How old that evidence was when the run began; negative for what the run read after it began.",
        collected.zip(oldest).map(|(now, then)| now.seconds_since(then)),
    );
    out.single(
        "verdicts_without_evidence_time",
        "Verdicts whose evidence tells no time.",
        Some(summary.evidence.untimed),
    );
}

/// Writes hundredths of a percent as a share of 1.
fn ratio(hundredths: u64) -> String {
    format!("{}.{:04}", hundredths / 10_000, hundredths % 10_000)
}
