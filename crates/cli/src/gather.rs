//! Accounts as they are listed go to be collected, and records as they are whole into the journal.

use std::{cell::Cell, fs::File, pin::pin, sync::Mutex};

use futures_util::{StreamExt, stream};
use inventory::{Collector, Listed, RunDeadline, ServiceControlPolicies, StartError, Stop, Survey};
use model::{
    Account,
    snapshot::{AccountList, Discovered, IdentityCenter, Journal, SnapshotError},
};
use tokio::sync::mpsc;

use crate::{place::Begun, progress::Progress};

/// How many accounts may wait to be collected. Listing should not wait for them: it is what takes longest.
const QUEUE: usize = 1024;

/// Why a run ended before its time.
#[derive(Debug)]
pub(crate) enum Ending {
    /// It could not begin.
    Start(StartError),
    /// The accounts could not be listed to the end.
    Unlisted(String),
    /// No account can be collected any more.
    Stopped(Stop),
    /// The journal cannot be written.
    Journal(SnapshotError),
    /// Somebody stopped it.
    Interrupted,
}

/// Where accounts come from.
pub(crate) enum Roll<'a> {
    /// AWS lists them.
    Survey(&'a Survey),
    /// They were listed before, with what was discovered then.
    List(Vec<Account>, Box<Discovered>),
}

impl Roll<'_> {
    /// Hands on every account, and returns what was learned by the end.
    async fn call(
        self,
        deadline: Option<RunDeadline>,
        mut found: impl AsyncFnMut(Account),
    ) -> Result<Discovered, StartError> {
        match self {
            Self::Survey(survey) => survey.accounts(deadline, found).await.map(discovered),
            Self::List(accounts, discovered) => {
                for account in accounts {
                    found(account).await;
                }
                Ok(*discovered)
            }
        }
    }

    fn may_find_members(&self) -> bool {
        match self {
            Self::Survey(survey) => survey.may_find_members(),
            Self::List(..) => true,
        }
    }
}

/// Lists accounts and collects each as soon as it is known; returns the journal, and what a reader should know of the
/// list.
pub(crate) async fn gather(
    roll: Roll<'_>,
    collector: &Collector,
    begun: Begun,
    progress: &Progress,
) -> Result<(Journal<File>, Vec<String>), Ending> {
    let Begun {
        journal,
        earlier,
        pending,
    } = begun;
    if let Some(earlier) = &earlier {
        progress.done_before(earlier.progress().0);
    }
    let may_find_members = roll.may_find_members();
    let notebook = Notebook(Mutex::new(journal));
    let (send, mut receive) = mpsc::channel::<Account>(QUEUE);

    let listing = async {
        let send = send;
        let begun = Cell::new(false);
        let queue = async |account| {
            progress.found(1);
            begun.set(true);
            // Nobody receives any more only when the run has ended.
            let _ = send.send(account).await;
        };
        for account in pending {
            queue(account).await;
        }
        let is_new = |it: &Account| earlier.as_ref().is_none_or(|had| !had.is_announced(&it.id));
        let mut unwritten = None;
        let listed = roll.call(collector.deadline, async |account| {
            if unwritten.is_none() && is_new(&account) {
                match notebook.write(|it| it.announce(&account)) {
                    Ok(()) => queue(account).await,
                    Err(error) => unwritten = Some(error),
                }
            }
        });
        let listed = listed.await;
        progress.all_found();
        match (unwritten, listed) {
            (Some(error), _) => Err(Ending::Journal(error)),
            (None, Ok(listed)) => Ok(listed),
            (None, Err(StartError::Listing(trouble))) if begun.get() => {
                Err(Ending::Unlisted(trouble.detail))
            }
            (None, Err(error)) => Err(Ending::Start(error)),
        }
    };
    let collecting = async {
        let accounts = stream::poll_fn(|context| receive.poll_recv(context));
        let mut records = pin!(collector.collect(accounts));
        while let Some(record) = records.next().await {
            let record = record.map_err(Ending::Stopped)?;
            notebook
                .write(|it| it.append(&record))
                .map_err(Ending::Journal)?;
            progress.collected(&record);
        }
        Ok(())
    };
    // Read while accounts are listed and collected, none of which waits for it before its own calls are made.
    let policies = async {
        if let Some(policies) = &collector.service_control_policies
            && may_find_members
        {
            policies.read().await;
        }
        Ok(())
    };
    let (listed, (), ()) = tokio::try_join!(listing, collecting, policies)?;
    let policies = collector.service_control_policies.as_ref();
    let policies = policies.map(ServiceControlPolicies::documents);
    let discovered = Discovered {
        service_control_policies: policies.unwrap_or_default(),
        ..listed
    };
    notebook
        .write(|it| it.discovered(&discovered))
        .map_err(Ending::Journal)?;
    Ok((notebook.close(), discovered.notes))
}

/// Returns what discovery learned, as a journal has it.
pub(crate) fn discovered(listed: Listed) -> Discovered {
    Discovered {
        organization: listed.organization,
        units: listed.units,
        account_list: match listed.cut {
            None => AccountList::Whole,
            Some(trouble) => AccountList::Cut(format!("{}: {}", trouble.reason, trouble.detail)),
        },
        identity_center: match listed.identity_center {
            Some(true) => IdentityCenter::InUse,
            Some(false) => IdentityCenter::NotInUse,
            None => IdentityCenter::NotSeen,
        },
        service_control_policies: Vec::new(),
        notes: listed.notes,
    }
}

/// The journal, written to from two sides of one task.
struct Notebook(Mutex<Journal<File>>);

impl Notebook {
    fn write(
        &self,
        line: impl FnOnce(&mut Journal<File>) -> Result<(), SnapshotError>,
    ) -> Result<(), SnapshotError> {
        let mut journal = self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        line(&mut journal)
    }

    fn close(self) -> Journal<File> {
        self.0
            .into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
