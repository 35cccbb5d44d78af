//! The simulated AWS behind the server: takes a request, returns an answer.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use crate::authenticate::{Principal, authenticate};
use crate::authenticators::Authenticators;
use crate::call::Call;
use crate::change::{Change, Changes};
use crate::clock::{self, Clock};
use crate::error::{ApiError, Service};
use crate::faults::FaultKind;
use crate::iam::Reports;
use crate::index::Index;
use crate::journal::Journal;
use crate::limits::Buckets;
use crate::paging::Quirk;
use crate::reply::{Output, Reply};
use crate::request::{Operation, Request};
use crate::schedule::Schedule;
use crate::session::Sessions;
use crate::spoil::{refusal, spoil};
use crate::world::{World, is_account};
use crate::{iam, organizations, random, sts};

/// Everything that lasts longer than a request.
pub(crate) struct State {
    place: RwLock<Place>,
    pub(crate) sessions: Sessions,
    pub(crate) authenticators: Authenticators,
    pub(crate) reports: Reports,
    pub(crate) journal: Journal,
    buckets: Buckets,
    pub(crate) clock: Clock,
    pub(crate) report_delay: Duration,
    latency: Duration,
    counter: AtomicU64,
    /// How many pages of `ListAccounts` were served.
    pub(crate) account_pages: AtomicU32,
}

/// A world, and what is derived from it.
struct Place {
    world: World,
    index: Index,
    faults: Schedule,
}

impl State {
    pub(crate) fn new(
        world: World,
        now: Option<i64>,
        report_delay: Duration,
        latency: Duration,
    ) -> Self {
        let index = Index::new(&world);
        let faults = Schedule::new(&world.faults, world.seed, Schedule::default());
        Self {
            place: RwLock::new(Place {
                world,
                index,
                faults,
            }),
            sessions: Sessions::default(),
            authenticators: Authenticators::default(),
            reports: Reports::default(),
            journal: Journal::default(),
            buckets: Buckets::default(),
            clock: Clock::new(now),
            report_delay,
            latency,
            counter: AtomicU64::new(0),
            account_pages: AtomicU32::new(0),
        }
    }

    /// Changes the world; cached credential reports go on saying what they said.
    pub(crate) fn update(&self, change: impl FnOnce(&mut World)) {
        let mut place = self.place.write().unwrap_or_else(PoisonError::into_inner);
        self.reports.freeze(&place.world, self.clock.now());
        let before: Vec<_> = place
            .world
            .accounts
            .iter()
            .map(|it| (it.id.clone(), it.report.clone()))
            .collect();
        change(&mut place.world);
        place.index = Index::new(&place.world);
        let faults = std::mem::take(&mut place.faults);
        place.faults = Schedule::new(&place.world.faults, place.world.seed, faults);
        for (id, report) in before {
            let now = place
                .index
                .account(&id)
                .and_then(|it| place.world.accounts.get(it));
            if now.is_none_or(|it| it.report != report) {
                self.reports.forget(&id);
            }
        }
    }

    /// Returns the Region that callers work in.
    pub(crate) fn region(&self) -> &'static str {
        let place = self.place.read().unwrap_or_else(PoisonError::into_inner);
        place.world.partition.region()
    }

    /// Returns a number that was never returned before.
    pub(crate) fn number(&self) -> u64 {
        self.counter.fetch_add(1, Ordering::Relaxed)
    }

    /// Returns what the device with this serial number makes its codes of.
    pub(crate) fn device_seed(&self, serial: &str) -> Option<String> {
        let place = self.place.read().unwrap_or_else(PoisonError::into_inner);
        let partition = place.world.partition;
        place.world.accounts.iter().find_map(|account| {
            let device = account.find_device(partition, serial)?;
            Some(account.seed(device)?.reveal().to_owned())
        })
    }

    /// Answers a request.
    pub(crate) fn answer(&self, request: &Request) -> Reply {
        let changes = Changes::default();
        let operation = Operation::read(request);
        if !operation.as_ref().is_ok_and(Operation::changes_the_world) {
            let place = self.place.read().unwrap_or_else(PoisonError::into_inner);
            return self.answer_in(&place, request, operation, &changes);
        }
        let mut place = self.place.write().unwrap_or_else(PoisonError::into_inner);
        let reply = self.answer_in(&place, request, operation, &changes);
        // A client that the answer does not reach has changed the world all the same.
        if let Some(change) = changes.take() {
            self.apply(&mut place, change);
        }
        reply
    }

    /// Makes a change; what reports said before, they go on saying.
    fn apply(&self, place: &mut Place, change: Change) {
        let Place { world, index, .. } = place;
        let Some(account) = index.account(&change.account) else {
            return;
        };
        self.reports.freeze_one(world, account, self.clock.now());
        if let Some(account) = world.accounts.get_mut(account) {
            (change.edit)(account);
        }
    }

    fn answer_in(
        &self,
        place: &Place,
        request: &Request,
        operation: Result<Operation, (Service, ApiError)>,
        changes: &Changes,
    ) -> Reply {
        let mut reply = self.reply(place, request, operation, changes);
        let skew = place.world.clock_skew_seconds;
        reply.wait = reply.wait.saturating_add(self.latency);
        reply.date = (skew != 0).then(|| clock::real().saturating_add(skew));
        reply
    }

    fn reply(
        &self,
        place: &Place,
        request: &Request,
        operation: Result<Operation, (Service, ApiError)>,
        changes: &Changes,
    ) -> Reply {
        let operation = match operation {
            Ok(operation) => operation,
            Err((service, error)) => {
                self.note("", service, "", &error.code);
                return Reply::write(service, "", Err(error), self.request_id());
            }
        };
        let service = operation.service;
        match authenticate(request, service, &place.world, &place.index, &self.sessions) {
            Ok(principal) => self.answer_known(place, &operation, &principal, changes),
            Err(error) => {
                self.note("", service, &operation.action, &error.code);
                Reply::write(service, &operation.action, Err(error), self.request_id())
            }
        }
    }

    fn answer_known(
        &self,
        place: &Place,
        operation: &Operation,
        principal: &Principal,
        changes: &Changes,
    ) -> Reply {
        let (service, action) = (
            operation.service,
            format!("{}:{}", operation.service.name(), operation.action),
        );
        let about = target(operation).unwrap_or(&principal.account).to_owned();
        let due = place.faults.due(&about, &action);
        let refused_by = due.iter().find_map(|it| {
            let FaultKind::Deny {
                message: None,
                policy,
            } = it
            else {
                return None;
            };
            Some(*policy)
        });
        let quirk = due.iter().find_map(|it| Quirk::of(it)).unwrap_or_default();
        let call = Call {
            state: self,
            world: &place.world,
            index: &place.index,
            principal,
            service,
            name: &operation.action,
            action: &action,
            input: &operation.input,
            refused_by,
            quirk,
            changes,
        };
        let too_fast = self.buckets.refusal(
            &place.world.limits,
            service,
            &operation.action,
            &principal.account,
        );
        let refused = too_fast.or_else(|| due.iter().find_map(|it| refusal(service, it)));
        let result = refused.map_or_else(|| dispatch(&call), Err);
        let mut outcome = result
            .as_ref()
            .map_or_else(|error| error.code.to_string(), |_| "200".to_owned());
        let mut reply = Reply::write(service, &operation.action, result, self.request_id());
        for fault in due {
            if let Some(name) = spoil(&mut reply, fault) {
                name.clone_into(&mut outcome);
            }
        }
        self.note(&about, service, &operation.action, &outcome);
        reply
    }

    fn note(&self, account: &str, service: Service, action: &str, outcome: &str) {
        self.journal.add(account, service.name(), action, outcome);
    }

    fn request_id(&self) -> String {
        let number = self.number().to_string();
        let (high, low) = (
            random::hash(&["request", &number]),
            random::hash(&[&number, "request"]),
        );
        let (a, b, c) = (high >> 32, (high >> 16) & 0xffff, high & 0x0fff);
        format!(
            "{a:08x}-{b:04x}-4{c:03x}-8{:03x}-{:012x}",
            (low >> 48) & 0x0fff,
            low & 0xffff_ffff_ffff
        )
    }
}

/// Returns the account that an operation enters, if it does.
fn target(operation: &Operation) -> Option<&str> {
    let input = &operation.input;
    let principal = match operation.action.as_str() {
        "AssumeRole" => input.text("RoleArn")?,
        "AssumeRoot" => input.text("TargetPrincipal")?,
        _ => return None,
    };
    let bare = Some(principal).filter(|it| is_account(it));
    Some(bare.or(principal.split(':').nth(4)).unwrap_or_default())
}

fn dispatch(call: &Call) -> Result<Output, ApiError> {
    match call.service {
        Service::Iam => iam::dispatch(call),
        Service::Sts => sts::dispatch(call).map(Output::Xml),
        Service::Organizations => organizations::dispatch(call).map(Output::Json),
    }
}
