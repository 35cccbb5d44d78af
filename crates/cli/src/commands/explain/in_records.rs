//! From a snapshot, a journal or saved evidence: the finding is made again, and every fact it rests on is told.

use model::{Record, snapshot::RecordSource};
use reporting::{ExplanationDocument, Row};
use rules::{Finding, RunContext};

use super::wanted::{Candidate, Found, Wanted, ids};
use crate::{args::Explain, config_file::RulesSection, error::CliError};

/// Explains a finding of the records.
pub(super) fn explain(
    args: &Explain,
    source: &mut dyn RecordSource,
    config: &RulesSection,
) -> Result<ExplanationDocument, CliError> {
    let known = config.known();
    let wanted = Wanted::of(args, &ids(&known))?;
    // A finding may be asked for whatever rules are chosen.
    let of_rule = |id: &str| match &wanted {
        Wanted::Id(_) => true,
        Wanted::Of { rule, .. } => *rule == id,
    };
    let rules: Vec<_> = known.iter().copied().filter(|it| of_rule(it.id)).collect();
    let criteria = config.criteria_of(&rules);
    let header = source.header().clone();
    let run = RunContext::of(&header);
    let mut found = Found::default();
    let look = |record: &Record, findings: &[Finding]| {
        for finding in findings {
            let row = Row::new(record, finding, header.collected_at);
            let candidate = Candidate {
                rule: finding.rule.id,
                account: record.account.id.as_str(),
                arn: row.principal_arn(),
                name: row.principal_name(),
            };
            if found.is_full() || !wanted.concerns(args, &candidate) {
                continue;
            }
            if !wanted.is(&candidate, || Some(finding.id())) {
                found.pass(&wanted, &candidate);
                continue;
            }
            let rule = finding.rule.id;
            let why = rules::explain(record, rule, &finding.subject, &criteria, &run);
            if let Some(why) = why {
                found.add(
                    candidate.account,
                    ExplanationDocument::new(record, &header, &why),
                );
            }
        }
        Ok::<_, CliError>(())
    };
    rules::evaluate(source, &criteria, look)?;
    found.one(&wanted, args.account.as_ref())
}
