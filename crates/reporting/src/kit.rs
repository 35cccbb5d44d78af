//! The remediation kit: who has to do what about each failure, as pages for people and a table to write letters from.

mod case;
mod index;
mod letters;
mod names;
mod of_records;
mod of_report;
mod page;
mod plan;
mod policy;
mod run;
mod shell;
mod steps;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use model::Partition;

use self::{
    case::{Case, Cases, FindingTold},
    names::Names,
    run::RunTold,
};
pub use self::{
    of_records::KitTally,
    of_report::{ReportForm, read_kit},
};
use crate::counted::counted;

/// The remediation kit. It holds a few lines for each principal that fails, and nothing of those that pass.
#[derive(Debug, Default)]
pub struct Kit {
    run: RunTold,
    cases: Cases,
    /// The findings without a verdict, by who answers for them and by what kept it from being seen.
    unseen: BTreeMap<Option<String>, BTreeMap<String, u64>>,
    /// The partitions of what was judged.
    partitions: BTreeSet<Partition>,
    /// The titles of rules that this version does not know.
    titles: BTreeMap<String, String>,
}

/// A file of the kit.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KitFile {
    /// Its path in the kit's folder, with `/` between folders.
    pub path: String,
    /// What it says.
    pub text: String,
}

impl Kit {
    /// Returns the files, one made after the other.
    pub fn files(&self) -> impl Iterator<Item = KitFile> {
        let names = Names::of(self.owners());
        let file = |path: &str, text: String| KitFile {
            path: path.to_owned(),
            text,
        };
        let head = [
            file("README.md", index::text(self, &names)),
            file("mail-merge.csv", letters::text(self)),
            file(policy::FILE, policy::text(&self.partitions)),
        ];
        let owners: Vec<_> = self.owners().map(|it| it.map(str::to_owned)).collect();
        let pages = owners.into_iter().map(move |owner| {
            let owner = owner.as_deref();
            file(names.page(owner), page::text(self, owner))
        });
        head.into_iter().chain(pages)
    }

    /// Tells in a line how it stands.
    pub fn in_brief(&self) -> String {
        let principals = self.cases.all().filter(|it| it.severity().is_some());
        let principals = counted(principals.count() as u64, "principal");
        let more = match self.seen() {
            Seen::All => "everything was seen",
            Seen::NotAll => "not everything was seen",
            Seen::NotTold => "whether everything was seen is not told",
        };
        format!("{principals} with something to fix; {more}")
    }

    /// Returns who answers for failures: `None` for nobody.
    fn owners(&self) -> impl Iterator<Item = Option<&str>> {
        let owners: BTreeSet<_> = self.cases.all().map(|it| it.owner.as_deref()).collect();
        owners.into_iter()
    }

    /// Returns the failing principals of an owner.
    fn cases_of<'a>(&'a self, owner: Option<&'a str>) -> impl Iterator<Item = &'a Case> {
        let all = self.cases.all();
        all.filter(move |it| it.owner.as_deref() == owner)
    }

    /// Notes a finding.
    fn note(&mut self, finding: FindingTold<'_>) {
        let partition = finding.subject.arn.partition();
        if !self.partitions.contains(&partition) {
            self.partitions.insert(partition);
        }
        match finding.status {
            rules::Status::Pass | rules::Status::NotApplicable => {}
            rules::Status::Indeterminate => {
                let reason = finding.gap_reason.unwrap_or("not told");
                self.add_unseen(finding.owner, reason, 1);
            }
            rules::Status::Fail => self.cases.add(finding),
        }
    }

    fn add_unseen(&mut self, owner: Option<&str>, reason: &str, findings: u64) {
        let of_owner = self.unseen.entry(owner.map(str::to_owned)).or_default();
        *of_owner.entry(reason.to_owned()).or_default() += findings;
    }

    /// Returns how many findings have no verdict.
    fn unseen_findings(&self) -> u64 {
        self.unseen.values().flat_map(BTreeMap::values).sum()
    }

    /// Tells whether all was seen that the rules need: only then does it mean anything that nothing fails.
    fn seen(&self) -> Seen {
        match &self.run.coverage {
            None => Seen::NotTold,
            Some(it) if it.is_whole() && self.unseen_findings() == 0 => Seen::All,
            Some(_) => Seen::NotAll,
        }
    }
}

/// Whether all was seen that the rules need.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Seen {
    All,
    NotAll,
    NotTold,
}
