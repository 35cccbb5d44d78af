//! What was asked, in order.

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

use serde_json::json;

use crate::world::is_account;

/// One request, as the journal remembers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The account it was about: the caller's, or for `AssumeRole` and `AssumeRoot` the one that is entered; empty if
    /// the caller is unknown.
    pub account: String,
    /// `iam`, `organizations` or `sts`.
    pub service: &'static str,
    /// The operation, such as `ListUsers`; empty if there was none.
    pub action: String,
    /// `200`, the error's code, or the fault that was served instead of an answer.
    pub outcome: String,
}

impl Entry {
    /// Returns the entry as a JSON object in one line.
    pub fn to_json(&self) -> String {
        let object = json!({
            "service": self.service,
            "operation": self.action,
            "account": self.account,
            "outcome": self.outcome,
        });
        object.to_string()
    }
}

/// The list of requests since the start.
#[derive(Debug, Default)]
pub(crate) struct Journal(Mutex<Kept>);

/// The entries and their texts, each of which is kept once: a load test makes millions of entries.
#[derive(Clone, Debug, Default)]
struct Kept {
    entries: Vec<Compact>,
    texts: Vec<String>,
    places: HashMap<String, u32>,
}

#[derive(Clone, Copy, Debug)]
struct Compact {
    /// The account's id as a number; nothing if it is unknown.
    account: u64,
    service: &'static str,
    action: u32,
    outcome: u32,
}

/// No account: the number has more than twelve digits.
const UNKNOWN: u64 = u64::MAX;

impl Journal {
    pub(crate) fn add(&self, account: &str, service: &'static str, action: &str, outcome: &str) {
        let account = Some(account).filter(|it| is_account(it));
        let account = account.and_then(|it| it.parse().ok()).unwrap_or(UNKNOWN);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (action, outcome) = (kept.place(action), kept.place(outcome));
        kept.entries.push(Compact {
            account,
            service,
            action,
            outcome,
        });
    }

    pub(crate) fn entries(&self) -> Vec<Entry> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.entries.iter().map(|it| kept.entry(*it)).collect()
    }

    /// Writes what was asked so far, an object a line.
    pub(crate) fn write(&self, to: &mut dyn Write) -> io::Result<()> {
        // Requests go on while it is written.
        let kept = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        kept.entries
            .iter()
            .try_for_each(|it| writeln!(to, "{}", kept.entry(*it).to_json()))
    }
}

impl Kept {
    /// Returns the place of a text, which it gets if it is new.
    fn place(&mut self, text: &str) -> u32 {
        if let Some(place) = self.places.get(text) {
            return *place;
        }
        let place = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(text.to_owned());
        self.places.insert(text.to_owned(), place);
        place
    }

    fn entry(&self, compact: Compact) -> Entry {
        let text = |place: u32| {
            let place = usize::try_from(place).unwrap_or(usize::MAX);
            self.texts.get(place).cloned().unwrap_or_default()
        };
        Entry {
            account: if compact.account == UNKNOWN {
                String::new()
            } else {
                format!("{:012}", compact.account)
            },
            service: compact.service,
            action: text(compact.action),
            outcome: text(compact.outcome),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Journal;

    #[test]
    fn entries_come_back_in_order_and_one_a_line() {
        let journal = Journal::default();
        journal.add("012345678901", "iam", "ListUsers", "200");
        journal.add("", "iam", "", "MissingAction");
        journal.add("012345678901", "sts", "AssumeRole", "200");
        let entries = journal.entries();
        let accounts: Vec<_> = entries.iter().map(|it| it.account.as_str()).collect();
        assert_eq!(accounts, ["012345678901", "", "012345678901"]);
        let mut lines = Vec::new();
        journal.write(&mut lines).unwrap();
        let text = String::from_utf8(lines).unwrap();
        let lines: Vec<serde_json::Value> = text
            .lines()
            .map(|it| serde_json::from_str(it).unwrap())
            .collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(
            lines[2],
            serde_json::json!({
                "service": "sts", "operation": "AssumeRole", "account": "012345678901", "outcome": "200",
            })
        );
        assert_eq!(lines[1]["outcome"], "MissingAction");
    }
}
