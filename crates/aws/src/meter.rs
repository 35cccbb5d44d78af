//! Counts calls, names the tool to AWS, and measures the clock's skew: an interceptor on every client.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{
            Intercept,
            context::{
                AfterDeserializationInterceptorContextRef,
                BeforeDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextMut,
                FinalizerInterceptorContextRef,
            },
            dyn_dispatch_hint,
        },
        orchestrator::{HttpResponse as Response, Metadata},
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::{DateTime, config_bag::ConfigBag, date_time::Format};

use crate::throttled::is_throttled;

/// The counts of one operation.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct CallCounts {
    /// Calls, however often each was tried.
    pub calls: u64,
    /// Requests sent, retries included.
    pub requests: u64,
    /// Requests that AWS refused because they came too fast.
    pub throttled: u64,
}

/// What all clients of a connection have done so far. Clones share the counts.
#[derive(Clone, Debug)]
pub struct Meter {
    user_agent: Arc<str>,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    /// In the order of their first calls. A run has two dozen, so that looking through them is quick.
    operations: Vec<Operation>,
    skew_seconds: Option<i64>,
}

#[derive(Debug)]
struct Operation {
    service: String,
    name: String,
    counts: CallCounts,
}

impl State {
    fn count(&mut self, service: &str, name: &str, add: impl FnOnce(&mut CallCounts)) {
        let is_it = |it: &&mut Operation| it.name == name && it.service == service;
        if let Some(operation) = self.operations.iter_mut().find(is_it) {
            return add(&mut operation.counts);
        }
        let mut counts = CallCounts::default();
        add(&mut counts);
        self.operations.push(Operation {
            service: service.to_owned(),
            name: name.to_owned(),
            counts,
        });
    }
}

impl Meter {
    /// Returns a meter that names the tool `user_agent` (`mfaudit/0.1.0`) to AWS, and so in CloudTrail.
    pub(crate) fn new(user_agent: &str) -> Self {
        Self {
            user_agent: user_agent.into(),
            state: Arc::default(),
        }
    }

    /// Returns the counts by operation, named `service:Operation`, in alphabetical order.
    pub fn counts(&self) -> Vec<(String, CallCounts)> {
        let named = |it: &Operation| {
            (
                format!("{}:{}", it.service.to_lowercase(), it.name),
                it.counts,
            )
        };
        let mut counts: Vec<_> = self.with(|it| it.operations.iter().map(named).collect());
        counts.sort_by(|one, other| one.0.cmp(&other.0));
        counts
    }

    /// Returns the counts of all operations together.
    pub fn total(&self) -> CallCounts {
        self.with(|it| {
            let mut total = CallCounts::default();
            for of_one in it.operations.iter().map(|it| it.counts) {
                total.calls += of_one.calls;
                total.requests += of_one.requests;
                total.throttled += of_one.throttled;
            }
            total
        })
    }

    /// Returns how often AWS refused an operation because it was asked too fast.
    pub fn throttled(&self, operation: &str) -> u64 {
        self.with(|it| {
            let of_it = it.operations.iter().filter(|it| it.name == operation);
            of_it.map(|it| it.counts.throttled).sum()
        })
    }

    /// Returns how far this machine's clock is ahead of AWS's, in seconds, by the last answer's `Date`; negative
    /// if it is behind. `None` before the first answer.
    pub fn clock_skew_seconds(&self) -> Option<i64> {
        self.with(|it| it.skew_seconds)
    }

    fn with<T>(&self, f: impl FnOnce(&mut State) -> T) -> T {
        f(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn count(&self, config: &ConfigBag, add: impl FnOnce(&mut CallCounts)) {
        if let Some(call) = config.load::<Metadata>() {
            self.with(|it| it.count(call.service(), call.name(), add));
        }
    }
}

/// Logs that an answer came, with nothing of what is in it: some answers hold credentials or seeds.
fn log_answer(response: &Response, config: &ConfigBag) {
    if let Some(call) = config.load::<Metadata>() {
        tracing::debug!(
            service = call.service(),
            operation = call.name(),
            status = response.status().as_u16(),
            request_id = response.headers().get("x-amzn-requestid"),
            "answered"
        );
    }
}

#[dyn_dispatch_hint]
impl Intercept for Meter {
    fn name(&self) -> &'static str {
        "Meter"
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.count(config, |it| it.requests += 1);
        let headers = context.request_mut().headers_mut();
        // The header is not signed, so that proxies may change it: and so may we.
        let agent = match headers.get("user-agent") {
            Some(sdk) => format!("{} {sdk}", self.user_agent),
            None => self.user_agent.to_string(),
        };
        headers.insert("user-agent", agent);
        Ok(())
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        log_answer(context.response(), config);
        let date = context.response().headers().get("date");
        let theirs = date.and_then(|it| DateTime::from_str(it, Format::HttpDate).ok());
        if let Some(theirs) = theirs {
            let ours = DateTime::from(crate::clock::system_now() as SystemTime);
            self.with(|it| it.skew_seconds = Some(ours.secs() - theirs.secs()));
        }
        Ok(())
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if is_throttled(context.response()) {
            self.count(config, |it| it.throttled += 1);
        }
        Ok(())
    }

    fn read_after_execution(
        &self,
        _: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.count(config, |it| it.calls += 1);
        Ok(())
    }
}
