//! The coverage ledger as comma-separated values: account × dataset, and why what is missing is.

use std::io::{self, Write};

use model::Scope;

use crate::{
    AccountLedger, Accounts, Appearance, Content, Format, Placement, Row, Sink, Summary, document::dataset, escape,
    ledger::{LedgerCell, Missing},
};

/// The only column of numbers.
pub(super) const FACTS: &str = "facts_missing";

/// The columns. New ones come last.
pub(super) const COLUMNS: [&str; 11] = [
    "account_id",
    "account_name",
    "ou_path",
    "dataset",
    "coverage",
    "reason",
    "operation",
    "policy",
    "detail",
    "waived",
    FACTS,
];

pub(super) static FORMAT: Format = Format {
    name: "coverage",
    file_name: "coverage.csv",
    content: Content::Text,
    about: "the ledger for auditors, as CSV: what was seen of every account, dataset by dataset, and why not the rest",
    accounts: Accounts::Told,
    summary: Placement::Above,
    open,
};

fn open(out: Box<dyn Write>, _: &Appearance) -> Box<dyn Sink> {
    Box::new(Coverage(csv::Writer::from_writer(out)))
}

struct Coverage(csv::Writer<Box<dyn Write>>);

impl Sink for Coverage {
    fn summary(&mut self, _: &Summary) -> io::Result<()> {
        Ok(self.0.write_record(COLUMNS)?)
    }

    fn account(&mut self, ledger: &AccountLedger<'_>) -> io::Result<()> {
        for row in rows(ledger) {
            let row = row.iter().map(|it| escape::cell(it));
            self.0.write_record(row.map(std::borrow::Cow::into_owned))?;
        }
        Ok(())
    }

    fn finding(&mut self, _: &Row<'_>) -> io::Result<()> {
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Returns the rows of an account. A cell of the ledger has a row for each cause of what is missing in it, and one row if
/// nothing is.
pub(super) fn rows(ledger: &AccountLedger<'_>) -> Vec<[String; COLUMNS.len()]> {
    if ledger.account.scope == Scope::NotActive {
        let state = ledger.account.state.to_string();
        return vec![row(ledger, ["", "not-audited", &state, "", "", "", "", ""])];
    }
    let mut rows = Vec::new();
    for cell in &ledger.cells {
        let (name, seen) = (dataset(cell.dataset), cell.coverage.name());
        let waived = waived(cell);
        if cell.causes.is_empty() {
            rows.push(row(ledger, [name, seen, "", "", "", "", &waived, ""]));
        }
        for missing in &cell.causes {
            let gap = missing.gap;
            let (reason, facts) = (gap.reason.name(), missing.facts.to_string());
            let policy = policy(missing);
            let cells = [name, seen, reason, &gap.operation, &policy, &gap.detail, &waived, &facts];
            rows.push(row(ledger, cells));
        }
    }
    rows
}

/// Returns a row; `cells` are what follows the account.
fn row(ledger: &AccountLedger<'_>, cells: [&str; COLUMNS.len() - 3]) -> [String; COLUMNS.len()] {
    let account = ledger.account;
    let mut row = [const { String::new() }; COLUMNS.len()];
    let start = [account.id.as_str(), &account.name, &account.ou_path];
    for (place, text) in row.iter_mut().zip(start.into_iter().chain(cells)) {
        text.clone_into(place);
    }
    row
}

fn policy(missing: &Missing<'_>) -> String {
    let policy = missing.gap.policy.as_ref();
    let arn = |it: &model::DenyingPolicy| it.arn.as_ref().map(|it| format!(" {it}")).unwrap_or_default();
    policy.map(|it| format!("{}{}", it.kind, arn(it))).unwrap_or_default()
}

fn waived(cell: &LedgerCell<'_>) -> String {
    let text = |it: &rules::CoverageWaiver| format!("until {} by {}: {}", it.expires, it.owner, it.reason);
    cell.waiver.map(text).unwrap_or_default()
}
