//! From a JSON report: what it holds of the finding. The facts stand in the snapshot alone.

use reporting::{ExplanationDocument, ReadFinding, ReadReport};

use super::wanted::{Candidate, Found, Wanted};
use crate::{args::Explain, config_file::RulesSection, error::CliError};

/// Explains a finding of the report.
pub(super) fn explain(
    args: &Explain,
    report: &ReadReport,
    config: &RulesSection,
) -> Result<ExplanationDocument, CliError> {
    let mut rules: Vec<_> = report.findings.iter().map(|it| it.rule.as_str()).collect();
    rules.sort_unstable();
    rules.dedup();
    let wanted = Wanted::of(args, &rules)?;
    let mut found = Found::default();
    for finding in &report.findings {
        let candidate = Candidate {
            rule: &finding.rule,
            account: &finding.account_id,
            arn: &finding.principal_arn,
            name: name(finding),
        };
        if !wanted.concerns(args, &candidate) {
            continue;
        }
        if wanted.is(&candidate, || finding.id.parse().ok()) {
            found.add(&finding.account_id, finding);
        } else {
            found.pass(&wanted, &candidate);
        }
    }
    let finding = found.one(&wanted, args.account.as_ref())?;
    let rule = config
        .known()
        .iter()
        .copied()
        .find(|it| it.id == finding.rule);
    Ok(ExplanationDocument::of_report(report, finding, rule))
}

/// Returns what people call the principal.
fn name(finding: &ReadFinding) -> &str {
    match finding.principal_kind.as_str() {
        "root-user" => "root",
        "account" => "account",
        "organization" => "organization",
        _ => finding.principal_arn.rsplit('/').next().unwrap_or_default(),
    }
}
