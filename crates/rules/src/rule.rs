//! What a rule is, and what its judge may know and say.

use std::{borrow::Cow, cell::RefCell, fmt, str::FromStr};

use expressions::{Expression, Facts, Subject};
use model::{
    Account, Dataset, Fact, GapId, IamRole, IamUser, Listing, ObservationId, Record, RootUser,
    Timestamp, snapshot::IdentityCenter,
};
use serde::Serialize;

use crate::{
    Control, CustomCheck, RunContext, Setting, Settings, SubjectKind,
    enforcement::{AccountPolicies, RunPolicies},
    trace::{Step, Trace},
};

/// An executable check and everything derived from it.
#[derive(Debug)]
pub struct Rule {
    /// The stable identifier, which is the file's name in kebab case.
    pub id: &'static str,
    /// The failure, as a sentence without a full stop.
    pub title: &'static str,
    /// The documentation page, in Markdown.
    pub doc: &'static str,
    /// How bad a failure is.
    pub severity: Severity,
    /// The framework requirements this rule gives evidence for.
    pub controls: &'static [Control],
    /// The datasets the check reads. Which IAM users exist goes without saying for a check of IAM
    /// users, and so do roles with their trust policies for one of roles.
    pub requires: &'static [Dataset],
    /// What users may set of it.
    pub settings: &'static [Setting],
    /// The check, by the kind of subject it judges.
    pub check: Check,
    /// The file that declares the rule.
    pub file: &'static str,
}

impl Rule {
    /// Returns every dataset the rule needs, the list of its subjects included.
    pub fn datasets(&self) -> impl Iterator<Item = Dataset> {
        let subjects = match self.check.subject() {
            SubjectKind::RootUser | SubjectKind::Account | SubjectKind::Organization => None,
            SubjectKind::IamUser => Some(Dataset::IamUsers),
            SubjectKind::IamRole => Some(Dataset::RoleTrust),
        };
        subjects.into_iter().chain(self.requires.iter().copied())
    }

    /// Returns the documentation page without the margin that doc comments have.
    pub fn page(&self) -> String {
        let lines = self
            .doc
            .lines()
            .map(|it| it.strip_prefix(' ').unwrap_or(it));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Returns the text of a section of the page, in one paragraph; empty if there is no such section.
    pub fn section(&self, heading: &str) -> String {
        let heading = format!("## {heading}");
        let page = self.page();
        let lines = page.lines().skip_while(|it| *it != heading).skip(1);
        let text: Vec<_> = lines.take_while(|it| !it.starts_with("## ")).collect();
        text.join(" ").trim().to_owned()
    }
}

/// The kind of subject a rule judges, with its judge.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// Judges each account's root user.
    RootUser(fn(&RootUser, &Context<'_>) -> Judgement),
    /// Judges each IAM user.
    IamUser(fn(&IamUser, &Context<'_>) -> Judgement),
    /// Judges each IAM role.
    IamRole(fn(&IamRole, &Context<'_>) -> Judgement),
    /// Judges each account.
    Account(fn(&Record, &Context<'_>) -> Judgement),
    /// Judges the organization, by its management account; or an account that belongs to none.
    Organization(fn(&Record, &Context<'_>) -> Judgement),
    /// Judges by expressions that a user wrote: each IAM user, each account's root user or each account.
    Custom(&'static CustomCheck),
}

impl Check {
    /// Returns the kind of subject that is judged.
    pub const fn subject(&self) -> SubjectKind {
        match self {
            Self::RootUser(_) => SubjectKind::RootUser,
            Self::IamUser(_) => SubjectKind::IamUser,
            Self::IamRole(_) => SubjectKind::IamRole,
            Self::Account(_) => SubjectKind::Account,
            Self::Organization(_) => SubjectKind::Organization,
            Self::Custom(check) => check.subject(),
        }
    }

    /// Judges an IAM user; `None` if it judges others.
    pub(crate) fn iam_user(&self, user: &IamUser, context: &Context<'_>) -> Option<Judgement> {
        match self {
            Self::IamUser(judge) => Some(judge(user, context)),
            Self::Custom(check) if matches!(check.subject(), SubjectKind::IamUser) => {
                Some(check.judge(Subject::IamUser(user), context))
            }
            Self::RootUser(_)
            | Self::IamRole(_)
            | Self::Account(_)
            | Self::Organization(_)
            | Self::Custom(_) => None,
        }
    }
}

/// What a judge may know besides its subject, and where it reads facts.
#[derive(Debug)]
pub struct Context<'a> {
    /// Everything observed of the account the subject belongs to.
    pub record: &'a Record,
    /// What users may set.
    pub settings: &'a Settings,
    /// The policies of the account that were made ready so far.
    pub(crate) policies: &'a AccountPolicies,
    run: &'a RunContext,
    read: RefCell<Vec<ObservationId>>,
    /// What a verdict hangs on that was seen and does not tell.
    hangs_on: RefCell<Option<String>>,
    /// What was read, one by one; only where somebody asked for it.
    trace: Option<Trace>,
}

impl<'a> Context<'a> {
    /// Returns a context in which nothing was read yet.
    pub(crate) const fn new(
        record: &'a Record,
        settings: &'a Settings,
        run: &'a RunContext,
        policies: &'a AccountPolicies,
    ) -> Self {
        Self {
            record,
            settings,
            policies,
            run,
            read: RefCell::new(Vec::new()),
            hangs_on: RefCell::new(None),
            trace: None,
        }
    }

    /// Returns the same context, which remembers what is read one by one.
    pub(crate) fn traced(self) -> Self {
        Self {
            trace: Some(Trace::default()),
            ..self
        }
    }

    /// Returns the account the subject belongs to.
    pub const fn account(&self) -> &'a Account {
        &self.record.account
    }

    /// Returns when the run began: the only "now" there is.
    ///
    /// # Errors
    ///
    /// Returns a gap of `dataset`, whose facts cannot be judged by their age, if saved evidence does not tell.
    pub fn now(&self, dataset: Dataset) -> Result<Timestamp, Unseen> {
        if let Some(trace) = &self.trace {
            trace.now(dataset);
        }
        self.run.now.ok_or(Unseen(GapId::untimed(dataset)))
    }

    /// Returns whether the organization uses Identity Center.
    ///
    /// # Errors
    ///
    /// Returns a gap if that was not seen.
    pub fn identity_center(&self) -> Result<IdentityCenter, Unseen> {
        if let Some(trace) = &self.trace {
            trace.identity_center();
        }
        match self.run.identity_center {
            IdentityCenter::NotSeen => Err(Unseen(GapId::unsaid(Dataset::IdentityCenter))),
            seen @ (IdentityCenter::InUse | IdentityCenter::NotInUse) => Ok(seen),
        }
    }

    /// Returns the gap of a dataset of which the evidence as a whole does not say enough.
    pub const fn unsaid(&self, dataset: Dataset) -> Unseen {
        Unseen(GapId::unsaid(dataset))
    }

    /// Reads a fact, so that its observation becomes part of the verdict's evidence.
    ///
    /// # Errors
    ///
    /// Returns the gap if the fact was not seen; a judge passes it on with `?`, for it has no word for "unknown".
    pub fn read<'f, T>(&self, fact: &'f Fact<T>) -> Result<&'f T, Unseen> {
        if let Some(trace) = &self.trace {
            trace.fact(fact);
        }
        let value = fact.get().map_err(Unseen)?;
        self.read.borrow_mut().extend(fact.observation());
        Ok(value)
    }

    /// Returns that nobody asked for a dataset.
    pub const fn unasked(&self, dataset: Dataset) -> Unseen {
        Unseen(GapId::unasked(dataset))
    }

    /// Returns that what was seen of a dataset does not tell: a device of a kind nobody knows, say.
    pub const fn untold(&self, dataset: Dataset) -> Unseen {
        Unseen(GapId::unsaid(dataset))
    }

    /// Reads a list to its end.
    ///
    /// # Errors
    ///
    /// Returns the gap if more may be missing.
    pub fn read_all<'f, T>(&self, listing: &'f Listing<T>) -> Result<&'f [T], Unseen> {
        if let Some(trace) = &self.trace {
            trace.listing(listing);
        }
        if let Some(gap) = listing.gap {
            return Err(Unseen(gap));
        }
        Ok(self.read_some(listing))
    }

    /// Reads what was seen of a list, for a verdict that the rest cannot change.
    pub fn read_some<'f, T>(&self, listing: &'f Listing<T>) -> &'f [T] {
        if let Some(trace) = &self.trace {
            trace.listing(listing);
        }
        self.read.borrow_mut().extend(listing.observation);
        &listing.items
    }

    /// Returns a gap of `dataset`, whose fact was seen and whose meaning cannot be told for certain.
    pub const fn unclear(&self, dataset: Dataset) -> Unseen {
        Unseen(GapId::unclear(dataset))
    }

    /// Returns the same, and says what the verdict hangs on, as a reason.
    pub(crate) fn hangs(&self, dataset: Dataset, on: String) -> Unseen {
        *self.hangs_on.borrow_mut() = Some(on);
        self.unclear(dataset)
    }

    /// Returns what the verdict hangs on, if its judge said so.
    pub(crate) fn hangs_on(&self) -> Option<String> {
        self.hangs_on.take()
    }

    /// Returns the policies that the run shares.
    pub(crate) fn run_policies(&self) -> &'a RunPolicies {
        &self.run.policies
    }

    /// Returns what was read one by one.
    pub(crate) fn steps(self) -> Vec<Step> {
        self.trace.map(Trace::steps).unwrap_or_default()
    }

    /// Tells whether an expression holds of a subject. What it reads becomes part of the verdict's evidence.
    ///
    /// # Errors
    ///
    /// Returns the gap if any fact it names was not seen.
    pub(crate) fn holds(
        &self,
        expression: &Expression,
        subject: Subject<'_>,
    ) -> Result<bool, Unseen> {
        let facts = Facts {
            record: self.record,
            now: self.run.now,
            identity_center: self.run.identity_center,
        };
        let mut steps = Vec::new();
        let holds = expression.holds(subject, &facts, &mut steps);
        let observations = steps.iter().filter_map(Step::observation);
        self.read.borrow_mut().extend(observations);
        if let Some(trace) = &self.trace {
            for step in steps {
                trace.add(step);
            }
        }
        holds.map_err(Unseen)
    }

    /// Returns the observations that were read.
    pub(crate) fn evidence(self) -> Vec<ObservationId> {
        self.read.into_inner()
    }
}

/// A verdict, or the fact that was not seen and prevents one.
pub type Judgement = Result<Verdict, Unseen>;

/// A fact that was not seen. Only a [`Context`] makes one, so no judge can read past it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Unseen(pub(crate) GapId);

/// What a rule may say, each with its reason: a sentence fragment that stands alone in a spreadsheet's cell.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Verdict {
    /// The subject meets the requirement.
    Pass(Cow<'static, str>),
    /// The subject breaks the requirement.
    Fail(Cow<'static, str>),
    /// The requirement does not concern the subject.
    NotApplicable(Cow<'static, str>),
}

/// How bad a failure is.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Worth planning.
    Low,
    /// Fix this month.
    Medium,
    /// Fix this week.
    High,
    /// Fix today.
    Critical,
}

/// A text that names no severity.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UnknownSeverity(String);

impl Severity {
    /// Every severity, the least first.
    pub const ALL: [Self; 5] = [
        Self::Info,
        Self::Low,
        Self::Medium,
        Self::High,
        Self::Critical,
    ];

    /// Returns the stable lower-case name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Severity {
    type Err = UnknownSeverity;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|it| it.name() == text);
        found.ok_or_else(|| UnknownSeverity(text.to_owned()))
    }
}

impl fmt::Display for UnknownSeverity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not a severity (info, low, medium, high, critical)",
            self.0
        )
    }
}

impl std::error::Error for UnknownSeverity {}

/// Declares a rule. The doc comment is the rule's documentation page.
macro_rules! rule {
    ($(#[doc = $doc:literal])+ { $($field:ident: $value:expr),+ $(,)? }) => {
        $(#[doc = $doc])+
        pub(super) static RULE: $crate::Rule = $crate::Rule {
            doc: concat!($($doc, "\n"),+),
            file: file!(),
            $($field: $value,)+
        };
    };
}
pub(crate) use rule;
