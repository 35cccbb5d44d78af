//! Accounts as they are listed go to be collected, and records as they are whole into the journal.

use std::{cell::Cell, fs::File, pin::pin, sync::Mutex};

use futures_util::{StreamExt, stream};
use inventory::{Collector, Listed, ServiceControlPolicies, StartError, Stop, Survey};
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

/// Lists accounts and collects each as soon as it is known; returns the journal, and what a reader should know of the
/// list.
pub(crate) async fn gather(
    survey: &Survey,
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
        let listed = survey.accounts(collector.deadline, async |account| {
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
            && survey.may_find_members()
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
        ..discovered(listed)
    };
    notebook
        .write(|it| it.discovered(&discovered))
        .map_err(Ending::Journal)?;
    Ok((notebook.close(), discovered.notes))
}

fn discovered(listed: Listed) -> Discovered {
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
