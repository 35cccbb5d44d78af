//! The credential report's life: absent, started, ready for four hours, expired.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use data_encoding::BASE64;

use crate::authorize::Resource;
use crate::call::Call;
use crate::clock;
use crate::error::ApiError;
use crate::iam::report_file::{Basis, write};
use crate::world::{Account, Timestamp, World};
use crate::xml::Xml;

const LIFETIME_SECONDS: i64 = 4 * 3600;

/// The credential reports of all accounts that were asked for one.
#[derive(Default)]
pub(crate) struct Reports(Mutex<HashMap<String, Report>>);

/// A report that is ready, or will be.
struct Report {
    generated: i64,
    basis: Basis,
    /// The text, once the world has changed; until then it can be written again, which takes no memory.
    frozen: Option<Arc<str>>,
    /// When it was asked for; nothing if it is ready.
    started: Option<Instant>,
}

impl Report {
    fn cached_at_start(account: &Account, now: i64) -> Option<Self> {
        let age = account.report.age_seconds?;
        Some(Self {
            generated: now.saturating_sub(age),
            basis: Basis::Cached,
            frozen: None,
            started: None,
        })
    }

    fn is_fresh(&self, now: i64) -> bool {
        now.saturating_sub(self.generated) <= LIFETIME_SECONDS
    }

    /// Becomes ready when its time has come.
    fn advance(&mut self, account: &Account, delay: Duration) {
        let due = self
            .started
            .is_some_and(|it| clock::moment().duration_since(it) >= delay);
        if due && !account.report.stuck {
            self.started = None;
        }
    }
}

impl Reports {
    /// Writes down what every report says, before the world changes.
    pub(crate) fn freeze(&self, world: &World, now: i64) {
        let mut reports = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for account in &world.accounts {
            freeze_account(&mut reports, account, world, now);
        }
    }

    /// Writes down what the report of the account at this place says, before the account changes.
    pub(crate) fn freeze_one(&self, world: &World, place: usize, now: i64) {
        let mut reports = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(account) = world.accounts.get(place) {
            freeze_account(&mut reports, account, world, now);
        }
    }

    /// Forgets the report of an account, which then has the one that its world describes.
    pub(crate) fn forget(&self, account: &str) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(account);
    }

    /// Shows the report of an account to `see`, and keeps what this makes of it.
    fn with<T>(
        &self,
        account: &Account,
        now: i64,
        see: impl FnOnce(&mut Option<Report>) -> T,
    ) -> T {
        let mut reports = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut report = reports
            .remove(&account.id)
            .or_else(|| Report::cached_at_start(account, now));
        let seen = see(&mut report);
        if let Some(report) = report {
            reports.insert(account.id.clone(), report);
        }
        seen
    }
}

fn freeze_account(
    reports: &mut HashMap<String, Report>,
    account: &Account,
    world: &World,
    now: i64,
) {
    if let Some(cached) = Report::cached_at_start(account, now) {
        reports.entry(account.id.clone()).or_insert(cached);
    }
    if let Some(report) = reports.get_mut(&account.id) {
        let written = || write(account, report.basis, world).into();
        report.frozen.get_or_insert_with(written);
    }
}

pub(super) fn generate(call: &Call) -> Result<Xml, ApiError> {
    call.authorize(&Resource::any())?;
    let (account, now) = (call.own_account()?, call.state.clock.now());
    let (state, description) = call.state.reports.with(account, now, |report| {
        if let Some(report) = report {
            report.advance(account, call.state.report_delay);
            match report.started {
                Some(_) => return ("INPROGRESS", None),
                None if report.is_fresh(now) => return ("COMPLETE", None),
                None => {}
            }
        }
        let started = Some(clock::moment());
        *report = Some(Report {
            generated: now,
            basis: Basis::Current,
            frozen: None,
            started,
        });
        (
            "STARTED",
            Some("No report exists. Starting a new report generation task"),
        )
    });
    let mut xml = Xml::default();
    xml.text("State", state)
        .optional("Description", description);
    Ok(xml)
}

pub(super) fn get(call: &Call) -> Result<Xml, ApiError> {
    call.authorize(&Resource::any())?;
    let (account, now) = (call.own_account()?, call.state.clock.now());
    // AWS says nothing more in these cases.
    let unknown = |code, status| Err(ApiError::new(code, status, "Unknown"));
    let found = call.state.reports.with(account, now, |report| {
        let Some(report) = report else {
            return unknown("ReportNotPresent", 410);
        };
        report.advance(account, call.state.report_delay);
        if report.started.is_some() {
            return unknown("ReportInProgress", 404);
        }
        if !report.is_fresh(now) {
            return unknown("ReportExpired", 410);
        }
        Ok((report.generated, report.basis, report.frozen.clone()))
    });
    let (generated, basis, frozen) = found?;
    let text = frozen.unwrap_or_else(|| write(account, basis, call.world).into());
    let mut xml = Xml::default();
    xml.text("Content", BASE64.encode(text.as_bytes()))
        .text("ReportFormat", "text/csv");
    xml.text("GeneratedTime", Timestamp::from_second(generated));
    Ok(xml)
}
