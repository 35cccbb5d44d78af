//! What closes the gaps of a cause.

mod command;
mod policy;

use model::{
    Dataset, Gap, GapReason, Record,
    snapshot::{Header, Mode, RootAccess},
};

use crate::{
    counted::prose,
    summary::{GapGroup, Place},
};

/// What closes the gaps of a cause.
#[derive(Debug)]
pub(crate) struct Remedy {
    /// What is wrong, and what to do, as a fragment without a full stop.
    pub(crate) text: String,
    /// The command that helps, to be copied whole.
    pub(crate) command: Option<String>,
}

impl Remedy {
    fn new(text: impl Into<String>, command: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            command: Some(command.into()),
        }
    }
}

/// The call that waits for AWS to make a report, which a run without the report never makes.
const REPORT: &str = "GenerateCredentialReport";

/// Returns what closes one gap of a record.
pub(crate) fn of_gap(record: &Record, gap: &Gap, header: &Header) -> Remedy {
    GapGroup::of(record, gap).remedy(header)
}

impl GapGroup {
    /// Returns what closes these gaps of a run.
    pub(crate) fn remedy(&self, header: &Header) -> Remedy {
        if let Some((kind, name)) = &self.cause.policy {
            return self.against_policy(*kind, name.as_deref(), header);
        }
        let saved = header.mode == Mode::SavedEvidence;
        match self.cause.reason {
            GapReason::EntryDenied => Remedy::new(
                "the role could not be assumed; deploy",
                self.role_template(header),
            ),
            GapReason::AccessDenied => {
                let text = format!("{} denied; compare the role with", self.what());
                Remedy::new(text, self.role_policy(header))
            }
            GapReason::Throttled => {
                let text = "AWS kept throttling; run again with fewer accounts at once";
                Remedy::new(text, self.audit(" --concurrency 4"))
            }
            GapReason::Unreachable => {
                let text = "AWS was not reachable; see what is in the way (network, proxy, endpoint), then run again";
                Remedy::new(text, "mfaudit doctor")
            }
            GapReason::Failed => {
                let text = self.told(
                    "AWS answered with an error",
                    "run again, and if it stays read the log",
                );
                Remedy::new(
                    text,
                    format!("MFAUDIT_LOG=mfaudit=debug {}", self.audit("")),
                )
            }
            GapReason::Deadline if self.operations.contains(REPORT) => {
                let text = "AWS did not make the credential report in time; run again without it";
                Remedy::new(text, self.audit(" --live"))
            }
            // A run that may take so long and no longer says so itself.
            GapReason::Deadline if self.detail.starts_with("the run may take") => {
                let text = self.told(
                    "the time allowed ran out",
                    "run again with a later --deadline, or none",
                );
                Remedy::new(text, self.audit(""))
            }
            GapReason::Deadline => {
                let text = self.told("the time allowed ran out", "allow more");
                Remedy::new(text, self.audit(" --account-deadline 30m"))
            }
            GapReason::ExpiredCredentials => {
                let text = "the credentials expired; sign in for longer than a run takes, check it, then run again";
                Remedy::new(text, "mfaudit doctor")
            }
            GapReason::Malformed if saved => Remedy::new(
                self.told("a file is malformed", "save it again"),
                self.save(),
            ),
            GapReason::Malformed => self.without_report("an answer is malformed", header),
            GapReason::Contradictory if saved => {
                let text = self.told(
                    "files contradict each other",
                    "save them again, all at one time",
                );
                Remedy::new(text, self.save())
            }
            GapReason::Contradictory => {
                self.without_report("sources contradict each other", header)
            }
            GapReason::Stale if saved => Remedy::new(
                "the evidence is older than it may be; save it again",
                self.save(),
            ),
            GapReason::Stale => self.without_report("the evidence is older than it may be", header),
            GapReason::NotVisible if self.shown_to_root_users(header) => {
                let datasets = self.datasets();
                let text =
                    format!("{datasets} are shown to root users alone; look by sessions of theirs");
                Remedy::new(text, self.audit(" --assume-root auto"))
            }
            GapReason::NotVisible => Remedy {
                text: format!(
                    "no call of this mode shows {}; look at the account's own Security credentials page",
                    self.datasets()
                ),
                command: None,
            },
            GapReason::NotRequested => {
                let text = "not collected; collect again with the rules that are evaluated";
                Remedy::new(text, "mfaudit collect -o run.mfaudit")
            }
            GapReason::NotInEvidence => {
                let datasets = self.datasets();
                let text =
                    format!("the saved evidence does not tell {datasets}; save in the account");
                Remedy::new(text, self.save())
            }
            GapReason::Unclear => self.unclear(),
            GapReason::Interrupted => self.interrupted(),
            GapReason::ShardMissing => of_a_shard(),
            GapReason::Undefined => self.of_a_rule(),
        }
    }

    fn interrupted(&self) -> Remedy {
        let text =
            "the run was stopped before; go on with the same command and --resume, or run again";
        Remedy::new(text, self.audit(""))
    }

    fn unclear(&self) -> Remedy {
        let what = "what a policy comes to cannot be told for certain";
        Remedy::new(self.told(what, "read it"), self.save())
    }

    /// Returns what to do about a rule that users wrote.
    fn of_a_rule(&self) -> Remedy {
        let text = self.told(
            "a rule of the configuration asks for what has no value",
            "narrow its `when`, and try it",
        );
        Remedy::new(text, "mfaudit rules test")
    }

    /// Tells whether sessions of members' root users would show what is missing, and were not tried.
    fn shown_to_root_users(&self, header: &Header) -> bool {
        let of_root = |it: &Dataset| {
            matches!(
                it,
                Dataset::RootCredentials | Dataset::RootMfa | Dataset::RootMfaDevices
            )
        };
        let from_aws = header.mode != Mode::SavedEvidence;
        let not_tried = header.parameters.root_access == RootAccess::Never;
        let of_members = self.cause.place == Place::Other && self.datasets.iter().all(of_root);
        from_aws && not_tried && of_members
    }

    /// Sends the reader to live calls, where the run rested on credential reports.
    fn without_report(&self, wrong: &str, header: &Header) -> Remedy {
        match header.mode {
            Mode::Live => Remedy::new(self.told(wrong, "run again"), self.audit(" --live")),
            Mode::ReportFirst | Mode::SavedEvidence => Remedy::new(
                self.told(wrong, "read every user live"),
                self.audit(" --live"),
            ),
        }
    }

    /// Returns what is wrong with its particulars, and what to do.
    fn told(&self, wrong: &str, advice: &str) -> String {
        if self.detail.is_empty() {
            format!("{wrong}; {advice}")
        } else {
            format!("{wrong}: {}; {advice}", self.detail)
        }
    }

    /// Returns the operations that would have told, or what they would have told.
    fn what(&self) -> String {
        if self.operations.is_empty() {
            return self.datasets();
        }
        prose(&self.operations.iter().cloned().collect::<Vec<_>>())
    }

    fn datasets(&self) -> String {
        let datasets = self.datasets.iter().map(ToString::to_string);
        prose(&datasets.collect::<Vec<_>>())
    }
}

/// Returns what to do about a shard that delivered nothing.
fn of_a_shard() -> Remedy {
    let text = "its shard delivered nothing; run that shard again, and merge again";
    Remedy::new(
        text,
        "mfaudit collect --shard I/N --accounts-from URL --to URL",
    )
}

#[cfg(test)]
mod tests {
    use model::{AccountKind, Dataset, Gap, GapReason, snapshot::Mode};

    use super::Remedy;
    use crate::{sample, tally::tests::summary};

    const REASONS: [GapReason; 16] = [
        GapReason::EntryDenied,
        GapReason::AccessDenied,
        GapReason::Throttled,
        GapReason::Unreachable,
        GapReason::Failed,
        GapReason::Deadline,
        GapReason::ExpiredCredentials,
        GapReason::Malformed,
        GapReason::Contradictory,
        GapReason::Stale,
        GapReason::NotVisible,
        GapReason::NotRequested,
        GapReason::NotInEvidence,
        GapReason::Unclear,
        GapReason::Interrupted,
        GapReason::ShardMissing,
    ];

    /// Returns what to do about accounts of which nothing was seen for one reason.
    fn remedy(mode: Mode, gap: &Gap, accounts: usize) -> Remedy {
        let mut sample = sample::unseen();
        sample.header.mode = mode;
        sample.records.truncate(accounts);
        for record in &mut sample.records {
            for missing in &mut record.gaps {
                let dataset = missing.dataset;
                missing.clone_from(gap);
                missing.dataset = dataset;
            }
        }
        let summary = summary(&sample);
        summary.gaps[0].remedy(&summary.header)
    }

    #[test]
    fn every_reason_has_a_next_step_in_every_mode() {
        for mode in [Mode::ReportFirst, Mode::Live, Mode::SavedEvidence] {
            for reason in REASONS {
                let told = remedy(mode, &Gap::new(Dataset::IamUsers, reason), 2);
                assert!(told.text.contains("; "), "{reason:?}: {}", told.text);
                // What no call shows, no command shows.
                let has_command = reason != GapReason::NotVisible;
                assert_eq!(told.command.is_some(), has_command, "{reason:?}");
            }
        }
    }

    #[test]
    fn few_accounts_are_named_in_the_command_and_many_are_not() {
        let gap = Gap::new(Dataset::IamUsers, GapReason::Throttled);
        let command = |accounts| remedy(Mode::ReportFirst, &gap, accounts).command.unwrap();
        let named = "mfaudit audit --concurrency 4 --account 100000000002 --account 100000000003";
        assert_eq!(command(2), named);
        assert_eq!(command(5), "mfaudit audit --concurrency 4");
    }

    #[test]
    fn a_report_that_is_late_is_done_without() {
        let late = Gap {
            operation: super::REPORT.into(),
            ..Gap::new(Dataset::IamUsers, GapReason::Deadline)
        };
        let told = remedy(Mode::ReportFirst, &late, 5);
        assert_eq!(told.command.unwrap(), "mfaudit audit --live");
    }

    #[test]
    fn more_time_is_allowed_to_whom_it_ran_out() {
        let late = |detail: &str| {
            let gap = Gap {
                detail: detail.into(),
                ..Gap::new(Dataset::IamUsers, GapReason::Deadline)
            };
            remedy(Mode::ReportFirst, &gap, 5).command.unwrap()
        };
        assert_eq!(
            late("the account may take 5 min"),
            "mfaudit audit --account-deadline 30m"
        );
        assert_eq!(late("the run may take 1 min"), "mfaudit audit");
    }

    #[test]
    fn what_root_users_alone_are_shown_is_asked_as_them_unless_it_was() {
        let mut sample = sample::clean();
        for record in &mut sample.records {
            let gap = record.missing(Gap::new(Dataset::RootMfa, GapReason::NotVisible));
            record.root_user.mfa = model::Fact::Unknown(gap);
        }
        let summary = summary(&sample);
        let mut header = summary.header.clone();
        let told = |header: &_| summary.gaps[0].remedy(header).command;
        let named = "mfaudit audit --assume-root auto --account 100000000002";
        assert_eq!(told(&header).unwrap(), named);
        header.parameters.root_access = model::snapshot::RootAccess::Always;
        assert_eq!(told(&header), None);
    }

    #[test]
    fn aws_s_own_words_stand_before_the_advice() {
        let failed = Gap {
            detail: "InternalFailure".into(),
            ..Gap::new(Dataset::IamUsers, GapReason::Failed)
        };
        let told = remedy(Mode::Live, &failed, 5).text;
        assert!(
            told.starts_with("AWS answered with an error: InternalFailure; run again"),
            "{told}"
        );
    }

    #[test]
    fn what_evidence_lacks_is_saved_by_the_commands_that_tell_it() {
        let told = remedy(
            Mode::SavedEvidence,
            &Gap::new(Dataset::IamUsers, GapReason::NotInEvidence),
            1,
        );
        let expected = "aws iam get-account-summary; aws iam get-credential-report";
        assert_eq!(told.command.unwrap(), expected);
    }

    #[test]
    fn an_account_without_organization_is_named_as_itself() {
        let mut sample = sample::unseen();
        sample.records.truncate(1);
        sample.records[0].account.kind = AccountKind::Standalone;
        for missing in &mut sample.records[0].gaps {
            missing.reason = GapReason::Interrupted;
        }
        let summary = summary(&sample);
        let told = summary.gaps[0].remedy(&summary.header);
        assert_eq!(told.command.unwrap(), "mfaudit audit --account self");
    }
}
