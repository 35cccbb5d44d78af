//! What a configuration says, without names: waivers, owners, rules that users wrote.

use std::collections::BTreeMap;

use model::AccountId;
use rules::{AccountKey, Check, CoverageWaiver, Glob, Rule, Waiver, WaiverScope, Waivers};

use super::Redactor;

impl Redactor {
    /// Returns the same waivers in the same places, as they may be told. They match nothing any more.
    pub(super) fn waivers(&self, waivers: &Waivers) -> Waivers {
        Waivers {
            list: waivers.list.iter().map(|it| self.waiver(it)).collect(),
            max_days: waivers.max_days.clone(),
        }
    }

    fn waiver(&self, waiver: &Waiver) -> Waiver {
        let Waiver {
            rule,
            principal,
            account,
            owner,
            reason,
            created,
            expires,
            ticket,
        } = waiver;
        let key = waiver.account_key();
        Waiver {
            rule: rule.clone(),
            principal: self.pattern(principal, |it| {
                if it.starts_with("arn:") {
                    self.arn_text(it)
                } else {
                    self.name(it)
                }
            }),
            account: self.pattern(account, |it| match (key, it.parse::<AccountId>()) {
                (AccountKey::Id, Ok(id)) => self.account(&id).as_str().to_owned(),
                (AccountKey::Id, Err(_)) | (AccountKey::Name, _) => self.name(it),
            }),
            owner: self.name(owner),
            reason: self.text(reason),
            created: *created,
            expires: *expires,
            ticket: ticket.as_deref().map(|it| self.text(it)),
        }
    }

    /// Hides a pattern. One with wildcards says something of names, and stands for nothing once they are hidden.
    fn pattern(&self, pattern: &Glob, hide: impl FnOnce(&str) -> String) -> Glob {
        let text = pattern.as_str();
        Glob::new(if NAMELESS.contains(&text) {
            text.to_owned()
        } else if text.contains(['*', '?']) {
            self.pattern_text(text)
        } else {
            hide(text)
        })
    }

    /// Part of an identifier is told by a pattern too.
    fn pattern_text(&self, text: &str) -> String {
        let hidden = self.text(text);
        let digits = hidden.bytes().filter(u8::is_ascii_digit).count();
        if self.what().hides_accounts() && hidden == text && digits > 0 {
            self.noted(
                text,
                format!("text-{}", self.key.tag("text", text.as_bytes())),
            )
        } else {
            hidden
        }
    }

    /// Returns the same coverage waivers, for the accounts' and units' pseudonyms.
    pub(super) fn coverage_waiver(&self, waiver: &CoverageWaiver) -> CoverageWaiver {
        let CoverageWaiver {
            scope,
            reason,
            owner,
            expires,
        } = waiver;
        CoverageWaiver {
            scope: match scope {
                WaiverScope::Account(id) => WaiverScope::Account(self.account(id)),
                WaiverScope::Ou(path) => WaiverScope::Ou(self.unit(path)),
            },
            reason: self.text(reason),
            owner: self.name(owner),
            expires: *expires,
        }
    }
}

/// Returns the rules that users wrote without what they wrote of the subjects, by identifier. Titles stay: whoever
/// names a rule publishes its name.
pub(super) fn own_rules(rules: &[&'static Rule]) -> BTreeMap<&'static str, &'static Rule> {
    let own = rules
        .iter()
        .filter(|it| matches!(it.check, Check::Custom(_)));
    let told = own.map(|rule| {
        // As long as the process, as the rule itself: a configuration is read once.
        let told: &'static Rule = Box::leak(Box::new(Rule {
            id: rule.id,
            title: rule.title,
            doc: OWN_PAGE,
            severity: rule.severity,
            controls: rule.controls,
            requires: rule.requires,
            settings: rule.settings,
            check: rule.check,
            file: "the configuration",
        }));
        (rule.id, told)
    });
    told.collect()
}

/// Patterns for principals and accounts that name nobody.
const NAMELESS: [&str; 4] = ["*", "root", "account", "organization"];

/// The page of a rule that users wrote.
const OWN_PAGE: &str = "## What it checks\nWhat an expression of the configuration says, which is redacted.\n\n\
    ## Why it matters\nThe configuration says.\n\n## How to fix it\nThe configuration says.";
