//! An earlier JSON report, read as a stream, to compare a run with.

pub(crate) mod entries;

#[cfg(test)]
mod tests;

use std::{cmp::Ordering, fmt, io, marker::PhantomData};

use model::snapshot::ScopeFilter;
use rules::{AccountsFound, Baseline, Run, RunHead, Standing, Status};
use serde::{
    Deserialize, Deserializer,
    de::{
        DeserializeOwned, DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
    },
};

use self::entries::{AccountEntry, FindingEntry, OrganizationEntry, RuleEntry, SummaryEntry};

/// What [`schema`](crate::report_schema) a report says it has, and the newest version of it that this version reads.
pub(crate) const SCHEMA: &str = "mfaudit-report";
pub(crate) const VERSION: u32 = 1;

/// Why an earlier report cannot be used.
#[derive(Debug)]
pub enum EarlierError {
    /// It cannot be read, or is not what it must be; with the line and column.
    Malformed(serde_json::Error),
    /// It does not list every finding that it counts, so that what is not listed would seem to be new.
    Partial {
        /// The findings it lists.
        listed: u64,
        /// The findings it counts.
        counted: u64,
    },
}

impl fmt::Display for EarlierError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(error) => write!(f, "{error}"),
            Self::Partial { listed, counted } => write!(
                f,
                "it lists {listed} findings that it counts as {counted}: a report that was filtered or edited compares with nothing"
            ),
        }
    }
}

impl std::error::Error for EarlierError {}

/// Reads the failures of a JSON report, and those that it carries over from a run before. What else is in it passes by.
///
/// # Errors
///
/// Fails if it cannot be read, is no JSON report of this version or an earlier one, or does not list every failure.
pub fn read_baseline(input: impl io::Read) -> Result<Baseline, EarlierError> {
    let mut baseline = Baseline::default();
    let mut failures = 0;
    let head = read::<FindingEntry>(input, &mut |entry| match entry {
        Entry::Account(it) => baseline.saw(&it.account_id, it.cells()),
        Entry::Finding(it) if it.status == Status::Fail => {
            failures += 1;
            let (subject, standing) = (it.subject(), it.standing());
            baseline.add(
                &it.rule,
                &subject,
                standing,
                it.first_seen,
                None,
                it.evidence_time,
            );
        }
        Entry::Finding(_) => {}
    })?;
    let counted = head.summary.findings.fail;
    if failures != counted {
        return Err(EarlierError::Partial {
            listed: failures,
            counted,
        });
    }
    for it in head.carried() {
        let standing = it.standing();
        baseline.add(
            &it.rule,
            &it.subject(),
            standing,
            it.first_seen,
            it.last_seen,
            None,
        );
    }
    baseline.head = head.run_head();
    baseline.sight = head.summary.sight();
    baseline.settle();
    Ok(baseline)
}

/// Reads a JSON report as one of two runs that are compared.
///
/// # Errors
///
/// Fails if it cannot be read, is no JSON report of this version or an earlier one, or does not list every finding.
pub fn read_run(input: impl io::Read, mut run: Run) -> Result<Run, EarlierError> {
    let mut listed = 0;
    let head = read::<FindingEntry>(input, &mut |entry| match entry {
        Entry::Account(it) => {
            run.add_account(&it.account_id, &it.account_name, &it.state, it.cells());
        }
        Entry::Finding(it) => {
            listed += 1;
            run.add_finding(it.finding());
        }
    })?;
    let counted = head.summary.findings.all();
    if listed != counted {
        return Err(EarlierError::Partial { listed, counted });
    }
    for it in head.carried() {
        run.add_carried(it.finding(head.collected_at));
    }
    run.head = head.run_head();
    run.conclude_lists();
    Ok(run)
}

/// An entry of one of a report's lists.
pub(crate) enum Entry<F> {
    Account(AccountEntry),
    Finding(F),
}

/// Reads a report, and hands on its accounts and findings as they come. `F` is as much of a finding as is wanted.
pub(crate) fn read<F: DeserializeOwned>(
    input: impl io::Read,
    each: &mut dyn FnMut(Entry<F>),
) -> Result<ReportHead, EarlierError> {
    let mut json = serde_json::Deserializer::from_reader(input);
    let head = ReportSeed(each).deserialize(&mut json);
    head.and_then(|head| json.end().map(|()| head))
        .map_err(EarlierError::Malformed)
}

/// A report without its lists.
#[derive(Debug, Default)]
pub(crate) struct ReportHead {
    pub(crate) collected_at: Option<model::Timestamp>,
    pub(crate) mode: String,
    pub(crate) organization: Option<OrganizationEntry>,
    /// `None` in reports of earlier versions.
    pub(crate) root_credentials_management: Option<String>,
    scope: ScopeFilter,
    pub(crate) rules: Vec<RuleEntry>,
    pub(crate) summary: SummaryEntry,
}

impl ReportHead {
    pub(crate) fn run_head(&self) -> RunHead {
        let cut = self.summary.coverage.account_list_cut.is_some();
        RunHead {
            collected_at: self.collected_at,
            organization: self.organization.as_ref().map(|it| it.id.clone()),
            scope: self.scope.clone(),
            accounts: match (self.mode.as_str(), cut) {
                ("report-first" | "live", false) => AccountsFound::Listed,
                ("report-first" | "live", true) => AccountsFound::Cut,
                _ => AccountsFound::InEvidence,
            },
            rules: self.rules.iter().map(|it| it.id.as_str().into()).collect(),
        }
    }

    pub(crate) fn carried(&self) -> &[entries::CarriedEntry] {
        self.summary
            .baseline
            .as_ref()
            .map_or(&[], |it| it.unknown.as_slice())
    }
}

struct ReportSeed<'a, F>(&'a mut dyn FnMut(Entry<F>));

impl<'de, F: DeserializeOwned> DeserializeSeed<'de> for ReportSeed<'_, F> {
    type Value = ReportHead;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<ReportHead, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, F: DeserializeOwned> Visitor<'de> for ReportSeed<'_, F> {
    type Value = ReportHead;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON report of mfaudit")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ReportHead, A::Error> {
        let mut head = ReportHead::default();
        let (mut schema, mut version, mut rules, mut summary, mut findings) =
            (None, None, None, None, None);
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "schema" => schema = Some(known_schema(&map.next_value::<String>()?)?),
                "version" => version = Some(known_version(map.next_value()?)?),
                "collected_at" => head.collected_at = map.next_value()?,
                "mode" => head.mode = map.next_value()?,
                "organization" => head.organization = map.next_value()?,
                "root_credentials_management" => {
                    head.root_credentials_management = Some(map.next_value()?);
                }
                "scope" => head.scope = map.next_value()?,
                "rules" => rules = Some(map.next_value()?),
                "summary" => summary = Some(map.next_value()?),
                "accounts" => {
                    map.next_value_seed(Entries::new(&mut |it| self.0(Entry::Account(it))))?;
                }
                "findings" => {
                    let each = &mut |it| self.0(Entry::Finding(it));
                    findings = Some(map.next_value_seed(Entries::new(each))?);
                }
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        schema.ok_or_else(|| no("schema"))?;
        version.ok_or_else(|| no("version"))?;
        findings.ok_or_else(|| no("findings"))?;
        head.rules = rules.ok_or_else(|| no("rules"))?;
        head.summary = summary.ok_or_else(|| no("summary"))?;
        Ok(head)
    }
}

fn no<E: serde::de::Error>(key: &str) -> E {
    E::custom(format_args!("no JSON report of mfaudit: it has no `{key}`"))
}

fn known_schema<E: serde::de::Error>(schema: &str) -> Result<(), E> {
    if schema == SCHEMA {
        Ok(())
    } else {
        let what = format_args!("no JSON report of mfaudit: its `schema` is not `{SCHEMA}`");
        Err(E::custom(what))
    }
}

fn known_version<E: serde::de::Error>(version: u32) -> Result<(), E> {
    match version.cmp(&VERSION) {
        Ordering::Equal => Ok(()),
        Ordering::Greater => Err(E::custom(format_args!(
            "the report has version {version}, and this version reads up to {VERSION}: use a newer mfaudit"
        ))),
        Ordering::Less => Err(E::custom(format_args!(
            "there is no version {version} of a report"
        ))),
    }
}

/// A list whose entries are handed on as they come.
struct Entries<'a, T> {
    each: &'a mut dyn FnMut(T),
    entry: PhantomData<T>,
}

impl<'a, T> Entries<'a, T> {
    fn new(each: &'a mut dyn FnMut(T)) -> Self {
        Self {
            each,
            entry: PhantomData,
        }
    }
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Entries<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Entries<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(entry) = list.next_element()? {
            (self.each)(entry);
        }
        Ok(())
    }
}

/// Returns the value of that name.
fn named<'de, D: Deserializer<'de>, T: Copy>(
    deserializer: D,
    all: &[T],
    name: fn(T) -> &'static str,
) -> Result<T, D::Error> {
    let text = String::deserialize(deserializer)?;
    let found = all.iter().find(|it| name(**it) == text);
    found.copied().ok_or_else(|| {
        let known: Vec<_> = all.iter().map(|it| name(*it)).collect();
        D::Error::custom(format_args!("`{text}` is none of {}", known.join(", ")))
    })
}

/// Returns whether one of the keys that excuse a failure is there.
fn standing(excuses: [&Option<IgnoredAny>; 2]) -> Standing {
    if excuses.iter().any(|it| it.is_some()) {
        Standing::Excused
    } else {
        Standing::Held
    }
}
