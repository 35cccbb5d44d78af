//! What other tools would say of the same facts, as far as it is known.

mod deviations;
mod table;

#[cfg(test)]
mod tests;

use std::fmt;

use model::{IamUser, Record};

use crate::{Status, Subject};

/// A tool that judges the same.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Tool {
    /// Prowler.
    Prowler,
    /// AWS Security Hub's IAM controls.
    SecurityHub,
    /// AWS Config's managed rules.
    AwsConfig,
    /// Steampipe's AWS compliance mod.
    Steampipe,
    /// `ScoutSuite`.
    ScoutSuite,
    /// `cloudsploit`.
    Cloudsploit,
}

/// The tools an explanation always tells of. Others are told of where they are known to err.
pub const TOOLS: [Tool; 4] = [
    Tool::Prowler,
    Tool::SecurityHub,
    Tool::AwsConfig,
    Tool::Steampipe,
];

impl fmt::Display for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Prowler => "Prowler",
            Self::SecurityHub => "Security Hub",
            Self::AwsConfig => "AWS Config",
            Self::Steampipe => "Steampipe",
            Self::ScoutSuite => "ScoutSuite",
            Self::Cloudsploit => "cloudsploit",
        })
    }
}

/// What a tool would say of the same facts.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PeerSays {
    /// The tool.
    pub tool: Tool,
    /// Its checks that judge the same, by the tool's own names.
    pub checks: &'static [&'static str],
    /// What they say.
    pub answer: PeerAnswer,
}

/// What a tool's checks say.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PeerAnswer {
    /// Something else: in its own word, and why.
    Differs(&'static str, &'static str),
    /// The checks ask for the same, and nobody knows of a difference on such facts.
    NoDifferenceKnown,
    /// The tool has no such check.
    NoCheck,
    /// It is not known.
    NotKnown,
}

/// The checks of a tool that judge what a rule judges.
struct Peer {
    rule: &'static str,
    tool: Tool,
    checks: &'static [&'static str],
    deviations: &'static [Deviation],
}

/// Where a tool's checks are known to say something else.
struct Deviation {
    when: fn(&Case<'_>) -> bool,
    says: &'static str,
    why: &'static str,
}

/// What was judged.
struct Case<'a> {
    record: &'a Record,
    user: Option<&'a IamUser>,
    status: Status,
}

/// Returns what other tools would say of what a rule judged, and gave `status`.
pub fn peers(rule: &str, record: &Record, subject: &Subject, status: Status) -> Vec<PeerSays> {
    let case = Case {
        record,
        user: record
            .iam_users
            .items
            .iter()
            .find(|it| it.arn == subject.arn),
        status,
    };
    let of_tool = |tool: Tool| {
        let mut peers = table::PEERS.iter();
        peers.find(|it| it.rule == rule && it.tool == tool)
    };
    let mut all: Vec<_> = TOOLS
        .into_iter()
        .map(|tool| match of_tool(tool) {
            Some(peer) => peer.says(&case),
            None => PeerSays {
                tool,
                checks: &[],
                answer: table::without_check(rule, tool),
            },
        })
        .collect();
    let others = [Tool::ScoutSuite, Tool::Cloudsploit]
        .into_iter()
        .filter_map(of_tool);
    let others = others.map(|it| it.says(&case));
    all.extend(others.filter(|it| matches!(it.answer, PeerAnswer::Differs(..))));
    all
}

impl Peer {
    fn says(&self, case: &Case<'_>) -> PeerSays {
        let deviation = self.deviations.iter().find(|it| (it.when)(case));
        let answer = match (deviation, case.status) {
            (Some(it), _) => PeerAnswer::Differs(it.says, it.why),
            // What a tool makes of what it cannot see is known in few cases.
            (None, Status::Indeterminate | Status::NotApplicable) => PeerAnswer::NotKnown,
            (None, Status::Pass | Status::Fail) => PeerAnswer::NoDifferenceKnown,
        };
        PeerSays {
            tool: self.tool,
            checks: self.checks,
            answer,
        }
    }
}
