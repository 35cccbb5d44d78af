//! Tries every account of the organization, several at once.

use aws::{ApiCall, Connection, Trouble};
use futures_util::{StreamExt, stream};
use inventory::{AuditRole, Discovery};
use model::{Account, Scope};

use super::needed::Needed;
use crate::progress::Progress;

/// Accounts that are tried at once.
const AT_ONCE: usize = 64;

/// What came of trying every account.
pub(super) struct Survey {
    /// The accounts that were tried, in order of their ids.
    pub(super) visits: Vec<Visit>,
    /// The accounts that an audit leaves out, in order of their ids.
    pub(super) skipped: Vec<Account>,
}

/// What came of trying one account.
pub(super) struct Visit {
    /// The account.
    pub(super) account: Account,
    /// The account is the caller's own, which no role is assumed in.
    pub(super) own: bool,
    /// The calls that would not work in an audit, and why. What works is not kept: there may be thousands of accounts.
    pub(super) troubles: Vec<(&'static ApiCall, Trouble)>,
}

/// Tries every account that an audit would cover.
pub(super) async fn of_all(
    connection: &Connection,
    discovery: &Discovery,
    role: &AuditRole,
    needed: &Needed,
) -> Survey {
    let (audited, skipped): (Vec<_>, Vec<_>) = discovery
        .accounts
        .iter()
        .cloned()
        .partition(|it| it.scope == Scope::Audited);
    let progress = Progress::begin(connection.meter(), false);
    progress.found(audited.len());
    progress.all_found();
    let visit = async |account: Account| {
        let own = account.id == discovery.own_account;
        let tried =
            inventory::try_account(connection, &discovery.own_account, role, &account).await;
        let troubles = tried
            .into_iter()
            .filter(|it| needed.has(it.call))
            .filter_map(|it| Some((it.call, it.trouble?)));
        let troubles: Vec<_> = troubles.collect();
        progress.done(troubles.len());
        Visit {
            account,
            own,
            troubles,
        }
    };
    let mut visits: Vec<_> = stream::iter(audited)
        .map(visit)
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    progress.end();
    visits.sort_by(|a, b| a.account.id.cmp(&b.account.id));
    Survey { visits, skipped }
}
