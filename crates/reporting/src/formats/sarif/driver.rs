//! What looked: mfaudit with every rule that was evaluated, and the frameworks that the rules are evidence for.

use rules::{FRAMEWORKS, Rule, Severity};
use serde::Serialize;

use super::invocation::NOTIFICATIONS;
use crate::{
    Summary,
    clip::{clipped, filled},
    rule_page::rule_page,
};

/// The most characters of a description that GitHub shows.
const DESCRIPTION: usize = 1024;
/// How many tags GitHub keeps.
const TAGS: usize = 10;
const HOME: &str = env!("CARGO_PKG_REPOSITORY");

/// A text in an object of its own.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Text {
    pub(super) text: String,
}

impl Text {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }

    /// Returns a fragment as a sentence.
    pub(super) fn sentence(text: &str) -> Self {
        let end = if text.ends_with(['.', '!', '?', '…']) { "" } else { "." };
        Self::new(format!("{text}{end}"))
    }
}

#[derive(Debug, Serialize)]
pub(super) struct Tool {
    driver: Driver,
    #[serde(skip)]
    taxonomies: Vec<Taxonomy>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    full_name: &'static str,
    semantic_version: &'static str,
    information_uri: &'static str,
    rules: Vec<RuleDescriptor>,
    notifications: Vec<NotificationDescriptor>,
    supported_taxonomies: Vec<Component>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RuleDescriptor {
    id: &'static str,
    name: String,
    short_description: Text,
    full_description: Text,
    help: Help,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_uri: Option<String>,
    default_configuration: Configuration,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    relationships: Vec<Relationship>,
    properties: RuleProperties,
}

#[derive(Debug, Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Debug, Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Debug, Serialize)]
struct RuleProperties {
    tags: Vec<&'static str>,
    precision: &'static str,
    #[serde(rename = "problem.severity")]
    problem_severity: &'static str,
    #[serde(rename = "security-severity")]
    security_severity: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Relationship {
    target: Target,
    kinds: [&'static str; 1],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Target {
    id: &'static str,
    tool_component: Component,
}

/// A reference to one of the run's taxonomies.
#[derive(Clone, Debug, Serialize)]
struct Component {
    name: String,
    index: usize,
}

/// A framework's version, with the requirements that a rule is evidence for.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Taxonomy {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'static str>,
    short_description: Text,
    taxa: Vec<Taxon>,
}

#[derive(Debug, Serialize)]
struct Taxon {
    id: &'static str,
}

/// A kind of notification.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct NotificationDescriptor {
    id: &'static str,
    name: String,
    short_description: Text,
    full_description: Text,
    help: Text,
    default_configuration: Configuration,
}

/// Returns SARIF's level of a failure.
pub(super) const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// Returns what GitHub sorts by: above 9.0 is critical, from 7.0 high, from 4.0 medium, the rest low.
const fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "3.0",
        Severity::Info => "0.5",
    }
}

/// Returns `iam-user-mfa` as `IamUserMfa`.
fn pascal_case(id: &str) -> String {
    let words = id.split('-').map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|it| it.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    words.collect()
}

impl Tool {
    pub(super) fn of(summary: &Summary) -> Self {
        let mut taxonomies = Vec::new();
        let rules = summary.totals.rules.iter();
        let rules = rules.map(|(it, _)| RuleDescriptor::of(it, &mut taxonomies));
        let rules = rules.collect();
        let reference = |(index, it): (usize, &Taxonomy)| Component {
            name: it.name.clone(),
            index,
        };
        Self {
            driver: Driver {
                name: "mfaudit",
                full_name: concat!("mfaudit ", env!("CARGO_PKG_VERSION")),
                semantic_version: env!("CARGO_PKG_VERSION"),
                information_uri: HOME,
                rules,
                notifications: NOTIFICATIONS.iter().map(NotificationDescriptor::of).collect(),
                supported_taxonomies: taxonomies.iter().enumerate().map(reference).collect(),
            },
            taxonomies,
        }
    }

    pub(super) fn taxonomies(&self) -> &[Taxonomy] {
        &self.taxonomies
    }
}

impl RuleDescriptor {
    fn of(rule: &Rule, taxonomies: &mut Vec<Taxonomy>) -> Self {
        let checks = rule.section("What it checks");
        let why = rule.section("Why it matters");
        let fix = rule.section("How to fix it");
        let or_title = |text: &str| filled(text).unwrap_or(rule.title).to_owned();
        let full = clipped(&or_title(&checks), DESCRIPTION).into_owned();
        let page = rule.page();
        Self {
            id: rule.id,
            name: pascal_case(rule.id),
            short_description: Text::sentence(&clipped(rule.title, DESCRIPTION - 1)),
            full_description: Text::sentence(&full),
            help: Help {
                text: or_title([why, fix].join(" ").trim()),
                markdown: or_title(&page),
            },
            help_uri: rule_page(rule),
            default_configuration: Configuration {
                level: level(rule.severity),
            },
            relationships: relationships(rule, taxonomies),
            properties: RuleProperties {
                tags: tags(rule),
                precision: "very-high",
                problem_severity: match level(rule.severity) {
                    "note" => "recommendation",
                    other => other,
                },
                security_severity: security_severity(rule.severity),
            },
        }
    }
}

/// Without the tag `security` GitHub shows no severity.
fn tags(rule: &Rule) -> Vec<&'static str> {
    let mut tags = vec!["security", "mfa"];
    for control in rule.controls {
        if !tags.contains(&control.framework) {
            tags.push(control.framework);
        }
    }
    tags.truncate(TAGS);
    tags
}

fn relationships(rule: &Rule, taxonomies: &mut Vec<Taxonomy>) -> Vec<Relationship> {
    let relationship = |control: &rules::Control| {
        let name = format!("{} {}", control.framework, control.version);
        let name = name.trim_end();
        let at = taxonomies.iter().position(|it| it.name == name);
        let index = at.unwrap_or(taxonomies.len());
        if at.is_none() {
            let framework = FRAMEWORKS.iter().find(|it| it.id == control.framework);
            taxonomies.push(Taxonomy {
                name: name.to_owned(),
                version: filled(control.version),
                short_description: Text::sentence(framework.map_or(control.framework, |it| it.name)),
                taxa: Vec::new(),
            });
        }
        if let Some(taxonomy) = taxonomies.get_mut(index)
            && !taxonomy.taxa.iter().any(|it| it.id == control.id)
        {
            taxonomy.taxa.push(Taxon { id: control.id });
        }
        Relationship {
            target: Target {
                id: control.id,
                tool_component: Component {
                    name: name.to_owned(),
                    index,
                },
            },
            kinds: ["relevant"],
        }
    };
    rule.controls.iter().map(relationship).collect()
}

impl NotificationDescriptor {
    fn of((id, level, text): &(&'static str, &'static str, &'static str)) -> Self {
        Self {
            id,
            name: pascal_case(id),
            short_description: Text::sentence(text),
            full_description: Text::sentence(text),
            help: Text::sentence(text),
            default_configuration: Configuration { level },
        }
    }
}
