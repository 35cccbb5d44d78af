//! What there is to say of the run: whether it saw everything, and what it did not see.

use model::snapshot::AccountList;
use serde::Serialize;

use super::{ResultCounts, driver::Text};
use crate::{
    Summary,
    clip::filled,
    counted::{counted, prose},
    escape,
    stable_uuid::stable_uuid,
    summary::GapGroup,
};

/// The kinds of notification: identifier, level and what they say.
pub(super) const NOTIFICATIONS: [(&str, &str, &str); 5] = [
    GAP,
    ACCOUNT_LIST,
    RESULTS_LEFT_OUT,
    NOT_JUDGED,
    NOTE,
];
/// An error: SARIF's way to say that results may be missing.
const GAP: (&str, &str, &str) = ("not-seen", "error", "Something was not seen, so that nothing is concluded from it");
const ACCOUNT_LIST: (&str, &str, &str) = (
    "account-list",
    "error",
    "The list of accounts was not read to its end, so that nobody knows which are missing",
);
const RESULTS_LEFT_OUT: (&str, &str, &str) = ("results-left-out", "error", "There are more results than readers take");
const NOT_JUDGED: (&str, &str, &str) = ("not-judged", "note", "What no rule of the run speaks of");
const NOTE: (&str, &str, &str) = ("run-note", "note", "What a reader should know of the run");

/// What names the run: the part before the last `/` is the same in every run, and tells GitHub which results a new run
/// replaces.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AutomationDetails {
    id: String,
    guid: String,
    correlation_guid: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Invocation {
    execution_successful: bool,
    exit_code: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_time_utc: Option<String>,
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Debug, Serialize)]
struct Notification {
    descriptor: Descriptor,
    level: &'static str,
    message: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<GapProperties>,
}

#[derive(Debug, Serialize)]
struct Descriptor {
    id: &'static str,
    index: usize,
}

/// What a program may want to know of a gap without reading its message.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct GapProperties {
    reason: &'static str,
    accounts: u64,
    findings: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<String>,
}

impl AutomationDetails {
    pub(super) fn of(summary: &Summary) -> Self {
        let header = &summary.header;
        let organization = header.organization.as_ref().map(|it| it.id.as_str());
        let account = summary.only_account.as_ref().map(|it| it.id.as_str());
        let place = organization.or(account).unwrap_or("accounts");
        let time = header.collected_at.map(|it| it.to_string()).unwrap_or_default();
        Self {
            id: format!("mfaudit/{place}/{time}"),
            guid: stable_uuid(&["run", place, &time]),
            correlation_guid: stable_uuid(&["runs", place]),
        }
    }
}

impl Invocation {
    pub(super) fn of(summary: &Summary) -> Self {
        let mut notifications = Vec::new();
        if let AccountList::Cut(reason) = &summary.header.account_list {
            let text = format!("the list of accounts was not read to its end: {reason}");
            notifications.push(Notification::new(ACCOUNT_LIST, &text));
        }
        notifications.extend(summary.gaps.iter().map(|it| Notification::of_gap(it, summary)));
        let not_judged = summary.not_judged();
        let phrases = not_judged.iter().map(|it| (NOT_JUDGED, format!("not judged: {it}")));
        let of_run = summary.header.notes.iter().map(|it| (NOTE, it.clone()));
        let of_accounts = summary.notes.iter().map(|it| {
            let accounts = counted(it.accounts, "account");
            (NOTE, format!("{} ({accounts})", it.text))
        });
        let told = phrases.chain(of_run).chain(of_accounts);
        let told = told.filter(|(_, it)| filled(it).is_some());
        notifications.extend(told.map(|(kind, it)| Notification::new(kind, &it)));
        Self {
            execution_successful: is_whole(summary),
            exit_code: summary.outcome.exit_code,
            start_time_utc: summary.header.collected_at.map(|it| it.to_string()),
            tool_execution_notifications: notifications,
        }
    }

    /// Says how many results are missing, if any are.
    pub(super) fn tell_cut(&mut self, counts: &ResultCounts) {
        if counts.left_out() == 0 {
            return;
        }
        let text = format!(
            "{} told, which is as many as readers take; left out: {}, {} without a verdict; the formats json, ndjson and csv tell all",
            counted(counts.told(), "result"),
            counted(counts.failures_left_out, "failure"),
            counted(counts.indeterminate_left_out, "finding"),
        );
        self.tool_execution_notifications.insert(0, Notification::new(RESULTS_LEFT_OUT, &text));
    }
}

/// Tells whether everything was seen that the rules needed.
fn is_whole(summary: &Summary) -> bool {
    summary.header.account_list.is_whole()
        && summary.totals.coverage.accounts_short == 0
        && summary.statuses().indeterminate == 0
}

impl Notification {
    fn new((id, level, _): (&'static str, &'static str, &'static str), text: &str) -> Self {
        let index = NOTIFICATIONS.iter().position(|it| it.0 == id);
        Self {
            descriptor: Descriptor {
                id,
                index: index.unwrap_or_default(),
            },
            level,
            message: Text::sentence(&plain(text)),
            properties: None,
        }
    }

    fn of_gap(group: &GapGroup, summary: &Summary) -> Self {
        let remedy = group.remedy(&summary.header);
        let examples: Vec<_> = group.examples.iter().map(ToString::to_string).collect();
        let more = group.accounts.saturating_sub(examples.len() as u64);
        let more = (more > 0).then(|| format!("{more} more"));
        let accounts: Vec<_> = examples.into_iter().chain(more).collect();
        let command = remedy.command.as_deref();
        let command = command.map(|it| format!(": {it}")).unwrap_or_default();
        let text = format!(
            "{} not fully seen ({}): {}{command}",
            counted(group.accounts, "account"),
            prose(&accounts),
            remedy.text
        );
        Self {
            properties: Some(GapProperties {
                reason: group.cause.reason.name(),
                accounts: group.accounts,
                findings: group.findings,
                command: remedy.command,
            }),
            ..Self::new(GAP, &text)
        }
    }
}

/// Returns text of which a reader makes no link: `[text](target)` is one in a message.
pub(super) fn plain(text: &str) -> String {
    let shown = escape::visible(text);
    shown.replace('\\', r"\\").replace('[', r"\[").replace(']', r"\]")
}
