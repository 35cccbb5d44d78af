//! Failures, run by run: what begins to fail, what was seen not to any more, what passed before. What is held is what is
//! open, and a number for each finding that passes if that is asked for.

use std::{
    collections::{BTreeMap, HashMap},
    fs::File,
};

use ::parquet::data_type::ByteArray;

use super::accounts::{self, AccountNow};
use crate::{
    dataset::{
        DatasetError, RunRow,
        read::{Group, TableReader},
    },
    storage::Location,
};

/// What is failing in the runs so far, of one organization.
#[derive(Debug, Default)]
pub(super) struct Failures {
    open: BTreeMap<u64, Open>,
    /// The run in which a finding passed, if that was its last verdict; `None` if nobody asks.
    passed: Option<HashMap<u64, usize>>,
    /// Whether anybody asks for owners and waivers.
    marks: bool,
}

/// A finding that fails.
#[derive(Clone, Debug)]
pub(super) struct Open {
    pub(super) about: About,
    /// The run in which it began to.
    pub(super) since: usize,
    /// The last run in which it did.
    pub(super) last: usize,
    /// The last run that mentions it.
    mentioned: usize,
    pub(super) waived: bool,
    pub(super) owner: Option<String>,
}

/// What a finding is about.
#[derive(Clone, Debug)]
pub(super) struct About {
    pub(super) finding: u64,
    pub(super) rule: String,
    pub(super) severity: String,
    pub(super) account: String,
    kind: String,
    pub(super) subject: String,
}

/// What one run changes.
#[derive(Debug, Default)]
pub(super) struct Turn {
    /// How many findings begin to fail.
    pub(super) begun: i64,
    /// What was seen not to fail any more, in the order of the findings' names.
    pub(super) ended: Vec<(Open, &'static str)>,
    /// What fails and passed before, with the run in which it did, likewise.
    pub(super) regressed: Vec<(About, usize)>,
}

impl Failures {
    pub(super) fn remembering_passes(self) -> Self {
        Self {
            passed: Some(HashMap::new()),
            ..self
        }
    }

    pub(super) fn with_marks(self) -> Self {
        Self {
            marks: true,
            ..self
        }
    }

    /// Reads the findings of the next run.
    pub(super) fn read(
        &mut self,
        run: usize,
        file: File,
        at: &Location,
    ) -> Result<Turn, DatasetError> {
        let mut turn = Turn::default();
        for group in TableReader::open(file, at)?.groups() {
            self.read_group(run, &group?, at, &mut turn)?;
        }
        turn.regressed.sort_by_key(|it| it.0.finding);
        Ok(turn)
    }

    fn read_group(
        &mut self,
        run: usize,
        group: &Group<'_>,
        at: &Location,
        turn: &mut Turn,
    ) -> Result<(), DatasetError> {
        let foreign = |why: String| DatasetError::Foreign {
            at: at.clone(),
            why,
        };
        let all = group.only_text("status");
        let each = match &all {
            Some(_) => Vec::new(),
            None => group.texts("status")?,
        };
        let mut details = None;
        let mut marks = None;
        for (row, id) in group.texts("finding_id")?.iter().enumerate() {
            let status = match (&all, each.get(row)) {
                (Some(all), _) => all.as_bytes(),
                (None, Some(Some(it))) => it.data(),
                (None, _) => return Err(foreign("a finding has no status".to_owned())),
            };
            let id = id.as_ref().and_then(number);
            let id = id.ok_or_else(|| foreign("a finding has no name".to_owned()))?;
            match status {
                b"fail" => {
                    let before = self.passed.as_mut().and_then(|it| it.remove(&id));
                    let is_new = !self.open.contains_key(&id);
                    if before.is_some() || is_new {
                        let known = match details.take() {
                            Some(known) => known,
                            None => Details::read(group)?,
                        };
                        let about = known.about(row, id);
                        let about = about.ok_or_else(|| {
                            foreign("a finding tells not what it is about".to_owned())
                        })?;
                        details = Some(known);
                        if let Some(passed) = before {
                            turn.regressed.push((about.clone(), passed));
                        }
                        if is_new {
                            turn.begun += 1;
                            self.open.insert(id, Open::new(about, run));
                        }
                    }
                    if self.marks && marks.is_none() {
                        marks = Some((group.flags("waived")?, group.texts("owner")?));
                    }
                    if let Some(open) = self.open.get_mut(&id) {
                        (open.last, open.mentioned) = (run, run);
                        if let Some((waived, owners)) = &marks {
                            open.waived = waived.get(row).copied().flatten() == Some(true);
                            open.owner = text(owners, row);
                        }
                    }
                }
                b"pass" => {
                    self.end(id, "pass", turn);
                    if let Some(passed) = &mut self.passed {
                        passed.insert(id, run);
                    }
                }
                b"not-applicable" => {
                    self.end(id, "not-applicable", turn);
                    if let Some(passed) = &mut self.passed {
                        passed.remove(&id);
                    }
                }
                b"indeterminate" => {
                    if let Some(it) = self.open.get_mut(&id) {
                        it.mentioned = run;
                    }
                }
                other => {
                    let other = String::from_utf8_lossy(other).into_owned();
                    return Err(foreign(format!("`{other}` is no status")));
                }
            }
        }
        Ok(())
    }

    fn end(&mut self, id: u64, by: &'static str, turn: &mut Turn) {
        if let Some(it) = self.open.remove(&id) {
            turn.ended.push((it, by));
        }
    }

    /// Tells whether a run does not mention something that fails.
    pub(super) fn lacks_any(&self, run: usize) -> bool {
        self.open.values().any(|it| it.mentioned != run)
    }

    /// Ends what a run does not mention and proves to be gone, by what it saw of the accounts.
    pub(super) fn end_what_is_gone(
        &mut self,
        index: usize,
        run: &RunRow,
        accounts: &HashMap<Box<str>, AccountNow>,
        turn: &mut Turn,
    ) {
        let is_gone = |it: &Open| {
            let about = &it.about;
            it.mentioned != index
                && match accounts.get(about.account.as_str()) {
                    None => run.lists_all_accounts,
                    Some(account) => {
                        account.closed || account.lists(&about.kind) && run.evaluated(&about.rule)
                    }
                }
        };
        let gone = self.open.extract_if(.., |_, it| is_gone(it));
        turn.ended.extend(gone.map(|(_, it)| (it, accounts::GONE)));
    }

    /// Returns what fails still: what has failed longest first.
    pub(super) fn into_open(self) -> Vec<Open> {
        let mut open: Vec<_> = self.open.into_values().collect();
        open.sort_by_key(|it| (it.since, it.about.finding));
        open
    }
}

impl Turn {
    /// Puts what ended in the order of the findings' names.
    pub(super) fn settle(&mut self) {
        self.ended.sort_by_key(|it| it.0.about.finding);
    }
}

impl Open {
    const fn new(about: About, run: usize) -> Self {
        Self {
            about,
            since: run,
            last: run,
            mentioned: run,
            waived: false,
            owner: None,
        }
    }
}

/// The columns that tell what failures are about.
struct Details {
    rules: Vec<Option<ByteArray>>,
    severities: Vec<Option<ByteArray>>,
    accounts: Vec<Option<ByteArray>>,
    kinds: Vec<Option<ByteArray>>,
    subjects: Vec<Option<ByteArray>>,
}

impl Details {
    fn read(group: &Group<'_>) -> Result<Self, DatasetError> {
        Ok(Self {
            rules: group.texts("rule")?,
            severities: group.texts("severity")?,
            accounts: group.texts("account_id")?,
            kinds: group.texts("subject_kind")?,
            subjects: group.texts("subject_arn")?,
        })
    }

    fn about(&self, row: usize, finding: u64) -> Option<About> {
        Some(About {
            finding,
            rule: text(&self.rules, row)?,
            severity: text(&self.severities, row)?,
            account: text(&self.accounts, row)?,
            kind: text(&self.kinds, row)?,
            subject: text(&self.subjects, row)?,
        })
    }
}

fn text(column: &[Option<ByteArray>], row: usize) -> Option<String> {
    let value = column.get(row)?.as_ref()?;
    value.as_utf8().ok().map(str::to_owned)
}

/// Returns the number of a finding's name, sixteen hexadecimal digits.
fn number(id: &ByteArray) -> Option<u64> {
    let digits = id.data();
    if digits.len() != 16 {
        return None;
    }
    digits.iter().try_fold(0_u64, |sum, byte| {
        let digit = match byte {
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'f' => byte - b'a' + 10,
            _ => return None,
        };
        Some(sum << 4 | u64::from(digit))
    })
}
