//! The JSON report as a whole.

use model::{
    FeatureState,
    snapshot::{IdentityCenter, Mode, ScopeFilter},
};
use rules::{Rule, Severity};
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    finding::{ControlDocument, FindingDocument, controls},
    framework::FrameworkDocument,
    ledger::AccountLedgerDocument,
    names,
    summary::SummaryDocument,
};
use crate::{
    Summary,
    earlier::{SCHEMA, VERSION},
};

/// A report of mfaudit.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Report")]
pub(crate) struct ReportDocument<'a> {
    /// Always `mfaudit-report`.
    #[schemars(extend("const" = SCHEMA))]
    schema: &'static str,
    /// The version of the document's form. Keys may be added within a version.
    #[schemars(extend("const" = VERSION))]
    version: u32,
    /// What wrote the report.
    tool: ToolDocument<'a>,
    /// When the run began; `null` for saved evidence that does not tell.
    #[schemars(extend("format" = "date-time"))]
    collected_at: Option<String>,
    /// How the facts were had.
    #[schemars(extend("enum" = names(&[Mode::ReportFirst, Mode::Live, Mode::SavedEvidence], mode)))]
    mode: &'static str,
    /// The organization; `null` for an account that belongs to none, and for saved evidence.
    organization: Option<OrganizationDocument<'a>>,
    /// The ARN of who asked; `null` for saved evidence.
    caller: Option<&'a str>,
    /// The endpoint that answered, if it was not AWS's own.
    endpoint: Option<&'a str>,
    /// Whether the organization uses Identity Center, whose users no API shows. `not-seen`: the call was not made, or
    /// was not answered.
    #[schemars(extend("enum" = names(&IdentityCenter::ALL, IdentityCenter::name)))]
    identity_center: &'static str,
    /// Whether the organization manages the root credentials of its members centrally (`RootCredentialsManagement`).
    /// `not-seen`: no selected rule needed to know, or the call was not answered.
    #[schemars(extend("enum" = FEATURE_STATES))]
    root_credentials_management: &'static str,
    /// Which accounts were asked for. All lists empty: all.
    scope: ScopeDocument<'a>,
    /// The statuses of the findings that are listed, if not all are. Counts are of all findings.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    listed_statuses: Vec<&'static str>,
    /// The counts over all findings and accounts.
    summary: SummaryDocument<'a>,
    /// Every rule that was evaluated, those without findings included.
    rules: Vec<RuleDocument>,
    /// What the run says of the frameworks that were asked for, requirement by requirement.
    frameworks: Vec<FrameworkDocument<'a>>,
    /// Every account, those that are listed and not audited included, and how far it was seen.
    accounts: Vec<AccountLedgerDocument<'a>>,
    /// Every finding, account by account.
    findings: Vec<FindingDocument<'a>>,
}

/// What wrote the report.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Tool")]
struct ToolDocument<'a> {
    /// The program's name.
    name: &'static str,
    /// The version that evaluated and reported.
    version: &'static str,
    /// The version that collected.
    collected_with: &'a str,
}

/// An organization.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Organization")]
struct OrganizationDocument<'a> {
    /// The identifier.
    id: &'a str,
    /// The identifier of the management account.
    management_account: &'a str,
}

/// Which accounts were asked for.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Scope")]
struct ScopeDocument<'a> {
    /// Only these accounts.
    accounts: Vec<&'a str>,
    /// Not these accounts.
    excluded_accounts: Vec<&'a str>,
    /// Only accounts in or below these organizational units.
    organizational_units: &'a [String],
}

/// A rule that was evaluated.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Rule")]
struct RuleDocument {
    /// The identifier.
    id: &'static str,
    /// The failure it finds.
    title: &'static str,
    /// How bad a failure is.
    #[schemars(extend("enum" = names(&Severity::ALL, Severity::name)))]
    severity: &'static str,
    /// The framework requirements it gives evidence for.
    controls: Vec<ControlDocument>,
}

impl<'a> ReportDocument<'a> {
    /// Returns the report without its accounts and findings, which stand last.
    pub(crate) fn head(summary: &'a Summary) -> Self {
        let header = &summary.header;
        Self {
            schema: SCHEMA,
            version: VERSION,
            tool: ToolDocument {
                name: "mfaudit",
                version: env!("CARGO_PKG_VERSION"),
                collected_with: &header.tool_version,
            },
            collected_at: header.collected_at.map(|it| it.to_string()),
            mode: mode(header.mode),
            organization: header.organization.as_ref().map(|it| OrganizationDocument {
                id: &it.id,
                management_account: it.management_account.as_str(),
            }),
            caller: header.caller.as_ref().map(model::Arn::as_str),
            endpoint: header.endpoint.as_deref(),
            identity_center: header.identity_center.name(),
            root_credentials_management: feature_state(summary.root_credentials_management),
            scope: ScopeDocument::of(&header.scope),
            listed_statuses: (summary.outcome.listed.iter())
                .map(|it| it.name())
                .collect(),
            summary: SummaryDocument::of(summary),
            rules: summary
                .totals
                .rules
                .iter()
                .map(|(it, _)| RuleDocument::of(it))
                .collect(),
            frameworks: (summary.frameworks.iter())
                .map(FrameworkDocument::of)
                .collect(),
            accounts: Vec::new(),
            findings: Vec::new(),
        }
    }
}

impl<'a> ScopeDocument<'a> {
    fn of(scope: &'a ScopeFilter) -> Self {
        let ids = |accounts: &'a [model::AccountId]| {
            accounts.iter().map(model::AccountId::as_str).collect()
        };
        Self {
            accounts: ids(&scope.accounts),
            excluded_accounts: ids(&scope.excluded_accounts),
            organizational_units: &scope.organizational_units,
        }
    }
}

impl RuleDocument {
    fn of(rule: &Rule) -> Self {
        Self {
            id: rule.id,
            title: rule.title,
            severity: rule.severity.name(),
            controls: controls(rule.controls),
        }
    }
}

/// The states of an organization's feature, and that none was seen.
const FEATURE_STATES: [&str; 3] = ["enabled", "not-enabled", "not-seen"];

/// Returns the stable kebab-case name.
const fn feature_state(it: Option<FeatureState>) -> &'static str {
    match it {
        Some(FeatureState::Enabled) => "enabled",
        Some(FeatureState::NotEnabled) => "not-enabled",
        None => "not-seen",
    }
}

const fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::ReportFirst => "report-first",
        Mode::Live => "live",
        Mode::SavedEvidence => "saved-evidence",
    }
}
