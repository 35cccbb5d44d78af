//! The population of a run: every account and every principal, so that an auditor can draw a sample and see that nobody
//! is missing.

use std::io::Write;

use model::{AccountKind, Listing, Record, Scope, snapshot::RecordSource};
use reporting::spreadsheet_cell;
use rules::Criteria;
use serde::{Deserialize, Serialize};

use crate::error::{CliError, Kind};

const COLUMNS: [&str; 9] = [
    "kind",
    "account_id",
    "account_name",
    "ou_path",
    "account_kind",
    "account_state",
    "scope",
    "arn",
    "listed",
];

/// How many there are of what.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Counts {
    /// The accounts that were listed.
    pub(crate) accounts: u64,
    /// Of these, the ones that were audited.
    pub(crate) accounts_audited: u64,
    /// Of these, the ones whose users were not all listed: more may exist.
    pub(crate) accounts_with_unlisted_users: u64,
    /// The root users, one for each audited account.
    pub(crate) root_users: u64,
    /// The IAM users that were listed.
    pub(crate) iam_users: u64,
    /// The IAM roles that were listed, if anybody asked.
    pub(crate) iam_roles: u64,
}

/// Writes the population as CSV, and counts it.
pub(crate) fn write(source: &mut dyn RecordSource, out: impl Write) -> Result<Counts, CliError> {
    let mut counts = Counts::default();
    let mut out = csv::Writer::from_writer(out);
    let failed = |error: csv::Error| CliError::new(Kind::Output, error);
    out.write_record(COLUMNS).map_err(failed)?;
    rules::evaluate(source, &Criteria::default(), |record, _| {
        let mut row = |kind: &str, arn: &str, listed: &str| {
            let account = &record.account;
            let account_kind = match account.kind {
                AccountKind::Management => "management",
                AccountKind::Member => "member",
                AccountKind::Standalone => "standalone",
                AccountKind::Unstated => "unstated",
            };
            let scope = match account.scope {
                Scope::Audited => "audited",
                Scope::NotActive => "not-active",
            };
            out.write_record([
                kind,
                account.id.as_str(),
                &spreadsheet_cell(&account.name),
                &spreadsheet_cell(&account.ou_path),
                account_kind,
                &account.state.to_string(),
                scope,
                &spreadsheet_cell(arn),
                listed,
            ])
            .map_err(failed)
        };
        counts.accounts += 1;
        if record.account.scope == Scope::NotActive {
            return row("account", "", "");
        }
        counts.accounts_audited += 1;
        counts.root_users += 1;
        let users = listed(record, &record.iam_users);
        counts.accounts_with_unlisted_users += u64::from(users != WHOLE);
        row("account", "", &format!("iam-users {users}"))?;
        row("root-user", record.root_user_arn().as_str(), "")?;
        for user in &record.iam_users.items {
            counts.iam_users += 1;
            row("iam-user", user.arn.as_str(), "")?;
        }
        for role in &record.iam_roles.items {
            counts.iam_roles += 1;
            row("iam-role", role.arn.as_str(), "")?;
        }
        Ok::<_, CliError>(())
    })?;
    out.flush()
        .map_err(|error| CliError::new(Kind::Output, error))?;
    Ok(counts)
}

const WHOLE: &str = "whole";

/// Says whether a list is whole, and if not, why.
fn listed<T>(record: &Record, list: &Listing<T>) -> &'static str {
    match list.gap {
        None => WHOLE,
        Some(gap) => record.gap(gap).map_or("not-seen", |it| it.reason.name()),
    }
}
