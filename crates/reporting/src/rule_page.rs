//! Where a rule's page is on the web.

use rules::{CATALOG, Rule};

/// Returns the address of the page; `None` for a rule of the user's own.
pub(crate) fn rule_page(rule: &Rule) -> Option<String> {
    let ours = CATALOG.iter().any(|it| it.id == rule.id);
    let pages = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/rules");
    ours.then(|| format!("{pages}/{}.md", rule.id))
}
