//! Which finding is asked for, and what to say if it is not there or not the only one.

use model::AccountId;
use rules::{FindingId, Rule};

use crate::{
    args::Explain,
    error::{CliError, Kind},
    nearest::nearest,
};

/// How many accounts are named where several have such a principal.
const NAMED: usize = 5;

/// Which finding is asked for.
pub(super) enum Wanted<'a> {
    /// The one of this name.
    Id(FindingId),
    /// That of a rule for a principal: an ARN, a user's name, `root`, or an account.
    Of { rule: &'a str, principal: &'a str },
}

/// What is asked about each finding.
pub(super) struct Candidate<'a> {
    pub(super) rule: &'a str,
    pub(super) account: &'a str,
    pub(super) arn: &'a str,
    /// What people call the principal.
    pub(super) name: &'a str,
}

impl<'a> Wanted<'a> {
    /// Returns what the command line asks for. `rules` are the identifiers there are.
    pub(super) fn of(args: &'a Explain, rules: &[&str]) -> Result<Self, CliError> {
        let Some(principal) = &args.principal else {
            return args.finding.parse().map(Self::Id).map_err(|error| {
                let hint = if rules.contains(&args.finding.as_str()) {
                    "name the principal too: mfaudit explain --from FILE RULE PRINCIPAL"
                } else {
                    "name a finding by its id, as reports have it, or a rule and a principal"
                };
                let error: rules::InvalidFindingId = error;
                CliError::new(Kind::Usage, error.to_string()).hint(hint)
            });
        };
        let rule = args.finding.as_str();
        if rules.contains(&rule) {
            return Ok(Self::Of { rule, principal });
        }
        let advice = nearest(rule, rules.iter().copied()).map_or_else(
            || "`mfaudit rules` lists them".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        Err(CliError::new(Kind::Usage, format!("there is no rule `{rule}`")).hint(advice))
    }

    /// Tells whether a finding of an account is asked about at all.
    pub(super) fn concerns(&self, args: &Explain, it: &Candidate<'_>) -> bool {
        let account = args
            .account
            .as_ref()
            .is_none_or(|id| id.as_str() == it.account);
        match self {
            Self::Id(_) => account,
            Self::Of { rule, .. } => account && *rule == it.rule,
        }
    }

    /// Tells whether a finding is the one.
    pub(super) fn is(&self, it: &Candidate<'_>, id: impl FnOnce() -> Option<FindingId>) -> bool {
        match self {
            Self::Id(wanted) => id() == Some(*wanted),
            Self::Of { principal, .. } => {
                // IAM's names are unique without regard to case.
                it.arn == *principal
                    || it.name.eq_ignore_ascii_case(principal)
                    || (it.account == *principal && it.arn.ends_with(":root"))
            }
        }
    }
}

/// What was found.
pub(super) struct Found<T> {
    all: Vec<(String, T)>,
    looked_at: u64,
    /// The name that is most like the one that was asked for.
    near: Option<String>,
}

impl<T> Default for Found<T> {
    fn default() -> Self {
        Self {
            all: Vec::new(),
            looked_at: 0,
            near: None,
        }
    }
}

impl<T> Found<T> {
    /// Adds a finding that is asked for, of an account.
    pub(super) fn add(&mut self, account: &str, it: T) {
        self.all.push((account.to_owned(), it));
    }

    /// Tells whether there are enough to say that they are too many.
    pub(super) const fn is_full(&self) -> bool {
        self.all.len() > NAMED
    }

    /// Remembers a finding that is not asked for, but might have been meant.
    pub(super) fn pass(&mut self, wanted: &Wanted<'_>, it: &Candidate<'_>) {
        self.looked_at += 1;
        if let Wanted::Of { principal, .. } = wanted {
            let known = self.near.as_deref();
            let of = if principal.starts_with("arn:") {
                it.arn
            } else {
                it.name
            };
            if let Some(near) = nearest(principal, known.into_iter().chain([of])) {
                self.near = Some(near.to_owned());
            }
        }
    }

    /// Returns the one that was found, or an error that says what is there instead.
    pub(super) fn one(
        mut self,
        wanted: &Wanted<'_>,
        account: Option<&AccountId>,
    ) -> Result<T, CliError> {
        if self.all.len() > 1 {
            let mut accounts: Vec<_> = self.all.iter().map(|(it, _)| it.as_str()).collect();
            let more = if accounts.len() > NAMED {
                " and more"
            } else {
                ""
            };
            accounts.truncate(NAMED);
            let what = format!(
                "there is more than one such principal, in the accounts {}{more}",
                accounts.join(", ")
            );
            let error = CliError::new(Kind::Usage, what);
            return Err(error.hint("say which with --account ID, or by the principal's ARN"));
        }
        if let Some((_, one)) = self.all.pop() {
            return Ok(one);
        }
        let place = account.map_or_else(String::new, |id| format!(" in account {id}"));
        let (what, hint) = match wanted {
            Wanted::Id(id) => (
                format!("no finding has the id {id}{place}"),
                "reports have each finding's id; of another snapshot's users there is none here"
                    .to_owned(),
            ),
            Wanted::Of { rule, principal } => (
                format!("{rule} has no finding for `{principal}`{place}"),
                match &self.near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None if self.looked_at == 0 => {
                        format!("there is no finding of the rule{place} at all")
                    }
                    None => "name a principal by its ARN, its name, `root`, or its account's id"
                        .to_owned(),
                },
            ),
        };
        Err(
            CliError::new(Kind::Usage, reporting::visible(&what).into_owned())
                .hint(reporting::visible(&hint).into_owned()),
        )
    }
}

/// Returns the identifiers of rules.
pub(super) fn ids<'r>(rules: &[&'r Rule]) -> Vec<&'r str> {
    rules.iter().map(|it| it.id).collect()
}
