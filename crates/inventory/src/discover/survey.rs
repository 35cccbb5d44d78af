//! Who asks, in which organization, and which accounts there are, handed on as they are listed.

use std::collections::BTreeMap;

use aws::{Connection, Trouble};
use model::{Account, AccountId, Arn, GapReason, Organization, snapshot::ScopeFilter};

use super::{Reach, caller, listing::Listing, own_account};
use crate::{
    Pace, RunDeadline, StartError,
    calls::{
        describe_organization::describe_organization,
        list_accounts::list_accounts,
        list_aws_service_access_for_organization::{
            IDENTITY_CENTER, list_aws_service_access_for_organization,
        },
    },
    units::Units,
};

/// Who asks, and in which organization: what is known before the first account is listed.
pub struct Survey {
    /// Who asks.
    pub caller: Arn,
    /// The account the caller is in.
    pub own_account: AccountId,
    /// The organization; `None` for an account that belongs to none, or where only the list of accounts can tell.
    pub organization: Option<Organization>,
    /// What a reader should know, as sentences without a full stop.
    pub notes: Vec<String>,
    connection: Connection,
    pace: Pace,
    reach: Reach,
    described: Result<Option<Organization>, Trouble>,
}

/// What is known once the accounts are listed.
#[derive(Clone, Debug, Default)]
pub struct Listed {
    /// The organization; `None` for an account that belongs to none, or if nothing tells.
    pub organization: Option<Organization>,
    /// The names of the organizational units, by the identifiers that accounts' paths are made of; the root's is empty.
    pub units: BTreeMap<String, String>,
    /// Why the list was not read to its end; `None` if it was.
    pub cut: Option<Trouble>,
    /// Whether IAM Identity Center is in use; `None` if it was not seen.
    pub identity_center: Option<bool>,
    /// What a reader should know, as sentences without a full stop.
    pub notes: Vec<String>,
}

impl Survey {
    /// Asks who the caller is, and for its organization.
    ///
    /// # Errors
    ///
    /// Fails if AWS does not tell who the caller is, or if the filter names what a lone account cannot have.
    pub async fn begin(
        connection: &Connection,
        pace: &Pace,
        reach: &Reach,
    ) -> Result<Self, StartError> {
        let described = async {
            pace.turn(connection, "DescribeOrganization").await;
            describe_organization(connection).await
        };
        let (caller, described) = tokio::join!(caller(connection), described);
        let (caller, own_account) = caller?;
        let mut survey = Self {
            organization: described.clone().unwrap_or_default(),
            notes: Vec::new(),
            connection: connection.clone(),
            pace: pace.clone(),
            reach: reach.clone(),
            caller,
            own_account,
            described,
        };
        match (&survey.reach, &survey.described) {
            (Reach::OwnAccount, Err(trouble)) => {
                let note = format!("the organization was not seen: {}", trouble.detail);
                survey.notes.push(note);
            }
            (Reach::Organization(filter), Ok(None)) => {
                survey.check_alone(filter)?;
                survey.notes.push(
                    "the account belongs to no organization, and is audited alone".to_owned(),
                );
            }
            (Reach::OwnAccount, Ok(_)) | (Reach::Organization(_), _) => {}
        }
        Ok(survey)
    }

    /// An account that belongs to no organization has no units, and no other accounts beside it.
    fn check_alone(&self, filter: &ScopeFilter) -> Result<(), StartError> {
        if let Some(given) = filter.organizational_units.first() {
            return Err(StartError::UnknownUnit {
                given: given.clone(),
                known: Vec::new(),
            });
        }
        let wanted = filter.accounts.iter().chain(&filter.excluded_accounts);
        match wanted.into_iter().find(|it| **it != self.own_account) {
            Some(other) => Err(StartError::UnknownAccount(other.clone())),
            None => Ok(()),
        }
    }

    /// Lists the accounts that the filter lets through, and hands each on as soon as it is known to be in scope; its
    /// path is one of identifiers, whose names are known at the end. No account is handed on twice.
    ///
    /// # Errors
    ///
    /// Fails if the accounts cannot be listed, or if the filter names what does not exist.
    pub async fn accounts(
        &self,
        deadline: Option<RunDeadline>,
        mut found: impl AsyncFnMut(Account),
    ) -> Result<Listed, StartError> {
        let organization = self.organization.as_ref();
        let own = |in_organization| {
            own_account(
                &self.caller,
                &self.own_account,
                organization,
                in_organization,
            )
        };
        let filter = match (&self.reach, &self.described) {
            (Reach::OwnAccount, described) => {
                found(own(described.as_ref().ok().map(Option::is_some))).await;
                return Ok(self.alone());
            }
            (Reach::Organization(filter), Ok(None)) => {
                if !filter.excluded_accounts.contains(&self.own_account) {
                    found(own(Some(false))).await;
                }
                return Ok(self.alone());
            }
            (Reach::Organization(filter), _) => filter,
        };
        let (listed, identity_center) = tokio::join!(
            self.members(filter, deadline, found),
            self.identity_center(deadline)
        );
        Ok(Listed {
            identity_center,
            ..listed?
        })
    }

    /// Tells whether there may be accounts of an organization to list.
    pub const fn may_find_members(&self) -> bool {
        matches!(self.reach, Reach::Organization(_)) && !matches!(self.described, Ok(None))
    }

    fn alone(&self) -> Listed {
        Listed {
            organization: self.organization.clone(),
            ..Listed::default()
        }
    }

    async fn members(
        &self,
        filter: &ScopeFilter,
        deadline: Option<RunDeadline>,
        mut found: impl AsyncFnMut(Account),
    ) -> Result<Listed, StartError> {
        let (connection, pace) = (&self.connection, &self.pace);
        let partition = self.caller.partition();
        let mut listing = Listing::new(filter, &partition, self.organization.clone());
        let walk = within(
            deadline,
            "ListOrganizationalUnitsForParent",
            Units::walk(connection, pace),
        );
        let (mut units, read) = if filter.organizational_units.is_empty() {
            let read = within(
                deadline,
                "ListAccounts",
                list_accounts(connection, pace, async |page| {
                    listing.page(page, &mut found).await
                }),
            );
            let (units, read) = tokio::join!(walk, read);
            (units.unwrap_or_else(Units::unseen), read)
        } else {
            // A unit is given by its name, which the tree tells.
            let units = walk.await.map_err(StartError::Listing)?;
            listing.only_in(&units)?;
            let read = within(
                deadline,
                "ListAccounts",
                list_accounts(connection, pace, async |page| {
                    listing.page(page, &mut found).await
                }),
            );
            (units, read.await)
        };
        let cut = match read {
            Ok(Ok(())) => None,
            Err(trouble) => Some(trouble),
            Ok(Err(trouble)) => return Err(self.why_unlisted(trouble)),
        };
        if let Some(trouble) = listing.endless() {
            return Err(StartError::Listing(trouble));
        }
        if listing.has_unlocated() {
            let locate = units.locate(connection, pace);
            if let Err(late) = within(deadline, "ListAccountsForParent", locate).await {
                units.trouble.get_or_insert(late);
            }
        }
        let notes = listing.finish(&units, cut.is_none(), &mut found).await?;
        Ok(Listed {
            organization: listing.organization(),
            units: listing.names(&units),
            cut,
            identity_center: None,
            notes,
        })
    }

    async fn identity_center(&self, deadline: Option<RunDeadline>) -> Option<bool> {
        let services = list_aws_service_access_for_organization(&self.connection, &self.pace);
        let operation = "ListAWSServiceAccessForOrganization";
        let services = within(deadline, operation, services).await.ok()?;
        let in_use = services.items.iter().any(|it| it == IDENTITY_CENTER);
        match services.trouble {
            Some(_) if !in_use => None,
            Some(_) | None => Some(in_use),
        }
    }

    /// A denial means another thing to the management account than to a member that is no administrator.
    fn why_unlisted(&self, trouble: Trouble) -> StartError {
        let management = self
            .organization
            .as_ref()
            .is_some_and(|it| it.management_account == self.own_account);
        if trouble.reason != GapReason::AccessDenied || management {
            return StartError::Listing(trouble);
        }
        let organization = self.organization.as_ref();
        StartError::PlainMember {
            account: self.own_account.clone(),
            organization: organization
                .map_or_else(|| "its organization".to_owned(), |it| it.id.clone()),
        }
    }
}

/// Does `work`, unless the run's deadline comes first.
///
/// # Errors
///
/// Returns that the time ran out.
pub(crate) async fn within<T>(
    deadline: Option<RunDeadline>,
    operation: &str,
    work: impl Future<Output = T>,
) -> Result<T, Trouble> {
    let Some(deadline) = deadline else {
        return Ok(work.await);
    };
    tokio::select! {
        done = work => Ok(done),
        () = deadline.passed() => Err(deadline.trouble(operation)),
    }
}
